"""What the form of a closure proposes for a reason: the earliest end that the rules allow, channels, and a sentence for the public."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import current_app

from portal.offices import closures
from portal.offices.closures import REASONS
from portal.offices.models import Office
from portal.refusals import Refused
from portal.views.closure_form import moment
from portal.views.forms import Form
from portal.views.language import gettext, spoken
from portal.words import later

FIELDS = ("ends", "online", "dropbox", "note")


@dataclass(frozen=True)
class Proposal:
    """Channels and a note, as the fields hold them."""

    online: str = ""
    dropbox: str = ""
    note: str = ""


_USUAL = Proposal("yes")
_BY_REASON = {
    "confirmed_case": Proposal("yes", "yes", later("Gedung disterilkan dan pelacakan kontak dilakukan. Mohon tidak datang ke kantor.")),
    "disinfection": Proposal("yes", "", later("Gedung disterilkan. Mohon tidak datang ke kantor.")),
    "flood": Proposal("yes", "no", later("Kantor tidak dapat dicapai karena banjir. Mohon tidak datang.")),
    "earthquake": Proposal("yes", "no", later("Keamanan gedung diperiksa lebih dulu. Mohon tidak datang ke kantor.")),
    "fire": Proposal("yes", "no", later("Gedung tidak dapat dipakai setelah kebakaran. Mohon tidak datang ke kantor.")),
    "unrest": Proposal("yes", "no", later("Demi keselamatan, mohon tidak datang ke kantor.")),
    "power": Proposal("", "", later("Loket tidak dapat melayani selama listrik padam.")),
    "network": Proposal("no", "", later("Loket dan layanan daring tidak dapat melayani selama gangguan jaringan.")),
    "works": Proposal("yes", "", later("Loket ditutup selama gedung diperbaiki.")),
    "mourning": Proposal(),
    "election": Proposal(),
    "ceremony": Proposal(),
}


def filled(form: Form) -> set[str]:
    """Put what the reason proposes into the fields that still hold the last proposal; names those that changed. What was typed by hand stays."""
    if form["reason"] not in REASONS:
        return set()
    proposed, changed = {"ends": _earliest_end(form), **_texts(form["reason"])}, set()
    for name in FIELDS:
        is_untouched = _same(form[name], form[f"proposed_{name}"])
        if is_untouched and not _same(form[name], proposed[name]):
            form.values[name] = [proposed[name]]
            changed.add(name)
        form.values[f"proposed_{name}"] = [proposed[name]]
    return changed


def _texts(reason: str) -> dict[str, str]:
    """Channels and note; the note in the language of the installation, for it is kept as it is."""
    found = _BY_REASON.get(reason, _USUAL)
    with spoken(current_app.config["SETTINGS"].locale):
        return {"online": found.online, "dropbox": found.dropbox, "note": gettext(found.note) if found.note else ""}


def _earliest_end(form: Form) -> str:
    """The earliest end by policy as its field holds it; empty where there is none, or only services close."""
    slugs = [slug for slug in form.all("offices") if "\0" not in slug]
    offices = list(Office.select().where(Office.slug.in_(slugs))) if slugs and not form.all("services") else []
    if not offices:
        return ""
    zone = ZoneInfo(offices[0].timezone)
    try:
        starts = moment(form["starts"], "starts", zone)
    except Refused:
        return ""
    minimum = closures.minimum_end(offices, form["reason"], starts) if starts else None
    if minimum is None:
        return ""
    end = minimum[0].astimezone(zone)
    return f"{end:%Y-%m-%dT%H:%M}" if "T" in form["starts"] else f"{end - timedelta(microseconds=1):%Y-%m-%d}"


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()
