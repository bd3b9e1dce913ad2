"""A person's day as a row: found, opened for writing, counted; and why it cannot be written."""

from datetime import date, datetime

from peewee import JOIN, Case, fn

from portal.attendance.models import Leave
from portal.db import Question, among, locked, slot
from portal.kinerja import routing
from portal.kinerja.models import APPROVED, EDITABLE, FIELD, REJECTED, SUBMITTED, WFH, ActivityType, Entry, MonthClosing, WorkDay
from portal.kinerja.routing import Route
from portal.kinerja.working_days import LONGEST_PAUSE, WorkingDays
from portal.people.models import Person
from portal.refusals import NotFound, Refused
from portal.words import Sentence, later

STATES = {
    "draft": later("Draf"),
    "submitted": later("Diajukan"),
    "returned": later("Dikembalikan"),
    "approved": later("Disetujui"),
    "rejected": later("Ditolak"),
}

_OF_DAY = Question(lambda: WorkDay.select().where(WorkDay.person == slot("person"), WorkDay.day == slot("day")))
_HELD = Question(lambda: locked(WorkDay.select().where(WorkDay.id == slot("number"))))
_ENTRIES = Question(lambda: Entry.select().where(Entry.work_day == slot("work_day"), Entry.removed_at.is_null()).order_by(Entry.starts, Entry.id))
_AWAY = Question(lambda: Leave.select(Leave.first_day, Leave.last_day).where(
    Leave.person == slot("person"), Leave.withdrawn_at.is_null(), Leave.kind != "field", Leave.first_day <= slot("last"),
    Leave.last_day >= slot("first")))  # fmt: skip
_CLOSINGS = Question(
    lambda: MonthClosing.select(MonthClosing.id).where(
        MonthClosing.month == slot("month"), among(MonthClosing.office, "offices"), MonthClosing.reopened_at.is_null()
    )
)


def find(person: Person, day: date) -> WorkDay | None:
    """The day as it stands; none where nothing was written."""
    found = _OF_DAY.found(WorkDay, person=person.id, day=day)
    return _with_person(found[0], person) if found else None


def hold(row: WorkDay) -> WorkDay:
    """The day as it stands now, held until the transaction ends."""
    return _with_person(_HELD.found(WorkDay, number=row.id)[0], row.person)


def _with_person(row: WorkDay, person: Person) -> WorkDay:
    """The person is known already: nobody has to ask for it again."""
    row.person = person
    return row


def where_posted(person: Person, day: date) -> Route:
    """Where somebody works on a day, and under whom; refused where no posting says."""
    found = routing.route(person, day)
    if found is None:
        raise NotFound(Sentence("Pada {day} Anda tidak tercatat bekerja di kantor mana pun. Tanyakan kepada administrator.", day=day))
    return found


def calendar_of(found: Route, day: date) -> WorkingDays:
    return WorkingDays.of([found.posting.office_id], day, day)


def away(person: Person, first: date, last: date) -> set[date]:
    """The days between two on which somebody is on leave or ill; field duty is work."""
    runs = _AWAY.rows(person=person.id, first=first, last=last)
    return {date.fromordinal(each) for since, until in runs for each in range(max(since, first).toordinal(), min(until, last).toordinal() + 1)}


def writable(person: Person, day: date, *, now: datetime) -> WorkDay:
    """The day's row, held until the transaction ends, made where there was none; refused with the reason where nothing may be written."""
    found = where_posted(person, day)
    calendar = calendar_of(found, day)
    row = find(person, day)
    refuse_unwritable(row, found.posting.office_id, day, calendar, now=now)
    if row is None:
        due, before = deadline(person, day, found, calendar)
        fresh = {"person": person, "day": day, "office": found.posting.office_id, "due_at": due, "due_before": before}
        WorkDay.insert(fresh).on_conflict_ignore().execute()
    row = locked(WorkDay.select().where(WorkDay.person == person, WorkDay.day == day)).get()
    refuse_locked(row)
    return row


def deadline(person: Person, day: date, found: Route, calendar: WorkingDays) -> tuple[datetime | None, datetime | None]:
    """Until when a day is to be submitted, days of absence not counted, and the deadline that an outage moved."""
    return calendar.due(found.posting.office_id, day, away(person, day, day + LONGEST_PAUSE))


def refuse_unwritable(row: WorkDay | None, office: int, day: date, calendar: WorkingDays, *, now: datetime) -> None:
    """A day to come cannot be written, nor a locked one, nor one of a closed month that nobody opened."""
    if day > calendar.today(office, now):
        raise NotFound(Sentence("{day} belum tiba. Log harian diisi pada harinya.", day=day))
    if row is not None:
        refuse_locked(row)
    if (row is None or row.opened_at is None) and is_closed(office, day, calendar, now):
        raise Refused(Sentence("Bulan itu sudah ditutup. Minta atasan Anda membukanya."))


def refuse_locked(row: WorkDay) -> None:
    if row.state not in EDITABLE:
        reason = Sentence("Log ini sudah diajukan, isinya terkunci.") if row.state == SUBMITTED else Sentence("Log ini sudah diperiksa dan tidak berubah lagi.")
        raise Refused(reason)


def is_closed(office: int, day: date, calendar: WorkingDays, now: datetime) -> bool:
    """Whether the month of a day is closed there, by policy or by an act."""
    ends = calendar.month_end(office, day)
    if ends is not None and ends <= now:
        return True
    return bool(_CLOSINGS.rows(month=day.replace(day=1), offices=list(calendar.places[office].offices)))


def entries(row: WorkDay | None) -> list[Entry]:
    """The activities of a day in their order."""
    return _ENTRIES.found(Entry, work_day=row.id) if row is not None else []


def count(row: WorkDay) -> None:
    """Renew a day's sums from its activities, and its revision; called by every verb that changes one."""
    counts = (Entry.state.is_null()) | (Entry.state != REJECTED)
    minutes = Entry.ends - Entry.starts
    unproven = (Entry.evidence_link == "") & Entry.evidence.is_null() & ActivityType.needs_evidence
    sums = Entry.select(
        fn.COUNT(Entry.id), *(fn.COALESCE(fn.SUM(Case(None, [(when, what)], 0)), 0) for when, what in (
            (Entry.id.is_null(False), minutes), (counts, Entry.effective), (Entry.state == APPROVED, Entry.effective),
            (counts & (Entry.place == WFH), Entry.effective), (counts & (Entry.place == FIELD), Entry.effective), (unproven, 1)))
    ).join(ActivityType, JOIN.LEFT_OUTER).where(Entry.work_day == row, Entry.removed_at.is_null())  # fmt: skip
    names = ("entries", "claimed", "effective", "approved", "effective_wfh", "effective_field", "unproven")
    values = {name: int(value) for name, value in zip(names, sums.tuples().get(), strict=True)}
    WorkDay.update(**values, revision=WorkDay.revision + 1).where(WorkDay.id == row.id).execute()
    row.revision += 1
    for name, value in values.items():
        setattr(row, name, value)
