"""What is said about a day, between its author and those who vouch for it, and what of it somebody has read."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, IntegrityError, Value, fn

from portal import audit
from portal.audit import Actor
from portal.db import transaction
from portal.kinerja import routing
from portal.kinerja.models import DayAct, DayMessage, DayReading, WorkDay
from portal.people.models import Person
from portal.refusals import NotFound, plain
from portal.words import Sentence, later

ACTS = {
    "submitted": later("Diajukan"),
    "approved": later("Disetujui"),
    "returned": later("Dikembalikan"),
    "rejected": later("Ditolak"),
    "entry_approved": later("Kegiatan disetujui"),
    "entry_rejected": later("Kegiatan ditolak"),
    "unlocked": later("Dibuka kembali"),
    "opened": later("Dibuka untuk diisi"),
    "rerouted": later("Dialihkan ke atasan lain"),
    "objected": later("Keberatan diajukan"),
    "objection_accepted": later("Keberatan diterima"),
    "objection_refused": later("Keberatan ditolak"),
}
_LONGEST = 2000
_NEWS = timedelta(days=62)
_Place = Person.alias()


@dataclass(frozen=True)
class Said:
    """One thing that was said or done about a day: a message where it has no act."""

    at: datetime
    person_id: int | None
    name: str  # nobody's where the portal itself did it
    acting_for: str  # a.n. whom
    act: str
    text: str


def history(row: WorkDay) -> list[Said]:
    """What was done to a day and what was said about it, in order; one question."""
    acts = _by(DayAct, DayAct.act, DayAct.reason, DayAct.id).where(DayAct.work_day == row)
    words = _by(DayMessage, Value("").cast("text"), DayMessage.text, DayMessage.id).where(DayMessage.work_day == row)
    found = sorted(acts.union_all(words).tuples(), key=lambda facts: (facts[0], not facts[4], facts[-1]))  # at one moment acts come first
    return [Said(*facts[:-1]) for facts in found]


def thread(said: list[Said]) -> list[Said]:
    """Of a history what was said: messages, and acts with a reason."""
    return [each for each in said if each.text]


def may_speak(person: Person, row: WorkDay, today: date) -> bool:
    """Whether somebody takes part in what is said about a day: its author, and who has a seat at it."""
    return row.person_id == person.id or routing.seat(person, row, today) is not None


def say(row: WorkDay, person: Person, text: str, *, key: str, today: date, by: Actor, now: datetime) -> DayMessage:
    """Say something about a day, whatever became of it; the same form twice is one message. For strangers there is no such day."""
    text = plain(text, field="text", limit=_LONGEST, required=True)
    key = plain(key, field="submission_key", limit=100)
    with transaction():
        held = routing.seat(person, row, today)
        if held is None and row.person_id != person.id:
            raise NotFound(Sentence("Log ini tidak ada."))
        acting_for = held.acting_for_id if held else None
        facts = {"work_day": row, "person": person, "acting_for": acting_for, "text": text, "at": now, "submission_key": key or None}
        try:
            with transaction():
                message = DayMessage.create(**facts)
        except IntegrityError:  # the same form came a second time
            return DayMessage.get(DayMessage.work_day == row, DayMessage.submission_key == key)
        mark_read(row, person, now=now)
        actor = replace(by, acting_for_id=acting_for)
        audit.record("day_message", "work_day", row.id, by=actor, now=now, label=f"{row.person.name}, {row.day}", after={"message": message.id})
    return message


def mark_read(row: WorkDay, person: Person, *, now: datetime) -> None:
    """Somebody has read what was said about a day until now."""
    mark: Any = DayReading.insert(work_day=row, person=person, read_at=now)
    mark.on_conflict(conflict_target=[DayReading.work_day, DayReading.person], update={DayReading.read_at: now}).execute()


def unread_of(person: Any) -> Any:
    """How many messages of others about the WorkDay of a query somebody has not read, as a column of that query."""
    seen = DayReading.select(DayReading.read_at).where(DayReading.work_day == DayMessage.work_day, DayReading.person == person)
    return DayMessage.select(fn.COUNT(DayMessage.id)).where(
        DayMessage.work_day == WorkDay.id, DayMessage.person != person, DayMessage.at > fn.COALESCE(seen, "0001-01-01 00:00:00.000000"))  # fmt: skip


def unread(person: Person, days: list[int]) -> dict[int, int]:
    """How many messages of others somebody has not read, by day, where there are any; one question however many days."""
    counted = WorkDay.select(WorkDay.id, unread_of(person)).where(WorkDay.id.in_(days or [0])).tuples()
    return {day: count for day, count in counted if count}


def days_unread(person: Person, today: date) -> list[WorkDay]:
    """The days of the last two months with messages that somebody has not read, the oldest first: one's own, and those of which one is the superior."""
    mine = (WorkDay.person == person) | WorkDay.supervisor.in_(list(routing.seats(person, today)))
    found = WorkDay.select(WorkDay.id, WorkDay.person, WorkDay.day).where(mine, WorkDay.day >= today - _NEWS, unread_of(person) > 0)
    return list(found.order_by(WorkDay.day, WorkDay.id))


def _by(table: Any, *columns: Any) -> Any:
    """Rows of acts or messages with the names of those whose they are."""
    names = fn.COALESCE(Person.name, ""), fn.COALESCE(_Place.name, "")
    query = table.select(table.at, table.person, *names, *columns).join(Person, JOIN.LEFT_OUTER, on=table.person == Person.id)
    return query.join(_Place, JOIN.LEFT_OUTER, on=table.acting_for == _Place.id)
