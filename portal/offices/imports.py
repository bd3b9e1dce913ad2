"""Regions and offices from CSV: all or nothing, every error with its place, twice the same as once."""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import EXCLUDED

from portal import audit
from portal.audit import By
from portal.clock import zone_of_province
from portal.db import database, is_postgres, transaction
from portal.offices import board, hours, places, search
from portal.offices.models import Office, Region
from portal.offices.regions import Point, ancestry, points
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

REGION_COLUMNS = ("code", "parent_code", "level", "name", "lat", "lon")
OFFICE_COLUMNS = ("slug", "name", "kind", "parent", "region", "address", "lat", "lon", "timezone", "hours", "phone", "email", "headcount", "desks")
LEVELS = ("provinsi", "kabupaten", "kota", "kecamatan", "kelurahan", "desa", "desa_adat")
WITH_OFFICE = {"kecamatan": ("kecamatan", "Kantor Kecamatan"), "kelurahan": ("kelurahan", "Kantor Kelurahan"), "desa": ("desa", "Kantor Desa"),
               "desa_adat": ("desa", "Kantor Desa")}  # fmt: skip
_AT_ONCE = 1000

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an import did, or with a dry run would have done."""

    added: int = 0
    changed: int = 0
    same: int = 0
    warnings: list[Problem] = field(default_factory=list)


def noted(outcome: Outcome, what: str, *, by: By, now: datetime) -> Outcome:
    """The outcome, with an act in the audit trail where it changed something."""
    if outcome.added or outcome.changed:
        audit.record(f"{what}_imported", what, "", by=by, now=now, after={"added": outcome.added, "changed": outcome.changed})
    return outcome


class _DryRun(Exception):
    pass


def run(take: Callable[..., Outcome], lines: list[Line], *, is_dry: bool = False, **facts: Any) -> Outcome:
    """Take all lines in one transaction, or with `is_dry` say what that would do and leave nothing behind."""
    outcome = Outcome()
    try:
        with transaction():
            outcome = take(lines, **facts)
            if outcome.added or outcome.changed:
                board.raise_version(of_places=True)
            if is_dry:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def take_regions(lines: list[Line], *, with_offices: bool, by: By, now: datetime, progress: Progress) -> Outcome:
    """Regions, new or changed; with offices, one for each kecamatan, kelurahan and desa."""
    known = {row[0]: row for row in Region.select(*(getattr(Region, name) for name in REGION_COLUMNS)).tuples()}
    codes = set(known) | {line["code"] for line in lines}
    rows, outcome = [], Outcome()
    problems = _repeated(lines, "code")
    for line in lines:
        row, wrong = _region(line, codes)
        problems += wrong
        if not wrong and known.get(row[0]) != row:
            rows.append(row)
            outcome.changed += row[0] in known
            outcome.added += row[0] not in known
    if problems:
        raise Problems(problems)
    for start in range(0, len(rows), _AT_ONCE):
        insert = Region.insert_many(rows[start : start + _AT_ONCE], [getattr(Region, name) for name in REGION_COLUMNS])
        insert.on_conflict(conflict_target=[Region.code], update={getattr(Region, name): getattr(EXCLUDED, name) for name in REGION_COLUMNS[1:]}).execute()
        progress(start, len(lines))
    outcome.same = len(lines) - len(rows)
    _find_again({row[0] for row in rows if row[0] in known})
    if with_offices:
        outcome.added += _offices_of_regions(lines, progress)
    return noted(outcome, "regions", by=by, now=now)


def _region(line: Line, codes: set[str]) -> tuple[tuple[Any, ...], list[Problem]]:
    wrong = []
    code, parent = line["code"], line["parent_code"] or None
    if not re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", code, re.ASCII):
        wrong.append(line.problem("code", Sentence("Kode {code} tidak dapat dibaca. Contoh: 31.71.01.1001.", code=code)))
    elif parent != (code.rpartition(".")[0] or None) or (parent and parent not in codes):
        wrong.append(line.problem("parent_code", Sentence("Induk {parent} tidak cocok atau tidak ada.", parent=parent or "''")))
    if line["level"] not in LEVELS:
        wrong.append(line.problem("level", Sentence("Tingkat {level} tidak dikenal.", level=line["level"])))
    if not line["name"]:
        wrong.append(line.problem("name", Sentence("Bagian ini wajib diisi.")))
    lat, lon = _coordinates(line, wrong)
    return (code, parent, line["level"], line["name"], lat, lon), wrong


def _offices_of_regions(lines: list[Line], progress: Progress) -> int:
    wanted = [line for line in lines if line["level"] in WITH_OFFICE]
    taken = {(slug.partition("-")[0], slug.rpartition("-")[2]) for (slug,) in Office.select(Office.slug).tuples()}  # a region renamed keeps its office
    middles, rows = points(line["code"] for line in wanted), []
    for line in wanted:
        kind, title = WITH_OFFICE[line["level"]]
        name, code = line["name"].removeprefix("Desa ") if line["level"] == "desa_adat" else line["name"], line["code"].replace(".", "")
        if (kind, code) not in taken:
            middle = middles.get(line["code"])
            rows.append({"slug": f"{kind}-{places.slug_of(name)}-{code}", "name": f"{title} {name}", "kind": kind, "region": line["code"],
                         "lat": middle and middle.lat, "lon": middle and middle.lon, "timezone": zone_of_province(line["code"]),
                         "hours": hours.DEFAULT})  # fmt: skip
    for start in range(0, len(rows), _AT_ONCE):
        Office.insert_many(rows[start : start + _AT_ONCE]).execute()
        progress(start, len(rows))
    Office.update(root_id=Office.id).where(Office.root_id.is_null(), Office.parent.is_null()).execute()
    _place_again(middles)
    fresh = {row["slug"] for row in rows}
    offices = Office.select(Office.slug, Office.id, Office.name, Office.kind, Office.region).tuples()
    search.index((id, name, kind, region) for slug, id, name, kind, region in offices if slug in fresh)
    return len(rows)


def _place_again(middles: dict[str, Point]) -> None:
    """Offices of regions that nobody has placed yet stand where the region lies, or the one above it."""
    lost = Office.select(Office.id, Office.region).where(Office.lat.is_null(), Office.region.is_null(False), Office.kind.in_(list(dict(WITH_OFFICE.values()))))
    rows = [(middles[region].lat, middles[region].lon, id) for id, region in lost.tuples() if region in middles]
    mark = "%s" if is_postgres() else "?"
    database.cursor().executemany(f"UPDATE office SET lat = {mark}, lon = {mark} WHERE id = {mark}", rows)


def _find_again(changed: set[str]) -> None:
    """Offices in regions that have another name now are found by it."""
    if changed:
        offices = Office.select(Office.id, Office.name, Office.kind, Office.region).tuples()
        search.index(office for office in offices if changed & set(ancestry(office[3])))


def take_offices(lines: list[Line], *, default_zone: str, by: By, now: datetime, progress: Progress) -> Outcome:
    """Offices by slug, new or changed; parents may stand anywhere in the file, and a cycle is refused by name."""
    known = {office.slug: office for office in Office.select()}
    slugs = {office.id: slug for slug, office in known.items()}
    parents = {slug: slugs.get(office.parent_id, "") for slug, office in known.items()} | {line["slug"]: line["parent"] for line in lines}
    regions = {code for (code,) in Region.select(Region.code).tuples()}
    problems, facts = _repeated(lines, "slug"), {}
    for line in lines:
        facts[line["slug"]], wrong = _office(line, regions, parents.keys(), default_zone)
        if not wrong and _is_cycle(line["slug"], parents):
            wrong.append(line.problem("parent", Sentence("{office} menjadi bagian dari dirinya sendiri.", office=line["name"])))
        problems += wrong
    if problems:
        raise Problems(problems)
    outcome, kept = Outcome(), []
    for done, line in enumerate(sorted(lines, key=lambda line: _depth(line["slug"], parents))):
        if _keep_office(line, facts[line["slug"]], known, outcome, by=by, now=now):
            kept.append(known[line["slug"]])
        progress(done, len(lines))
    _settle(kept, known.values())
    return noted(outcome, "offices", by=by, now=now)


def _office(line: Line, regions: set[str], slugs: Collection[str], default_zone: str) -> tuple[dict[str, Any], list[Problem]]:
    wrong: list[Problem] = []
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", line["slug"]) or len(line["slug"]) > 150:
        wrong.append(line.problem("slug", Sentence("Slug {slug} hanya boleh huruf kecil, angka dan tanda hubung.", slug=line["slug"][:60])))
    if not line["name"] or len(line["name"]) > 300:
        wrong.append(line.problem("name", Sentence("Nama wajib diisi, paling banyak 300 huruf.")))
    if line["parent"] and line["parent"] not in slugs:
        wrong.append(line.problem("parent", Sentence("Kantor {slug} tidak ada.", slug=line["parent"])))
    if line["region"] and line["region"] not in regions:
        wrong.append(line.problem("region", Sentence("Wilayah {code} tidak ada.", code=line["region"])))
    numbers: dict[str, int | None] = {}
    for name in ("headcount", "desks"):
        numbers[name] = int(line[name]) if line[name].isdecimal() and len(line[name]) < 7 else None
        if line[name] and numbers[name] is None:
            wrong.append(line.problem(name, Sentence("{value} bukan bilangan.", value=line[name])))
    zone, opening = line["timezone"] or default_zone, line["hours"] or hours.DEFAULT
    for name, check, value in (("timezone", places.checked_zone, zone), ("hours", places.checked_hours, opening)):
        try:
            check(value)
        except Refused as refusal:
            wrong.append(line.problem(name, refusal.sentence))
    lat, lon = _coordinates(line, wrong)
    facts = {"name": line["name"], "kind": line["kind"], "region_code": line["region"] or None, "address": line["address"], "lat": lat, "lon": lon,
             "timezone": zone, "hours": opening, "phone": line["phone"], "email": line["email"], **numbers}  # fmt: skip
    return facts, wrong


def _keep_office(line: Line, facts: dict[str, Any], known: dict[str, Office], outcome: Outcome, *, by: By, now: datetime) -> bool:
    """Whether the office is new or other than before."""
    parent = known[line["parent"]] if line["parent"] else None
    office = known.setdefault(line["slug"], Office(slug=line["slug"]))
    region = facts["region_code"] or (parent.region_code if parent else None)
    facts = {**facts, "region_code": region, "parent_id": parent.id if parent else None, "has_own_hours": True}
    if office.id and all(getattr(office, name) == value for name, value in facts.items()):
        outcome.same += 1
        return False
    is_new = not office.id
    before, after = audit.changes({name: getattr(office, name) for name in facts}, facts)
    for name, value in facts.items():
        setattr(office, name, value)
    office.save()
    outcome.changed += not is_new
    outcome.added += is_new
    act = "office_added" if is_new else "office_changed"
    audit.record(act, "office", office.id, by=by, now=now, label=office.name, before=None if is_new else before, after=after)
    return True


def _settle(kept: list[Office], known: Collection[Office]) -> None:
    """After offices took their places: what lies below moves with them and follows their hours, and all are found."""
    by_id = {office.id: office for office in known}
    moved = []
    for office in known:
        top = office
        while top.parent_id is not None:
            top = by_id[top.parent_id]
        if office.root_id != top.id:
            office.root_id = top.id
            moved.append(office)
    if moved:
        Office.bulk_update(moved, [Office.root_id], batch_size=500)
    followed = {parent for (parent,) in Office.select(Office.parent).where(~Office.has_own_hours).tuples()}
    for office in kept:
        if office.id in followed:
            places.pass_on_hours(office)
    search.index((office.id, office.name, office.kind, office.region_code) for office in kept)


def _coordinates(line: Line, wrong: list[Problem]) -> tuple[float | None, float | None]:
    place: list[float | None] = []
    for column, most in (("lat", 90.0), ("lon", 180.0)):
        try:
            value = float(line[column]) if line[column] else None
            if value is not None and not -most <= value <= most:
                raise ValueError
        except ValueError:
            wrong.append(line.problem(column, Sentence("{value} bukan koordinat.", value=line[column])))
            value = None
        place.append(value)
    return place[0], place[1]


def _repeated(lines: list[Line], column: str) -> list[Problem]:
    counts = Counter(line[column] for line in lines)
    return [line.problem(column, Sentence("{value} ada dua kali.", value=line[column])) for line in lines if counts[line[column]] > 1]


def _is_cycle(slug: str, parents: dict[str, str]) -> bool:
    return _depth(slug, parents) > len(parents)


def _depth(slug: str, parents: dict[str, str]) -> int:
    depth = 0
    while parents.get(slug) and depth <= len(parents):
        slug, depth = parents[slug], depth + 1
    return depth
