"""The month of an office with all below it: sums, what is missing, and who is slow."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal.kinerja import closing, unit_recap
from portal.kinerja.unit_recap import Figures, UnitMonth
from portal.offices.models import Office
from portal.views import asked, recap_unit_sheets
from portal.views.access import allow, me
from portal.views.language import zone_now
from portal.views.recap import around, first_of, today

bp = Blueprint("recap_unit", __name__, url_prefix="/admin/kinerja/rekap")
PAGE, _MOST_SLOW = 50, 20


@bp.get("")
@allow("see_unit_work")
def current() -> Any:
    return redirect(url_for(".show", month=f"{today():%Y-%m}"), 303)


@bp.get("/<month>")
@allow("see_unit_work")
def show(month: str) -> Any:
    first, office = first_of(month), office_asked()
    if office is None:
        return _choice(month)
    parts = list(Office.select().where(Office.parent == office).order_by(Office.name, Office.id))
    tops = unit_recap.belonging({office.id, *(each.id for each in parts)})
    of_month = UnitMonth(first, now=me().now, offices=tops)
    figures = unit_recap.rolled_up(of_month.by_office(), tops)
    at, part_at = asked.page("hal"), asked.page("bagian")
    people = of_month.people(skips=(at - 1) * PAGE, most=PAGE + 1)
    above = Office.get_by_id(office.parent_id) if office.parent_id and may_see(office.parent_id) else None
    shown = slice((part_at - 1) * PAGE, part_at * PAGE)
    return _page(
        "unit", month, office=office, above=above, total=total_of(figures), rows=of_month.named(people[:PAGE]), at=at, has_more=len(people) > PAGE,
        parts=[(each, figures.get(each.id, Figures())) for each in parts[shown]], part_at=part_at, has_more_parts=len(parts) > part_at * PAGE,
        own=figures.get(office.id, Figures()) if parts else None, closed=closing.over(office, first),
        slow=unit_recap.slow_superiors(tops, first, now=me().now, most=_MOST_SLOW),
    )  # fmt: skip


@bp.get("/<month>.<any('csv', 'xlsx'):kind>")
@allow("see_unit_work")
def file(month: str, kind: str) -> Response:
    first, office = first_of(month), office_asked() or abort(404)
    of_month = UnitMonth(first, now=me().now, offices=unit_recap.belonging({office.id}))
    return recap_unit_sheets.taken(of_month.each(), kind, f"rekap-{office.slug}-{month}")


def office_asked() -> Office | None:
    """The office of the address, if it names one; others than those that one answers for do not exist."""
    slug = asked.text("kantor")
    if not slug:
        return None
    found = Office.get_or_none(Office.slug == slug)
    return found if found is not None and may_see(found.id) else abort(404)


def may_see(office: int) -> bool:
    """Heads see their own offices and what is below them, administrators all."""
    own = me().closable
    return own is None or office in own


def total_of(figures: dict[int, Figures]) -> Figures:
    """All of them added up."""
    total = Figures()
    for each in figures.values():
        total.take(each)
    return total


def _choice(month: str) -> Any:
    """The offices that stand on top of what one answers for, some to a page, with their figures."""
    own, at = me().closable, asked.page("hal")
    tops = Office.select().where(Office.parent.is_null())
    if own is not None:
        tops = Office.select().where(Office.id.in_(list(own) or [0]), Office.parent.is_null() | Office.parent.not_in(list(own)))
    rows = list(tops.order_by(Office.name, Office.id).offset((at - 1) * PAGE).limit(PAGE + 1))
    if len(rows) == 1 and at == 1:
        return redirect(url_for(".show", month=month, kantor=rows[0].slug), 303)
    belongs = unit_recap.belonging({each.id for each in rows[:PAGE]})
    figures = unit_recap.rolled_up(UnitMonth(first_of(month), now=me().now, offices=belongs).by_office(), belongs)
    parts = [(each, figures.get(each.id, Figures())) for each in rows[:PAGE]]
    staffed = [(each, of_it) for each, of_it in parts if of_it.people]
    return _page("units", month, parts=staffed, empty=[each for each, of_it in parts if not of_it.people], at=at, has_more=len(rows) > PAGE)


def _page(name: str, month: str, **facts: Any) -> str:
    first = first_of(month)
    return render_template(f"recap/{name}.html", first=first, month=month, around=around(first), now=zone_now(me().now), local=zone_now, **facts)
