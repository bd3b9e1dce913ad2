"""The state of an office: a pure function of its hours, its closures and a moment. Nothing here reads rows or the clock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from portal.offices.hours import Timetable

SUSPENDED, REMOTE, LIMITED, OPEN, OFF_HOURS = "suspended", "remote", "limited", "open", "off_hours"
STATES = (OPEN, LIMITED, REMOTE, SUSPENDED, OFF_HOURS)
LOOK_AHEAD = timedelta(days=21)  # past the last dated change: a week as any other lies in it


@dataclass(frozen=True)
class Detour:
    """The dates in which a closure diverts somewhere."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def works(self, at: datetime) -> bool:
        return (self.starts_at is None or self.starts_at <= at) and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Window:
    """One closure: when, which nodes it marks (True: taken, False: excepted), and what it does to the channels; with services it takes only these."""

    id: int
    starts_at: datetime
    ends_at: datetime | None
    marks: dict[int, bool]
    online: bool | None = None
    dropbox: bool | None = None
    detours: tuple[Detour, ...] = ()
    services: frozenset[str] = frozenset()

    def is_active(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def edges(self) -> Iterator[datetime]:
        """Every moment at which this closure changes something."""
        stretches: list[Window | Detour] = [self, *self.detours]
        for each in stretches:
            yield from (moment for moment in (each.starts_at, each.ends_at) if moment is not None)


@dataclass(eq=False)
class Node:
    """An office as the state sees it: its place in the tree, its timetable, and whether it has a drop box."""

    id: int
    timetable: Timetable
    parent: "Node | None" = None
    has_dropbox: bool = False

    def upwards(self) -> Iterator["Node"]:
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def is_below(self, other: "Node") -> bool:
        return self is not other and any(node is other for node in self.upwards())


@dataclass(frozen=True)
class Channels:
    """Which ways to be served work at a moment."""

    counter: bool
    online: bool
    dropbox: bool
    email: bool


@dataclass(frozen=True)
class Condition:
    """What holds for an office at a moment: state, channels, and the closures that have a part in it."""

    state: str
    channels: Channels
    closures: tuple[int, ...] = ()
    is_reduced: bool = False


@dataclass(frozen=True)
class Outlook:
    """A condition with its end and with the moment at which the counter serves next; None where no date is known."""

    at: datetime
    condition: Condition
    until: datetime | None
    reopens_at: datetime | None

    @property
    def state(self) -> str:
        return self.condition.state


@dataclass
class Picture:
    """Offices with the closures of a stretch of time; answers for any of them at any moment within it."""

    nodes: dict[int, Node]
    windows: list[Window] = field(default_factory=list)
    _touching: dict[int, list[Window]] = field(default_factory=dict, repr=False)

    def condition(self, node: Node, at: datetime) -> Condition:
        """The state and channels of an office at a moment: whole closure > off hours > limited > open."""
        active = [window for window in self.touching(node) if window.is_active(at)]
        covering = [window for window in active if covers(window, node)]
        closures = tuple(window.id for window in active)
        if covering and self._is_whole(node, active, at):
            channels = _channels(node, covering, counter=False)
            works = channels.online or channels.email or channels.dropbox or any(detour.works(at) for window in covering for detour in window.detours)
            return Condition(REMOTE if works else SUSPENDED, channels, closures)
        serves, is_reduced = self._serves(node, active, at)
        state = OFF_HOURS if not serves else LIMITED if closures or is_reduced else OPEN
        return Condition(state, _channels(node, covering, counter=serves), closures, is_reduced)

    def outlook(self, node: Node, at: datetime) -> Outlook:
        """The condition at a moment, how long it lasts, and when the counter serves next."""
        now = self.condition(node, at)
        until = reopens_at = None
        for start, condition in self.stretches(node, at, self._last_change(node, at) + LOOK_AHEAD):
            if until is None and condition.state != now.state:
                until = start
            if reopens_at is None and condition.channels.counter:
                reopens_at = start
            if until and reopens_at:
                break
        return Outlook(at, now, until, None if now.channels.counter else reopens_at)

    def _last_change(self, node: Node, at: datetime) -> datetime:
        """The last dated change that is known of an office, of its closures or of the hours of whatever stays open in it."""
        windows = self.touching(node)
        known = [edge for window in windows for edge in window.edges()]
        known += [until for clock in self._clocks(node, windows) if (until := clock.known_until()) is not None]
        return max([at, *known])

    def _clocks(self, node: Node, windows: list[Window]) -> list[Timetable]:
        """The hours that decide: its own, and those of the parts that closures leave open."""
        return [node.timetable, *(self.nodes[part].timetable for part in self._exceptions(node, windows))]

    def stretches(self, node: Node, start: datetime, end: datetime) -> Iterator[tuple[datetime, Condition]]:
        """Where each condition begins between two moments, in order; each lasts until the next begins."""
        windows = self.touching(node)
        edges = sorted({edge for window in windows for edge in window.edges() if start < edge < end})
        clocks = self._clocks(node, windows)
        at, previous = start, None
        while at < end:
            condition = self.condition(node, at)
            if condition != previous:
                yield at, condition
                previous = condition
            upcoming = [*[edge for edge in edges if edge > at][:1], end]
            if condition.state not in {SUSPENDED, REMOTE}:  # behind a closed door the clock changes nothing
                upcoming += [_next_hours(clock, at, min(upcoming)) for clock in clocks]
            at = min(upcoming)

    def timeline(self, node: Node, start: datetime, end: datetime) -> list[tuple[datetime, datetime, Condition]]:
        """The window as intervals without gap or overlap."""
        begins = list(self.stretches(node, start, end))
        ends = [at for at, _ in begins[1:]] + [end]
        return [(at, until, condition) for (at, condition), until in zip(begins, ends, strict=True)]

    def serving(self, node: Node, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """When a counter serves between two moments; neighbouring intervals are one."""
        found: list[tuple[datetime, datetime]] = []
        for since, until, condition in self.timeline(node, start, end):
            if condition.channels.counter:
                joins = found and found[-1][1] == since
                found[-1:] = [(found[-1][0], until)] if joins else [*found[-1:], (since, until)]
        return found

    def closed_services(self, node: Node, at: datetime) -> dict[str, Window]:
        """Services taken singly at an office at a moment: for each the closure that ends last, with the channels that all of them leave to it."""
        found: dict[str, Window] = {}
        for window in self.touching(node):
            if window.services and window.is_active(at) and reaches(window, node):
                for service in window.services:
                    found[service] = _together(found[service], window) if service in found else window
        return found

    def touching(self, node: Node) -> list[Window]:
        """Closures that take this office, anything below it or a service of these, at whatever time."""
        if node.id not in self._touching:
            here, below = self._marking
            found = set(below.get(node.id, ()))
            found.update(number for each in node.upwards() for number in here.get(each.id, ()) if reaches(self.windows[number], node))
            self._touching[node.id] = [self.windows[number] for number in sorted(found)]
        return self._touching[node.id]

    @cached_property
    def _marking(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """By office: the closures (their places in the list) that mark it, and those that take something below it."""
        here, below = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for number, window in enumerate(self.windows):
            for mark, taken in window.marks.items():
                here[mark].append(number)
                for node in self.nodes[mark].upwards() if taken and mark in self.nodes else ():
                    if node.id != mark:
                        below[node.id].append(number)
        return here, below

    def _exceptions(self, node: Node, windows: Iterable[Window]) -> set[int]:
        marks = (mark for window in windows for mark, taken in window.marks.items() if not taken)
        return {mark for mark in marks if mark in self.nodes and self.nodes[mark].is_below(node)}

    def _is_whole(self, node: Node, active: list[Window], at: datetime) -> bool:
        """Closed with everything in it: each excepted part below is taken by another closure."""
        covering = [window for window in active if covers(window, node)]
        return bool(covering) and all(self._is_whole(self.nodes[part], active, at) for part in self._exceptions(node, covering))

    def _serves(self, node: Node, active: list[Window], at: datetime) -> tuple[bool, bool]:
        """Whether a counter serves here, and whether with reduced hours; a closed node serves where an excepted part does."""
        covering = [window for window in active if covers(window, node)]
        if not covering:
            full, reduced = node.timetable.spans(node.timetable.today(at))
            return _within(full, at) or _within(reduced, at), _within(reduced, at)
        parts = [self._serves(self.nodes[part], active, at) for part in self._exceptions(node, covering)]
        return any(serves for serves, _ in parts), False


def covers(window: Window, node: Node) -> bool:
    """Whether a closure takes a node whole; one of single services closes no door."""
    return not window.services and reaches(window, node)


def reaches(window: Window, node: Node) -> bool:
    """Whether a closure takes a node, or services of it: the nearest mark on the way up decides."""
    return next((window.marks[each.id] for each in node.upwards() if each.id in window.marks), False)


def _channels(node: Node, covering: list[Window], *, counter: bool) -> Channels:
    """A channel works as on any day unless a closure takes it away; a closure may also set up a drop box."""
    online = all(window.online is not False for window in covering)
    said = [window.dropbox for window in covering if window.dropbox is not None]
    return Channels(counter, online, dropbox=all(said) if said else node.has_dropbox, email=online)


def _together(one: Window, other: Window) -> Window:
    """Two closures of one service as the one that ends last; a channel works where neither takes it away."""
    last = max(one, other, key=lambda window: (window.ends_at is None, window.ends_at or window.starts_at))
    said = [window.dropbox for window in (one, other) if window.dropbox is not None]
    online = False if False in (one.online, other.online) else last.online
    return replace(last, online=online, dropbox=all(said) if said else None)


def _within(spans: list[tuple[datetime, datetime]], at: datetime) -> bool:
    return any(start <= at < end for start, end in spans)


def _next_hours(timetable: Timetable, at: datetime, limit: datetime) -> datetime:
    """The next opening or closing after a moment, at most `limit`."""
    day = timetable.today(at)
    while True:
        full, reduced = timetable.spans(day)
        for span in sorted(full + reduced):
            for edge in span:
                if edge > at:
                    return min(edge, limit)
        day += timedelta(days=1)
        if datetime.combine(day, datetime.min.time(), timetable.zone) >= limit:
            return limit
