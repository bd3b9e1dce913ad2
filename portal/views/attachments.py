"""Attachments on their way in and out: taken from a form, kept while the form is corrected, sent so that no browser runs them."""

from typing import Any

from flask import Flask, Response, current_app, g, request, send_file, session
from itsdangerous import BadData, URLSafeTimedSerializer

from portal import contents, files
from portal.files import Attachment, Stored
from portal.views.access import me
from portal.views.answers import PRIVATE
from portal.views.language import number

_FORM = 1_000_000  # what else a form may hold
_ROOM = 2  # a file of so many times the limit is still read, so that its form comes back with a sentence beside the field
_KEPT_FOR = 12 * 3600  # shorter than the day after which the sweep takes what no row names
_HARMLESS = {
    "Cache-Control": PRIVATE,
    # The one style is that of the page which the browser itself puts around a picture.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Opener-Policy": "unsafe-none",  # a sandboxed page that asks for more must not be opened, says the standard of HTML
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def start(app: Flask) -> None:
    """Let larger bodies through where a view says so, and tell templates what a file may be."""
    app.url_value_preprocessor(_allow_files)
    app.jinja_env.globals.update(kept_file=kept_file, upload_limit=files.limit, upload_kinds=",".join(contents.KINDS))
    app.jinja_env.filters.update(file_size=file_size)


def takes_files(view: Any) -> Any:
    """Mark a view whose form may bring a file: from browsers that have signed in its body may be larger than others."""
    view.takes_files = True
    return view


def sent_file(field: str) -> Stored | None:
    """The file that a form brings, checked and on disk, or the one it brought before it was corrected; Refused beside the field."""
    sent = request.files.get(field)
    found = files.take(sent.stream, sent.filename, now=me().now, field=field) if sent is not None and sent.filename else _kept(field)
    if found is not None:
        g.setdefault("kept_files", {})[field] = found
    return found


def kept_file(field: str) -> dict[str, Any] | None:
    """What a form that comes back to be corrected says about the file that it brought: its name, its size, and the token that stands for it."""
    found: Stored | None = g.get("kept_files", {}).get(field)
    token = _signer().dumps([me().person.id, found.digest, found.name, found.mimetype, found.size]) if found else ""
    return {"name": found.name, "size": found.size, "token": token} if found else None


def download(attachment: Attachment) -> Response:
    """The content under its owner's name: pictures are shown, anything else is saved; who may have it is for the route to say."""
    answer = send_file(
        files.path_of(attachment), mimetype=attachment.mimetype, as_attachment=not attachment.mimetype.startswith("image/"),
        download_name=attachment.name, conditional=False, etag=False)  # fmt: skip
    answer.headers.remove("Last-Modified")
    answer.headers.update(_HARMLESS)
    return answer


def file_size(size: int) -> str:
    """1,2 MB, or 340 kB."""
    return f"{number(max(1, round(size / 1024)))} kB" if size < files.MEGABYTE else f"{number(round(size / files.MEGABYTE, 1))} MB"


def _kept(field: str) -> Stored | None:
    """The file that the token of a corrected form stands for; only for who sent it."""
    try:
        person_id, *facts = _signer().loads(request.form.get(f"{field}_kept", ""), max_age=_KEPT_FOR)
    except BadData:
        return None
    return Stored(*facts) if person_id == me().person.id else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept file")


def _allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    view = current_app.view_functions.get(endpoint or "")
    if getattr(view, "takes_files", False) and "_user_id" in session:
        request.max_content_length = _ROOM * files.limit() * files.MEGABYTE + _FORM
