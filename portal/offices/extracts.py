"""Whole tables of what the public may know, in the order of their ids, some rows at a time: as many as there are, never all at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from portal.offices import listing
from portal.offices.board import Overview, paint, pattern_region, within
from portal.offices.declared import Record, records
from portal.offices.models import Closure, DropBox, Holiday, Office, Region
from portal.offices.regions import approximate
from portal.offices.state import Outlook, Picture

AT_ONCE = 1000
Row = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """One office on a map."""

    id: int
    lat: float
    lon: float
    state: str
    is_about: bool = False  # where the region above has its middle: nobody has said where it is


def offices(overview: Overview) -> Iterator[tuple[Row, Outlook]]:
    """Every office with how it stands: those that nothing touches are looked at once for all that share their hours. `is_about`: where it is is a guess."""
    alike: dict[Any, Outlook] = {}
    column = pattern_region(overview.rules).alias("pattern")
    for rows in _batches(Office.id, lambda where: listing.rows_of(where).select_extend(column)):
        about = approximate(rows)
        for row in rows:
            row["is_about"] = row["id"] in about
            pattern = (row["hours"], row["timezone"], row["pattern"])
            if row["id"] in overview.touched:
                yield row, overview.picture.outlook(overview.picture.nodes[row["id"]], overview.at)
                continue
            if pattern not in alike:
                picture = paint([row["root_id"]], overview.at, overview.at, overview.rules)
                alike[pattern] = Picture({row["id"]: picture.nodes[row["id"]]}).outlook(picture.nodes[row["id"]], overview.at)
            yield row, alike[pattern]


def closures(now: datetime) -> Iterator[Record]:
    """Every closure with its history, withdrawn ones too."""
    for found in _batches(Closure.id, lambda where: Closure.select().where(where), as_rows=False):
        yield from records(found, now)


def drop_boxes() -> Iterator[list[DropBox]]:
    """The boxes that stand, some at a time, each with its office."""
    yield from _batches(DropBox.id, lambda where: DropBox.select(DropBox, Office).join(Office).where(where, DropBox.ended_at.is_null()), as_rows=False)


def holidays() -> Iterator[Row]:
    """Every holiday that holds."""
    columns = (Holiday.id, Holiday.day, Holiday.name, Holiday.region.alias("region"), Holiday.is_joint_leave, Holiday.is_estimated)
    for rows in _batches(Holiday.id, lambda where: Holiday.select(*columns).where(where, ~Holiday.is_cancelled)):
        yield from rows


def regions_counted(overview: Overview) -> Iterator[Row]:
    """Every region that offices lie in, those above it too, with how many offices it has (tops of trees) and how many of them are disrupted."""
    code = Office.region
    counts: dict[str, list[int]] = {}
    for region, count in Office.select(code, fn.COUNT(Office.id)).where(Office.parent.is_null(), code.is_null(False)).group_by(code).tuples():
        for length in _lengths(region):
            counts.setdefault(region[:length], [0, 0])[0] += count
    for (region,) in Office.select(code).where(Office.id.in_(list(overview.disrupted) or [0]), code.is_null(False)).tuples():
        for length in _lengths(region):
            counts[region[:length]][1] += 1
    for rows in _batches(Region.code, lambda where: Region.select(Region.code, Region.parent_code, Region.level, Region.name).where(where)):
        yield from ({**row, "offices": counts[row["code"]][0], "disrupted": counts[row["code"]][1]} for row in rows if row["code"] in counts)


def spots(overview: Overview, region: str) -> list[Spot]:
    """Where the offices of a region (tops of trees) lie, as far as that is known, each with its state."""
    pattern = pattern_region(overview.rules).alias("pattern")
    where = Office.parent.is_null() & within(Office.region, region) & Office.lat.is_null(False) & Office.lon.is_null(False)
    columns = (Office.id, Office.lat, Office.lon, Office.region.alias("region"), Office.hours, Office.timezone, pattern)
    rows = list(Office.select(*columns).where(where).order_by(Office.id).dicts())
    about = approximate(rows)
    return [Spot(row["id"], row["lat"], row["lon"], overview.touched.get(row["id"]) or overview.patterns[row["hours"], row["timezone"], row["pattern"]],
                 row["id"] in about) for row in rows]  # fmt: skip


def _lengths(region: str) -> list[int]:
    """How long the codes of a region and of those above it are."""
    return [at for at, letter in enumerate(region) if letter == "."] + [len(region)]


def _batches(key: Any, query: Any, *, as_rows: bool = True) -> Iterator[list[Any]]:
    """The rows of a query by ascending key, some at a time: each question begins behind the last row of the one before."""
    last: Any = None
    while True:
        some = query(key > last if last is not None else key.is_null(False)).order_by(key).limit(AT_ONCE)
        found = list(some.dicts() if as_rows else some)
        if found:
            yield found
        if len(found) < AT_ONCE:
            return
        last = found[-1][key.name] if as_rows else getattr(found[-1], key.name)
