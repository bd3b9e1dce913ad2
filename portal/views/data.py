"""For people who reuse what the portal publishes."""

from flask import Blueprint, render_template

from portal.views.access import PUBLIC, allow

bp = Blueprint("data", __name__)


@bp.get("/data")
@allow(PUBLIC)
def reuse() -> str:
    return render_template("data/reuse.html")
