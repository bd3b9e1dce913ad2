"""Targets of the year: proposed by the employee, agreed with the superior, revised; and the outages that moved deadlines, for all to read."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.kinerja import outages, targets
from portal.kinerja.models import Target
from portal.kinerja.targets import AGREED, DRAFT, Wording
from portal.kinerja.validation import Decider
from portal.refusals import Refused
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence

bp = Blueprint("targets", __name__)
_BIGGEST, _MOST = 2**31, 300
_YEAR = timedelta(days=366)


@bp.get("/kinerja/rencana")
@allow("log_work")
def this_year() -> Any:
    return redirect(url_for(".year", year=me().today.year), 303)


@bp.get("/kinerja/rencana/<int:year>")
@allow("log_work")
def year(year: int) -> Response:
    return _year(year, Form())


@bp.post("/kinerja/rencana/<int:year>")
@allow("log_work")
def propose(year: int) -> Any:
    sent = Form.sent()
    try:
        targets.propose(me().person, year, _wording(sent), by=me().actor, now=zone_now(clock.now()))
    except Refused as refusal:
        return _year(year, sent.refuse(refusal), 422)
    return redirect(url_for(".year", year=year), 303)


@bp.route("/kinerja/rencana/baris/<int:number>", methods=["GET", "POST"])
@allow("log_work")
def change(number: int) -> Any:
    """Write a line anew that is not agreed; of one that is agreed, propose what is to take its place."""
    line = _own(number)
    if line.state not in {DRAFT, AGREED}:
        abort(404)
    if request.method != "POST":
        return _line(line, Form.of(title=line.title, indicator=line.indicator, amount=_amount(line), unit=line.unit))
    sent = Form.sent()
    facts: dict[str, Any] = {"by": me().actor, "now": zone_now(clock.now())}
    try:
        if line.state == DRAFT:
            targets.change(line, _wording(sent), **facts)
        else:
            targets.propose(line.person, line.year, _wording(sent), revises=line, **facts)
    except Refused as refusal:
        return _line(line, sent.refuse(refusal), 422)
    return redirect(url_for(".year", year=line.year), 303)


@bp.post("/kinerja/rencana/baris/<int:number>/tarik")
@allow("log_work")
def withdraw(number: int) -> Any:
    line = _own(number)
    try:
        targets.withdraw(line, by=me().actor, now=clock.now())
    except Refused as refusal:
        return _year(line.year, Form().refuse(refusal), 422)
    return redirect(url_for(".year", year=line.year), 303)


@bp.get("/validasi/rencana")
@allow("validate_work")
def waiting() -> Response:
    return _waiting(Form(), {})


@bp.post("/validasi/rencana")
@allow("validate_work")
def settle() -> Any:
    """Agree the chosen lines or give them back, each by itself; those that were refused stay on the page with the reason."""
    sent = Form.sent()
    values = (each.partition("-") for each in sent.all("target")[:_MOST])
    picked = [(int(number), mark) for number, _, mark in values if number.isascii() and number.isdigit() and len(number) < 10]
    if not picked or sent["decision"] not in {"agree", "return"}:
        return _waiting(sent.refuse(Refused(Sentence("Pilih dulu rencana yang diputuskan."), field="target")), {}, 422)
    is_agreed = sent["decision"] == "agree"
    if not is_agreed and not sent["note"].strip():
        return _waiting(sent.refuse(Refused(Sentence("Tulis apa yang perlu diperbaiki; pegawai akan membacanya."), field="note")), {}, 422)
    refusals = {}
    for line, mark in [(_row(number), mark) for number, mark in picked]:
        try:
            targets.settle(line, is_agreed, sent["note"], _decider(), seen=mark or None)
        except Refused as refusal:
            refusals[line.id] = refusal.sentence
    if refusals:
        return _waiting(sent, refusals, 422)
    return redirect(url_for(".waiting"), 303)


@bp.get("/kinerja/gangguan")
@allow("own_account")
def register() -> str:
    """The outages of the last year: whoever's deadline moved can see why."""
    now = me().now
    return render_template("targets/outages.html", rows=outages.in_force(now - _YEAR), zone=zone_now(now).tzinfo, now=zone_now(now))


def _year(year: int, form: Form, status: int = 200) -> Response:
    if not 2000 <= year <= 2200:
        abort(404)
    rows = targets.of_year(me().person, year)
    live = [row for row in rows if row.state in {DRAFT, AGREED}]
    done = targets.progress(row for row in live if row.state == AGREED)
    page = render_template(
        "targets/year.html",
        year=year,
        years=range(me().today.year - 1, me().today.year + 2),
        live=live,
        past=[row for row in rows if row not in live],
        revised={row.revises_id for row in live if row.revises_id},
        done={row.id: done[targets.chain(row)] for row in live if row.state == AGREED},
        waits={row.id for row in live if targets.is_waiting(row)},
        states=targets.STATES,
        form=form,
        superior=(me().workplace or {}).get("supervisor"),
        today=me().today,
    )
    return Response(page, status)


def _line(line: Target, form: Form, status: int = 200) -> Response:
    return Response(render_template("targets/line.html", line=line, form=form, is_draft=line.state == DRAFT), status)


def _waiting(form: Form, refusals: dict[int, Sentence], status: int = 200) -> Response:
    rows = targets.waiting_for(me().person, me().today)
    shown = rows[:_MOST]
    old = {each.id: each for each in Target.select().where(Target.id.in_([row.revises_id for row in shown if row.revises_id] or [0]))}
    people: dict[Any, list[Target]] = {}
    for row in shown:
        people.setdefault(row.person, []).append(row)
    page = render_template("targets/waiting.html", people=people, old=old, mark=targets.mark, form=form, refusals=refusals, count=len(rows), most=_MOST)
    return Response(page, status)


def _wording(sent: Form) -> Wording:
    return Wording(sent["title"], sent["indicator"], sent["amount"], sent["unit"])


def _amount(line: Target) -> str:
    return "" if line.amount is None else f"{line.amount:g}".replace(".", ",")


def _decider() -> Decider:
    return Decider(me().person, me().actor, me().today, clock.now())


def _row(number: int) -> Target:
    found = Target.get_or_none(Target.id == number) if number < _BIGGEST else None
    return found if found is not None else abort(404)


def _own(number: int) -> Target:
    """One of one's own lines; nobody else's."""
    found = _row(number)
    return found if found.person_id == me().person.id else abort(404)
