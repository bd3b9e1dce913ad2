"""The month of many people to take along: rows go out as the database gives them, and never stand in memory together."""

from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

from portal.kinerja.unit_recap import FIGURES, Figures
from portal.people.models import Person
from portal.views.language import say
from portal.views.sheets import line
from portal.views.workbooks import Sheet, sent, workbook
from portal.words import later

Row = tuple[Person, Figures]
_COLUMNS = ("nip", "name", "missing", "effective_wfo", *FIGURES, "waits_since")
_HEADS = {
    "expected": later("Hari kerja sampai kini"),
    "missing": later("Belum diajukan"),
    "sent": later("Diajukan"),
    "approved_days": later("Disetujui"),
    "waiting": later("Menunggu atasan"),
    "to_mend": later("Dikembalikan"),
    "drafts": later("Masih draf"),
    "late": later("Terlambat diajukan"),
    "overdue": later("Atasan terlambat"),
    "entries": later("Kegiatan"),
    "claimed": later("Menit diisi"),
    "effective": later("Menit diakui"),
    "approved": later("Menit disetujui"),
    "effective_wfo": later("Menit di kantor"),
    "effective_wfh": later("Menit di rumah"),
    "effective_field": later("Menit dinas luar"),
    "wfo_days": later("Hari di kantor"),
    "wfh_days": later("Hari di rumah"),
    "field_days": later("Hari dinas luar"),
}


def taken(rows: Iterator[Row], kind: str, name: str) -> Response:
    """Everybody with their figures, as CSV (codes) or as a workbook (words)."""
    return _csv(rows, name) if kind == "csv" else _xlsx(rows, name)


def _csv(rows: Iterator[Row], name: str) -> Response:
    def lines() -> Iterator[bytes]:
        yield line(_COLUMNS)
        for person, figures in rows:
            yield line(_coded(person, figures))

    headers = {"Content-Disposition": f"attachment; filename={name}.csv"}
    return Response(stream_with_context(lines()), mimetype="text/csv", headers=headers, direct_passthrough=True)


def _xlsx(rows: Iterator[Row], name: str) -> Response:
    heads = [say(later("NIP")), say(later("Nama")), *(say(word) for word in _HEADS.values())]
    told: Iterator[list[Any]] = ([person.identifier, person.name, *(getattr(figures, each) for each in _HEADS)] for person, figures in rows)
    return sent(workbook([Sheet(say(later("Rekap")), heads, told, wide=(0, 1))]), f"{name}.xlsx")


def _coded(person: Person, figures: Figures) -> list[str]:
    since = figures.waits_since.isoformat(timespec="seconds") if figures.waits_since else ""
    return [person.identifier, person.name, *(str(getattr(figures, name)) for name in ("missing", "effective_wfo", *FIGURES)), since]
