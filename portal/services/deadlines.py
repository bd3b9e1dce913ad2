"""Until when a request is to be settled: working days of its office, paused by closures and while the citizen is asked for something; how that was counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import chunked

from portal.db import is_postgres, locked, transaction
from portal.offices import board
from portal.offices.closed_days import ClosedDays
from portal.offices.hours import Timetable
from portal.offices.models import Office
from portal.offices.state import Node
from portal.services.models import OPEN, Pause, ServiceRequest

START, OFF, CLOSED, WAITS, COUNTS, DUE = "start", "off", "closed", "waits", "counts", "due"
_ONE = timedelta(days=1)
_LONGEST = 800  # days looked at; after them a calendar is taken to be wrong rather than searched on
_AHEAD = timedelta(days=_LONGEST)
_AT_ONCE = 500


Pauses = Iterable[tuple[datetime, datetime | None]]
Waited = tuple[tuple[date, date], ...]
Row = tuple[int, int, int, datetime, date | None]
Maybe = tuple[int, int, int | None, datetime | None, date | None]  # without working days or a start nothing is counted


@dataclass(frozen=True)
class CountedDay:
    """One calendar day of a count: what it is, and the working day's number, the holiday's name or the closure that pauses it."""

    day: date
    kind: str
    number: int = 0
    why: str = ""
    closure: int | None = None


@dataclass(frozen=True)
class Count:
    """How a deadline came about: its days from the start on, the last day on time, and the one that it would be without pauses."""

    working_days: int
    days: tuple[CountedDay, ...]
    due_on: date | None
    without_pauses: date | None


@dataclass
class Calendars:
    """Working days and closures of some offices over a span."""

    timetables: dict[int, Timetable]
    closed: ClosedDays
    _days: dict[tuple[int, date], CountedDay] = field(default_factory=dict, repr=False)
    _dues: dict[Any, date | None] = field(default_factory=dict, repr=False)
    _spans: dict[Any, list[date]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, offices: Collection[int], first: datetime, last: datetime | None = None) -> "Calendars":
        """For offices by id and counts that start between two moments; a handful of questions however many offices."""
        end = (last or first) + _AHEAD
        rules = board.Rules.of(first, end)
        roots = Office.select(Office.root_id).where(Office.id.in_(list(offices) or [0]))
        nodes = rules.place(board.nodes(Office.root_id.in_(roots)))
        chains = {id: (nodes[id].timetable.zone, [each.id for each in nodes[id].upwards()]) for id in offices if id in nodes}
        return cls({id: nodes[id].timetable for id in chains}, ClosedDays(chains, first.date() - _ONE, end.date()))

    def count(self, office: int, start: datetime, working_days: int, pauses: Pauses, *, now: datetime) -> Count:
        """Count working days of an office from the day after a start; days on which a closure holds or the citizen is waited for do not count."""
        first, waited = self._span(office, start, pauses, now)
        days, without, plain = [CountedDay(first, START)], None, 0
        for told in self._told(office, first, working_days, waited):
            plain += told.kind != OFF
            without = told.day if without is None and plain == working_days else without
            days.append(told)
        if days[-1].kind == DUE:
            return Count(working_days, tuple(days), days[-1].day, without)
        return Count(working_days, tuple(days[:1]), None, without)

    def due(self, office: int, start: datetime, working_days: int, pauses: Pauses, *, now: datetime) -> date | None:
        """The last day on time alone; the same question is worked out once."""
        first, waited = self._span(office, start, pauses, now)
        key = (office, first, working_days, waited)
        if key not in self._dues:
            self._dues[key] = next((told.day for told in self._told(office, first, working_days, waited) if told.kind == DUE), None)
        return self._dues[key]

    def _span(self, office: int, start: datetime, pauses: Pauses, now: datetime) -> tuple[date, Waited]:
        """The days of a start and of its pauses, on the office's own calendar."""
        zone = self.timetables[office].zone
        waited = ((since.astimezone(zone).date(), (until or now).astimezone(zone).date()) for since, until in pauses)
        return start.astimezone(zone).date(), tuple(waited)

    def _told(self, office: int, first: date, working_days: int, waited: Waited) -> Iterator[CountedDay]:
        """The days after the first one until the count is full, or a calendar is taken to be wrong."""
        number = 0
        for day in (first + _ONE * step for step in range(1, _LONGEST)):
            usual = self.day(office, day)
            if usual.kind != COUNTS:
                yield usual
            elif any(since <= day <= until for since, until in waited):
                yield CountedDay(day, WAITS)
            else:
                number += 1
                yield CountedDay(day, DUE if number == working_days else COUNTS, number)
                if number == working_days:
                    return

    def day(self, office: int, day: date) -> CountedDay:
        """A day of an office whoever waits: off by its hours and holidays, closed where a closure takes part of its hours, or one that counts."""
        if (office, day) not in self._days:
            self._days[office, day] = self._looked_up(office, day)
        return self._days[office, day]

    def counting(self, office: int, first: date, last: date) -> list[date]:
        """The days of a span that count at an office, in order; offices of one timetable that no closure takes have them in common."""
        shared = (office if self.closed.is_ever(office) else None, id(self.timetables[office]), first, last)
        if shared not in self._spans:
            span = (first + _ONE * step for step in range((last - first).days + 1))
            self._spans[shared] = [day for day in span if self._looked_up(office, day).kind == COUNTS]
        return self._spans[shared]

    def _looked_up(self, office: int, day: date) -> CountedDay:
        usual = self.timetables[office].day(day)
        if not usual.intervals:
            return CountedDay(day, OFF, why=usual.why)
        full, reduced = self.timetables[office].spans(day)
        for begins, ends in sorted(full + reduced):
            if closures := self.closed.between(office, begins, ends):
                return CountedDay(day, CLOSED, closure=next(iter(closures)))
        return CountedDay(day, COUNTS)


def zone_of(request: ServiceRequest) -> ZoneInfo:
    """The zone of the office where a request is."""
    return ZoneInfo(request.office.timezone)


def counted(request: ServiceRequest, *, now: datetime) -> Count | None:
    """How the deadline of a request is counted; nothing where its service promised no time, or the clock has not started."""
    if request.working_days is None or request.clock_from is None:
        return None
    calendars = Calendars.of([request.office_id], request.clock_from)
    pauses = list(Pause.select(Pause.since, Pause.until).where(Pause.request == request.id).order_by(Pause.since).tuples())
    return calendars.count(request.office_id, request.clock_from, request.working_days, pauses, now=now)


def promised(node: Node, working_days: int, *, now: datetime) -> date | None:
    """The last day on time of what is asked at an office this moment, as far as closures are known today; the node is one of a picture from now on."""
    chain = {node.id: (node.timetable.zone, [each.id for each in node.upwards()])}
    closed = ClosedDays(chain, now.date() - _ONE, (now + _AHEAD).date())
    return Calendars({node.id: node.timetable}, closed).due(node.id, now, working_days, (), now=now)


class Keeper:
    """Keeps deadlines true where nobody recounts them by name: after other hours, or a holiday that is declared late."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def look(self, *, now: datetime) -> int:
        """Recount what is open, some at a time, if anything has changed that the public sees since this was done last; how many moved."""
        version = board.version()
        if version == self._seen:
            return 0
        running = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.state.in_(OPEN), ServiceRequest.clock_from.is_null(False))
        ids = [id for (id,) in running.order_by(ServiceRequest.office, ServiceRequest.id).tuples()]
        moved = sum(recount(some, now=now) for some in chunked(ids, _AT_ONCE))
        self._seen = version
        return moved


def recount(ids: Iterable[int], *, now: datetime) -> int:
    """Bring the kept deadlines of open requests up to date, after a closure or a pause has changed; how many moved."""
    with transaction():
        rows = [row for some in chunked(sorted(ids), _AT_ONCE) for row in _counting(_in_turn(some))]
        if not rows:
            return 0
        starts = [start for *_, start, _ in rows]
        calendars = Calendars.of({office for _, office, *_ in rows}, min(starts), max(starts))
        return sum(_moved(some, calendars, now) for some in chunked(rows, _AT_ONCE))


def _in_turn(ids: list[int]) -> list[int]:
    """These requests, kept from others until the transaction ends; always in one order, so that two who recount never wait for each other."""
    if is_postgres():
        locked(ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.id.in_(ids)).order_by(ServiceRequest.id)).tuples().execute()
    return ids


def _counting(ids: list[int]) -> Iterable[Row]:
    """Of some requests those whose working days count: id, office, working days, start, and the deadline that is kept."""
    columns = (ServiceRequest.id, ServiceRequest.office, ServiceRequest.working_days, ServiceRequest.clock_from, ServiceRequest.due_on)
    counting = (ServiceRequest.clock_from.is_null(False), ServiceRequest.working_days.is_null(False))
    return ServiceRequest.select(*columns).where(ServiceRequest.id.in_(ids), ServiceRequest.state.in_(OPEN), *counting).tuples()


def foreseen(rows: Iterable[Maybe], *, now: datetime) -> dict[int, date | None]:
    """The last day on time of each of these requests as things stand, where its days count; nothing is kept."""
    counting: list[Row] = [row for row in rows if row[2] is not None and row[3] is not None]  # type: ignore[misc]
    if not counting:
        return {}
    starts = [start for *_, start, _ in counting]
    calendars = Calendars.of({office for _, office, *_ in counting}, min(starts), max(starts))
    return {id: due for some in chunked(counting, _AT_ONCE) for id, due in _dues(some, calendars, now).items()}


def _dues(rows: list[Row], calendars: Calendars, now: datetime) -> dict[int, date | None]:
    pauses = _pauses([id for id, *_ in rows])
    return {id: calendars.due(office, start, working_days, pauses[id], now=now) for id, office, working_days, start, _ in rows}


def _moved(rows: list[Row], calendars: Calendars, now: datetime) -> int:
    dues, moved = _dues(rows, calendars, now), defaultdict(list)
    for id, *_, before in rows:
        if dues[id] != before:
            moved[dues[id]].append(id)
    for day, its in moved.items():
        ServiceRequest.update(due_on=day).where(ServiceRequest.id.in_(its)).execute()
    return sum(map(len, moved.values()))


def _pauses(ids: list[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for request, since, until in Pause.select(Pause.request, Pause.since, Pause.until).where(Pause.request.in_(ids)).order_by(Pause.since).tuples():
        found[request].append((since, until))
    return found
