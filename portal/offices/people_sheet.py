"""People as rows of a table to take along: the columns that an import takes, as of one day."""

from collections.abc import Iterator
from datetime import date

from peewee import JOIN

from portal.offices import postings
from portal.offices.models import Office
from portal.offices.staff import Grant, Posting
from portal.people.models import Person

COLUMNS = ("nip", "name", "email", "office", "position", "supervisor_nip", "roles", "starts")
_AT_ONCE = 500


def rows(day: date) -> Iterator[list[str]]:
    """All whose account is open, with the main posting of that day; read in batches, so that memory does not grow with their number."""
    last = 0
    while people := list(Person.select().where(Person.id > last, Person.ended_at.is_null()).order_by(Person.id).limit(_AT_ONCE)):
        last = people[-1].id
        ids = [person.id for person in people]
        jobs, granted = _jobs(ids, day), _roles(ids)
        for person in people:
            office, position, supervisor, starts = jobs.get(person.id, ("", "", "", ""))
            yield [person.identifier, person.name, person.email, office, position, supervisor or "", " ".join(granted.get(person.id, [])), str(starts)]


def _jobs(ids: list[int], day: date) -> dict[int, tuple[str, str, str | None, date]]:
    superior = Person.alias()
    held = Posting.select(Posting.person, Office.slug, Posting.position, superior.identifier, Posting.first_day).join(Office).switch(Posting)
    held = held.join(superior, JOIN.LEFT_OUTER, on=Posting.supervisor == superior.id).where(Posting.person.in_(ids), postings.on(Posting, day))
    return {person: tuple(facts) for person, *facts in held.order_by(Posting.is_main, Posting.id.desc()).tuples()}  # type: ignore[misc]


def _roles(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person, role in Grant.select(Grant.person, Grant.role).where(Grant.person.in_(ids), Grant.revoked_at.is_null()).order_by(Grant.role).tuples():
        if role not in found.setdefault(person, []):
            found[person].append(role)
    return found
