"""People from CSV, with their postings, superiors and roles: all or nothing, thousands at once, twice the same as once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from peewee import EXCLUDED

from portal import audit
from portal.audit import By
from portal.db import held
from portal.offices import hierarchy
from portal.offices.imports import Outcome, Progress
from portal.offices.models import Office
from portal.offices.staff import Grant, Posting
from portal.people import accounts, roles
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

COLUMNS = ("nip", "name", "email", "office", "position", "supervisor_nip", "roles", "starts")
_PLACES = {"identifier": "nip"}  # where a fact of an account stands in the file
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class _Row:
    """What a line says: one person with one main posting, which without a day holds from today."""

    identifier: str
    name: str
    email: str
    office_id: int | None
    position: str
    superior: str
    roles: tuple[str, ...]
    starts: date


@dataclass(frozen=True, slots=True)
class _Held:
    """A main posting as it is on record."""

    id: int
    office_id: int
    position: str
    supervisor_id: int | None
    first_day: date
    last_day: date | None


def take_people(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """Accounts by NIP with name, e-mail, main posting and roles, new or changed. Roles are only added; an empty e-mail leaves the one that is known."""
    held(Posting)
    outcome = Outcome()
    rows = _rows(lines, now, outcome)
    _refuse_circles(lines, rows, now)
    kept = {identifier: (name, email) for identifier, name, email in Person.select(Person.identifier, Person.name, Person.email).tuples()}
    new = {row.identifier for row in rows if row.identifier not in kept}
    touched = {row.identifier for row in rows if kept.get(row.identifier) != (row.name, row.email)}
    _keep_people((row for row in rows if row.identifier in touched), now, progress, len(lines))
    ids: dict[str, int] = dict(Person.select(Person.identifier, Person.id).tuples())
    touched |= _post(rows, ids, progress) | _grant(rows, ids, by=by, now=now)
    _record([row for row in rows if row.identifier in touched], ids, new, by=by, now=now)
    outcome.added, outcome.changed, outcome.same = len(new), len(touched - new), len(rows) - len(touched)
    return outcome


def _rows(lines: list[Line], now: datetime, outcome: Outcome) -> list[_Row]:
    """What the lines say; Problems with all that is wrong in any of them."""
    offices = dict(Office.select(Office.slug, Office.id).tuples())
    known: dict[str, str] = dict(Person.select(Person.identifier, Person.email).tuples())
    counts = Counter(accounts.canonical(line["nip"]) for line in lines)
    problems: list[Problem] = []
    rows = []
    for line in lines:
        row, wrong = _row(line, offices, known, now.date())
        if counts[row.identifier] > 1:
            wrong.append(line.problem("nip", Sentence("{value} ada dua kali.", value=line["nip"])))
        if row.superior and row.superior not in counts and row.superior not in known:
            wrong.append(line.problem("supervisor_nip", Sentence("Tidak ada pegawai dengan NIP {identifier}.", identifier=line["supervisor_nip"])))
        if not wrong and (doubt := accounts.doubt_about(row.identifier)) is not None:
            outcome.warnings.append(line.problem("nip", doubt))
        problems += wrong
        rows.append(row)
    if problems:
        raise Problems(problems)
    return rows


def _row(line: Line, offices: dict[str, int], emails: dict[str, str], today: date) -> tuple[_Row, list[Problem]]:
    """One line, with all that is wrong in it alone."""
    wrong: list[Problem] = []
    identifier, facts = accounts.canonical(line["nip"]), {"name": line["name"], "email": line["email"]}
    try:
        accounts.checked_identifier(identifier)
        facts = accounts.checked_facts(**facts, phone="", language="id")
    except Refused as refusal:
        wrong.append(line.problem(_PLACES.get(refusal.field, refusal.field), refusal.sentence))
    office, superior = offices.get(line["office"]), accounts.canonical(line["supervisor_nip"])
    granted = tuple(sorted(set(re.split(r"[\s;]+", line["roles"])) - {""}))
    if office is None and (line["office"] or line["position"] or superior or set(granted) - set(roles.EVERYWHERE)):
        missing = Sentence("Kantor {slug} tidak ada.", slug=line["office"]) if line["office"] else Sentence("Bagian ini wajib diisi.")
        wrong.append(line.problem("office", missing))
    wrong += [line.problem("roles", Sentence("Peran {role} tidak dapat diberikan.", role=role)) for role in granted if role not in roles.GRANTED]
    try:
        plain(line["position"], field="position", limit=200)
    except Refused as refusal:
        wrong.append(line.problem("position", refusal.sentence))
    starts = line.day("starts", wrong, may_be_empty=True) or today
    return _Row(identifier, facts["name"], facts["email"] or emails.get(identifier, ""), office, line["position"], superior, granted, starts), wrong


def _refuse_circles(lines: list[Line], rows: list[_Row], now: datetime) -> None:
    """Nobody becomes, over however many steps, their own superior: the file's superiors beside those on record."""
    names = dict(Person.select(Person.identifier, Person.name).tuples()) | {row.identifier: row.name for row in rows}
    above = hierarchy.on_record(now.date(), without_main={row.identifier for row in rows if row.office_id is not None})
    for row in rows:
        if row.superior:
            above.setdefault(row.identifier, []).append(row.superior)
    places = {row.identifier: line for row, line in zip(rows, lines, strict=True)}
    problems = []
    for circle in hierarchy.circles(above):
        line = min((places[identifier] for identifier in circle if identifier in places), key=lambda line: line.number, default=None)
        if line is not None:
            problems.append(line.problem("supervisor_nip", Sentence("Atasan berputar: {names}.", names=hierarchy.told(circle, names))))
    if problems:
        raise Problems(problems)


def _keep_people(rows: Iterable[_Row], now: datetime, progress: Progress, total: int) -> None:
    values = ({"identifier": row.identifier, "name": row.name, "email": row.email, "created_at": now} for row in rows)
    for done, batch in _batches(values):
        insert = Person.insert_many(batch)
        insert.on_conflict(conflict_target=[Person.identifier], update={Person.name: EXCLUDED.name, Person.email: EXCLUDED.email}).execute()
        progress(done, total)


def _post(rows: list[_Row], ids: dict[str, int], progress: Progress) -> set[str]:
    """Main postings as the file says; whose changed."""
    on_record = _main_postings()
    posted: set[str] = set()
    ends: dict[date, list[int]] = {}
    fresh = []
    for row in rows:
        if row.office_id is None:
            continue
        superior, kept = ids.get(row.superior), on_record.get(ids[row.identifier], [])
        now_held = next((each for each in kept if each.first_day <= row.starts and (each.last_day is None or each.last_day >= row.starts)), None)
        if now_held is not None and (now_held.office_id, now_held.position, now_held.supervisor_id) == (row.office_id, row.position, superior):
            continue
        posted.add(row.identifier)
        if now_held is not None:
            ends.setdefault(row.starts - hierarchy.ONE_DAY, []).append(now_held.id)
        until = min((each.first_day - hierarchy.ONE_DAY for each in kept if each.first_day > row.starts), default=None)
        fresh.append((ids[row.identifier], row.office_id, row.position, superior, True, row.starts, until))
    for last_day, ended in ends.items():
        for _, batch in _batches(ended):
            Posting.update(last_day=last_day).where(Posting.id.in_(batch)).execute()
    columns = [Posting.person, Posting.office, Posting.position, Posting.supervisor, Posting.is_main, Posting.first_day, Posting.last_day]
    for done, batch in _batches(fresh):
        Posting.insert_many(batch, columns).execute()
        progress(done, len(rows))
    return posted


def _main_postings() -> dict[int, list[_Held]]:
    """By person, those that were held; one that another replaced on its first day was not."""
    found: dict[int, list[_Held]] = {}
    columns = (Posting.person, Posting.id, Posting.office, Posting.position, Posting.supervisor, Posting.first_day, Posting.last_day)
    for person, *facts in Posting.select(*columns).where(Posting.is_main, hierarchy.was_held()).tuples().iterator():
        found.setdefault(person, []).append(_Held(*facts))
    return found


def _grant(rows: list[_Row], ids: dict[str, int], *, by: By, now: datetime) -> set[str]:
    """Roles that are not held yet: over the office of the row, or everywhere; who got one."""
    kept = set(Grant.select(Grant.person, Grant.role, Grant.office).where(Grant.revoked_at.is_null()).tuples())
    given: set[str] = set()
    fresh = []
    for row in rows:
        for role in row.roles:
            what = (ids[row.identifier], role, None if role in roles.EVERYWHERE else row.office_id)
            if what not in kept:
                given.add(row.identifier)
                fresh.append((*what, now, str(by)))
    for _, batch in _batches(fresh):
        Grant.insert_many(batch, [Grant.person, Grant.role, Grant.office, Grant.granted_at, Grant.granted_by]).execute()
    return given


def _record(rows: list[_Row], ids: dict[str, int], new: set[str], *, by: By, now: datetime) -> None:
    """One act a person in the audit trail; of the e-mail address only that there is one."""
    slugs = dict(Office.select(Office.id, Office.slug).tuples())

    def acts() -> Iterator[tuple[object, str, audit.Facts, audit.Facts]]:
        for row in rows:
            facts = {name: getattr(row, name) for name in ("identifier", "name", "email", "position", "superior", "roles", "starts")}
            facts |= {"office": slugs.get(row.office_id), "is_new": row.identifier in new}
            yield ids[row.identifier], row.name, None, audit.veiled(facts, "email")

    audit.record_all("person_imported", "person", acts(), by=by, now=now)


def _batches(rows: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Rows a thousand at a time, each time with how many are done."""
    waiting, done = iter(rows), 0
    while batch := list(islice(waiting, _AT_ONCE)):
        done += len(batch)
        yield done - 1, batch
