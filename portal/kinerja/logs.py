"""The day sheet: activities written, changed, taken out and copied, until the day is submitted."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from portal import files
from portal.db import transaction
from portal.files import Stored
from portal.kinerja import days
from portal.kinerja.models import APPROVED, FIELD, REJECTED, WFH, WFO, ActivityType, Entry, Target, WorkDay
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence, later

PLACES = {WFO: later("Di kantor"), WFH: later("Di rumah"), FIELD: later("Dinas luar")}
NOTHING_TO_COPY = Sentence("Pada hari itu tidak ada kegiatan yang dapat disalin.")
MIDNIGHT = 24 * 60
_MOST = 100_000
MOST_ENTRIES = 60


@dataclass(frozen=True)
class Activity:
    """What was typed about one activity."""

    description: str
    starts: str  # HH:MM
    ends: str  # HH:MM; 00:00 is the midnight that ends the day
    quantity: str = "1"
    unit: str = ""
    place: str = WFO
    target: str = ""  # the number of a target; empty: tugas tambahan
    activity_type: str = ""  # the number of a type; empty: none
    evidence_link: str = ""
    evidence: Stored | None = None  # a file that was taken and is on disk
    drops_evidence: bool = False  # the file that the activity had goes
    submission_key: str = ""


def add(person: Person, day: date, activity: Activity, *, now: datetime) -> Entry:
    """Write one activity into a day that is not submitted; the same submission twice is one."""
    key = plain(activity.submission_key, field="submission_key", limit=100) or None
    with transaction():
        if (known := _of_key(person, day, key)) is not None:
            return known
        row = days.writable(person, day, now=now)
        if (known := _of_key(person, day, key)) is not None:  # the same form came twice at the same moment, and the other one was faster
            return known
        _refuse_full(row)
        values = _checked(person, row, activity, now)
        _refuse_overlap(row, values["starts"], values["ends"])
        entry = Entry.create(work_day=row, created_at=now, submission_key=key, **values)
        days.count(row)
    return entry


def change(entry: Entry, activity: Activity, seen: int, *, now: datetime) -> Entry:
    """Write an activity anew; refused where it is not what the page has shown any more, and where it is decided."""
    with transaction():
        row, entry = _held(entry, now)
        values = _checked(entry.work_day.person, row, activity, now)
        if activity.evidence is None and not activity.drops_evidence:
            values.pop("evidence")
        if entry.revision != seen and all(getattr(entry, name) == value for name, value in values.items()):  # pressed twice
            return entry
        _refuse_unseen(entry, seen)
        _refuse_overlap(row, values["starts"], values["ends"], but=entry)
        Entry.update(**values, revision=Entry.revision + 1).where(Entry.id == entry.id).execute()
        days.count(row)
    return Entry.get_by_id(entry.id)


def remove(entry: Entry, seen: int, *, now: datetime) -> None:
    """Take an activity out of a day; its row stays. Pressed twice it is taken out once."""
    with transaction():
        if Entry.get_by_id(entry.id).removed_at is not None:
            return
        row, entry = _held(entry, now)
        _refuse_unseen(entry, seen)
        Entry.update(removed_at=now, revision=Entry.revision + 1).where(Entry.id == entry.id).execute()
        days.count(row)


def restore(entry: Entry, *, now: datetime) -> None:
    """Bring back what was taken out by mistake, where its time is still free."""
    with transaction():
        row = days.writable(entry.work_day.person, entry.work_day.day, now=now)
        entry = Entry.get_by_id(entry.id)
        if entry.removed_at is None:  # pressed twice
            return
        _refuse_full(row)
        _refuse_overlap(row, entry.starts, entry.ends)
        Entry.update(removed_at=None, revision=Entry.revision + 1).where(Entry.id == entry.id).execute()
        days.count(row)


def copy_day(person: Person, source: WorkDay, day: date, *, now: datetime) -> tuple[int, int]:
    """Write the activities of an earlier day into a day, where their time is free; how many were copied, and how many had no room. Evidence stays behind."""
    with transaction():
        row = days.writable(person, day, now=now)
        taken = [(each.starts, each.ends) for each in days.entries(row)]
        old = [each for each in days.entries(source) if each.state != REJECTED]
        free = [each for each in old if not any(each.starts < end and start < each.ends for start, end in taken)]
        free = free[: MOST_ENTRIES - row.entries]
        known = open_targets(person, day.year), {each.id: each for each in ActivityType.select()}
        for each in free:
            _write_again(each, row, *known, now=now)
        days.count(row)
    return len(free), len(old) - len(free)


def _write_again(each: Entry, row: WorkDay, known: set[int], types: dict[int, ActivityType], *, now: datetime) -> Entry:
    """The same activity in another day, with the minutes that its type allows by now; evidence and decisions stay behind. The caller counts the day."""
    same = {name: getattr(each, name) for name in ("description", "starts", "ends", "quantity", "unit", "place")}
    target, kind = each.target_id if each.target_id in known else None, types.get(each.activity_type_id)
    minutes = effective(each.starts, each.ends, each.quantity, kind)
    return Entry.create(work_day=row, created_at=now, target=target, activity_type=kind, effective=minutes, **same)


def open_targets(person: Person, year: int) -> set[int]:
    """The targets of a year that work may still be written for."""
    return {id for (id,) in Target.select(Target.id).where(Target.person == person, Target.year == year, Target.state.in_(("draft", "agreed"))).tuples()}


def minute(text: str, field: str) -> int:
    """A time of day as minutes from its start: 08:30, 08.30, 0830 and 830 are 510, and 8 is 480."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?", text.strip(), re.ASCII)
    hours, minutes = (int(match[1]), int(match[2] or 0)) if match else (MIDNIGHT, 0)
    if hours * 60 + minutes > MIDNIGHT or minutes > 59:
        raise Refused(Sentence("Isi jamnya, misalnya 08.30."), field=field)
    return hours * 60 + minutes


def quantity_of(text: str) -> float:
    """How much was done: more than nothing, with at most two places behind the comma."""
    cleaned = text.strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", cleaned, re.ASCII) or not 0 < float(cleaned) <= _MOST:
        raise Refused(Sentence("Isi jumlah hasil dengan bilangan, misalnya 12 atau 1,5."), field="quantity")
    return float(cleaned)


def gaps(entries: list[Entry]) -> list[tuple[int, int]]:
    """The times between the activities of a day that nothing was written for."""
    return [(before.ends, after.starts) for before, after in pairwise(entries) if before.ends < after.starts]


def link_of(text: str) -> str:
    """The address of evidence: of the web, and nothing that a browser would run."""
    text = plain(text, field="evidence_link", limit=1000)
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        is_web = False
    if text and not is_web:
        raise Refused(Sentence("Tulis tautan lengkap yang diawali https://"), field="evidence_link")
    return text


def _of_key(person: Person, day: date, key: str | None) -> Entry | None:
    """The activity that this very form has made already, whatever became of the day meanwhile."""
    if key is None:
        return None
    return Entry.select().join(WorkDay).where(WorkDay.person == person, WorkDay.day == day, Entry.submission_key == key).first()


def _held(entry: Entry, now: datetime) -> tuple[WorkDay, Entry]:
    """Day and activity, held; refused where the activity is gone or decided."""
    row = days.writable(entry.work_day.person, entry.work_day.day, now=now)
    entry = Entry.get_by_id(entry.id)
    if entry.removed_at is not None:
        raise Refused(Sentence("Kegiatan ini sudah dihapus di halaman atau perangkat lain."))
    if entry.state in {APPROVED, REJECTED}:
        raise Refused(Sentence("Kegiatan ini sudah diputuskan atasan dan tidak berubah lagi."))
    return row, entry


def _refuse_unseen(entry: Entry, seen: int) -> None:
    """Refused where another page, or another device, was faster."""
    if entry.revision != seen:
        raise Refused(
            Sentence("Kegiatan ini berubah di halaman atau perangkat lain sejak Anda membukanya. Periksa isinya sekarang, lalu simpan lagi bila perlu.")
        )


def _checked(person: Person, row: WorkDay, activity: Activity, now: datetime) -> dict[str, Any]:
    """All that an activity says, as it may be kept; refused beside the field."""
    description = plain(activity.description, field="description", limit=500, required=True)
    starts, ends = minute(activity.starts, "starts"), minute(activity.ends, "ends")
    ends = MIDNIGHT if ends == 0 else ends
    if starts >= ends:
        raise Refused(Sentence("Jam selesai harus sesudah jam mulai."), field="ends")
    kind, amount = _type(activity.activity_type), quantity_of(activity.quantity)
    if activity.place not in PLACES:
        raise Refused(Sentence("Pilih tempat kerja."), field="place")
    return {"description": description, "starts": starts, "ends": ends, "quantity": amount, "activity_type": kind, "place": activity.place,
            "unit": plain(activity.unit or (kind.unit if kind else ""), field="unit", limit=60, required=True),
            "target": _target(person, row.day.year, activity.target), "evidence_link": link_of(activity.evidence_link),
            "evidence": files.record(activity.evidence, by_id=person.id, now=now) if activity.evidence else None,
            "effective": effective(starts, ends, amount, kind)}  # fmt: skip


def effective(starts: int, ends: int, quantity: float, kind: ActivityType | None) -> int:
    """The minutes that count: as many as the type allows for so much, and no more than were claimed."""
    return ends - starts if kind is None else min(ends - starts, round(quantity * 100) * kind.minutes // 100)  # 0.29 × 100 is 28.99… to a machine


def _type(number: str) -> ActivityType | None:
    found = ActivityType.get_or_none(ActivityType.id == int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if number and found is None:
        raise Refused(Sentence("Pilih jenis kegiatan dari daftar."), field="activity_type")
    return found


def _target(person: Person, year: int, number: str) -> Target | None:
    """One of the person's own targets of the year."""
    found = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = Target.get_or_none(Target.id == int(number), Target.person == person, Target.year == year)
    if number and found is None:
        raise Refused(Sentence("Pilih rencana hasil kerja dari daftar Anda."), field="target")
    return found


def _refuse_full(row: WorkDay) -> None:
    if row.entries >= MOST_ENTRIES:
        raise Refused(Sentence("Paling banyak {most} kegiatan sehari.", most=MOST_ENTRIES))


def _refuse_overlap(row: WorkDay, starts: int, ends: int, *, but: Entry | None = None) -> None:
    """Two activities never share a minute."""
    other = next((each for each in days.entries(row) if each != but and each.starts < ends and starts < each.ends), None)
    if other is not None:
        raise Refused(Sentence("Jam ini bertumpuk dengan “{other}”.", other=other.description[:80]), field="starts")
