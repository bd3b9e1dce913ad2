"""The words for what an administrator sets: roles, kinds of policies and their values, hours of a week."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date

from portal.offices import hours
from portal.offices.closures import REASONS
from portal.people import roles
from portal.policies import CLOSURE_MINIMUM, CLOSURE_REASONS, CLOSURE_REVIEW, REDUCED_HOURS, SECOND_FACTOR, Policy
from portal.views.language import hours_words, language, say
from portal.words import Sentence, later

ROLES = {
    roles.EMPLOYEE: later("Pegawai"),
    roles.SUPERVISOR: later("Atasan langsung"),
    roles.OFFICER: later("Petugas layanan"),
    roles.HEAD: later("Kepala kantor"),
    roles.CRISIS: later("Tim Penanganan"),
    roles.PPK: later("PPK"),
    roles.GUARD: later("Petugas jaga"),
    roles.ADMIN: later("Administrator"),
    roles.AUDITOR: later("Auditor"),
}
POLICIES = {
    REDUCED_HOURS: later("Jam layanan dikurangi"),
    CLOSURE_MINIMUM: later("Lama penutupan paling singkat"),
    CLOSURE_REVIEW: later("Peninjauan penutupan tanpa tanggal selesai"),
    CLOSURE_REASONS: later("Sebab penutupan yang dapat dipilih"),
    SECOND_FACTOR: later("Peran yang wajib memakai kode masuk kedua"),
}
_MONDAY = date(2024, 1, 1)


def value_words(policy: Policy) -> str:
    """What a policy sets, as one reads it."""
    value: dict[str, Any] = policy.value
    match policy.kind:
        case "reduced_hours":
            return say(Sentence("Hanya {hours}", hours=hours_words(hours.text_of(hours.parse_times(value["hours"])))))
        case "closure_minimum":
            return say(Sentence("{hours} jam untuk: {reasons}", hours=value["hours"], reasons=_list(REASONS, value["reasons"])))
        case "closure_review":
            return say(Sentence("{days} hari sesudah mulai", days=value["days"]))
        case "closure_reasons":
            return _list(REASONS, value["reasons"])
        case "second_factor":
            return _list(ROLES, value["roles"])
    return ""


def week_words(text: str) -> list[tuple[str, str]]:
    """Weekly hours in words, days with the same hours together: («Senin–Kamis», «08.00–16.00»)."""
    week = hours.parse(text)
    runs = [(list(run), intervals) for intervals, run in groupby(range(7), key=lambda day: week.days[day])]
    said = [(_days(run[0], run[-1]), _intervals(intervals)) for run, intervals in runs]
    return [*said, (say(later("Hari libur")), _intervals(week.holiday))]


def _intervals(intervals: hours.Minutes) -> str:
    return hours_words(hours.text_of(intervals)) if intervals else say(later("tutup"))


def _days(first: int, last: int) -> str:
    names = [format_date(_MONDAY + timedelta(days=day), "EEEE", locale=language()) for day in sorted({first, last})]
    return "–".join(names)


def _list(words: dict[str, str], codes: list[str]) -> str:
    return "; ".join(say(words.get(code, code)) for code in codes)
