"""Lists of offices for the board: searched, filtered, paged, by region; rows are dicts, read in a bounded number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, SQL, Expression, fn

from portal.clock import midnight
from portal.db import Question, among, slot
from portal.offices import search
from portal.offices.board import Overview, is_within, within
from portal.offices.models import Closure, ClosureMark, Office, Region
from portal.offices.remembered import remembered
from portal.offices.state import LIMITED, REMOTE, STATES, SUSPENDED, Node, Picture, covers

STRIP_DAYS = 90
COMING_DAYS = 14
_GUESSES, _ALL = 10, 10**9
SEVERITY = {SUSPENDED: 0, REMOTE: 1, LIMITED: 2}
Above = Office.alias()


@dataclass(frozen=True)
class Filters:
    """What a reader asks of a list; empty is all. `only` is a further condition on Office; with it units count as much as tops."""

    text: str = ""
    region: str = ""
    state: str = ""
    only: Any = None
    near: str = ""  # a region whose offices come before others of the same name


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, how many rows there are in all, and how many pages."""

    rows: list[dict[str, Any]]
    count: int
    number: int
    pages: int
    is_guess: bool = False  # no office has all the words: these have some, or words like them


def page(overview: Overview, filters: Filters, *, number: int, size: int, tops_only: bool) -> Page:
    """A page of offices; a search goes into units too, an exact name first. A number past the end is the last page."""
    if filters.text:
        return found(filters, at=overview.at, number=number, size=size, overview=overview)
    if filters.state or filters.only is not None:
        return _page(_where(overview, filters, tops_only and filters.only is None), number, size)
    kept = remembered(("page", filters.region, number, size, tops_only), lambda: _page(_where(None, filters, tops_only), number, size))
    return replace(kept, rows=[dict(row) for row in kept.rows])


def _page(where: Expression, number: int, size: int) -> Page:
    count = _count(where)
    number, pages = _within_pages(number, count, size)
    rows = rows_of(where).order_by(*_by_region()).limit(min(size, count) or 1).offset((number - 1) * size)
    return Page(list(rows.dicts()) if count else [], count, number, pages)


def found(filters: Filters, *, at: datetime, number: int, size: int, overview: Overview | None = None, most: int = _ALL) -> Page:
    """A page of what a text finds: the likeliest of so many that were looked at, behind them the rest as they come. Only a state needs the overview."""
    is_narrow = bool(filters.region or filters.state or filters.only is not None)
    hits = search.find(filters.text, _where(overview, filters, tops_only=False) if is_narrow else None, at=at, region=filters.near)
    if hits is None or not hits.rows:
        return Page([], 0, 1, 1)
    best = [row.id for row in hits.rows]
    count = min(len(best), _GUESSES) if hits.is_guess else hits.count(most)
    number, pages = _within_pages(number, count, size)
    first, last = (number - 1) * size, min(number * size, count)
    rows = {row["id"]: row for row in by_id(best[first:last])}
    told = [rows[id] for id in best[first:last] if id in rows]
    if last > len(best):
        rest = rows_of(hits.condition & Office.id.not_in(best)).order_by(Office.id)
        told.extend(rest.limit(last - max(first, len(best))).offset(max(0, first - len(best))).dicts())
    return Page(told, count, number, pages, hits.is_guess)


def _within_pages(number: int, count: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-count // size))
    return min(max(1, number), pages), pages


def rows_of(where: Expression) -> Any:
    """Offices as dicts with the slug of the node above."""
    columns = (Office.id, Office.slug, Office.name, Office.kind, Office.root_id, Office.region.alias("region"), Office.timezone, Office.address, Office.hours,
               Office.phone, Office.email, Office.lat, Office.lon, Above.slug.alias("parent"), Above.name.alias("parent_name"))  # fmt: skip
    return Office.select(*columns).join(Above, JOIN.LEFT_OUTER, on=(Office.parent == Above.id)).where(where)


_COLUMNS = ("id", "slug", "name", "kind", "root_id", "region", "timezone", "address", "hours", "phone", "email", "lat", "lon", "parent", "parent_name")


def by_id(ids: Iterable[int]) -> list[dict[str, Any]]:
    """Some offices as rows_of() has them, in no order."""
    return [dict(zip(_COLUMNS, row, strict=True)) for row in _BY_ID.rows(ids=list(ids))]


_BY_ID = Question(lambda: rows_of(among(Office.id, "ids")))


def disrupted(overview: Overview, region: str = "", only: Any = None) -> list[dict[str, Any]]:
    """Tops with an active closure, the worst first; with a further condition on Office all that have one."""
    hurt = overview.disrupted if only is None else overview.hurt
    if not hurt:
        return []
    if only is None:
        rows = by_id(id for id in hurt if is_within(overview.regions[id], region))
    else:
        where = Office.id.in_(list(hurt)) & only
        rows = list(rows_of(where & within(Office.region, region) if region else where).dicts())
    return sorted(rows, key=lambda row: (SEVERITY.get(hurt[row["id"]], 3), row["name"], row["id"]))


def coming(at: datetime, region: str = "", days: int = COMING_DAYS) -> list[tuple[Closure, list[dict[str, Any]]]]:
    """Closures announced that begin within the coming days, each with the offices it takes."""
    closures = _SOON.found(Closure, after=at, until=at + timedelta(days=days))
    offices: dict[int, list[dict[str, Any]]] = {closure.id: [] for closure in closures}
    for closure, slug, name, code in _TAKEN.rows(closures=offices) if closures else ():
        if is_within(code or "", region):
            offices[closure].append({"slug": slug, "name": name, "region": code})
    return [(closure, offices[closure.id]) for closure in closures if offices[closure.id]]


def _soon() -> Any:
    soon = (Closure.starts_at > slot("after")) & (Closure.starts_at <= slot("until")) & Closure.withdrawn_at.is_null()
    return Closure.select().where(soon).order_by(Closure.starts_at, Closure.id)


def _taken() -> Any:
    marks = ClosureMark.select(ClosureMark.closure, Office.slug, Office.name, Office.region).join(Office)
    return marks.where(among(ClosureMark.closure, "closures"), ~ClosureMark.is_excepted).order_by(Office.name)


_SOON, _TAKEN = Question(_soon), Question(_taken)


def level(region: str) -> int:
    """How long codes are on the level that divides a region; nothing chosen: cities, or provinces where there are several."""
    if region:
        return {2: 5, 5: 8, 8: 13}.get(len(region), 13)
    provinces = Office.select(fn.SUBSTR(Office.region, 1, 2)).where(Office.region.is_null(False)).distinct().limit(2)
    return 2 if remembered("provinces", provinces.count) > 1 else 5


def by_region(overview: Overview, region: str, length: int, only: Any = None) -> list[dict[str, Any]]:
    """The regions that divide this one, with how many tops each has and how many of them are disrupted; or how many that a condition holds for."""
    if only is None:
        areas = remembered(("areas", region, length), lambda: _areas(region, length, Office.parent.is_null()))
        hurt = Counter(overview.regions[id][:length] for id in overview.disrupted if is_within(overview.regions[id], region))
    else:
        areas = _areas(region, length, only)
        hurt = Counter(code for code, count in _by_area(region, length, only & Office.id.in_(list(overview.hurt) or [0])) for _ in range(count))
    return [{"code": code, "name": name, "count": count, "disrupted": hurt[code]} for code, name, count in areas]


def _areas(region: str, length: int, which: Expression) -> list[tuple[str, str, int]]:
    counts = dict(_by_area(region, length, which))
    names = dict(Region.select(Region.code, Region.name).where(Region.code.in_(list(counts) or [""])).tuples())
    return [(code, names.get(code, code), counts[code]) for code in sorted(counts)]


def _by_area(region: str, length: int, which: Expression) -> list[tuple[str, int]]:
    where = which & Office.region.is_null(False)
    where = where & within(Office.region, region) if region else where
    return list(Office.select(fn.SUBSTR(Office.region, 1, length).alias("area"), fn.COUNT(Office.id)).where(where).group_by(SQL("area")).tuples())


def dots(region: str, only: Any = None, most: int = 1200) -> list[tuple[int, float, float]]:
    """Tops with coordinates, or those that a condition holds for, for a small map: id, latitude, longitude; at most `most`, spread over all."""
    where = (Office.parent.is_null() if only is None else only) & Office.lat.is_null(False) & Office.lon.is_null(False)
    where = where & within(Office.region, region) if region else where
    count = Office.select().where(where).count()
    step = -(-count // most) or 1
    rows = Office.select(Office.id, Office.lat, Office.lon).where(where, Office.id - Office.id / step * step == 0)  # peewee's % is LIKE
    return [(id, lat, lon) for id, lat, lon in rows.order_by(Office.id).tuples()]


def strip(picture: Picture, node: Node, last: date, days: int = STRIP_DAYS) -> list[tuple[int, int, str]]:
    """The last days as runs of disruption (offset from the first day, length, state): whole closures by their worst channel, part closures as limited."""
    first = last - timedelta(days=days - 1)
    zone = node.timetable.zone
    start, end = midnight(first, zone), midnight(last + timedelta(days=1), zone)
    worst: dict[int, str] = {}
    for window in picture.touching(node):
        begins, ends = max(window.starts_at, start), min(window.ends_at or end, end)
        if begins >= ends:
            continue
        last_offset = ((ends - timedelta(microseconds=1)).astimezone(zone).date() - first).days
        for offset in range((begins.astimezone(zone).date() - first).days, last_offset + 1):
            moment = max(begins, midnight(first + timedelta(days=offset), zone))
            state = picture.condition(node, moment).state if covers(window, node) else LIMITED
            state = state if state in SEVERITY else LIMITED
            worst[offset] = min(worst.get(offset, state), state, key=lambda each: SEVERITY[each])
    runs: list[tuple[int, int, str]] = []
    for offset in sorted(worst):
        if runs and runs[-1][2] == worst[offset] and runs[-1][0] + runs[-1][1] == offset:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1, worst[offset])
        else:
            runs.append((offset, 1, worst[offset]))
    return runs


def count(filters: Filters) -> int:
    """How many offices a region has for which the further condition holds, in whatever state."""
    return _count(within(Office.region, filters.region) & filters.only if filters.region else filters.only)


def _where(overview: Overview | None, filters: Filters, tops_only: bool) -> Expression:
    where = Office.parent.is_null() if tops_only else Office.id.is_null(False)
    if filters.only is not None:
        where &= filters.only
    if filters.region:
        where &= within(Office.region, filters.region)
    if filters.state and overview is not None:
        where &= overview.has_state(filters.state) if filters.state in STATES else Office.id.is_null()
    return where


def _count(where: Expression) -> int:
    return Office.select(fn.COUNT(Office.id)).where(where).scalar()


def _by_region() -> list[Any]:
    """City by city; in each its own offices before those of its kecamatan, before those of their kelurahan."""
    code = Office.region
    return [code.is_null(), fn.SUBSTR(code, 1, 5), fn.LENGTH(code), Office.name, Office.id]


def closures_between(start: datetime, end: datetime, *, office: dict[str, Any] | None = None, region: str = "") -> list[Closure]:
    """Closures, withdrawn ones too, that overlap a stretch of time; of an office those that take it or a part of it, of a region those of its offices."""
    where = (Closure.starts_at < end) & (Closure.ends_at.is_null() | (Closure.ends_at > start))
    if office is not None or region:
        of = Office.root_id == office["root_id"] if office is not None else within(Office.region, region)
        where &= Closure.id.in_(ClosureMark.select(ClosureMark.closure).join(Office).where(of))
    found = list(Closure.select().where(where).order_by(Closure.starts_at, Closure.id))
    return found if office is None else _touching(found, office)


def _touching(closures: list[Closure], office: dict[str, Any]) -> list[Closure]:
    """Of closures in its tree those that take an office or anything below it; not those that only except it, or take what lies beside."""
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id == office["root_id"]).tuples())
    marks: dict[int, dict[int, bool]] = {closure.id: {} for closure in closures}
    rows = ClosureMark.select(ClosureMark.closure, ClosureMark.office, ClosureMark.is_excepted).where(ClosureMark.closure.in_(list(marks) or [0]))
    for closure, node, is_excepted in rows.tuples():
        marks[closure][node] = not is_excepted
    chain = _upwards(office["id"], parents)
    below = {node for node in parents if office["id"] in _upwards(node, parents)[1:]}

    def touches(its: dict[int, bool]) -> bool:
        return next((its[node] for node in chain if node in its), False) or any(taken and node in below for node, taken in its.items())

    return [closure for closure in closures if touches(marks[closure.id])]


def _upwards(node: int | None, parents: dict[int, int | None]) -> list[int]:
    chain: list[int] = []
    while node is not None:
        chain.append(node)
        node = parents.get(node)
    return chain
