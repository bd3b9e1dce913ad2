from pathlib import Path

import pytest

from portal import sheets
from portal.attendance import leave_import
from portal.attendance.models import Leave
from portal.audit import AuditEntry
from portal.offices import imports
from portal.sheets import Problems
from tests import make
from tests.make import ACT

pytestmark = pytest.mark.usefixtures("database")

HEADER = ",".join(leave_import.COLUMNS)


def take(folder: Path, *lines: str, is_dry: bool = False) -> imports.Outcome:
    file = folder / "leave.csv"
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return imports.run(leave_import.take_leave, sheets.read(file, required=leave_import.COLUMNS), is_dry=is_dry, progress=lambda done, total: None, **ACT)


def test_leave_comes_in_from_a_file_and_the_same_file_again_changes_nothing(tmp_path: Path):
    nip = make.person().identifier
    lines = (f"{nip},annual,2020-09-14,2020-09-16", f"{nip},sick,2020-09-21,2020-09-21")
    assert take(tmp_path, *lines, is_dry=True).added == 2
    assert Leave.select().count() == 0
    assert (take(tmp_path, *lines).added, take(tmp_path, *lines).same) == (2, 2)
    assert Leave.select().count() == AuditEntry.select().where(AuditEntry.act == "leave_entered").count() == 2


def test_every_error_in_leave_is_told_with_its_line_and_column_and_nothing_is_kept(tmp_path: Path):
    nip = make.person().identifier
    with pytest.raises(Problems) as caught:
        take(
            tmp_path,
            f"{nip},annual,2020-09-14,2020-09-16",
            f"{nip},annual,2020-09-16,2020-09-17",
            f"{nip},holiday,2020-10-01,2020-10-02",
            f"{nip},annual,2020-10-05,2020-10-04",
            "199901012020011001,annual,2020-10-05,kemarin",
            "?,annual,2020-10-05,2020-10-05",
        )
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [
        (3, "first_day"),
        (4, "kind"),
        (5, "last_day"),
        (6, "last_day"),
        (6, "nip"),
        (7, "nip"),
    ]
    assert Leave.select().count() == 0
