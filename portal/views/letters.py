"""Letters that were promised: sent, waiting, failed; and the call list of those without e-mail."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from peewee import fn

from portal import clock, outbox
from portal.offices import postings
from portal.outbox import FAILED, REACHED, SECRET, SENT, TO_CALL, WAITS, Letter
from portal.people import roles
from portal.refusals import Refused
from portal.views import asked, calling, mail, request_letters
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now

bp = Blueprint("letters", __name__, url_prefix="/surat")
PAGE = 50
STATES = (WAITS, FAILED, SENT)


@bp.get("")
@allow("see_letters")
def overview() -> str:
    state, number = asked.text("keadaan"), asked.page("hal")
    where = Letter.state == state if state in STATES else Letter.state.in_(STATES)
    rows = list(Letter.select().where(where).order_by(Letter.id.desc()).offset((number - 1) * PAGE).limit(PAGE + 1))
    counts = dict(Letter.select(Letter.state, fn.COUNT(Letter.id)).group_by(Letter.state).tuples())
    return _page("overview", rows=rows[:PAGE], page=number, has_more=len(rows) > PAGE, state=state if state in STATES else "", counts=counts, states=STATES)


@bp.get("/<int:number>")
@allow("see_letters")
def show(number: int) -> str:
    return _shown(_letter(number), Form())


@bp.post("/<int:number>/kirim-lagi")
@allow("resend_letters")
def resend(number: int) -> Any:
    letter = _letter(number)
    try:
        outbox.resend(letter, by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(_shown(letter, Form.sent().refuse(refusal)), 422)
    return redirect(url_for(".show", number=number), 303)


@bp.get("/telepon")
@allow("call_people")
def call_list() -> str:
    return _calls(Form())


@bp.post("/telepon/<int:number>")
@allow("call_people")
def reached(number: int) -> Any:
    letter = Letter.get_or_none(_mine(), Letter.id == number) if number < 2**31 else None
    if letter is None or letter.state not in (TO_CALL, REACHED):
        abort(404)
    sent = Form.sent()
    try:
        outbox.reached(letter, note=sent[f"note-{number}"], by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(_calls(sent.refuse(refusal)), 422)
    return redirect(url_for(".call_list", hal=asked.page("hal") if asked.page("hal") > 1 else None), 303)


def _shown(letter: Letter, form: Form) -> str:
    return _page("show", letter=letter, written=_written(letter), form=form)


def _calls(form: Form) -> str:
    """Whom one has to call, so many to a page, and whom one's offices have reached lately."""
    found, number = outbox.calls(_offices()), asked.page("hal")
    rows = list(found.order_by(Letter.id).offset((number - 1) * PAGE).limit(PAGE + 1))
    done = list(Letter.select().where(_mine(), Letter.state == REACHED).order_by(Letter.reached_at.desc()).limit(PAGE))
    written = {letter.id: _written(letter) for letter in rows[:PAGE]}
    chats = {letter.id: calling.chat_of(letter.phone, letter.language, letter.recipient, letter.facts["number"], letter.facts["service"], told.subject + ".")
             for letter in rows[:PAGE] if (told := written[letter.id]) and is_about_request(letter)}  # fmt: skip
    return _page("call_list", rows=rows[:PAGE], chats=chats, page=number, has_more=len(rows) > PAGE, count=found.count(), done=done,
                 written=written, form=form, secret=SECRET, awaits_answer=request_letters.awaits_answer)  # fmt: skip


def is_about_request(letter: Letter) -> bool:
    """Whether a letter tells a citizen of a request: such a one can be opened at the desk, and be written about in a chat."""
    return letter.name in request_letters.SUBJECTS and {"number", "service"} <= letter.facts.keys()


def _page(name: str, **facts: Any) -> str:
    """A page about letters, with the words for what they are and what befell them."""
    common = {"subjects": mail.SUBJECTS, "problems": mail.PROBLEMS, "can_send": mail.is_configured(), "local": zone_now, "now": zone_now(clock.now())}
    return render_template(f"letters/{name}.html", **common, **facts)


def _written(letter: Letter) -> mail.Written | None:
    """A letter as it can be shown: without its secrets; none where it cannot be written."""
    try:
        return mail.written(letter, shows_secrets=False)
    except mail.Undelivered:
        return None


def _offices() -> set[int] | None:
    """The offices that one answers for; calls of no office are those people's who answer for all."""
    return postings.offices_under(me().standing, roles.OFFICER, roles.HEAD, roles.ADMIN)


def _mine() -> Any:
    own = _offices()
    return Letter.id.is_null(False) if own is None else Letter.office_id.in_(list(own) or [0])


def _letter(number: int) -> Letter:
    found = Letter.get_or_none(Letter.id == number) if number < 2**31 else None
    return found if found is not None else abort(404)
