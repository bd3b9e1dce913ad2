"""CSV from outside: read whole, refused with line and column, or taken."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.refusals import is_storable
from portal.words import Sentence

MOST_LINES = 200_000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file, with its place; line 0 is the file as a whole."""

    line: int
    column: str
    sentence: Sentence


class Problems(Exception):
    """A file that was refused, with all that is wrong in it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """One row of a file: where it begins, and its trimmed values by column."""

    number: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def problem(self, column: str, sentence: Sentence) -> Problem:
        return Problem(self.number, column, sentence)

    def day(self, column: str, wrong: list[Problem], *, may_be_empty: bool = False) -> date | None:
        """The day that stands in a column, as 2020-09-20; what is none goes to `wrong`."""
        if may_be_empty and not self[column]:
            return None
        try:
            found = date.fromisoformat(self[column])
            if 1945 <= found.year <= 2200 and len(self[column]) == len("2020-09-20"):
                return found
        except ValueError:
            pass
        wrong.append(self.problem(column, Sentence("{value} bukan tanggal. Contoh: 2020-09-20.", value=self[column] or "''")))
        return None


def read(path: Path, *, required: Iterable[str], optional: Iterable[str] = ()) -> list[Line]:
    """The rows of a UTF-8 CSV file with a header; Problems if it is no such file, lacks a column or has an unknown one."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problems([Problem(line, "", Sentence("Berkas ini bukan UTF-8."))]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _lines(reader, list(required), list(optional))
    except csv.Error as error:
        raise Problems([Problem(reader.line_num, "", Sentence("Bukan CSV yang benar: {error}.", error=str(error)))]) from None


def _lines(reader, required: list[str], optional: list[str]) -> list[Line]:  # type: ignore[no-untyped-def]
    header = [name.strip() for name in next(reader, [])]
    wrong = [Problem(1, name, Sentence("Kolom ini tidak ada.")) for name in required if name not in header]
    wrong += [Problem(1, name, Sentence("Kolom ini tidak dikenal.")) for name in header if name not in (*required, *optional)]
    wrong += [Problem(1, name, Sentence("Kolom ini ada dua kali.")) for name in set(header) if header.count(name) > 1]
    if wrong:
        raise Problems(wrong)
    lines, number = [], reader.line_num + 1
    for row in reader:
        if row and len(row) != len(header):
            wrong.append(Problem(number, "", Sentence("Ada {count} kolom, seharusnya {expected}.", count=len(row), expected=len(header))))
        elif any(row):
            lines.append(Line(number, {name: value.replace("\r\n", "\n").strip() for name, value in zip(header, row, strict=True)}))
            wrong += [lines[-1].problem(name, Sentence("Ada tanda yang tidak dapat disimpan.")) for name in header if not is_storable(lines[-1][name])]
        number = reader.line_num + 1
    if wrong:
        raise Problems(wrong)
    if len(lines) > MOST_LINES:
        raise Problems([Problem(0, "", Sentence("Terlalu banyak baris: paling banyak {most}. Bagi berkasnya.", most=MOST_LINES))])
    return lines
