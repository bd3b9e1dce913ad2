"""Whose desk it is that is looked at, and whether a request lies on it."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import abort

from portal import clock
from portal.clock import midnight
from portal.db import Question, among
from portal.offices import postings
from portal.offices.models import Office
from portal.people import roles
from portal.refusals import Refused
from portal.services import inbox, requests
from portal.services.inbox import Desk
from portal.services.models import ServiceRequest
from portal.views.access import me

_MOST_OFFICES = 300
_NAMES = Question(lambda: Office.select(Office.name).where(among(Office.id, "tops")).order_by(Office.name))
OVER = (roles.OFFICER, roles.HEAD, roles.ADMIN)  # who answers for the requests of offices


def desk() -> Desk:
    """The desk of who is signed in: the offices over which a role of theirs holds, and all below them."""
    return Desk(postings.offices_under(me().standing, *OVER), me().person.id, me().now)


def names() -> list[str]:
    """The offices as whose desk it is known, by name; none where it is that of all offices."""
    tops = {office for role, office in me().standing.grants if role in OVER}
    return [] if None in tops else [name for (name,) in _NAMES.rows(tops=sorted(tops))]


def offices(own: Collection[int] | None) -> list[tuple[str, str]]:
    """The offices of a desk to choose from, as (slug, name); none where it is that of all: one then types the name."""
    if own is None:
        return []
    return list(Office.select(Office.slug, Office.name).where(Office.id.in_(list(own) or [0])).order_by(Office.name).limit(_MOST_OFFICES).tuples())


def on_desk(number: str) -> ServiceRequest:
    """The request of a number; for whom it is no business of there is none."""
    try:
        found = requests.find(number)
    except Refused:
        abort(404)
    return found if inbox.is_on(desk(), found) else abort(404)


def day_began(zone: ZoneInfo) -> datetime:
    """When the day of an office began."""
    return midnight(clock.now().astimezone(zone).date(), zone)
