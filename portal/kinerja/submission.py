"""The end of a day's log: submitted once, with a receipt; from then on it is locked."""

import hashlib
import json
from datetime import datetime

from portal import audit, numbers, outbox
from portal.audit import By
from portal.db import Question, slot, transaction
from portal.kinerja import days, routing
from portal.kinerja.models import REJECTED, SUBMITTED, DayAct, Entry, WorkDay
from portal.kinerja.routing import Route
from portal.kinerja.working_days import WorkingDays
from portal.outbox import Recipient
from portal.refusals import Refused, plain
from portal.words import Sentence

_SUMS = ("entries", "claimed", "effective")
_LOCKED = ("office_id", "supervisor_id", "upper_id", "due_at", "due_before", "state", "receipt", "submitted_at", "first_submitted_at", "escalates_at",
           "revision")  # fmt: skip
_LOCK = Question(lambda: WorkDay.update({getattr(WorkDay, name): slot(name) for name in _LOCKED}).where(WorkDay.id == slot("id")))
_NOTE = Question(lambda: DayAct.insert({
    DayAct.work_day: slot("work_day"), DayAct.at: slot("at"), DayAct.act: "submitted", DayAct.person: slot("person"), DayAct.reason: "",
    DayAct.receipt: slot("receipt"), DayAct.submission_key: slot("key")}))  # fmt: skip
_SENT_BEFORE = Question(lambda: DayAct.select(DayAct.id).where(DayAct.work_day == slot("work_day"), DayAct.submission_key == slot("key")))


def submit(row: WorkDay, *, key: str, seen: int | None, by: By, now: datetime, wants_letter: bool = False) -> WorkDay:
    """Hand a day to the superior: from this moment it is locked, and its receipt says when. Pressed twice it is submitted once."""
    key = plain(key, field="submission_key", limit=100)
    with transaction():
        row = days.hold(row)
        if row.state == SUBMITTED or (key and _SENT_BEFORE.rows(work_day=row.id, key=key)):
            return row
        found = days.where_posted(row.person, row.day)
        calendar = days.calendar_of(found, row.day)
        days.refuse_unwritable(row, found.posting.office_id, row.day, calendar, now=now)
        if seen is not None and seen != row.revision:
            raise Refused(Sentence("Isi log ini berubah di halaman atau perangkat lain sejak Anda membukanya. Periksa dulu, lalu ajukan lagi."))
        written = days.entries(row)
        if all(each.state == REJECTED for each in written):
            raise Refused(Sentence("Belum ada kegiatan yang dapat diajukan. Tulis dulu kegiatannya."))
        _lock(row, found, calendar, now)
        _NOTE.run(work_day=row.id, at=now, person=row.person_id, receipt=row.receipt, key=key or None)
        audit.record("day_submitted", "work_day", row.id, by=by, now=now, label=f"{row.person.name}, {row.day}", after=_facts(row, written))
        if wants_letter:
            _promise_receipt(row, calendar.places[row.office_id].zone.key, now)
    return row


def _lock(row: WorkDay, found: Route, calendar: WorkingDays, now: datetime) -> None:
    """The day with its receipt, on its way; leave, another posting or an outage may have moved its deadline since the first line was written."""
    row.office_id, row.supervisor_id, row.upper_id = found.posting.office_id, found.supervisor_id, found.upper_id
    row.due_at, row.due_before = days.deadline(row.person, row.day, found, calendar)
    row.state, row.receipt, row.submitted_at, row.first_submitted_at = SUBMITTED, numbers.new(), now, row.first_submitted_at or now
    row.escalates_at = routing.escalation(bool(routing.left([found.supervisor_id], now.date())), row.office_id, calendar, now)
    row.revision += 1
    _LOCK.run(**{name: getattr(row, name) for name in (*_LOCKED, "id")})


def content_digest(written: list[Entry]) -> str:
    """The hash of what a day says: later it shows that nothing was changed after the submission."""
    facts = [[each.starts, each.ends, each.description, each.quantity, each.unit, each.place, each.effective, each.evidence_link] for each in written]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def is_late(row: WorkDay) -> bool:
    """Whether a day was first submitted after its deadline, as that stands now."""
    return row.due_at is not None and row.first_submitted_at is not None and row.first_submitted_at >= row.due_at


def _facts(row: WorkDay, written: list[Entry]) -> dict[str, object]:
    return {"receipt": row.receipt, **{name: getattr(row, name) for name in _SUMS}, "digest": content_digest(written), "supervisor": row.supervisor_id}


def _promise_receipt(row: WorkDay, zone: str, now: datetime) -> None:
    """The receipt by e-mail, for those who asked for it and have an address: nobody is called for it."""
    person = row.person
    if person.email:
        to = Recipient(person.name, person.email, person.phone, person.language, person.id, row.office_id)
        facts = {"day": row.day.isoformat(), "receipt": row.receipt, "at": now.isoformat(), "entries": row.entries, "minutes": row.claimed, "zone": zone}
        outbox.promise("day_receipt", to, facts, key=f"day_receipt-{row.receipt}", now=now)
