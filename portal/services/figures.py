"""How services run, in figures for everybody: requests, working days to the end, share on time, by channel and month; never fewer than five people together."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import SQL, Case, fn

from portal.clock import midnight
from portal.db import database, is_postgres
from portal.offices.models import Office
from portal.services.deadlines import Calendars
from portal.services.models import CHANNELS, DONE, REFUSED, Service, ServiceRequest

FEWEST = 5  # a number below it could lead to somebody
HELD = -1  # stands for five or more that are held back, lest the few beside them be had by subtraction
MONTHS = 12
_SHIFTS = {"Asia/Jayapura": 9, "Asia/Makassar": 8}  # hours before UTC; the others are 7
_USUAL = 7
Pair = tuple[int, int]  # office, service
_Ended = tuple[int | None, int | None, int]  # working days, whether on time (none: no promise was made), how many


@dataclass(frozen=True)
class Run:
    """How something ran; none stands for fewer than five, or for too few to measure."""

    requests: int | None
    settled: int | None
    days: float | None  # the median of working days from start to end
    on_time: int | None  # per cent


@dataclass(frozen=True)
class Line:
    """One service at one office."""

    office: tuple[str, str]  # slug, name
    service: tuple[str, str]
    run: Run


@dataclass(frozen=True)
class Figures:
    """Twelve months up to yesterday."""

    first: date
    last: date
    run: Run
    channels: list[tuple[str, int | None]]
    months: list[tuple[date, int | None]]
    lines: list[Line]


def of(office_ids: Collection[int] | None = None, service: Service | None = None, *, now: datetime, zone: ZoneInfo) -> Figures:
    """The figures of some offices (none: all) and a service (none: all); about ten questions however many requests. The day that runs is left out."""
    last = now.astimezone(zone).date() - timedelta(days=1)
    first = _months_before(last, MONTHS - 1)
    where: list[Any] = [ServiceRequest.office.in_(list(office_ids) or [0])] if office_ids is not None else []
    where += [ServiceRequest.service == service.id] if service is not None else []
    (pairs, channels, months), ended = _asked(where, first, last, zone), _ended(where, first, last, zone)
    every = [_months_before(last, back) for back in reversed(range(MONTHS))]
    every_end = [each for its in ended.values() for each in its]
    total = _run(_seen(sum(months.values())), _seen(_count(every_end)), every_end)
    return Figures(first, last, total, list(veiled({each: channels[each] for each in CHANNELS}).items()),
                   list(veiled({month: months[month] for month in every}).items()), _lines(pairs, ended))  # fmt: skip


def veiled(counts: Mapping[Any, int]) -> dict[Any, int | None]:
    """Counts of which none below five shows, nor can be had by taking the others from their sum."""
    few = {key for key, count in counts.items() if 0 < count < FEWEST}
    hidden, rest = set(few), sorted((key for key, count in counts.items() if count >= FEWEST), key=lambda key: counts[key])
    while hidden and rest and (len(hidden) == 1 or sum(counts[key] for key in hidden) < FEWEST):
        hidden.add(rest.pop(0))
    return {key: None if key in few else HELD if key in hidden else count for key, count in counts.items()}


def _asked(where: list[Any], first: date, last: date, zone: ZoneInfo) -> tuple[Counter[Pair], Counter[str], Counter[date]]:
    """How many were asked for, by office and service, by channel, and by month."""
    pairs, channels, months = Counter[Pair](), Counter[str](), Counter[date]()
    found = ServiceRequest.select(ServiceRequest.id).join(Office).where(ServiceRequest.created_at.between(*_span(first, last, zone)), *where)
    by_pair = found.select(ServiceRequest.office, ServiceRequest.service, fn.COUNT(ServiceRequest.id))
    for office, service, count in by_pair.group_by(ServiceRequest.office, ServiceRequest.service).tuples():
        pairs[office, service] = count
    by_month = found.select(ServiceRequest.channel, _local_day(ServiceRequest.created_at, 7).alias("month"), fn.COUNT(ServiceRequest.id))
    for channel, month, count in by_month.group_by(ServiceRequest.channel, SQL("month")).tuples():
        channels[channel] += count
        # Where an office's zone is ahead of the portal's, a few hours belong to the neighbouring month: they are kept within the span.
        months[min(max(date.fromisoformat(month + "-01"), first), last.replace(day=1))] += count
    return pairs, channels, months


def _ended(where: list[Any], first: date, last: date, zone: ZoneInfo) -> dict[Pair, list[_Ended]]:
    """What was settled, by office and service; what citizens took back themselves is no work of the office."""
    start, end = _local_day(ServiceRequest.clock_from), _local_day(ServiceRequest.closed_at)
    on_time = Case(None, [(ServiceRequest.due_on.is_null(), None), (end <= ServiceRequest.due_on.cast("text"), 1)], 0)
    columns = (ServiceRequest.office, ServiceRequest.service, start.alias("start"), end.alias("finish"), on_time.alias("on_time"))
    within = (ServiceRequest.closed_at.between(*_span(first, last, zone)), ServiceRequest.state.in_((DONE, REFUSED)))
    found = ServiceRequest.select(*columns, fn.COUNT(ServiceRequest.id)).join(Office).where(*within, *where)
    grouped = found.group_by(ServiceRequest.office, ServiceRequest.service, SQL("start"), SQL("finish"), SQL("on_time"))
    # As the database has them: a province makes a hundred thousand rows of this, and nothing in them needs to be made into anything.
    rows = database.execute(grouped).fetchall()
    days = _Days.of({office for office, *_ in rows}, min((start for _, _, start, *_ in rows if start), default=None), last)
    ended: dict[Pair, list[_Ended]] = defaultdict(list)
    for office, service, since, until, is_on_time, count in rows:
        ended[office, service].append((days.between(office, since, until) if since else None, is_on_time, count))
    return ended


@dataclass(frozen=True)
class _Days:
    """The working days of some offices from a day on, as text: so the database has its days, and so they compare."""

    counting: dict[int, list[str]]

    @classmethod
    def of(cls, offices: Collection[int], first: str | None, last: date) -> "_Days":
        if first is None:
            return cls({})
        since, until = date.fromisoformat(first), last + timedelta(days=1)
        calendars = Calendars.of(offices, midnight(since, ZoneInfo("Asia/Jayapura")), midnight(until, ZoneInfo("Asia/Jakarta")))
        spans = {office: calendars.counting(office, since, until) for office in offices}
        texts = {id(span): [day.isoformat() for day in span] for span in spans.values()}
        return cls({office: texts[id(span)] for office, span in spans.items()})

    def between(self, office: int, since: str, until: str) -> int:
        """Working days after a start up to an end."""
        return max(0, bisect_right(self.counting[office], until) - bisect_right(self.counting[office], since))


def _lines(asked: Counter[Pair], ended: dict[Pair, list[_Ended]]) -> list[Line]:
    """One line for each office and service, the most asked for first."""
    counts = {**dict.fromkeys(ended, 0), **asked}
    shown = veiled(counts)
    settled = veiled({pair: _count(ended.get(pair, ())) for pair in counts})
    named = Office.select(Office.id, Office.slug, Office.name).where(Office.id.in_(ServiceRequest.select(ServiceRequest.office)))
    offices = {id: (slug, name) for id, slug, name in named.tuples()}
    services = {id: (slug, name) for id, slug, name in Service.select(Service.id, Service.slug, Service.name).tuples()}
    lines = [Line(offices[pair[0]], services[pair[1]], _run(shown[pair], settled[pair], ended.get(pair, []))) for pair in counts]
    return sorted(lines, key=lambda line: (-(line.run.requests or 0), line.office[1], line.service[1], line.office[0]))


def _run(asked: int | None, settled: int | None, ended: list[_Ended]) -> Run:
    """What may be said of some requests, of which these counts may be shown; median and share only of five or more."""
    took = Counter[int]()
    promised = on_time = 0
    for days, is_on_time, count in ended:
        if days is not None:
            took[days] += count
        if is_on_time is not None:
            promised, on_time = promised + count, on_time + count * is_on_time
    return Run(asked, settled, _median(took), round(100 * on_time / promised) if promised >= FEWEST else None)


def _count(ended: Iterable[_Ended]) -> int:
    return sum(count for *_, count in ended)


def _seen(count: int) -> int | None:
    return None if 0 < count < FEWEST else count


def _median(counts: Counter[int]) -> float | None:
    total, passed, middle = counts.total(), 0, []
    if total < FEWEST:
        return None
    for days in sorted(counts):
        before, passed = passed, passed + counts[days]
        middle += [days for place in {(total - 1) // 2, total // 2} if before <= place < passed]
    return sum(middle) / len(middle)


def _span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return midnight(first, zone), midnight(last + timedelta(days=1), zone) - timedelta(microseconds=1)


def _months_before(day: date, back: int) -> date:
    """The first of a month so many months before that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def _local_day(column: Any, length: int = 10) -> Any:
    """The day of a moment on the calendar of its office, as its first ten letters (seven: the month)."""
    if is_postgres():
        hours = Case(Office.timezone, [(name, SQL(f"interval '{shift} hours'")) for name, shift in _SHIFTS.items()], SQL(f"interval '{_USUAL} hours'"))
        return fn.SUBSTR(fn.TO_CHAR(column + hours, "YYYY-MM-DD"), 1, length)
    shift = Case(Office.timezone, [(name, f"+{shift} hours") for name, shift in _SHIFTS.items()], f"+{_USUAL} hours")
    return fn.SUBSTR(fn.DATE(column, shift), 1, length)
