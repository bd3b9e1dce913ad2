"""Tables that people take along as CSV."""

import csv
import io
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_NEXT_CELL = re.compile(r"([;\t][\s\"']*)(?=[=+@-])")  # where Indonesian settings, to which a semicolon parts cells, would see a formula begin


def guarded(value: str) -> str:
    """A cell that a spreadsheet takes as text: what looks like a formula, also behind blanks, gets an apostrophe; plain numbers stay."""
    looks_so = value.lstrip(" ")[:1] in {"=", "+", "-", "@"} or value[:1] in {"\t", "\r", "\n"}
    if ";" in value or "\t" in value:
        value = _NEXT_CELL.sub(r"\1'", value)
    return "'" + value if looks_so and not _NUMBER.fullmatch(value) else value


def line(cells: Iterable[str]) -> bytes:
    """One line of a CSV file in UTF-8, every cell guarded."""
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode()
