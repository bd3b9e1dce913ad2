"""What goes wrong, said so that one knows what to do next: a page for people, a problem document (RFC 9457) for programs."""

import json
import logging
from typing import Any

from flask import Flask, Response, abort, g, render_template, request
from peewee import PeeweeException
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from portal import files
from portal.refusals import NotFound, Refused
from portal.views.language import gettext, say
from portal.views.limits import TooOften
from portal.words import Sentence, later

_TITLES = {
    400: later("Permintaan ini tidak dapat dibaca"),
    403: later("Halaman ini bukan untuk peran Anda"),
    404: later("Halaman ini tidak ada"),
    405: later("Cara ini tidak dikenal di sini"),
    413: later("Kiriman ini terlalu besar"),
    429: later("Terlalu sering"),
    500: later("Ada yang salah pada kami"),
    503: later("Portal sedang tidak dapat dipakai"),
}
log = logging.getLogger("portal")


def start(app: Flask) -> None:
    """Answer every error with a page or a problem document, and refuse what is too large before anybody reads it."""
    app.before_request(_refuse_oversize)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(PeeweeException, _database)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, title: str, detail: str) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(json.dumps(body, ensure_ascii=False), status, {"Access-Control-Allow-Origin": "*"}, mimetype="application/problem+json")


def _refuse_oversize() -> None:
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(413)


def _answer(status: int, detail: str = "", typed: dict[str, Any] | None = None) -> Response:
    title = gettext(_TITLES.get(status, _TITLES[400]))
    if request.path.startswith("/api/") or request.path == "/api":
        return problem(status, title, detail or title)
    name = "errors/plain.html" if getattr(g, "is_broken", False) else "errors/error.html"  # the page's own facts may be what failed
    answer = Response(render_template(name, title=title, detail=detail, status=status, typed=typed), status)
    if "HX-Request" in request.headers:
        answer.headers["HX-Replace-Url"] = "false"  # the address of what went wrong is no place to come back to
    return answer


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if isinstance(error, SecurityError):  # under a foreign name no address can be built
        g.is_broken = True
        return _answer(error.code, gettext("Portal ini tidak melayani nama itu. Periksa alamatnya."))
    answer = _answer(error.code, _what_fits() if error.code == 413 else "")
    if error.code == 405:
        answer.headers["Allow"] = error.get_response().headers.get("Allow", "GET")
    return answer


def _what_fits() -> str:
    """How much a form may bring that takes files, and where what was typed into it is."""
    most = getattr(request, "most_files", 0)
    if not most:
        return ""
    return say(Sentence(
        "Paling banyak {count} berkas, masing-masing {limit} MB. Kembali ke halaman sebelumnya: isian Anda masih ada di sana.",
        count=most, limit=files.limit()))  # fmt: skip


def _refused(refusal: Refused) -> Response:
    if isinstance(refusal, TooOften):
        answer = _answer(429, say(refusal.sentence))
        answer.headers["Retry-After"] = str(refusal.wait)
        return answer
    return _answer(404 if isinstance(refusal, NotFound) else 400, say(refusal.sentence))


def _database(error: PeeweeException) -> Response:
    log.exception("database", exc_info=error)
    g.is_broken = True
    return _answer(503, typed=_typed())


def _typed() -> dict[str, Any] | None:
    """What was just sent and could not be kept, to be sent once more: a full disk or a database that is away takes nobody's words."""
    from portal.views.sign_in import held_form

    held = held_form() if request.method == "POST" else None
    return {**held, "token": request.form.get("csrf_token", "")} if held and held["fields"] else None


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", exc_info=error)
    g.is_broken = True
    return _answer(InternalServerError.code)
