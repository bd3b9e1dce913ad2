"""The demo's work: activity types, targets, and four weeks of logged days in every state, plainly invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal import clock
from portal.audit import Actor
from portal.kinerja import activity_types, days, logs, submission, targets, validation
from portal.kinerja.activity_types import Sort
from portal.kinerja.logs import Activity
from portal.kinerja.models import ActivityType, DayAct, DayMessage, DayReading, Entry, MonthClosing, Objection, Outage, Routine, Target, Unsent, WorkDay
from portal.kinerja.targets import AGREED, Wording
from portal.kinerja.validation import APPROVE, REJECT, RETURN, Decider
from portal.kinerja.working_days import WorkingDays
from portal.offices.models import Office
from portal.people import roles
from portal.people.models import Person

_BY = "flask demo"
_WEEKS = 4
_EVENING, _MORNING = 16 * 60 + 10, 8 * 60 + 20  # when the demo's people submit, and when their superiors look
_SORTS = (
    Sort("BERKAS", "Memeriksa berkas permohonan", "berkas", 10, True),
    Sort("SURAT", "Menyusun surat keterangan", "surat", 15, True),
    Sort("JAWAB", "Menjawab surat warga", "surat", 10),
    Sort("RAPAT", "Mengikuti rapat", "rapat", 90),
    Sort("LAPORAN", "Menyusun laporan", "laporan", 120, True),
    Sort("LOKET", "Melayani warga di loket", "orang", 12),
    Sort("TELEPON", "Menghubungi warga lewat telepon", "panggilan", 8),
    Sort("PATROLI", "Memeriksa keliling gedung", "putaran", 45),
    Sort("TAMU", "Mencatat tamu", "orang", 3),
    Sort("DATA", "Memutakhirkan data", "baris", 2),
    Sort("TELAAH", "Menyusun telaahan staf", "telaahan", 180, True),
    Sort("BIMBING", "Membimbing pegawai", "orang", 30),
)
_TARGETS = (  # for everybody: title, indicator, amount, unit
    Wording("Permohonan warga selesai tepat waktu", "Jumlah permohonan yang selesai dalam standar waktu", "1200", "berkas"),
    Wording("Surat warga terjawab dalam tiga hari kerja", "Jumlah surat yang dijawab", "600", "surat"),
    Wording("Laporan berkala disampaikan lengkap", "Jumlah laporan", "24", "laporan"),
)
_WAITING = Wording("Panduan layanan daring untuk warga", "Jumlah panduan yang terbit", "4", "panduan")
# What somebody does in a day: start, end, words, how much, sort (empty: none), number of the target (none: tugas tambahan).
_Deed = tuple[str, str, str, str, str, int | None]
_DESK: tuple[_Deed, ...] = (
    ("07:30", "09:30", "Memeriksa berkas permohonan domisili", "12", "BERKAS", 0),
    ("09:30", "12:00", "Menyusun surat keterangan domisili", "10", "SURAT", 1),
    ("13:00", "14:30", "Rapat pembagian tugas bagian", "1", "RAPAT", None),
    ("14:30", "16:00", "Menjawab surat warga lewat surel", "9", "JAWAB", 1),
)
_DATA: tuple[_Deed, ...] = (
    ("07:30", "10:00", "Memutakhirkan data penduduk hasil verifikasi", "75", "DATA", 0),
    ("10:00", "12:00", "Menyusun laporan mingguan layanan", "1", "LAPORAN", 2),
    ("13:00", "15:50", "Memeriksa berkas pindah datang", "16", "BERKAS", 0),
)
_GUARD: tuple[_Deed, ...] = (
    ("07:30", "09:00", "Memeriksa gedung dan membuka lobi", "2", "PATROLI", None),
    ("09:00", "12:00", "Mencatat dan mengarahkan tamu", "55", "TAMU", 0),
    ("13:00", "16:00", "Menjaga pintu utama dan kotak surat", "50", "TAMU", 0),
)
_COUNTER: tuple[_Deed, ...] = (
    ("07:30", "12:00", "Melayani warga di loket dua", "22", "LOKET", 0),
    ("13:00", "14:30", "Menghubungi warga yang berkasnya kurang", "11", "TELEPON", 1),
    ("14:30", "16:00", "Menyusun laporan harian loket", "1", "LAPORAN", 2),
)
_LEAD: tuple[_Deed, ...] = (
    ("07:30", "10:30", "Menyusun telaahan pengalihan layanan", "1", "TELAAH", 2),
    ("10:30", "12:00", "Rapat pimpinan mingguan", "1", "RAPAT", None),
    ("13:00", "16:00", "Membimbing pegawai dan memeriksa hasil kerja", "6", "BIMBING", 0),
)


@dataclass(frozen=True)
class _Habit:
    """How somebody of the demo logs: what they do by turns, how many days back, and what became of single days (0 is the last working day)."""

    deeds: tuple[tuple[_Deed, ...], ...]
    back: int
    waiting: tuple[int, ...] = (0,)
    missing: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    at_home: tuple[int, ...] = ()


_HABITS = {
    # The employee's last working day stays empty: it is there to be filled in.
    roles.EMPLOYEE: _Habit((_DESK, _DATA), 99, waiting=(1, 3), missing=(0, 9), returned=(2,), rejected=(7,), at_home=(3, 6, 11)),
    roles.GUARD: _Habit((_GUARD,), 99, waiting=(0, 1), missing=(8,), returned=(4,)),
    roles.OFFICER: _Habit((_COUNTER, _DESK), 10, waiting=(0, 2), at_home=(2,)),
    roles.CRISIS: _Habit((_DATA,), 5),
    roles.ADMIN: _Habit((_DATA, _DESK), 5),
    roles.SUPERVISOR: _Habit((_LEAD,), 8, waiting=(0, 1)),
    roles.HEAD: _Habit((_LEAD,), 4),
}
_SUPERIORS = {roles.SUPERVISOR: roles.HEAD, roles.HEAD: roles.PPK}  # of all others: the supervisor
_LINK = "https://berkas.peragaan.example/"
_TABLES = (DayAct, DayMessage, DayReading, Objection, Entry, WorkDay, Unsent, Routine, MonthClosing, Outage, Target, ActivityType)


def superior_of(role: str) -> str | None:
    """Whose people the demo's people are, by role."""
    return None if role == roles.PPK else _SUPERIORS.get(role, roles.SUPERVISOR)


def make(office: Office, people: dict[str, Person], now: datetime) -> None:
    """Targets of two years, and logged days up to the day before a moment."""
    zone = ZoneInfo(office.timezone)
    today = now.astimezone(zone).date()
    for sort in _SORTS:
        activity_types.add(sort, by=_BY, now=now)
    lines = _plan(people, today, now)
    worked = _working_days(office, today)
    for role, habit in _HABITS.items():
        who = _Worker(people[role], people[superior_of(role) or role], habit, zone)
        for index, day in reversed(list(enumerate(worked[: habit.back]))):
            if index not in habit.missing:
                _live(who, index, day, lines)


def throw_away() -> None:
    """All that the demo's people did; the audit trail stays."""
    Target.update(revises=None).execute()
    for table in _TABLES:
        table.delete().execute()


@dataclass(frozen=True)
class _Worker:
    """Somebody of the demo, the superior, and how they log."""

    person: Person
    superior: Person
    habit: _Habit
    zone: ZoneInfo

    def decider(self, day: date) -> Decider:
        """The superior, on the morning after a day."""
        morning = day + timedelta(days=1)
        return Decider(self.superior, Actor(self.superior.name, self.superior.id), morning, clock.at_minute(morning, _MORNING, self.zone))


def _plan(people: dict[str, Person], today: date, now: datetime) -> dict[tuple[int, int], list[int]]:
    """Agreed targets of this and the last year, and one that waits: the numbers of their lines by person and year."""
    found: dict[tuple[int, int], list[int]] = {}
    for role, person in people.items():
        for year in (today.year - 1, today.year) if role != roles.AUDITOR else ():
            agreed = {"person": person, "year": year, "state": AGREED, "entered_at": now, "entered_by": _BY, "settled_at": now}
            found[person.id, year] = [Target.create(**targets.checked(line), **agreed).id for line in _TARGETS]
    targets.propose(people[roles.EMPLOYEE], today.year, _WAITING, by=_BY, now=now)
    return found


def _working_days(office: Office, today: date) -> list[date]:
    """The working days of the last weeks, the latest first: without weekends and holidays."""
    first = today - timedelta(weeks=_WEEKS)
    calendar = WorkingDays.of([office.id], first, today)
    past = (today - timedelta(days=back) for back in range(1, (today - first).days + 1))
    return [day for day in past if day.weekday() < 5 and not calendar.holiday(office.id, day)]


def _live(who: _Worker, index: int, day: date, lines: dict[tuple[int, int], list[int]]) -> None:
    """One day: written, submitted in the evening, and looked at the next morning."""
    evening = clock.at_minute(day, _EVENING, who.zone)
    for activity in _activities(who, index, lines[who.person.id, day.year]):
        logs.add(who.person, day, activity, now=evening)
    row = days.writable(who.person, day, now=evening)
    submission.submit(row, key="", seen=None, by=Actor(who.person.name, who.person.id), now=evening)
    decider = who.decider(day)
    if index in who.habit.returned:
        validation.decide([(row.id, None)], [], RETURN, "Tautan bukti tidak dapat dibuka. Mohon diganti, yang lain sudah baik.", decider)
        _talk(row, who, decider.now)
    elif index not in who.habit.waiting:
        if index in who.habit.rejected:
            last = days.entries(row)[-1]
            validation.decide([], [(last.id, None)], REJECT, "Kegiatan ini sudah tercatat pada hari sebelumnya.", decider)
        validation.decide([(row.id, None)], [], APPROVE, "", decider)


def _activities(who: _Worker, index: int, lines: list[int]) -> Iterator[Activity]:
    place = "wfh" if index in who.habit.at_home else "wfo"
    types = dict(ActivityType.select(ActivityType.code, ActivityType.id).tuples())
    for number, (starts, ends, words, quantity, sort, line) in enumerate(who.habit.deeds[index % len(who.habit.deeds)]):
        link = "" if number and index % 4 == 1 else f"{_LINK}{index}-{number}"
        yield Activity(words, starts, ends, quantity, "", place, str(lines[line]) if line is not None else "", str(types[sort]), link)


def _talk(row: WorkDay, who: _Worker, at: datetime) -> None:
    """A few words between the two about a day that was returned."""
    said = ((who.person, 25, "Baik, Pak. Tautannya saya ganti setelah arsip dapat dibuka lagi."), (who.superior, 40, "Terima kasih, saya tunggu."))
    for person, minutes, text in said:
        DayMessage.create(work_day=row, person=person, text=text, at=at + timedelta(minutes=minutes))
