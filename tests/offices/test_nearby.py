import pytest

from portal.offices import nearby, regions
from tests import make
from tests.offices.taking import Take

pytestmark = pytest.mark.usefixtures("database")

AT = make.local("2020-09-22T09:00")
NIGHT = make.local("2020-09-22T23:00")
LINES = [
    "31,,provinsi,Jakarta,,",
    "31.71,31,kota,Kota Jakarta Pusat,,",
    "31.71.02,31.71,kecamatan,Sawah Besar,-6.1539,106.8332",
    "31.71.02.1002,31.71.02,kelurahan,Karang Anyar,-6.154,106.829",
    "31.71.02.1003,31.71.02,kelurahan,Kartini,,",
    "31.71.01,31.71,kecamatan,Gambir,-6.17,106.81",
]


@pytest.fixture
def town(take: Take) -> None:
    take("regions", LINES, with_offices=True)


def near(code: str, at=AT, only=nearby.TOP, **facts) -> list[tuple[str, bool, float, bool]]:
    found = nearby.from_region(code, only, at, **facts)
    return [(each.office["name"].removeprefix("Kantor "), each.is_serving, round(each.km, 1), each.is_about) for each in found]


def test_the_nearest_come_first_and_what_is_only_about_so_is_said(town):
    assert near("31.71.02.1002") == [
        ("Kelurahan Karang Anyar", True, 0.0, False),
        ("Kecamatan Sawah Besar", True, 0.5, False),
        ("Kelurahan Kartini", True, 0.5, True),
        ("Kecamatan Gambir", True, 2.8, False),
    ]


def test_from_a_region_without_a_place_of_its_own_all_is_about_so_and_its_own_office_is_first(town):
    assert near("31.71.02.1003")[0] == ("Kelurahan Kartini", True, 0.0, True)
    assert all(is_about for *_, is_about in near("31.71.02.1003"))


def test_those_that_serve_now_come_before_nearer_ones_that_do_not(town):
    closed = nearby.Office.get(name="Kantor Kelurahan Karang Anyar")
    make.closure(closed, first="2020-09-22")
    assert near("31.71.02.1002")[-1] == ("Kelurahan Karang Anyar", False, 0.0, False)
    assert not any(is_serving for _, is_serving, *_ in near("31.71.02.1002", NIGHT))


def test_only_offices_of_the_kind_asked_for_are_told(town):
    assert [name for name, *_ in near("31.71.02.1002", only=nearby.Office.kind == "kecamatan")] == ["Kecamatan Sawah Besar", "Kecamatan Gambir"]
    assert nearby.kinds_around("31.71.02.1002") == ["kecamatan", "kelurahan"]


def test_where_nothing_is_known_of_a_place_nothing_is_near_it(town):
    assert (near("31"), nearby.kinds_around("31"), near("99")) == ([], [], [])


def test_a_position_becomes_the_region_around_it_and_one_at_sea_none(town):
    assert nearby.region_at(-6.1545, 106.8288) == "31.71.02.1002"
    assert nearby.region_at(-6.168, 106.812) == "31.71.01"
    assert nearby.region_at(0, 0) == ""


def test_a_region_without_coordinates_borrows_those_above_it(town):
    assert regions.points(["31.71.02.1003", "31", None]) == {"31.71.02.1003": regions.Point(-6.1539, 106.8332, is_borrowed=True)}


def test_an_office_far_away_is_found_where_none_is_near(town):
    make.office("Kantor Jauh", lat=-7.25, lon=112.75, kind="jauh")
    assert [name for name, *_ in near("31.71.02", only=nearby.Office.kind == "jauh")] == ["Jauh"]


def test_offices_that_nobody_had_placed_are_placed_by_the_next_import(town, take: Take):
    nearby.Office.update(lat=None, lon=None).where(nearby.Office.name == "Kantor Kelurahan Kartini").execute()
    take("regions", LINES, with_offices=True)
    office = nearby.Office.get(name="Kantor Kelurahan Kartini")
    assert (office.lat, office.lon) == (-6.1539, 106.8332)
