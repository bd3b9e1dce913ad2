"""Validation: what waits for a superior, decided one by one or many at once."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, url_for

from portal import clock
from portal.kinerja import routing, validation
from portal.kinerja.models import WorkDay
from portal.kinerja.routing import Seat
from portal.kinerja.validation import Decider, Picked
from portal.refusals import NotFound, Refused
from portal.views import asked, validation_pages
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.words import Sentence

bp = Blueprint("validation", __name__, url_prefix="/validasi")
_MOST = 2000  # boxes in one form: a page has no more


@bp.get("")
@allow("validate_work")
def queue() -> str:
    return validation_pages.queue_page(Form())


@bp.post("")
@allow("validate_work")
def decide() -> Any:
    """Decide about all that is ticked; what could not be decided is told row by row."""
    sent = Form.sent()
    try:
        outcomes = validation.decide(_picked(sent, "day"), _picked(sent, "entry"), sent["decision"], sent["reason"], decider())
    except NotFound:
        abort(404)
    except Refused as refusal:
        return Response(validation_pages.queue_page(sent.refuse(refusal)), 422)
    if validation_pages.is_stranger(outcomes):
        abort(404)
    if any(each.refusal for each in outcomes):
        return validation_pages.queue_page(Form.of(decision=sent["decision"], done=sum(not each.refusal for each in outcomes)), outcomes)
    return redirect(_back(len(outcomes), sent["decision"]), 303)


@bp.get("/<int:number>")
@allow("validate_work")
def show(number: int) -> str:
    row, seat = _day(number)
    return validation_pages.day_page(row, seat, Form())


@bp.post("/<int:number>")
@allow("validate_work")
def decide_one(number: int) -> Any:
    """Decide about one day, or about its ticked activities."""
    row, seat = _day(number)
    sent = Form.sent()
    try:
        picked, entries = _picked(sent, "day"), _picked(sent, "entry")
        if {day for day, _ in picked} - {number} or (entries and not validation.are_of(row, [entry for entry, _ in entries])):
            abort(404)
        (outcome,) = validation.decide([] if entries else picked, entries, sent["decision"], sent["reason"], decider())
        if outcome.refusal:
            raise Refused(outcome.refusal)
    except Refused as refusal:
        return Response(validation_pages.day_page(WorkDay.get_by_id(row.id), seat, sent.refuse(refusal), "validasi"), 422)
    return redirect(url_for(".show", number=number), 303)


@bp.post("/<int:number>/buka")
@allow("validate_work")
def unlock(number: int) -> Any:
    row, seat = _day(number)
    sent = Form.sent()
    try:
        validation.unlock(row, sent["reason"], decider())
    except Refused as refusal:
        return Response(validation_pages.day_page(row, seat, sent.refuse(refusal), "buka"), 422)
    return redirect(url_for(".show", number=number), 303)


def decider() -> Decider:
    """Who is signed in, as they decide now."""
    return Decider(me().person, me().actor, me().today, clock.now())


def _day(number: int) -> tuple[WorkDay, Seat]:
    """A day and as what one looks at it; for everybody else there is no such day."""
    row = WorkDay.get_or_none(WorkDay.id == number) if number < 2**31 else None
    seat = routing.seat(me().person, row, me().today) if row is not None else None
    return (row, seat) if row is not None and seat is not None else abort(404)


def _picked(sent: Form, name: str) -> list[Picked]:
    """Numbers with the revision that the page has shown, as 17-3; what cannot be one was not sent by our page."""
    found, values = [], sent.all(name)
    if len(values) > _MOST:
        raise Refused(Sentence("Paling banyak {most} pilihan sekaligus.", most=_MOST), field=name)
    for value in values:
        number, _, seen = value.partition("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (number, seen or "0")):
            abort(404)
        found.append((int(number), int(seen) if seen else None))
    return found


def _back(count: int, decision: str) -> str:
    """The queue with the filter that was chosen, and what was done."""
    name = asked.text("saring")
    return url_for(".queue", saring=name if name in validation_pages.FILTERS and name else None, selesai=count, putusan=decision)
