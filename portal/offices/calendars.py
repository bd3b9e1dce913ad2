"""Holidays: national ones from a library, regional ones and cancellations by hand, special hours of single offices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal import audit
from portal.audit import By
from portal.db import transaction
from portal.offices import board, hours
from portal.offices.models import Holiday, Office, Region, SpecialHours
from portal.refusals import Refused, plain
from portal.words import Sentence


@dataclass(frozen=True)
class Found:
    """A national holiday as a source gives it."""

    day: date
    name: str
    is_joint_leave: bool = False
    is_estimated: bool = False


def has_year(year: int) -> bool:
    """Whether national holidays of a year are known."""
    return Holiday.select().where(_national(year)).exists()


def add_national(found: Iterable[Found], *, by: By, now: datetime) -> int:
    """Take over national holidays; what is known stays as it is, estimates that the source moved go. Returns how many rows changed."""
    wanted = {(each.day, each.name): each for each in found}
    with transaction():
        changed = 0
        for year in {day.year for day, _ in wanted}:
            known = {(holiday.day, holiday.name): holiday for holiday in Holiday.select().where(_national(year))}
            for key, holiday in known.items():
                if holiday.is_estimated and key not in wanted and not holiday.is_cancelled:
                    changed += holiday.delete_instance()
                elif key in wanted and holiday.is_estimated and not wanted[key].is_estimated:
                    holiday.is_estimated = False
                    changed += holiday.save()
            fresh = [each for key, each in wanted.items() if key[0].year == year and key not in known]
            rows = [{"day": each.day, "name": each.name, "is_joint_leave": each.is_joint_leave, "is_estimated": each.is_estimated} for each in fresh]
            changed += len(rows)
            if rows:
                Holiday.insert_many(rows).execute()
        if changed:
            years = sorted({day.year for day, _ in wanted})
            audit.record("holidays_updated", "holiday", "", by=by, now=now, label=", ".join(map(str, years)), after={"changed": changed})
            board.raise_version()
    return changed


def add_regional(day: date, name: str, region: Region, *, by: By, now: datetime) -> Holiday:
    """A holiday of one region and all below it."""
    with transaction():
        name = plain(name, field="name", limit=200, required=True)
        if Holiday.select().where(Holiday.day == day, Holiday.name == name, Holiday.region == region).exists():
            raise Refused(Sentence("Hari libur ini sudah ada."), field="day")
        holiday = Holiday.create(day=day, name=name, region=region)
        audit.record("holiday_added", "holiday", holiday.id, by=by, now=now, label=name, after={"day": day, "region": region.code})
        board.raise_version()
    return holiday


def cancel(holiday: Holiday, *, by: By, now: datetime) -> None:
    """Offices serve on this day after all; the row stays, so that an update does not bring it back."""
    with transaction():
        if Holiday.update(is_cancelled=True).where(Holiday.id == holiday.id, ~Holiday.is_cancelled).execute():
            audit.record("holiday_cancelled", "holiday", holiday.id, by=by, now=now, label=holiday.name, after={"day": holiday.day})
            board.raise_version()


def restore(holiday: Holiday, *, by: By, now: datetime) -> None:
    """The day is a holiday again."""
    with transaction():
        if Holiday.update(is_cancelled=False).where(Holiday.id == holiday.id, Holiday.is_cancelled).execute():
            audit.record("holiday_restored", "holiday", holiday.id, by=by, now=now, label=holiday.name, after={"day": holiday.day})
            board.raise_version()


def set_special_hours(office: Office, first_day: date, last_day: date, opening: str, note: str = "", *, by: By, now: datetime) -> SpecialHours:
    """Hours of an office and all below it on dated days, before week, holidays and policies; empty hours: closed. The latest said holds."""
    if last_day < first_day:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
    hours.parse_times(opening)
    with transaction():
        note = plain(note, field="note", limit=200)
        same = SpecialHours.select().where(
            SpecialHours.office == office, SpecialHours.first_day == first_day, SpecialHours.last_day == last_day, SpecialHours.hours == opening
        )
        if same.where(SpecialHours.withdrawn_at.is_null()).exists():
            raise Refused(Sentence("Jam khusus ini sudah tercatat."), field="first_day")
        special = SpecialHours.create(office=office, first_day=first_day, last_day=last_day, hours=opening, note=note)
        audit.record("special_hours_set", "office", office.id, by=by, now=now, label=office.name,
                     after={"first_day": first_day, "last_day": last_day, "hours": opening, "note": special.note})  # fmt: skip
        board.raise_version()
    return special


def withdraw_special_hours(special: SpecialHours, *, by: By, now: datetime) -> None:
    """They were said in error: the usual hours hold again, and the row stays."""
    with transaction():
        if not SpecialHours.update(withdrawn_at=now).where(SpecialHours.id == special.id, SpecialHours.withdrawn_at.is_null()).execute():
            raise Refused(Sentence("Jam khusus ini sudah ditarik."))
        facts = {"first_day": special.first_day, "last_day": special.last_day, "hours": special.hours}
        audit.record("special_hours_withdrawn", "office", special.office_id, by=by, now=now, label=special.office.name, before=facts)
        board.raise_version()


def _national(year: int) -> object:
    return Holiday.region.is_null() & Holiday.day.between(date(year, 1, 1), date(year, 12, 31))
