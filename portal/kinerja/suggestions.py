"""What somebody may mean while they type: what they and their unit wrote lately."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from portal.db import Question, slot
from portal.kinerja.models import Entry, WorkDay
from portal.offices.models import Office
from portal.people.models import Person

_LATELY = timedelta(days=60)
_OWN, _OTHERS = 30, 12
_READ = 5000  # activities of a unit that one search looks through, the latest first
_SHORTEST = 3  # letters, before others are looked through


@dataclass(frozen=True)
class Suggestion:
    """An activity as it was written before: picked, it fills the fields beside it too."""

    description: str
    unit: str
    target_id: int | None = None
    type_id: int | None = None
    place: str = ""
    starts: int = 0
    written: int = 0  # its number: the higher, the later


def own(person: Person, day: date) -> list[Suggestion]:
    """What somebody wrote most often in the sixty days before a day, each as it was written last; one question."""
    return [Suggestion(*row) for row in _OWN_LATELY.rows(person=person.id, first=day - _LATELY, last=day)]


def of_unit(person: Person, office: Office, text: str, day: date) -> list[Suggestion]:
    """What others at an office wrote lately that holds a text, the most frequent first: no names, no targets. Nothing for very short texts."""
    wanted = " ".join(text.split())
    if len(wanted) < _SHORTEST:
        return []
    there = (WorkDay.office == office) & (WorkDay.day >= day - _LATELY) & (WorkDay.day <= day) & (WorkDay.person != person) & Entry.removed_at.is_null()
    recent = Entry.select(Entry.description, Entry.unit).join(WorkDay).where(there).order_by(WorkDay.day.desc(), Entry.id.desc()).limit(_READ).alias("recent")
    holds = fn.LOWER(recent.c.description).contains(wanted.lower())
    rows = Entry.select(recent.c.description, fn.MAX(recent.c.unit)).from_(recent).where(holds).group_by(recent.c.description)
    return [Suggestion(*row) for row in rows.order_by(fn.COUNT(recent.c.description).desc(), recent.c.description).limit(_OTHERS).tuples()]


def _own_lately() -> Any:
    lately = (WorkDay.person == slot("person")) & (WorkDay.day >= slot("first")) & (WorkDay.day <= slot("last")) & Entry.removed_at.is_null()
    often = fn.COUNT(Entry.id)
    known = Entry.select(fn.MAX(Entry.id).alias("last"), often.alias("often")).join(WorkDay).where(lately).group_by(Entry.description)
    known = known.order_by(often.desc(), fn.MAX(Entry.id).desc()).limit(_OWN).alias("known")
    columns = (Entry.description, Entry.unit, Entry.target, Entry.activity_type, Entry.place, Entry.starts, Entry.id)
    return Entry.select(*columns).join(known, on=(Entry.id == known.c.last)).order_by(known.c.often.desc(), Entry.id.desc())


_OWN_LATELY = Question(_own_lately)
