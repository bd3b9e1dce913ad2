"""To whom a day goes: the superior of that day, the superior's superior, and those who stand in for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal.db import Question, locked, slots, transaction
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


_LEFT = Question(lambda count: Person.select(Person.id).where(Person.id.in_(slots("people", count)), Person.ended_at.is_null(False)), many="people")


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


def escalation(has_left: bool, office: int, calendar: WorkingDays, submitted_at: datetime) -> datetime | None:
    """From when on the superior's superior may decide: at once where the superior's account has ended."""
    return submitted_at if has_left else calendar.escalation(office, calendar.today(office, submitted_at))


def left(people: Iterable[int | None]) -> set[int]:
    """Those of these people whose accounts have ended."""
    ids = [each for each in people if each is not None]
    return {id for (id,) in _LEFT.rows(people=ids)} if ids else set()


def waiting_for(superior: Person) -> set[int]:
    """Those whose submitted days lie with a superior."""
    rows = WorkDay.select(WorkDay.person).where(WorkDay.supervisor == superior, WorkDay.state == SUBMITTED)
    return {person for (person,) in rows.distinct().tuples()}


def reroute(people: Iterable[int], *, now: datetime) -> int:
    """Send what waits to those who vouch for it by the postings and accounts as they stand; how many days moved."""
    with transaction():
        waiting = list(locked(WorkDay.select().where(WorkDay.state == SUBMITTED, WorkDay.person.in_(list(people) or [0])).order_by(WorkDay.id)))
        routes = _routes(waiting, now.date())
        gone = left(supervisor for _, (supervisor, _) in routes)
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


def find_supervisors(*, now: datetime) -> int:
    """Send what waits for nobody to those who vouch for it by now; how many days found somebody."""
    lost = WorkDay.select(WorkDay.person).where(WorkDay.state == SUBMITTED, WorkDay.supervisor.is_null()).distinct().tuples()
    return reroute([person for (person,) in lost], now=now)


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
