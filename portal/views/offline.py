"""Slow and absent networks: what one has seen stays readable, said to be old; who saves data gets less of what is not needed."""

import json
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request

from portal.settings import LOCALES
from portal.views.access import PUBLIC, allow
from portal.views.language import say, spoken
from portal.words import Sentence

bp = Blueprint("offline", __name__)
_WORKER = (Path(__file__).parent.parent / "static" / "worker.js").read_text(encoding="utf-8")
_GONE = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


def start(app: Flask) -> None:
    """Let templates know who saves data, and whether pages may be kept by browsers."""
    app.jinja_env.globals.update(saves_data=saves_data, is_kept_offline=lambda: current_app.config["SETTINGS"].offline == "yes")


def saves_data() -> bool:
    """Whether the reader asks for as little as possible."""
    return request.headers.get("Save-Data", "").strip().lower() == "on"


@bp.get("/luring.js")
@allow(PUBLIC)
def worker() -> Response:
    """What browsers run beside the pages; where the portal does not want it any more, one that takes itself and all it kept away."""
    answer = Response(_said() + _WORKER if current_app.config["SETTINGS"].offline == "yes" else _GONE, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _said() -> str:
    words = {}
    for locale in LOCALES:
        with spoken(locale):
            words[locale] = say(Sentence("Tidak ada jaringan. Ini keadaan pada {when}; sekarang mungkin sudah lain.", when="{when}"))
    return f"const SAID = {json.dumps(words)};\n"
