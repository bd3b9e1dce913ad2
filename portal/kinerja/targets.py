"""Targets of the year (rencana hasil kerja): proposed by the employee, agreed with the superior, replaced when they are revised."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Case, fn

from portal import audit
from portal.audit import By
from portal.db import locked, transaction
from portal.kinerja import routing
from portal.kinerja.models import APPROVED, REJECTED, Entry, Target
from portal.kinerja.validation import Decider
from portal.offices.superiors import superiors, under
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence, later

DRAFT, AGREED, REVISED, WITHDRAWN = "draft", "agreed", "revised", "withdrawn"
STATES = {DRAFT: later("Menunggu atasan"), AGREED: later("Disepakati"), REVISED: later("Sudah diganti"), WITHDRAWN: later("Ditarik")}
MOST_LINES = 60  # a year
_LIMITS = (("title", 500), ("indicator", 500), ("unit", 60))


@dataclass(frozen=True)
class Wording:
    """What a line says."""

    title: str
    indicator: str = ""
    amount: str = ""  # empty: nothing that is counted
    unit: str = ""


@dataclass(frozen=True)
class Progress:
    """What has been done for a line and those that it replaced: what is approved, and the minutes that still wait."""

    quantity: float = 0
    minutes: int = 0
    waiting: int = 0


def of_year(person: Person, year: int) -> list[Target]:
    """All lines of somebody's year, also those that were replaced or withdrawn, as they were entered."""
    return list(Target.select().where(Target.person == person, Target.year == year).order_by(Target.id))


def propose(person: Person, year: int, wording: Wording, *, by: By, now: datetime, revises: Target | None = None) -> Target:
    """Put a line before the superior; one that revises another leaves that in force until it is agreed. The same line twice is one."""
    facts = checked(wording)
    if abs(year - now.year) > 1:
        raise Refused(Sentence("Rencana hasil kerja ditulis untuk tahun lalu, tahun ini, atau tahun depan."), field="title")
    with transaction():
        locked(Person.select().where(Person.id == person.id)).get()
        live = [each for each in of_year(person, year) if each.state in {DRAFT, AGREED}]
        if (same := next((each for each in live if each.state == DRAFT and facts_of(each) == facts), None)) is not None:
            return same
        if len(live) >= MOST_LINES:
            raise Refused(Sentence("Paling banyak {most} rencana setahun.", most=MOST_LINES))
        origin = _revisable(revises, live)
        made = Target.create(person=person, year=year, **facts, revises=revises, origin_id=origin, entered_at=now, entered_by=str(by))
        audit.record("target_proposed", "target", made.id, by=by, now=now, label=person.name, after={**facts, "year": year, "revises": made.revises_id})
    return made


def change(target: Target, wording: Wording, *, by: By, now: datetime) -> Target:
    """Write a line anew that is not agreed yet; it waits for the superior again."""
    facts = checked(wording)
    with transaction():
        target = _draft(target)
        before, after = audit.changes(facts_of(target), facts)
        Target.update(**facts, entered_at=now, settled_at=None, settled_by=None, note="").where(Target.id == target.id).execute()
        audit.record("target_changed", "target", target.id, by=by, now=now, label=target.person.name, before=before, after=after)
    return Target.get_by_id(target.id)


def withdraw(target: Target, *, by: By, now: datetime) -> None:
    """Take back a line that is not agreed yet; its row stays."""
    with transaction():
        target = _draft(target)
        Target.update(state=WITHDRAWN).where(Target.id == target.id).execute()
        audit.record("target_withdrawn", "target", target.id, by=by, now=now, label=target.person.name, before={"title": target.title})


def settle(target: Target, agree: bool, note: str, who: Decider, *, seen: str | None = None) -> Target:
    """Agree a line, or give it back with a note; only today's superior may, or who stands in for them, and nobody about their own."""
    note = plain(note, field="note", limit=500, required=not agree)
    with transaction():
        target = locked(Target.select().where(Target.id == target.id)).get()
        place = _place(target, who)
        if not is_waiting(target):
            raise Refused(Sentence("Rencana ini tidak menunggu lagi."))
        if seen is not None and seen != mark(target):
            raise Refused(Sentence("Isinya berubah sejak halaman ini dibuka. Periksa dulu isi yang baru."))
        state = AGREED if agree else DRAFT
        Target.update(state=state, settled_at=who.now, settled_by=who.person, note=note).where(Target.id == target.id).execute()
        if agree and target.revises_id is not None:
            Target.update(state=REVISED).where(Target.id == target.revises_id, Target.state == AGREED).execute()
        actor = audit.Actor(who.actor.name, who.actor.person_id, place, who.actor.address)
        audit.record("target_agreed" if agree else "target_returned", "target", target.id, by=actor, now=who.now, label=target.person.name,
                     after={"title": target.title, "note": note, "revises": target.revises_id})  # fmt: skip
    return Target.get_by_id(target.id)


def waiting_for(person: Person, today: date) -> list[Target]:
    """The lines that somebody may agree today: of those whose superior they are, or for whose superior they stand in; the oldest first."""
    held = routing.seats(person, today)
    candidates = {posting.person_id for posting in under(held, today, today)} - {person.id}
    mine = [each for each, superior in superiors(candidates, today).items() if superior in held]
    waits = (
        Target.select(Target, Person).join(Person, on=Target.person).where(Target.person.in_(mine or [0]), Target.state == DRAFT, Target.settled_at.is_null())
    )
    return list(waits.order_by(Person.name, Person.id, Target.year, Target.id))


def is_waiting(target: Target) -> bool:
    """Whether a line waits for the superior: proposed, and not given back."""
    return target.state == DRAFT and target.settled_at is None


def mark(target: Target) -> str:
    """What a page has seen of a line: another text has another mark."""
    return str(target.entered_at.strftime("%Y%m%d%H%M%S%f"))


def chain(target: Target) -> int:
    """The number of the line that a chain of revisions began with: work for any of them counts for one."""
    return int(target.origin_id or target.id)


def progress(targets: Iterable[Target]) -> dict[int, Progress]:
    """What was done for each of these lines, by its chain; summed by the database. Quantities count where they are of the line's own unit."""
    lines = list(targets)
    units = {chain(each): each.unit.lower() for each in lines}
    first, unit = fn.COALESCE(Target.origin_id, Target.id), fn.LOWER(Entry.unit)
    approved = Entry.state == APPROVED
    sums = [fn.SUM(Case(None, [(when, what)], 0)) for when, what in
            ((approved, Entry.quantity), (approved, Entry.effective), (Entry.state.is_null(), Entry.effective))]  # fmt: skip
    theirs = Target.person.in_({each.person_id for each in lines} or {0}) & first.in_(list(units) or [0])  # people have an index, beginnings of chains none
    rows = Entry.select(first, unit, *sums).join(Target, on=Entry.target).where(theirs, Entry.removed_at.is_null())
    found = dict.fromkeys(units, Progress())
    for number, said, quantity, minutes, waits in rows.where(Entry.state.is_null() | (Entry.state != REJECTED)).group_by(first, unit).tuples():
        before = found[number]
        counted = quantity if said == units[number] else 0
        found[number] = Progress(before.quantity + counted, before.minutes + int(minutes), before.waiting + int(waits))
    return found


def checked(wording: Wording) -> dict[str, Any]:
    """What a line says, as it may be kept; refused beside the field."""
    facts: dict[str, Any] = {name: plain(getattr(wording, name), field=name, limit=limit, required=name == "title") for name, limit in _LIMITS}
    facts["amount"] = _amount(wording.amount)
    if facts["amount"] is not None and not facts["unit"]:
        raise Refused(Sentence("Tulis satuannya, misalnya surat."), field="unit")
    return facts


def facts_of(target: Target) -> dict[str, Any]:
    """What is on record of a line."""
    return {name: getattr(target, name) for name in ("title", "indicator", "unit", "amount")}


def _amount(text: str) -> float | None:
    """How much is meant to be done in the year, with at most two places behind the comma; nothing where nothing is counted."""
    cleaned = text.strip().replace(",", ".")
    if cleaned and not (re.fullmatch(r"\d{1,7}(\.\d{1,2})?", cleaned, re.ASCII) and float(cleaned) > 0):
        raise Refused(Sentence("Isi target dengan bilangan, misalnya 240."), field="amount")
    return float(cleaned) if cleaned else None


def _revisable(revises: Target | None, live: list[Target]) -> int | None:
    """The beginning of the chain that a revision continues; refused where there is nothing agreed to revise, or another revision waits."""
    if revises is None:
        return None
    if not any(each.id == revises.id and each.state == AGREED for each in live):
        raise Refused(Sentence("Hanya rencana yang disepakati yang dapat diubah dengan usulan baru."))
    if any(each.revises_id == revises.id for each in live):
        raise Refused(Sentence("Usulan perubahan untuk rencana ini sudah ada. Ubah atau tarik dulu usulan itu."))
    return chain(revises)


def _draft(target: Target) -> Target:
    """The line, held; refused where it is agreed, replaced or withdrawn already."""
    target = locked(Target.select().where(Target.id == target.id)).get()
    if target.state != DRAFT:
        raise Refused(Sentence("Rencana ini sudah {state} dan tidak berubah lagi.", state=Sentence(_DONE[target.state])))
    return target


_DONE = {AGREED: later("disepakati"), REVISED: later("diganti"), WITHDRAWN: later("ditarik")}


def _place(target: Target, who: Decider) -> int | None:
    """In whose place somebody decides; refused for everybody but today's superior and those who stand in."""
    held = routing.seats(who.person, who.today)
    superior = superiors([target.person_id], who.today).get(target.person_id)
    if target.person_id == who.person.id or superior not in held:
        raise Refused(Sentence("Hanya atasan langsung pegawai ini yang dapat menyepakati rencananya."))
    return held[superior]
