"""Objections: an employee does not agree with what was decided about a day, and the superior's superior, who did not decide it, settles that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from portal import audit
from portal.audit import Actor
from portal.db import locked, transaction
from portal.kinerja import days, routing
from portal.kinerja.models import APPROVED, REJECTED, SETTLED, DayAct, Entry, Objection, WorkDay
from portal.kinerja.routing import Seat
from portal.kinerja.validation import Decider
from portal.kinerja.working_days import WorkingDays
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence

_LONGEST = 1000
_DECISIONS = ("approved", "rejected", "entry_approved", "entry_rejected")


@dataclass(frozen=True)
class Dispute:
    """What there is to object to on a decided day, what was objected before, and until when one may."""

    row: WorkDay
    rejected: list[Entry]
    earlier: list[Objection]
    ends: datetime | None  # none where no policy sets a deadline
    zone: ZoneInfo

    def obstacle(self, now: datetime) -> Sentence | None:
        """Why nobody can object to this day just now; nothing where its author can."""
        if self.earlier and (self.earlier[-1].settled_at is None or self.earlier[-1].asked_at >= self.row.decided_at):
            return Sentence("Keberatan atas log ini sudah diajukan.")
        if self.ends is not None and self.ends <= now:
            return Sentence("Batas mengajukan keberatan sudah lewat.")
        if _judge(self.row) is None:
            return Sentence("Tidak ada atasan lain yang dapat memutuskannya. Sampaikan keberatan Anda kepada pengelola kepegawaian.")
        return None


def dispute(row: WorkDay | None, written: list[Entry], calendar: WorkingDays | None = None) -> Dispute | None:
    """A decided day on which something was rejected; nothing for any other day, and then nothing is asked."""
    rejected = [each for each in written if each.state == REJECTED and each.removed_at is None]
    if row is None or row.state not in SETTLED or not rejected:
        return None
    if calendar is None or row.office_id not in calendar.places:  # the posting may have been put right since, with another office
        calendar = WorkingDays.of([row.office_id], row.day, row.decided_at.date())
    ends = calendar.objection_end(row.office_id, calendar.today(row.office_id, row.decided_at))
    return Dispute(row, rejected, list(Objection.select().where(Objection.work_day == row).order_by(Objection.id)), ends, calendar.places[row.office_id].zone)


def rejected_of(numbers: Iterable[int]) -> dict[int, list[Entry]]:
    """The rejected activities of each of these days."""
    found: dict[int, list[Entry]] = {}
    rows = Entry.select().where(Entry.work_day.in_(list(numbers) or [0]), Entry.removed_at.is_null(), Entry.state == REJECTED)
    for each in rows.order_by(Entry.starts, Entry.id):
        found.setdefault(each.work_day_id, []).append(each)
    return found


def deciders_of(shown: Iterable[Objection]) -> dict[int, str]:
    """By name who decided each objection's day, by the number of the day."""
    rows = WorkDay.select(WorkDay.id, Person.name).join(Person, on=(WorkDay.decided_by == Person.id))
    return dict(rows.where(WorkDay.id.in_([each.work_day_id for each in shown] or [0])).tuples())


def object_to(row: WorkDay, reason: str, *, person: Person, by: Actor, now: datetime) -> Objection:
    """The author does not agree with a decided day; one open objection a day, within the policy's days."""
    reason = plain(reason, field="reason", limit=_LONGEST, required=True)
    with transaction():
        row = locked(WorkDay.select().where(WorkDay.id == row.id)).get()
        if row.person_id != person.id:
            raise Refused(Sentence("Hanya pegawai itu sendiri yang dapat mengajukan keberatan."))
        found = dispute(row, days.entries(row))
        why = found.obstacle(now) if found is not None else Sentence("Tidak ada kegiatan yang ditolak.")
        if why is not None:
            raise Refused(why, field="reason")
        made = Objection.create(work_day=row, reason=reason, asked_at=now)
        DayAct.create(work_day=row, at=now, act="objected", person=person, reason=reason)
        audit.record("day_objected", "work_day", row.id, by=by, now=now, label=f"{person.name}, {row.day}", after={"reason": reason})
    return made


def waiting(person: Person, today: date) -> Any:
    """The open objections that somebody may settle today, as superior's superior or in whose place they stand; oldest first."""
    held = list(routing.seats(person, today))
    mine = (DayAct.person == person) | (DayAct.acting_for == person)
    decided = DayAct.select().where(DayAct.work_day == Objection.work_day, DayAct.act.in_(_DECISIONS), mine)
    rows = Objection.select(Objection, WorkDay, Person).join(WorkDay).join(Person, on=(WorkDay.person == Person.id))
    rows = rows.where(Objection.settled_at.is_null(), WorkDay.upper.in_(held), WorkDay.person != person, ~fn.EXISTS(decided))
    return rows.order_by(Objection.asked_at, Objection.id)


def settle(objection: Objection, *, accept: bool, answer: str, who: Decider) -> Objection:
    """Accepted, the rejected activities count; refused, the answer says why. Never by who decided, and never one's own."""
    answer = plain(answer, field="answer", limit=_LONGEST, required=not accept)
    with transaction():
        row = locked(WorkDay.select().where(WorkDay.id == objection.work_day_id)).get()
        held = _seat(row, who)
        done = {"settled_at": who.now, "settled_by": who.person, "acting_for": held.acting_for_id, "is_accepted": accept, "answer": answer}
        if not Objection.update(done).where(Objection.id == objection.id, Objection.settled_at.is_null()).execute():
            raise Refused(Sentence("Keberatan ini sudah diputuskan."))
        if accept and row.state not in SETTLED:
            raise Refused(Sentence("Log ini sudah dibuka kembali. Jawab keberatannya saja; isinya diperiksa lagi."))
        before = {"state": row.state, "approved": row.approved}
        if accept:
            _approve(row, who, held)
        act = "objection_accepted" if accept else "objection_refused"
        DayAct.create(work_day=row, at=who.now, act=act, person=who.person, acting_for=held.acting_for_id, reason=answer)
        audit.record(f"day_{act}", "work_day", row.id, by=replace(who.actor, acting_for_id=held.acting_for_id), now=who.now,
                     label=f"{row.person.name}, {row.day}", before=before, after={"state": row.state, "approved": row.approved, "answer": answer})  # fmt: skip
    return Objection.get_by_id(objection.id)


def _judge(row: WorkDay) -> int | None:
    """Who settles an objection to a day: the superior's superior, unless it was they who decided."""
    return row.upper_id if row.upper_id not in {*_deciders(row), row.person_id} else None


def _deciders(row: WorkDay) -> set[int]:
    """All who decided about a day or one of its activities, and in whose place."""
    acts = DayAct.select(DayAct.person, DayAct.acting_for).where(DayAct.work_day == row, DayAct.act.in_(_DECISIONS)).tuples()
    return {each for act in acts for each in act if each is not None}


def _seat(row: WorkDay, who: Decider) -> Seat:
    """As what somebody settles; refused for all but the superior's superior and those who stand in, and for who decided."""
    held = routing.seats(who.person, who.today)
    if who.person.id == row.person_id or row.upper_id not in held:
        raise Refused(Sentence("Hanya atasan dari atasan langsung yang memutuskan keberatan ini."))
    if who.person.id in _deciders(row) or _judge(row) is None:
        raise Refused(Sentence("Yang memutuskan log ini tidak memutuskan keberatannya."))
    return Seat(True, held[row.upper_id])


def _approve(row: WorkDay, who: Decider, held: Seat) -> None:
    """The rejected activities become approved, and the day with them; its sums follow."""
    Entry.update(state=APPROVED).where(Entry.work_day == row, Entry.removed_at.is_null(), Entry.state == REJECTED).execute()
    row.state = APPROVED
    facts = {"state": APPROVED, "decided_at": who.now, "decided_by": who.person, "acting_for": held.acting_for_id}
    WorkDay.update(facts).where(WorkDay.id == row.id).execute()
    days.count(row)
