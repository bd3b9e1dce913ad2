"""The end of a month: closed for an office and all below it before the policy does, and reopened where that was too early."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from portal import audit
from portal.audit import Actor
from portal.db import locked, transaction
from portal.kinerja.models import DRAFT, RETURNED, SUBMITTED, MonthClosing, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.offices.postings import above
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence

_LONGEST = 500
OPEN_STATES = (DRAFT, RETURNED, SUBMITTED)


@dataclass(frozen=True)
class Open:
    """Days of one state that a closing would leave as they are: how many, and whose most."""

    days: int
    people: int
    names: list[tuple[str, int]]


def of(offices: Iterable[int], month: date) -> MonthClosing | None:
    """The closing of a month (its first day) that holds for any of these offices, as a node and those above it."""
    here = (MonthClosing.month == month) & MonthClosing.office.in_(list(offices) or [0]) & MonthClosing.reopened_at.is_null()
    rows = MonthClosing.select(MonthClosing, Office, Person).join(Office).switch(MonthClosing).join(Person)
    return rows.where(here).order_by(MonthClosing.id).first()


def over(office: Office, month: date) -> MonthClosing | None:
    """The closing that holds for an office: its own, or one of a node above it."""
    return of([office.id, *above(office)], month)


def close(office: Office, month: date, *, note: str, by: Actor, now: datetime) -> MonthClosing:
    """Lock a month for an office and all below it; what was submitted is still validated. Refused before the month is over, and where it is closed already."""
    note = plain(note, field="note", limit=_LONGEST)
    calendar = WorkingDays.of([office.id], month, month)
    if calendar.today(office.id, now).replace(day=1) <= month:
        raise Refused(Sentence("Bulan ini belum berakhir. Tutup bulan sesudah hari terakhirnya."))
    ends = calendar.month_end(office.id, month)
    if ends is not None and ends <= now:
        raise Refused(Sentence("Bulan ini sudah ditutup menurut kebijakan."))
    with transaction():
        locked(Office.select().where(Office.id == office.root_id)).get()
        if over(office, month) is not None:
            raise Refused(Sentence("Bulan ini sudah ditutup."))
        made = MonthClosing.create(office=office, month=month, closed_at=now, closed_by=by.person_id, note=note)
        audit.record("month_closed", "month_closing", made.id, by=by, now=now, label=f"{office.name}, {month:%Y-%m}", after={"note": note})
    return made


def reopen(closing: MonthClosing, *, reason: str, by: Actor, now: datetime) -> None:
    """Unlock a month that was closed too early; the closing stays on record, and so does why it was undone."""
    reason = plain(reason, field="reason", limit=_LONGEST, required=True)
    with transaction():
        if not MonthClosing.update(reopened_at=now).where(MonthClosing.id == closing.id, MonthClosing.reopened_at.is_null()).execute():
            raise Refused(Sentence("Bulan ini sudah dibuka kembali."))
        label = f"{closing.office.name}, {closing.month:%Y-%m}"
        audit.record("month_reopened", "month_closing", closing.id, by=by, now=now, label=label, after={"reason": reason})


def open_days(offices: Collection[int], first: date, last: date, *, most: int) -> dict[str, Open]:
    """What a month's closing would find unfinished: drafts, returned days, and those that wait; the latter are still validated afterwards."""
    here = WorkDay.office.in_(list(offices) or [0]) & WorkDay.day.between(first, last)
    return {state: _open(here & (WorkDay.state == state) & ((WorkDay.entries > 0) | (WorkDay.state != DRAFT)), most) for state in OPEN_STATES}


def _open(where: Any, most: int) -> Open:
    days, people = WorkDay.select(fn.COUNT(WorkDay.id), fn.COUNT(fn.DISTINCT(WorkDay.person))).where(where).tuples().get()
    count = fn.COUNT(WorkDay.id)
    rows = WorkDay.select(Person.name, count).join(Person, on=(WorkDay.person == Person.id)).where(where).group_by(Person.id, Person.name)
    return Open(days, people, list(rows.order_by(count.desc(), Person.name).limit(most).tuples()))
