"""How the office does: time, share in time, channels, months; as pictures with their tables and as data."""

import json
from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from portal import clock
from portal.clock import midnight
from portal.offices.models import Office
from portal.services import catalogue, figures, survey
from portal.services.figures import Figures, Line
from portal.services.models import Service, ServiceRequest
from portal.views import asked, sheets
from portal.views.access import PUBLIC, allow
from portal.views.language import dated
from portal.views.offices import office_row
from portal.views.request_words import CHANNELS

bp = Blueprint("figures", __name__)
PAGE = 50
HIDDEN = f"<{figures.FEWEST}"
_HEAD = ["office", "office_name", "service", "service_name", "requests", "settled", "median_working_days", "on_time_percent"]
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_MOST_OFFICES = 300
_MOST_KEPT = 64
_kept: OrderedDict[Any, Figures] = OrderedDict()
_turn = Lock()


@bp.get("/angka")
@allow(PUBLIC)
def overview() -> str:
    office, service, shown = _asked_for()
    number = min(asked.page("hal"), max(1, -(-len(shown.lines) // PAGE)))
    return render_template(
        "figures/overview.html", figures=shown, office=office, service=service, lines=shown.lines[(number - 1) * PAGE : number * PAGE], page=number,
        has_more=len(shown.lines) > number * PAGE, words=CHANNELS, most=_most(shown), fewest=figures.FEWEST, held=figures.HELD,
        services=_services(), offices=_offices(), month_words=_month, csv=_link("figures.table"), json=_link("figures.data"), link=_link)  # fmt: skip


@bp.get("/angka.csv")
@allow(PUBLIC)
def table() -> Response:
    *_, shown = _asked_for()
    rows = [[*line.office, *line.service, *_cells(line)] for line in shown.lines]
    body = b"".join(sheets.line(row) for row in [_HEAD, *rows])
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=angka.csv"})


@bp.get("/angka.json")
@allow(PUBLIC)
def data() -> Response:
    *_, shown = _asked_for()
    found = {"from": shown.first.isoformat(), "to": shown.last.isoformat(), "fewest": figures.FEWEST, **_run(shown),
             "channels": {channel: _open(count) for channel, count in shown.channels},
             "months": [{"month": f"{month:%Y-%m}", "requests": _open(count)} for month, count in shown.months],
             "rows": [{"office": line.office[0], "service": line.service[0], **_run(line)} for line in shown.lines]}  # fmt: skip
    return Response(json.dumps(found), mimetype="application/json", headers=_OPEN)


def _asked_for() -> tuple[dict[str, Any] | None, Service | None, Figures]:
    """The office and the service of an address, and their figures; 404 where there is no such."""
    slug, name = request.args.get("kantor", ""), request.args.get("layanan", "")
    office = office_row(slug) if slug else None
    service = (catalogue.known(name) or abort(404)) if name else None
    return office, service, _figures(office["id"] if office else None, service)


def _figures(office: int | None, service: Service | None) -> Figures:
    """Counted once a day: whoever asks meanwhile reads what was counted. The day that runs is left out, so that nothing is missed."""
    zone, now = current_app.config["SETTINGS"].zone, clock.now()
    today = midnight(now.astimezone(zone).date(), zone)
    newest = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.created_at < today).order_by(ServiceRequest.created_at.desc())
    ended = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.closed_at < today).order_by(ServiceRequest.closed_at.desc())
    key = (office, service.id if service else None, today, newest.limit(1).scalar(), ended.limit(1).scalar())
    with _turn:  # one counts, the others wait for it
        if key not in _kept:
            _kept[key] = figures.of(survey.with_all_below(office) if office is not None else None, service, now=now, zone=zone)
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def forget() -> None:
    """Count again."""
    _kept.clear()


def _run(shown: Figures | Line) -> dict[str, Any]:
    run = shown.run
    return {"requests": _open(run.requests), "settled": _open(run.settled), "median_working_days": run.days, "on_time_percent": run.on_time}


def _open(count: int | None) -> int | None:
    """A number as programs read it: none where it is hidden, for whatever reason."""
    return None if count == figures.HELD else count


def _cells(line: Line) -> list[str]:
    run = line.run
    counts = [HIDDEN if count is None else "" if count == figures.HELD else str(count) for count in (run.requests, run.settled)]
    return [*counts, "" if run.days is None else f"{run.days:g}", "" if run.on_time is None else str(run.on_time)]


def _most(shown: Figures) -> int:
    """The highest column of the picture."""
    return max([figures.FEWEST, *(count for _, count in shown.months if count)])


def _month(day: date) -> str:
    return dated(day, "MMMM y")


def _services() -> list[tuple[str, str]]:
    return [(each.slug, each.name) for each in catalogue.listed()]


def _offices() -> list[tuple[str, str]]:
    """The offices to choose from: those that were asked for anything, by name; none where they are too many to choose from."""
    named = Office.select(Office.slug, Office.name).where(Office.id.in_(ServiceRequest.select(ServiceRequest.office)))
    found = list(named.order_by(Office.name).limit(_MOST_OFFICES + 1).tuples())
    return found if len(found) <= _MOST_OFFICES else []


def _link(endpoint: str = "figures.overview", **changes: Any) -> str:
    """This page's address with its filters, some of them changed; in another form too."""
    held = {name: request.args[name] for name in ("kantor", "layanan") if request.args.get(name)}
    return url_for(endpoint, **{name: value for name, value in {**held, **changes}.items() if value})
