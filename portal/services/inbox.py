"""What waits on the desks of some offices: which requests, in which order, how many of each kind, and how one of them is found."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, Case, fn

from portal import numbers
from portal.db import Question, among, slot
from portal.offices.models import Office
from portal.people.models import Person
from portal.services import particulars
from portal.services.models import (
    BOOKED,
    CLOSED,
    IN_PROGRESS,
    OPEN,
    READY,
    RECEIVED,
    WAITING,
    Appointment,
    Pause,
    Service,
    ServiceRequest,
)

TO_DO, MINE, ASKED, ABSENT, FETCHED, ENDED = "to_do", "mine", "asked", "absent", "fetched", "ended"
GROUPS = (TO_DO, MINE, ASKED, ABSENT, FETCHED, ENDED)
PAGE = 30
MOST = 1000  # rows of a list that is printed or taken along
_WORKED = (RECEIVED, IN_PROGRESS)  # the office's turn
_FEWEST_DIGITS = 4  # fewer find half the country
_ZONES = {"wib": "Asia/Jakarta", "west_borneo": "Asia/Pontianak", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_COUNTED = (TO_DO, MINE, ASKED, ABSENT, FETCHED, "overdue", "today")
_NEWS = ServiceRequest.news_at.is_null(False)
_AT_WORK = ServiceRequest.state.in_(_WORKED)


@dataclass(frozen=True)
class Desk:
    """Whose desk it is: the offices one answers for (None: all of them), who one is, and when one looks."""

    offices: Collection[int] | None
    officer: int
    now: datetime


@dataclass(frozen=True)
class Filter:
    """What of it is wanted; with a text, or the mark of an identity number, the whole of the offices is searched, whatever the group."""

    group: str = TO_DO
    offices: Collection[int] | None = None
    service: int | None = None
    channel: str = ""
    is_overdue: bool = False
    text: str = ""
    nik: str = ""
    ids: Collection[int] | None = None  # just these

    @property
    def is_search(self) -> bool:
        """Whether it is asked for by name, so that the group does not matter."""
        return bool(self.text or self.nik or self.ids is not None)


@dataclass(frozen=True)
class Waiting:
    """A request as a list shows it."""

    id: int
    number: str
    revision: int
    state: str
    channel: str
    origin: str
    name: str
    phone: str
    created_at: datetime
    clock_from: datetime | None
    due_on: date | None
    news_at: datetime | None
    closed_at: datetime | None
    pickup_place: str
    assignee_id: int | None
    service: str
    office_id: int
    office: str
    zone: ZoneInfo
    assignee: str
    slot: datetime | None  # when the citizen is expected
    asked_at: datetime | None  # since when the citizen is waited for

    @property
    def is_at_work(self) -> bool:
        """Whether it is the office's turn, so that its deadline runs."""
        return self.state in _WORKED

    def days_left(self, now: datetime) -> int | None:
        """Days until the last one on time; below 0 it is late, none where no deadline runs."""
        return (self.due_on - now.astimezone(self.zone).date()).days if self.due_on is not None and self.is_at_work else None


@dataclass(frozen=True)
class Choices:
    """What a list can be filtered by: offices and services with open requests, as (slug, name) by id."""

    offices: dict[int, tuple[str, str]] = field(default_factory=dict)
    services: dict[int, tuple[str, str]] = field(default_factory=dict)


def rows(desk: Desk, wanted: Filter, *, page: int = 1, most: int = PAGE) -> list[Waiting]:
    """A page of a list, and one row more where there is another page; what is late first, then what is due soonest, then what the citizen wrote about."""
    if wanted.is_search:
        return [_row(each) for each in _listed(_scope(desk, wanted) & _matching(wanted), wanted.group, page, most, is_search=True).tuples()]
    question = _list_of(wanted.group, wanted.is_overdue, _shape(desk, wanted), page, most)
    return [_row(each) for each in question.rows(**_facts(desk, wanted))]


def counts(desk: Desk, wanted: Filter) -> dict[str, int]:
    """How many requests there are of each group that is still somebody's work, and how many of them are late ("overdue"); one question."""
    (found,) = _counts_of(_shape(desk, wanted)).rows(**_facts(desk, wanted))
    return dict(zip(_COUNTED, map(int, found), strict=True))


def choices(desk: Desk) -> Choices:
    """The offices and services of what is still somebody's work; one question."""
    made, offices = Choices(), None if desk.offices is None else sorted(desk.offices)
    for office, slug, name, service, its_slug, its_name in _CHOICES.rows() if offices is None else _OWN_CHOICES.rows(offices=offices):
        made.offices[office] = (slug, name)
        made.services[service] = (its_slug, its_name)
    return made


def waiting(desk: Desk) -> tuple[int, int, int]:
    """Of what waits for the officers of a desk: how many in all, how many are late, and how many come due today."""
    found = counts(desk, Filter())
    return found[TO_DO], found["overdue"], found["today"]


def is_on(desk: Desk, request: ServiceRequest) -> bool:
    """Whether a request is the business of these offices."""
    return desk.offices is None or request.office_id in desk.offices


_COLUMNS = tuple(getattr(ServiceRequest, name) for name in (
    "id", "number", "revision", "state", "channel", "origin", "name", "phone", "created_at", "clock_from", "due_on", "news_at", "closed_at", "pickup_place",
    "assignee"))  # fmt: skip


# The text of a question is made once for each shape, that is for each set of filters: making it costs several times as much as asking it.
Shape = tuple[bool, bool, bool]  # whether offices, a service and a channel are asked for


def _shape(desk: Desk, wanted: Filter) -> Shape:
    return desk.offices is not None or wanted.offices is not None, wanted.service is not None, bool(wanted.channel)


def _facts(desk: Desk, wanted: Filter) -> dict[str, Any]:
    """What fills the places of a question."""
    days = {zone: desk.now.astimezone(ZoneInfo(name)).date() for zone, name in _ZONES.items()}
    return {"now": desk.now, "officer": desk.officer, "offices": sorted(_offices(desk, wanted) or ()), "service": wanted.service,
            "channel": wanted.channel, **days}  # fmt: skip


def _offices(desk: Desk, wanted: Filter) -> set[int] | None:
    """The offices that are looked at: those of the desk, of which a filter may leave some; none where all are."""
    asked = [set(each) for each in (desk.offices, wanted.offices) if each is not None]
    return set.intersection(*asked) if asked else None


@lru_cache(maxsize=128)
def _list_of(group: str, is_overdue: bool, shape: Shape, page: int, most: int) -> Question:
    condition = _group(group) & _overdue() if is_overdue else _group(group)
    return Question(lambda: _listed(_shaped(shape) & condition, group, page, most))


@lru_cache(maxsize=8)
def _counts_of(shape: Shape) -> Question:
    conditions = [*map(_group, _COUNTED[:-2]), _overdue(), _due(lambda day: ServiceRequest.due_on == day)]
    sums = [fn.COALESCE(fn.SUM(Case(None, [(condition, 1)], 0)), 0) for condition in conditions]
    is_somebodys = ServiceRequest.state.in_(OPEN) | _NEWS
    return Question(lambda: _joined(ServiceRequest.select(*sums)).where(_shaped(shape), is_somebodys))


def _listed(condition: Any, group: str, page: int, most: int, *, is_search: bool = False) -> Any:
    """The query of a list with all that its rows tell."""
    found = _joined(ServiceRequest.select(*_COLUMNS, Service.name, Office.id, Office.name, Office.timezone, fn.COALESCE(Person.name, ""),
                                          Appointment.starts_at, Pause.since)).where(condition)  # fmt: skip
    found = found.join(Person, JOIN.LEFT_OUTER, on=ServiceRequest.assignee == Person.id)
    found = found.join(Pause, JOIN.LEFT_OUTER, on=(Pause.request == ServiceRequest.id) & Pause.until.is_null())
    return found.order_by(*_order(group, is_search)).offset((page - 1) * most).limit(most + 1)


def _joined(query: Any) -> Any:
    """With service, office and the appointment that is held."""
    held = (Appointment.request == ServiceRequest.id) & Appointment.seat.is_null(False) & (Appointment.state == BOOKED)
    joined = query.join(Service, on=ServiceRequest.service == Service.id).join(Office, on=ServiceRequest.office == Office.id)
    return joined.join(Appointment, JOIN.LEFT_OUTER, on=held)


def _row(cells: tuple[Any, ...]) -> Waiting:
    facts, zone = list(cells), len(_COLUMNS) + 3
    facts[zone] = ZoneInfo(facts[zone])
    return Waiting(*facts)


def _shaped(shape: Shape) -> Any:
    """What the filters of a shape leave."""
    with_offices, with_service, with_channel = shape
    found = ServiceRequest.id.is_null(False)
    if with_offices:
        found &= among(ServiceRequest.office, "offices")
    if with_service:
        found &= ServiceRequest.service == slot("service")
    if with_channel:
        found &= ServiceRequest.channel == slot("channel")
    return found


def _scope(desk: Desk, wanted: Filter) -> Any:
    """What the filters leave of one's offices, for a search."""
    found, offices = ServiceRequest.id.is_null(False), _offices(desk, wanted)
    if offices is not None:
        found &= ServiceRequest.office.in_(list(offices) or [0])
    if wanted.service is not None:
        found &= ServiceRequest.service == wanted.service
    return found & (ServiceRequest.channel == wanted.channel) if wanted.channel else found


def _matching(wanted: Filter) -> Any:
    """By its number however it is typed or a part of it, by a part of the name, by digits of the telephone, or by the mark of the identity number."""
    if wanted.ids is not None:
        return ServiceRequest.id.in_(list(wanted.ids) or [0])
    if wanted.nik:
        return ServiceRequest.nik_mark == wanted.nik
    if (number := numbers.read(wanted.text)) is not None:
        return ServiceRequest.number == number
    found = ServiceRequest.name.contains(wanted.text)
    digits = re.sub(r"^(?:00)?62(?=8)", "0", re.sub(r"\D", "", wanted.text))
    if len(digits) >= _FEWEST_DIGITS and not re.search(r"[^\W\d_]", wanted.text):
        found |= ServiceRequest.phone.contains(digits)
    if len(wanted.text) >= _FEWEST_DIGITS:
        found |= ServiceRequest.number.contains(wanted.text.upper())
    return found


def _group(name: str) -> Any:
    started = ServiceRequest.clock_from.is_null(False)
    missed = Appointment.id.is_null(False) & (Appointment.starts_at <= slot("now"))  # whether the citizen came is still to be noted
    quiet = ServiceRequest.news_at.is_null()
    return {
        TO_DO: _NEWS | (_AT_WORK & (started | missed)),
        MINE: (ServiceRequest.assignee == slot("officer")) & (ServiceRequest.state.in_(OPEN) | _NEWS),
        ASKED: (ServiceRequest.state == WAITING) & quiet,
        ABSENT: _AT_WORK & quiet & ~started & (Appointment.id.is_null() | (Appointment.starts_at > slot("now"))),
        FETCHED: (ServiceRequest.state == READY) & quiet,
        ENDED: ServiceRequest.state.in_(CLOSED),
    }[name]


def _overdue() -> Any:
    return _due(lambda day: ServiceRequest.due_on < day)


def _due(compared: Callable[[Any], Any]) -> Any:
    """A condition on the last day on time, each office's by its own calendar day; elsewhere than in Indonesia by that of Jakarta."""
    own = reduce(or_, [(Office.timezone == name) & compared(slot(zone)) for zone, name in _ZONES.items()])
    return _AT_WORK & (own | (Office.timezone.not_in(list(_ZONES.values())) & compared(slot("wib"))))


def _order(group: str, is_search: bool) -> list[Any]:
    if is_search or group == ENDED:
        return [ServiceRequest.closed_at.is_null().desc(), ServiceRequest.closed_at.desc(), ServiceRequest.created_at.desc(), ServiceRequest.id.desc()]
    due = Case(None, [(_AT_WORK, ServiceRequest.due_on)], None)
    soonest = [due.is_null(), due] if group != ABSENT else [Appointment.starts_at.is_null(), Appointment.starts_at]
    return [*soonest, ServiceRequest.news_at.is_null(), ServiceRequest.created_at, ServiceRequest.id]


def _choices() -> Any:
    found = ServiceRequest.select(Office.id, Office.slug, Office.name, Service.id, Service.slug, Service.name).join(Office).switch(ServiceRequest).join(Service)
    return found.where(ServiceRequest.state.in_(OPEN)).distinct().order_by(Office.name, Service.name).limit(MOST)


_CHOICES = Question(_choices)
_OWN_CHOICES = Question(lambda: _choices().where(among(ServiceRequest.office, "offices")))


def nik_filter(digits: str) -> Filter:
    """Whatever was asked for under an identity number, as its sixteen digits were typed."""
    return Filter(nik=particulars.nik_mark(particulars.nik(digits)))
