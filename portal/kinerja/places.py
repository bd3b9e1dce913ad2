"""Where somebody works on a day, as far as the portal knows: at home while the office is closed, away on field duty, else at the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.kinerja.models import FIELD, WFH, WFO
from portal.offices.models import Closure, ClosureMark


@dataclass(frozen=True)
class Proposal:
    """The place that a day begins with, and the cause of the closure that it follows from, if one does."""

    place: str
    cause: str = ""


def proposed(nodes: Sequence[int], day: date, zone: ZoneInfo, *, is_on_duty: bool) -> Proposal:
    """The place for a day: field duty comes first, then a closure of the office; nodes run from the office upwards. One question."""
    cause = closing(nodes, day, zone)
    if is_on_duty:
        return Proposal(FIELD)
    return Proposal(WFH, cause) if cause else Proposal(WFO)


def closing(nodes: Sequence[int], day: date, zone: ZoneInfo) -> str:
    """The cause of the first closure that takes an office on some part of a local day; the nearest mark upwards decides. Nothing where none does."""
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    holds = (Closure.starts_at < ends) & (Closure.ends_at.is_null() | (Closure.ends_at > begins)) & Closure.withdrawn_at.is_null()
    columns = (Closure.id, Closure.reason, ClosureMark.office, ClosureMark.is_excepted)
    rows = ClosureMark.select(*columns).join(Closure).where(ClosureMark.office.in_(list(nodes)), holds).order_by(Closure.starts_at, Closure.id).tuples()
    nearest: dict[int, tuple[int, str, bool]] = {}
    for id, cause, office, is_excepted in rows:
        mark = (nodes.index(office), cause, is_excepted)
        nearest[id] = min(nearest.get(id, mark), mark)
    return next((cause for _, cause, is_excepted in nearest.values() if not is_excepted), "")
