"""To whom a day goes: the superior of that day, the superior's superior, and those who stand in for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.db import Question, among, locked, slot, transaction
from portal.kinerja.models import SUBMITTED, DayAct, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices.staff import Posting
from portal.offices.superiors import main_postings, stands_for, superiors
from portal.people.models import Person


@dataclass(frozen=True)
class Route:
    """Where somebody worked on a day, and who vouches for it."""

    posting: Posting
    supervisor_id: int | None
    upper_id: int | None


@dataclass(frozen=True)
class Seat:
    """As what somebody looks at a day: superior or superior's superior, perhaps in another's place."""

    is_upper: bool
    acting_for_id: int | None = None


def _gone() -> Any:
    """Of so many superiors those whose accounts have ended, and those whose people have all gone to others by a day."""
    led = Posting.select(Posting.supervisor).where(Posting.supervisor.is_null(False), Posting.last_day.is_null() | (Posting.last_day >= slot("day")))
    has_gone = Person.ended_at.is_null(False) | Person.id.not_in(led.where(among(Posting.supervisor, "people")))
    return Person.select(Person.id).where(among(Person.id, "people"), has_gone)


_LEFT = Question(_gone)
_AT_ONCE = 500  # people whose days are sent on together
_ONE = timedelta(days=1)


def route(person: Person, day: date) -> Route | None:
    """Where a day of a person goes; nowhere on a day without a posting."""
    posting = main_postings([person.id], day).get(person.id)
    if posting is None:
        return None
    upper = superiors([posting.supervisor_id], day).get(posting.supervisor_id) if posting.supervisor_id else None
    return Route(posting, posting.supervisor_id, upper if upper != person.id else None)


def seats(person: Person, today: date) -> dict[int, int | None]:
    """The superiors as whom somebody decides today: oneself, and those in whose place one stands (with whose)."""
    return {**{superior: superior for superior in stands_for(person, today)}, person.id: None}


def seat(person: Person, work_day: WorkDay, today: date) -> Seat | None:
    """As what somebody looks at a day; nobody has a seat at their own."""
    if work_day.person_id == person.id:
        return None
    held = seats(person, today)
    if work_day.supervisor_id in held:
        return Seat(False, held[work_day.supervisor_id])
    return Seat(True, held[work_day.upper_id]) if work_day.upper_id in held else None


def may_decide(work_day: WorkDay, held: Seat | None, now: datetime) -> bool:
    """The superior decides at any time, the superior's superior once it has waited too long."""
    return held is not None and (not held.is_upper or (work_day.escalates_at is not None and work_day.escalates_at <= now))


def may_unlock(person: Person, work_day: WorkDay, held: Seat | None) -> bool:
    """The superior's superior gives a decided day back, or who stands in; also while they stand in for the superior themselves."""
    return held is not None and (held.is_upper or work_day.upper_id == person.id)


def escalation(has_left: bool, office: int, calendar: WorkingDays, submitted_at: datetime) -> datetime | None:
    """From when on the superior's superior may decide: at once where the superior has left."""
    return submitted_at if has_left else calendar.escalation(office, calendar.today(office, submitted_at))


def left(people: Iterable[int | None], today: date) -> set[int]:
    """Those of these superiors who cannot open the queue any more: their accounts have ended, or their people have all gone to others."""
    ids = list({each for each in people if each is not None})
    return {id for some in _some(ids) for (id,) in _LEFT.rows(people=some, day=today - _ONE)}  # a day before: somewhere it may still be yesterday


def waiting_for(superior: Person) -> set[int]:
    """Those whose submitted days lie with a superior."""
    rows = WorkDay.select(WorkDay.person).where(WorkDay.supervisor == superior, WorkDay.state == SUBMITTED)
    return {person for (person,) in rows.distinct().tuples()}


def reroute(people: Iterable[int], *, now: datetime) -> int:
    """Send what waits to those who vouch for it by the postings and accounts as they stand; how many days moved."""
    with transaction():
        waiting = list(locked(WorkDay.select().where(WorkDay.state == SUBMITTED, WorkDay.person.in_(list(people) or [0])).order_by(WorkDay.id)))
        routes = _routes(waiting, now.date())
        gone = left((supervisor for _, (supervisor, _) in routes), now.date())
        calendar = WorkingDays.of({day.office_id for day in waiting}, now.date(), now.date())
        return sum(_send(day, *found, found[0] in gone, calendar, now) for day, found in routes)


def _send(day: WorkDay, supervisor: int | None, upper: int | None, has_left: bool, calendar: WorkingDays, now: datetime) -> bool:
    """Whether a day now lies with somebody else, or at once also with the superior's superior."""
    is_new, is_orphaned = supervisor != day.supervisor_id, has_left and (day.escalates_at is None or day.escalates_at > now)
    if not is_new and not is_orphaned and upper == day.upper_id:
        return False
    if is_new:
        DayAct.create(work_day=day, at=now, act="rerouted", person=None)
    if is_new or is_orphaned:
        day.escalates_at = escalation(has_left, day.office_id, calendar, now)  # a new superior has the whole time
    WorkDay.update(supervisor=supervisor, upper=upper, escalates_at=day.escalates_at).where(WorkDay.id == day.id).execute()
    return True


def reroute_all(*, now: datetime) -> int:
    """Send all that waits to those who vouch for it, some hundred people at a time; how many days moved. For when many postings changed at once."""
    return _reroute_where(WorkDay.state == SUBMITTED, now)


def find_supervisors(*, now: datetime) -> int:
    """Send what waits for nobody to those who vouch for it by now, and up what waits for a superior who has left; how many days moved."""
    waits = WorkDay.state == SUBMITTED
    stuck = waits & WorkDay.upper.is_null(False) & (WorkDay.escalates_at.is_null() | (WorkDay.escalates_at > now))
    gone = left((superior for (superior,) in WorkDay.select(WorkDay.supervisor).where(stuck).distinct().tuples()), now.date())
    return _reroute_where(waits & WorkDay.supervisor.is_null(), now) + _reroute_where(stuck & WorkDay.supervisor.in_(gone or [0]), now)


def _reroute_where(where: Any, now: datetime) -> int:
    people = [person for (person,) in WorkDay.select(WorkDay.person).where(where).distinct().order_by(WorkDay.person).tuples()]
    return sum(reroute(some, now=now) for some in _some(people))


def _some(people: list[int]) -> Iterable[list[int]]:
    return (people[start : start + _AT_ONCE] for start in range(0, len(people), _AT_ONCE))


def _routes(days: list[WorkDay], today: date) -> list[tuple[WorkDay, tuple[int | None, int | None]]]:
    """Superior and superior's superior of each day; today's where that day had none. A few questions a date, whatever the number of people."""
    found = []
    for date_ in sorted({each.day for each in days}):
        own = [each for each in days if each.day == date_]
        direct = superiors((each.person_id for each in own), date_)
        direct |= superiors({each.person_id for each in own} - direct.keys(), today)
        above = superiors(direct.values(), date_)
        for each in own:
            upper = above.get(direct.get(each.person_id, 0))
            found.append((each, (direct.get(each.person_id), upper if upper != each.person_id else None)))
    return found
