"""Closures from CSV, taken as facts that were published: by office and scope, with what later files say of their ends."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import audit
from portal.audit import By
from portal.clock import midnight
from portal.offices import closures, places
from portal.offices.imports import Outcome, Progress, noted
from portal.offices.models import Closure, ClosureEvent, Office
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

COLUMNS = ("case", "office", "scope", "starts", "ends", "reopens", "reason", "online", "dropbox", "diversion", "note", "source")
_PLACES = {"internal_note": "source", "name": "office", "offices": "office"}  # where a fact of a closure stands in the file


def take_closures(lines: list[Line], *, create_offices: bool, default_zone: str, by: By, now: datetime, progress: Progress) -> Outcome:
    """Closures as facts: one that is known by case, office, scope and start stays, and a new end of it becomes an act in its history."""
    known, outcome = _Known.offices(by=by, now=now), Outcome()
    problems, keys = [], set()
    for done, line in enumerate(lines):
        try:
            fact = _fact(line)
            office = known.office(line, create_offices, default_zone)
            key = "|".join((line["case"], office.slug, line["scope"] or "all", fact.starts.isoformat()))
            if key in keys:
                raise Problems([line.problem("case", Sentence("{value} ada dua kali.", value=line["case"] or line["office"]))])
            keys.add(key)
            _keep_closure(line, fact, known.part(line, office), known, outcome, key=key, by=str(by), now=now)
        except Problems as found:
            problems += found.problems
        except Refused as refusal:
            problems.append(line.problem(_PLACES.get(refusal.field, refusal.field), refusal.sentence))
        progress(done, len(lines))
    if problems:
        raise Problems(problems)
    return noted(outcome, "closures", by=by, now=now)


@dataclass(frozen=True)
class _Fact:
    starts: date
    ends: date | None
    reopens: date | None
    online: bool | None
    dropbox: bool | None


def _fact(line: Line) -> _Fact:
    """What a line says without looking at offices; all that is wrong with it at once."""
    wrong: list[Problem] = []
    starts, ends, reopens = (line.day(name, wrong, may_be_empty=name != "starts") for name in ("starts", "ends", "reopens"))
    online, dropbox = (_yes_no(line, name, wrong) for name in ("online", "dropbox"))
    if line["reason"] not in closures.REASONS:
        wrong.append(line.problem("reason", Sentence("Sebab {reason} tidak dikenal.", reason=line["reason"])))
    if starts and ends and ends < starts:
        wrong.append(line.problem("ends", Sentence("Tanggal selesai mendahului tanggal mulai.")))
    if wrong or starts is None:
        raise Problems(wrong)
    return _Fact(starts, ends, reopens, online, dropbox)


def _keep_closure(line: Line, fact: _Fact, node: Office, offices: "_Known", outcome: Outcome, *, key: str, by: str, now: datetime) -> None:
    zone = ZoneInfo(node.timezone)
    starts_at, ends_at = midnight(fact.starts, zone), midnight(fact.ends + timedelta(days=1), zone) if fact.ends else None
    if fact.reopens and fact.ends and fact.reopens <= fact.ends:
        too_early = Sentence("Hari buka lagi {reopens} tidak sesudah hari terakhir {ends}.", reopens=fact.reopens, ends=fact.ends)
        outcome.warnings.append(line.problem("reopens", too_early))
    known = Closure.get_or_none(Closure.import_key == key)
    if known is not None:
        _moved(known, ends_at, outcome, by=by, now=now)
        return
    minimum = closures.minimum_end([node], line["reason"], starts_at)
    if minimum and ends_at and ends_at < minimum[0]:
        outcome.warnings.append(line.problem("ends", Sentence("Lebih singkat daripada {rule} ({basis}).", rule=minimum[1].name, basis=minimum[1].legal_basis)))
    plan = closures.Plan(
        [node], line["reason"], starts_at, ends_at, review_on=None if ends_at else closures.review_day(starts_at, zone), is_review_presumed=ends_at is None,
        online=fact.online, dropbox=fact.dropbox, detours=offices.detours(line), note=line["note"], internal_note=line["source"], import_key=key)  # fmt: skip
    closure = closures.declare(plan, by=by, now=now, is_fact=True)
    facts = {"reason": closure.reason, "starts_at": starts_at, "ends_at": ends_at, "online": fact.online, "dropbox": fact.dropbox}
    audit.record("closure_recorded", "closure", closure.id, by=by, now=now, label=node.slug, after=facts)
    outcome.added += 1


def _moved(closure: Closure, ends_at: datetime | None, outcome: Outcome, *, by: str, now: datetime) -> None:
    """The same closure with another end than the file had before: the first promise stays in its history. What people did by hand is not undone."""
    acts = list(ClosureEvent.select().where(ClosureEvent.closure == closure).order_by(ClosureEvent.at, ClosureEvent.id))
    taken_over = [act.ends_after for act in acts if act.by == by]
    if ends_at in (closure.ends_at, *taken_over[-1:]) or closure.withdrawn_at or any(act.what == "reopened" for act in acts):
        outcome.same += 1
        return
    longer = ends_at is None or (closure.ends_at is not None and ends_at > closure.ends_at)
    before, closure.ends_at = closure.ends_at, ends_at
    closure.review_on = None if ends_at else closures.review_day(closure.starts_at, ZoneInfo(closure.timezone))
    closure.is_review_presumed = ends_at is None
    closure.save()
    ClosureEvent.create(closure=closure, at=now, what="extended" if longer else "shortened", by=by, ends_before=before, ends_after=ends_at)
    audit.record("closure_moved", "closure", closure.id, by=by, now=now, before={"ends_at": before}, after={"ends_at": ends_at})
    outcome.changed += 1


@dataclass
class _Known:
    """Offices as a file names them, by slug or by name; new ones join as lines make them."""

    by_slug: dict[str, Office]
    by_name: dict[str, list[Office]]
    facts: dict[str, Any]  # by whom and when offices are made

    @classmethod
    def offices(cls, *, by: By, now: datetime) -> "_Known":
        known = cls({}, defaultdict(list), {"by": by, "now": now})
        for office in Office.select().order_by(Office.id):
            known._add(office)
        return known

    def named(self, name: str) -> list[Office]:
        """Those that a name can mean: the one with that slug, else all with that name."""
        return [self.by_slug[name]] if name in self.by_slug else self.by_name.get(_key(name), [])

    def office(self, line: Line, create: bool, default_zone: str) -> Office:
        """The one office that a line means, made if it is new and may be."""
        name = line["office"]
        if not name:
            raise Problems([line.problem("office", Sentence("Bagian ini wajib diisi."))])
        found = self.named(name)
        tops = [office for office in found if office.parent_id is None] or found
        if len(tops) > 1:
            slugs = ", ".join(office.slug for office in found)
            raise Problems([line.problem("office", Sentence("Ada beberapa {name}: {slugs}. Tulis slug yang dimaksud.", name=name, slugs=slugs))])
        if not tops and not create:
            raise Problems([line.problem("office", Sentence("Kantor {name} tidak ada.", name=name))])
        return tops[0] if tops else self._add(places.add(name, timezone=default_zone, **self.facts))

    def part(self, line: Line, office: Office) -> Office:
        """The office itself, or the unit of it that a scope names, made if it is new."""
        if line["scope"] in {"", "all"}:
            return office
        name = f"{office.name}: {line['scope']}"
        unit = next((each for each in self.by_name.get(_key(name), []) if each.parent_id == office.id), None)
        return unit or self._add(places.add(name, timezone=office.timezone, parent=office, kind="unit", **self.facts))

    def detours(self, line: Line) -> list[closures.Detour]:
        """Where a line diverts to: an office if it names one, else its words."""
        said = line["diversion"]
        found = self.named(said) if said else []
        if not said:
            return []
        return [closures.Detour(office=found[0]) if len(found) == 1 else closures.Detour(place=said)]

    def _add(self, office: Office) -> Office:
        self.by_slug[office.slug] = office
        self.by_name[_key(office.name)].append(office)
        return office


def _yes_no(line: Line, column: str, wrong: list[Problem]) -> bool | None:
    if line[column] not in {"", "yes", "no"}:
        wrong.append(line.problem(column, Sentence("{value} bukan yes, no, atau kosong.", value=line[column])))
    return {"yes": True, "no": False}.get(line[column])


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
