"""What waits for me today."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from peewee import fn

from portal import outbox
from portal.offices import postings
from portal.offices.models import Closure, ClosureMark
from portal.offices.staff import Correction
from portal.outbox import FAILED, Letter
from portal.people import roles
from portal.views.access import Visitor, allow, me
from portal.views.language import zone_now

bp = Blueprint("home", __name__)
_SOON = timedelta(days=1)


@bp.get("/beranda")
@allow("own_account")
def today() -> str:
    who = me()
    tasks = [(what, count) for what, count in _tasks(who) if count]
    running = _running(who).count() if who.may("see_closures") else 0
    return render_template("home/today.html", who=who, tasks=tasks, running=running, posting=who.workplace, now=zone_now(who.now))


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
        yield "call", outbox.calls(own).count()


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
