"""Leave, illness and field duty: entered, withdrawn, and told to a superior without the reason."""

from datetime import date, datetime

from portal import audit
from portal.attendance.models import Leave
from portal.audit import By
from portal.db import locked, transaction
from portal.people.models import Person
from portal.refusals import Refused
from portal.words import Sentence, later

KINDS = {"annual": later("Cuti"), "sick": later("Sakit"), "field": later("Dinas luar")}
SHOWN_TO_SUPERIORS = {"annual": later("Tidak bekerja"), "sick": later("Tidak bekerja"), "field": later("Dinas luar")}


def enter(person: Person, kind: str, first_day: date, last_day: date, *, by: By, now: datetime) -> Leave:
    """A person is away on these days, both included; refused where other leave overlaps."""
    if kind not in KINDS:
        raise Refused(Sentence("Jenis {kind} tidak dikenal.", kind=kind), field="kind")
    if last_day < first_day:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
    with transaction():
        locked(Person.select().where(Person.id == person.id)).get()
        if overlapping(person, first_day, last_day):
            raise Refused(Sentence("Pada hari itu sudah tercatat ketidakhadiran lain."), field="first_day")
        leave = Leave.create(person=person, kind=kind, first_day=first_day, last_day=last_day, entered_by=str(by), entered_at=now)
        audit.record("leave_entered", "person", person.id, by=by, now=now, label=person.name, after={"first_day": first_day, "last_day": last_day})
    return leave


def withdraw(leave: Leave, *, by: By, now: datetime) -> None:
    """It was entered in error; the row stays."""
    with transaction():
        if not Leave.update(withdrawn_at=now).where(Leave.id == leave.id, Leave.withdrawn_at.is_null()).execute():
            raise Refused(Sentence("Catatan ini sudah ditarik."))
        audit.record("leave_withdrawn", "person", leave.person_id, by=by, now=now, label=leave.person.name,
                     before={"first_day": leave.first_day, "last_day": leave.last_day})  # fmt: skip


def read_of(person: Person, *, by: By, now: datetime, most: int = 20) -> list[Leave]:
    """The latest leave of a person with its kinds. An illness is nobody's business without need: that somebody read of it is recorded."""
    found = list(Leave.select().where(Leave.person == person, Leave.withdrawn_at.is_null()).order_by(Leave.first_day.desc()).limit(most))
    if any(each.kind == "sick" for each in found):
        with transaction():
            audit.record("leave_read", "person", person.id, by=by, now=now, label=person.name)
    return found


def overlapping(person: Person, first_day: date, last_day: date) -> list[Leave]:
    """Leave that holds on any of these days."""
    where = (Leave.person == person) & Leave.withdrawn_at.is_null() & (Leave.first_day <= last_day) & (Leave.last_day >= first_day)
    return list(Leave.select().where(where).order_by(Leave.first_day))
