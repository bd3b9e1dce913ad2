"""What a day of a month is called, and how it looks: to its owner, and to those who vouch for it."""

from typing import Any

from portal.attendance import leave
from portal.kinerja import recap
from portal.kinerja.days import STATES
from portal.kinerja.models import APPROVED, REJECTED, RETURNED, SUBMITTED
from portal.kinerja.recap import Month, RecapDay
from portal.views.drawing import Cell, month_cells
from portal.views.language import gettext, say

LOOKS = {SUBMITTED: "limited", RETURNED: "suspended", APPROVED: "open", REJECTED: "suspended"}
_FULL, _HALF = 0.9, 0.5


def leave_words(is_own: bool) -> dict[str, str]:
    """Why somebody is away is told to nobody but themselves."""
    return leave.KINDS if is_own else leave.SHOWN_TO_SUPERIORS


def day_word(each: RecapDay, is_own: bool) -> str:
    """The state of a day in words; the same on the screen, on paper and in a workbook."""
    if each.state:
        return say(STATES[each.state])
    if each.kind == recap.AWAY:
        return say(leave_words(is_own)[each.note])
    if each.kind == recap.HOLIDAY:
        return gettext("Libur: %(name)s") % {"name": each.note}
    if each.kind in {recap.OFF, recap.UNPOSTED}:
        return gettext("Bukan hari kerja") if each.kind == recap.OFF else gettext("Belum atau tidak ditempatkan")
    if each.is_missing:
        return gettext("Belum diajukan, lewat batas")
    return "" if each.is_ahead else gettext("Belum diajukan")


def looks(month: Month) -> dict[Any, str]:
    """The colour of each day's state, by day."""
    return {each.day: "suspended" if each.is_missing and not each.state else LOOKS.get(each.state, "off") for each in month.days}


def heat_map(month: Month) -> tuple[list[Cell], int]:
    """The month as a calendar: the fuller a working day, the more ink."""
    return month_cells((each.day, _look(each), each.minutes("effective")) for each in month.days)


def _look(each: RecapDay) -> str:
    minutes = each.minutes("effective")
    if minutes:
        part = minutes / each.load if each.load else 1
        return "h3" if part >= _FULL else "h2" if part >= _HALF else "h1"
    if each.is_missing:
        return "gone"
    return "free" if each.kind == recap.WORK else "idle"
