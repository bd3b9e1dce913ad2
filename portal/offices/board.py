"""The board: the state of many offices at a moment, from a bounded number of queries, and the version of what the public sees."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, SQL, Case, Expression, Value, fn

from portal import policies
from portal.clock import midnight
from portal.db import Question, among, database, is_postgres, slot
from portal.offices import hours
from portal.offices.models import BoardVersion, Closure, ClosureMark, ClosureService, Diversion, DropBox, Holiday, Office, SpecialHours
from portal.offices.regions import ancestry
from portal.offices.remembered import remembered
from portal.offices.state import LOOK_AHEAD, STATES, Detour, Node, Picture, Window

PAST, AHEAD = timedelta(days=100), timedelta(days=400)  # rules read for one moment serve its strips and outlooks too, the same on every page
_AROUND = timedelta(days=2)
_VERSION = 'SELECT "version" FROM "board_version"'
NodeRow = tuple[int, int | None, str, str, str | None, int | None]  # id, parent, hours, zone, region, a drop box
Pattern = tuple[str, str, str]  # hours, zone, the nearest region with rules of its own: offices that share it share every untouched state


def version() -> int:
    """The number that each act which the public may see raises."""
    ask = database.execute_sql if is_postgres() else database.connection().execute  # at every request: what peewee does around it would take longer
    row = ask(_VERSION).fetchone()
    return int(row[0]) if row else 0


def raise_version(*, of_places: bool = False) -> None:
    """Tell every cache that something changed, and whether it is an office or a region itself; called inside the transaction that changes it."""
    (_RAISE_BOTH if of_places else _RAISE).run()


_RAISE = Question(lambda: BoardVersion.update(version=BoardVersion.version + 1))
_RAISE_BOTH = Question(lambda: BoardVersion.update(version=BoardVersion.version + 1, places=BoardVersion.places + 1))


def paint(trees: Iterable[int], start: datetime, end: datetime, rules: "Rules | None" = None) -> Picture:
    """The picture of whole trees (ids of their tops) between two moments and as far ahead as an outlook looks."""
    trees = list(trees)
    return _painted(_NODES.rows(trees=trees) if trees else [], trees, start, end, rules)


def _painted(rows: list[NodeRow], trees: list[int], start: datetime, end: datetime, rules: "Rules | None") -> Picture:
    windows = closures_of(trees, start)
    last = max([end + AHEAD, *(edge + LOOK_AHEAD for window in windows for edge in window.edges())])
    rules = rules if rules and rules.end >= last and rules.start <= start else Rules.of(start, last)
    return Picture(rules.place(rows), windows)


def closures_of(trees: list[int], start: datetime) -> list[Window]:
    """Closures not withdrawn that mark these trees and end after a moment."""
    return _windows(_OF_TREES.rows(trees=trees, start=start)) if trees else []


def _running(which: Any) -> Any:
    """Closures that were not withdrawn, as _windows() takes them."""
    columns = (Closure.id, Closure.starts_at, Closure.ends_at, Closure.online, Closure.dropbox, Closure.timezone)
    return Closure.select(*columns).where(which, Closure.withdrawn_at.is_null()).order_by(Closure.starts_at, Closure.id)


def _of_trees() -> Any:
    marked = ClosureMark.select(ClosureMark.closure).join(Office).where(among(Office.root_id, "trees"))
    return _running(Closure.id.in_(marked) & (Closure.ends_at.is_null() | (Closure.ends_at > slot("start"))))


def closed_among(trees: Iterable[int | None], at: datetime) -> frozenset[int]:
    """Those of these trees (ids of their tops) in which a closure holds at a moment."""
    return frozenset(root for (root,) in _CLOSED.rows(at=at, trees=list(trees)))


def _shut() -> Any:
    running = (Closure.starts_at <= slot("at")) & (Closure.ends_at.is_null() | (Closure.ends_at > slot("at"))) & Closure.withdrawn_at.is_null()
    return ClosureMark.select(Office.root_id).join(Office).switch(ClosureMark).join(Closure).where(running)


def _holidays() -> Any:
    days = Holiday.select(Holiday.day, Holiday.name, Holiday.region).where(Holiday.day.between(slot("first"), slot("last")), ~Holiday.is_cancelled)
    return days.order_by(Holiday.is_joint_leave.desc(), Holiday.id)


def _specials() -> Any:
    dated = SpecialHours.select(SpecialHours.office, SpecialHours.first_day, SpecialHours.last_day, SpecialHours.hours, SpecialHours.note)
    dated = dated.where(SpecialHours.last_day >= slot("first"), SpecialHours.first_day <= slot("last"), SpecialHours.withdrawn_at.is_null())
    return dated.order_by(SpecialHours.id.desc())


_HOLIDAYS, _SPECIALS = Question(_holidays), Question(_specials)
_SHUT, _CLOSED = Question(_shut), Question(lambda: _shut().where(among(Office.root_id, "trees")))
_ROOTS = Question(lambda: Office.select(Office.root_id).where(among(Office.id, "offices")))
_NODES = Question(lambda: nodes(among(Office.root_id, "trees")))


def states(offices: Iterable[dict[str, Any]], at: datetime) -> dict[int, str]:
    """The states of some offices at a moment and no more: for lists that are asked for at every letter that one types."""
    offices = list(offices)
    trees = list({office["root_id"] for office in offices})
    placed = Rules.of(at - _AROUND, at + _AROUND).place(_NODES.rows(trees=trees)) if trees else {}
    picture = Picture(placed, closures_of(trees, at) if closed_among(trees, at) else [])
    return {office["id"]: picture.condition(placed[office["id"]], at).state for office in offices}


def window_of(closure: Closure) -> Window | None:
    """One closure as it holds by now; none where it is withdrawn."""
    return next(iter(_windows(_OF_ONE.rows(closure=closure.id))), None)


def _windows(rows: list[tuple[Any, ...]]) -> list[Window]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    marks: dict[int, dict[int, bool]] = defaultdict(dict)
    for closure, office, is_excepted in _MARKS.rows(closures=ids):
        marks[closure][office] = not is_excepted
    detours: dict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
    for closure, first, last in _DETOURS.rows(closures=ids):
        detours[closure].append((first, last))
    services: dict[int, set[str]] = defaultdict(set)
    for closure, service in _SERVICES.rows(closures=ids):
        services[closure].add(service)
    return [Window(id, starts, ends, marks[id], online, dropbox, tuple(_detour(first, last, ZoneInfo(zone)) for first, last in detours[id]),
                   frozenset(services[id])) for id, starts, ends, online, dropbox, zone in rows]  # fmt: skip


_OF_TREES, _OF_ONE = Question(_of_trees), Question(lambda: _running(Closure.id == slot("closure")))
_MARKS = Question(lambda: ClosureMark.select(ClosureMark.closure, ClosureMark.office, ClosureMark.is_excepted).where(among(ClosureMark.closure, "closures")))
_DETOURS = Question(lambda: Diversion.select(Diversion.closure, Diversion.first_day, Diversion.last_day).where(among(Diversion.closure, "closures")))
_SERVICES = Question(lambda: ClosureService.select(ClosureService.closure, ClosureService.service).where(among(ClosureService.closure, "closures")))


def _detour(first: date | None, last: date | None, zone: ZoneInfo) -> Detour:
    return Detour(midnight(first, zone) if first else None, midnight(last + timedelta(days=1), zone) if last else None)


def nodes(where: Expression) -> Any:
    """The rows of offices that place() makes a picture of."""
    columns = (Office.id, Office.parent, Office.hours, Office.timezone, Office.region, DropBox.id)
    return (
        Office.select(*columns)
        .join(DropBox, JOIN.LEFT_OUTER, on=(DropBox.office == Office.id) & DropBox.ended_at.is_null())
        .where(where)
        .order_by(Office.id)
        .tuples()
    )


@dataclass
class Rules:
    """Holidays, special hours and policies that decide hours between two moments, read once."""

    start: datetime
    end: datetime
    holidays: dict[str, dict[date, str]]  # by region code; "" holds everywhere
    specials: dict[int, tuple[hours.Special, ...]]
    reductions: list[policies.Policy]
    _timetables: dict[Any, hours.Timetable] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, start: datetime, end: datetime) -> "Rules":
        first, last = start.date() - timedelta(days=1), end.date() + timedelta(days=1)
        holidays: dict[str, dict[date, str]] = defaultdict(dict)
        for day, name, region in _HOLIDAYS.rows(first=first, last=last):
            holidays[region or ""][day] = name
        specials: dict[int, tuple[hours.Special, ...]] = defaultdict(tuple)
        for office, since, until, text, note in _SPECIALS.rows(first=first, last=last):
            specials[office] += (hours.Special(since, until, hours.parse_times(text), note),)
        return cls(start, end, holidays, specials, policies.of_kind(policies.REDUCED_HOURS))

    def place(self, rows: Iterable[NodeRow]) -> dict[int, Node]:
        """Nodes of whole trees, each with its timetable."""
        by_id = {row[0]: row for row in rows}
        nodes: dict[int, Node] = {}

        def node(id: int) -> Node:
            if id not in nodes:
                _, parent, text, zone, region, has_dropbox = by_id[id]
                above = node(parent) if parent is not None else None
                chain = [id, *(each.id for each in above.upwards())] if above else [id]
                nodes[id] = Node(id, self.timetable(text, zone, region, chain), above, bool(has_dropbox))
            return nodes[id]

        return {id: node(id) for id in by_id}

    def timetable(self, text: str, zone: str, region: str | None, chain: list[int]) -> hours.Timetable:
        """The timetable of an office: `chain` runs from itself upwards; offices without rules of their own share one."""
        nearest = self.nearest(region)
        own = tuple(office for office in chain if office in self._special_offices)
        key = (text, zone, nearest, own)
        if key not in self._timetables:
            regions = ancestry(nearest)
            holidays = {day: name for code in ["", *reversed(regions)] for day, name in self.holidays.get(code, {}).items()}
            dated = policies.holding(self.reductions, office_ids=own, region_codes=regions)
            cuts = [hours.Reduction(each.first_day, each.last_day, hours.parse_times(each.value["hours"]), each.legal_basis) for each in dated]
            specials = tuple(special for office in own for special in self.specials.get(office, ()))
            self._timetables[key] = hours.Timetable(hours.parse(text), ZoneInfo(zone), holidays, specials, tuple(cuts))
        return self._timetables[key]

    def nearest(self, region: str | None) -> str:
        """The nearest region, from this one upwards, with rules of its own; empty where none has."""
        return next((code for code in ancestry(region) if code in self.special_regions), "")

    @cached_property
    def special_regions(self) -> set[str]:
        """Regions whose holidays or policies differ from what holds everywhere."""
        return {code for code in self.holidays if code} | {each.region_code for each in self.reductions if each.region_code}

    @cached_property
    def _special_offices(self) -> set[int]:
        return set(self.specials) | {each.office_id for each in self.reductions if each.office_id is not None}


@dataclass
class Overview:
    """All offices at one moment: how many tops of trees are in each state, which are disrupted, and the condition that picks a state in a query."""

    at: datetime
    counts: dict[str, int]
    disrupted: dict[int, str]  # tops of trees with an active closure -> state
    touched: dict[int, str]  # offices that were looked at one by one -> state
    patterns: dict[Pattern, str]
    rules: Rules
    picture: Picture
    regions: dict[int, str]  # of those that were looked at

    @cached_property
    def hurt(self) -> dict[int, str]:
        """Offices of every level with an active closure -> state."""
        looked_at = ((id, self.picture.condition(node, self.at)) for id, node in self.picture.nodes.items())
        return {id: condition.state for id, condition in looked_at if condition.closures}

    def has_state(self, state: str) -> Expression:
        """The condition on Office that holds for those in a state."""
        alike = [pattern for pattern, its in self.patterns.items() if its == state]
        shared = [(Office.hours == text) & (Office.timezone == zone) & (pattern_region(self.rules) == region) for text, zone, region in alike]
        untouched = reduce(or_, shared, Value(False)) & Office.id.not_in(list(self.touched) or [0])
        return untouched | Office.id.in_([id for id, its in self.touched.items() if its == state] or [0])


def overview(at: datetime) -> Overview:
    """The whole board at a moment: offices that no closure and no rule of their own touches are worked out once a pattern, not once each."""
    rules = Rules.of(at - PAST, at + AHEAD)
    trees = {root for (root,) in _SHUT.rows(at=at)}
    if rules._special_offices:
        trees |= {root for (root,) in _ROOTS.rows(offices=sorted(rules._special_offices))}
    rows = _NODES.rows(trees=sorted(trees)) if trees else []
    picture = _painted(rows, sorted(trees), at, at, rules)
    conditions = {id: picture.condition(node, at) for id, node in picture.nodes.items()}
    touched = {id: condition.state for id, condition in conditions.items()}
    disrupted = {id: touched[id] for id, node in picture.nodes.items() if node.parent is None and conditions[id].closures}
    patterns, counts = {}, dict.fromkeys(STATES, 0)
    for text, zone, region, count in remembered(("patterns", tuple(sorted(rules.special_regions))), lambda: _counted(rules)):
        node = Node(0, rules.timetable(text, zone, region, []))
        state = Picture({0: node}).condition(node, at).state
        patterns[text, zone, region] = state
        counts[state] += count
    for id, parent, text, zone, region, _ in rows:
        if parent is None:
            counts[patterns[text, zone, rules.nearest(region)]] -= 1
            counts[touched[id]] += 1
    return Overview(at, counts, disrupted, touched, patterns, rules, picture, {row[0]: row[4] or "" for row in rows})


def _counted(rules: Rules) -> list[tuple[str, str, str, int]]:
    """The patterns that offices have, each with how many tops of trees have it."""
    column = pattern_region(rules).alias("pattern")
    grouped = Office.select(Office.hours, Office.timezone, column, fn.SUM(Case(None, [(Office.parent.is_null(), 1)], 0)))
    return list(grouped.group_by(Office.hours, Office.timezone, SQL("pattern")).tuples())


def pattern_region(rules: Rules) -> Any:
    """The column that names, for an office, the nearest region with rules of its own; empty where there is none."""
    codes = sorted(rules.special_regions, key=lambda code: (-len(code), code))
    if not codes:
        return Value("")
    return Case(None, [(within(Office.region, code), code) for code in codes], "")


def is_within(region: str, code: str) -> bool:
    """Whether a region is another one or lies below it; all lie below none."""
    return not code or region == code or region.startswith(code + ".")


def within(column: Any, code: str) -> Expression:
    """A region is this one or lies below it."""
    return (column == code) | (fn.SUBSTR(column, 1, len(code) + 1) == code + ".")
