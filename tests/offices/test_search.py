"""What a search forgives, and which of the offices found comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.offices import listing, search, spelling
from portal.offices.listing import Filters
from portal.offices.models import Office
from tests import make

pytestmark = pytest.mark.usefixtures("database")

AT = make.local("2020-09-22T09:00")


def found(text: str, **filters) -> listing.Page:
    return listing.found(Filters(text, **filters), at=AT, number=1, size=20)


def names(text: str, **filters) -> list[str]:
    return [row["name"] for row in found(text, **filters).rows]


@pytest.mark.parametrize("typed", ["klp gading", "kec. Klp Gading", "kelapagading", "gading kelapa", "camat kelapa gading", "Kelápa  Gáding"])
def test_abbreviations_joined_words_order_and_accents_are_forgiven(typed: str):
    make.office("Kantor Kecamatan Kelapa Gading")
    make.office("Kantor Kecamatan Kelapa Dua")
    assert (names(typed), found(typed).is_guess) == (["Kantor Kecamatan Kelapa Gading"], False)


@pytest.mark.parametrize("typed", ["menten", "mentang", "mennteng", "metneng", "meteng", "kelurahan mentang"])
def test_one_wrong_letter_is_forgiven(typed: str):
    make.office("Kantor Kelurahan Menteng")
    assert names(typed) == ["Kantor Kelurahan Menteng"]


def test_what_was_corrected_is_said_to_be_a_guess():
    make.office("Kantor Kelurahan Menteng")
    assert found("mentang").is_guess
    assert not found("menteng").is_guess


def test_a_wrong_letter_beside_a_word_that_another_office_has_is_forgiven_too():
    make.office("Kantor Kelurahan Tebet Timur")
    make.office("Kantor Kelurahan Tebat")
    assert names("tebat timur")[0] == "Kantor Kelurahan Tebet Timur"


def test_words_of_three_letters_are_not_corrected_to_anything():
    make.office("Kantor Kelurahan Jat")
    assert names("kat") == []


def test_a_name_split_in_two_finds_the_one_written_as_one_and_the_other_way_round():
    make.office("Kantor Kecamatan Karanganyar")
    make.office("Kantor Kelurahan Karang Anyar")
    assert set(names("karang anyar")) == set(names("karanganyar")) == {"Kantor Kecamatan Karanganyar", "Kantor Kelurahan Karang Anyar"}
    assert names("kec karang anyar") == ["Kantor Kecamatan Karanganyar"]
    assert names("kel karanganyar") == ["Kantor Kelurahan Karang Anyar"]


def test_who_takes_a_desa_for_a_kelurahan_finds_it():
    make.office("Kantor Desa Sukamaju")
    assert names("kelurahan sukamaju") == ["Kantor Desa Sukamaju"]
    make.office("Kantor Kelurahan Sukamaju")
    assert names("kelurahan sukamaju") == ["Kantor Kelurahan Sukamaju"]


def test_whose_name_stands_whole_among_the_words_comes_before_those_that_only_lie_there():
    make.region("31", "Jakarta")
    make.region("31.71", "Kota Jakarta Pusat")
    make.region("31.71.06", "Menteng")
    for name in ("Kantor Kelurahan Cikini", "Kantor Kelurahan Menteng Dalam", "Kantor Kecamatan Menteng"):
        make.office(name, region="31.71.06")
    assert names("menteng jakpus")[0] == "Kantor Kecamatan Menteng"
    assert names("menteng dalam")[0] == "Kantor Kelurahan Menteng Dalam"
    assert names("menteng")[-1] == "Kantor Kelurahan Cikini"


def test_of_two_with_one_name_that_of_the_own_region_comes_first():
    for code in ("31", "31.71", "32", "32.73"):
        make.region(code)
    far, near = make.office("Kantor Kelurahan Karang Anyar", region="31.71"), make.office("Kantor Kelurahan Karang Anyar", region="32.73")
    assert [row["id"] for row in found("karang anyar", near="32.73").rows] == [near.id, far.id]
    assert [row["id"] for row in found("karang anyar", near="31").rows] == [far.id, near.id]
    assert [row["id"] for row in found("karang anyar", region="32.73").rows] == [near.id]


def test_of_two_with_one_name_the_open_one_comes_first():
    closed, is_open = make.office("Kantor Kelurahan Karang Anyar"), make.office("Kantor Kelurahan Karang Anyar")
    make.closure(closed, first="2020-09-22")
    assert [row["id"] for row in found("karang anyar").rows] == [is_open.id, closed.id]


def test_of_more_than_are_looked_at_the_exact_name_is_first_and_none_is_lost_or_told_twice():
    for number in range(search._LOOKED_AT + 30):
        make.office(f"Kantor Pos Nomor {number} Karang")
    make.office("Kantor Karang")
    pages = [listing.found(Filters("karang"), at=AT, number=number, size=50) for number in (1, 2, 3, 4)]
    ids = [row["id"] for page in pages for row in page.rows]
    assert pages[0].rows[0]["name"] == "Kantor Karang"
    assert len(ids) == len(set(ids)) == pages[0].count == search._LOOKED_AT + 31
    assert listing.found(Filters("karang"), at=AT, number=1, size=50, most=60).count == 60


def test_offices_that_the_index_lost_are_found_again():
    office = make.office("Kantor Hilang")
    column = "office_id" if search.is_postgres() else "rowid"
    search.database.execute_sql(f"DELETE FROM office_index WHERE {column} = {office.id}")
    assert names("hilang") == []
    assert (search.complete(), names("hilang")) == (1, ["Kantor Hilang"])


@given(st.text(alphabet="abckdeltns12. ", max_size=40))
def test_whatever_is_typed_the_index_can_be_asked_for_it(text: str):
    make.office("Kantor Kelurahan Abadi 2")
    assert Office.select().where(search.matching("abadi " + text)).count() <= Office.select().count()
    assert len(found(text).rows) <= 20


@given(st.text(alphabet="abcdefgh", min_size=4, max_size=12), st.integers(0, 11), st.sampled_from("xyz"))
def test_a_word_is_among_the_near_misses_of_what_was_typed_wrong(word: str, place: int, letter: str):
    wrong = word[:place] + letter + word[place + 1 :]
    assert word in spelling.near_misses(wrong)
    assert word in spelling.near_misses(word[:place] + letter + word[place:])
