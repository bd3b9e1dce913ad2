"""What everything is measured against: a bare Flask view on the same server."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "Halo"
