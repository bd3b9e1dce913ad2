"""Following a request by its number: the timeline, what is expected, messages, another time, taking it back, the result."""

import math
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for

from portal import clock
from portal.people import throttle
from portal.refusals import Refused
from portal.services import appointments, dropbox, following, offers, personal_data, requests, unlocking
from portal.services.models import COUNTER, OPEN, ServiceRequest
from portal.views import attachments, limits, opened, request_offer, request_page, request_words, typed
from portal.views.access import ANYONE, allow, is_resumed, resumes
from portal.views.forms import Form
from portal.views.request_form_page import by_day

bp = Blueprint("requests", __name__)
MESSAGE, CANCEL, TIME, UNLOCK, DEPOSIT, DATA = "pesan", "batal", "jadwal", "buka", "kotak", "data"
ACCEPT, CHANNEL = "terima", "kanal"
_MOST_SLOTS = 150


@bp.after_request
def unlisted(answer: Response) -> Response:
    """No search engine keeps a page of somebody's request."""
    if request.path.startswith("/permohonan/"):
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.get("/lacak")
@allow(ANYONE)
def track() -> str:
    return render_template("requests/track.html", form=Form())


def _look_up(refusal: Refused | None = None) -> Any:
    """To the request of a number; who has no session any more is not sent back for that: looking changes nothing."""
    sent = Form.sent()
    try:
        found = of_number(sent["number"])
    except Refused as wrong:
        return limits.refused(render_template("requests/track.html", form=sent.refuse(wrong)), wrong)
    return redirect(url_for(".show", number=found.number), 303)


@bp.post("/lacak")
@allow(ANYONE)
@resumes(_look_up)
def find() -> Any:
    return _look_up()


@bp.get("/permohonan/<number>")
@allow(ANYONE)
def show(number: str) -> Any:
    row = of_number(number)
    if (elsewhere := entered(row, number, ".show")) is not None:
        return elsewhere
    return _page(row)


def entered(row: ServiceRequest, number: str, endpoint: str) -> Any:
    """Opens a request for who comes by its mailed link, and leads on to the page's own address; nothing where one is there already."""
    token = request.args.get("kunci", "")
    if token and unlocking.is_mailed(row, token):
        opened.open_for_this_browser(row)
    if token or number != row.number:
        return redirect(url_for(endpoint, number=row.number, salah=1 if token and not opened.is_open(row) else None), 303)
    return None


@bp.post("/permohonan/<number>/buka")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(UNLOCK, refusal, number))
def open(number: str) -> Any:
    return _done(number, UNLOCK, lambda row: None)


@bp.post("/permohonan/<number>/tutup")
@allow(ANYONE)
def close(number: str) -> Any:
    row = of_number(number)
    opened.close_for_this_browser(row)
    return redirect(url_for(".show", number=row.number), 303)


@bp.post("/permohonan/<number>/pesan")
@allow(ANYONE)
@attachments.takes_several_files
@resumes(lambda refusal, number: _again(MESSAGE, refusal, number))
def write(number: str) -> Any:
    def send(row: ServiceRequest) -> None:
        sent = Form.sent()
        limits.check_trap()
        with limits.submission("message"):
            files = tuple(attachments.sent_files("files"))
            following.write(row, sent["text"], now=clock.now(), files=files, key=sent["submission_key"][:100])

    return _done(number, MESSAGE, send)


@bp.post("/permohonan/<number>/batal")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(CANCEL, refusal, number))
def cancel(number: str) -> Any:
    return _done(number, CANCEL, lambda row: following.cancel(row, now=clock.now(), reason=Form.sent()["reason"]))


@bp.post("/permohonan/<number>/data")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(DATA, refusal, number))
def data(number: str) -> Any:
    return _done(number, DATA, lambda row: personal_data.wish(row, Form.sent()["kind"], now=clock.now()))


@bp.get("/permohonan/<number>/jadwal")
@allow(ANYONE)
def times(number: str) -> Any:
    row = of_number(number)
    if row.channel != COUNTER or row.state not in OPEN or number != row.number:
        return redirect(url_for(".show", number=row.number), 303)
    return _act_page(row, TIME, Form())


@bp.post("/permohonan/<number>/jadwal")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(TIME, refusal, number))
def reschedule(number: str) -> Any:
    def move(row: ServiceRequest) -> None:
        with limits.submission("time"):  # each brings a letter, and the address need not be one's own
            following.reschedule(row, typed.slot(Form.sent(), "slot", ZoneInfo(row.office.timezone)), now=clock.now())

    return _done(number, TIME, move)


@bp.post("/permohonan/<number>/terima")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(ACCEPT, refusal, number))
def accept(number: str) -> Any:
    """The time that is held for who lost theirs to a closure is taken, as it was read."""

    def keep(row: ServiceRequest) -> None:
        sent = Form.sent()
        offers.accept(row, now=clock.now(), shown=typed.slot(sent, "slot", ZoneInfo(row.office.timezone)) if sent["slot"] else None)

    return _done(number, ACCEPT, keep)


@bp.get("/permohonan/<number>/kanal")
@allow(ANYONE)
def channels(number: str) -> Any:
    row = of_number(number)
    if number != row.number or offers.standing(row, now=clock.now()) is None:
        return redirect(url_for(".show", number=row.number), 303)
    return _act_page(row, CHANNEL, Form())


@bp.post("/permohonan/<number>/kanal")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(CHANNEL, refusal, number))
def switch(number: str) -> Any:
    """Who lost a time to a closure goes on by another channel."""

    def change(row: ServiceRequest) -> None:
        with limits.submission("channel"):  # each brings a letter
            offers.switch(row, Form.sent()["channel"], now=clock.now())

    return _done(number, CHANNEL, change)


@bp.post("/permohonan/<number>/kotak")
@allow(ANYONE)
@resumes(lambda refusal, number: _again(DEPOSIT, refusal, number))
def deposit(number: str) -> Any:
    return _done(number, DEPOSIT, lambda row: dropbox.deposit(row, now=clock.now()))


@bp.get("/permohonan/<number>/berkas/<int:file>")
@allow(ANYONE)
def file(number: str, file: int) -> Any:
    row = of_number(number)
    if not opened.is_open(row):
        return redirect(url_for(".show", number=row.number, _anchor=UNLOCK), 303)
    return attachments.download(following.file(row, file).attachment)


def of_number(number: str) -> ServiceRequest:
    """The request of a number; an address that asks for many that nobody has is stopped."""
    with limits.guesses(wrong=requests.Unknown):
        return requests.find(number[:100])


def _done(number: str, act: str, carry_out: Callable[[ServiceRequest], Any]) -> Any:
    """Carry out what the citizen sent, once this browser may; refused it comes back as typed."""
    row = of_number(number)
    try:
        if not opened.is_open(row) or (act == UNLOCK and "digits" in request.form):
            unlocking.check_digits(row, request.form.get("digits", ""), now=clock.now())
            opened.open_for_this_browser(row)
        carry_out(row)
    except Refused as refusal:
        return _refused(row, act, refusal)
    return redirect(url_for(".show", number=row.number), 303)


def _again(act: str, refusal: Refused, number: str) -> Any:
    return _refused(of_number(number), act, refusal)


def _refused(row: ServiceRequest, act: str, refusal: Refused) -> Response:
    """The form that was sent, on a page of its own, with all that was typed and what is wrong."""
    if act == MESSAGE:
        attachments.hold_files("files")
    return answer_refused(_act_page(row, act, Form.sent().refuse(refusal)), refusal)


def answer_refused(page: str, refusal: Refused) -> Response:
    """A form that comes back: 422, and 429 with the time to wait where digits were tried too often."""
    answer = limits.refused(page, refusal)
    if isinstance(refusal, throttle.TooMany):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(max(1, math.ceil(getattr(refusal, "wait", unlocking.SOON).total_seconds())))
    return answer


def _act_page(row: ServiceRequest, act: str, form: Form) -> str:
    now = clock.now()
    here = now.astimezone(ZoneInfo(row.office.timezone))
    is_needed = act == UNLOCK or not opened.is_open(row)
    return render_template("requests/act.html", row=row, number=row.number, act=act, form=form, asks_digits=is_needed, has_phone=bool(row.phone), here=here,
                           key=form["submission_key"] or secrets.token_hex(16), days=_days(row, now) if act == TIME else [], is_resumed=is_resumed(),
                           held=appointments.of(row) if act in (TIME, ACCEPT, CHANNEL) else None, zone=here.tzinfo, **_offer(row, act, here))  # fmt: skip


def _offer(row: ServiceRequest, act: str, here: datetime) -> dict[str, Any]:
    """What the pages need on which a lost time is answered."""
    ways = offers.ways(row, now=here) if act == CHANNEL else []
    offered = request_offer.offered(row, appointments.of(row), [], here) if act == ACCEPT else None
    return {"ways": ways, "offered": offered, "channels": request_words.CHANNELS}


def _page(row: ServiceRequest) -> str:
    facts = request_page.facts(row, clock.now())
    return render_template("requests/show.html", form=Form(), key=secrets.token_hex(16), asks_digits=not facts["is_open"], has_phone=bool(row.phone),
                           is_wrong_link="salah" in request.args and not facts["is_open"], **facts)  # fmt: skip


def _days(row: ServiceRequest, now: datetime) -> list[Any]:
    """The free slots by day, on the clocks of the office."""
    return by_day(appointments.free(row.service, row.office, now=now, most=_MOST_SLOTS), ZoneInfo(row.office.timezone))
