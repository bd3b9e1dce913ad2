"""Where somebody works on a day, as far as the portal knows: at home while the office is closed, away on field duty, else at the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.kinerja.models import FIELD, WFH, WFO
from portal.offices.closed_days import ClosedDays


@dataclass(frozen=True)
class Proposal:
    """The place that a day begins with, and the cause of the closure that it follows from, if one does."""

    place: str
    cause: str = ""


def proposed(nodes: Sequence[int], day: date, zone: ZoneInfo, *, is_on_duty: bool) -> Proposal:
    """The place for a day: field duty comes first, then a closure of the office; nodes run from the office upwards. One question."""
    if is_on_duty:
        return Proposal(FIELD)
    causes = list(ClosedDays({nodes[0]: (zone, nodes)}, day, day).closures(nodes[0], day).values())
    return Proposal(WFH, causes[0]) if causes else Proposal(WFO)
