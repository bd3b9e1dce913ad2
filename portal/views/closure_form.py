"""What the form of a closure says: offices, moments on their clocks, and what serves instead, as a plan."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from portal import clock
from portal.clock import midnight
from portal.offices import rules
from portal.offices.closures import REASONS, Plan
from portal.offices.models import Office
from portal.refusals import Refused
from portal.views import closure_diversions, closure_services
from portal.views.access import me
from portal.views.closure_offices import MOST
from portal.views.forms import Form
from portal.words import Sentence

_DAY, _MOMENT = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"


def plan_of(sent: Form) -> Plan:
    """The plan that was typed; refused where an office is unknown or not one's own to close, or a date cannot be read."""
    offices = closable(sent.all("offices"))
    zone = ZoneInfo(offices[0].timezone)
    if not sent["reason"]:
        raise Refused(Sentence("Pilih sebabnya."), field="reason")
    if sent["reason"] in REASONS and sent["reason"] not in rules.offered_reasons(clock.now().astimezone(zone).date()):
        raise Refused(Sentence("Sebab ini sedang tidak dipakai menurut kebijakan."), field="reason")
    starts = moment(sent["starts"], "starts", zone)
    if starts is None:
        raise Refused(Sentence("Isi tanggal mulai."), field="starts")
    given = closure_services.given_at([office.id for office in offices]) if sent.all("services") or sent.all("divert_service") else {}
    services = closure_services.ticked(sent.all("services"), given)
    return Plan(
        offices, sent["reason"], starts, moment(sent["ends"], "ends", zone, is_end=True), excepted=known(sent.all("except"), "except"),
        services=tuple(services), service_names=services,
        is_whole_days="T" not in sent["starts"] + sent["ends"], review_on=day(sent["review_on"], "review_on"), online=_yes_no(sent["online"]),
        dropbox=_yes_no(sent["dropbox"]), detours=closure_diversions.detours(sent, given), note=sent["note"], internal_note=sent["internal_note"],
        legal_basis=sent["legal_basis"], override_reason=sent["override_reason"], import_key=_key(sent["submission_key"][:100]))  # fmt: skip


def closable(slugs: list[str]) -> list[Office]:
    """The chosen offices, at least one and all of them one's own to close."""
    offices = known(slugs, "offices")
    if not offices:
        raise Refused(Sentence("Pilih paling sedikit satu kantor."), field="offices")
    for office in offices:
        if not me().may_close(office):
            raise Refused(Sentence("Anda tidak berwenang menutup {office}.", office=office.name), field="offices")
    return offices


def known(slugs: list[str], field: str) -> list[Office]:
    """Offices by their slugs, in that order, each once."""
    wanted = list(dict.fromkeys(slugs))
    if len(wanted) > MOST:
        raise Refused(Sentence("Paling banyak {most} kantor sekaligus.", most=MOST), field=field)
    found = {office.slug: office for office in Office.select().where(Office.slug.in_([slug for slug in wanted if "\0" not in slug] or [""]))}
    for slug in wanted:
        if slug not in found:
            raise Refused(Sentence("Kantor {slug} tidak ada.", slug=slug[:60]), field=field)
    return [found[slug] for slug in wanted]


def moment(text: str, field: str, zone: ZoneInfo, *, is_end: bool = False) -> datetime | None:
    """A local day or date-time as a moment; a day as an end is included."""
    text = text.strip()
    if not text:
        return None
    if "T" not in text:
        named = day(text, field)
        return midnight(named + timedelta(days=1) if is_end and named else named, zone) if named else None
    try:
        if not re.fullmatch(_MOMENT, text, re.ASCII):
            raise ValueError
        found = datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise _unreadable(text, field) from None
    _check_year(found, text, field)
    return found.astimezone(clock.UTC)


def day(text: str, field: str) -> date | None:
    """A day as it was typed, or none."""
    text = text.strip()
    if not text:
        return None
    try:
        if not re.fullmatch(_DAY, text, re.ASCII):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise _unreadable(text, field) from None
    _check_year(found, text, field)
    return found


def input_type(form: Form, name: str, other: str = "") -> str:
    """The kind of field that shows a day, a date-time, or what nobody can read, as it was typed."""
    text = form[name].strip()
    if re.fullmatch(_MOMENT, text, re.ASCII) or (not text and other and "T" in form[other]):
        return "datetime-local"
    return "date" if not text or re.fullmatch(_DAY, text, re.ASCII) else "text"


def with_hours(form: Form, zone: ZoneInfo) -> Form:
    """The same form with a time beside each day: today begins at this minute, another day in the morning."""
    here = me().now.astimezone(zone)
    for name, usual in (("starts", "07:00"), ("ends", "17:00")):
        if re.fullmatch(_DAY, form[name].strip(), re.ASCII):
            is_now = name == "starts" and form[name].strip() == here.date().isoformat()
            form.values[name] = [f"{form[name].strip()}T{here:%H:%M}" if is_now else f"{form[name].strip()}T{usual}"]
    return form


def said(form: Form, name: str, zone: ZoneInfo) -> date | datetime | None:
    """What stands in a field of a date, to be put into words beside it; nothing where it cannot be read."""
    try:
        return day(form[name], name) if "T" not in form[name] else (found := moment(form[name], name, zone)) and found.astimezone(zone)
    except Refused:
        return None


def zone_of(slugs: list[str]) -> ZoneInfo:
    """The zone on whose clocks a form is filled in: that of its first office, else the portal's."""
    first = next((slug for slug in slugs if "\0" not in slug), "")
    office = Office.get_or_none(Office.slug == first) if first else None
    return ZoneInfo(office.timezone) if office else current_app.config["SETTINGS"].zone


def _check_year(found: date, text: str, field: str) -> None:
    if not 2000 <= found.year <= 2100:
        raise _unreadable(text, field)


def _unreadable(text: str, field: str) -> Refused:
    return Refused(Sentence("Tanggal {text} tidak dapat dibaca. Contoh: 2020-09-22.", text=text[:40]), field=field)


def _key(typed: str) -> str | None:
    """What makes two presses of one button the same closure; a form without it, from a program, is always a new one."""
    return f"form-{me().person.id}-{typed}" if typed and typed.isprintable() else None


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)
