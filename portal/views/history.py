"""What was: on which days a counter was closed, and why; for one office and for a region, as pictures with their table and as CSV."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from portal import clock
from portal.offices import history, regions
from portal.offices.closures import REASONS
from portal.offices.history import Month
from portal.offices.models import Region
from portal.views import sheets
from portal.views.access import PUBLIC, allow, lasting
from portal.views.drawing import bars
from portal.views.language import gettext
from portal.views.offices import office_row
from portal.views.streams import OPEN
from portal.words import Sentence

bp = Blueprint("history", __name__)
MONTHS, FEWEST = 24, 12
COLUMNS = ("month", "reason", "closed_days", "service_days")


@dataclass(frozen=True)
class Stretch:
    """The months that are shown: of a year, or the last ones; and the years that one may choose."""

    first: date
    last: date
    year: int | None
    years: list[int]


@bp.get("/kantor/<slug>/riwayat")
@allow(PUBLIC)
@lasting
def office(slug: str) -> str:
    row = office_row(slug)
    stretch = _stretch(clock.now().astimezone(row["zone"]).date(), history.began(row))
    months = history.of_office(row, stretch.first, stretch.last)
    crumbs = [(regions.short(name), url_for("offices.board", wilayah=code)) for code, name in _above(row["region"])]
    return _shown(months, stretch, name=row["name"], office=row, region=None, crumbs=[*crumbs, (row["name"], url_for("offices.office", slug=slug))],
                  table=url_for(".office_table", slug=slug, **_year(stretch)))  # fmt: skip


@bp.get("/wilayah/<code>/riwayat")
@allow(PUBLIC)
@lasting
def region(code: str) -> str:
    found, stretch = region_of(code), _stretch(_today(), history.began(region=code))
    months = history.of_region(code, stretch.first, stretch.last)
    crumbs = [(regions.short(name), url_for("offices.board", wilayah=each)) for each, name in _above(code)]
    return _shown(months, stretch, name=regions.short(found.name), office=None, region=found, crumbs=crumbs,
                  table=url_for(".region_table", code=code, **_year(stretch)))  # fmt: skip


@bp.get("/kantor/<slug>/riwayat.csv")
@allow(PUBLIC)
@lasting
def office_table(slug: str) -> Response:
    row = office_row(slug)
    stretch = _stretch(clock.now().astimezone(row["zone"]).date(), history.began(row))
    return _table(history.of_office(row, stretch.first, stretch.last), f"riwayat-{slug}")


@bp.get("/wilayah/<code>/riwayat.csv")
@allow(PUBLIC)
@lasting
def region_table(code: str) -> Response:
    region_of(code)
    stretch = _stretch(_today(), history.began(region=code))
    return _table(history.of_region(code, stretch.first, stretch.last), f"riwayat-{code}")


def region_of(code: str) -> Region:
    """The region of an address; 404 if there is none."""
    return (Region.get_or_none(Region.code == code) if "\0" not in code else None) or abort(404)


def _above(code: str | None) -> list[tuple[str, str]]:
    """A region and those above it with their names, the largest first."""
    names = regions.named([code])
    return [(each, names[each]) for each in reversed(regions.ancestry(code)) if each in names]


def _today() -> date:
    return clock.now().astimezone(current_app.config["SETTINGS"].zone).date()


def _stretch(today: date, began: date | None) -> Stretch:
    """A year that was asked for, else the last two years or since the first closure, a year at least; until today."""
    years = list(range(min(began or today, today).year, today.year + 1))
    asked = request.args.get("tahun", "")
    if asked in map(str, years):
        year = int(asked)
        return Stretch(date(year, 1, 1), min(date(year, 12, 31), today), year, years)
    months = max(FEWEST, min(MONTHS, _months_since(began or today, today)))
    earlier = today.year * 12 + today.month - months
    return Stretch(date(earlier // 12, earlier % 12 + 1, 1), today, None, years)


def _months_since(day: date, today: date) -> int:
    return (today.year - day.year) * 12 + today.month - day.month + 1


def _year(stretch: Stretch) -> dict[str, Any]:
    return {"tahun": stretch.year} if stretch.year else {}


def _shown(months: list[Month], stretch: Stretch, **facts: Any) -> str:
    closed, served = sum(month.total for month in months), sum(month.served for month in months)
    rows = history.by_reason(months)
    most = max((count for _, counts in rows for count in counts), default=0)
    pictures = [(Sentence(REASONS[reason]), counts, bars(counts, most)) for reason, counts in rows]
    return render_template(
        "history/page.html", months=months, stretch=stretch, closed=closed, served=served, share=_share(closed, served), rows=rows, pictures=pictures,
        reasons={reason: gettext(REASONS[reason]) for reason, _ in rows}, is_whole=stretch.last + timedelta(days=1) > _today(), **facts)  # fmt: skip


def _share(closed: int, served: int) -> float:
    """Per cent, exact to a tenth."""
    return round(100 * closed / served, 1) if served else 0


def _table(months: list[Month], name: str) -> Response:
    """Month by month: first all reasons together, then each that took a day."""
    rows = [[f"{month.first:%Y-%m}", reason, str(count), str(month.served)]
            for month in months for reason, count in [("all", month.total), *sorted(month.closed.items())]]  # fmt: skip
    headers = {"Content-Disposition": f"attachment; filename={name}.csv", **OPEN}
    return Response(b"".join(sheets.line(row) for row in [COLUMNS, *rows]), mimetype="text/csv", headers=headers)
