"""Regions, offices and closures from CSV: all or nothing, every error with its place, twice the same as once."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import EXCLUDED

from portal.clock import midnight, zone_of_province
from portal.db import transaction
from portal.offices import board, closures, hours, places, search
from portal.offices.models import Closure, ClosureEvent, Office, Region
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

REGION_COLUMNS = ("code", "parent_code", "level", "name", "lat", "lon")
OFFICE_COLUMNS = ("slug", "name", "kind", "parent", "region", "address", "lat", "lon", "timezone", "hours", "phone", "email", "headcount", "desks")
CLOSURE_COLUMNS = ("case", "office", "scope", "starts", "ends", "reopens", "reason", "online", "dropbox", "diversion", "note", "source")
LEVELS = ("provinsi", "kabupaten", "kota", "kecamatan", "kelurahan", "desa")
WITH_OFFICE = {"kecamatan": "Kantor Kecamatan", "kelurahan": "Kantor Kelurahan", "desa": "Kantor Desa"}
_AT_ONCE = 1000

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an import did, or with a dry run would have done."""

    added: int = 0
    changed: int = 0
    same: int = 0
    warnings: list[Problem] = field(default_factory=list)


class _DryRun(Exception):
    pass


def run(take: Callable[..., Outcome], lines: list[Line], *, is_dry: bool = False, **facts: Any) -> Outcome:
    """Take all lines in one transaction, or with `is_dry` say what that would do and leave nothing behind."""
    outcome = Outcome()
    try:
        with transaction():
            outcome = take(lines, **facts)
            if outcome.added or outcome.changed:
                board.raise_version()
            if is_dry:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def take_regions(lines: list[Line], *, with_offices: bool, progress: Progress) -> Outcome:
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
    if with_offices:
        outcome.added += _offices_of_regions(lines, progress)
    return outcome


def _region(line: Line, codes: set[str]) -> tuple[tuple[Any, ...], list[Problem]]:
    wrong = []
    code, parent = line["code"], line["parent_code"] or None
    if not re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", code):
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
    taken = {slug for slug, in Office.select(Office.slug).tuples()}
    rows = []
    for line in wanted:
        slug = f"{line['level']}-{places.slug_of(line['name'])}-{line['code'].replace('.', '')}"
        if slug not in taken:
            lat, lon = _coordinates(line, [])
            rows.append({"slug": slug, "name": f"{WITH_OFFICE[line['level']]} {line['name']}", "kind": line["level"], "region": line["code"], "lat": lat,
                         "lon": lon, "timezone": zone_of_province(line["code"]), "hours": hours.DEFAULT})  # fmt: skip
    for start in range(0, len(rows), _AT_ONCE):
        Office.insert_many(rows[start : start + _AT_ONCE]).execute()
        progress(start, len(rows))
    Office.update(root_id=Office.id).where(Office.root_id.is_null(), Office.parent.is_null()).execute()
    fresh = {row["slug"] for row in rows}
    offices = Office.select(Office.slug, Office.id, Office.name, Office.kind, Office.region).tuples()
    search.index((id, name, kind, region) for slug, id, name, kind, region in offices if slug in fresh)
    return len(rows)


def take_offices(lines: list[Line], *, default_zone: str, progress: Progress) -> Outcome:
    """Offices by slug, new or changed; parents may stand anywhere in the file, and a cycle is refused by name."""
    known = {office.slug: office for office in Office.select()}
    parents = {**{slug: next((o.slug for o in known.values() if o.id == office.parent_id), "") for slug, office in known.items() if office.parent_id},
               **{line["slug"]: line["parent"] for line in lines}}  # fmt: skip
    regions = {code for code, in Region.select(Region.code).tuples()}
    problems, facts = _repeated(lines, "slug"), {}
    for line in lines:
        facts[line["slug"]], wrong = _office(line, regions, set(known) | {each["slug"] for each in lines}, default_zone)
        if not wrong and _is_cycle(line["slug"], parents):
            wrong.append(line.problem("parent", Sentence("{office} menjadi bagian dari dirinya sendiri.", office=line["name"])))
        problems += wrong
    if problems:
        raise Problems(problems)
    outcome = Outcome()
    ordered = sorted(lines, key=lambda line: _depth(line["slug"], parents))
    for done, line in enumerate(ordered):
        _keep_office(line, facts[line["slug"]], known, outcome)
        progress(done, len(lines))
    return outcome


def _office(line: Line, regions: set[str], slugs: set[str], default_zone: str) -> tuple[dict[str, Any], list[Problem]]:
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


def _keep_office(line: Line, facts: dict[str, Any], known: dict[str, Office], outcome: Outcome) -> None:
    parent = known.get(line["parent"]) if line["parent"] else None
    office = known.get(line["slug"]) or Office(slug=line["slug"], has_own_hours=True)
    facts = {**facts, "parent_id": parent.id if parent else None, "root_id": parent.root_id if parent else office.id}
    if office.id and all(getattr(office, name) == value for name, value in facts.items()):
        outcome.same += 1
        return
    outcome.changed += bool(office.id)
    outcome.added += not office.id
    for name, value in facts.items():
        setattr(office, name, value)
    office.save()
    if office.root_id is None:
        office.root_id = office.id
        office.save()
    known[office.slug] = office
    search.index([(office.id, office.name, office.kind, office.region_code)])


def take_closures(lines: list[Line], *, create_offices: bool, default_zone: str, by: str, now: datetime, progress: Progress) -> Outcome:
    """Closures as facts: one that is known by case, office and scope stays, and a new end of it becomes an act in its history."""
    by_name: dict[str, list[Office]] = defaultdict(list)
    for office in Office.select().order_by(Office.id):
        by_name[_key(office.name)].append(office)
        by_name[office.slug].append(office)
    problems, outcome = [], Outcome()
    for done, line in enumerate(lines):
        try:
            with transaction():
                office = _office_named(line, by_name, create_offices, default_zone)
                _keep_closure(line, office, by_name, outcome, by=by, now=now)
        except Problems as found:
            problems += found.problems
        except Refused as refusal:
            problems.append(line.problem(refusal.field, refusal.sentence))
        progress(done, len(lines))
    if problems:
        raise Problems(problems)
    return outcome


def _keep_closure(line: Line, office: Office, by_name: dict[str, list[Office]], outcome: Outcome, *, by: str, now: datetime) -> None:
    zone = ZoneInfo(office.timezone)
    starts, ends = _day(line, "starts"), _day(line, "ends", may_be_empty=True)
    reopens = _day(line, "reopens", may_be_empty=True)
    if starts is None or (ends is not None and ends < starts):
        raise Problems([line.problem("ends", Sentence("Tanggal selesai mendahului tanggal mulai."))])
    node = _node(office, line["scope"], by_name)
    key = "|".join((line["case"], office.slug, line["scope"] or "all", starts.isoformat()))
    ends_at = midnight(ends + timedelta(days=1), zone) if ends else None
    if reopens and ends and reopens <= ends:
        outcome.warnings.append(line.problem("reopens", Sentence("Hari buka lagi {reopens} tidak sesudah hari terakhir {ends}.", reopens=reopens, ends=ends)))
    known = Closure.get_or_none(Closure.import_key == key)
    if known is not None:
        _moved(known, ends_at, outcome, by=by, now=now)
        return
    starts_at = midnight(starts, zone)
    minimum = closures.minimum_end([node], line["reason"], starts_at)
    if minimum and ends_at and ends_at < minimum[0]:
        outcome.warnings.append(line.problem("ends", Sentence("Lebih singkat daripada {rule} ({basis}).", rule=minimum[1].name, basis=minimum[1].legal_basis)))
    closures.declare(
        closures.Plan([node], line["reason"], starts_at, ends_at, review_on=None if ends else closures.review_day(starts_at, zone), is_review_presumed=not ends,
                      online=_yes_no(line, "online"), dropbox=_yes_no(line, "dropbox"), detours=_detours(line, by_name), note=line["note"],
                      internal_note=line["source"], import_key=key), by=by, now=now, is_fact=True)  # fmt: skip
    outcome.added += 1


def _moved(closure: Closure, ends_at: datetime | None, outcome: Outcome, *, by: str, now: datetime) -> None:
    """The same closure with another end: the first promise stays in its history."""
    if closure.ends_at == ends_at or closure.withdrawn_at or _was_ended_by_hand(closure):
        outcome.same += 1
        return
    longer = ends_at is None or (closure.ends_at is not None and ends_at > closure.ends_at)
    before, closure.ends_at = closure.ends_at, ends_at
    if ends_at is None and closure.review_on is None:
        closure.review_on, closure.is_review_presumed = closures.review_day(closure.starts_at, ZoneInfo(closure.timezone)), True
    closure.save()
    ClosureEvent.create(closure=closure, at=now, what="extended" if longer else "shortened", by=by, ends_before=before, ends_after=ends_at)
    outcome.changed += 1


def _was_ended_by_hand(closure: Closure) -> bool:
    return ClosureEvent.select().where(ClosureEvent.closure == closure, ClosureEvent.what == "reopened").exists()


def _office_named(line: Line, by_name: dict[str, list[Office]], create: bool, default_zone: str) -> Office:
    name = line["office"]
    if not name:
        raise Problems([line.problem("office", Sentence("Bagian ini wajib diisi."))])
    found = by_name.get(name) or by_name.get(_key(name)) or []
    tops = [office for office in found if office.parent_id is None]
    if len(tops or found) == 1:
        return (tops or found)[0]
    if found:
        slugs = ", ".join(office.slug for office in found)
        raise Problems([line.problem("office", Sentence("Ada beberapa {name}: {slugs}. Tulis slug yang dimaksud.", name=name, slugs=slugs))])
    if not create:
        raise Problems([line.problem("office", Sentence("Kantor {name} tidak ada.", name=name))])
    office = places.add(name, timezone=default_zone)
    by_name[_key(name)].append(office)
    return office


def _node(office: Office, scope: str, by_name: dict[str, list[Office]]) -> Office:
    """The office itself, or the unit of it that a scope names, made if it is new."""
    if scope in {"", "all"}:
        return office
    name = f"{office.name}: {scope}"
    unit = next((each for each in by_name[_key(name)] if each.parent_id == office.id), None)
    if unit is None:
        unit = places.add(name, timezone=office.timezone, parent=office, kind="unit", region=office.region_code)
        by_name[_key(name)].append(unit)
    return unit


def _detours(line: Line, by_name: dict[str, list[Office]]) -> list[closures.Detour]:
    said = line["diversion"]
    if not said:
        return []
    found = by_name.get(said) or by_name.get(_key(said)) or []
    return [closures.Detour(office=found[0]) if len(found) == 1 else closures.Detour(place=said)]


def _day(line: Line, column: str, *, may_be_empty: bool = False) -> date | None:
    if may_be_empty and not line[column]:
        return None
    try:
        day = datetime.strptime(line[column], "%Y-%m-%d").date()
    except ValueError:
        raise Problems([line.problem(column, Sentence("{value} bukan tanggal. Contoh: 2020-09-20.", value=line[column] or "''"))]) from None
    if not 1945 <= day.year <= 2200:
        raise Problems([line.problem(column, Sentence("{value} bukan tanggal. Contoh: 2020-09-20.", value=line[column]))])
    return day


def _yes_no(line: Line, column: str) -> bool | None:
    if line[column] not in {"", "yes", "no"}:
        raise Problems([line.problem(column, Sentence("{value} bukan yes, no, atau kosong.", value=line[column]))])
    return {"": None, "yes": True, "no": False}[line[column]]


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


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
