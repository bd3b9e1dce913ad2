"""The public catalogue: all services, and each with its standard and the offices that give it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from portal import clock
from portal.offices import board as boards
from portal.offices import listing, telling
from portal.offices.listing import Filters
from portal.offices.models import Office
from portal.offices.state import Picture
from portal.offices.telling import Told
from portal.services import catalogue, givers, situations
from portal.services.models import CHANNELS, Service
from portal.services.routing import Option
from portal.services.standards import COPY, EITHER, NONE, ORIGINAL
from portal.views import asked
from portal.views.access import PUBLIC, allow, lasting
from portal.views.answers import show
from portal.views.request_words import CHANNELS as CHANNEL_WORDS
from portal.words import later

bp = Blueprint("catalogue", __name__, url_prefix="/layanan")
PAGE, OFFICES, CARDS = 24, 12, 6  # services, offices and disrupted offices on a page
NEED_WORDS = {ORIGINAL: later("asli"), COPY: later("salinan"), EITHER: later("asli atau salinan"), NONE: ""}


@bp.get("")
@allow(PUBLIC)
@lasting
def overview() -> str:
    text, number = asked.text("q"), asked.page("hal")
    found = catalogue.matching(text) if text else catalogue.listed()
    page = _paged(found, number)
    return show("catalogue/overview.html", "catalogue/_services.html", text=text, page=page, words=CHANNEL_WORDS, link=_link)


@bp.get("/<slug>", endpoint="show")
@allow(PUBLIC)
@lasting
def service(slug: str) -> str | Response:
    found = catalogue.known(slug)
    if found is None:
        abort(404)
    at, text = clock.now(), asked.text("q")
    missing = [channel for channel in CHANNELS if channel not in found.channels]
    return show(
        "catalogue/service.html", "catalogue/_offices.html", service=found, at=at, text=text, words=CHANNEL_WORDS, needs=NEED_WORDS, missing=missing,
        requirements=catalogue.requirements([found]).get(found.id, []), data=_data(found), link=_link, **_where(found, text, at))  # fmt: skip


def _where(service: Service, text: str, at: datetime) -> dict[str, Any]:
    """Where the service is given: what a search finds, or the disrupted first with their ways and then all, by region."""
    if text:
        return {"found": givers.found(service, text, now=at), "cards": [], "page": None, "rows": []}
    whole, giving = boards.overview(at), catalogue.giving(service)
    page = listing.page(whole, Filters(only=giving), number=asked.page("hal"), size=OFFICES, tops_only=False)
    hurt = [row for row in listing.disrupted(whole, only=giving) if _is_hurt(whole.picture, row["id"], service, at)]
    picture = boards.paint({row["root_id"] for row in page.rows}, at, at, whole.rules)
    rows = [{**row, "state": picture.condition(picture.nodes[row["id"]], at).state} for row in page.rows]
    return {"found": None, "cards": _cards(service, hurt[:CARDS], whole.picture, at) if page.number == 1 else [], "hurt": len(hurt), "page": page, "rows": rows}


def _is_hurt(picture: Picture, office: int, service: Service, at: datetime) -> bool:
    """Whether a closure that runs at an office takes this service there: with the office, or singly."""
    windows = [window for window in picture.touching(picture.nodes[office]) if window.is_active(at)]
    return any(not window.services or service.slug in window.services for window in windows)


def _cards(service: Service, rows: list[dict[str, Any]], picture: Picture, at: datetime) -> list[tuple[Told, list[Option]]]:
    """Disrupted offices, each with the ways that the service has there."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    teller = telling.Telling.of(picture, at, ids)
    ways = situations.ways_among(service, list(Office.select().where(Office.id.in_(ids))), at)
    return [(teller.tell(row), ways[row["id"]][:3]) for row in rows]


def _paged(found: list[Service], number: int) -> listing.Page:
    pages = max(1, -(-len(found) // PAGE))
    number = min(number, pages)
    rows: list[Any] = found[(number - 1) * PAGE : number * PAGE]
    return listing.Page(rows, len(found), number, pages)


def _data(service: Service) -> dict[str, Any]:
    """The service as search engines and assistants read it."""
    form = url_for("request_form.new", layanan=service.slug, _external=True)
    owner = current_app.config["SETTINGS"].owner or "Tetap Melayani"
    found = {
        "@context": "https://schema.org", "@type": "GovernmentService", "name": service.name, "url": url_for(".show", slug=service.slug, _external=True),
        "description": service.summary, "serviceOutput": {"@type": "Thing", "name": service.product} if service.product else None,
        "provider": {"@type": "GovernmentOrganization", "name": owner}, "termsOfService": service.legal_basis,
        "availableChannel": {"@type": "ServiceChannel", "serviceUrl": form}}  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _link(**changes: Any) -> str:
    """This page's address with its search, and some of that changed."""
    held = {field: request.args[field] for field in ("q", "hal") if request.args.get(field)}
    return url_for(str(request.endpoint), **(request.view_args or {}), **{name: value for name, value in {**held, **changes}.items() if value})
