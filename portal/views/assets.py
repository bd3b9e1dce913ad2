"""Style, script and symbols: each file made once at the start, under an address that changes with its content."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

from portal.views.access import PUBLIC, allow

bp = Blueprint("assets", __name__)
_STATIC = Path(__file__).parent.parent / "static"
_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_PARTS = {
    "portal.css": (("pico.css", "portal.css"), "text/css"),
    "staff.css": (("staff.css",), "text/css"),
    "request.css": (("request.css",), "text/css"),
    "figures.css": (("figures.css",), "text/css"),
    "closure.css": (("closure.css",), "text/css"),
    "reach.css": (("reach.css",), "text/css"),
    "embed.css": (("embed.css",), "text/css"),
    "htmx.js": (("htmx.js", "offline.js"), "text/javascript"),  # together: a page that searches as one types asks for one file
    "staff.js": (("staff.js",), "text/javascript"),
    "upload.js": (("upload.js",), "text/javascript"),
    "keys.js": (("keys.js",), "text/javascript"),
    "offline.js": (("offline.js",), "text/javascript"),
    "nearby.js": (("nearby.js",), "text/javascript"),
    "icons.svg": (("icons.svg",), "image/svg+xml"),
    "favicon.svg": (("favicon.svg",), "image/svg+xml"),
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    packed: bytes
    mimetype: str
    mark: str


def start(app: Flask) -> None:
    """Read and pack all files, and let templates name them."""
    app.extensions["assets"] = {name: _made(parts, mimetype) for name, (parts, mimetype) in _PARTS.items()}
    app.jinja_env.globals["asset"] = lambda name: f"/statis/{app.extensions['assets'][name].mark}/{name}"  # also where no address can be matched
    app.register_blueprint(bp)


@bp.get("/statis/<mark>/<name>")
@allow(PUBLIC)
def file(mark: str, name: str) -> Response:
    from flask import current_app

    asset: Asset | None = current_app.extensions["assets"].get(name)
    if asset is None or asset.mark != mark:
        abort(404)
    takes_gzip = request.accept_encodings["gzip"] > 0
    answer = Response(asset.packed if takes_gzip else asset.body, mimetype=asset.mimetype)
    if takes_gzip:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(asset.mark + ("-gzip" if takes_gzip else ""))
    return answer


@bp.get("/favicon.ico")
@allow(PUBLIC)
def favicon() -> Response:
    return Response(status=308, headers={"Location": url_for("assets.file", mark=_mark("favicon.svg"), name="favicon.svg")})


def _mark(name: str) -> str:
    from flask import current_app

    return current_app.extensions["assets"][name].mark


def _made(parts: tuple[str, ...], mimetype: str) -> Asset:
    text = "\n".join((_STATIC / part).read_text(encoding="utf-8") for part in parts)
    body = (_small(text) if mimetype == "text/css" else text).encode()
    return Asset(body, gzip.compress(body, 9, mtime=0), mimetype, hashlib.blake2b(body, digest_size=6).hexdigest())


def _small(css: str) -> str:
    """Style without comments and spare white space; strings stay as they are."""
    css = re.sub(rf"({_STRING})|/\*.*?\*/", lambda found: found[1] or "", css, flags=re.S)
    css = re.sub(rf"({_STRING})|\s*([{{}};,>])\s*|\s+", lambda found: found[1] or found[2] or " ", css)
    return re.sub(rf"({_STRING})|;(?=}})", lambda found: found[1] or "", css).strip()
