"""The morning's letters of e-kinerja: to employees what they have not submitted or got back, to superiors what waits for them. One a person and day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from portal import outbox
from portal.attendance.models import Leave
from portal.clock import midnight
from portal.db import transaction
from portal.kinerja import routing
from portal.kinerja.models import EDITABLE, RETURNED, SUBMITTED, MonthClosing, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.offices.postings import on
from portal.offices.staff import Acting, Posting
from portal.offices.superiors import main_postings
from portal.outbox import Recipient
from portal.people.models import Person

FROM, UNTIL = 7, 17  # o'clock in the office's zone: nobody is written to at night
LOOK_BACK = 5  # working days; what is older has been said often enough
_SPAN, _RETURNED_FOR = timedelta(days=21), timedelta(days=62)
_AT_ONCE = 2000
_ONE = timedelta(days=1)


@dataclass
class Queue:
    """What waits for one superior."""

    waiting: int = 0
    soon: int = 0  # of these, how many go up to the superior's superior by the end of the next working day
    oldest: date | None = None
    escalated: int = 0  # come up from below


@dataclass
class Rounds:
    """The mornings that a worker has gone through. One that is restarted goes through the day once more: keys keep everybody at one letter."""

    done: set[tuple[date, str]] = field(default_factory=set)

    def go(self, *, now: datetime) -> Iterator[int]:
        """Write to all who work in a zone where it is morning, some thousand people at a time; how many letters each time."""
        for (zone,) in Office.select(Office.timezone).distinct().order_by(Office.timezone).tuples():
            local = now.astimezone(ZoneInfo(zone))
            if FROM <= local.hour < UNTIL and (local.date(), zone) not in self.done:
                yield from _Morning(zone, local.date(), now).letters()
                self.done.add((local.date(), zone))


class _Morning:
    """One day in one zone: what concerns many is read once."""

    def __init__(self, zone: str, today: date, now: datetime) -> None:
        self.zone, self.today, self.now = zone, today, now
        self.first_ever = WorkDay.select(fn.MIN(WorkDay.day)).scalar() or today  # before that nobody had e-kinerja to log in
        offices = [office for (office,) in Posting.select(Posting.office).join(Office).where(Office.timezone == zone, on(Posting, today)).distinct().tuples()]
        self.calendar = WorkingDays.of(offices, today - _SPAN, today)
        self.closed = set(MonthClosing.select(MonthClosing.month, MonthClosing.office).where(MonthClosing.reopened_at.is_null()).tuples())
        self.away = _away(today - _SPAN, today)
        self.returned = _returned(today - _RETURNED_FOR)
        self.queues = _queues(now, today, self.calendar, offices)
        for superior in routing.left(self.queues, today):  # the one above decides about these, and the queue is not theirs any more
            del self.queues[superior]
        self.deputies = _deputies(today)
        self._past: dict[int, list[date]] = {}

    def letters(self) -> Iterator[int]:
        """Chunk by chunk, each in a transaction of its own."""
        after = 0
        while people := self._people(after):
            after = people[-1].id
            with transaction():
                count = self._write(people)
            yield count

    def _people(self, after: int) -> list[Person]:
        """The next people with an address who work in the zone, by their number."""
        posted = Posting.select(Posting.person).join(Office).where(Office.timezone == self.zone, on(Posting, self.today))
        rows = Person.select().where(Person.id > after, Person.email != "", Person.ended_at.is_null(), Person.id.in_(posted))
        return list(rows.order_by(Person.id).limit(_AT_ONCE))

    def _write(self, people: list[Person]) -> int:
        """The letters of these people, to those at work today."""
        postings = main_postings([each.id for each in people], self.today)
        at_work = [each for each in people if each.id in postings and self._works(each.id, postings[each.id].office_id)]
        sent = self._submitted(at_work)
        logs, queues = [], []
        for each in at_work:
            to = Recipient(each.name, each.email, each.phone, each.language, each.id, postings[each.id].office_id)
            if (facts := self._of_employee(each.id, postings[each.id], sent)) is not None:
                logs.append((to, facts, f"work_digest-{each.id}-{self.today}"))
            if (facts := self._of_superior(each.id)) is not None:
                queues.append((to, facts, f"validation_digest-{each.id}-{self.today}"))
        outbox.promise_all("work_digest", logs, now=self.now)
        outbox.promise_all("validation_digest", queues, now=self.now)
        return len(logs) + len(queues)

    def _works(self, person: int, office: int) -> bool:
        is_here = office in self.calendar.places and self.calendar.places[office].zone.key == self.zone
        return is_here and self.calendar.is_working(office, self.today) and self.today not in self.away.get(person, ())

    def _submitted(self, people: list[Person]) -> set[tuple[int, date]]:
        """The days of these people that are with a superior, or decided."""
        here = WorkDay.person.in_([each.id for each in people] or [0]) & (WorkDay.day >= self.today - _SPAN)
        return set(WorkDay.select(WorkDay.person, WorkDay.day).where(here, WorkDay.state.not_in(EDITABLE)).tuples())

    def _of_employee(self, person: int, posting: Posting, sent: set[tuple[int, date]]) -> dict[str, Any] | None:
        """The days that are not submitted and those that came back; nothing where there are none."""
        back = self.returned.get(person, [])
        gone = self.away.get(person, ())
        known = {*gone, *back}
        missing = [day for day in self._days(posting.office_id) if day >= posting.first_day and day not in known and (person, day) not in sent]
        if not missing and not back:
            return None
        due = self.calendar.due(posting.office_id, missing[-1], gone)[0] if missing else None
        is_ahead = due is not None and due > self.now
        return {"today": self.today.isoformat(), "missing": [day.isoformat() for day in missing], "returned": [day.isoformat() for day in back],
                "due": due.isoformat() if due is not None and is_ahead else None, "zone": self.zone}  # fmt: skip

    def _of_superior(self, person: int) -> dict[str, Any] | None:
        """What waits for somebody, as themselves and in whose place they stand today; nothing where nothing waits."""
        own, places = self.queues.get(person, Queue()), self.deputies.get(person, [])
        acting = [{"name": name, "kind": kind, **_said(self.queues[superior])} for superior, name, kind in places if superior in self.queues]
        if not own.waiting and not own.escalated and not acting:
            return None
        return {"today": self.today.isoformat(), **_said(own), "acting": acting, "zone": self.zone}

    def _days(self, office: int) -> list[date]:
        """The last working days of an office that may still be logged."""
        if office not in self._past:
            past = (self.today - _ONE * back for back in range(1, _SPAN.days))
            worked = [day for day in past if day >= self.first_ever and self.calendar.is_working(office, day) and not self._is_closed(office, day)]
            self._past[office] = sorted(worked[:LOOK_BACK])
        return self._past[office]

    def _is_closed(self, office: int, day: date) -> bool:
        ends = self.calendar.month_end(office, day)
        return (ends is not None and ends <= self.now) or any((day.replace(day=1), each) in self.closed for each in self.calendar.places[office].offices)


def _said(queue: Queue) -> dict[str, Any]:
    return {"waiting": queue.waiting, "soon": queue.soon, "oldest": queue.oldest.isoformat() if queue.oldest else None, "escalated": queue.escalated}


def _away(first: date, last: date) -> dict[int, set[date]]:
    """By person the days between two on which they are on leave or ill."""
    rows = Leave.select(Leave.person, Leave.first_day, Leave.last_day).where(Leave.last_day >= first, Leave.first_day <= last, Leave.kind != "field")
    found: dict[int, set[date]] = defaultdict(set)
    for person, since, until in rows.where(Leave.withdrawn_at.is_null()).tuples():
        found[person] |= {date.fromordinal(day) for day in range(max(since, first).toordinal(), min(until, last).toordinal() + 1)}
    return found


def _returned(since: date) -> dict[int, list[date]]:
    """By person the days that came back."""
    found: dict[int, list[date]] = defaultdict(list)
    for person, day in WorkDay.select(WorkDay.person, WorkDay.day).where(WorkDay.state == RETURNED, WorkDay.day >= since).order_by(WorkDay.day).tuples():
        found[person].append(day)
    return found


def _queues(now: datetime, today: date, calendar: WorkingDays, offices: Iterable[int]) -> dict[int, Queue]:
    """By superior what waits, counted by the database for each deadline; and by superior's superior what has come up."""
    found: dict[int, Queue] = defaultdict(Queue)
    soon = _next_end(today, calendar, offices)
    waits = WorkDay.state == SUBMITTED
    counted = (fn.COUNT(WorkDay.id), fn.MIN(WorkDay.day))
    rows = WorkDay.select(WorkDay.supervisor, WorkDay.escalates_at, *counted).where(waits, WorkDay.supervisor.is_null(False))
    for superior, escalates_at, count, oldest in rows.group_by(WorkDay.supervisor, WorkDay.escalates_at).tuples():
        queue = found[superior]
        queue.waiting += count
        queue.soon += count if escalates_at is not None and now < escalates_at <= soon else 0
        queue.oldest = min(filter(None, (queue.oldest, oldest)))
    above = WorkDay.select(WorkDay.upper, *counted).where(waits, WorkDay.upper.is_null(False), WorkDay.escalates_at <= now)
    for superior, count, oldest in above.group_by(WorkDay.upper).tuples():
        queue = found[superior]
        queue.escalated, queue.oldest = count, min(filter(None, (queue.oldest, oldest)))
    return found


def _next_end(today: date, calendar: WorkingDays, offices: Iterable[int]) -> datetime:
    """The end of the next working day, as it is at most offices: a warning may be a day early at others, never too late."""
    ends = [midnight(calendar.after(office, today, 1) + _ONE, calendar.places[office].zone) for office in offices if office in calendar.places]
    return max(ends, default=midnight(today + _ONE, ZoneInfo("UTC")))


def _deputies(today: date) -> dict[int, list[tuple[int, str, str]]]:
    """By deputy in whose place they stand today: the superior's number and name, Plt or Plh."""
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    rows = Acting.select(Acting.deputy, Acting.superior, Person.name, Acting.kind).join(Person, on=Acting.superior)
    for deputy, superior, name, kind in rows.where(on(Acting, today), Acting.ended_at.is_null()).order_by(Acting.id).tuples():
        found[deputy].append((superior, name, kind))
    return found
