"""Closures without an end: before their day of review, and on it, heads and crisis desk are reminded. Nothing reopens by itself."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal import outbox
from portal.db import transaction
from portal.offices import declared, news
from portal.offices.models import Closure, ClosureMark, Office
from portal.offices.postings import on
from portal.offices.staff import Acting, Grant
from portal.outbox import Letter, Recipient
from portal.people.models import Person
from portal.people.roles import CRISIS, HEAD

LETTER = "closure_review"
BEFORE, ON_THE_DAY = "before", "day"
FROM = 7  # o'clock at the office
_LATE = timedelta(days=3)  # so long after the day a worker that slept makes up for it
_ONE = timedelta(days=1)


def remind(*, now: datetime) -> int:
    """Letters to the heads of the offices and to all crisis officers, the day before a review and on it, each once; how many closures are looked at."""
    due = {closure.id: (closure, occasion) for closure in _reviewed(now) if (occasion := _occasion(closure, now))}
    if not due:
        return 0
    readers, facts = _readers(list(due), now.date()), _facts([closure for closure, _ in due.values()], now)
    letters = {f"{LETTER} {id} {closure.review_on} {occasion} {person.id}": (_to(person, office), {**facts[id], "closure": id, "occasion": occasion})
               for id, (closure, occasion) in due.items() for person, office in readers[id].values()}  # fmt: skip
    known = {key for (key,) in Letter.select(Letter.key).where(Letter.key.in_(list(letters) or [""])).tuples()}
    with transaction():
        for key in letters.keys() - known:
            outbox.promise(LETTER, *letters[key], key=key, now=now)
    return len(due)


def _to(person: Person, office: int | None) -> Recipient:
    return Recipient(person.name, person.email, person.phone, person.language, person.id, office)


def _reviewed(now: datetime) -> list[Closure]:
    """Closures that hold without an end and whose review is near."""
    near = Closure.review_on.between(now.date() - _LATE - _ONE, now.date() + 2 * _ONE)
    return list(Closure.select().where(Closure.ends_at.is_null(), Closure.withdrawn_at.is_null(), near).order_by(Closure.id))


def _occasion(closure: Closure, now: datetime) -> str:
    local = now.astimezone(ZoneInfo(closure.timezone))
    if local.hour < FROM or not local.date() - _LATE <= closure.review_on <= local.date() + _ONE:
        return ""
    return BEFORE if closure.review_on > local.date() else ON_THE_DAY


def _readers(closures: list[int], day: date) -> dict[int, dict[int, tuple[Person, int | None]]]:
    """Who is reminded of each closure: by their ids, with the office whose call list they would stand on."""
    chains, found = _chains(closures), {closure: {} for closure in closures}  # type: ignore[var-annotated]
    for person, role, over in _granted(day):
        for closure in closures:
            if role == CRISIS or over is None or over in chains[closure]:
                found[closure].setdefault(person.id, (person, chains[closure].get(over)))
    return found


def _chains(closures: list[int]) -> dict[int, dict[int | None, int]]:
    """By closure the nodes that it takes and all above them, each with the office that is taken."""
    marks = ClosureMark.select(ClosureMark.closure, Office.id, Office.root_id).join(Office).where(ClosureMark.closure.in_(closures), ~ClosureMark.is_excepted)
    rows = list(marks.tuples())
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id.in_({root for _, _, root in rows} or {0})).tuples())
    chains: dict[int, dict[int | None, int]] = defaultdict(dict)
    for closure, office, _ in rows:
        node = office
        while node is not None:
            chains[closure].setdefault(node, office)
            node = parents[node]
    return chains


def _granted(day: date) -> list[tuple[Person, str, int | None]]:
    """Heads, those who stand in for them on the day, and crisis officers: person, role, over which office."""
    grants = Grant.select(Grant, Person).join(Person).where(Grant.role.in_((HEAD, CRISIS)), Grant.revoked_at.is_null(), Person.ended_at.is_null())
    held = [(grant.person, grant.role, grant.office_id) for grant in grants.order_by(Grant.id)]
    acting = Acting.select(Acting, Person).join(Person, on=Acting.deputy).where(on(Acting, day), Acting.ended_at.is_null(), Person.ended_at.is_null())
    deputies: dict[int, list[Person]] = defaultdict(list)
    for each in acting.order_by(Acting.id):
        deputies[each.superior_id].append(each.deputy)
    return held + [(deputy, HEAD, over) for person, role, over in held if role == HEAD for deputy in deputies[person.id]]


def _facts(closures: list[Closure], now: datetime) -> dict[int, dict[str, object]]:
    return {record.closure.id: news.facts_of(record) for record in declared.records(closures, now)}
