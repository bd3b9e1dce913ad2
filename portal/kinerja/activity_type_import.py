"""Activity types from CSV: all or nothing, every error with its place, twice the same as once."""

from collections import Counter
from datetime import datetime
from typing import Any

from portal.audit import By
from portal.db import held
from portal.kinerja import activity_types
from portal.kinerja.activity_types import Sort
from portal.kinerja.models import ActivityType
from portal.offices.imports import Outcome, Progress, noted
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

COLUMNS = ("code", "name", "unit", "minutes", "needs_evidence")
_PROVEN = {"yes": True, "no": False, "": False}
_AT_ONCE = 1000


def take_activity_types(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """Activity types by code, new or changed; one that has ended stays ended, with a warning. Entries written before keep their minutes."""
    held(ActivityType)
    known = {kind.code: kind for kind in ActivityType.select()}
    counts = Counter(line["code"] for line in lines)
    outcome, problems, fresh = Outcome(), [], []
    for done, line in enumerate(lines):
        try:
            facts = _facts(line, counts)
        except Problems as found:
            problems += found.problems
            continue
        kind = known.get(facts["code"])
        if kind is not None and kind.ended_at is not None:
            outcome.warnings.append(line.problem("code", Sentence("Jenis kegiatan {code} sudah diakhiri dan tetap berakhir.", code=kind.code)))
        if kind is None:
            fresh.append(facts)
        elif activity_types.facts_of(kind) != facts:
            ActivityType.update(**facts).where(ActivityType.id == kind.id).execute()
            outcome.changed += 1
        progress(done, len(lines))
    if problems:
        raise Problems(problems)
    for start in range(0, len(fresh), _AT_ONCE):
        ActivityType.insert_many(fresh[start : start + _AT_ONCE]).execute()
    outcome.added, outcome.same = len(fresh), len(lines) - len(fresh) - outcome.changed
    return noted(outcome, "activity_types", by=by, now=now)


def _facts(line: Line, counts: Counter[str]) -> dict[str, Any]:
    """What a line says; Problems with what is wrong in it."""
    wrong: list[Problem] = []
    if counts[line["code"]] > 1:
        wrong.append(line.problem("code", Sentence("{value} ada dua kali.", value=line["code"])))
    if line["needs_evidence"] not in _PROVEN:
        wrong.append(line.problem("needs_evidence", Sentence("{value} harus yes atau no.", value=line["needs_evidence"])))
    text, facts = line["minutes"], {}
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    try:
        facts = activity_types.checked(Sort(line["code"], line["name"], line["unit"], minutes, _PROVEN.get(line["needs_evidence"], False)))
    except Refused as refusal:
        wrong.append(line.problem(refusal.field, refusal.sentence))
    if wrong:
        raise Problems(wrong)
    return facts
