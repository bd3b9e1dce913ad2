"""The form of a request as a page: by which ways it can go, which slots are free, what it asks, and what was kept of it."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, session, url_for

from portal.clock import zone_name
from portal.offices.models import Closure, Office
from portal.offices.partly import last_of
from portal.offices.state import REMOTE, SUSPENDED, Outlook
from portal.offices.telling import STATE_WORDS, review_of
from portal.services import appointments, catalogue, deadlines, drafts, routing, situations
from portal.services.appointments import Slot
from portal.services.drafts import Draft
from portal.services.models import COUNTER, ONLINE, Particular, Service
from portal.services.routing import ELSEWHERE, Option, Situation
from portal.views.forms import Form
from portal.views.language import say
from portal.views.request_words import CHANNELS
from portal.words import Sentence, later

bp = Blueprint("request_form", __name__)
# The fields in the order of the page; the service's own and the files follow.
ORDER = ("service", "office", "channel", "slot", "name", "phone", "email", "nik", "description")
_KEPT = frozenset(ORDER[2:])
_OWN = re.compile(r"isian-[0-9]{1,9}", re.ASCII)
_MOST_OWN = 60
_OWNER = "drafts_of"  # in the session: whose drafts they are
_MOST_SLOTS = 400
REQUIREMENT_FORMS = {"original": later("asli"), "copy": later("salinan"), "either": later("asli atau salinan"), "none": ""}


@dataclass(frozen=True)
class Way:
    """One channel to choose: all that routing says of it at this office."""

    channel: str
    options: tuple[Option, ...]
    is_full: bool = False  # a counter without a free slot

    @property
    def works_now(self) -> bool:
        return any(option.works_now for option in self.options)


@dataclass(frozen=True)
class Note:
    """What stands above the form where the office or the service is closed: its state, a word, the sentence, and where it is diverted to in words."""

    state: str
    word: str
    sentence: Sentence
    places: tuple[str, ...] = ()


def page(service: Service, office: Office, form: Form, *, now: datetime, kept: Draft | None = None, near: Iterable[Slot] = ()) -> str:
    """The form as it stands; `near` are the slots to offer first, where the one that was chosen has gone."""
    situation = situations.of(service, office, now)
    options, zone = routing.options(situation, office.id, now), ZoneInfo(office.timezone)
    slots = _slots(service, office, situation, now)
    ways = _ways(options, office, has_slots=bool(slots))
    form, asked = _begun(form, ways), catalogue.particulars(service)
    return render_template(
        "requests/new.html", service=service, small_name=_small(service.name), office=office, form=form, wrong=in_order(form.errors), kept=kept,
        saved=saved_words(kept, now, zone), here=now.astimezone(zone), words=CHANNELS, ways=ways, count=_first_day(slots, zone), slots=by_day(slots, zone),
        near=by_day(near, zone), elsewhere=[option for option in options if option.channel == ELSEWHERE], note=_note(situation, office, options, now),
        due=_due(service, office, situation, now), asked=asked, choices=_choices(asked), came_from=f"{service.slug}/{office.slug}",
        requirements=catalogue.requirements([service]).get(service.id, []), forms=REQUIREMENT_FORMS)  # fmt: skip


def address(service: str, office: str, **more: Any) -> str:
    """Where the form of a service at an office stands."""
    return url_for("request_form.new", layanan=service or None, kantor=office or None, **more)


def place(service: str, office: str) -> drafts.Place:
    """Where this browser's draft of a form is kept."""
    if _OWNER not in session:
        session[_OWNER] = secrets.token_urlsafe(18)
    return drafts.Place(session[_OWNER], service[:200], office[:200])


def has_drafts() -> bool:
    """Whether this browser may have drafts at all: it has been at a form before."""
    return _OWNER in session


def typed(form: Form) -> dict[str, str]:
    """What of a form a draft keeps: all that is typed or chosen, without files, tokens and keys."""
    own = [name for name in form.values if _OWN.fullmatch(name)][:_MOST_OWN]
    return {name: form[name] for name in [*sorted(_KEPT & form.values.keys()), *own]}


def in_order(errors: dict[str, str]) -> dict[str, str]:
    """What is wrong in the order of the page."""
    return dict(sorted(errors.items(), key=lambda each: ORDER.index(each[0]) if each[0] in ORDER else len(ORDER) if each[0] else -1))


def by_day(slots: Iterable[Slot], zone: ZoneInfo) -> list[tuple[date, list[tuple[str, str]]]]:
    """Slots by day on the clocks of the office: what the form sends for each, and its time."""
    local = [each.starts_at.astimezone(zone) for each in slots]
    return [(day, [(each.isoformat(), f"{each:%H.%M}") for each in its]) for day, its in groupby(local, key=datetime.date)]


def saved_words(kept: Draft | None, now: datetime, zone: ZoneInfo) -> str:
    """When a draft was saved, as the page says it: the time today, before that the moment; nothing where none is kept."""
    if kept is None or kept.number:
        return ""
    saved, here = kept.saved_at.astimezone(zone), now.astimezone(zone)
    return f"{say(saved.time())} {zone_name(saved)}" if saved.date() == here.date() else say(saved, here)


def _begun(form: Form, ways: list[Way]) -> Form:
    """A form that nobody has touched begins with what helps most, and with a key of its own."""
    form.values.setdefault("channel", [next((way.channel for way in ways if way.works_now and not way.is_full), "")])
    if not form["submission_key"]:
        form.values["submission_key"] = [secrets.token_urlsafe(16)]
    return form


def _small(name: str) -> str:
    """The name of a service within a sentence: «surat keterangan», but «KTP» as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _choices(asked: Iterable[Particular]) -> dict[int, list[tuple[str, str]]]:
    """What may be chosen for each question that offers a choice."""
    return {each.id: [("", "–"), *((option, option) for option in each.options)] for each in asked if each.kind == "choice"}


def _ways(options: list[Option], office: Office, *, has_slots: bool) -> list[Way]:
    """The channels of this office in the order of what helps most, each once."""
    usable = routing.channels_of(options, office.id)
    own = [option for option in options if option.spot.id == office.id and option.channel in usable]
    by_channel = {each.channel: tuple(option for option in own if option.channel == each.channel) for each in own}
    return [Way(channel, its, is_full=channel == COUNTER and not has_slots) for channel, its in by_channel.items()]


def _slots(service: Service, office: Office, situation: Situation, now: datetime) -> list[Slot]:
    if COUNTER not in service.channels:
        return []
    return appointments.free(service, office, now=now, most=_MOST_SLOTS, picture=situation.picture)


def _first_day(slots: list[Slot], zone: ZoneInfo) -> tuple[date, int] | None:
    """The first day with free slots, and how many it has."""
    days = [slot.starts_at.astimezone(zone).date() for slot in slots]
    return (days[0], days.count(days[0])) if days else None


def _due(service: Service, office: Office, situation: Situation, now: datetime) -> date | None:
    """Until when what is asked online this moment is to be settled."""
    if service.working_days is None or ONLINE not in service.channels:
        return None
    return deadlines.promised(situation.picture.nodes[office.id], service.working_days, now=now)


def _note(situation: Situation, office: Office, options: list[Option], now: datetime) -> Note | None:
    """What is to be said of a closure before anything is asked."""
    node = situation.picture.nodes[office.id]
    outlook, single = situation.picture.outlook(node, now), situation.picture.closed_services(node, now).get(situation.offer.slug)
    places = tuple(place for its in situation.contacts.values() for place in its)
    if outlook.state in {REMOTE, SUSPENDED}:
        online = next((option for option in options if option.channel == ONLINE and option.spot.id == office.id and option.works_now), None)
        if online is not None:
            return Note(outlook.state, later("Diproses daring"), online.sentence, places)
        return Note(outlook.state, STATE_WORDS[outlook.state], _closed(outlook, now, node.timetable.zone), places)
    if single is not None:
        return Note("limited", later("Layanan ini tutup tatap muka"), _singly(single.ends_at, node.timetable.zone), places)
    return None


def _closed(outlook: Outlook, now: datetime, zone: ZoneInfo) -> Sentence:
    """Until when an office is closed; without an end, when that is looked at again."""
    if outlook.until is not None:
        return Sentence("Kantor ini tutup sampai {last}.", last=last_of(outlook.until, zone))
    review = review_of(Closure.select().where(Closure.id.in_(outlook.condition.closures)), now.astimezone(zone).date())
    if review is None:
        return Sentence("Kantor ini tutup sampai pemberitahuan lebih lanjut.")
    return Sentence("Kantor ini tutup sampai pemberitahuan lebih lanjut, ditinjau {review}.", review=review)


def _singly(until: datetime | None, zone: ZoneInfo) -> Sentence:
    if until is None:
        return Sentence("Kantor buka, tetapi layanan ini tidak dilayani di loket sampai pemberitahuan lebih lanjut.")
    return Sentence("Kantor buka, tetapi layanan ini tidak dilayani di loket sampai {last}.", last=last_of(until, zone))
