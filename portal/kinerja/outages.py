"""The outage register: times in which the portal could not be used, and how deadlines inside them move for everybody."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from portal import audit
from portal.audit import By
from portal.db import held, locked, transaction
from portal.kinerja.models import SUBMITTED, DayAct, Outage, WorkDay
from portal.kinerja.working_days import CONFIRMED, LAST_MINUTE, WorkingDays
from portal.refusals import Refused, plain
from portal.words import Sentence, later

PROPOSED, DISMISSED, WITHDRAWN = "proposed", "dismissed", "withdrawn"
STATES = {PROPOSED: later("Perlu diperiksa"), CONFIRMED: later("Berlaku"), DISMISSED: later("Bukan gangguan"), WITHDRAWN: later("Ditarik")}
WORKER = "flask deliver"
SILENCE = timedelta(minutes=5)  # a worker that is only restarted is faster
_LONGEST = timedelta(days=14)
_BEFORE = timedelta(days=120)  # how long before an outage the days lie whose deadlines it may move
_AT_ONCE = 10_000

Span = tuple[datetime, datetime]


def enter(starts_at: datetime, ends_at: datetime, note: str, *, by: By, now: datetime) -> Outage:
    """An outage that is known: deadlines inside it move in the same transaction. The same one twice is one."""
    note = plain(note, field="note", limit=500, required=True)
    _refuse_odd(starts_at, ends_at, now)
    with transaction():
        held(Outage)
        same = Outage.get_or_none(Outage.starts_at == starts_at, Outage.ends_at == ends_at, Outage.state == CONFIRMED)
        if same is not None:
            return same
        made = Outage.create(starts_at=starts_at, ends_at=ends_at, note=note, state=CONFIRMED, entered_at=now, entered_by=str(by))
        _record("outage_entered", made, by, now, moved=_move(made))
    return made


def propose(starts_at: datetime, *, now: datetime) -> Outage | None:
    """The worker has been silent from a moment until now: put before the administrators, once however many workers notice."""
    starts_at = max(starts_at, now - _LONGEST)
    with transaction():
        held(Outage)
        if Outage.select().where(Outage.entered_by == WORKER, Outage.starts_at <= now, Outage.ends_at > starts_at).exists():
            return None
        made = Outage.create(starts_at=starts_at, ends_at=now, state=PROPOSED, entered_at=now, entered_by=WORKER)
        _record("outage_proposed", made, WORKER, now)
    return made


def confirm(outage: Outage, note: str, *, by: By, now: datetime) -> int:
    """The silence was an outage: deadlines inside it move in the same transaction; of how many days."""
    return _settle(outage, PROPOSED, CONFIRMED, "outage_confirmed", note, by=by, now=now)


def dismiss(outage: Outage, *, by: By, now: datetime) -> None:
    """The portal could be used all the same: no deadline moves."""
    _settle(outage, PROPOSED, DISMISSED, "outage_dismissed", outage.note, by=by, now=now)


def withdraw(outage: Outage, *, by: By, now: datetime) -> int:
    """Take back an outage that was none: deadlines are again where they would be without it; of how many days."""
    return _settle(outage, CONFIRMED, WITHDRAWN, "outage_withdrawn", outage.note, by=by, now=now)


def in_force(since: datetime) -> list[Outage]:
    """The outages that moved deadlines and ended after a moment, the latest first."""
    return list(Outage.select().where(Outage.state == CONFIRMED, Outage.ends_at >= since).order_by(Outage.starts_at.desc(), Outage.id.desc()))


def _refuse_odd(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(Sentence("Selesainya harus sesudah mulainya."), field="ends")
    if ends_at > now:
        raise Refused(Sentence("Gangguan dicatat setelah selesai; waktu selesainya belum tiba."), field="ends")
    if ends_at - starts_at > _LONGEST:
        raise Refused(Sentence("Satu gangguan paling lama {days} hari. Periksa tanggalnya.", days=_LONGEST.days), field="starts")


def _settle(outage: Outage, before: str, after: str, act: str, note: str, *, by: By, now: datetime) -> int:
    """Another state, and the deadlines that follow from it."""
    note = plain(note, field=f"note-{outage.id}", limit=500)
    with transaction():
        outage = locked(Outage.select().where(Outage.id == outage.id)).get()
        if outage.state != before:
            raise Refused(Sentence("Gangguan ini sudah diputuskan: {state}.", state=Sentence(STATES[outage.state])))
        Outage.update(state=after, note=note, settled_at=now, settled_by=str(by)).where(Outage.id == outage.id).execute()
        moved = 0 if after == DISMISSED else _move(outage)
        _record(act, outage, by, now, moved=moved)
    return moved


def _record(act: str, outage: Outage, by: By, now: datetime, **more: Any) -> None:
    facts = {"starts_at": outage.starts_at, "ends_at": outage.ends_at, "note": outage.note, **more}
    audit.record(act, "outage", outage.id, by=by, now=now, after=facts)


def _move(outage: Outage) -> int:
    """Let the deadlines around an outage follow from the register as it stands now; of how many days one moved. The number of statements
    grows with the different deadlines, not with people or days."""
    span = outage.starts_at, outage.ends_at + LAST_MINUTE
    due, waits = _due(span), _waiting(span)
    first = (outage.starts_at - _BEFORE).date()
    calendar = WorkingDays.of({office for office, *_ in due} | {office for _, office, *_ in waits}, first, outage.ends_at.date())
    return _move_due(due, calendar) + _move_escalations(waits, calendar)


def _due(span: Span) -> list[tuple[int, datetime | None, datetime]]:
    """Which deadlines of submission an outage may have moved or may move, by office: the one before, the one in force."""
    starts, ends = span
    inside = WorkDay.due_at.between(starts, ends) | ((WorkDay.due_before <= ends) & (WorkDay.due_at >= starts))
    return list(WorkDay.select(WorkDay.office, WorkDay.due_before, WorkDay.due_at).where(inside).distinct().tuples())


def _move_due(due: list[tuple[int, datetime | None, datetime]], calendar: WorkingDays) -> int:
    groups: dict[Any, list[int]] = defaultdict(list)
    for office, before, at in due:
        fresh, was = calendar.moved(office, before or at)
        if fresh != at:
            groups[before, at, fresh, was].append(office)
    moved = 0
    for (before, at, fresh, was), offices in groups.items():
        stands = (WorkDay.due_at == at) & (WorkDay.due_before.is_null() if before is None else WorkDay.due_before == before)
        for start in range(0, len(offices), _AT_ONCE):
            here = WorkDay.office.in_(offices[start : start + _AT_ONCE])
            moved += int(WorkDay.update(due_at=fresh, due_before=was).where(stands, here).execute())
    return moved


def _waiting(span: Span) -> list[tuple[int, int, datetime, datetime]]:
    """What waits for a superior whose time ends in or after an outage: day, office, when it escalates, since when it lies with this superior."""
    since = DayAct.act.in_(("submitted", "rerouted"))
    rows = WorkDay.select(WorkDay.id, WorkDay.office, WorkDay.escalates_at, fn.MAX(DayAct.at)).join(DayAct, on=DayAct.work_day == WorkDay.id)
    here = rows.where(WorkDay.state == SUBMITTED, WorkDay.escalates_at >= span[0], since)
    return list(here.group_by(WorkDay.id, WorkDay.office, WorkDay.escalates_at).tuples())


def _move_escalations(waits: list[tuple[int, int, datetime, datetime]], calendar: WorkingDays) -> int:
    groups: dict[datetime | None, list[int]] = defaultdict(list)
    known: dict[Any, datetime | None] = {}
    for day, office, at, since in waits:
        key = office, calendar.today(office, since)
        if key not in known:
            known[key] = calendar.escalation(*key)
        if at > since and at != known[key]:  # what lies with somebody who has left goes up at once, outage or not
            groups[known[key]].append(day)
    for fresh, days in groups.items():
        for start in range(0, len(days), _AT_ONCE):
            WorkDay.update(escalates_at=fresh).where(WorkDay.id.in_(days[start : start + _AT_ONCE])).execute()
    return sum(map(len, groups.values()))
