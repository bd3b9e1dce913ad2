"""Assisted filing: an officer writes a request down for somebody at the telephone or at the door."""

import secrets
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, url_for

from portal import clock
from portal.offices.models import Office
from portal.refusals import Refused
from portal.services import appointments, assisted, catalogue
from portal.services.models import COUNTER, DOOR, PHONE, Service
from portal.services.requests import Asked, Unfit
from portal.views import asked, at_desk, request_words, typed
from portal.views.access import allow, me
from portal.views.attachments import hold_files, sent_files, takes_several_files
from portal.views.forms import Form
from portal.views.request_form_page import REQUIREMENT_FORMS
from portal.words import Sentence, later

bp = Blueprint("desk_filing", __name__)
ORIGINS = {PHONE: later("Menelepon"), DOOR: later("Datang ke kantor")}
_MOST_SLOTS = 200


@bp.get("/loket/baru")
@allow("serve_requests")
def form() -> Any:
    """First which service at which office, then the form itself."""
    chosen = Form.of(layanan=asked.text("layanan"), kantor=asked.text("kantor"))
    if not chosen["layanan"] or not chosen["kantor"]:
        return _choice(chosen)
    try:
        service, office = _place(chosen)
    except Refused as refusal:
        return Response(_choice(chosen.refuse(refusal)), 422)
    return _page(service, office, Form.of(submission_key=secrets.token_urlsafe(16)))


@bp.post("/loket/baru")
@allow("serve_requests")
@takes_several_files
def file() -> Any:
    sent, chosen = Form.sent(), Form.of(layanan=asked.text("layanan"), kantor=asked.text("kantor"))
    try:
        service, office = _place(chosen)
    except Refused as refusal:
        return Response(_choice(chosen.refuse(refusal)), 422)
    try:
        made = assisted.file(_asked(sent, service, office), me().person, by=me().actor, now=clock.now())
    except Refused as refusal:
        hold_files("files")
        for each in refusal.refusals if isinstance(refusal, Unfit) else [refusal]:
            sent.refuse(each)
        return Response(_page(service, office, sent), 422)
    return redirect(url_for("desk_request.show", number=made.number, sudah="baru"), 303)


def _asked(sent: Form, service: Service, office: Office) -> Asked:
    answers = {each.id: sent[f"isian-{each.id}"] for each in catalogue.particulars(service)}
    return Asked(
        service, office, sent["channel"], sent["name"], sent["phone"], sent["email"], sent["nik"], sent["description"], answers,
        tuple(sent_files("files")), slot=_slot(sent["slot"], office), submission_key=sent["submission_key"] or None, origin=sent["origin"])  # fmt: skip


def _slot(text: str, office: Office) -> datetime | None:
    """The slot that was chosen; what cannot be read is none."""
    try:
        found = datetime.fromisoformat(text[:40])
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(office.timezone))).astimezone(clock.UTC)
    except (ValueError, OverflowError):
        return None


def _place(chosen: Form) -> tuple[Service, Office]:
    """The service and the office that were chosen; Refused for offices of others, and where the office does not give the service."""
    try:
        service = catalogue.find(chosen["layanan"])
    except Refused as refusal:
        raise Refused(refusal.sentence, field="layanan") from None
    office, own = typed.office(chosen, "kantor"), at_desk.desk().offices
    if own is not None and office.id not in own:
        raise Refused(Sentence("Pilih salah satu kantor Anda."), field="kantor")
    if not catalogue.is_served(service, office, clock.now()):
        raise Refused(Sentence("{office} tidak memberi layanan ini. Pilih kantor lain.", office=office.name), field="kantor")
    return service, office


def _choice(chosen: Form) -> str:
    own = at_desk.desk().offices
    services = catalogue.listed() if own is None else catalogue.given_at(own)
    return render_template("desk/choose.html", form=chosen, services=[(each.slug, each.name) for each in services],
                           offices=at_desk.offices(own))  # fmt: skip


def _page(service: Service, office: Office, form: Form) -> str:
    now, zone = clock.now(), ZoneInfo(office.timezone)
    slots = appointments.free(service, office, now=now, most=_MOST_SLOTS) if COUNTER in service.channels else []
    return render_template(
        "desk/new.html", form=form, service=service, office=office, origins=ORIGINS, channels=request_words.CHANNELS, here=now.astimezone(zone),
        slots=_by_day([slot.starts_at.astimezone(zone) for slot in slots]), asked=catalogue.particulars(service),
        requirements=catalogue.requirements([service]).get(service.id, []), forms=REQUIREMENT_FORMS)  # fmt: skip


def _by_day(moments: list[datetime]) -> list[tuple[date, list[datetime]]]:
    return [(day, list(its)) for day, its in groupby(moments, key=datetime.date)]
