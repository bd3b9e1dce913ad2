"""A person's month to take along: CSV for programs, a workbook for people. Both are handed on, so neither says why somebody was away."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from portal.kinerja import logs, recap
from portal.kinerja.days import STATES
from portal.kinerja.models import APPROVED, REJECTED
from portal.kinerja.recap import Month
from portal.views.language import say
from portal.views.recap_words import day_word, leave_words
from portal.views.sheets import line
from portal.views.workbooks import Sheet, sent, workbook
from portal.words import later

_SUMS = ("entries", "claimed", "effective", "approved")
_COLUMNS = ("day", "kind", "state", *_SUMS, "effective_wfo", "effective_wfh", "effective_field", "submitted_at", "late", "returned", "missing", "note")
_DAYS = (later("Tanggal"), later("Keadaan"), later("Kegiatan"), later("Menit diisi"), later("Menit diakui"), later("Menit disetujui"),
         later("Menit di kantor"), later("Menit di rumah"), later("Menit dinas luar"), later("Terlambat"), later("Dikembalikan"))  # fmt: skip
_ENTRIES = (later("Tanggal"), later("Mulai"), later("Selesai"), later("Kegiatan"), later("Rencana hasil kerja"), later("Jumlah"), later("Satuan"),
            later("Tempat"), later("Menit diakui"), later("Keadaan"), later("Bukti"), later("Catatan atasan"))  # fmt: skip


def csv(month: Month) -> Response:
    """Each day of the month with its sums: ISO dates, codes for words."""
    body = b"".join([line(_COLUMNS), *(line(map(str, row)) for row in _coded(month))])
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name_of(month)}.csv"})


def xlsx(month: Month, *, is_own: bool) -> Response:
    """Two sheets: the days, and the activities; what nobody submitted yet is for its author alone."""
    days = Sheet(say(later("Hari")), [say(each) for each in _DAYS], _days(month))
    written = Sheet(say(later("Kegiatan")), [say(each) for each in _ENTRIES], _entries(month, is_own), wide=(3, 4, 10, 11))
    return sent(workbook([days, written]), f"{name_of(month)}.xlsx")


def name_of(month: Month) -> str:
    return f"rekap-{month.person.identifier}-{month.first:%Y-%m}".replace(" ", "")


def _coded(month: Month) -> Iterator[list[Any]]:
    for each in month.days:
        row = each.row
        wfh, away = each.minutes("effective_wfh"), each.minutes("effective_field")
        note = each.note if each.kind == recap.HOLIDAY else say(leave_words(False)[each.note]) if each.note else ""
        yield [each.day.isoformat(), each.kind, each.state, *(each.minutes(name) for name in _SUMS), each.minutes("effective") - wfh - away, wfh, away,
               row.submitted_at.isoformat(timespec="seconds") if row and row.submitted_at else "", int(each.is_late), each.returned, int(each.is_missing),
               note]  # fmt: skip


def _days(month: Month) -> Iterator[list[Any]]:
    for each in month.days:
        wfh, away = each.minutes("effective_wfh"), each.minutes("effective_field")
        yield [each.day, day_word(each, False), *(each.minutes(name) for name in _SUMS), each.minutes("effective") - wfh - away, wfh, away,
               say(later("ya")) if each.is_late else "", each.returned or ""]  # fmt: skip


def _entries(month: Month, is_own: bool) -> Iterator[list[Any]]:
    """Activities one after the other, as the database gives them."""
    extra = say(later("Tugas tambahan"))
    for each in recap.entries(month.person, month.first, month.days[-1].day, also_drafts=is_own):
        state = each.state if each.state in {APPROVED, REJECTED} else each.work_day.state
        yield [each.work_day.day, clock_time(each.starts), clock_time(each.ends), each.description, each.target.title if each.target_id else extra,
               each.quantity, each.unit, say(logs.PLACES[each.place]), each.effective, say(STATES[state]), each.evidence_link, each.remark]  # fmt: skip


def clock_time(minute: int) -> str:
    """A minute of the day as a time: 510 is 08.30."""
    return f"{minute // 60:02}.{minute % 60:02}"
