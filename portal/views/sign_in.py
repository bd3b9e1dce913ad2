"""Signing in and out: password, second factor, links for new passwords, and what was typed when the session had ended."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from portal import clock
from portal.audit import Actor
from portal.people import accounts, passwords, sessions, throttle
from portal.refusals import Refused
from portal.views import access
from portal.views.access import ANYONE, allow, begin, me, safe_target, visitor
from portal.views.forms import Form
from portal.words import Sentence, later

bp = Blueprint("sign_in", __name__)
_MOST_CARRIED = 200_000  # letters of a form that waits for its writer to sign in again
_CARRIED_FOR = 12 * 3600
_SECRETS = {"password", "old"}  # a form with one of these is never kept
FIELDS = {  # what the fields of a form are called where it is shown once more
    "offices": later("Kantor"),
    "except": later("Bagian yang tetap buka"),
    "reason": later("Sebab atau alasan"),
    "starts": later("Mulai"),
    "ends": later("Selesai"),
    "review_on": later("Tanggal ditinjau"),
    "diversion": later("Dilayani di"),
    "divert_to": later("Dilayani di"),
    "note": later("Keterangan untuk umum"),
    "internal_note": later("Catatan dalam"),
    "legal_basis": later("Dasar hukum"),
    "override_reason": later("Alasan menyimpang dari aturan"),
    "email": later("Surel"),
    "phone": later("Telepon"),
    "name": later("Nama"),
    "answer": later("Jawaban"),
    "proposed": later("NIP atasan yang benar"),
    "description": later("Kegiatan"),
    "quantity": later("Jumlah"),
    "unit": later("Satuan"),
    "evidence_link": later("Tautan bukti"),
    "text": later("Pesan"),
}
BUSY = Refused(Sentence("Banyak yang masuk pada saat yang sama. Tekan Masuk sekali lagi."))
_UNSEEN = {"csrf_token", "submission_key", "action", "cari"}


@bp.get("/masuk")
@allow(ANYONE)
def form() -> Any:
    if visitor() is not None:
        return redirect(safe_target(request.args.get("next", "")), 303)
    return render_template("sign_in/form.html", form=Form.of(next=request.args.get("next", "")), is_new="baru" in request.args)


@bp.post("/masuk")
@allow(ANYONE)
def enter() -> Any:
    sent = Form.sent()
    try:
        new = sessions.sign_in(sent["identifier"], sent["password"], address=request.remote_addr or "", device=request.user_agent.string, now=clock.now())
    except throttle.TooMany as refusal:
        return _again("sign_in/form.html", sent, refusal, 429)
    except Refused as refusal:
        return _again("sign_in/form.html", sent, refusal, 422)
    except passwords.Busy:
        return _again("sign_in/form.html", sent, BUSY, 503)
    begin(new)
    if new.is_complete:
        return _go_on(sent)
    if sent["carried"]:  # too long for an address: what was typed waits in the next form
        return render_template("sign_in/code.html", form=Form.of(next=sent["next"], carried=sent["carried"]))
    return redirect(url_for(".code", next=sent["next"]), 303)


@bp.get("/masuk/kode")
@allow(ANYONE)
def code() -> Any:
    if visitor() is None:
        return redirect(url_for(".form"), 303)
    return render_template("sign_in/code.html", form=Form.of(next=request.args.get("next", "")))


@bp.post("/masuk/kode")
@allow(ANYONE)
def enter_code() -> Any:
    if visitor() is None:
        return redirect(url_for(".form"), 303)
    sent = Form.sent()
    try:
        sessions.complete(me().session, sent["code"], now=clock.now())
    except Refused as refusal:
        return _again("sign_in/code.html", sent, refusal, 429 if isinstance(refusal, throttle.TooMany) else 422)
    return _go_on(sent)


@bp.post("/keluar")
@allow(ANYONE)
def leave() -> Any:
    if visitor() is not None:
        sessions.end(me().session, by=me().actor, now=clock.now())
    access.forget()
    return redirect(url_for(".form"), 303)


@bp.get("/masuk/lupa")
@allow(ANYONE)
def forgotten() -> Any:
    return render_template("sign_in/forgotten.html", form=Form())


@bp.post("/masuk/lupa")
@allow(ANYONE)
def ask_reset() -> Any:
    """The same answer for everybody: it tells nobody who has an account."""
    address = request.remote_addr or ""
    try:
        throttle.check("", address, now=clock.now(), what=throttle.RESET)
    except Refused as refusal:
        return _again("sign_in/forgotten.html", Form.sent(), refusal, 429)
    throttle.note(address, address, succeeded=False, now=clock.now(), what=throttle.RESET)
    accounts.ask_reset(request.form.get("identifier", "")[:60].replace("\0", ""), by=Actor("sign-in page", address=address), now=clock.now())
    return render_template("sign_in/asked.html")


@bp.get("/masuk/tautan/<token>")
@allow(ANYONE)
def link(token: str) -> Any:
    accounts.linked(token, now=clock.now())
    return render_template("sign_in/link.html", form=Form())


@bp.post("/masuk/tautan/<token>")
@allow(ANYONE)
def use_link(token: str) -> Any:
    sent = Form.sent()
    try:
        accounts.use_link(token, sent["password"], address=request.remote_addr or "", now=clock.now())
    except Refused as refusal:
        return _again("sign_in/link.html", sent, refusal, 422)
    return redirect(url_for(".form", baru="ya"), 303)


@bp.get("/masuk/pastikan")
@allow("own_account")
def confirm() -> Any:
    return render_template("sign_in/confirm.html", form=Form.of(next=request.args.get("next", "")))


@bp.post("/masuk/pastikan")
@allow("own_account")
def enter_confirmation() -> Any:
    sent = Form.sent()
    try:
        sessions.confirm(me().session, sent["password"], now=clock.now())
    except Refused as refusal:
        return _again("sign_in/confirm.html", sent, refusal, 429 if isinstance(refusal, throttle.TooMany) else 422)
    except passwords.Busy:
        return _again("sign_in/confirm.html", sent, BUSY, 503)
    return _go_on(sent)


def ask_password_with_typed() -> Any:
    """Ask for the password again before a sensitive act; what was typed goes on from there."""
    held = held_form()
    if not held["fields"]:
        return redirect(url_for("sign_in.confirm", next=held["page"]), 303)
    return Response(render_template("sign_in/confirm.html", form=Form.of(next=held["page"], carried=_signer().dumps(held))), 401)


def ask_with_typed() -> Any:
    """Ask to sign in again without losing what was just sent: it travels, signed, with the form."""
    held = held_form()
    carried = _signer().dumps(held) if held["fields"] else ""
    facts = {"form": Form.of(next=held["page"], carried=carried), "has_ended": True, "lost_files": held["files"]}
    return Response(render_template("sign_in/form.html", **facts), 401)


def offer_again() -> Any:
    """Show once more what was sent from a page that was opened before the last sign-in."""
    return Response(_resumed(held_form()), 400)


def held_form() -> dict[str, Any]:
    """What a form said, where it goes, and on which page it stood; nothing of a form with secrets, of a stranger's, or of one too long."""
    fields = [(name, value) for name in request.form for value in request.form.getlist(name) if name != "csrf_token"]
    is_kept = access.is_sent_from_here() and not _SECRETS.intersection(request.form) and sum(len(value) for _, value in fields) <= _MOST_CARRIED
    files = [file.filename for each in request.files for file in request.files.getlist(each) if file.filename]
    return {"path": access.here(), "page": access.page_of_form(), "fields": fields if is_kept else [], "files": files}


def _go_on(sent: Form) -> Any:
    """On to where one was; with what was typed, if it was sent while the session had ended."""
    try:
        held = _signer().loads(sent["carried"], max_age=_CARRIED_FOR)
    except BadData:
        return redirect(safe_target(sent["next"]), 303)
    return _resumed(held)


def _resumed(held: dict[str, Any]) -> str:
    seen = [(name, value) for name, value in held["fields"] if value and name not in _UNSEEN]
    path, page = safe_target(held["path"]), safe_target(held["page"])
    return render_template("sign_in/resume.html", path=path, page=page, fields=held["fields"], seen=seen, files=held["files"], words=FIELDS)


def _again(template: str, sent: Form, refusal: Refused, status: int) -> Response:
    answer = Response(render_template(template, form=sent.refuse(refusal)), status)
    if status in {429, 503}:
        answer.headers["Retry-After"] = "600" if status == 429 else "2"
    return answer


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="carried form")
