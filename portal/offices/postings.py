"""Who works where and under whom, who stands in for whom, and who holds which role over which offices."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from peewee import Value, fn

from portal import audit
from portal.audit import By
from portal.db import Question, among, held, locked, slot, transaction
from portal.offices import tree
from portal.offices.hierarchy import ONE_DAY, was_held
from portal.offices.models import Office
from portal.offices.staff import Acting, Grant, Posting
from portal.people import roles
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence


@dataclass(frozen=True)
class Standing:
    """What a person is on a day: roles, with the offices over which each holds (None: everywhere), and the offices of the postings."""

    roles: frozenset[str]
    grants: tuple[tuple[str, int | None], ...]
    posted_at: tuple[int, ...]
    in_place_of: tuple[tuple[int | None, int], ...] = ()  # offices headed as somebody's Plt or Plh, with whose

    @cached_property
    def acts(self) -> frozenset[str]:
        return roles.acts_of(self.roles)


def standing(person: Person, day: date) -> Standing:
    """The roles of a person on a day: granted ones, employee by a posting, supervisor and head also in the place of whom they stand in for."""
    given, places = _GRANTS.rows(person=person.id, day=day), _POSTED.rows(person=person.id, day=day)
    stood_in = tuple((office, of) for _, office, of in given if of != person.id)
    grants: tuple[tuple[str, int | None], ...] = tuple((role, office) for role, office, of in given if of == person.id)
    grants += tuple((roles.HEAD, office) for office, _ in stood_in)
    posted = tuple(office for office, is_own in places if is_own)
    held = {role for role, _ in grants} | ({roles.EMPLOYEE} if posted else set())
    if any(not is_own for _, is_own in places):
        held.add(roles.SUPERVISOR)
    return Standing(frozenset(held), grants, posted, stood_in)


def acts_for(held: Standing, person: Person, offices: list[Office]) -> int | None:
    """In whose place somebody acts over these offices: nobody's, where a role of their own covers them all."""
    own = Grant.select(Grant.role, Grant.office).where(Grant.person == person, Grant.revoked_at.is_null(), Grant.role.in_([roles.HEAD, roles.ADMIN]))
    covered = offices_under(Standing(held.roles, tuple(own.tuples()), ()), roles.HEAD, roles.ADMIN)
    left = {office.id for office in offices} - covered if covered is not None else set()
    for headed, superior in held.in_place_of if left else ():
        under = offices_under(Standing(held.roles, ((roles.HEAD, headed),), ()), roles.HEAD)
        if under is None or under & left:
            return superior
    return None


def leads(person: Person, day: date) -> bool:
    """Whether somebody works under this person on a day, or under one whom this person stands in for."""
    return bool(_LED.rows(person=person.id, day=day))


def may_act_for(held: Standing, role: str, office: Office) -> bool:
    """Whether a role holds over an office: granted everywhere, for it, or for a node above it."""
    over = {of for name, of in held.grants if name == role}
    return None in over or bool(over & {office.id, *above(office)})


def offices_under(held: Standing, *over_roles: str) -> set[int] | None:
    """Ids of all offices over which any of these roles holds; None for everywhere."""
    tops = {of for name, of in held.grants if name in over_roles}
    if None in tops:
        return None
    rows = dict(_TREES.rows(tops=sorted(tops)))
    return {id for id in rows if tops & set(tree.upwards(id, rows))}


def above(office: Office) -> list[int]:
    """Ids of the nodes above an office, nearest first."""
    rows = dict(Office.select(Office.id, Office.parent).where(Office.root_id == office.root_id).tuples())
    return tree.upwards(office.id, rows)[1:]


def post(person: Person, office: Office, *, position: str, supervisor: Person | None, first_day: date, by: By, now: datetime, last_day: date | None = None,
         is_main: bool = True) -> Posting:  # fmt: skip
    """A person works at an office from a day on; a new main posting ends the one before on the day before, and lasts until the next one that is known."""
    if last_day is not None and last_day < first_day:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
    facts = {"person": person, "office": office, "position": plain(position, field="position", limit=200), "supervisor": supervisor}
    with transaction():
        held(Posting)
        same = [getattr(Posting, name) == value for name, value in facts.items()]
        if Posting.select().where(*same, Posting.first_day == first_day, was_held()).exists():
            raise Refused(Sentence("Penempatan ini sudah tercatat."), field="first_day")
        if supervisor is not None:
            refuse_cycle(person, supervisor, first_day, last_day)
        before = main_posting(person, first_day) if is_main else None
        if is_main:
            last_day = _make_room(person, first_day, last_day)
        posting = Posting.create(**facts, is_main=is_main, first_day=first_day, last_day=last_day)
        audit.record("posted", "person", person.id, by=by, now=now, label=person.name, before=_facts(before) if before else None, after=_facts(posting))
    return posting


def end_posting(posting: Posting, last_day: date, *, by: By, now: datetime) -> None:
    """Somebody works there until this day; the posting stays on record."""
    with transaction():
        posting = locked(Posting.select().where(Posting.id == posting.id)).get()
        if last_day < posting.first_day:
            raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
        if posting.last_day is not None and posting.last_day <= last_day:
            raise Refused(Sentence("Penempatan ini sudah berakhir {day}.", day=posting.last_day), field="last_day")
        Posting.update(last_day=last_day).where(Posting.id == posting.id).execute()
        audit.record("posting_ended", "person", posting.person_id, by=by, now=now, label=posting.person.name,
                     before={"last_day": posting.last_day}, after={"office": posting.office.slug, "last_day": last_day})  # fmt: skip


def main_posting(person: Person, day: date) -> Posting | None:
    """Where somebody works on a day; the main one where there are several."""
    found = _MAIN.found(Posting, Office, person=person.id, day=day)
    if not found:
        return None
    posting, posting.office = found[0]
    return posting


def act_for(superior: Person, deputy: Person, *, kind: str, letter_number: str, first_day: date, last_day: date, by: By, now: datetime) -> Acting:
    """Somebody stands in for a superior in dates, by a letter."""
    if kind not in {"Plt", "Plh"}:
        raise Refused(Sentence("Pilih Plt atau Plh."), field="kind")
    if superior == deputy:
        raise Refused(Sentence("Orang tidak dapat menggantikan dirinya sendiri."), field="deputy")
    if last_day < first_day:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
    with transaction():
        same = (Acting.superior == superior) & (Acting.deputy == deputy) & (Acting.first_day == first_day) & (Acting.last_day == last_day)
        if Acting.select().where(same, Acting.ended_at.is_null()).exists():
            raise Refused(Sentence("Penugasan ini sudah tercatat."), field="first_day")
        acting = Acting.create(superior=superior, deputy=deputy, kind=kind, letter_number=plain(letter_number, field="letter_number", limit=100, required=True),
                               first_day=first_day, last_day=last_day)  # fmt: skip
        audit.record("acting_set", "person", superior.id, by=by, now=now, label=superior.name,
                     after={"deputy": deputy.identifier, "kind": kind, "letter": letter_number, "first_day": first_day, "last_day": last_day})  # fmt: skip
    return acting


def end_acting(acting: Acting, *, by: By, now: datetime) -> None:
    """Nobody stands in any more, from now on; the row stays."""
    with transaction():
        if not Acting.update(ended_at=now).where(Acting.id == acting.id, Acting.ended_at.is_null()).execute():
            raise Refused(Sentence("Penugasan ini sudah diakhiri."))
        audit.record("acting_ended", "person", acting.superior_id, by=by, now=now, label=acting.superior.name, before={"deputy": acting.deputy.identifier})


def grant(person: Person, role: str, office: Office | None, *, by: By, now: datetime) -> Grant:
    """Give a role over an office and all below it, or everywhere; the same one twice is one."""
    if role not in roles.GRANTED:
        raise Refused(Sentence("Peran {role} tidak dapat diberikan.", role=role), field="role")
    if office is not None and role in roles.EVERYWHERE:
        raise Refused(Sentence("Peran {role} berlaku di mana saja, bukan untuk satu kantor.", role=role), field="office")
    with transaction():
        locked(Person.select().where(Person.id == person.id)).get()
        place = Grant.office == office if office else Grant.office.is_null()
        same = Grant.select().where(Grant.person == person, Grant.role == role, Grant.revoked_at.is_null(), place)
        if (kept := same.first()) is not None:
            return kept
        given = Grant.create(person=person, role=role, office=office, granted_at=now, granted_by=str(by))
        audit.record("role_granted", "person", person.id, by=by, now=now, label=person.name, after={"role": role, "office": office.slug if office else None})
    return given


def revoke(given: Grant, *, by: By, now: datetime) -> None:
    """Take a role back."""
    with transaction():
        if not Grant.update(revoked_at=now).where(Grant.id == given.id, Grant.revoked_at.is_null()).execute():
            raise Refused(Sentence("Peran ini sudah dicabut."))
        audit.record("role_revoked", "person", given.person_id, by=by, now=now, label=given.person.name,
                     before={"role": given.role, "office": given.office.slug if given.office else None})  # fmt: skip


def on(table: type[Posting] | type[Acting], day: Any) -> Any:
    """The condition that a dated row holds on a day."""
    return (table.first_day <= day) & (table.last_day.is_null() | (table.last_day >= day))


def _stood_for() -> Any:
    """In whose place somebody stands on a day."""
    return Acting.select(Acting.superior).where(Acting.deputy == slot("person"), on(Acting, slot("day")), Acting.ended_at.is_null())


def _led() -> Any:
    """A posting under somebody, or under one whom they stand in for."""
    is_above = (Posting.supervisor == slot("person")) | Posting.supervisor.in_(_stood_for())
    return Posting.select(Posting.id).where(is_above, on(Posting, slot("day"))).limit(1)


def _posted() -> Any:
    """The offices where somebody works, and one where somebody works under them: both in one question, since every page asks it."""
    own = Posting.select(Posting.office, Value(1)).where(Posting.person == slot("person"), on(Posting, slot("day")))
    return own.union_all(Posting.select(Posting.office, Value(0)).where(Posting.id.in_(_led())))


def _given() -> Any:
    """What was granted to somebody, and the offices headed by those whom they stand in for."""
    is_head = (Grant.role == roles.HEAD) & Grant.person.in_(_stood_for())
    return Grant.select(Grant.role, Grant.office, Grant.person).where(Grant.revoked_at.is_null(), (Grant.person == slot("person")) | is_head).order_by(Grant.id)


_TREES = Question(lambda: Office.select(Office.id, Office.parent).where(
    Office.root_id.in_(Office.select(Office.root_id).where(among(Office.id, "tops")))))  # fmt: skip
_GRANTS, _POSTED, _LED = Question(_given), Question(_posted), Question(_led)
_MAIN = Question(lambda: Posting.select(Posting, Office).join(Office).where(
    Posting.person == slot("person"), on(Posting, slot("day"))).order_by(Posting.is_main.desc(), Posting.id).limit(1))  # fmt: skip


def _facts(posting: Posting) -> dict[str, object]:
    return {"office": posting.office.slug, "position": posting.position, "supervisor": posting.supervisor.identifier if posting.supervisor else None,
            "first_day": posting.first_day, "last_day": posting.last_day}  # fmt: skip


def _make_room(person: Person, first_day: date, last_day: date | None) -> date | None:
    """End the main posting that runs into a new one, which itself ends before the next; the last day that is left to it."""
    main = (Posting.person == person) & Posting.is_main
    later = Posting.select(fn.MIN(Posting.first_day)).where(main, Posting.first_day > first_day, was_held()).scalar()
    running = main & (Posting.last_day.is_null() | (Posting.last_day >= first_day)) & (Posting.first_day <= first_day)
    Posting.update(last_day=first_day - ONE_DAY).where(running).execute()
    return min((day for day in (last_day, later and later - ONE_DAY) if day), default=None)


def refuse_cycle(person: Person, supervisor: Person, first_day: date, last_day: date | None) -> None:
    """Nobody is, over however many steps, their own superior: not on the first day, nor on a later one on which somebody is posted anew."""
    later = Posting.select(Posting.first_day).distinct().where(Posting.first_day > first_day, was_held()).order_by(Posting.first_day)
    days = [first_day, *(day for (day,) in later.tuples() if last_day is None or day <= last_day)]
    for day in days:
        if (circle := _way_up(supervisor.id, person.id, day)) is not None:
            names = dict(Person.select(Person.id, Person.name).where(Person.id.in_(circle)).tuples())
            raise Refused(Sentence("Atasan berputar: {names}.", names=" → ".join(names[id] for id in (person.id, *circle))), field="supervisor")


def _way_up(start: int, goal: int, day: date) -> list[int] | None:
    """The ids from one person up to another over superiors of that day, both included; none where the other is not above."""
    came_from: dict[int, int | None] = {start: None}
    level = [start]
    while level and goal not in came_from:
        rows = Posting.select(Posting.person, Posting.supervisor).where(Posting.person.in_(level), Posting.supervisor.is_null(False), on(Posting, day)).tuples()
        steps = {above: below for below, above in rows if above not in came_from}
        came_from |= steps
        level = list(steps)
    if goal not in came_from:
        return None
    way: list[int] = [goal]
    while (below := came_from[way[-1]]) is not None:
        way.append(below)
    return way[::-1]
