"""What other services show of a page before anybody opens it: its one address, and the words and language of a link that is passed on."""

from typing import Any

from flask import Flask, current_app, request, url_for

from portal.settings import LOCALES
from portal.views.access import PUBLIC
from portal.views.language import language

_NAMES = {"offices.board": ("wilayah", "layanan"), "history.office": ("tahun",), "history.region": ("tahun",)}  # what in a question makes another page
_LOCALES = {"id": "id_ID", "en": "en_GB"}


def start(app: Flask) -> None:
    app.jinja_env.globals.update(canonical=canonical, locale_names=locale_names)


def canonical() -> str:
    """The one address of this page, whatever else was asked for with it; none where the page is not the same for all."""
    view = current_app.view_functions.get(request.endpoint or "")
    if PUBLIC not in getattr(view, "allowed", ()):
        return ""
    named: dict[str, Any] = {field: request.args[field] for field in _NAMES.get(request.endpoint or "", ()) if request.args.get(field)}
    return url_for(str(request.endpoint), _external=True, **(request.view_args or {}), **named)


def locale_names() -> tuple[str, list[str]]:
    """The language of the page as social networks name it, and those in which it is to be had besides."""
    return _LOCALES[language()], [_LOCALES[other] for other in LOCALES if other != language()]
