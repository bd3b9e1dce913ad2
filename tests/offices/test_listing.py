from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.offices import board, closures, listing, nearby, search
from portal.offices.listing import Filters
from portal.offices.models import Office
from tests import make

pytestmark = pytest.mark.usefixtures("database")

AT = make.local("2020-09-22T09:00")


def page(text: str = "", *, number: int = 1, size: int = 20, tops_only: bool = True, **filters: str) -> listing.Page:
    return listing.page(board.overview(AT), Filters(text, **filters), number=number, size=size, tops_only=tops_only)


def names(*given, **more) -> list[str]:
    return [row["name"] for row in page(*given, **more).rows]


def test_an_exact_name_comes_first_however_it_is_typed():
    for name in ("Kantor Kecamatan Menteng Dalam", "Kantor Kecamatan Menteng", "Pos Kantor Kecamatan Menteng"):
        make.office(name)
    for typed in ("Kantor Kecamatan Menteng", "  kantor   KECAMATAN menteng "):
        assert names(typed)[0] == "Kantor Kecamatan Menteng"
    assert names("kecamatan menteng kantor")[-1] == "Kantor Kecamatan Menteng Dalam"


def test_an_exact_name_with_capitals_beyond_ascii_comes_first():
    for name in ("École", "ÉCOLE", "ÉCOLE Indonésienne"):
        make.office(name)
    assert names("ÉCOLE")[0] == "ÉCOLE"


def test_accents_and_case_do_not_hide_an_office():
    make.office("Balai Désa Kañabàya")
    for typed in ("desa kanabaya", "DÉSA KAÑABÀYA", "dèsa", "kan"):
        assert names(typed) == ["Balai Désa Kañabàya"]


def test_a_search_finds_units_but_a_plain_list_shows_only_tops():
    office = make.office("Kantor Pajak")
    make.unit(office, "Kantor Pajak: Loket Reklame")
    assert names("reklame") == ["Kantor Pajak: Loket Reklame"]
    assert page("reklame").rows[0]["parent"] == office.slug
    assert names() == ["Kantor Pajak"]
    assert len(names(tops_only=False)) == 2


def test_offices_are_found_by_kind_and_by_the_regions_around_them():
    make.region("31", "Jakarta")
    make.region("31.71", "Kota Jakarta Pusat")
    make.office("Loket Satu", kind="imigrasi", region="31.71")
    assert names("imigrasi") == names("jakarta loket") == names("pusat") == ["Loket Satu"]


def test_where_no_office_has_all_words_those_with_some_are_a_guess():
    make.office("Kantor Camat Tebet")
    found = page("tebet antah berantah")
    assert (found.is_guess, [row["name"] for row in found.rows]) == (True, ["Kantor Camat Tebet"])
    assert page("antah berantah").rows == []
    assert not page("tebet").is_guess


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "a\0b",
        "'",
        '"',
        "''; DROP TABLE office; --",
        "kantor AND",
        "NOT",
        "a* OR b",
        "kantor:*",
        "NEAR(a b)",
        "& | ! ( )",
        "<->",
        "\\",
        "%",
        "_",
        "x" * 3000,
        "a " * 3000,
        "🏢",
        "\ud800",
        "kantor \ud83d",
        "²½ⅷ",
        "ª",
        "ـ",
        "١٢",
        "ﷺ",
        "İ",
        "ß",
        "a\u0301" * 100,
    ],
)
def test_any_text_is_safe_to_search_for(text: str):
    make.office("Kantor a")
    found = page(text)
    assert found.count == len(found.rows)
    assert found.pages == 1


@given(st.text(max_size=30))
def test_any_text_at_all_is_safe_to_search_for(text: str):
    found = page("kantor " + text)
    assert len(found.rows) <= 20


@given(st.text(min_size=1, max_size=20))
def test_an_office_is_found_by_its_own_name_whatever_the_letters(name: str):
    if search.folded(name) and name.isprintable():
        office = make.office(name)
        assert office.id in {id for (id,) in Office.select(Office.id).where(search.matching(name)).tuples()}


def test_an_office_renamed_is_found_by_its_new_name_only():
    office = make.office("Kantor Lama")
    search.index([(office.id, "Kantor Baru", "", None)])
    assert (names("lama"), names("baru")) == ([], ["Kantor Lama"])


def test_a_page_past_the_end_is_the_last_and_one_before_the_first_is_the_first():
    for number in range(5):
        make.office(f"Kantor Nomor {number}")
    last = page(number=999, size=2)
    assert (last.number, last.pages, last.count, len(last.rows)) == (3, 3, 5, 1)
    assert page(number=-3, size=2).number == 1
    assert page("nomor", number=999, size=2).number == 3
    every = [row["slug"] for number in (1, 2, 3) for row in page(number=number, size=2).rows]
    assert len(set(every)) == 5


def test_an_empty_list_is_one_empty_page():
    assert (page("tidakada", number=7).number, page("tidakada").pages, page("tidakada").count) == (1, 1, 0)
    assert page(number=7).rows == []


def test_a_region_is_itself_and_what_lies_below_never_what_only_begins_alike():
    for code in ("31", "31.7", "31.71", "31.71.01", "31.74"):
        make.region(code, level="wilayah")
        make.office(f"Kantor {code}", region=code)
    assert set(names(region="31.71")) == {"Kantor 31.71", "Kantor 31.71.01"}
    assert set(names(region="31.7")) == {"Kantor 31.7"}
    assert len(names(region="31")) == 5
    for wild in ("%", "31.7_", "3%", "_1"):
        assert names(region=wild) == []


def test_filters_hold_together():
    make.region("31")
    make.region("32")
    closed, beside, opened = (
        make.office("Kantor Tebet", region="31"),
        make.office("Kantor Tebet Timur", region="32"),
        make.office("Kantor Tebet Barat", region="31"),
    )
    make.closure(closed, beside)
    assert names("tebet", region="31", state="remote") == [closed.name]
    assert names(state="remote", region="32") == [beside.name]
    assert names(state="open") == [opened.name]
    assert names(state="entah") == []


def test_disrupted_offices_come_worst_first():
    remote, suspended, limited = make.office("A"), make.office("B"), make.office("C")
    make.closure(remote, make.unit(limited))
    make.closure(suspended, online=False)
    assert [row["name"] for row in listing.disrupted(board.overview(AT))] == ["B", "A", "C"]
    assert listing.disrupted(board.overview(AT), "31") == []


def test_coming_closures_stand_before_they_begin_with_the_offices_they_take():
    make.region("31")
    office = make.office(region="31")
    soon = make.closure(office, make.office(), first="2020-09-25")
    make.closure(first="2020-12-25")
    closures.withdraw(make.closure(first="2020-09-26"), reason="Salah.", by="kepala", now=AT)
    assert [(closure.id, len(offices)) for closure, offices in listing.coming(AT)] == [(soon.id, 2)]
    assert [[row["slug"] for row in offices] for _, offices in listing.coming(AT, "31")] == [[office.slug]]
    assert listing.coming(AT, "32") == []


def test_regions_are_counted_with_their_disrupted_offices():
    for code in ("31", "31.71", "31.74", "32"):
        make.region(code, name=f"Wilayah {code}")
    closed = make.office(region="31.71")
    make.office(region="31.71")
    make.office(region="32")
    make.closure(closed)
    seen = board.overview(AT)
    assert [(row["code"], row["count"], row["disrupted"]) for row in listing.by_region(seen, "", 2)] == [("31", 2, 1), ("32", 1, 0)]
    assert [(row["code"], row["count"]) for row in listing.by_region(seen, "31", 5)] == [("31.71", 2)]
    assert (listing.level(""), listing.level("31"), listing.level("31.71.01.1001")) == (2, 5, 13)


def test_a_map_of_many_offices_is_thinned_and_one_of_few_is_whole():
    for number in range(60):
        make.office(lat=-6.0 - number / 100, lon=106.8)
    make.office()
    assert len(listing.dots("")) == 60
    assert 10 <= len(listing.dots("", most=20)) <= 30


def test_nearby_are_offices_of_the_same_kind_that_serve_the_nearest_first():
    def at(name: str, lat: float, **facts) -> Office:
        return make.office(name, lat=lat, lon=106.8, kind=facts.pop("kind", "kelurahan"), **facts)

    here = at("Sini", -6.20)
    make.closure(at("Tutup", -6.21))
    part = at("Sebagian", -6.22)
    make.closure(make.unit(part, lat=-6.201, lon=106.8, kind="kelurahan"))
    at("Lain", -6.205, kind="polisi")
    at("Malam", -6.206, opening="Mo-Su 20:00-21:00")
    at("Dekat", -6.25)
    at("Jauh", -6.30)
    at("Luar", -8.30)
    row = listing.rows_of(Office.id == here.id).dicts().first()
    found = nearby.serving(row, AT)
    assert [(each["name"], state) for each, state, _ in found] == [("Sebagian", "limited"), ("Dekat", "open"), ("Jauh", "open")]
    assert [round(km, 1) for *_, km in found] == [2.2, 5.6, 11.1]
    assert nearby.serving({**row, "lat": None}, AT) == []
    assert nearby.serving({**row, "kind": ""}, AT) == []


def test_a_distance_is_measured_over_the_globe():
    assert nearby.distance_km(-6.2, 106.8, -6.2, 106.8) == 0
    assert nearby.distance_km(-6.1754, 106.8272, -7.2575, 112.7521) == pytest.approx(665, abs=5)
    assert nearby.distance_km(0, 179.5, 0, -179.5) == pytest.approx(111.2, abs=0.1)


def runs(office: Office, last: date = date(2020, 9, 30)) -> list[tuple[str, int, str]]:
    seen = board.paint([office.root_id], make.local("2020-06-01T00:00"), AT)
    first = last - timedelta(days=listing.STRIP_DAYS - 1)
    return [((first + timedelta(days=offset)).isoformat(), length, state) for offset, length, state in listing.strip(seen, seen.nodes[office.id], last)]


def test_a_strip_tells_the_disrupted_days_in_runs_each_by_its_worst():
    office = make.office()
    make.closure(office, first="2020-09-01", days=3)
    make.closure(office, first="2020-09-03", days=2, online=False)
    make.closure(make.unit(office), first="2020-09-10", days=1)
    make.closure(office, first="2020-09-29", days=9)
    assert runs(office) == [("2020-09-01", 2, "remote"), ("2020-09-03", 2, "suspended"), ("2020-09-10", 1, "limited"), ("2020-09-29", 2, "remote")]
    assert runs(make.office()) == []


def test_a_strip_begins_with_what_was_closed_before_it():
    office = make.office()
    make.closure(office, first="2020-06-01", days=35)
    assert runs(office) == [("2020-07-03", 3, "remote")]


def test_closures_between_two_moments_are_those_that_overlap_them_withdrawn_ones_too():
    make.region("31")
    office = make.office(region="31")
    before, within, open_ended = (make.closure(office, first=first, days=days) for first, days in (("2020-09-01", 3), ("2020-09-05", 3), ("2020-09-06", None)))
    gone = closures.withdraw(make.closure(make.unit(office), first="2020-09-07"), reason="Salah.", by="kepala", now=make.NOW - timedelta(days=30))
    make.closure(first="2020-09-07")
    start, end = make.local("2020-09-04T00:00"), make.local("2020-09-30T00:00")
    row = listing.rows_of(Office.id == office.id).dicts().first()
    assert [each.id for each in listing.closures_between(start, end, office=row)] == [within.id, open_ended.id, gone.id]
    assert before.id not in [each.id for each in listing.closures_between(start, end)]
    assert len(listing.closures_between(start, end, region="31")) == 3
    assert listing.closures_between(start, end, region="32") == []


def test_a_part_that_stays_open_has_none_of_the_closures_around_it_and_the_closed_part_has():
    hall = make.office()
    desk, post = make.unit(hall), make.unit(hall)
    whole = make.closure(hall, excepted=[post])
    part = make.closure(desk, first="2020-10-05")
    start, end = make.local("2020-01-01T00:00"), make.local("2021-01-01T00:00")

    def found(office) -> list:
        return listing.closures_between(start, end, office={"id": office.id, "root_id": office.root_id})

    assert (found(hall), found(desk), found(post)) == ([whole, part], [whole, part], [])
