"""Targets from CSV: all or nothing, every error with its place, twice the same as once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import audit
from portal.audit import By
from portal.db import held
from portal.kinerja import targets
from portal.kinerja.models import Target
from portal.kinerja.targets import AGREED, DRAFT, REVISED, Wording
from portal.offices.imports import Outcome, Progress
from portal.people import accounts
from portal.people.models import Person
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

COLUMNS = ("nip", "year", "title", "indicator", "amount", "unit", "state")
_AT_ONCE = 1000
_YEARS = range(2000, 2200)
_Key = tuple[int, int, str]  # person, year, title


@dataclass(frozen=True, slots=True)
class _Row:
    """What a line says."""

    person: int
    year: int
    facts: dict[str, Any]
    state: str

    @property
    def key(self) -> _Key:
        return self.person, self.year, self.facts["title"]


def take_targets(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """Targets by NIP, year and title. Other facts of a line that is agreed take its place as a revision; one that is a draft is written anew."""
    held(Target)
    names: dict[str, tuple[int, str]] = {nip: (id, name) for nip, id, name in Person.select(Person.identifier, Person.id, Person.name).tuples()}
    rows = _rows(lines, names)
    known = _known({row.year for row in rows})
    outcome, fresh, touched = Outcome(), [], []
    stamp = {"entered_at": now, "entered_by": str(by)}
    for done, row in enumerate(rows):
        kept = known.get(row.key)
        if kept is None:
            fresh.append({"person": row.person, "year": row.year, **row.facts, **_state(row.state, now), "revises": None, "origin_id": None, **stamp})
        elif _differs(row, kept):
            touched.append(kept.id)
            fresh += _renew(row, kept, now, stamp)
        progress(done, len(rows))
    for start in range(0, len(fresh), _AT_ONCE):
        Target.insert_many(fresh[start : start + _AT_ONCE]).execute()
    outcome.changed, outcome.same = len(touched), sum(1 for row in rows if row.key in known) - len(touched)
    outcome.added = len(rows) - outcome.changed - outcome.same
    _record([row for row in rows if row.key not in known or known[row.key].id in set(touched)], names, by=by, now=now)
    return outcome


def _rows(lines: list[Line], names: dict[str, tuple[int, str]]) -> list[_Row]:
    """What the lines say; Problems with all that is wrong in any of them."""
    problems: list[Problem] = []
    rows = []
    for line in lines:
        row, wrong = _row(line, names)
        problems += wrong
        rows.append((line, row))
    counts = Counter(row.key for _, row in rows if row is not None)
    problems += [line.problem("title", Sentence("{value} ada dua kali.", value=line["title"])) for line, row in rows if row is not None and counts[row.key] > 1]
    if problems:
        raise Problems(problems)
    return [row for _, row in rows if row is not None]


def _row(line: Line, names: dict[str, tuple[int, str]]) -> tuple[_Row | None, list[Problem]]:
    """One line, with all that is wrong in it."""
    wrong: list[Problem] = []
    person = names.get(accounts.canonical(line["nip"]))
    if person is None:
        wrong.append(line.problem("nip", Sentence("Tidak ada pegawai dengan NIP itu.")))
    text = line["year"]
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if year not in _YEARS:
        wrong.append(line.problem("year", Sentence("{value} bukan tahun. Contoh: 2020.", value=text or "''")))
    if line["state"] not in {DRAFT, AGREED}:
        wrong.append(line.problem("state", Sentence("{value} harus draft atau agreed.", value=line["state"] or "''")))
    try:
        facts = targets.checked(Wording(line["title"], line["indicator"], line["amount"], line["unit"]))
    except Refused as refusal:
        wrong.append(line.problem(refusal.field, refusal.sentence))
    return (None, wrong) if wrong or person is None else (_Row(person[0], year, facts, line["state"]), [])


def _known(years: Iterable[int]) -> dict[_Key, Target]:
    """The latest line in force of each person, year and title."""
    rows = Target.select().where(Target.year.in_(list(years) or [0]), Target.state.in_((DRAFT, AGREED))).order_by(Target.id)
    return {(row.person_id, row.year, row.title): row for row in rows}


def _differs(row: _Row, kept: Target) -> bool:
    """Whether the file says something new of a line; an agreed one is no draft again because a file calls it so."""
    return targets.facts_of(kept) != row.facts or (row.state == AGREED and kept.state == DRAFT)


def _renew(row: _Row, kept: Target, now: datetime, stamp: dict[str, Any]) -> list[dict[str, Any]]:
    """Write a draft anew, or put a revision beside what is agreed: the rows that are to be added."""
    if kept.state == DRAFT:
        Target.update(**row.facts, **stamp, **_state(row.state, now), note="").where(Target.id == kept.id).execute()
        if row.state == AGREED and kept.revises_id is not None:
            Target.update(state=REVISED).where(Target.id == kept.revises_id, Target.state == AGREED).execute()
        return []
    if row.state == AGREED:
        Target.update(state=REVISED).where(Target.id == kept.id).execute()
    chained = {"revises": kept.id, "origin_id": targets.chain(kept)}
    return [{"person": row.person, "year": row.year, **row.facts, **_state(row.state, now), **chained, **stamp}]


def _state(state: str, now: datetime) -> dict[str, Any]:
    return {"state": state, "settled_at": now if state == AGREED else None}


def _record(rows: list[_Row], names: dict[str, tuple[int, str]], *, by: By, now: datetime) -> None:
    """One act a line in the audit trail."""
    said = dict(names.values())
    audit.record_all("target_imported", "person", ((row.person, said[row.person], None, {**row.facts, "year": row.year, "state": row.state}) for row in rows),
                     by=by, now=now)  # fmt: skip
