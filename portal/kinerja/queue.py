"""What waits for a superior: the days of one's own people, of those in whose place one stands, and what waited too long one step below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, SQL, fn

from portal.attendance.models import Leave
from portal.db import Question, among, slot
from portal.files import Attachment
from portal.kinerja import routing, threads
from portal.kinerja.models import SUBMITTED, ActivityType, Entry, Target, WorkDay
from portal.offices.models import Office
from portal.offices.staff import Posting
from portal.people.models import Person

MOST = 1000  # days that one queue shows and counts; who has more begins with the oldest
_Superior, _Upper = Person.alias(), Person.alias()


@dataclass(frozen=True)
class Waiting:
    """A day as a superior sees it in a list: whose, what it holds, and as what one looks at it."""

    id: int
    person_id: int
    name: str
    position: str
    day: date
    zone: ZoneInfo
    office_id: int
    state: str
    revision: int
    entries: int
    claimed: int
    effective: int
    effective_wfh: int
    unproven: int
    due_at: datetime | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    supervisor_id: int | None
    upper_id: int | None
    supervisor: str
    upper: str
    is_away: bool  # on leave or ill: which of them is not asked
    unread: int

    def risen(self, held: dict[int, int | None]) -> bool:
        """Whether it comes to somebody with these seats only because the superior let it wait."""
        return self.supervisor_id not in held

    def in_place_of(self, held: dict[int, int | None]) -> str:
        """The superior a.n. whom somebody with these seats decides; nobody, where one decides as oneself."""
        seat = self.upper_id if self.risen(held) else self.supervisor_id
        name = self.upper if self.risen(held) else self.supervisor
        return name if seat is not None and held.get(seat) is not None else ""


def waiting(person: Person, today: date, now: datetime) -> Any:
    """The submitted days that somebody may decide about now, as a query of WorkDay; never one's own."""
    seats = list(routing.seats(person, today))
    return WorkDay.select().where(_waits(person.id, lambda of: of.in_(seats), now))


def lines(person: Person, held: dict[int, int | None], now: datetime) -> list[Waiting]:
    """What waits for somebody with these seats as a list shows it, person by person, who has waited longest first; one question."""
    found = [_row(*facts) for facts in _WAITING.rows(person=person.id, seats=list(held), now=now)]
    oldest: dict[int, int] = {}
    for place, each in enumerate(found):
        oldest.setdefault(each.person_id, place)
    return sorted(found, key=lambda each: (oldest[each.person_id], each.day))


def line(row: WorkDay, person: Person) -> Waiting:
    """One day as it would stand in the list, wherever it stands."""
    return _row(*_told(WorkDay.select().where(WorkDay.id == row.id), person.id).tuples().get())


def activities(days: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """What was done on these days, in its order, with target, type and evidence; one question."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _DONE.rows(days=list(days)):
        each = dict(zip(_DONE_NAMES, row, strict=True))
        found.setdefault(each["work_day"], []).append(each)
    return found


def _waits(person: Any, is_seat: Callable[[Any], Any], now: Any) -> Any:
    """The condition that a day waits for somebody now; `is_seat` says of a column that it names one of the superiors as whom they decide."""
    risen = is_seat(WorkDay.upper) & (WorkDay.escalates_at <= now)
    return (WorkDay.state == SUBMITTED) & (WorkDay.person != person) & (is_seat(WorkDay.supervisor) | risen)


def _told(query: Any, reader: Any) -> Any:
    """A query of days with all that a list tells, so that no row needs a question of its own."""
    columns = [getattr(WorkDay, name) for name in _FACTS]
    joined = query.join(Person, on=WorkDay.person == Person.id).join(Office, on=WorkDay.office == Office.id)
    joined = joined.join(_Superior, JOIN.LEFT_OUTER, on=WorkDay.supervisor == _Superior.id).join(_Upper, JOIN.LEFT_OUTER, on=WorkDay.upper == _Upper.id)
    return joined.select(*columns, Person.name, Office.timezone, fn.COALESCE(_Superior.name, ""), fn.COALESCE(_Upper.name, ""), _position(), _away(),
                         threads.unread_of(reader))  # fmt: skip


_FACTS = ("id", "person", "day", "office", "state", "revision", "entries", "claimed", "effective", "effective_wfh", "unproven", "due_at",
          "first_submitted_at", "submitted_at", "supervisor", "upper")  # fmt: skip


def _row(*facts: Any) -> Waiting:
    known = dict(zip(_FACTS, facts, strict=False))
    for name in ("person", "office", "supervisor", "upper"):
        known[f"{name}_id"] = known.pop(name)
    name, zone, superior, upper, position, is_away, unread = facts[len(_FACTS) :]
    return Waiting(**known, name=name, zone=ZoneInfo(zone), supervisor=superior, upper=upper, position=position or "", is_away=bool(is_away), unread=unread)


def _position() -> Any:
    runs = (Posting.first_day <= WorkDay.day) & (Posting.last_day.is_null() | (Posting.last_day >= WorkDay.day))
    return Posting.select(Posting.position).where(Posting.person == WorkDay.person, Posting.is_main, runs).order_by(Posting.id.desc()).limit(1)


def _away() -> Any:
    runs = (Leave.first_day <= WorkDay.day) & (Leave.last_day >= WorkDay.day)
    absences = Leave.select(SQL("1")).where(Leave.person == WorkDay.person, Leave.withdrawn_at.is_null(), Leave.kind != "field", runs)
    return fn.EXISTS(absences)


def _done() -> Any:
    """The activities of so many days, with what they hang on."""
    ours = (Entry.id, Entry.work_day, Entry.description, Entry.starts, Entry.ends, Entry.quantity, Entry.unit, Entry.place, Entry.effective,
            Entry.evidence_link, Entry.evidence, Entry.state, Entry.remark)  # fmt: skip
    others = (Target.id, Target.person, Target.title, Target.origin_id, Target.unit, Target.amount, ActivityType.name, ActivityType.needs_evidence)
    query = Entry.select(*ours, *others, Attachment.name).join(Target, JOIN.LEFT_OUTER).switch(Entry).join(ActivityType, JOIN.LEFT_OUTER).switch(Entry)
    chosen = among(Entry.work_day, "days") & Entry.removed_at.is_null()
    return query.join(Attachment, JOIN.LEFT_OUTER).where(chosen).order_by(Entry.work_day, Entry.starts, Entry.id)


_DONE_NAMES = ("id", "work_day", "description", "starts", "ends", "quantity", "unit", "place", "effective", "evidence_link", "evidence", "state", "remark",
               "target", "author", "title", "origin_id", "target_unit", "amount", "type", "needs_evidence", "file")  # fmt: skip
_DONE = Question(_done)


def _waiting() -> Any:
    waits = _waits(slot("person"), lambda of: among(of, "seats"), slot("now"))
    return _told(WorkDay.select().where(waits), slot("person")).order_by(WorkDay.day, WorkDay.id).limit(MOST)


_WAITING = Question(_waiting)
