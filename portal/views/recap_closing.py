"""Closing a month for an office and all below it, after a look at what is still open; and reopening it."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.kinerja import closing, unit_recap
from portal.kinerja.models import MonthClosing
from portal.kinerja.recap import end_of
from portal.kinerja.unit_recap import UnitMonth
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.refusals import Refused
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.recap import around, first_of
from portal.views.recap_unit import office_asked
from portal.words import Sentence

bp = Blueprint("recap_closing", __name__, url_prefix="/admin/kinerja/rekap")
_BIGGEST, _MOST_NAMES = 2**31, 10


@bp.get("/<month>/tutup")
@allow("see_unit_work")
def look(month: str) -> str:
    return _page(month, office_asked() or abort(404), Form())


@bp.post("/<month>/tutup")
@allow("see_unit_work")
def close(month: str) -> Any:
    office, sent = office_asked() or abort(404), Form.sent()
    try:
        if sent["sure"] != "yes":
            raise Refused(Sentence("Centang dulu bahwa daftar di atas sudah Anda periksa."), field="sure")
        closing.close(office, first_of(month), note=sent["note"], by=me().actor_over([office]), now=clock.now())
    except Refused as refusal:
        return Response(_page(month, office, sent.refuse(refusal)), 422)
    return redirect(url_for(".look", month=month, kantor=office.slug), 303)


@bp.post("/<month>/buka/<int:number>")
@allow("see_unit_work")
def reopen(month: str, number: int) -> Any:
    sent, first = Form.sent(), first_of(month)
    found = MonthClosing.get_or_none(MonthClosing.id == number, MonthClosing.month == first) if number < _BIGGEST else None
    if found is None or not me().may_close(found.office):
        abort(404)
    try:
        closing.reopen(found, reason=sent["reason"], by=me().actor_over([found.office]), now=clock.now())
    except Refused as refusal:
        return Response(_page(month, found.office, sent.refuse(refusal)), 422)
    return redirect(url_for(".look", month=month, kantor=found.office.slug), 303)


def _page(month: str, office: Office, form: Form) -> str:
    """What is still open, whether the month is closed, and the form that closes or reopens it."""
    first = first_of(month)
    offices = unit_recap.belonging({office.id})
    calendar = WorkingDays.of([office.id], first, first)
    zone, ends = calendar.places[office.id].zone, calendar.month_end(office.id, first)
    missing, late_people = UnitMonth(first, now=me().now, offices=offices).least_logged(_MOST_NAMES)
    closed = closing.over(office, first)
    return render_template(
        "recap/closing.html", first=first, month=month, office=office, form=form, around=around(first), zone=zone, now=me().now.astimezone(zone), ends=ends,
        is_over=calendar.today(office.id, me().now) > end_of(first), closed=closed, may_reopen=closed is not None and me().may_close(closed.office),
        open_days=closing.open_days(offices, first, end_of(first), most=_MOST_NAMES), missing=missing, late_people=late_people,
        local=lambda moment: moment.astimezone(zone),
    )  # fmt: skip
