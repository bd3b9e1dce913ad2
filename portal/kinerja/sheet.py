"""What a day sheet shows, read in a bounded number of questions whatever the day holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, Case, Value, fn

from portal.attendance.models import Leave
from portal.db import Day, Question, among, slot
from portal.files import Attachment
from portal.kinerja import days, logs, threads
from portal.kinerja.models import DRAFT, EDITABLE, REJECTED, ActivityType, Entry, MonthClosing, Target, Unsent, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.offices.postings import on
from portal.offices.staff import Correction, Posting
from portal.outbox import Letter
from portal.people.models import Person
from portal.refusals import NotFound
from portal.words import Sentence

_BACK = timedelta(days=14)  # how far the day before is looked for
_LEFT = JOIN.LEFT_OUTER
Workplace = tuple[Office, Person | None]  # where, and under whom


@dataclass
class Around:
    """What stands around a day: who has it, what was typed and not sent, leave, the last day before, and whether somebody closed the month."""

    row: WorkDay | None
    unsent: Unsent | None
    waits_for: str = ""
    decided_by: str = ""
    acting_for: str = ""
    last_day: date | None = None  # the last one before with activities
    absence: str = ""  # the kind of leave on that day
    is_closed: bool = False  # by somebody
    wants_letter: bool = False  # the receipt of the last day went out by e-mail
    unread: int = 0  # messages


@dataclass
class Sheet:
    """One day of one person, with all that stands around it."""

    person: Person
    day: date
    now: datetime
    office: Office
    supervisor: Person | None
    calendar: WorkingDays
    around: Around
    entries: list[Entry]
    removed: Entry | None = None  # taken out just now, so that it can be brought back

    @property
    def row(self) -> WorkDay | None:
        return self.around.row

    @property
    def today(self) -> date:
        return self.calendar.today(self.office.id, self.now)

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.places[self.office.id].zone

    @property
    def nodes(self) -> tuple[int, ...]:
        """The office and what it is part of."""
        return self.calendar.places[self.office.id].offices

    @property
    def state(self) -> str:
        return self.row.state if self.row is not None else DRAFT

    @property
    def is_closed(self) -> bool:
        """Whether the month is closed, by policy or by somebody, and nobody opened the day."""
        ends = self.calendar.month_end(self.office.id, self.day)
        is_over = self.around.is_closed or (ends is not None and ends <= self.now)
        return is_over and (self.row is None or self.row.opened_at is None)

    @property
    def is_open(self) -> bool:
        """Whether activities may be written."""
        return self.state in EDITABLE and not self.is_closed

    @property
    def is_submittable(self) -> bool:
        return self.is_open and any(each.state != REJECTED for each in self.entries)

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.row is not None and self.row.due_at is not None and self.row.due_at <= self.now

    @property
    def gaps(self) -> list[tuple[int, int]]:
        return logs.gaps(self.entries)

    @property
    def load(self) -> int | None:
        return self.calendar.load(self.office.id, self.day)

    @property
    def holiday(self) -> str:
        return self.calendar.holiday(self.office.id, self.day)

    @property
    def outage(self) -> tuple[datetime, datetime] | None:
        """The outage that moved the deadline."""
        before = self.row.due_before if self.row is not None else None
        return next((each for each in self.calendar.outages if before is not None and each[0] <= before <= each[1] + timedelta(minutes=1)), None)


def workplace(person: Person, day: date) -> Workplace | None:
    """The office of the main posting on a day and the superior, also one that an accepted correction named; one question."""
    found = _WORKPLACE.found(Office, Person, person=person.id, day=day)
    return found[0] if found else None


def read_today(person: Person, guess: date, *, now: datetime) -> Sheet | None:
    """The sheet of the day that it is where somebody works, asked for a day that cannot be far off; none where nobody knows where that is."""
    works = workplace(person, guess)
    if works is None:
        return None
    today = now.astimezone(ZoneInfo(works[0].timezone)).date()
    return read(person, today, now=now, works=works if today == guess else None)


def read(person: Person, day: date, *, now: datetime, removed: int = 0, works: Workplace | None = None) -> Sheet:
    """The sheet of a day; NotFound for a day to come, and for one on which somebody worked nowhere and wrote nothing."""
    office, supervisor = works or workplace(person, day) or (_written_at(person, day), None)
    calendar = WorkingDays.of([office.id], day - _BACK, day)
    if day > calendar.today(office.id, now):
        raise NotFound(Sentence("{day} belum tiba. Log harian diisi pada harinya.", day=day))
    around = _around(person, day, calendar.places[office.id].offices)
    lines = _lines(around.row, removed)
    standing = [each for each in lines if each.removed_at is None]
    return Sheet(person, day, now, office, supervisor, calendar, around, standing, next((each for each in lines if each.removed_at is not None), None))


def own_entry(person: Person, number: int, day: date | None = None, *, also_removed: bool = False) -> Entry | None:
    """An activity of one's own by its number, of this day where one is named; none of another person, and none that was taken out unless it is asked for."""
    mine = (Entry.id == number) & (WorkDay.person == person)
    if not also_removed:
        mine &= Entry.removed_at.is_null()
    return Entry.select(Entry, WorkDay).join(WorkDay).where(mine & (WorkDay.day == day) if day is not None else mine).first()


def choices(person: Person, year: int, used: list[int]) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]]]:
    """The targets of a year that work may be written for, and the sorts of work with their units: those in use first, then by name; one question."""
    rows = _CHOICES.rows(person=person.id, year=year, used=used)
    targets = sorted((number, words) for kind, number, words, _ in rows if kind == _TARGET)
    types = [(number, words, unit) for kind, number, words, unit in rows if kind != _TARGET]
    return targets, sorted(types, key=lambda each: (each[0] not in used, each[1]))


def _written_at(person: Person, day: date) -> Office:
    """Where a day was written whose posting is on record no more."""
    row = WorkDay.select(WorkDay, Office).join(Office).where(WorkDay.person == person, WorkDay.day == day).first()
    return row.office if row is not None else days.where_posted(person, day).posting.office


def _around(person: Person, day: date, nodes: tuple[int, ...]) -> Around:
    facts = _AROUND.found(WorkDay, Unsent, person=person.id, day=day, month=day.replace(day=1), nodes=list(nodes))[0]
    row, unsent, waits_for, decided_by, acting_for, last_day, absence, closed, letters, unread = facts
    return Around(row, unsent, waits_for or "", decided_by or "", acting_for or "", Day().python_value(last_day), absence or "", bool(closed), bool(letters),
                  unread or 0)  # fmt: skip


def _lines(row: WorkDay | None, removed: int) -> list[Entry]:
    """The activities of a day in their order, with target, type and evidence; and the one that was just taken out."""
    lines = []
    for entry, target, kind, evidence in _LINES.found(Entry, Target, ActivityType, Attachment, row=row.id, removed=removed) if row is not None else ():
        entry.target, entry.activity_type, entry.evidence = target, kind, evidence
        lines.append(entry)
    return lines


def _workplace() -> Any:
    vouching = fn.COALESCE(Correction.proposed, Posting.supervisor)
    rows = Posting.select(Office, Person).join(Office)
    rows = rows.join_from(Posting, Correction, _LEFT, on=(Correction.posting == Posting.id) & (Correction.is_accepted == Value(True)))
    rows = rows.join_from(Posting, Person, _LEFT, on=Person.id == vouching).where(Posting.person == slot("person"), on(Posting, slot("day")))
    return rows.order_by(Posting.is_main.desc(), Posting.id, Correction.settled_at.desc()).limit(1)


def _everything_around() -> Any:
    superior, decider, stood_in, before, latest = Person.alias(), Person.alias(), Person.alias(), WorkDay.alias(), WorkDay.alias()
    earlier = (before.person == slot("person")) & (before.day < slot("day")) & (before.entries > 0)
    absent = (Leave.person == slot("person")) & Leave.withdrawn_at.is_null() & (Leave.first_day <= slot("day")) & (Leave.last_day >= slot("day"))
    kind = Leave.select(Leave.kind).where(absent).order_by(Case(None, [(Leave.kind == "field", 1)], 0), Leave.id).limit(1)
    shut = (MonthClosing.month == slot("month")) & among(MonthClosing.office, "nodes") & MonthClosing.reopened_at.is_null()
    sent = latest.select(latest.receipt).where(latest.person == slot("person"), latest.receipt.is_null(False)).order_by(latest.day.desc()).limit(1)
    columns = (WorkDay, Unsent, superior.name, decider.name, stood_in.name, before.select(fn.MAX(before.day)).where(earlier), kind,
               MonthClosing.select(fn.COUNT(MonthClosing.id)).where(shut),
               Letter.select(fn.COUNT(Letter.id)).where(Letter.key == Value("day_receipt-").concat(sent)), threads.unread_of(slot("person")))  # fmt: skip
    rows = Person.select(*columns).join(WorkDay, _LEFT, on=(WorkDay.person == Person.id) & (WorkDay.day == slot("day")))
    for alias, of in ((superior, WorkDay.supervisor), (decider, WorkDay.decided_by), (stood_in, WorkDay.acting_for)):
        rows = rows.join_from(WorkDay, alias, _LEFT, on=(of == alias.id))
    typed = (Unsent.person == Person.id) & (Unsent.day == slot("day")) & (Unsent.entry_id == 0)
    return rows.join_from(Person, Unsent, _LEFT, on=typed).where(Person.id == slot("person"))


def _all_lines() -> Any:
    rows = Entry.select(Entry, Target, ActivityType, Attachment).join(Target, _LEFT).join_from(Entry, ActivityType, _LEFT)
    shown = Entry.removed_at.is_null() | (Entry.id == slot("removed"))
    return rows.join_from(Entry, Attachment, _LEFT).where(Entry.work_day == slot("row"), shown).order_by(Entry.starts, Entry.id)


_TARGET, _IN_USE, _OTHER = 0, 1, 2
_MOST_TYPES = 120  # with the targets: what a page can hold


def _choices() -> Any:
    mine = (Target.person == slot("person")) & (Target.year == slot("year")) & Target.state.in_(("draft", "agreed"))
    is_used = among(ActivityType.id, "used")
    rank = Case(None, [(is_used, Value(_IN_USE))], Value(_OTHER)).cast("integer")
    targets = Target.select(Value(_TARGET).cast("integer").alias("kind"), Target.id, Target.title.alias("words"), Target.unit).where(mine)
    types = ActivityType.select(rank.alias("kind"), ActivityType.id, ActivityType.name, ActivityType.unit)
    rows = targets.union_all(types.where(ActivityType.ended_at.is_null() | is_used))
    return rows.order_by(rows.c.kind, rows.c.words).limit(_MOST_TYPES)


_WORKPLACE, _LINES = Question(_workplace), Question(_all_lines)
_AROUND, _CHOICES = Question(_everything_around), Question(_choices)
