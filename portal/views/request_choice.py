"""Before the form of a request: which service, then at which office; links and searches, nothing to send."""

from datetime import datetime
from typing import Any

from flask import request

from portal.clock import UTC
from portal.offices.models import Office
from portal.offices.partly import listing
from portal.offices.search import folded
from portal.refusals import NotFound
from portal.services import catalogue, givers
from portal.services.models import COUNTER, Service
from portal.views import asked
from portal.views.answers import show
from portal.views.language import say
from portal.views.request_form_page import address
from portal.views.request_words import CHANNEL_IN_SENTENCE

MOST = 60  # services on one page


def page(wanted: NotFound, *, now: datetime, came_from: str = "") -> str:
    """What has to be chosen first, a service or an office; where something unknown was named, that is said."""
    said = say(wanted.sentence) if wanted.field in {"layanan", "kantor"} else ""
    came_from = came_from or asked.text("dari", 401)
    if wanted.field in {"service", "layanan"}:
        return _services(said, came_from)
    return _offices(said, came_from, now.astimezone(UTC))


def _services(said: str, came_from: str) -> str:
    """The services, all or of one office, those first whose names hold what is searched."""
    text, office = asked.text("cari"), _office(asked.text("kantor"))
    listed = catalogue.given_at([office.id]) if office else catalogue.listed()
    found = [service for service in listed if _holds(service, text)]
    return show(
        "requests/choose_service.html", "requests/_services.html", said=said, office=office, text=text, found=found[:MOST], count=len(found),
        total=len(listed), came_from=came_from, link=_link)  # fmt: skip


def _offices(said: str, came_from: str, now: datetime) -> str:
    """The offices that give the service: what one searches, or around the office that one comes from."""
    service, text = catalogue.find(request.form.get("service") or asked.text("layanan")), asked.text("cari")
    near = _office(request.form.get("office") or asked.text("kantor") or came_from.partition("/")[2])
    found = givers.found(service, text, near, now=now)
    return show(
        "requests/choose_office.html", "requests/_offices.html", said=said, service=service, text=text, found=found, came_from=came_from, link=_link,
        left_words=_left)  # fmt: skip


def _office(slug: str) -> Office | None:
    return Office.get_or_none(Office.slug == slug) if slug and "\0" not in slug else None


def _holds(service: Service, text: str) -> bool:
    """Whether every word of a search begins a word of a service's name or summary."""
    words = folded(f"{service.name} {service.summary} {service.product}")
    return all(any(word.startswith(part) for word in words) for part in folded(text))


def _left(channels: tuple[str, ...]) -> str:
    """The channels that work besides the counter, in words: «daring dan kotak surat»."""
    return say(listing(say(CHANNEL_IN_SENTENCE[channel]) for channel in channels if channel != COUNTER))


def _link(service: Any = "", office: Any = "", came_from: str = "") -> str:
    """The next step with what is chosen."""
    return address(service, office, dari=came_from or None)
