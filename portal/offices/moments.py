"""Moments at which something that the public sees turns by the clock alone: hours that begin or end, closures, and midnight in each zone."""

import re
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.offices.models import Closure, DropBox, Office, SpecialHours
from portal.offices.remembered import remembered
from portal.policies import Policy

_CLOCK = re.compile(r"(\d\d):(\d\d)")
_ONE = timedelta(days=1)
_AT_MOST = 1.0  # seconds between two readings


class Moments:
    """The moments of some days, worked out again when the version changes, once a second at most; more of them than needed do no harm."""

    def __init__(self) -> None:
        self._of: tuple[int, date] | None = None
        self._read_at = 0.0
        self._moments: list[datetime] = []

    def last(self, now: datetime, version: int) -> datetime:
        """The last moment until now at which something may have turned."""
        if self._of != (version, now.date()) and (not self._moments or time.monotonic() - self._read_at > _AT_MOST):
            self._of, self._read_at = (version, now.date()), time.monotonic()
            self._moments = sorted(_moments(now))
        return self._moments[bisect_right(self._moments, now) - 1]


def _moments(now: datetime) -> set[datetime]:
    """From two days before to two days after."""
    days = [now.date() + _ONE * offset for offset in range(-2, 3)]
    found = {midnight(days[0], ZoneInfo("UTC")) - _ONE}
    minutes = set(_minutes(_texts()))
    for zone in {ZoneInfo(name) for name in remembered("zones", lambda: _distinct(Office.timezone))} | {ZoneInfo("Asia/Jakarta")}:
        for day in days:
            begins = midnight(day, zone)
            found |= {begins, *(begins + timedelta(minutes=minute) for minute in minutes)}
    return found | set(_of_closures(now))


def _texts() -> Iterator[str]:
    """Whatever says hours: of offices, of their boxes, of single days, and rules that shorten them."""
    yield from remembered("hours", lambda: _distinct(Office.hours))
    for column in (DropBox.hours, SpecialHours.hours):
        yield from _distinct(column)
    yield from (str(rule.value) for rule in Policy.select(Policy.value))


def _distinct(column: Any) -> list[str]:
    return [text for (text,) in column.model.select(column).distinct().tuples()]


def _minutes(texts: Iterable[str]) -> Iterator[int]:
    for text in texts:
        yield from (int(hour) * 60 + int(minute) for hour, minute in _CLOCK.findall(text))


def _of_closures(now: datetime) -> Iterator[datetime]:
    for column in (Closure.starts_at, Closure.ends_at):
        near: Any = Closure.select(column).where(column > now - 2 * _ONE, column < now + 3 * _ONE)
        yield from (moment.astimezone(UTC) for (moment,) in near.tuples())
