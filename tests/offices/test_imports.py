from typing import Any

import pytest

from portal.offices import places, search
from portal.offices.models import Office
from tests import make
from tests.offices.taking import SOME, Take, closure, everything, office, wrong

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("what", "lines", "facts"),
    [
        ("regions", SOME, {"with_offices": True}),
        (
            "offices",
            [
                office(region="31", lat="-6.199049", lon="106.834378", hours="Mo-Th 08:00-12:00,13:00-16:00; Fr 08:00-11:30", headcount="12"),
                office("unit-a", "Unit A", parent="kantor-a"),
            ],
            {},
        ),
        (
            "closures",
            [closure(), closure(case="S2", scope="Loket", diversion="Tenda"), closure(case="S3", ends="", starts="2020-10-01")],
            {"create_offices": True},
        ),
    ],
)
def test_the_same_file_twice_changes_nothing_and_a_dry_run_leaves_nothing(take: Take, what: str, lines: list[str], facts: dict[str, Any]):
    make.region("31")
    before = everything()
    dry = take(what, lines, is_dry=True, **facts)
    assert everything() == before
    done = take(what, lines, **facts)
    assert (dry.added, dry.changed, dry.same) == (done.added, done.changed, done.same)
    assert done.added
    after = everything()
    assert after[0] > before[0]
    again = take(what, lines, **facts)
    assert (again.added, again.changed, again.same) == (0, 0, len(lines))
    assert everything() == after


def test_a_dry_run_leaves_no_office_that_a_search_finds(take: Take):
    take("offices", [office(name="Kantor Bayangan")], is_dry=True)
    assert not Office.select().where(search.matching("bayangan")).exists()


def test_regions_bring_offices_with_slugs_names_and_zones_of_their_own(take: Take):
    take(
        "regions",
        [
            *SOME,
            "91,,provinsi,Papua,,",
            "91.03,91,kabupaten,Jayapura,,",
            "91.03.01,91.03,kecamatan,Sentani,,",
            "91.03.01.2001,91.03.01,desa,Yoboi,,",
            "91.03.01.3007,91.03.01,desa_adat,Desa Adat Yoboi,,",
        ],
        with_offices=True,
    )
    made = {each.slug: (each.name, each.kind, each.timezone, each.parent_id, each.root_id == each.id) for each in Office.select()}
    assert made == {
        "kecamatan-gambir-317101": ("Kantor Kecamatan Gambir", "kecamatan", "Asia/Jakarta", None, True),
        "kelurahan-cideng-3171011001": ("Kantor Kelurahan Cideng", "kelurahan", "Asia/Jakarta", None, True),
        "kecamatan-sentani-910301": ("Kantor Kecamatan Sentani", "kecamatan", "Asia/Jayapura", None, True),
        "desa-yoboi-9103012001": ("Kantor Desa Yoboi", "desa", "Asia/Jayapura", None, True),
        "desa-adat-yoboi-9103013007": ("Kantor Desa Adat Yoboi", "desa", "Asia/Jayapura", None, True),
    }
    assert Office.select().where(search.matching("gambir jakarta pusat")).count() == 2


def test_a_region_renamed_is_changed_and_its_office_stays_one_and_is_found_by_the_new_name(take: Take):
    take("regions", SOME, with_offices=True)
    done = take("regions", [*SOME[:2], SOME[2].replace("Gambir", "Gambir Raya"), SOME[3]], with_offices=True)
    assert (done.added, done.changed, done.same) == (0, 1, 3)
    assert Office.select().count() == 2
    assert Office.select().where(search.matching("raya")).count() == 2


def test_every_error_in_regions_is_told_with_its_line_and_column(take: Take):
    lines = ["3A,,provinsi,X,,", "31.71,32,kota,X,,", "31.72,31,kota,X,,", "32,,negara,,91,181", "33,,provinsi,X,nan,x", "33,,provinsi,Y,,", "٣٤,,provinsi,X,,"]
    assert wrong(take, "regions", lines) == [
        (2, "code"),
        (3, "parent_code"),
        (4, "parent_code"),
        (5, "lat"),
        (5, "level"),
        (5, "lon"),
        (5, "name"),
        (6, "code"),
        (6, "lat"),
        (6, "lon"),
        (7, "code"),
        (8, "code"),
    ]


def test_every_error_in_offices_is_told_with_its_line_and_column(take: Take):
    lines = [
        office("Kantor A!"),
        office("b", ""),
        office("c", "x" * 301),
        office("d", region="99"),
        office("e", parent="tidak-ada"),
        office("f", lat="91", lon="timur"),
        office("g", timezone="Asia/Tegal"),
        office("h", hours="setiap hari"),
        office("i", headcount="banyak", desks="-1"),
        office("j"),
        office("j"),
    ]
    assert wrong(take, "offices", lines) == [
        (2, "slug"),
        (3, "name"),
        (4, "name"),
        (5, "region"),
        (6, "parent"),
        (7, "lat"),
        (7, "lon"),
        (8, "timezone"),
        (9, "hours"),
        (10, "desks"),
        (10, "headcount"),
        (11, "slug"),
        (12, "slug"),
    ]


def test_an_office_that_would_be_part_of_itself_is_refused_by_name(take: Take):
    assert wrong(take, "offices", [office("a", "A", parent="a")]) == [(2, "parent")]
    assert wrong(take, "offices", [office("a", "A", parent="c"), office("b", "B", parent="a"), office("c", "C", parent="b"), office("d", "D", parent="c")])[
        :3
    ] == [(2, "parent"), (3, "parent"), (4, "parent")]
    top = make.office("Atas")
    make.unit(top, "Bawah")
    assert wrong(take, "offices", [office(top.slug, "Atas", parent="bawah")]) == [(2, "parent")]


def test_parents_may_stand_after_their_children_in_the_file(take: Take):
    take("offices", [office("c", "C", parent="b"), office("b", "B", parent="a"), office("a", "A")])
    a, b, c = (Office.get(Office.slug == slug) for slug in "abc")
    assert (b.parent_id, c.parent_id) == (a.id, b.id)
    assert {a.root_id, b.root_id, c.root_id} == {a.id}


def test_what_lies_below_an_office_moves_with_it(take: Take):
    top, moving = make.office("Induk"), make.office("Pindah")
    floor = make.unit(moving)
    desk = make.unit(floor)
    take("offices", [office(moving.slug, "Pindah", parent=top.slug)])
    assert {Office.get_by_id(each.id).root_id for each in (top, moving, floor, desk)} == {top.id}
    take("offices", [office(moving.slug, "Pindah")])
    assert {Office.get_by_id(each.id).root_id for each in (moving, floor, desk)} == {moving.id}


def test_units_that_follow_an_office_follow_its_new_hours(take: Take):
    top = make.office("Induk")
    desk, own = make.unit(make.unit(top)), make.unit(top, opening="Mo 08:00-09:00")
    take("offices", [office(top.slug, "Induk", hours="Mo-Su 00:00-12:00")])
    assert Office.get_by_id(desk.id).hours == "Mo-Su 00:00-12:00"
    assert Office.get_by_id(own.id).hours == "Mo 08:00-09:00"


def test_a_part_without_a_region_lies_in_that_of_the_whole(take: Take):
    make.region("31")
    take("offices", [office("a", "A", region="31"), office("b", "B", parent="a")])
    assert Office.get(Office.slug == "b").region_code == "31"


def test_empty_hours_and_zone_are_the_defaults(take: Take):
    take("offices", [office()], default_zone="Asia/Makassar")
    made = Office.get()
    assert (made.hours, made.timezone) == ("Mo-Fr 08:00-16:00", "Asia/Makassar")


def test_slugs_are_plain_and_free():
    assert places.slug_of("  Balai Désa «Kañabàya» / 2 ") == "balai-desa-kanabaya-2"
    assert places.slug_of("🏢") == "kantor"
    assert [make.office("Balai").slug for _ in range(3)] == ["balai", "balai-2", "balai-3"]
