"""The words for what an administrator sets: roles, kinds of policies and their values, hours of a week."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from portal.offices import hours
from portal.offices.closures import REASONS
from portal.people import roles
from portal.policies import (
    APPOINTMENTS,
    CAPACITY_CAP,
    CLOSURE_MINIMUM,
    CLOSURE_REASONS,
    CLOSURE_REVIEW,
    LETTER_QUARANTINE,
    LOG_DEADLINE,
    MONTH_CLOSING,
    NEWS_RETENTION,
    OBJECTION_DEADLINE,
    REDUCED_HOURS,
    REQUEST_RETENTION,
    SECOND_FACTOR,
    VALIDATION_DEADLINE,
    WORK_WEEK,
    Policy,
)
from portal.services.appointments import USUAL
from portal.views.language import dated, hours_words, say
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
    NEWS_RETENTION: later("Penyimpanan langganan kabar"),
    SECOND_FACTOR: later("Peran yang wajib memakai kode masuk kedua"),
    WORK_WEEK: later("Hari dan beban kerja"),
    LOG_DEADLINE: later("Batas mengajukan log harian"),
    VALIDATION_DEADLINE: later("Batas atasan memutuskan"),
    MONTH_CLOSING: later("Penutupan bulan"),
    OBJECTION_DEADLINE: later("Batas mengajukan keberatan"),
    APPOINTMENTS: later("Janji temu di loket"),
    CAPACITY_CAP: later("Batas pegawai di kantor"),
    LETTER_QUARANTINE: later("Karantina surat dari kotak surat"),
    REQUEST_RETENTION: later("Penyimpanan data pribadi permohonan"),
}
WEEKDAYS = dict(zip(hours.DAYS, (later("Senin"), later("Selasa"), later("Rabu"), later("Kamis"), later("Jumat"), later("Sabtu"), later("Minggu")), strict=True))
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
        case "news_retention":
            return say(Sentence("{days} hari sejak berhenti", days=value["days"]))
        case "second_factor":
            return _list(ROLES, value["roles"])
        case "work_week":
            return say(Sentence("{minutes} menit sehari, {days}", minutes=value["minutes"], days=weekday_words(value["days"])))
        case "log_deadline":
            return say(Sentence("akhir hari kerja ke-{days} sesudah harinya", days=value["days"]))
        case "validation_deadline":
            return say(Sentence("akhir hari kerja ke-{days} sesudah diajukan", days=value["days"]))
        case "month_closing":
            return say(Sentence("akhir hari kerja ke-{days} di bulan berikutnya", days=value["days"]))
        case "objection_deadline":
            return say(Sentence("akhir hari kerja ke-{days} sesudah keputusan", days=value["days"]))
    return _of_services(policy.kind, value)


def _of_services(kind: str, value: dict[str, Any]) -> str:
    match kind:
        case "appointments":
            told = {**USUAL, **value}
            return say(Sentence("{minutes} menit tiap janji, sampai {days} hari ke depan; {share}% sehari untuk janji yang dipindah", **told))
        case "capacity_cap":
            return say(Sentence("{percent}% pegawai pada saat yang sama", percent=value["percent"]))
        case "letter_quarantine":
            return say(Sentence("{hours} jam sejak diambil", hours=value["hours"]))
        case "request_retention":
            return say(Sentence("{months} bulan sejak ditutup", months=value["months"]))
    return ""


def weekday_words(days: list[str]) -> str:
    """Days of the week as one says them: Senin–Jumat; Senin–Kamis, Sabtu."""
    known = sorted(list(hours.DAYS).index(day) for day in days)
    runs = [[number for _, number in run] for _, run in groupby(enumerate(known), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(_days(run[0], run[-1]) for run in runs)


def week_words(text: str) -> list[tuple[str, str]]:
    """Weekly hours in words, days with the same hours together: («Senin–Kamis», «08.00–16.00»)."""
    week = hours.parse(text)
    runs = [(list(run), intervals) for intervals, run in groupby(range(7), key=lambda day: week.days[day])]
    said = [(_days(run[0], run[-1]), _intervals(intervals)) for run, intervals in runs]
    return [*said, (say(later("Hari libur")), _intervals(week.holiday))]


def _intervals(intervals: hours.Minutes) -> str:
    return hours_words(hours.text_of(intervals)) if intervals else say(later("tutup"))


def _days(first: int, last: int) -> str:
    names = [dated(_MONDAY + timedelta(days=day), "EEEE") for day in sorted({first, last})]
    return "–".join(names)


def _list(words: dict[str, str], codes: list[str]) -> str:
    return "; ".join(say(words.get(code, code)) for code in codes)
