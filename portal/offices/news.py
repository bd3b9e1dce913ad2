"""What subscribers are told of closures, as it stands when a round is made: the occasion, and the facts that the page shows too."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.offices import board, declared
from portal.offices.closures import ENDED, WITHDRAWN, status
from portal.offices.declared import Record
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Office
from portal.offices.state import REMOTE, SUSPENDED, Outlook, Picture

DECLARED, LONGER, TOMORROW, SHORTER, REOPENED, TAKEN_BACK = "declared", "longer", "tomorrow", "shorter", "reopened", "withdrawn"
OCCASIONS = (DECLARED, LONGER, TOMORROW, SHORTER, REOPENED, TAKEN_BACK)  # what somebody must know first stands first
_SHOWN = 10  # offices of one closure by name
_FAR = datetime.max.replace(tzinfo=UTC)
_ONE = timedelta(days=1)
Place = tuple[int, str, str, int]  # office, slug, name, top of its tree


@dataclass(frozen=True)
class Turn:
    """A closure that a day has changed, without an act: it begins tomorrow, or it has ended."""

    closure: int
    what: str
    key: str


@dataclass(frozen=True)
class Item:
    """News of one closure."""

    closure: int
    occasion: str
    facts: dict[str, Any]


def of(events: Iterable[ClosureEvent], turns: Iterable[Turn], *, now: datetime) -> list[Item]:
    """One item for each closure of which there is something to tell, as it stands now; several acts on it are one."""
    acts: dict[int, list[ClosureEvent]] = defaultdict(list)
    for event in events:
        acts[event.closure_id].append(event)
    turned = {turn.closure: turn.what for turn in turns}
    rows = Closure.select().where(Closure.id.in_([*acts, *turned] or [0]))
    told = [(closure, occasion) for closure in rows if (occasion := occasion_of(closure, acts[closure.id], turned.get(closure.id, ""), now))]
    told.sort(key=lambda each: (OCCASIONS.index(each[1]), each[0].starts_at, each[0].id))
    return _items(told, acts, now)


def occasion_of(closure: Closure, acts: list[ClosureEvent], turned: str, now: datetime) -> str:
    """What there is to tell of a closure after acts on it that nobody was told of, and a turn of the day; nothing where it all came to nothing."""
    is_new = any(act.what == "announced" for act in acts)
    if is_new and status(closure, now) in (WITHDRAWN, ENDED):
        return ""  # declared and gone before anybody was told
    if status(closure, now) == WITHDRAWN:
        return TAKEN_BACK if acts else ""
    if status(closure, now) == ENDED:
        return "" if acts and closure.ends_at < acts[0].at - _ONE else REOPENED  # a past end that was put right is no news
    if is_new:
        return DECLARED
    before, after = (acts[0].ends_before or _FAR, closure.ends_at or _FAR) if acts else (_FAR, _FAR)
    if before != after:
        return LONGER if after > before else SHORTER
    return turned or (LONGER if acts and closure.ends_at is None else "")  # still without an end, with a new day of review


def facts_of(record: Record) -> dict[str, Any]:
    """What letters say of a closure, as rows keep it: moments and days in ISO, the first offices by name."""
    closure = record.closure
    return {
        "reason": closure.reason, "starts": closure.starts_at.isoformat(), "ends": closure.ends_at.isoformat() if closure.ends_at else None,
        "zone": closure.timezone, "is_whole_days": closure.is_whole_days, "review_on": closure.review_on.isoformat() if closure.review_on else None,
        "offices": record.taken[:_SHOWN], "more": max(0, len(record.taken) - _SHOWN), "excepted": [name for _, name in record.excepted],
        "services": record.services, "boxes": record.boxes,
        "detours": [[each.service, each.slug, each.place, _iso(each.first_day), _iso(each.last_day)] for each in record.instead],
        "online": closure.online, "dropbox": closure.dropbox, "note": closure.note,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _items(told: list[tuple[Closure, str]], acts: dict[int, list[ClosureEvent]], now: datetime) -> list[Item]:
    records = declared.records([closure for closure, _ in told], now)
    places = _places([closure.id for closure, _ in told])
    picture = board.paint({place[3] for found in places.values() for place in found}, now, now) if places else Picture({})
    items = []
    for record, (closure, occasion) in zip(records, told, strict=True):
        was = acts[closure.id][0].ends_before if acts[closure.id] and occasion in (LONGER, SHORTER) else None
        facts = {**facts_of(record), "was": was.isoformat() if was else None}
        items.append(Item(closure.id, occasion, {**facts, **_after(record, places.get(closure.id, []), picture, now)}))
    return items


def _places(closures: list[int]) -> dict[int, list[Place]]:
    """The first offices that each closure takes."""
    found: dict[int, list[Place]] = defaultdict(list)
    rows = ClosureMark.select(ClosureMark.closure, Office.id, Office.slug, Office.name, Office.root_id).join(Office)
    for closure, *place in rows.where(ClosureMark.closure.in_(closures or [0]), ~ClosureMark.is_excepted).order_by(Office.name, Office.id).tuples():
        if len(found[closure]) < _SHOWN:
            found[closure].append(tuple(place))
    return found


def _after(record: Record, places: list[Place], picture: Picture, now: datetime) -> dict[str, Any]:
    """When the counters serve again, where it is the same for all; and which stay closed, by another closure, although this one is over."""
    if record.services:
        return {"reopens": None, "serves": False, "still": []}
    is_over = record.status in (ENDED, WITHDRAWN)
    at = now if is_over else max(now, record.closure.starts_at)
    seen = [(name, picture.outlook(picture.nodes[id], at)) for id, _, name, _ in places]
    still = [name for name, outlook in seen if is_over and _is_shut(outlook)]
    moments = {outlook.reopens_at for _, outlook in seen}
    reopens = moments.pop() if len(moments) == 1 else None
    return {"reopens": reopens.isoformat() if reopens else None, "serves": all(outlook.condition.channels.counter for _, outlook in seen), "still": still}


def reopens(record: Record, now: datetime) -> datetime | None:
    """When the counters that a closure takes serve again, where that is known and the same for all of them."""
    places = [] if record.closure.ends_at is None or record.status in (ENDED, WITHDRAWN) else _places([record.closure.id]).get(record.closure.id, [])
    if not places or len(places) < len(record.taken):
        return None
    found = _after(record, places, board.paint({place[3] for place in places}, now, now), now)["reopens"]
    return datetime.fromisoformat(found) if found else None


def _is_shut(outlook: Outlook) -> bool:
    return outlook.state in (REMOTE, SUSPENDED)
