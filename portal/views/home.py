"""What waits for me today."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, url_for
from peewee import fn

from portal import outbox
from portal.kinerja import objections, queue, threads
from portal.kinerja.days import away
from portal.kinerja.models import DRAFT, RETURNED, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices import postings
from portal.offices.models import Closure, ClosureMark
from portal.offices.staff import Correction
from portal.outbox import FAILED, Letter
from portal.people import roles
from portal.services import inbox
from portal.views import at_desk
from portal.views.access import Visitor, allow, me
from portal.views.language import zone_now

bp = Blueprint("home", __name__)
_SOON = timedelta(days=1)


@bp.get("/beranda")
@allow("own_account")
def today() -> str:
    who = me()
    work = [(what, count, address) for what, count, address in _work(who) if count]
    tasks = [(what, count) for what, count in _tasks(who) if count]
    requests = inbox.waiting(at_desk.desk()) if who.may("serve_requests") else (0, 0, 0)
    running = _running(who).count() if who.may("see_closures") else 0
    return render_template("home/today.html", who=who, tasks=tasks, work=work, requests=requests, running=running, posting=who.workplace, now=zone_now(who.now))


def _tasks(who: Visitor) -> Iterator[tuple[str, int]]:
    """What waits, by what one may do: of what, and how many."""
    if who.may("close_office"):
        yield "review", _to_review(who)
    if who.may("administer"):
        yield "correction", Correction.select().where(Correction.settled_at.is_null()).count()
    if who.may("see_letters"):
        yield "failed", Letter.select().where(Letter.state == FAILED).count()
    if who.may("call_people"):
        own = postings.offices_under(who.standing, roles.OFFICER, roles.HEAD, roles.ADMIN)
        yield "call", outbox.calls_left(own)


def _work(who: Visitor) -> Iterator[tuple[str, int, str]]:
    """What waits in e-kinerja, and where it is done: one's own days, those of one's people, and what was said about either."""
    if who.may("log_work"):
        own = WorkDay.select(WorkDay.day, WorkDay.state).where(WorkDay.person == who.person, (WorkDay.state == RETURNED) | (WorkDay.day == who.today))
        states = dict(own.order_by(WorkDay.day).tuples())
        returned = [day for day, state in states.items() if state == RETURNED]
        yield "returned", len(returned), url_for("kinerja.show", day=returned[0]) if returned else ""
        yield "today", int(states.get(who.today, DRAFT) == DRAFT and _works_today(who)), url_for("kinerja.today")
    if who.may("validate_work"):
        yield "validation", queue.waiting(who.person, who.today, who.now).count(), url_for("validation.queue")
        yield "objections", objections.waiting(who.person, who.today).count(), url_for("objections.overview")
    unread = threads.days_unread(who.person, who.today) if who.may("log_work", "validate_work") else []
    yield "messages", len(unread), _thread(unread[0], who) if unread else ""


def _thread(row: WorkDay, who: Visitor) -> str:
    is_own = row.person_id == who.person.id
    return url_for("kinerja.show", day=row.day, _anchor="percakapan") if is_own else url_for("validation.show", number=row.id, _anchor="percakapan")


def _works_today(who: Visitor) -> bool:
    """Whether today is a working day where one works, and one is not away."""
    if who.workplace is None:
        return False
    office = who.workplace["office"].id
    return WorkingDays.of([office], who.today, who.today, with_outages=False).is_working(office, who.today) and not away(who.person, who.today, who.today)


def _running(who: Visitor) -> Any:
    """Closures that hold now."""
    return Closure.select().where(Closure.withdrawn_at.is_null(), Closure.starts_at <= who.now, Closure.ends_at.is_null() | (Closure.ends_at > who.now))


def _to_review(who: Visitor) -> int:
    """How many closures of one's offices end within a day, or have come to the day on which they are looked at again."""
    ends_soon = Closure.ends_at.is_null(False) & (Closure.ends_at <= who.now + _SOON)
    due = ends_soon | (Closure.ends_at.is_null() & (Closure.review_on <= zone_now(who.now).date()))
    marks = ClosureMark.select(ClosureMark.closure).where(~ClosureMark.is_excepted)
    if who.closable is not None:
        marks = marks.where(ClosureMark.office.in_(list(who.closable) or [0]))
    return int(_running(who).select(fn.COUNT(Closure.id)).where(due, Closure.id.in_(marks)).scalar())
