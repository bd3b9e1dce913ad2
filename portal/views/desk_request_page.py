"""The page of one request on an officer's desk: what was asked, what happened, how the deadline is counted, what can be done now."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from peewee import JOIN

from portal import clock
from portal.files import Attachment
from portal.offices.models import Office
from portal.people.models import Person
from portal.services import appointments, canned, catalogue, deadlines, offers, passing, personal_data, sight, situations
from portal.services.models import IN_PROGRESS, OPEN, RECEIVED, Particular, RequestEvent, RequestFile, Service, ServiceRequest
from portal.services.requests import SUBMITTED
from portal.views import at_desk, calling, deadline_words, desk_acts, desk_words, effect_words, request_words
from portal.views.access import me
from portal.views.forms import Form
from portal.views.language import day_words
from portal.views.office_services import box_hours
from portal.views.request_form_page import REQUIREMENT_FORMS, by_day
from portal.views.request_offer import CLOSURE
from portal.words import Sentence

_MOST_SLOTS = 150


@dataclass(frozen=True)
class Happened:
    """One thing in the history, as it is shown."""

    what: str
    sentence: Sentence
    at: datetime
    by: str  # nobody: the citizen
    text: str
    files: list[RequestFile]
    is_internal: bool
    changes: list[Sentence]  # of an act on a closure


@dataclass(frozen=True)
class Answer:
    """One thing that the form of the service asked; a sealed answer is shown only where it was opened."""

    label: str
    text: str
    is_sealed: bool


def page(request: ServiceRequest, form: Form | None = None, act: str = "", *, done: str = "", nik: str = "", opened: dict[int, str] | None = None) -> str:
    """The page as it is now; `form` is that of an act that comes back, `nik` and `opened` what was unsealed for this once."""
    now, row = clock.now(), _fresh(request)
    zone = ZoneInfo(row.office.timezone)
    held = appointments.of(row)
    offer = offers.standing(row, now=now)
    acts = desk_acts.fitting(row, held, offer if offer is not None and offer.answer == offers.UNANSWERED else None, now)
    history = _history(row, zone)
    sight.looked_at(row, by=me().actor, since=at_desk.day_began(zone), now=now)
    return render_template(
        "desk/request.html", row=row, zone=zone, here=now.astimezone(zone), held=held, offer=offer,
        form=form or Form(), act=act, empty=Form(), done=done, nik=nik,
        acts=[(name, desk_acts.ACTS[name]) for name in acts], prefilled_form=_prefilled(row), answers=_answers(row, opened), is_opened=opened is not None,
        history=history, sent_files=[file for each in history if not each.by or each.what == SUBMITTED for file in each.files],
        requirements=catalogue.requirements([row.service]).get(row.service_id, []), forms=REQUIREMENT_FORMS,
        flag=_days_left(row, now, zone), due_words=desk_words.due_words, states=request_words.STATES, channels=request_words.CHANNELS,
        origins=request_words.ORIGINS, chat=calling.chat_about(row), wishes=personal_data.wishes(row),
        **_choices(row, acts, zone, now), **_deadline(row, zone, now), **_ways(row, now))  # fmt: skip


def text_field(request: ServiceRequest, form: Form, act: str) -> str:
    """The field for a message alone, with the canned answers that fit it."""
    return render_template("desk/_text.html", form=form, name=act, each=desk_acts.ACTS[act], row=request, canned=canned.offered(request), is_main=False)


def _fresh(request: ServiceRequest) -> ServiceRequest:
    """The row as it stands, with all that the page tells of it: one question."""
    filer = Person.alias()
    found = ServiceRequest.select(ServiceRequest, Service, Office, Person, filer).join(Service).switch(ServiceRequest).join(Office).switch(ServiceRequest)
    found = found.join(Person, JOIN.LEFT_OUTER, on=ServiceRequest.assignee).switch(ServiceRequest).join(filer, JOIN.LEFT_OUTER, on=ServiceRequest.filed_by)
    return found.where(ServiceRequest.id == request.id).get()


def _history(row: ServiceRequest, zone: ZoneInfo) -> list[Happened]:
    """All that happened, the newest first; two questions however much it was."""
    files: dict[int, list[RequestFile]] = {}
    for file in RequestFile.select(RequestFile, Attachment).join(Attachment).where(RequestFile.request == row.id).order_by(RequestFile.id):
        files.setdefault(file.event_id, []).append(file)
    events = RequestEvent.select().where(RequestEvent.request == row.id).order_by(RequestEvent.id.desc())
    return [Happened(event.what, request_words.told(event, zone), event.at.astimezone(zone), event.by, event.text, files.get(event.id, []), event.is_internal,
                     effect_words.changes(event.facts, zone) if event.what == CLOSURE else [])
            for event in events]  # fmt: skip


def _answers(row: ServiceRequest, opened: dict[int, str] | None) -> list[Answer]:
    """What was answered, in the order of the form; labels of questions that are asked no more stay."""
    given = opened if opened is not None else sight.plain_answers(row)
    asked: Iterable[Particular] = Particular.select().where(Particular.service == row.service_id).order_by(Particular.place, Particular.id) if given else ()
    return [Answer(each.label, _told(each, given[each.id]), not given[each.id]) for each in asked if each.id in given]


def _told(asked: Particular, text: str) -> str:
    """An answer as it is read: days in words."""
    if asked.kind != "date" or not text:
        return text
    with suppress(ValueError):
        return day_words(date.fromisoformat(text))
    return text


def _prefilled(row: ServiceRequest) -> Form:
    """What stands in fields before anybody has typed: where a result is fetched and when, and whom to tell what went wrong."""
    office = row.office
    place = ", ".join(filter(None, (office.name, office.address, box_hours(office.hours))))
    reach = ", ".join(filter(None, (office.name, office.phone, office.email)))
    return Form.of(place=row.pickup_place or place, objection=row.service.complaints or reach)


def _choices(row: ServiceRequest, acts: list[str], zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """To whom, where, and with which ready words; asked only where an act needs it."""
    return {
        "officers": passing.colleagues(row.office) if "tugaskan" in acts else [],
        "slots": by_day(appointments.free(row.service, row.office, now=now, most=_MOST_SLOTS), zone) if "jadwal" in acts else [],
        "takers": passing.takers(row) if "serahkan" in acts else [],
        "canned": canned.offered(row),
        "ways_to_change": [name for name in row.service.channels if name != row.channel],
    }


def _days_left(row: ServiceRequest, now: datetime, zone: ZoneInfo) -> int | None:
    return (row.due_on - now.astimezone(zone).date()).days if row.due_on is not None and row.state in (RECEIVED, IN_PROGRESS) else None


def _deadline(row: ServiceRequest, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """How the deadline is counted, in boxes and in a line; nothing where none runs."""
    count = deadlines.counted(row, now=now) if row.state in OPEN else None
    if count is None or count.due_on is None:
        return {"count": count, "steps": [], "pauses": [], "explained": None}
    closures = deadline_words.closures_of(count)
    return {"count": count, "steps": deadline_words.steps(count), "pauses": deadline_words.pauses(count, closures, zone),
            "explained": deadline_words.explained(row, count, closures)}  # fmt: skip


def _ways(row: ServiceRequest, now: datetime) -> dict[str, Any]:
    """What a citizen can be advised who asks where else it goes."""
    return {"ways": situations.ways(row.service, row.office, now) if row.state in OPEN else []}
