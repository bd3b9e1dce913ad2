"""The month of many people: what each office or person has logged, what is missing, what waits; the database sums, however many rows there are."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import Case, fn

from portal.attendance.models import Leave
from portal.db import Moment
from portal.kinerja import routing
from portal.kinerja.models import APPROVED, DRAFT, RETURNED, SUBMITTED, Entry, WorkDay
from portal.kinerja.recap import end_of
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.offices.postings import on
from portal.offices.staff import Correction, Posting
from portal.offices.superiors import main_postings
from portal.people.models import Person

_SUMMED = ("entries", "claimed", "effective", "approved", "effective_wfh", "effective_field")
_WFO = WorkDay.effective - WorkDay.effective_wfh - WorkDay.effective_field
_SENT = WorkDay.first_submitted_at.is_null(False)
_CHUNK = 500
Spans = dict[int, list[tuple[date, date]]]
FIGURES = ("expected", "logged", "sent", "waiting", "to_mend", "drafts", "late", "overdue", *_SUMMED, "wfo_days", "wfh_days", "field_days", "approved_days")


@dataclass
class Figures:
    """A month of an office or a person in numbers; minutes, and days by their state."""

    numbers: Counter[str] = field(default_factory=Counter)
    waits_since: datetime | None = None
    people: set[int] = field(default_factory=set)

    def __getattr__(self, name: str) -> int:
        if name in FIGURES:
            return self.numbers[name]
        raise AttributeError(name)

    @property
    def missing(self) -> int:
        """Working days whose deadline has passed without a submission; leave and holidays are none."""
        return max(0, self.expected - self.logged)

    @property
    def effective_wfo(self) -> int:
        return self.effective - self.effective_wfh - self.effective_field

    def take(self, other: "Figures") -> None:
        """Add what another one counts."""
        self.numbers.update(other.numbers)
        self.people |= other.people
        self.waits_since = min(filter(None, (self.waits_since, other.waits_since)), default=None)


class UnitMonth:
    """A month of the people of some offices, or of some people alone."""

    def __init__(self, first: date, *, now: datetime, offices: Collection[int]) -> None:
        """For people who work at these offices; reads their calendar."""
        self.first, self.last, self.now = first, end_of(first), now
        self.offices = sorted(offices) or [0]
        self.counted = _counted(WorkingDays.of(self.offices, self.first, self.last), self.first, self.last, now)

    def by_office(self) -> dict[int, Figures]:
        """The figures of each of the offices; four questions, however many people."""
        return self._figures(WorkDay.office, WorkDay.office.in_(self.offices), Posting.office.in_(self.offices), at=1)

    def by_person(self, people: Iterable[int]) -> dict[int, Figures]:
        """The figures of some people at these offices; four questions."""
        ids = list(people) or [0]
        mine = WorkDay.person.in_(ids) & WorkDay.office.in_(self.offices)
        return self._figures(WorkDay.person, mine, Posting.person.in_(ids) & Posting.office.in_(self.offices), at=0)

    def people(self, *, skips: int = 0, most: int | None = None) -> list[int]:
        """Who works at these offices in the month, by name."""
        rows = Person.select(Person.id).where(Person.id.in_(self._postings(Posting.office.in_(self.offices)).select(Posting.person)))
        return [id for (id,) in rows.order_by(Person.name, Person.id).offset(skips or None).limit(most).tuples()]

    def each(self) -> Iterator[tuple[Person, Figures]]:
        """Everybody with their figures, some hundreds at a time: memory does not grow with the unit."""
        people = self.people()
        for start in range(0, len(people), _CHUNK):
            yield from self.named(people[start : start + _CHUNK])

    def named(self, people: list[int]) -> list[tuple[Person, Figures]]:
        """Some people by name, with their figures; five questions."""
        figures, rows = self.by_person(people), Person.select(Person.id, Person.name, Person.identifier).where(Person.id.in_(people or [0]))
        return [(row, figures.get(row.id, Figures())) for row in rows.order_by(Person.name, Person.id)]

    def least_logged(self, most: int) -> tuple[list[tuple[Person, int]], int]:
        """Those with the most working days without a submission, how many days each; and how many people there are like them."""
        of_all = self._figures(WorkDay.person, WorkDay.office.in_(self.offices), Posting.office.in_(self.offices), at=0)
        late = sorted(((figures.missing, -id) for id, figures in of_all.items() if figures.missing), reverse=True)
        people = {row.id: row for row in Person.select(Person.id, Person.name).where(Person.id.in_([-id for _, id in late[:most]] or [0]))}
        return [(people[-id], days) for days, id in late[:most]], len(late)

    def _figures(self, key: Any, days: Any, postings: Any, *, at: int) -> dict[int, Figures]:
        """Sums by office or person (`at`: its place in a posting's facts)."""
        found: dict[int, Figures] = defaultdict(Figures)
        days = WorkDay.day.between(self.first, self.last) & days
        names, sums = zip(*self._sums().items(), strict=True)
        for id, since, *values in (
            WorkDay.select(key, fn.MIN(Case(None, [(WorkDay.state == SUBMITTED, WorkDay.submitted_at)])), *sums).where(days).group_by(key).tuples()
        ):
            found[id].numbers.update(dict(zip(names, map(int, values), strict=True)))
            found[id].waits_since = Moment().python_value(since)
        away = self._away(postings)
        for id in self._logged_in_leave(key, days, away):
            found[id].numbers["logged"] -= 1
        for posting, count in self._expected(postings, away):
            found[posting[at]].numbers["expected"] += count
            found[posting[at]].people.add(posting[0])
        return dict(found)

    def _sums(self) -> dict[str, Any]:
        """What is summed of days, by name."""
        counted = _SENT & self._is_counted()
        is_overdue = ((WorkDay.state == SUBMITTED) & (WorkDay.escalates_at <= self.now)) | (
            (WorkDay.state != SUBMITTED) & (WorkDay.decided_at > WorkDay.escalates_at)
        )
        cases = {
            "logged": counted, "sent": _SENT, "waiting": WorkDay.state == SUBMITTED, "to_mend": WorkDay.state == RETURNED,
            "drafts": (WorkDay.state == DRAFT) & (WorkDay.entries > 0), "late": WorkDay.first_submitted_at >= WorkDay.due_at, "overdue": is_overdue,
            "approved_days": WorkDay.state == APPROVED, "wfo_days": _WFO > 0, "wfh_days": WorkDay.effective_wfh > 0, "field_days": WorkDay.effective_field > 0,
        }  # fmt: skip
        sums = {name: fn.COALESCE(fn.SUM(Case(None, [(when, 1)], 0)), 0) for name, when in cases.items()}
        return sums | {name: fn.COALESCE(fn.SUM(getattr(WorkDay, name)), 0) for name in _SUMMED}

    def _is_counted(self) -> Any:
        """Whether a day is one that its office expects a log of: most offices keep the same calendar."""
        groups: dict[tuple[date, ...], list[int]] = defaultdict(list)
        for office, dates in self.counted.items():
            groups[dates].append(office)
        if len(groups) < 2:
            return _is_among(next(iter(groups), ()))
        usual = max(groups, key=lambda dates: len(groups[dates]))
        others = [office for dates, offices in groups.items() if dates != usual for office in offices]
        found = WorkDay.office.not_in(others) & _is_among(usual)
        for dates, offices in groups.items():
            if dates != usual:
                found |= WorkDay.office.in_(offices) & _is_among(dates)
        return found

    def _logged_in_leave(self, key: Any, days: Any, away: Spans) -> Iterator[int]:
        """The office or person of each day that was logged though nobody expected it: the person was on leave."""
        rows = WorkDay.select(key, WorkDay.person, WorkDay.office, WorkDay.day).where(days, WorkDay.person.in_(list(away) or [0]), _SENT)
        for id, person, office, day in rows.tuples() if away else ():
            if day in self.counted.get(office, ()) and any(since <= day <= until for since, until in away[person]):
                yield id

    def _expected(self, postings: Any, away: Spans) -> Iterator[tuple[tuple[int, int], int]]:
        """How many days of each posting should have been logged by now."""
        rows = self._postings(postings).select(Posting.person, Posting.office, Posting.first_day, Posting.last_day)
        for person, office, since, until in rows.tuples():
            dates, until = self.counted.get(office, ()), until or self.last
            gone = sum(_between(dates, max(since, first), min(until, last)) for first, last in away.get(person, ()))
            yield (person, office), _between(dates, since, until) - gone

    def _away(self, postings: Any) -> Spans:
        """Who is on leave in the month, from when to when."""
        found: Spans = defaultdict(list)
        runs = Leave.withdrawn_at.is_null() & (Leave.kind != "field") & (Leave.first_day <= self.last) & (Leave.last_day >= self.first)
        people = self._postings(postings).select(Posting.person)
        for person, since, until in Leave.select(Leave.person, Leave.first_day, Leave.last_day).where(runs, Leave.person.in_(people)).tuples():
            found[person].append((since, until))
        return found

    def _postings(self, where: Any) -> Any:
        """The main postings that hold on some day of the month."""
        runs = (Posting.first_day <= self.last) & (Posting.last_day.is_null() | ((Posting.last_day >= self.first) & (Posting.last_day >= Posting.first_day)))
        return Posting.select().where(where, runs, Posting.is_main)


def belonging(tops: Collection[int]) -> dict[int, int]:
    """Every office at or below some of these, with the nearest of them that it belongs to."""
    roots = Office.select(Office.root_id).where(Office.id.in_(list(tops) or [0]))
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id.in_(roots)).tuples())
    found: dict[int, int | None] = {top: top for top in tops}
    for office in parents:
        way, node = [], office
        while node is not None and node not in found:
            way.append(node)
            node = parents[node]
        found.update(dict.fromkeys(way, found[node] if node is not None else None))
    return {office: top for office, top in found.items() if top is not None}


def rolled_up(figures: dict[int, Figures], tops: dict[int, int]) -> dict[int, Figures]:
    """The figures of offices, added up to those that they belong to."""
    found: dict[int, Figures] = defaultdict(Figures)
    for office, each in figures.items():
        found[tops[office]].take(each)
    return dict(found)


def under(viewer: Person, first: date, today: date) -> dict[int, int]:
    """Whom somebody, or one in whose place they stand, is the superior of at a month's end, or today while it runs; each with the office."""
    held, day = list(routing.seats(viewer, today)), min(end_of(first), today)
    corrected = Correction.select(Correction.posting).where(Correction.is_accepted, Correction.proposed.in_(held))
    mine = Posting.select(Posting.person).where(Posting.supervisor.in_(held) | Posting.id.in_(corrected), on(Posting, day), Posting.person != viewer)
    known = main_postings([person for (person,) in mine.distinct().tuples()], day)
    return {person: posting.office_id for person, posting in known.items() if posting.supervisor_id in held}


def by_place(people: Iterable[int], first: date) -> dict[str, tuple[int, int, int]]:
    """Activities, minutes and days of these people in a month, by the place where they worked."""
    counts = Entry.removed_at.is_null() & (Entry.state.is_null() | (Entry.state != "rejected"))
    rows = Entry.select(Entry.place, fn.COUNT(Entry.id), fn.SUM(Entry.effective), fn.COUNT(fn.DISTINCT(WorkDay.id))).join(WorkDay)
    rows = rows.where(WorkDay.person.in_(list(people) or [0]), WorkDay.day.between(first, end_of(first)), counts).group_by(Entry.place)
    return {place: (int(entries), int(minutes), int(days)) for place, entries, minutes, days in rows.tuples()}


def slow_superiors(offices: Collection[int], first: date, *, now: datetime, most: int) -> list[dict[str, Any]]:
    """Superiors with whom days of a month wait or waited too long: their lateness is theirs, not their people's."""
    waits = WorkDay.state == SUBMITTED
    is_overdue = (waits & (WorkDay.escalates_at <= now)) | (~waits & (WorkDay.decided_at > WorkDay.escalates_at))
    waiting, overdue = (fn.SUM(Case(None, [(when, 1)], 0)) for when in (waits, is_overdue))
    since = fn.MIN(Case(None, [(waits, WorkDay.submitted_at)]))
    rows = WorkDay.select(Person.id, Person.name, waiting.alias("waiting"), overdue.alias("overdue"), since.alias("since"))
    rows = rows.join(Person, on=(WorkDay.supervisor == Person.id)).where(WorkDay.office.in_(list(offices) or [0]), WorkDay.day.between(first, end_of(first)))
    rows = rows.where(waits | is_overdue).group_by(Person.id, Person.name).order_by(overdue.desc(), waiting.desc(), Person.name).limit(most)
    return [{**row, "since": Moment().python_value(row["since"])} for row in rows.dicts()]


def _is_among(dates: Collection[date]) -> Any:
    return WorkDay.day.in_(list(dates)) if dates else WorkDay.id.is_null()


def _between(dates: tuple[date, ...], first: date, last: date) -> int:
    """How many of these days, in their order, lie between two."""
    return max(0, bisect_right(dates, last) - bisect_left(dates, first))


def _counted(calendar: WorkingDays, first: date, last: date, now: datetime) -> dict[int, tuple[date, ...]]:
    """The working days of each office whose deadline has passed; reckoned once for all offices that the same rules and holidays hold for.

    A deadline that somebody's leave moved further is left out of account: in the month of the person it is not.
    """
    ruled = {rule.office_id for rule in calendar.rules}
    codes = {rule.region_code for rule in calendar.rules} | set(calendar.holidays)
    known: dict[Any, tuple[date, ...]] = {}
    found = {}
    for office, place in calendar.places.items():
        key = place.zone.key, frozenset(ruled.intersection(place.offices)), tuple(code for code in place.regions if code in codes)
        if key not in known:
            days = [date.fromordinal(each) for each in range(first.toordinal(), min(last, calendar.today(office, now)).toordinal() + 1)]
            known[key] = tuple(day for day in days if calendar.is_working(office, day) and _is_due(calendar, office, day, now))
        found[office] = known[key]
    return found


def _is_due(calendar: WorkingDays, office: int, day: date, now: datetime) -> bool:
    """Whether a day should be logged by now; where no policy sets a deadline, when it is over."""
    due, _ = calendar.due(office, day)
    return due <= now if due is not None else day < calendar.today(office, now)
