"""One's own month: on the screen, on paper, and to take along."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal.kinerja import recap, routing
from portal.kinerja.recap import Month, RecapDay
from portal.views import recap_sheets, recap_words
from portal.views.access import allow, me
from portal.views.language import zone_now

bp = Blueprint("recap", __name__)
_YEARS = range(2000, 2200)
Link = Callable[[Any], str]


@bp.get("/kinerja/rekap")
@allow("log_work")
def current() -> Any:
    return redirect(url_for(".own", month=f"{today():%Y-%m}"), 303)


@bp.get("/kinerja/rekap/<month>")
@allow("log_work")
def own(month: str) -> str:
    return page(recap.month(me().person, first_of(month), now=me().now), is_own=True)


@bp.get("/kinerja/rekap/<month>.<any('csv', 'xlsx'):kind>")
@allow("log_work")
def own_file(month: str, kind: str) -> Response:
    return taken(recap.month(me().person, first_of(month), now=me().now), kind, is_own=True)


def first_of(text: str) -> date:
    """The first day of a month written yyyy-mm; impossible months, and those to come, do not exist."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) or int(text[:4]) not in _YEARS:
        abort(404)
    first = date.fromisoformat(f"{text}-01")
    return first if first <= today() else abort(404)


def today() -> date:
    """The day that it is where one works, else in the portal's zone."""
    place = me().workplace
    return me().now.astimezone(ZoneInfo(place["office"].timezone)).date() if place else zone_now(me().now).date()


def around(first: date) -> tuple[str, str]:
    """The months before and after one as addresses name them; none after the current one."""
    before, after = date.fromordinal(first.toordinal() - 1), date.fromordinal(recap.end_of(first).toordinal() + 1)
    return f"{before:%Y-%m}" if before.year in _YEARS else "", f"{after:%Y-%m}" if after <= today() else ""


def page(month: Month, *, is_own: bool, **facts: Any) -> str:
    """A person's month as a page; the same for its owner and for those who vouch for it."""
    zone = zone_of(month)
    cells, height = recap_words.heat_map(month)
    words, on_paper = ({each.day: recap_words.day_word(each, knows) for each in month.days} for knows in (is_own, False))
    day_link, file_link = _links(month) if is_own else _links_of_another(month)
    return render_template(
        "recap/month.html" if is_own else "recap/person.html", month=month, is_own=is_own, words=words, on_paper=on_paper, cells=cells, height=height,
        looks=recap_words.looks(month), day_link=day_link, file_link=file_link, around=around(month.first), today=today(), zone=zone,
        now=me().now.astimezone(zone), local=lambda moment: moment.astimezone(zone), **facts,
    )  # fmt: skip


def _links(month: Month) -> tuple[Link, Link]:
    """From a day to its sheet, and to the files of the month."""
    return lambda each: url_for("kinerja.show", day=each.day), lambda kind: url_for("recap.own_file", month=f"{month.first:%Y-%m}", kind=kind)


def _links_of_another(month: Month) -> tuple[Link, Link]:
    """From a day to where it is validated, if one may look at it there, and to the files of the month."""
    held = routing.seats(me().person, me().today)
    facts = {"person": month.person.id, "month": f"{month.first:%Y-%m}"}

    def day_link(each: RecapDay) -> str:
        may = each.row is not None and {each.row.supervisor_id, each.row.upper_id} & held.keys()
        return url_for("validation.show", number=each.row.id) if may and each.row is not None else ""

    return day_link, lambda kind: url_for("recap_people.file", **facts, kind=kind)


def zone_of(month: Month) -> ZoneInfo:
    """The zone in which the days of a month begin and end."""
    return ZoneInfo(month.posting.office.timezone) if month.posting is not None else zone_now(me().now).tzinfo  # type: ignore[return-value]


def taken(month: Month, kind: str, *, is_own: bool) -> Response:
    """A person's month as a file."""
    return recap_sheets.csv(month) if kind == "csv" else recap_sheets.xlsx(month, is_own=is_own)
