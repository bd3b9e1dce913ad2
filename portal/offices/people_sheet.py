"""People as rows of a table to take along: the columns that an import takes, as of one day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import JOIN

from portal.offices import postings
from portal.offices.models import Office
from portal.offices.people_import import COLUMNS as COLUMNS
from portal.offices.staff import Grant, Posting
from portal.people import roles
from portal.people.models import Person

_AT_ONCE = 500


def rows(day: date) -> Iterator[list[str]]:
    """All whose account is open, with the main posting of that day and the roles that an import of it would give; in batches, so that memory stays small."""
    last = 0
    while people := list(Person.select().where(Person.id > last, Person.ended_at.is_null()).order_by(Person.id).limit(_AT_ONCE)):
        last = people[-1].id
        ids = [person.id for person in people]
        jobs, granted = _jobs(ids, day), _grants(ids)
        for person in people:
            office, slug, position, supervisor, starts = jobs.get(person.id, (None, "", "", "", ""))
            meant = {role for role, over in granted.get(person.id, ()) if over == (None if role in roles.EVERYWHERE else office)}
            yield [person.identifier, person.name, person.email, slug, position, supervisor or "", " ".join(sorted(meant)), str(starts)]


def _jobs(ids: list[int], day: date) -> dict[int, tuple[Any, ...]]:
    """The main posting of each on a day: office, its slug, position, superior, first day."""
    superior = Person.alias()
    held = Posting.select(Posting.person, Office.id, Office.slug, Posting.position, superior.identifier, Posting.first_day).join(Office).switch(Posting)
    held = held.join(superior, JOIN.LEFT_OUTER, on=Posting.supervisor == superior.id).where(Posting.person.in_(ids), postings.on(Posting, day))
    return {person: tuple(facts) for person, *facts in held.order_by(Posting.is_main, Posting.id.desc()).tuples()}


def _grants(ids: list[int]) -> dict[int, list[tuple[str, int | None]]]:
    """The roles of each, and over which office (none: everywhere)."""
    found: dict[int, list[tuple[str, int | None]]] = {}
    for person, role, over in Grant.select(Grant.person, Grant.role, Grant.office).where(Grant.person.in_(ids), Grant.revoked_at.is_null()).tuples():
        found.setdefault(person, []).append((role, over))
    return found
