"""Objections to decisions about days: brought by the employee, settled by the superior's superior."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.kinerja import days, objections
from portal.kinerja.models import Entry, Objection, WorkDay
from portal.kinerja.validation import Decider
from portal.kinerja.working_days import WorkingDays
from portal.refusals import Refused
from portal.views import asked
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence

bp = Blueprint("objections", __name__)
PAGE, _BIGGEST = 30, 2**31


@bp.get("/validasi/keberatan")
@allow("validate_work")
def overview() -> str:
    return _page(0, Form())


@bp.post("/validasi/keberatan/<int:number>")
@allow("validate_work")
def settle(number: int) -> Any:
    """Decide about an objection that waits for oneself; of others there is none."""
    found = objections.waiting(me().person, me().today).where(Objection.id == number).first() if number < _BIGGEST else None
    if found is None:
        abort(404)
    sent = Form.sent()
    who = Decider(me().person, me().actor, me().today, clock.now())
    try:
        objections.settle(found, accept=_decision(sent), answer=sent["answer"], who=who)
    except Refused as refusal:
        return Response(_page(number, sent.refuse(refusal)), 422)
    return redirect(url_for(".overview"), 303)


@bp.post("/kinerja/<day>/keberatan")
@allow("log_work")
def bring(day: str) -> Any:
    """The author of a day objects; a refusal is shown with the reason as it was typed."""
    row = _own(day)
    sent = Form.sent()
    try:
        objections.object_to(row, sent["reason"], person=me().person, by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(render_template("recap/objection.html", row=row, objection=facts_of(row, days.entries(row), form=sent.refuse(refusal)), form=sent), 422)
    return redirect(url_for("kinerja.show", day=day) + "#keberatan", 303)


def facts_of(row: WorkDay | None, written: list[Entry], calendar: WorkingDays | None = None, form: Form | None = None) -> dict[str, Any] | None:
    """What the day sheet says about objections to its day; nothing where there is nothing to object to."""
    found = objections.dispute(row, written, calendar)
    if found is None:
        return None
    now = me().now.astimezone(found.zone)
    return {"earlier": found.earlier, "ends": found.ends, "obstacle": found.obstacle(now), "form": form or Form(), "day": found.row.day, "now": now,
            "local": lambda moment: moment.astimezone(now.tzinfo), "zone": now.tzinfo}  # fmt: skip


def _page(number: int, form: Form) -> str:
    at = asked.page("hal")
    rows = list(objections.waiting(me().person, me().today).offset((at - 1) * PAGE).limit(PAGE + 1))
    shown = rows[:PAGE]
    return render_template("recap/objections.html", rows=shown, at=at, has_more=len(rows) > PAGE, form=form, wrong=number, empty=Form(),
                           rejected=objections.rejected_of([row.work_day_id for row in shown]), deciders=objections.deciders_of(shown), now=zone_now(me().now),
                           local=zone_now)  # fmt: skip


def _decision(sent: Form) -> bool:
    if sent["decision"] not in {"accept", "refuse"}:
        raise Refused(Sentence("Pilih diterima atau ditolak."), field="decision")
    return sent["decision"] == "accept"


def _own(day: str) -> WorkDay:
    """My day of this date; where I wrote nothing there is none."""
    try:
        found = days.find(me().person, date.fromisoformat(day))
    except ValueError:
        found = None
    return found if found is not None else abort(404)
