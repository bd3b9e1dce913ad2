"""When offices serve: weekly hours, holidays, special days and reduced hours become intervals."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.clock import at_minute
from portal.refusals import Refused
from portal.words import Sentence

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DEFAULT = "Mo-Fr 08:00-16:00"
ALWAYS = "24/7"

Minutes = tuple[tuple[int, int], ...]
Spans = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Weekly:
    """Opening hours of a week: for Monday to Sunday and for holidays, intervals in minutes of the day, sorted and apart."""

    days: tuple[Minutes, ...]
    holiday: Minutes = ()


@lru_cache(maxsize=4096)
def parse(text: str) -> Weekly:
    """Hours in the OSM subset, as «Mo-Th 08:00-12:00,13:00-16:00; Fr 08:00-11:30; PH off»; a later rule replaces an earlier one."""
    if text.strip() == ALWAYS:
        return Weekly(((((0, 1440),),) * 7), ((0, 1440),))
    week: dict[str, Minutes] = {}
    for rule in filter(None, (part.strip() for part in text.split(";"))):
        days, _, times = rule.partition(" ")
        if not times.strip():
            raise _unreadable(rule)  # to the map's makers it means day and night: too easily said by mistake
        intervals = parse_times(times)
        week.update(dict.fromkeys(_days(days, rule), intervals))
    if not week:
        raise _unreadable(text)
    return Weekly(tuple(week.get(day, ()) for day in DAYS), week.get("PH", ()))


def parse_times(text: str) -> Minutes:
    """Intervals of one day, as «08:00-12:00,13:00-16:00»; «off» and the empty text are none."""
    if text.strip() in {"", "off", "closed"}:
        return ()
    intervals = []
    for part in text.split(","):
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", part.strip(), re.ASCII)
        if not match:
            raise _unreadable(text)
        hour, minute, until_hour, until_minute = map(int, match.groups())
        intervals.append((hour * 60 + minute, until_hour * 60 + until_minute))
    intervals.sort()
    if any(not start < end <= 1440 for start, end in intervals):
        raise Refused(Sentence("Jam {text} tidak berurutan. Jam yang melewati tengah malam ditulis sebagai dua hari.", text=text))
    if any(later[0] < earlier[1] for earlier, later in pairwise(intervals)):
        raise Refused(Sentence("Jam {text} bertumpuk.", text=text))
    return tuple(intervals)


@dataclass(frozen=True)
class Reduction:
    """A policy that cuts hours on dated days: an office then serves only within these intervals."""

    first_day: date
    last_day: date | None
    intervals: Minutes
    legal_basis: str

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Special:
    """Hours on dated days that come before everything else."""

    first_day: date
    last_day: date
    intervals: Minutes
    note: str


@dataclass(frozen=True)
class DayHours:
    """One local day: its intervals in minutes, whether a policy cut them, and what makes the day special, if anything."""

    intervals: Minutes
    is_reduced: bool = False
    why: str = ""


@dataclass
class Timetable:
    """All that decides when one office serves, closures apart."""

    weekly: Weekly
    zone: ZoneInfo
    holidays: Mapping[date, str] = field(default_factory=dict)
    specials: tuple[Special, ...] = ()
    reductions: tuple[Reduction, ...] = ()  # the nearest scope first
    _days: dict[date, DayHours] = field(default_factory=dict, repr=False)
    _spans: dict[date, tuple[Spans, Spans]] = field(default_factory=dict, repr=False)

    def day(self, day: date) -> DayHours:
        """The hours of a local day: special hours before holidays before the week, then cut by the nearest policy."""
        if day not in self._days:
            self._days[day] = self._worked_out(day)
        return self._days[day]

    def spans(self, day: date) -> tuple[Spans, Spans]:
        """A local day's intervals as moments in UTC: those with full hours, and those of a day that a policy cut."""
        if day not in self._spans:
            hours = self.day(day)
            spans = [(at_minute(day, start, self.zone), at_minute(day, end, self.zone)) for start, end in hours.intervals]
            self._spans[day] = ([], spans) if hours.is_reduced else (spans, [])
        return self._spans[day]

    def known_until(self) -> datetime | None:
        """The moment after which nothing dated changes these hours any more; none where nothing dated is known."""
        days = [each.last_day for each in self.specials]
        days += [day for each in self.reductions for day in (each.first_day, each.last_day) if day is not None]
        if set(self.weekly.days) != {self.weekly.holiday}:
            days += self.holidays
        return at_minute(max(days), 1440, self.zone) if days else None

    def today(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()

    def _worked_out(self, day: date) -> DayHours:
        for special in self.specials:
            if special.first_day <= day <= special.last_day:
                return DayHours(special.intervals, why=special.note)
        holiday = self.holidays.get(day)
        usual = self.weekly.days[day.weekday()] if holiday is None else self.weekly.holiday
        for reduction in self.reductions:
            if reduction.holds(day):
                left = common(usual, reduction.intervals)
                if left != usual:
                    return DayHours(left, is_reduced=bool(left), why=holiday or reduction.legal_basis)
                break
        return DayHours(usual, why=holiday or "")


def common(ours: Minutes, theirs: Minutes) -> Minutes:
    """The intervals in both."""
    both = ((max(a, c), min(b, d)) for a, b in ours for c, d in theirs)
    return tuple(sorted((start, end) for start, end in both if start < end))


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The local days that a window of moments touches."""
    day = start.astimezone(zone).date()
    while at_minute(day, 0, zone) < end:
        yield day
        day += timedelta(days=1)


def text_of(intervals: Minutes) -> str:
    """Intervals as people here write them: 08.00–12.00, 13.00–16.00."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in intervals)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"


def _days(text: str, rule: str) -> Iterable[str]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if part == "PH":
            yield part
        elif first in DAYS and (not dash or last in DAYS):
            start, count = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7
            yield from (DAYS[(start + step) % 7] for step in range(count + 1))
        else:
            raise _unreadable(rule)


def _unreadable(text: str) -> Refused:
    return Refused(Sentence("Jam {text} tidak dapat dibaca. Contoh: Mo-Th 08:00-16:00; Fr 08:00-11:30.", text=text or "''"))
