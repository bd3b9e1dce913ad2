"""The interface for programs: JSON, read only, without a key, open to all origins."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from portal import clock
from portal.offices import board as boards
from portal.offices import declared, listing, regions, telling
from portal.offices.listing import Filters
from portal.offices.models import Office
from portal.offices.state import STATES, Outlook, Picture
from portal.refusals import Refused
from portal.services import boxes, catalogue
from portal.views import asked
from portal.views.access import PUBLIC, allow, lasting
from portal.views.language import in_indonesian
from portal.views.offices import office_row
from portal.words import Sentence

bp = Blueprint("api", __name__, url_prefix="/api/v1")
PAGE, LONGEST_TIMELINE = 100, timedelta(days=1100)
_LONGEST_SLUG = 150
_DESCRIPTION = Path(__file__).parent / "openapi.json"


@bp.after_request
def _open(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@bp.get("/offices")
@allow(PUBLIC)
def offices() -> Response:
    at, state = asked.now_or("at"), request.args.get("state", "")
    if state and state not in STATES:
        raise Refused(Sentence("Keadaan {state} tidak dikenal.", state=state[:40]), field="state")
    overview = boards.overview(at)
    filters = Filters(asked.text("q"), asked.known_region("region"), state, _giving(request.args.get("service", "")))
    page = listing.page(overview, filters, number=asked.number("page"), size=PAGE, tops_only=False)
    rows = [] if page.is_guess else page.rows
    picture = boards.paint({row["root_id"] for row in rows}, at, at, overview.rules)
    teller = telling.Telling.of(picture, at, [row["id"] for row in rows])
    about = regions.approximate(rows)
    count, pages = (0, 1) if page.is_guess else (page.count, page.pages)
    return _json({"at": _local(at, asked_zone()), "version": boards.version(), "count": count, "page": page.number, "pages": pages,
                  "offices": [office_json(row, teller, about) for row in rows]})  # fmt: skip


@bp.get("/offices/<slug>")
@allow(PUBLIC)
@lasting
def office(slug: str) -> Response:
    row = office_row(slug)
    at = asked.now_or("at", row["zone"])
    picture = boards.paint([row["root_id"]], at, at)
    found = office_json(row, telling.Telling.of(picture, at, [row["id"]]), regions.approximate([row]))
    return _json({**found, "week": _week(picture, row, at), "services": _services(row["id"]), "dropboxes": _boxes(row["id"])})


@bp.get("/offices/<slug>/timeline")
@allow(PUBLIC)
@lasting
def timeline(slug: str) -> Response:
    row = office_row(slug)
    today = clock.now().astimezone(row["zone"]).date()
    start, end = asked.days(row["zone"], default=(today, today + timedelta(days=13)), most=LONGEST_TIMELINE)
    picture = boards.paint([row["root_id"]], start, end)
    line = picture.timeline(picture.nodes[row["id"]], start, end)
    return _json([{"from": _local(since, row["zone"]), "to": _local(until, row["zone"]), "state": condition.state, "closures": list(condition.closures)}
                  for since, until, condition in line])  # fmt: skip


@bp.get("/closures")
@allow(PUBLIC)
@lasting
def closures() -> Response:
    today = clock.now().astimezone(asked_zone()).date()
    start, end = asked.days(asked_zone(), default=(today - timedelta(days=365), today + timedelta(days=365)))
    row = office_row(request.args["office"]) if request.args.get("office") else None
    return _json([closure_json(record) for record in declared.records(listing.closures_between(start, end, office=row), clock.now())])


@bp.get("/openapi.json")
@allow(PUBLIC)
@lasting
def description() -> Response:
    return Response(_DESCRIPTION.read_text(encoding="utf-8"), mimetype="application/json")


def _giving(slug: str) -> Any:
    """The condition on Office for those that give a service; no office gives one that nobody knows, and what cannot be one is refused."""
    if slug and not (re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= _LONGEST_SLUG):
        raise Refused(Sentence("Layanan {service} tidak dapat dibaca. Contoh: surat-keterangan-domisili.", service=slug[:40]), field="service")
    found = catalogue.known(slug)
    return catalogue.giving(found) if found else Office.id.is_null() if slug else None


def _services(office: int) -> list[dict[str, Any]]:
    return [{"slug": service.slug, "name": service.name, "channels": list(service.channels)} for service in catalogue.given_at([office])]


def _boxes(office: int) -> list[dict[str, Any]]:
    """The drop boxes of an office; one without services takes letters of all."""
    rows = boxes.of_offices([office])
    taken = boxes.services_of(rows)
    return [{"place": box.place, "hours": box.hours, "services": [each.slug for each in taken.get(box.id, ())]} for box in rows]


def office_json(row: dict[str, Any], teller: telling.Telling, about: set[int]) -> dict[str, Any]:
    """An office as the interface gives it; `about` holds those of which nobody has said where they are."""
    told, zone = teller.tell(row), ZoneInfo(row["timezone"])
    outlook: Outlook = told.outlook
    channels = outlook.condition.channels
    return {
        "slug": row["slug"], "name": row["name"], "kind": row["kind"], "parent": row["parent"], "region": row["region"], "lat": row["lat"], "lon": row["lon"],
        "is_approximate": row["id"] in about, "timezone": row["timezone"], "state": outlook.state, "sentence": in_indonesian(told.sentence, told.here),
        "until": _local(outlook.until, zone), "reopens_at": _local(outlook.reopens_at, zone),
        "channels": {"counter": channels.counter, "online": channels.online, "dropbox": channels.dropbox, "email": channels.email},
        "closures": list(outlook.condition.closures)}  # fmt: skip


def closure_json(record: declared.Record) -> dict[str, Any]:
    """A closure as the interface gives it."""
    closure, zone = record.closure, ZoneInfo(record.closure.timezone)
    return {
        "id": closure.id, "offices": [slug for slug, _ in record.taken], "except": [slug for slug, _ in record.excepted],
        "services": list(record.services), "reason": closure.reason,
        "starts_at": _local(closure.starts_at, zone), "ends_at": _local(closure.ends_at, zone),
        "review_on": closure.review_on.isoformat() if closure.review_on else None,
        "channels": {"online": closure.online, "dropbox": closure.dropbox},
        "diversions": [{"service": service or None, "to": slug or None, "note": "" if slug else place} for service, slug, place in record.diversions],
        "legal_basis": closure.legal_basis, "note": closure.note, "status": record.status,
        "history": [{"at": _local(event.at, zone), "what": event.what} for event in record.events]}  # fmt: skip


def asked_zone() -> ZoneInfo:
    """The zone of the portal, in which moments without an offset are read."""
    from flask import current_app

    zone: ZoneInfo = current_app.config["SETTINGS"].zone
    return zone


def _week(picture: Picture, row: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    """Seven days from the moment's day: the intervals in which the counter serves."""
    node = picture.nodes[row["id"]]
    first = node.timetable.today(at)
    days = []
    for day in (first + timedelta(days=offset) for offset in range(7)):
        start, end = clock.midnight(day, row["zone"]), clock.midnight(day + timedelta(days=1), row["zone"])
        serving = picture.serving(node, start, end)
        days.append({"day": day.isoformat(), "intervals": [{"from": _local(since, row["zone"]), "to": _local(until, row["zone"])} for since, until in serving],
                     "note": node.timetable.day(day).why})  # fmt: skip
    return days


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _json(body: Any) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
