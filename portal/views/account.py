"""My account: my facts, my devices, my password, my second factor, my superior."""

from typing import Any

import segno
from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for

from portal import clock
from portal.offices import corrections, postings
from portal.offices.staff import Correction, Posting
from portal.people import accounts, passwords, second_factor, sessions
from portal.people.models import Person, Session
from portal.refusals import Refused
from portal.views.access import allow, me, needs_password
from portal.views.drawing import qr_path
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.views.sign_in import BUSY
from portal.words import Sentence

bp = Blueprint("account", __name__, url_prefix="/akun")
_SECRET = "new_totp"
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@bp.get("")
@allow("own_account")
def overview() -> Any:
    return _page(Form.of(email=me().person.email, phone=me().person.phone, language=me().person.language))


@bp.post("")
@allow("own_account")
def change() -> Any:
    sent = Form.sent()
    if sent["email"] != me().person.email and (stop := needs_password()) is not None:  # links for new passwords go there
        return stop
    try:
        accounts.change(me().person, email=sent["email"], phone=sent["phone"], language=sent["language"] or "id", by=me().actor, now=clock.now())
    except Refused as refusal:
        return _page(sent.refuse(refusal), 422)
    return redirect(url_for(".overview", tersimpan="ya"), 303)


@bp.post("/perangkat/<int:number>/keluar")
@allow("own_account")
def end_session(number: int) -> Any:
    own = Session.get_or_none(Session.id == number, Session.person == me().person) if number < 2**31 else None
    if own is not None:
        sessions.end(own, by=me().actor, now=clock.now())
    return redirect(url_for(".overview"), 303)


@bp.post("/perangkat/keluar")
@allow("own_account")
def end_others() -> Any:
    sessions.end_others(me().person, me().session, by=me().actor, now=clock.now())
    return redirect(url_for(".overview"), 303)


@bp.route("/kata-sandi", methods=["GET", "POST"])
@allow("own_account")
def password() -> Any:
    sent = Form.sent() if request.method == "POST" else Form()
    if request.method == "POST":
        try:
            sessions.confirm(me().session, sent["old"], now=clock.now())
        except Refused as refusal:
            return Response(render_template("account/password.html", form=sent.refuse(Refused(refusal.sentence, field="old"))), 422)
        except passwords.Busy:
            return Response(render_template("account/password.html", form=sent.refuse(BUSY)), 503, {"Retry-After": "2"})
        try:
            accounts.set_password(me().person, sent["password"], by=me().actor, now=clock.now(), keep=me().session)
            return redirect(url_for(".overview", tersimpan="ya"), 303)
        except Refused as refusal:
            return Response(render_template("account/password.html", form=sent.refuse(refusal)), 422)
    return render_template("account/password.html", form=sent)


@bp.route("/faktor-kedua", methods=["GET", "POST"])
@allow("own_account")
def second_factor_start() -> Any:
    if (stop := needs_password()) is not None:
        return stop
    if request.method == "GET" or _SECRET not in session:  # who saw an earlier one at an unlocked desk knows nothing
        session[_SECRET] = second_factor.new_secret()
    secret = session[_SECRET]
    sent = Form.sent() if request.method == "POST" else Form()
    if request.method == "POST":
        try:
            codes = second_factor.start(me().person, secret, sent["code"], by=me().actor, now=clock.now())
            session.pop(_SECRET)
            return render_template("account/recovery_codes.html", codes=codes)
        except Refused as refusal:
            sent.refuse(refusal)
    code = qr_path(segno.make(second_factor.address_of(me().person, secret), error="m", micro=False))
    return Response(render_template("account/second_factor.html", form=sent, secret=secret, code=code), 422 if sent.errors else 200)


@bp.post("/faktor-kedua/lepas")
@allow("own_account")
def second_factor_stop() -> Any:
    if (stop := needs_password()) is not None:
        return stop
    second_factor.stop(me().person, by=me().actor, now=clock.now())
    return redirect(url_for(".overview"), 303)


@bp.post("/atasan")
@allow("propose_supervisor")
def propose_supervisor() -> Any:
    sent = Form.sent()
    try:
        posting = postings.main_posting(me().person, zone_now(me().now).date())
        proposed = Person.get_or_none(Person.identifier == accounts.checked_identifier(sent["proposed"]))
        if posting is None or proposed is None:
            raise Refused(Sentence("Tidak ada pegawai dengan NIP itu."), field="proposed")
        corrections.propose(posting, proposed, reason=sent["reason"], by=me().actor, now=clock.now())
    except Refused as refusal:
        refusal.field = refusal.field if refusal.field != "identifier" else "proposed"
        return _page(sent.refuse(refusal), 422)
    return redirect(url_for(".overview"), 303)


def _page(form: Form, status: int = 200) -> Response:
    who = me()
    waiting = _last_proposal(who.workplace["posting"]) if who.workplace else None
    own = Form.of(email=who.person.email, phone=who.person.phone, language=who.person.language)
    form.values = {**own.values, **form.values}
    devices = sessions.running(who.person, now=who.now)
    body = render_template("account/overview.html", form=form, who=who, devices=devices, posting=who.workplace, correction=waiting, device_words=device_words,
                           now=zone_now(who.now), zone=current_app.config["SETTINGS"].zone)  # fmt: skip
    return Response(body, status)


def _last_proposal(posting: Posting) -> Correction | None:
    """What was last said about the superior of a posting, with the person proposed."""
    with_proposed = Correction.select(Correction, Person).join(Person, on=(Correction.proposed == Person.id), attr="proposed")
    found: Correction | None = with_proposed.where(Correction.posting == posting).order_by(Correction.id.desc()).first()
    return found


def device_words(agent: str) -> list[str]:
    """The browser and the system that a device named, as people call them; what is unknown is left out."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return [each for each in (browser, system) if each]
