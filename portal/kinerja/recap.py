"""A person's month: each day with its sums, what was late, returned or is missing, and what was done for each target."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, SQL, Case, fn

from portal.attendance.models import Leave
from portal.kinerja import closing, routing, submission
from portal.kinerja.models import APPROVED, REJECTED, SETTLED, SUBMITTED, DayAct, Entry, MonthClosing, Target, WorkDay
from portal.kinerja.routing import Seat
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.offices.staff import Posting
from portal.offices.superiors import main_postings
from portal.people.models import Person

WORK, OFF, HOLIDAY, AWAY, UNPOSTED = "work", "off", "holiday", "away", "unposted"
_DUTY = "field"  # leave of this kind is work elsewhere
_NO_ENTRY = 0


@dataclass(frozen=True)
class RecapDay:
    """One day of the month: what sort of day it is, and what was written about it."""

    day: date
    kind: str
    note: str = ""  # the holiday's name, or the kind of leave
    load: int = 0
    row: WorkDay | None = None
    returned: int = 0
    is_late: bool = False
    is_missing: bool = False  # a working day whose deadline has passed without a submission
    is_ahead: bool = False  # today or later

    @property
    def state(self) -> str:
        """Where the day stands; nothing where nothing was written."""
        return self.row.state if self.row is not None and (self.row.entries or self.row.submitted_at is not None) else ""

    def minutes(self, name: str) -> int:
        """One of the sums of the day."""
        return getattr(self.row, name) if self.row is not None else 0


@dataclass(frozen=True)
class TargetSum:
    """What was done in the month for one target, or as tugas tambahan, and how far the year has come."""

    target: Target | None
    entries: int
    effective: int
    approved: int
    quantity: float  # of the month, in the target's unit
    reached: float  # of the year until the month's end, approved, in the target's unit


@dataclass(frozen=True)
class Month:
    """A month of a person, ready to be shown, printed or taken along."""

    person: Person
    first: date
    days: list[RecapDay]
    targets: list[TargetSum]
    posting: Posting | None  # the main one on the last of these days, today at the latest
    supervisor: Person | None
    closes_at: datetime | None
    closed: MonthClosing | None
    sums: dict[str, int] = field(default_factory=dict)

    def is_closed(self, now: datetime) -> bool:
        """Whether its days are locked now, by an act or by policy."""
        return self.closed is not None or (self.closes_at is not None and self.closes_at <= now)


def end_of(first: date) -> date:
    """The last day of a month."""
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def month(person: Person, first: date, *, now: datetime) -> Month:
    """A month of a person; a bounded number of questions, however much was written."""
    last = end_of(first)
    posted = _posted(person, first, last)
    rows = {row.day: row for row in WorkDay.select().where(WorkDay.person == person, WorkDay.day.between(first, last))}
    calendar = WorkingDays.of({posting.office_id for posting in posted.values()} | {row.office_id for row in rows.values()}, first, last)
    away, returned = _away(person, first, last), _returned(row.id for row in rows.values())
    days = [_day(each, posted, rows, calendar, away, returned, now) for each in _each(first, last)]
    known = [each.day for each in days if each.day in posted]
    until = max([each.day for each in days if each.day in known and not each.is_ahead], default=min(known, default=last))
    posting = posted.get(until)
    ends = calendar.month_end(posting.office_id, first) if posting is not None else None
    closed = closing.of(calendar.places[posting.office_id].offices, first) if posting is not None else None
    return Month(person, first, days, _targets(person, first, last), posting, _supervisor(person, until), ends, closed, _sums(days))


def seat(viewer: Person, person: Person, first: date, today: date) -> Seat | None:
    """As what somebody looks at another's month: by the main posting on its last day, or today while it runs. Former superiors have no seat."""
    found = routing.route(person, min(end_of(first), today))
    if found is None:
        return None
    return routing.seat(viewer, WorkDay(person=person, supervisor=found.supervisor_id, upper=found.upper_id), today)


def entries(person: Person, first: date, last: date, *, also_drafts: bool) -> Iterable[Entry]:
    """The activities of some days in their order, with day and target; read one after the other."""
    rows = Entry.select(Entry, WorkDay, Target).join(WorkDay).switch(Entry).join(Target, JOIN.LEFT_OUTER)
    of_days = (WorkDay.person == person) & WorkDay.day.between(first, last) & Entry.removed_at.is_null()
    if not also_drafts:
        of_days &= WorkDay.first_submitted_at.is_null(False)
    return rows.where(of_days).order_by(WorkDay.day, Entry.starts, Entry.id).iterator()


def _supervisor(person: Person, day: date) -> Person | None:
    """Who vouches for somebody on a day, as a corrected superior too."""
    found = main_postings([person.id], day).get(person.id)
    return Person.get_or_none(Person.id == found.supervisor_id) if found is not None and found.supervisor_id is not None else None


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=each) for each in range((last - first).days + 1))


def _posted(person: Person, first: date, last: date) -> dict[date, Posting]:
    """The main posting on each day that has one."""
    runs = (Posting.first_day <= last) & (Posting.last_day.is_null() | (Posting.last_day >= first))
    found: dict[date, Posting] = {}
    for posting in Posting.select(Posting, Office).join(Office).where(Posting.person == person, runs).order_by(Posting.is_main, Posting.id.desc()):
        until = min(posting.last_day or last, last)
        found.update(dict.fromkeys(_each(max(posting.first_day, first), until), posting))
    return found


def _away(person: Person, first: date, last: date) -> dict[date, str]:
    """The kind of leave on each day of absence or field duty."""
    where = (Leave.person == person) & Leave.withdrawn_at.is_null() & (Leave.first_day <= last) & (Leave.last_day >= first)
    spans = Leave.select(Leave.kind, Leave.first_day, Leave.last_day).where(where).tuples()
    return {day: kind for kind, since, until in spans for day in _each(max(since, first), min(until, last))}


def _returned(numbers: Iterable[int]) -> dict[int, int]:
    """How often each of these days was returned."""
    acts = DayAct.select(DayAct.work_day, fn.COUNT(DayAct.id)).where(DayAct.work_day.in_(list(numbers) or [0]), DayAct.act == "returned")
    return dict(acts.group_by(DayAct.work_day).tuples())


def _day(day: date, posted: dict[date, Posting], rows: dict[date, WorkDay], calendar: WorkingDays, away: dict[date, str], returned: dict[int, int],
         now: datetime) -> RecapDay:  # fmt: skip
    """What one day is: absence comes before the calendar, and the calendar before what is missing."""
    row = rows.get(day)
    office = row.office_id if row is not None else posted[day].office_id if day in posted else None
    if office is None:
        return RecapDay(day, UNPOSTED)
    kind, note = _kind(day, office, calendar, away.get(day, ""))
    is_ahead = day >= calendar.today(office, now)
    is_sent = row is not None and row.first_submitted_at is not None
    due = (row.due_at if row is not None else None) or calendar.due(office, day, [each for each, leave in away.items() if leave != _DUTY])[0]
    return RecapDay(
        day, kind, note, calendar.load(office, day) or 0, row,
        returned=returned.get(row.id, 0) if row is not None else 0,
        is_late=row is not None and submission.is_late(row),
        is_missing=kind == WORK and not is_ahead and not is_sent and (due is None or due <= now),
        is_ahead=is_ahead,
    )  # fmt: skip


def _kind(day: date, office: int, calendar: WorkingDays, leave: str) -> tuple[str, str]:
    if leave and leave != _DUTY:
        return AWAY, leave
    if calendar.is_working(office, day):
        return WORK, leave
    holiday = calendar.holiday(office, day)
    return (HOLIDAY, holiday) if holiday else (OFF, leave)


def _sums(days: list[RecapDay]) -> dict[str, int]:
    """The figures of the month."""
    names = ("entries", "claimed", "effective", "approved", "effective_wfh", "effective_field")
    found: dict[str, int] = {name: sum(each.minutes(name) for each in days) for name in names}
    found["effective_wfo"] = found["effective"] - found["effective_wfh"] - found["effective_field"]
    found["working"] = sum(each.kind == WORK for each in days)
    found["load"] = sum(each.load for each in days if each.kind == WORK)
    found["sent"] = sum(each.state in {SUBMITTED, *SETTLED} for each in days)
    found["approved_days"] = sum(each.state == APPROVED for each in days)
    found["waiting"] = sum(each.state == SUBMITTED for each in days)
    found["to_mend"] = sum(each.state == "returned" for each in days)
    found["late"] = sum(each.is_late for each in days)
    found["returned"] = sum(each.returned for each in days)
    found["missing"] = sum(each.is_missing for each in days)
    return found


def _targets(person: Person, first: date, last: date) -> list[TargetSum]:
    """What was done for each target that the month, or the year's plan, knows; tugas tambahan at the end."""
    of_month, is_same = WorkDay.day >= first, Entry.unit == Target.unit
    is_approved = Entry.state == APPROVED
    line = fn.COALESCE(Target.origin_id, Target.id, _NO_ENTRY).alias("line")
    sums = [fn.SUM(Case(None, [(when, what)], 0)) for when, what in (
        (of_month, 1), (of_month, Entry.effective), (of_month & is_approved, Entry.effective), (of_month & is_same, Entry.quantity),
        (is_approved & is_same, Entry.quantity))]  # fmt: skip
    rows = Entry.select(line, *sums).join(WorkDay).switch(Entry).join(Target, JOIN.LEFT_OUTER)
    counts = Entry.removed_at.is_null() & (Entry.state.is_null() | (Entry.state != REJECTED))
    rows = rows.where(WorkDay.person == person, WorkDay.day.between(first.replace(month=1, day=1), last), counts).group_by(SQL("line"))
    done: dict[int, Any] = {line: facts for line, *facts in rows.tuples()}
    known = Target.select().where(Target.person == person, Target.year == first.year, Target.state.in_(("draft", "agreed")))
    known = known.order_by(Target.state.desc(), Target.id)  # what is agreed comes before its revision that still waits
    lines = {target.origin_id or target.id: target for target in known}
    older = Target.select().where(Target.id.in_([each for each in done if each and each not in lines] or [0])).order_by(Target.id)
    lines |= {target.id: target for target in older}
    nothing = (0, 0, 0, 0.0, 0.0)
    found = [TargetSum(target, *done.get(line, nothing)) for line, target in lines.items()]
    return [*found, TargetSum(None, *done[_NO_ENTRY])] if done.get(_NO_ENTRY, nothing)[0] else found
