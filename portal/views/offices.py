"""The public pages: board, office, notice for the door."""

from datetime import datetime, timedelta
from typing import Any

import segno
from flask import Blueprint, abort, render_template, request, url_for

from portal.clock import midnight
from portal.offices import board as boards
from portal.offices import closures, declared, hours, listing, nearby, regions, telling
from portal.offices.listing import Filters
from portal.offices.models import Closure, Office
from portal.offices.remembered import remembered
from portal.offices.state import STATES, Picture
from portal.services import catalogue
from portal.services.models import Service
from portal.views import asked, finding, office_services, structured
from portal.views.access import PUBLIC, allow, lasting
from portal.views.answers import show
from portal.views.drawing import ground, qr_path
from portal.views.language import zone_now
from portal.words import Sentence

bp = Blueprint("offices", __name__)
PAGE, CARDS, PAST_DAYS = 24, 6, listing.STRIP_DAYS
FIELDS = ("q", "wilayah", "status", "layanan", "pada", "hal")


@bp.get("/")
@allow(PUBLIC)
@lasting
def board() -> str:
    at = asked.now_or("pada")
    filters, service, unknown = _filters()
    if filters.text:
        return finding.page(filters, service, unknown, at, _link)
    overview = boards.overview(at)
    page = listing.page(overview, filters, number=asked.page("hal"), size=PAGE, tops_only=True)
    hurt = listing.disrupted(overview, filters.region, filters.only)
    cards = hurt[:CARDS] if page.number == 1 and not filters.state else []
    picture = boards.paint({row["root_id"] for row in [*page.rows, *cards]}, at - timedelta(days=PAST_DAYS), at, overview.rules)
    teller = telling.Telling.of(picture, at, [row["id"] for row in cards])
    length = listing.level(filters.region)
    coming = listing.coming(at, filters.region) if cards or not hurt else []
    return show(
        "offices/board.html", "offices/_results.html", at=at, here=zone_now(at), is_now=not request.args.get("pada"), filters=filters, overview=overview,
        unknown=unknown, page=page, hurt=hurt, cards=[teller.tell(row) for row in cards], rows=_rows(page.rows, picture, at),
        names=regions.named([*(row["region"] for row in page.rows), filters.region]),
        areas=listing.by_region(overview, filters.region, length, filters.only), service=service, coming=coming,
        coming_services=closures.services_of(closure.id for closure, _ in coming), states=STATES, link=_link,
        spots=_spots(filters, overview), total=sum(overview.counts.values()), giving=listing.count(filters) if service else 0)  # fmt: skip


@bp.get("/kantor/<slug>")
@allow(PUBLIC)
@lasting
def office(slug: str) -> str:
    row = office_row(slug)
    at = asked.now_or("pada", row["zone"])
    picture = boards.paint([row["root_id"]], at - timedelta(days=PAST_DAYS), at)
    told = telling.Telling.of(picture, at).tell(row)
    node = picture.nodes[row["id"]]
    today = node.timetable.today(at)
    is_now, names = not request.args.get("pada"), regions.named([row["region"]])
    below = list(listing.rows_of(Office.parent == row["id"]).order_by(Office.name).dicts())
    return render_template(
        "offices/office.html", at=at, here=at.astimezone(row["zone"]), is_now=is_now, office=row, told=told,
        week=_week(picture, node, at), reduction=next((cut for cut in node.timetable.reductions if cut.holds(today)), None),
        names=names, crumbs=regions.ancestry(row["region"]), data=structured.json_ld(row, told, picture, at, names) if is_now else None,
        near=nearby.serving(row, at) if not told.outlook.condition.channels.counter else [], strip_runs=listing.strip(picture, node, today), today=today,
        first=today - timedelta(days=PAST_DAYS - 1), records=_records(picture, node, at), offered=office_services.offered(row["id"], picture, at),
        boxes=office_services.standing([row["id"]]),
        units=[(unit, picture.condition(picture.nodes[unit["id"]], at).state) for unit in below],
        code=qr(url_for(".office", slug=slug, _external=True, bahasa="id")), whatsapp=_whatsapp(told))  # fmt: skip


@bp.get("/kantor/<slug>/pengumuman")
@allow(PUBLIC)
def notice(slug: str) -> str:
    row = office_row(slug)
    at = asked.now_or("pada", row["zone"])
    picture = boards.paint([row["root_id"]], at, at)
    told = telling.Telling.of(picture, at).tell(row)
    return render_template("offices/notice.html", at=at, here=at.astimezone(row["zone"]), office=row, told=told, names=regions.named([row["region"]]),
                           code=qr(url_for(".office", slug=slug, _external=True)), address=url_for(".office", slug=slug, _external=True))  # fmt: skip


def office_row(slug: str) -> dict[str, Any]:
    """The office of an address as a dict with its zone; 404 if there is none."""
    row = listing.rows_of(Office.slug == slug).dicts().first() if "\0" not in slug else None
    if row is None:
        abort(404)
    return {**row, "zone": hours.ZoneInfo(row["timezone"])}


def qr(address: str) -> tuple[str, int]:
    """The path of a QR code, for an SVG of its own size in modules with a quiet zone of two."""
    return qr_path(segno.make(address, error="m", micro=False))


def _spots(filters: Filters, overview: boards.Overview) -> Any:
    """The small map."""
    if filters.only is not None:
        base, hurt = ground(listing.dots(filters.region, filters.only)), overview.hurt
    else:
        base, hurt = remembered(("ground", filters.region), lambda: ground(listing.dots(filters.region))), overview.disrupted
    return base.marked(hurt) if base else None


def _filters() -> tuple[Filters, Service | None, list[Sentence]]:
    """What the reader asks for, and what of it means nothing; that is left out and said."""
    region, state, slug = asked.region("wilayah"), request.args.get("status", ""), request.args.get("layanan", "")
    unknown: list[Sentence] = []
    service = catalogue.known(slug)
    if slug and service is None:
        unknown.append(Sentence("Layanan ini tidak dikenal; ini semua kantor."))
    if request.args.get("wilayah") and not (region and regions.named([region]).get(region)):
        region = ""
        unknown.append(Sentence("Wilayah ini tidak dikenal; ini semua kantor."))
    if state and state not in STATES:
        state = ""
        unknown.append(Sentence("Keadaan ini tidak dikenal; ini semua kantor."))
    return Filters(asked.text("q"), region, state, catalogue.giving(service) if service else None), service, unknown


def _rows(rows: list[dict[str, Any]], picture: Picture, at: datetime) -> list[dict[str, Any]]:
    """What a row of the list shows: state and the last days."""
    told = []
    for row in rows:
        node = picture.nodes[row["id"]]
        strip = listing.strip(picture, node, node.timetable.today(at))
        told.append({**row, "state": picture.condition(node, at).state, "strip": strip, "days": sum(length for _, length, _ in strip)})
    return told


def _week(picture: Picture, node: Any, at: datetime) -> list[dict[str, Any]]:
    """Seven days from today: when a counter serves, what makes a day special, and whether a closure takes the whole of it."""
    zone, days = node.timetable.zone, []
    for day in (node.timetable.today(at) + timedelta(days=offset) for offset in range(7)):
        start, usual = midnight(day, zone), node.timetable.day(day)
        serving = picture.serving(node, start, midnight(day + timedelta(days=1), zone))
        shown = tuple((_minute(since, start), _minute(until, start)) for since, until in serving)
        is_closed = bool(usual.intervals) and not serving
        days.append({"day": day, "hours": hours.text_of(shown), "why": usual.why if not shown else "", "is_reduced": usual.is_reduced, "is_closed": is_closed})
    return days


def _minute(moment: datetime, start: datetime) -> int:
    """The minute of a day that began at a moment."""
    return int((moment - start).total_seconds()) // 60


def _link(**changes: Any) -> str:
    """The board's address with the filters of this page and some of them changed; None takes one away. A change starts at the first page."""
    held = {field: request.args[field] for field in FIELDS if request.args.get(field)}
    if "hal" not in changes:
        held.pop("hal", None)
    return url_for("offices.board", **{field: value for field, value in {**held, **changes}.items() if value not in (None, "")})


def _records(picture: Picture, node: Any, at: datetime) -> list[declared.Record]:
    """The closures with a part in this office, of the last days and to come, the latest first."""
    ids = [window.id for window in picture.touching(node)]
    latest_first = Closure.select().where(Closure.id.in_(ids or [0])).order_by(Closure.starts_at.desc(), Closure.id.desc())
    return declared.records(latest_first, at)


def _whatsapp(told: telling.Told) -> str:
    return render_template("offices/whatsapp.txt", told=told, office=told.office).strip()
