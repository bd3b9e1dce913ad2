"""What was typed into a field, as the thing that it means; refused beside the field where it means none."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.offices import search
from portal.offices.models import Office, Region
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.views.forms import Form
from portal.words import Sentence

_YEARS = range(1945, 2200)


def day(sent: Form, field: str) -> date:
    """A day that has to be said."""
    found = day_or_none(sent, field)
    if found is None:
        raise Refused(Sentence("Isi tanggalnya."), field=field)
    return found


def day_or_none(sent: Form, field: str) -> date | None:
    """A day, or nothing."""
    text = sent[field].strip()
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        found = date.min
    if found is not None and found.year not in _YEARS:
        raise Refused(Sentence("Tanggal {text} tidak dapat dibaca. Contoh: 2020-09-22.", text=text[:40]), field=field)
    return found


def whole(sent: Form, field: str) -> int | None:
    """A whole number, or nothing."""
    text = sent[field].strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Refused(Sentence("{value} bukan bilangan.", value=text[:40]), field=field)
    return int(text) if text else None


def degrees(sent: Form, field: str) -> float | None:
    """A coordinate, or nothing; the comma of Indonesian numbers is understood."""
    text = sent[field].strip().replace(",", ".")
    try:
        found = float(text) if text else None
    except ValueError:
        found = float("nan")
    if found is not None and not -180 <= found <= 180:
        raise Refused(Sentence("{value} bukan koordinat.", value=text[:40]), field=field)
    return found


def person(sent: Form, field: str) -> Person:
    """The person of a NIP or other identifier."""
    text = plain(sent[field], field=field, limit=100, required=True)
    found = Person.get_or_none(Person.identifier == "".join(text.split()).upper())
    if found is None:
        raise Refused(Sentence("Tidak ada orang dengan NIP {nip}. Cari dulu di daftar orang.", nip=text[:40]), field=field)
    return found


def person_or_none(sent: Form, field: str) -> Person | None:
    """The person of an identifier, or nothing."""
    return person(sent, field) if sent[field].strip() else None


def office(sent: Form, field: str) -> Office:
    """The office of a slug or of an exact name that only one bears; else refused with those that may be meant."""
    text = plain(sent[field], field=field, limit=300, required=True)
    found = list(Office.select().where(Office.slug == text)) or list(Office.select().where(Office.name == text).order_by(Office.id).limit(6))
    if len(found) == 1:
        return found[0]
    meant = search.matching(text)
    if not found and meant is not None:
        found = list(Office.select().where(meant).order_by(*search.best_first(text)).limit(5))
    if found:
        slugs = ", ".join(each.slug for each in found)
        raise Refused(Sentence("Tulis salah satu ini: {slugs}.", slugs=slugs), field=field)
    raise Refused(Sentence("Kantor {name} tidak ada.", name=text[:60]), field=field)


def office_or_none(sent: Form, field: str) -> Office | None:
    """The office of a slug or name, or nothing."""
    return office(sent, field) if sent[field].strip() else None


def region(sent: Form, field: str) -> Region:
    """The region of a code or of an exact name that only one bears."""
    text = plain(sent[field], field=field, limit=100, required=True)
    found = list(Region.select().where((Region.code == text) | (Region.name == text)).order_by(Region.code).limit(6))
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(Sentence("Tulis salah satu kode ini: {codes}.", codes=", ".join(each.code for each in found)), field=field)
    raise Refused(Sentence("Wilayah {code} tidak ada.", code=text[:40]), field=field)


def region_or_none(sent: Form, field: str) -> Region | None:
    """The region of a code or name, or nothing."""
    return region(sent, field) if sent[field].strip() else None


def slot(sent: Form, field: str, zone: ZoneInfo) -> datetime:
    """The moment of a slot that was chosen, without an offset on the clocks of a zone; Refused where none was."""
    try:
        found = datetime.fromisoformat(sent[field].strip()[:40])
        if found.year not in _YEARS:
            raise ValueError
    except ValueError:
        raise Refused(Sentence("Pilih hari dan jam kedatangan."), field=field) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
