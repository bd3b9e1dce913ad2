"""How often counters were closed, and why: the days of service that closures took, month by month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import SQL, fn

from portal.clock import midnight
from portal.offices import tree
from portal.offices.board import AHEAD, Rules, paint, pattern_region, within
from portal.offices.hours import Timetable, days_between
from portal.offices.models import Closure, ClosureMark, ClosureService, Office
from portal.offices.state import REMOTE, SUSPENDED, Node, Picture, Window, covers

_EAST, _WEST = ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")  # between them every day of an office begins and ends
_AT_ONCE = 2000  # trees that are painted together
Top = Office.alias()


@dataclass(frozen=True)
class Month:
    """A month of an office or of many: days on which counters would have served, one for each office, and how many of them closures took, by reason."""

    first: date
    served: int
    closed: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.closed.values())


def of_office(office: dict[str, Any], first: date, last: date) -> list[Month]:
    """The months of one office between two days, both included; a day that several closures take counts for the one that began first."""
    start, end = _span(first, last)
    picture = paint([office["root_id"]], start, end)
    node = picture.nodes[office["id"]]
    closed = Counter((day.replace(day=1), closure) for day, closure in lost(picture, node, first, last).items())
    return _months(first, last, _served(node.timetable, first, last), closed)


def of_region(code: str, first: date, last: date) -> list[Month]:
    """The months of all tops of trees in a region, likewise: offices with the same hours under the same closures are worked out once."""
    start, end = _span(first, last)
    rules = Rules.of(start, end + AHEAD)
    alike = _alike(code, start, end, rules)
    closed: Counter[tuple[date, int]] = Counter()
    for some in (alike[at : at + _AT_ONCE] for at in range(0, len(alike), _AT_ONCE)):
        pictures = _each_by_itself(paint([root for root, _ in some], start, end, rules))
        for root, count in some:
            for day, closure in lost(pictures[root], pictures[root].nodes[root], first, last).items():
                closed[day.replace(day=1), closure] += count
    served: Counter[date] = Counter()
    for timetable, count in _timetables(code, rules):
        for month, days in _served(timetable, first, last).items():
            served[month] += days * count
    return _months(first, last, served, closed)


def began(office: dict[str, Any] | None = None, region: str = "") -> date | None:
    """The first day of the first closure of an office or of a region; none where there was none."""
    marked = ClosureMark.select(ClosureMark.closure).join(Office)
    of = within(Office.region, region) if office is None else Office.id.in_(tree.chains([office["id"]])[office["id"]][0])
    first = Closure.select().where(Closure.id.in_(marked.where(of)), Closure.withdrawn_at.is_null(), _is_whole()).order_by(Closure.starts_at).first()
    return first.starts_at.astimezone(ZoneInfo(first.timezone)).date() if first else None


def lost(picture: Picture, node: Node, first: date, last: date) -> dict[date, int]:
    """The days on which closures kept a counter shut in hours in which it would have served, each with the closure that began first."""
    found: dict[date, int] = {}
    zone = node.timetable.zone
    for since, until, closure in _shut(picture, node, midnight(first, zone), midnight(last + timedelta(days=1), zone)):
        for day in days_between(since, until, zone):
            full, reduced = node.timetable.spans(day)
            if day not in found and any(begins < until and since < ends for begins, ends in (*full, *reduced)):
                found[day] = closure
    return found


def _each_by_itself(picture: Picture) -> dict[int, Picture]:
    """A picture of each tree alone, with its own closures: among all of them one would look for these again and again."""
    roots = {id: list(node.upwards())[-1].id for id, node in picture.nodes.items()}
    own: dict[int, list[Window]] = {root: [] for root in roots.values()}
    for window in picture.windows:
        marks: dict[int, dict[int, bool]] = defaultdict(dict)
        for node, is_taken in window.marks.items():
            if node in roots:
                marks[roots[node]][node] = is_taken
        for root, its in marks.items():
            own[root].append(replace(window, marks=its))
    return {root: Picture(picture.nodes, windows) for root, windows in own.items()}


def _shut(picture: Picture, node: Node, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, int]]:
    """When the door is shut, by each closure that takes the whole office, the earliest first."""
    for window in picture.touching(node):
        since, until = max(window.starts_at, start), min(window.ends_at or end, end)
        if covers(window, node) and since < until:
            line = picture.timeline(node, since, until)
            yield from ((begins, ends, window.id) for begins, ends, condition in line if condition.state in {REMOTE, SUSPENDED})


def _alike(code: str, start: datetime, end: datetime, rules: Rules) -> list[tuple[int, int]]:
    """Tops that closures take, one for all that share hours and closures, with how many these are; what has parts of its own marked stands alone."""
    groups: dict[Any, list[int]] = {}
    for root, (timetable, marks) in _marked(code, start, end, rules).items():
        taken = {closure for closure, office, is_excepted in marks if office == root and not is_excepted}
        is_simple = all(office == root for _, office, _ in marks)
        if taken:
            groups.setdefault((id(timetable), frozenset(taken)) if is_simple else root, []).append(root)
    return [(roots[0], len(roots)) for roots in groups.values()]


def _marked(code: str, start: datetime, end: datetime, rules: Rules) -> dict[int, tuple[Timetable, list[tuple[int, int, bool]]]]:
    """The marks of closures that run between two moments, by the top of their tree."""
    rows = (
        ClosureMark.select(ClosureMark.closure, ClosureMark.office, ClosureMark.is_excepted, Top.id, Top.hours, Top.timezone, Top.region)
        .join(Closure)
        .switch(ClosureMark)
        .join(Office)
        .join(Top, on=(Office.root_id == Top.id))
        .where(within(Top.region, code), Closure.starts_at < end, Closure.ends_at.is_null() | (Closure.ends_at > start))
        .where(Closure.withdrawn_at.is_null(), _is_whole())
    )
    found: dict[int, tuple[Timetable, list[tuple[int, int, bool]]]] = {}
    for closure, office, is_excepted, root, text, zone, region in rows.tuples():
        if root not in found:
            found[root] = (rules.timetable(text, zone, region, [root]), [])
        found[root][1].append((closure, office, is_excepted))
    return found


def _is_whole() -> Any:
    """A closure of single services shuts no counter."""
    return Closure.id.not_in(ClosureService.select(ClosureService.closure))


def _timetables(code: str, rules: Rules) -> Iterator[tuple[Timetable, int]]:
    """The timetables of the tops in a region, each with how many follow it."""
    where = Office.parent.is_null() & within(Office.region, code)
    pattern = pattern_region(rules).alias("pattern")
    rows = Office.select(Office.hours, Office.timezone, pattern, fn.COUNT(Office.id)).where(where)
    for text, zone, region, count in rows.group_by(Office.hours, Office.timezone, SQL("pattern")).tuples():
        yield rules.timetable(text, zone, region, []), count
    own = [*rules.specials, *(each.office_id for each in rules.reductions if each.office_id is not None)]
    for root, text, zone, region in Office.select(Office.id, Office.hours, Office.timezone, Office.region).where(where, Office.id.in_(own or [0])).tuples():
        yield rules.timetable(text, zone, region, []), -1
        yield rules.timetable(text, zone, region, [root]), 1


def _served(timetable: Timetable, first: date, last: date) -> Counter[date]:
    """How many days of each month have hours."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return Counter(day.replace(day=1) for day in days if timetable.day(day).intervals)


def _months(first: date, last: date, served: Counter[date], closed: Counter[tuple[date, int]]) -> list[Month]:
    reasons = dict(Closure.select(Closure.id, Closure.reason).where(Closure.id.in_({closure for _, closure in closed} or [0])).tuples())
    by_month: dict[date, Counter[str]] = {month: Counter() for month in months_between(first, last)}
    for (month, closure), count in closed.items():
        by_month[month][reasons[closure]] += count
    return [Month(month, served[month], dict(counts)) for month, counts in by_month.items()]


def months_between(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def by_reason(months: Iterable[Month]) -> list[tuple[str, list[int]]]:
    """For each reason the days of every month, the reason with the most days first."""
    held = list(months)
    totals = Counter({reason: 0 for month in held for reason in month.closed})
    for month in held:
        totals.update(month.closed)
    return [(reason, [month.closed.get(reason, 0) for month in held]) for reason, _ in sorted(totals.items(), key=lambda each: (-each[1], each[0]))]


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """Two days as moments between which they lie in every zone."""
    return midnight(first, _EAST), midnight(last + timedelta(days=1), _WEST)
