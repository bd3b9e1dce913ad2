"""What is offered while one types: one's own activities and, without names, those of the unit."""

from datetime import timedelta

import pytest

from portal.kinerja import logs, suggestions
from tests import make
from tests.make import MONDAY, MONDAY_EVENING


@pytest.fixture
def team(database):
    return make.team()


def write(who, text, starts="08:00", ends="09:00", back=0, **facts):
    return make.entry(who, starts, ends, day=MONDAY - timedelta(days=back), now=MONDAY_EVENING, description=text, **facts)


def test_what_one_does_most_often_comes_first_as_it_was_written_last(team):
    write(team.author, "Rapat", back=1)
    write(team.author, "Surat", back=1, starts="10:00", ends="11:00", unit="surat")
    write(team.author, "Surat", back=0, unit="lembar", place="wfh")
    found = suggestions.own(team.author, MONDAY)
    assert [(each.description, each.unit, each.place) for each in found] == [("Surat", "lembar", "wfh"), ("Rapat", "berkas", "wfo")]


def test_what_is_older_than_sixty_days_taken_out_or_of_another_is_not_offered(team):
    write(team.author, "Lama", back=61)
    write(team.colleague, "Milik Budi")
    logs.remove(write(team.author, "Dihapus"), 0, now=MONDAY_EVENING)
    assert suggestions.own(team.author, MONDAY) == []


def test_the_unit_is_searched_from_three_letters_on_in_any_case(team):
    write(team.colleague, "Rapat KOORDINASI")
    write(make.team().author, "Koordinasi di kantor lain")
    write(team.author, "Koordinasi sendiri")
    assert [each.description for each in suggestions.of_unit(team.author, team.office, " koor ", MONDAY)] == ["Rapat KOORDINASI"]
    assert suggestions.of_unit(team.author, team.office, "ko", MONDAY) == []


def test_signs_with_a_meaning_in_searches_are_letters(team):
    write(team.colleague, "Serapan 100% anggaran_2020")
    assert suggestions.of_unit(team.author, team.office, "%%%", MONDAY) == []
    assert len(suggestions.of_unit(team.author, team.office, "100% ang", MONDAY)) == 1
    assert suggestions.of_unit(team.author, team.office, "a_ggaran", MONDAY) == []


def test_of_the_unit_no_targets_and_no_more_than_a_list_can_hold(team):
    for number in range(20):
        write(team.colleague, f"Rapat nomor {number}", f"{number:02}:00", f"{number:02}:30")
    found = suggestions.of_unit(team.author, team.office, "rapat", MONDAY)
    assert len(found) == 12
    assert {(each.target_id, each.type_id) for each in found} == {(None, None)}
