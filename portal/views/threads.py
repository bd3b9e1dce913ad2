"""What author and superiors say to each other about a day: read beside the day, written from either side."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.kinerja import days, routing, threads
from portal.kinerja.models import WorkDay
from portal.kinerja.threads import Said
from portal.refusals import NotFound, Refused
from portal.views.access import allow, me
from portal.views.forms import Form

bp = Blueprint("threads", __name__)


@dataclass(frozen=True)
class Panel:
    """The thread of a day as kinerja/_thread.html shows it: `{% set thread = … %}{% include "kinerja/_thread.html" %}`."""

    said: list[Said]
    form: Form
    key: str
    address: str
    zone: ZoneInfo
    now: datetime
    reader_id: int
    acts: dict[str, str]


def panel(row: WorkDay, said: list[Said] | None = None, form: Form | None = None, zone: ZoneInfo | None = None) -> Panel:
    """What was said about a day, and the form to say something; what the caller knows already (all that was said, the office's zone) is not asked again."""
    form, zone = form or Form(), zone or ZoneInfo(row.office.timezone)
    is_author = row.person_id == me().person.id
    address = url_for("threads.to_superior", day=row.day.isoformat()) if is_author else url_for("threads.to_author", number=row.id)
    known = threads.history(row) if said is None else said
    return Panel(threads.thread(known), form, form["submission_key"] or secrets.token_hex(16), address, zone, me().now.astimezone(zone), me().person.id,
                 threads.ACTS)  # fmt: skip


@bp.post("/kinerja/<day>/pesan")
@allow("log_work")
def to_superior(day: str) -> Any:
    row = _own(day)
    return _said(row, url_for("kinerja.show", day=day, _anchor="percakapan"))


@bp.post("/validasi/<int:number>/pesan")
@allow("validate_work")
def to_author(number: int) -> Any:
    row = WorkDay.get_or_none(WorkDay.id == number) if number < 2**31 else None
    if row is None or routing.seat(me().person, row, me().today) is None:
        abort(404)
    return _said(row, url_for("validation.show", number=number, _anchor="percakapan"))


def _said(row: WorkDay, then: str) -> Any:
    """Say what the form says; refused it comes back on a page of its own, with all that was typed."""
    sent = Form.sent()
    try:
        threads.say(row, me().person, sent["text"], key=sent["submission_key"], today=me().today, by=me().actor, now=clock.now())
    except NotFound:
        abort(404)
    except Refused as refusal:
        return Response(render_template("kinerja/message.html", row=row, thread=panel(row, form=sent.refuse(refusal)), back=then), 422)
    return redirect(then, 303)


def _own(text: str) -> WorkDay:
    """One's own day of an address, where something was written on it."""
    try:
        row = days.find(me().person, date.fromisoformat(text))
    except ValueError:
        row = None
    return row if row is not None and row.day.isoformat() == text else abort(404)
