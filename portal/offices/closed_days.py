"""On which days offices are closed by a closure, and why: what a day at home follows from. Where only a service is closed, people work as on any day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.db import Question, among, slot
from portal.offices.models import Closure, ClosureMark, ClosureService

Chains = Mapping[int, tuple[ZoneInfo, Sequence[int]]]  # by office: its zone, and the nodes from it upwards
_EAST, _WEST = ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")
_HELD = Question(
    lambda: (
        ClosureMark.select(Closure.id, Closure.reason, Closure.starts_at, Closure.ends_at, ClosureMark.office, ClosureMark.is_excepted)
        .join(Closure)
        .where(among(ClosureMark.office, "nodes"), Closure.withdrawn_at.is_null(), Closure.starts_at < slot("until"))
        .where(Closure.ends_at.is_null() | (Closure.ends_at > slot("since")))
        .where(Closure.id.not_in(ClosureService.select(ClosureService.closure)))
        .order_by(Closure.starts_at, Closure.id)
    )
)


class ClosedDays:
    """The closures over some offices between two days."""

    def __init__(self, chains: Chains, first: date, last: date) -> None:
        """Reads them: one question however many offices and days."""
        self._chains = chains
        nodes = {node for _, chain in chains.values() for node in chain}
        span = {"since": midnight(first, _EAST), "until": midnight(last + timedelta(days=1), _WEST)}  # the day is longer than anywhere
        self._windows: dict[tuple[int, str, datetime, datetime | None], dict[int, bool]] = defaultdict(dict)
        for *window, office, is_excepted in _HELD.rows(nodes=sorted(nodes), **span):
            self._windows[tuple(window)][office] = not is_excepted

    def closures(self, office: int, day: date) -> dict[int, str]:
        """The closures that take an office on some part of a local day, the earliest first, each with its cause."""
        if office not in self._chains:
            return {}
        zone = self._chains[office][0]
        return self.between(office, midnight(day, zone), midnight(day + timedelta(days=1), zone))

    def between(self, office: int, begins: datetime, ends: datetime) -> dict[int, str]:
        """The closures that take an office on some part of a time within the days asked for, likewise."""
        if office not in self._chains:
            return {}
        running = (window for window in self._windows if window[2] < ends and (window[3] is None or window[3] > begins))
        return {window[0]: window[1] for window in running if _takes(self._windows[window], self._chains[office][1])}

    def is_ever(self, office: int) -> bool:
        """Whether a closure takes an office on any of the days asked for."""
        return office in self._chains and any(_takes(marks, self._chains[office][1]) for marks in self._windows.values())


def _takes(marks: dict[int, bool], chain: Sequence[int]) -> bool:
    """The nearest mark from the office upwards decides; without one the closure is of others."""
    return next((marks[node] for node in chain if node in marks), False)
