"""Asking: service, office, channel, particulars and attachments on one page, and then the number."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, request, url_for

from portal import clock
from portal.files import Stored
from portal.offices.models import Office
from portal.refusals import NotFound, Refused
from portal.services import appointments, catalogue, drafts, requests
from portal.services.appointments import Taken
from portal.services.models import COUNTER, Service, ServiceRequest
from portal.services.requests import Asked, Unfit
from portal.views import asked, limits, request_choice, request_papers
from portal.views.access import ANYONE, allow, resumes
from portal.views.attachments import hold_files, sent_files, takes_several_files
from portal.views.forms import Form
from portal.views.language import language
from portal.views.limits import TooOften
from portal.views.opened import open_for_this_browser
from portal.views.request_form_page import address, bp, has_drafts, page, place, saved_words, typed
from portal.words import Sentence

__all__ = ["bp", "request_papers"]  # the papers hang their addresses on the same blueprint
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_OF_BEFORE = ("channel", "slot")  # what belongs to the office that one left


@bp.get("/permohonan/baru")
@allow(ANYONE)
def new() -> Any:
    now = clock.now()
    try:
        service, office = _chosen(asked.text("layanan"), asked.text("kantor"))
    except NotFound as refusal:
        return request_choice.page(refusal, now=now), 404 if refusal.field in request.args else 200
    kept = drafts.of(place(service.slug, office.slug), now=now) if has_drafts() else None
    begun = kept.typed if kept else {name: text for name, text in _of_another_form(now).items() if name not in _OF_BEFORE}
    return page(service, office, Form.of(**begun), now=now, kept=kept)


def _again(refusal: Refused) -> Response:
    """The form as it was typed, with all that is wrong beside its fields; what was typed and uploaded is kept."""
    sent, now = Form.sent(), clock.now()
    hold_files("files")
    try:
        service, office = _chosen(*_named(sent))
    except NotFound as unknown:
        _keep(sent, now)
        return limits.refused(request_choice.page(unknown, now=now, came_from="/".join(_named(sent))), refusal)
    kept = _keep(sent, now)
    for each in _all_that_is_wrong(refusal, sent, service, office, now):
        sent.refuse(each)
    near = refusal.slots if isinstance(refusal, Taken) else ()
    return limits.refused(page(service, office, sent, now=now, kept=kept, near=near), refusal)


@bp.post("/permohonan/baru")
@allow(ANYONE)
@takes_several_files
@resumes(_again)
def ask() -> Any:
    sent, now = Form.sent(), clock.now()
    try:
        limits.check_trap()
        service, office = _chosen(*_named(sent))
        known = requests.of_key(sent["submission_key"])
        made = known or _filed(sent, service, office, now)
    except Refused as refusal:
        return _again(refusal)
    if known is None or _is_own(sent, made, now):
        open_for_this_browser(made)
        drafts.sent(place(*_named(sent)), made.number, now=now)
    return redirect(url_for("requests.show", number=made.number), 303)


@bp.post("/permohonan/baru/draf")
@allow(ANYONE)
def keep() -> Any:
    """Keep what stands in the form while one types; whoever has no JavaScript is brought back to it."""
    sent, now = Form.sent(), clock.now()
    service, office = _named(sent)
    kept = _keep(sent, now)
    if request.headers.get("HX-Request-Type") != "partial":
        return redirect(address(service, office), 303)
    found = Office.get_or_none(Office.slug == office) if "\0" not in office else None
    return render_template("requests/_draft.html", saved=saved_words(kept, now, ZoneInfo(found.timezone)) if found else "")


@bp.post("/permohonan/baru/buang")
@allow(ANYONE)
def discard() -> Any:
    """Let go of what was typed, and begin anew."""
    sent = Form.sent()
    drafts.discard(place(*_named(sent)))
    return redirect(address(*_named(sent)), 303)


def _chosen(service: str, office: str) -> tuple[Service, Office]:
    """The service and the office of a form; NotFound beside the one that has to be chosen first."""
    if not service:
        raise NotFound(Sentence("Pilih layanannya dulu."), field="service")
    try:
        found = catalogue.find(service)
    except NotFound as unknown:
        raise NotFound(unknown.sentence, field="layanan") from None
    if not office:
        raise NotFound(Sentence("Pilih kantornya dulu."), field="office")
    at = Office.get_or_none(Office.slug == office) if "\0" not in office else None
    if at is None:
        raise NotFound(Sentence("Kantor ini tidak ada dalam daftar."), field="kantor")
    if not catalogue.is_served(found, at, clock.now()):
        raise NotFound(Sentence("{office} tidak memberi layanan ini. Pilih kantor lain.", office=at.name), field="kantor")
    return found, at


def _named(sent: Form) -> tuple[str, str]:
    """The service and the office that a form names; where it names none, its address does."""
    return sent["service"][:200] or asked.text("layanan"), sent["office"][:200] or asked.text("kantor")


def _filed(sent: Form, service: Service, office: Office, now: datetime) -> ServiceRequest:
    """Take it in, or refuse with everything that is wrong at once, files too."""
    with limits.submission():
        wrong: list[Refused] = []
        stored: list[Stored] = []
        try:
            stored = sent_files("files")
        except TooOften:
            raise
        except Refused as refusal:
            wrong.append(refusal)
        wish = _wish(sent, service, office, stored)
        if not wrong:
            return requests.submit(wish, now=now)
        try:
            requests.checked(wish, now=now)
        except Unfit as unfit:
            wrong = [*unfit.refusals, *wrong]
        raise Unfit(wrong)


def _wish(sent: Form, service: Service, office: Office, stored: list[Stored]) -> Asked:
    answers = {each.id: sent[f"isian-{each.id}"] for each in catalogue.particulars(service)}
    return Asked(
        service, office, sent["channel"], sent["name"], sent["phone"], sent["email"], sent["nik"], sent["description"], answers, tuple(stored),
        slot=_slot(sent["slot"], office), language=language(), submission_key=sent["submission_key"] or None)  # fmt: skip


def _slot(text: str, office: Office) -> datetime | None:
    """The slot that was chosen; what cannot be read is none."""
    try:
        found = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
        return None if found is None else (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(office.timezone))).astimezone(clock.UTC)
    except (ValueError, OverflowError):
        return None


def _all_that_is_wrong(refusal: Refused, sent: Form, service: Service, office: Office, now: datetime) -> list[Refused]:
    """The refusal in its parts; and a slot that has gone meanwhile is told at once, not only when all the rest is right."""
    wrong = list(refusal.refusals) if isinstance(refusal, Unfit) else [refusal]
    slot = _slot(sent["slot"], office)
    if isinstance(refusal, Unfit) and sent["channel"] == COUNTER and slot is not None and not {each.field for each in wrong} & {"slot", "channel"}:
        day = slot.astimezone(ZoneInfo(office.timezone)).date()
        if slot not in {each.starts_at for each in appointments.free(service, office, now=now, first=max(day, now.date()))}:
            wrong.append(Refused(Sentence("Jadwal ini sudah penuh. Pilih yang lain."), field="slot"))
    return wrong


def _keep(sent: Form, now: datetime) -> drafts.Draft | None:
    """Keep a draft of what was sent; what cannot be kept stands on the page all the same. New ones are counted: they need no account."""
    where, words = place(*_named(sent)), typed(sent)
    try:
        if drafts.exists(where):
            saved = drafts.keep(where, words, submission_key=sent["submission_key"], now=now)
        else:
            with limits.submission("draft"):
                saved = drafts.keep(where, words, submission_key=sent["submission_key"], now=now)
    except Refused:
        return None
    return drafts.Draft(words, "", saved) if saved else None


def _of_another_form(now: datetime) -> dict[str, str]:
    """What was typed into the form from which one comes: «layanan/kantor»."""
    service, _, office = asked.text("dari", 401).partition("/")
    kept = drafts.of(place(service, office), now=now) if service and office else None
    return kept.typed if kept else {}


def _is_own(sent: Form, made: ServiceRequest, now: datetime) -> bool:
    """Whether it was this browser that sent the same form before: a key alone, which a program may have made up, opens nothing."""
    kept = drafts.of(place(*_named(sent)), now=now)
    return kept is not None and kept.number == made.number
