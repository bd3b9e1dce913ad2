"""The months of one's people: one person's, where days of a closed month are opened, and all of them in a list."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.kinerja import recap, unit_recap, validation
from portal.kinerja.recap import Month
from portal.kinerja.unit_recap import Figures, UnitMonth
from portal.kinerja.validation import Decider
from portal.people.models import Person
from portal.refusals import Refused
from portal.views import asked, recap_unit_sheets, typed
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.views.recap import around, first_of, page, taken, today

bp = Blueprint("recap_people", __name__, url_prefix="/validasi")
PAGE, _BIGGEST = 50, 2**31


@bp.get("/orang/<int:person>/<month>")
@allow("validate_work")
def person_month(person: int, month: str) -> str:
    return _page(_month(person, month), Form())


@bp.get("/orang/<int:person>/<month>.<any('csv', 'xlsx'):kind>")
@allow("validate_work")
def file(person: int, month: str, kind: str) -> Response:
    return taken(_month(person, month), kind, is_own=False)


@bp.post("/orang/<int:person>/<month>/buka")
@allow("validate_work")
def open_day(person: int, month: str) -> Any:
    """Let somebody write a day of a month that has closed."""
    shown, sent = _month(person, month), Form.sent()
    try:
        day = typed.day(sent, "day")
        validation.open_closed(shown.person, day, sent["reason"], Decider(me().person, me().actor, me().today, clock.now()))
    except Refused as refusal:
        return Response(_page(shown, sent.refuse(refusal)), 422)
    return redirect(url_for(".person_month", person=person, month=month, dibuka=day), 303)


@bp.get("/rekap")
@allow("validate_work")
def current() -> Any:
    return redirect(url_for(".people", month=f"{today():%Y-%m}"), 303)


@bp.get("/rekap/<month>")
@allow("validate_work")
def people(month: str) -> str:
    first = first_of(month)
    rows, at = _people(month), asked.page("hal")
    total = Figures()
    for _, figures in rows:
        total.take(figures)
    return render_template("recap/people.html", rows=rows[(at - 1) * PAGE : at * PAGE], at=at, has_more=len(rows) > at * PAGE, total=total,
                           count=len(rows), first=first, month=month, around=around(first), places=unit_recap.by_place((row.id for row, _ in rows), first),
                           now=zone_now(me().now), local=zone_now)  # fmt: skip


@bp.get("/rekap/<month>.<any('csv', 'xlsx'):kind>")
@allow("validate_work")
def people_file(month: str, kind: str) -> Response:
    return recap_unit_sheets.taken(iter(_people(month)), kind, f"rekap-pegawai-{month}")


def _people(month: str) -> list[tuple[Person, Figures]]:
    """My people by name, each with the figures of the month; a bounded number of questions, however many they are."""
    first = first_of(month)
    mine = unit_recap.under(me().person, first, me().today)
    return UnitMonth(first, now=me().now, offices=set(mine.values())).named(list(mine))


def _month(number: int, month: str) -> Month:
    """The month of one of my people; of others there is none."""
    first = first_of(month)
    person = Person.get_or_none(Person.id == number) if number < _BIGGEST else None
    if person is None or recap.seat(me().person, person, first, me().today) is None:
        abort(404)
    return recap.month(person, first, now=me().now)


def _page(month: Month, form: Form) -> str:
    opened = [each.day for each in month.days if each.row is not None and each.row.opened_at is not None]
    return page(month, is_own=False, form=form, opened=opened, was_opened=asked.text("dibuka") in {str(day) for day in opened} and request.method == "GET")
