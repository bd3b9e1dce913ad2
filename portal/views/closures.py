"""Closures by hand: seen, extended, shortened, reopened, withdrawn; usable from a phone at night."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock, continuity
from portal.offices import board, closures, declared, listing, telling
from portal.offices.closures import BelowMinimum
from portal.offices.models import Closure, ClosureMark, Office
from portal.refusals import Refused
from portal.services import aftermath
from portal.views import closure_form
from portal.views.access import allow, me
from portal.views.closure_form import day, moment
from portal.views.forms import Form
from portal.words import Sentence

bp = Blueprint("closures", __name__, url_prefix="/penutupan")
_SHOWN = 50
_LATELY = timedelta(days=30)
_GROUPS = ("active", "announced", "ended", "withdrawn")


@bp.get("")
@allow("see_closures")
def overview() -> str:
    """Running, announced, and lately ended closures; those on which one may act first."""
    now = clock.now()
    lately = Closure.ends_at.is_null() | (Closure.ends_at > now - _LATELY)
    found = Closure.select().where(lately, Closure.withdrawn_at.is_null() | (Closure.withdrawn_at > now - _LATELY))
    own = _own_closures()  # none for those who may close any office: to them nothing is told apart
    latest_first = found.order_by(Closure.starts_at.desc(), Closure.id.desc()).limit(500)
    records = sorted(declared.records(latest_first, now), key=lambda record: record.closure.id not in own)
    groups = [(status, [record for record in records if record.status == status][:_SHOWN]) for status in _GROUPS]
    return render_template("closures/overview.html", groups=groups, own=own, may_close=me().may("close_office"), now=now)


@bp.get("/<int:number>")
@allow("see_closures")
def show(number: int) -> Response:
    return _closure_page(_closure(number), "", Form())


@bp.post("/<int:number>/<act>")
@allow("close_office")
def act(number: int, act: str) -> Any:
    closure, sent = _closure(number), Form.sent()
    carry_out = _ACTS.get(act) or abort(404)
    if not me().may_close(*closures.offices_of(closure)):
        abort(403)
    try:
        facts = {"reason": sent["reason"], "by": me().actor_over(closures.offices_of(closure)), "now": clock.now()}
        carry_out(closure, sent, facts, {"override_reason": sent["override_reason"], "may_override": True})
    except Refused as refusal:
        is_below = isinstance(refusal, BelowMinimum)
        if is_below and act == "buka":  # there is no other date to give, only a reason
            refusal = Refused(refusal.sentence, field="override_reason")
        return _closure_page(closure, act, sent.refuse(refusal), 422, is_below=is_below)
    return redirect(url_for(".show", number=number), 303)


def _extend(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    ends = moment(sent["ends"], "ends", ZoneInfo(closure.timezone), is_end=True)
    continuity.extend(closure, ends, review_on=day(sent["review_on"], "review_on"), **facts, **override)


def _shorten(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    ends = moment(sent["ends"], "ends", ZoneInfo(closure.timezone), is_end=True)
    if ends is None:
        raise Refused(Sentence("Isi tanggal selesai yang baru."), field="ends")
    continuity.shorten(closure, ends, **facts, **override)


def _reopen(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    continuity.reopen(closure, **facts, **override)


def _withdraw(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    continuity.withdraw(closure, **facts)


_ACTS = {"perpanjang": _extend, "persingkat": _shorten, "buka": _reopen, "tarik": _withdraw}


def _closure(number: int) -> Closure:
    found = Closure.get_or_none(Closure.id == number) if number < 2**31 else None
    return found if found is not None else abort(404)


def _own_closures() -> set[int]:
    """Ids of closures with an office that one heads."""
    marks = ClosureMark.select(ClosureMark.closure).where(~ClosureMark.is_excepted, ClosureMark.office.in_(list(me().closable or [0])))
    return {id for (id,) in marks.tuples()}


def seen_today(told: telling.Told) -> telling.Told:
    """The same words for a reader of today: a coming day is not «hari ini»."""
    return replace(told, outlook=replace(told.outlook, at=clock.now()))


def _closure_page(closure: Closure, act: str, form: Form, status: int = 200, *, is_below: bool = False) -> Response:
    """A closure with what the public reads of its first office, its history, and what one may do to it."""
    now, closure = clock.now(), Closure.get_by_id(closure.id)
    record = declared.records([closure], now)[0]
    may_act = record.status in ("active", "announced") and me().may_close(*closures.offices_of(closure))
    told = _told(record.taken[0][0], max(now, closure.starts_at)) if record.taken else None
    body = render_template("closures/show.html", record=record, closure=closure, act=act, form=form, empty=Form(), may_act=may_act, now=now, told=told,
                           needs_override=is_below, news=aftermath.news(closure), may_call=me().may("call_people"),
                           zone=ZoneInfo(closure.timezone), input_type=closure_form.input_type)  # fmt: skip
    return Response(body, status)


def _told(slug: str, at: datetime) -> telling.Told:
    row = listing.rows_of(Office.slug == slug).dicts().get()
    picture = board.paint([row["root_id"]], at, at)
    return seen_today(telling.Telling.of(picture, at, [row["id"]]).tell(row))
