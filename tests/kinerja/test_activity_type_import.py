"""Activity types from a file."""

import pytest

from portal.kinerja import activity_types
from portal.kinerja.activity_type_import import COLUMNS, take_activity_types
from portal.kinerja.models import ActivityType
from tests.kinerja.taking import File
from tests.make import ACT

pytestmark = pytest.mark.usefixtures("database")
GOOD = ("BERKAS,Memeriksa berkas,berkas,10,yes", "RAPAT,Rapat,rapat,90,no", "JAWAB,Menjawab surat,surat,10,")


@pytest.fixture
def file(tmp_path):
    return File(tmp_path, COLUMNS, take_activity_types)


def test_a_file_brings_types_and_twice_is_once(file):
    assert file.counts(*GOOD) == (3, 0, 0)
    assert file.counts(*GOOD) == (0, 0, 3)
    assert set(ActivityType.select(ActivityType.code, ActivityType.minutes, ActivityType.needs_evidence).tuples()) == {
        ("BERKAS", 10, True), ("RAPAT", 90, False), ("JAWAB", 10, False)}  # fmt: skip


def test_a_changed_line_changes_its_type_alone(file):
    file.taken(*GOOD)
    assert file.counts(GOOD[0], "RAPAT,Rapat,rapat,60,no") == (0, 1, 1)
    assert ActivityType.get(ActivityType.code == "RAPAT").minutes == 60


def test_a_dry_run_says_what_would_change_and_changes_nothing(file):
    assert file.counts(*GOOD, is_dry=True) == (3, 0, 0)
    assert ActivityType.select().count() == 0


def test_one_wrong_line_holds_up_the_whole_file_and_every_error_has_its_place(file):
    wrong = ("A,Nama,satuan,nol,yes", "B,Nama,satuan,0,yes", ",Nama,satuan,5,no", "C,,satuan,5,no", "D,Nama,satuan,5,ya", "BERKAS,Lagi,berkas,1,no")
    assert file.places(*GOOD, *wrong) == [(2, "code"), (5, "minutes"), (6, "minutes"), (7, "code"), (8, "name"), (9, "needs_evidence"), (10, "code")]
    assert ActivityType.select().count() == 0


def test_a_type_that_has_ended_stays_ended_and_the_file_is_told(file):
    file.taken(*GOOD)
    activity_types.end(ActivityType.get(ActivityType.code == "RAPAT"), **ACT)
    outcome = file.taken(*GOOD)
    assert [(warning.line, warning.column) for warning in outcome.warnings] == [(3, "code")]
    assert ActivityType.get(ActivityType.code == "RAPAT").ended_at is not None
