"""Seats for many who lost theirs: each nearest to the time of day that was chosen, spread over the days, so that no morning takes them all."""

from bisect import insort
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.offices.models import Office
from portal.offices.state import Picture
from portal.services.appointments import Held, Rules, overlapping, times

FURTHEST = 400  # days in which a seat is looked for
_ONE = timedelta(days=1)
_MINUTES = 24 * 60


@dataclass(frozen=True)
class Seat:
    """A seat at the counter of an office, held for somebody."""

    office: int
    starts_at: datetime
    ends_at: datetime
    number: int


@dataclass
class Counter:
    """The counter of one office: which seats are held, and how many of a day's may go to those who lost theirs. Worked out in memory, once a day."""

    office: Office
    picture: Picture
    rules: Rules
    held: list[Held]
    _days: dict[tuple[str, date], list[tuple[datetime, datetime]]] = field(default_factory=dict)
    _shapes: dict[date, tuple[int, int, int]] = field(default_factory=dict)
    _ends: dict[date, date] = field(default_factory=dict)
    _given: Tally[date] = field(default_factory=Tally)
    _full: set[tuple[str, date]] = field(default_factory=set)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.timezone)

    def next(self, service: str, wanted: datetime, first: date, last: date | None = None) -> Seat | None:
        """Hold the seat for a service on the first day with room, nearest to the wanted time of day; none where no day has any."""
        for day in (each for each in self._days_from(first, last) if (service, each) not in self._full):
            if self._given[day] < self._most(service, day) and (seat := self._nearest(service, day, wanted)) is not None:
                self._hold(seat, day)
                return seat
            self._full.add((service, day))
        return None

    def again(self, service: str, starts_at: datetime) -> Seat | None:
        """Hold a seat at just this time, where it is one of the counter's and free."""
        day = starts_at.astimezone(self.zone).date()
        ends_at = next((ends for starts, ends in self._slots(service, day) if starts == starts_at), None)
        seat = self._free(service, starts_at, ends_at, day) if ends_at is not None else None
        if seat is not None:
            self._hold(seat, day)
        return seat

    def first(self, service: str, day: date) -> datetime | None:
        """From a day on the first time that is free; nothing is held."""
        for each in self._days_from(day, None):
            if (found := next((starts for starts, ends in self._slots(service, each) if self._free(service, starts, ends, each)), None)) is not None:
                return found
        return None

    def give_back(self, starts_at: datetime, ends_at: datetime, number: int) -> None:
        """A seat is free for others from now on."""
        self.held.remove((starts_at, ends_at, number))

    def _days_from(self, first: date, last: date | None) -> Iterator[date]:
        """The days from one on that are looked at."""
        if first not in self._ends:
            self._ends[first] = self._furthest(first)
        end = min(self._ends[first], last or self._ends[first])
        return (first + _ONE * step for step in range((end - first).days + 1))

    def _furthest(self, first: date) -> date:
        """The last day looked at; none at all where no reopening is known."""
        outlook = self.picture.outlook(self.picture.nodes[self.office.id], midnight(first, self.zone))
        is_ever_open = outlook.condition.channels.counter or outlook.reopens_at is not None
        return first + _ONE * FURTHEST if is_ever_open else first - _ONE

    def _shape(self, day: date) -> tuple[int, int, int]:
        """Of a day: seats at once, minutes of an appointment, share for those who lost theirs."""
        if day not in self._shapes:
            lengths = self.rules.lengths(day)
            self._shapes[day] = self.rules.capacity(day).seats, lengths["minutes"], lengths["share"]
        return self._shapes[day]

    def _nearest(self, service: str, day: date, wanted: datetime) -> Seat | None:
        minute = _minute(wanted, self.zone)
        by_distance = sorted(self._slots(service, day), key=lambda slot: abs(_minute(slot[0], self.zone) - minute))
        return next((seat for starts, ends in by_distance if (seat := self._free(service, starts, ends, day)) is not None), None)

    def _free(self, service: str, starts: datetime, ends: datetime, day: date) -> Seat | None:
        taken = overlapping(self.held, starts, ends)
        number = next((each for each in range(1, self._shape(day)[0] + 1) if each not in taken), None)
        return Seat(self.office.id, starts, ends, number) if number is not None else None

    def _hold(self, seat: Seat, day: date) -> None:
        insort(self.held, (seat.starts_at, seat.ends_at, seat.number), key=itemgetter(0))
        self._given[day] += 1

    def _most(self, service: str, day: date) -> int:
        """How many seats of a day may go to those who lost theirs: a share by policy, one at least."""
        seats, _, share = self._shape(day)
        return max(1, len(self._slots(service, day)) * seats * share // 100)

    def _slots(self, service: str, day: date) -> list[tuple[datetime, datetime]]:
        if (service, day) not in self._days:
            begins, length = midnight(day, self.zone), timedelta(minutes=self._shape(day)[1])
            self._days[service, day] = list(times(service, self.office, self.picture, begins, midnight(day + _ONE, self.zone), length))
        return self._days[service, day]


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    here = moment.astimezone(zone)
    return here.hour * 60 + here.minute
