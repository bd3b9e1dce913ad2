"""What is typed and not sent yet: kept as one types, there again where the page is opened again, and never overwritten unseen from another page."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from portal.db import locked, transaction
from portal.kinerja.models import Entry, Unsent, WorkDay
from portal.people.models import Person
from portal.refusals import NotFound, Refused, is_storable
from portal.words import Sentence

FIELDS = ("description", "starts", "ends", "quantity", "unit", "target", "activity_type", "place", "evidence_link")
_SAYS_SOMETHING = ("description", "ends", "quantity", "evidence_link")  # the others are filled in beforehand
_LONGEST = 5000  # letters in one field: what was pasted by mistake is kept too, so that it can be cut
_BACK = timedelta(days=400)


class Elsewhere(Refused):
    """Another page holds other words that this one has not shown; carries what is kept."""

    def __init__(self, kept: Unsent) -> None:
        super().__init__(Sentence("Di halaman atau perangkat lain Anda menulis yang lain. Pilih yang dipakai."))
        self.kept = kept


def keep(person: Person, day: date, typed: Mapping[str, str], *, page: str, seen: int, entry: int = 0, now: datetime) -> Unsent:
    """Keep what stands in a form; a page goes on where it left off, and another page only from what it has seen. Elsewhere where it has not."""
    fields, page = _fields(typed), _kept(page)[:100]
    _refuse_strange(person, day, entry, now)
    with transaction():
        fresh = {"person": person, "day": day, "entry_id": entry, "values": {"page": page, "fields": {}}, "revision": 0, "at": now}
        Unsent.insert(fresh).on_conflict_ignore().execute()
        row = locked(Unsent.select().where(Unsent.person == person, Unsent.day == day, Unsent.entry_id == entry)).get()
        if of(row) and of(row) != fields and row.values["page"] != page and row.revision != seen:
            raise Elsewhere(row)
        row.values, row.revision, row.at = {"page": page, "fields": fields}, row.revision + 1, now
        row.save(only=[Unsent.values, Unsent.revision, Unsent.at])
    return row


def clear(person: Person, day: date, *, page: str, seen: int, entry: int = 0, now: datetime) -> None:
    """Forget what was typed once it is saved; what another page holds meanwhile stays."""
    with transaction():
        row = locked(Unsent.select().where(Unsent.person == person, Unsent.day == day, Unsent.entry_id == entry)).first()
        if row is not None and of(row) and (row.values["page"] == _kept(page)[:100] or row.revision == seen):
            row.values, row.revision, row.at = {"page": "", "fields": {}}, row.revision + 1, now
            row.save(only=[Unsent.values, Unsent.revision, Unsent.at])


def of(row: Unsent | None) -> dict[str, str]:
    """What is kept, by field; nothing where nothing waits."""
    return dict(row.values["fields"]) if row is not None else {}


def find(person: Person, day: date, entry: int = 0) -> Unsent | None:
    """What somebody typed about an activity of a day (0: a new one), as it was kept last."""
    return Unsent.get_or_none(Unsent.person == person, Unsent.day == day, Unsent.entry_id == entry)


def _fields(typed: Mapping[str, str]) -> dict[str, str]:
    """What is worth keeping: without signs that cannot be kept; nothing where only what the form began with stands in it."""
    fields = {name: _kept(typed[name]) for name in FIELDS if typed.get(name)}
    if any(len(value) > _LONGEST for value in fields.values()):
        raise Refused(Sentence("Terlalu panjang untuk disimpan selagi ditulis. Persingkat dulu."))
    return fields if any(fields.get(name) for name in _SAYS_SOMETHING) else {}


def _kept(text: str) -> str:
    return "".join(sign for sign in text if is_storable(sign))


def _refuse_strange(person: Person, day: date, entry: int, now: datetime) -> None:
    """Typing belongs to a day that one may write, and to an activity of one's own."""
    if not now.date() - _BACK <= day <= now.date() + timedelta(days=1):
        raise NotFound(Sentence("Halaman ini tidak ada."))
    if entry and not Entry.select().join(WorkDay).where(Entry.id == entry, WorkDay.person == person, WorkDay.day == day).exists():
        raise NotFound(Sentence("Halaman ini tidak ada."))
