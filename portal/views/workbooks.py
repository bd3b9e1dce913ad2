"""Tables that people take along as an Excel workbook: written row by row to a file on disk, every text as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Response

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 64 * 1024
_NARROW, _WIDE = 14, 44


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the heads of its columns, its rows; the numbers of the columns that hold long texts."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]
    wide: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a file without a name that stands at its beginning; memory holds one row of it."""
    import xlsxwriter  # only where it is used: a server that needs it seldom starts faster and smaller without

    out = TemporaryFile()  # noqa: SIM115  (open until the answer is sent)
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name[:31]), sheet, bold)
    out.seek(0)
    return out


def sent(out: IO[bytes], name: str) -> Response:
    """The file as an answer, read piece by piece and then gone."""
    answer = Response(_pieces(out), mimetype=_TYPE, headers={"Content-Disposition": f"attachment; filename={name}"}, direct_passthrough=True)
    answer.call_on_close(out.close)
    return answer


def _write(page: Any, sheet: Sheet, bold: Any) -> None:
    page.freeze_panes(1, 0)
    for column in range(len(sheet.heads)):
        page.set_column(column, column, _WIDE if column in sheet.wide else _NARROW)
    page.write_row(0, 0, sheet.heads, bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _put(page, number, column, value)


def _put(page: Any, row: int, column: int, value: Any) -> None:
    """A number as a number, a day as a day, everything else as text, whatever sign it begins with."""
    match value:
        case bool() | None | "":
            page.write_string(row, column, str(value or ""))
        case int() | float():
            page.write_number(row, column, value)
        case datetime() | date():
            page.write_datetime(row, column, value)
        case _:
            page.write_string(row, column, str(value))


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    while piece := out.read(_CHUNK):
        yield piece
