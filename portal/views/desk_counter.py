"""The counter's day: appointments by time, who came and who stayed away, and who walks in without one."""

import re
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for

from portal import clock, numbers
from portal.audit import Actor
from portal.clock import midnight
from portal.offices import board
from portal.offices.models import Office
from portal.offices.state import Picture
from portal.refusals import Refused
from portal.services import appointments, assisted, catalogue, handling, offers
from portal.services.models import COUNTER, DOOR, Service, ServiceRequest
from portal.services.requests import Asked, Unfit
from portal.views import asked, at_desk, request_words, typed
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import hours_words
from portal.words import Sentence, later

bp = Blueprint("desk_counter", __name__, url_prefix="/loket/janji")
_ONE = timedelta(days=1)
_YEARS = range(2000, 2200)
_Act = Callable[..., ServiceRequest]
_ACTS: dict[str, _Act] = {"datang": handling.came, "tidak-datang": handling.stayed_away}
_DONE = {
    "datang": later("Kedatangan pemohon {number} dicatat."),
    "tidak-datang": later("{number} dicatat tidak datang; pemohon diminta memilih waktu lain."),
    "catat": later("Permohonan {number} dicatat. Sebutkan nomornya kepada warga."),
}


@bp.get("")
@allow("serve_requests")
def day() -> Any:
    """Today at a counter, or the day that was chosen."""
    if wanted := asked.text("hari", 20):
        return redirect(url_for(".of_day", day=wanted, kantor=asked.text("kantor") or None), 303)
    office = _office()
    return _page(office, _today(office) if office else None, Form())


@bp.get("/<day>")
@allow("serve_requests")
def of_day(day: str) -> str:
    return _page(_office(), _day(day), Form())


@bp.post("/<day>")
@allow("serve_requests")
def walk_in(day: str) -> Any:
    """Somebody stands there without an appointment: one short form, and the working days begin."""
    wanted, office, sent = _day(day), _office(), Form.sent()
    if office is None:
        abort(404)
    try:
        made = assisted.file(_asked(office, sent), me().person, by=me().actor, now=clock.now())
    except Refused as refusal:
        for each in refusal.refusals if isinstance(refusal, Unfit) else [refusal]:
            sent.refuse(each)
        return Response(_page(office, wanted, sent), 422)
    return _back(office, _today(office), "catat", made.number)


@bp.post("/<number>/<act>")
@allow("serve_requests")
def attend(number: str, act: str) -> Any:
    """Who has an appointment came, or did not."""
    row = at_desk.on_desk(number)
    if act not in _ACTS:
        abort(404)
    office, on = row.office, _day(asked.text("hari", 20))
    by: Actor = me().actor
    try:
        _ACTS[act](row, by=by, now=clock.now())
    except Refused as refusal:
        return Response(_page(office, on, Form().refuse(Refused(refusal.sentence))), 422)
    return _back(office, on, act, row.number)


def _back(office: Office, on: date, act: str, number: str) -> Response:
    address = url_for(".of_day", day=on.isoformat(), kantor=office.slug, sudah=act, nomor=number)
    return redirect(address, 303)  # type: ignore[return-value]


def _asked(office: Office, sent: Form) -> Asked:
    service = next((each for each in _services(office) if each.slug == sent["service"]), None)
    if service is None:
        raise Refused(Sentence("Pilih layanan."), field="service")
    return Asked(service, office, COUNTER, sent["name"], sent["phone"], description=sent["description"], origin=DOOR, is_brief=True,
                 submission_key=sent["submission_key"] or None)  # fmt: skip


def _page(office: Office | None, on: date | None, form: Form) -> str:
    offices = at_desk.offices(_own())
    if office is None or on is None:
        return render_template("desk_counter/choose.html", form=Form.of(kantor=asked.text("kantor")), offices=offices)
    zone, now = ZoneInfo(office.timezone), clock.now()
    picture = board.paint([office.root_id], midnight(on, zone), midnight(on + _ONE, zone))
    options = [(each.slug, each.name) for each in _services(office)] if on == _today(office) else []
    form.values.setdefault("submission_key", [secrets.token_urlsafe(16)])
    booked = appointments.of_day(office, on)
    return render_template(
        "desk_counter/day.html", office=office, day=on, form=form, offices=offices, zone=zone, now=now, here=now.astimezone(zone),
        is_today=on == _today(office),
        booked=booked, answers=offers.answers(booked), walk_ins=appointments.walk_ins(office, on),
        capacity=appointments.capacity(office, on, picture), before=on - _ONE,
        after=on + _ONE, serving=_serving(office, on, zone, picture), options=options, done=_done(),
        states=request_words.STATES)  # fmt: skip


def _serving(office: Office, on: date, zone: ZoneInfo, picture: Picture) -> str:
    """When the counter serves on a day, on its own clocks: «08.00–12.00, 13.00–16.00»; nothing where it does not."""
    spans = picture.serving(picture.nodes[office.id], midnight(on, zone), midnight(on + _ONE, zone))
    return hours_words(", ".join(f"{starts.astimezone(zone):%H.%M}–{ends.astimezone(zone):%H.%M}" for starts, ends in spans))


def _services(office: Office) -> list[Service]:
    return [each for each in catalogue.given_at([office.id]) if COUNTER in each.channels]


def _done() -> Sentence | None:
    """What was just done."""
    word, number = asked.text("sudah"), numbers.read(asked.text("nomor", 20)) or ""
    return Sentence(_DONE[word], number=number) if word in _DONE else None


def _office() -> Office | None:
    """The counter that is asked for, else one's own, the uppermost first; none where one answers for all and has named none."""
    own, wanted = _own(), asked.text("kantor")
    if wanted:
        try:
            found = typed.office(Form.of(kantor=wanted), "kantor")
        except Refused:
            abort(404)
        return found if own is None or found.id in own else abort(404)
    tops = [office for role, office in me().standing.grants if role in at_desk.OVER and office is not None]
    return Office.select().where(Office.id.in_(tops or [0])).order_by(Office.name).first()


def _own() -> Any:
    """The offices of one's desk, asked once a request."""
    if "counters" not in g:
        g.counters = at_desk.desk().offices
    return g.counters


def _today(office: Office) -> date:
    return clock.now().astimezone(ZoneInfo(office.timezone)).date()


def _day(text: str) -> date:
    """A day as it stands in an address."""
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else date.min
    except ValueError:
        found = date.min
    return found if found.year in _YEARS else abort(404)
