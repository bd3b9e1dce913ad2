"""Days on which closures turn without anybody acting: the day before their first, and their end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.offices.models import Closure, NewsCause
from portal.offices.news import REOPENED, TOMORROW, Turn

NEWS_FOR = timedelta(days=7)  # what is older is no news any more, also for a worker that slept
FROM, UNTIL = 7, 21  # o'clock at the office: what the day brings is not written at night
_ONE = timedelta(days=1)


def turning(*, now: datetime) -> list[Turn]:
    """What is to be told at this hour and has not been taken up: closures that begin tomorrow, and those that have ended by themselves."""
    found = {turn.key: turn for turn in (*_beginning(now), *_ended(now))}
    known = NewsCause.select(NewsCause.key).where(NewsCause.key.in_(list(found) or [""])).tuples()
    return [found[key] for key in found.keys() - {key for (key,) in known}]


def ended_key(closure: Closure) -> str:
    """What keeps the end of a closure at one telling, whether it came by itself or by an act."""
    return f"ended {closure.id} {closure.ends_at.isoformat()}"


def _beginning(now: datetime) -> Iterator[Turn]:
    """Those that begin tomorrow; one that was declared today has been told today."""
    soon = (Closure.starts_at > now, Closure.starts_at <= now + 2 * _ONE, Closure.withdrawn_at.is_null())
    for closure in Closure.select().where(*soon):
        zone = ZoneInfo(closure.timezone)
        today, first = now.astimezone(zone).date(), closure.starts_at.astimezone(zone).date()
        if first == today + _ONE and closure.declared_at.astimezone(zone).date() < today and _is_day(closure, now):
            yield Turn(closure.id, TOMORROW, f"tomorrow {closure.id} {first}")


def _ended(now: datetime) -> Iterator[Turn]:
    """Those that are over; of one that was recorded when it was over already there is nothing to tell."""
    over = (Closure.ends_at <= now, Closure.ends_at > now - NEWS_FOR, Closure.ends_at > Closure.declared_at, Closure.withdrawn_at.is_null())
    for closure in Closure.select().where(*over):
        if _is_day(closure, now):
            yield Turn(closure.id, REOPENED, ended_key(closure))


def _is_day(closure: Closure, now: datetime) -> bool:
    return FROM <= now.astimezone(ZoneInfo(closure.timezone)).hour < UNTIL
