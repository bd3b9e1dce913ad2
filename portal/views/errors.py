"""What goes wrong, said so that one knows what to do next: a page for people, a problem document (RFC 9457) for programs."""

import json
import logging

from flask import Flask, Response, g, render_template, request
from flask_babel import gettext
from peewee import DatabaseError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.refusals import NotFound, Refused
from portal.views.language import say
from portal.words import later

_TITLES = {
    400: later("Permintaan ini tidak dapat dibaca"),
    404: later("Halaman ini tidak ada"),
    405: later("Cara ini tidak dikenal di sini"),
    413: later("Kiriman ini terlalu besar"),
    500: later("Ada yang salah pada kami"),
    503: later("Portal sedang tidak dapat dipakai"),
}
log = logging.getLogger("portal")


def start(app: Flask) -> None:
    """Answer every error with a page or a problem document."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DatabaseError, _database)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, title: str, detail: str) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def _answer(status: int, detail: str = "") -> Response:
    title = gettext(_TITLES.get(status, _TITLES[400]))
    if request.path.startswith("/api/"):
        return problem(status, title, detail or title)
    if getattr(g, "is_broken", False):  # the page's own facts may be what failed
        return Response(render_template("errors/plain.html", title=title, detail=detail), status)
    return Response(render_template("errors/error.html", title=title, detail=detail, status=status), status)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    answer = _answer(error.code)
    if error.code == 405:
        answer.headers["Allow"] = error.get_response().headers.get("Allow", "GET")
    return answer


def _refused(refusal: Refused) -> Response:
    return _answer(404 if isinstance(refusal, NotFound) else 400, say(refusal.sentence))


def _database(error: DatabaseError) -> Response:
    log.exception("database", exc_info=error)
    g.is_broken = True
    return _answer(503)


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", exc_info=error)
    g.is_broken = True
    return _answer(InternalServerError.code)
