"""What a superior decides about submitted days: approved, returned, rejected; the same checks for one as for many, and nothing changes afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from portal import audit
from portal.audit import Actor
from portal.db import locked, transaction
from portal.kinerja import days, routing
from portal.kinerja.models import APPROVED, EDITABLE, REJECTED, RETURNED, SETTLED, SUBMITTED, DayAct, Entry, WorkDay
from portal.kinerja.routing import Seat
from portal.people.models import Person
from portal.refusals import NotFound, Refused, plain
from portal.words import Sentence, later

APPROVE, RETURN, REJECT = "approve", "return", "reject"
DECISIONS = {APPROVE: later("Setujui"), RETURN: later("Kembalikan"), REJECT: later("Tolak")}
CANNED = (
    later("Lengkapi bukti dukung."),
    later("Tautan bukti tidak dapat dibuka."),
    later("Jelaskan hasil kegiatannya."),
    later("Jam kegiatan perlu diperiksa."),
)
_LONGEST = 500


@dataclass(frozen=True)
class Decider:
    """Who decides, as seen today."""

    person: Person
    actor: Actor
    today: date
    now: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a decision."""

    work_day: WorkDay
    refusal: Sentence | None = None
    entry: Entry | None = None


Picked = tuple[int, int | None]  # the number of a day or an activity, and the revision of the day that the page has shown


def decide(picked_days: Iterable[Picked], picked_entries: Iterable[Picked], decision: str, reason: str, who: Decider) -> list[Outcome]:
    """Decide about days and single activities, each in a transaction of its own with the same checks; the outcome of each. Refused whole without a reason."""
    if decision not in DECISIONS:
        raise Refused(Sentence("Pilih setujui, kembalikan, atau tolak."), field="decision")
    reason = plain(reason, field="reason", limit=_LONGEST)
    if decision != APPROVE and not reason:
        raise Refused(Sentence("Tulis alasannya; pegawai akan membacanya."), field="reason")
    whole = dict(picked_days)
    parts = _by_day(dict(picked_entries), without=whole)
    if not whole and not parts:
        raise Refused(Sentence("Pilih dulu hari atau kegiatan yang diputuskan."), field="day")
    rows = {row.id: row for row in WorkDay.select().where(WorkDay.id.in_([*whole, *parts]))}
    if whole.keys() - rows.keys():
        raise NotFound(Sentence("Log ini tidak ada."))
    jobs: list[tuple[int, int | None, list[int] | None]] = [(day, seen, None) for day, seen in whole.items()]
    jobs += [(day, seen, entries) for day, (seen, entries) in parts.items()]
    return [_outcome(rows[day], seen, entries, decision, reason, who) for day, seen, entries in jobs]


def are_of(row: WorkDay, entries: list[int]) -> bool:
    """Whether all of these activities, by number, are of one day."""
    return Entry.select().where(Entry.work_day == row, Entry.id.in_(entries)).count() == len(set(entries))


def unlock(row: WorkDay, reason: str, who: Decider) -> WorkDay:
    """Give a decided day back to its author: only the superior's superior may, and the reason is there for all to see."""
    reason = plain(reason, field="reason", limit=_LONGEST, required=True)
    with transaction():
        row = locked(WorkDay.select().where(WorkDay.id == row.id)).get()
        held = routing.seat(who.person, row, who.today)
        if held is None or not routing.may_unlock(who.person, row, held):
            raise Refused(Sentence("Hanya atasan dari atasan langsung yang dapat membuka kembali hari yang sudah diputuskan."))
        if row.state not in SETTLED:
            raise Refused(Sentence("Log ini belum diputuskan."))
        held = Seat(True, None if row.upper_id == who.person.id else held.acting_for_id)
        before = {"state": row.state, "approved": row.approved, "entries": _as_decided(row)}
        Entry.update(state=None).where(Entry.work_day == row, Entry.state == APPROVED).execute()
        _put(row, RETURNED, reason, who, held, opened_at=who.now)
        _note("unlocked", row, reason, who, held, before=before)
    return row


def open_closed(person: Person, day: date, reason: str, who: Decider) -> WorkDay:
    """Let somebody write a day of a month that has closed; the superior of that day says why."""
    reason = plain(reason, field="reason", limit=_LONGEST, required=True)
    with transaction():
        found = days.where_posted(person, day)
        calendar = days.calendar_of(found, day)
        if day > calendar.today(found.posting.office_id, who.now):
            raise NotFound(Sentence("{day} belum tiba. Log harian diisi pada harinya.", day=day))
        due, before = days.deadline(person, day, found, calendar)
        fresh = {"person": person, "day": day, "office": found.posting.office_id, "due_at": due, "due_before": before, "supervisor": found.supervisor_id,
                 "upper": found.upper_id}  # fmt: skip
        WorkDay.insert(fresh).on_conflict_ignore().execute()
        row = locked(WorkDay.select().where(WorkDay.person == person, WorkDay.day == day)).get()
        row.supervisor, row.upper = found.supervisor_id, found.upper_id  # as the postings stand now, also where the day once went to another
        held = routing.seat(who.person, row, who.today)
        if held is None:
            raise Refused(Sentence("Hanya atasan pegawai ini yang dapat membukanya."))
        if row.state not in EDITABLE:
            raise Refused(Sentence("Log ini sudah diajukan."))
        row.opened_at, row.revision = who.now, row.revision + 1
        row.save(only=[WorkDay.supervisor, WorkDay.upper, WorkDay.opened_at, WorkDay.revision])
        _note("opened", row, reason, who, held)
    return row


def _by_day(entries: dict[int, int | None], *, without: dict[int, Any]) -> dict[int, tuple[int | None, list[int]]]:
    """Single activities by their day; those of a day that is decided whole are in it already."""
    found: dict[int, tuple[int | None, list[int]]] = {}
    rows = Entry.select(Entry.id, Entry.work_day).where(Entry.id.in_(list(entries) or [0])).order_by(Entry.id).tuples()
    for id, day in rows:
        if day not in without:
            found.setdefault(day, (entries[id], []))[1].append(id)
    return found


def _outcome(row: WorkDay, seen: int | None, entries: list[int] | None, decision: str, reason: str, who: Decider) -> Outcome:
    """One row of a decision: done or refused by itself, whatever becomes of the others."""
    try:
        with transaction():
            row, held = _decidable(row, seen, who)
            _carry_out(row, entries, decision, reason, who, held)
    except Refused as refusal:
        return Outcome(row, refusal.sentence)
    return Outcome(row)


def _decidable(row: WorkDay, seen: int | None, who: Decider) -> tuple[WorkDay, Seat]:
    """The day, held, and as what one decides; refused for strangers, for what has been decided, and for what has changed since it was shown."""
    row = locked(WorkDay.select().where(WorkDay.id == row.id)).get()
    held = routing.seat(who.person, row, who.today)
    if held is None:
        raise Refused(Sentence("Anda tidak memvalidasi log pegawai ini."))
    if not routing.may_decide(row, held, who.now):
        raise Refused(Sentence("Log ini masih menunggu atasan langsungnya."))
    if row.state != SUBMITTED:
        raise Refused(Sentence("Log ini tidak menunggu lagi: {state}.", state=Sentence(days.STATES[row.state])))
    if seen is not None and seen != row.revision:
        raise Refused(Sentence("Isinya berubah sejak halaman ini dibuka. Periksa dulu isi yang baru."))
    return row, held


def _carry_out(row: WorkDay, entries: list[int] | None, decision: str, reason: str, who: Decider, held: Seat) -> None:
    open_now = Entry.work_day == row, Entry.removed_at.is_null(), Entry.state.is_null()
    picked = open_now if entries is None else (*open_now, Entry.id.in_(entries))
    if entries is not None and not Entry.select().where(*picked).exists():
        raise Refused(Sentence("Kegiatan ini sudah diputuskan."))
    if decision == RETURN:
        Entry.update(remark="").where(*open_now).execute()
        if entries is not None:
            Entry.update(remark=reason).where(*picked).execute()
        _put(row, RETURNED, reason, who, held, opened_at=who.now)  # also where the month has closed: what is returned can be mended
    else:
        Entry.update(state=APPROVED if decision == APPROVE else REJECTED, remark="" if decision == APPROVE else reason).where(*picked).execute()
        is_open = Entry.select().where(*open_now).exists()
        _put(row, SUBMITTED if is_open else _settled(row), reason if decision == REJECT else "", who, held)
    _note(_ACTS[decision, entries is None], row, reason, who, held, entries=entries)


_ACTS = {(APPROVE, True): "approved", (APPROVE, False): "entry_approved", (RETURN, True): "returned", (RETURN, False): "returned",
         (REJECT, True): "rejected", (REJECT, False): "entry_rejected"}  # fmt: skip


def _settled(row: WorkDay) -> str:
    """A day whose activities are all decided is approved, unless not one of them was."""
    return APPROVED if Entry.select().where(Entry.work_day == row, Entry.removed_at.is_null(), Entry.state == APPROVED).exists() else REJECTED


def _put(row: WorkDay, state: str, reason: str, who: Decider, held: Seat, **more: Any) -> None:
    """The day's new state, with who decided and in whose place."""
    if state in SETTLED:
        more["opened_at"] = None
    facts = {"state": state, "reason": reason, "decided_at": who.now, "decided_by": who.person, "acting_for": held.acting_for_id, **more}
    WorkDay.update(**facts).where(WorkDay.id == row.id).execute()
    for name, value in facts.items():
        setattr(row, name, value)
    days.count(row)


def _note(act: str, row: WorkDay, reason: str, who: Decider, held: Seat, *, entries: list[int] | None = None, before: dict[str, Any] | None = None) -> None:
    """What was done, in the day's own history and in the audit trail; a deputy acts a.n. the superior."""
    DayAct.create(work_day=row, at=who.now, act=act, person=who.person, acting_for=held.acting_for_id, reason=reason)
    after = {"reason": reason, "state": row.state, "approved": row.approved} | ({"entries": entries} if entries else {})
    actor = replace(who.actor, acting_for_id=held.acting_for_id)
    audit.record(f"day_{act}", "work_day", row.id, by=actor, now=who.now, label=f"{row.person.name}, {row.day}", before=before, after=after)


def _as_decided(row: WorkDay) -> list[list[Any]]:
    """What a day said when it was decided: kept in the trail before it can be changed."""
    return [[each.starts, each.ends, each.description, each.quantity, each.unit, each.effective, each.state] for each in days.entries(row)]
