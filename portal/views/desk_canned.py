"""Sentences that officers send often: listed, added, changed, ended by those who answer for their offices."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.refusals import Refused
from portal.services import canned
from portal.services.models import CannedAnswer
from portal.views import asked, at_desk, typed
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import gettext

bp = Blueprint("desk_canned", __name__)


@bp.get("/loket/jawaban")
@allow("serve_requests")
def overview() -> str:
    return _page(Form())


@bp.post("/loket/jawaban")
@allow("serve_requests")
def add() -> Any:
    sent, own = Form.sent(), at_desk.desk().offices
    try:
        office = typed.office_or_none(sent, "office")
        canned.add(sent["title"], sent["text"], sent["use"], office, offices=own, by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(_page(sent.refuse(refusal)), 422)
    return redirect(url_for(".overview", sudah="simpan"), 303)


@bp.get("/loket/jawaban/<int:number>")
@allow("serve_requests")
def show(number: int) -> str:
    answer = _answer(number)
    return _one(answer, Form.of(title=answer.title, text=answer.text, use=answer.use))


@bp.post("/loket/jawaban/<int:number>")
@allow("serve_requests")
def change(number: int) -> Any:
    answer, sent = _answer(number), Form.sent()
    try:
        canned.change(answer, sent["title"], sent["text"], sent["use"], by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(_one(answer, sent.refuse(refusal)), 422)
    return redirect(url_for(".overview", sudah="simpan"), 303)


@bp.post("/loket/jawaban/<int:number>/hapus")
@allow("serve_requests")
def end(number: int) -> Any:
    canned.end(_answer(number), by=me().actor, now=clock.now())
    return redirect(url_for(".overview", sudah="hapus"), 303)


def _answer(number: int) -> CannedAnswer:
    try:
        return canned.find(number, at_desk.desk().offices)
    except Refused:
        abort(404)


def _page(form: Form) -> str:
    own = at_desk.desk().offices
    answers = [(each, own is None or each.office_id in own) for each in canned.kept(own)]
    return render_template("desk/canned.html", form=form, answers=answers, offices=at_desk.offices(own), uses=_uses(),
                           is_admin=own is None, done=asked.text("sudah"))  # fmt: skip


def _one(answer: CannedAnswer, form: Form) -> str:
    return render_template("desk/canned_one.html", answer=answer, form=form, uses=_uses())


def _uses() -> list[tuple[str, str]]:
    return [(code, gettext(word)) for code, word in canned.USES.items()]
