"""Activities that somebody does on certain days of the week: one press writes those of today that still have room."""

from collections.abc import Iterable
from datetime import date, datetime

from portal.db import Question, locked, slot, transaction
from portal.kinerja import days, logs
from portal.kinerja.models import ActivityType, Entry, Routine, Target
from portal.people.models import Person
from portal.refusals import Refused
from portal.words import Sentence

MOST = 30


def remember(entry: Entry, weekdays: Iterable[str], *, now: datetime) -> Routine:
    """Let an activity return on days of the week ("0" is Monday); the same one again takes the place of the one before."""
    chosen = "".join(sorted(set(weekdays) & set("0123456")))
    if not chosen:
        raise Refused(Sentence("Pilih paling sedikit satu hari."), field="weekdays")
    person = entry.work_day.person
    with transaction():
        locked(Person.select().where(Person.id == person.id)).get()
        same = (Routine.person == person) & Routine.ended_at.is_null() & (Routine.description == entry.description)
        Routine.update(ended_at=now).where(same).execute()
        if Routine.select().where(Routine.person == person, Routine.ended_at.is_null()).count() >= MOST:
            raise Refused(Sentence("Paling banyak {most} kegiatan rutin. Akhiri dulu yang tidak dipakai lagi.", most=MOST), field="weekdays")
        origin = (entry.target.origin_id or entry.target_id) if entry.target is not None else None
        facts = {name: getattr(entry, name) for name in ("description", "starts", "ends", "quantity", "unit")}
        return Routine.create(person=person, weekdays=chosen, target_origin_id=origin, activity_type=entry.activity_type_id, created_at=now, **facts)


def end(routine: Routine, *, now: datetime) -> None:
    """Let it return no more; what was written stays."""
    with transaction():
        Routine.update(ended_at=now).where(Routine.id == routine.id, Routine.ended_at.is_null()).execute()


def running(person: Person) -> list[Routine]:
    """What somebody does again and again, in the order of the day; one question."""
    return _RUNNING.found(Routine, person=person.id)


_RUNNING = Question(lambda: Routine.select().where(Routine.person == slot("person"), Routine.ended_at.is_null()).order_by(Routine.starts, Routine.id))


def due(known: Iterable[Routine], day: date, written: Iterable[Entry]) -> list[Routine]:
    """Those of a day that do not stand in it yet and still have room."""
    entries = list(written)
    names = {each.description for each in entries}
    today = [each for each in known if str(day.weekday()) in each.weekdays and each.description not in names]
    return [each for each in today if not any(each.starts < other.ends and other.starts < each.ends for other in entries)]


def fill(person: Person, day: date, place: str, *, now: datetime) -> int:
    """Write the routines of a day that still have room, each in the first room it finds; how many were written."""
    with transaction():
        row = days.writable(person, day, now=now)
        written = days.entries(row)
        before = len(written)
        targets, types = _targets(person, day.year), {each.id: each for each in ActivityType.select()}
        for each in due(running(person), day, written):
            if len(written) < logs.MOST_ENTRIES and not any(each.starts < other.ends and other.starts < each.ends for other in written):
                written.append(_write(each, row, place, targets, types, now))
        days.count(row)
    return len(written) - before


def _targets(person: Person, year: int) -> dict[int, int]:
    """The line of this year that stands for a line of any year or revision."""
    rows = Target.select(Target.id, Target.origin_id).where(Target.person == person, Target.year == year, Target.state.in_(("draft", "agreed")))
    return {origin or id: id for id, origin in rows.order_by(Target.id).tuples()}


def _write(each: Routine, row: object, place: str, targets: dict[int, int], types: dict[int, ActivityType], now: datetime) -> Entry:
    kind = types.get(each.activity_type_id)
    return Entry.create(
        work_day=row, description=each.description, target=targets.get(each.target_origin_id), activity_type=kind, starts=each.starts, ends=each.ends,
        quantity=each.quantity, unit=each.unit, place=place, created_at=now, effective=logs.effective(each.starts, each.ends, each.quantity, kind))  # fmt: skip
