"""Targets from a file."""

import pytest

from portal.kinerja import targets
from portal.kinerja.models import Target
from portal.kinerja.target_import import COLUMNS, take_targets
from portal.kinerja.targets import Wording
from tests import make
from tests.kinerja.taking import File
from tests.make import ACT

pytestmark = pytest.mark.usefixtures("database")
NIP = "197001012000011999"


@pytest.fixture
def file(tmp_path):
    make.person("Siti", NIP)
    return File(tmp_path, COLUMNS, take_targets)


def row(title="Surat terjawab", amount="600", state="agreed", nip=NIP, year="2020", unit="surat"):
    return f"{nip},{year},{title},Jumlah surat,{amount},{unit},{state}"


def kept():
    return [(each.title, each.amount, each.state, each.revises_id) for each in Target.select().order_by(Target.id)]


def test_a_file_brings_targets_and_twice_is_once(file):
    rows = row(), row("Permohonan selesai", "", "draft")
    assert file.counts(*rows) == (2, 0, 0)
    assert file.counts(*rows) == (0, 0, 2)
    assert kept() == [("Surat terjawab", 600, "agreed", None), ("Permohonan selesai", None, "draft", None)]


def test_other_facts_of_an_agreed_line_are_a_revision_that_replaces_it(file):
    file.taken(row())
    (old,) = Target.select()
    for counts in ((0, 1, 0), (0, 0, 1)):
        assert file.counts(row(amount="700")) == counts
    assert kept() == [("Surat terjawab", 600, "revised", None), ("Surat terjawab", 700, "agreed", old.id)]
    assert targets.chain(Target.get(Target.amount == 700)) == old.id


def test_a_draft_beside_an_agreed_line_waits_and_takes_its_place_once_the_file_calls_it_agreed(file):
    file.taken(row())
    for counts in ((0, 1, 0), (0, 0, 1)):
        assert file.counts(row(amount="700", state="draft")) == counts
    assert [each[2] for each in kept()] == ["agreed", "draft"]
    for counts in ((0, 1, 0), (0, 0, 1)):
        assert file.counts(row(amount="700")) == counts
    assert [each[2] for each in kept()] == ["revised", "agreed"]


def test_a_file_writes_a_draft_anew_and_calls_no_agreed_line_a_draft(file):
    file.taken(row(state="draft"))
    file.taken(row(amount="500", state="draft"))
    file.taken(row(amount="500"))
    assert file.counts(row(amount="500", state="draft")) == (0, 0, 1)
    assert kept() == [("Surat terjawab", 500, "agreed", None)]


def test_what_the_employee_proposed_is_the_same_line(file):
    person = make.team().author
    targets.propose(person, 2020, Wording("Surat terjawab", "Jumlah surat", "600", "surat"), **ACT)
    assert file.counts(row(nip=person.identifier)) == (0, 1, 0)
    assert [each[2] for each in kept()] == ["agreed"]


def test_one_wrong_line_holds_up_the_whole_file_and_every_error_has_its_place(file):
    wrong = row(nip="1"), row("B", year="20"), row(""), row("C", "banyak"), row("D", unit=""), row("E", state="setuju"), row("F"), row("F")
    places = [(3, "nip"), (4, "year"), (5, "title"), (6, "amount"), (7, "unit"), (8, "state"), (9, "title"), (10, "title")]
    assert file.places(row("A"), *wrong) == places
    assert Target.select().count() == 0


def test_one_year_does_not_touch_another_nor_one_person_the_next(file):
    other = make.person("Budi")
    file.taken(row(), row(nip=other.identifier), row(year="2021"))
    assert file.counts(row(amount="700")) == (0, 1, 0)
    assert [(each[1], each[2]) for each in kept()] == [(600, "revised"), (600, "agreed"), (600, "agreed"), (700, "agreed")]
