from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal import policies, sheets
from portal.offices import board, closures, imports, listing, places, published, search
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office, Region
from portal.sheets import Problems
from tests import make

pytestmark = pytest.mark.usefixtures("database")

REGIONS, OFFICES, CLOSURES = (",".join(columns) for columns in (imports.REGION_COLUMNS, imports.OFFICE_COLUMNS, published.COLUMNS))
SOME = [
    "31,,provinsi,Jakarta,-6.199049,106.834378",
    "31.71,31,kota,Jakarta Pusat,,",
    "31.71.01,31.71,kecamatan,Gambir,-6.17,106.82",
    "31.71.01.1001,31.71.01,kelurahan,Cideng,,",
]

Take = Callable[..., imports.Outcome]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes lines as a file: take("closures", [line, …], create_offices=True)."""

    def taken(what: str, lines: list[str], *, is_dry: bool = False, **facts: Any) -> imports.Outcome:
        header, act, usual = {
            "regions": (REGIONS, imports.take_regions, {"with_offices": False, **make.ACT}),
            "offices": (OFFICES, imports.take_offices, {"default_zone": "Asia/Jakarta", **make.ACT}),
            "closures": (CLOSURES, published.take_closures, {"create_offices": False, "default_zone": "Asia/Jakarta", "by": "impor", "now": make.NOW}),
        }[what]
        file = tmp_path / "file.csv"
        file.write_text("\n".join([header, *lines]), encoding="utf-8")
        return imports.run(act, sheets.read(file, required=header.split(",")), is_dry=is_dry, progress=lambda done, total: None, **{**usual, **facts})

    return taken


def everything() -> list[Any]:
    """All that an import may change."""
    return [
        board.version(),
        *(list(table.select().order_by(*table._meta.sorted_fields[:1]).tuples()) for table in (Region, Office, Closure, ClosureMark, ClosureEvent, Diversion)),
    ]


def wrong(take: Take, what: str, lines: list[str], **facts: Any) -> list[tuple[int, str]]:
    """Where the file is wrong; and a refused file leaves nothing behind."""
    before = everything()
    with pytest.raises(Problems) as caught:
        take(what, lines, **facts)
    assert everything() == before
    assert all(str(problem.sentence) for problem in caught.value.problems)
    return sorted((problem.line, problem.column) for problem in caught.value.problems)


def office(slug: str = "kantor-a", name: str = "Kantor A", **facts: Any) -> str:
    return ",".join(
        f'"{value}"' if "," in (value := str({"slug": slug, "name": name, **facts}.get(column, ""))) else value for column in imports.OFFICE_COLUMNS
    )


def closure(named: str = "Kantor A", **facts: Any) -> str:
    facts = {"case": "S1", "office": named, "scope": "all", "starts": "2020-09-20", "ends": "2020-09-22", "reason": "flood", **facts}
    return ",".join(str(facts.get(column, "")) for column in published.COLUMNS)


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


def test_a_closure_is_taken_as_said_with_both_its_days(take: Take):
    make.office("Kantor A", timezone="Asia/Jayapura")
    take("closures", [closure(online="no", dropbox="yes", diversion="Aula kecamatan", note="Banjir", source="Berita")])
    made = Closure.get()
    assert (made.starts_at, made.ends_at) == (make.local("2020-09-20T00:00", "Asia/Jayapura"), make.local("2020-09-23T00:00", "Asia/Jayapura"))
    assert (made.online, made.dropbox, made.note, made.internal_note) == (False, True, "Banjir", "Berita")
    assert Diversion.get().place == "Aula kecamatan"
    picture = board.paint([Office.get().root_id], made.starts_at, made.ends_at)
    channels = picture.condition(next(iter(picture.nodes.values())), made.starts_at).channels
    assert (channels.online, channels.email, channels.dropbox) == (False, False, True)


def test_a_diversion_that_names_an_office_leads_there_else_it_stays_words(take: Take):
    make.office("Kantor A")
    beside = make.office("Kantor B")
    make.office("Kembar")
    make.office("Kembar")
    take("closures", [closure(diversion="kantor  b"), closure(case="S2", starts="2020-09-19", diversion=beside.slug), closure(case="S3", diversion="Kembar")])
    assert list(Diversion.select(Diversion.office, Diversion.place).order_by(Diversion.id).tuples()) == [(beside.id, ""), (beside.id, ""), (None, "Kembar")]


def test_a_closure_without_an_end_is_reviewed_after_fourteen_days_and_marked_as_presumed(take: Take):
    make.office("Kantor A")
    take("closures", [closure(ends="")])
    made = Closure.get()
    assert (made.ends_at, made.review_on, made.is_review_presumed) == (None, date(2020, 10, 4), True)
    take("closures", [closure(ends="2020-09-25")])
    made = Closure.get()
    assert (made.ends_at, made.review_on, made.is_review_presumed) == (make.local("2020-09-26T00:00"), None, False)


def test_the_days_until_a_review_are_a_policy(take: Take):
    policies.set_policy(policies.CLOSURE_REVIEW, {"days": 7}, name="Tinjauan", legal_basis="-", first_day=date(2020, 1, 1), by="admin", now=make.NOW)
    make.office("Kantor A")
    take("closures", [closure(ends="")])
    assert Closure.get().review_on == date(2020, 9, 27)


def test_another_end_in_a_later_file_becomes_history(take: Take):
    make.office("Kantor A")
    take("closures", [closure()])
    done = take("closures", [closure(ends="2020-09-25")])
    assert (done.added, done.changed) == (0, 1)
    take("closures", [closure(ends="2020-09-23")])
    take("closures", [closure(ends="")])
    acts = ClosureEvent.select(ClosureEvent.what, ClosureEvent.ends_after).order_by(ClosureEvent.id).tuples()
    ends = [make.local(f"2020-09-{day}T00:00") for day in (23, 26, 24)]
    assert list(acts) == [("announced", ends[0]), ("extended", ends[1]), ("shortened", ends[2]), ("extended", None)]
    assert Closure.get().review_on == date(2020, 10, 4)


@pytest.mark.parametrize("act", ["extend", "reopen", "withdraw"])
def test_a_file_taken_again_does_not_undo_what_a_person_did_meanwhile(take: Take, act: str):
    make.office("Kantor A")
    take("closures", [closure()])
    facts: dict[str, Any] = {"reason": "Arahan.", "by": "kepala", "now": make.local("2020-09-21T09:00")}
    acts = {
        "extend": lambda made: closures.extend(made, make.local("2020-09-30T00:00"), **facts),
        "reopen": lambda made: closures.reopen(made, **facts),
        "withdraw": lambda made: closures.withdraw(made, **facts),
    }
    acts[act](Closure.get())
    before = everything()
    assert take("closures", [closure()]).same == 1
    assert everything() == before


def test_a_scope_becomes_a_unit_once_and_keeps_to_its_office(take: Take):
    make.region("31")
    top = make.office("Kantor A", region="31", opening="Mo-Su 07:00-15:00", timezone="Asia/Makassar")
    take("closures", [closure(scope="Loket Pajak"), closure(case="S2", starts="2020-09-21", scope="loket  pajak")])
    unit = Office.get(Office.parent == top.id)
    assert (unit.name, unit.hours, unit.timezone, unit.region_code) == ("Kantor A: Loket Pajak", "Mo-Su 07:00-15:00", "Asia/Makassar", "31")
    assert Office.select().count() == 2
    assert {mark.office_id for mark in ClosureMark.select()} == {unit.id}


def test_unknown_offices_are_errors_unless_they_may_be_made(take: Take):
    assert wrong(take, "closures", [closure("Antah"), closure("Berantah", case="S2")]) == [(2, "office"), (3, "office")]
    done = take("closures", [closure("Antah"), closure("antah ", case="S2")], create_offices=True, default_zone="Asia/Jayapura")
    assert done.added == 2
    made = Office.get()
    assert (made.name, made.hours, made.timezone) == ("Antah", "Mo-Fr 08:00-16:00", "Asia/Jayapura")


def test_an_ambiguous_name_is_an_error_that_lists_the_candidates_and_a_slug_settles_it(take: Take):
    first, second = make.office("Balai Desa Sukamaju"), make.office("Balai Desa Sukamaju")
    with pytest.raises(Problems) as caught:
        take("closures", [closure("balai desa sukamaju")])
    [problem] = caught.value.problems
    assert (problem.line, problem.column) == (2, "office")
    assert first.slug in str(problem.sentence)
    assert second.slug in str(problem.sentence)
    take("closures", [closure(second.slug)])
    assert ClosureMark.get().office_id == second.id


def test_an_office_whose_name_is_its_slug_is_no_ambiguity(take: Take):
    made = make.office("samsat")
    assert made.slug == "samsat"
    assert take("closures", [closure("samsat")]).added == 1


def test_a_name_means_the_office_before_a_unit_of_the_same_name(take: Take):
    top = make.office("Loket Satu")
    make.unit(make.office(), "Loket Satu")
    take("closures", [closure("Loket Satu")])
    assert ClosureMark.get().office_id == top.id


def test_every_error_in_closures_is_told_with_its_line_and_column(take: Take):
    make.office("Kantor A")
    lines = [
        closure(""),
        closure(starts="2020-02-30"),
        closure(starts=""),
        closure(ends="kapan-kapan"),
        closure(ends="2020-09-19"),
        closure(reason="malas"),
        closure(online="ya", dropbox="mungkin", starts="0001-01-01"),
        closure(note="x" * 2001),
        closure(source="x" * 2001, case="S8"),
        closure(diversion="Kantor A", case="S9"),
        closure(reopens="besok"),
    ]
    assert wrong(take, "closures", lines) == [
        (2, "office"),
        (3, "starts"),
        (4, "starts"),
        (5, "ends"),
        (6, "ends"),
        (7, "reason"),
        (8, "dropbox"),
        (8, "online"),
        (8, "starts"),
        (9, "note"),
        (10, "source"),
        (11, "diversion"),
        (12, "reopens"),
    ]


def test_a_bad_closure_of_a_new_office_does_not_hide_the_errors_after_it(take: Take):
    lines = [closure("Baru", note="x" * 2001), closure("Baru", case="S2"), closure("Baru", case="S3", ends="x")]
    assert wrong(take, "closures", lines, create_offices=True) == [(2, "note"), (4, "ends")]


def test_the_same_closure_twice_in_one_file_is_an_error_at_the_second(take: Take):
    make.office("Kantor A")
    assert wrong(take, "closures", [closure(), closure(ends="2020-09-25"), closure("kantor-a")]) == [(3, "case"), (4, "case")]


def test_facts_below_the_minimum_are_warned_of_never_refused(take: Take):
    make.minimum(72, reason="flood")
    make.office("Kantor A")
    done = take("closures", [closure(ends="2020-09-20"), closure(case="S2", reopens="2020-09-22")])
    assert [(warning.line, warning.column) for warning in done.warnings] == [(2, "ends"), (3, "reopens")]
    assert done.added == 2


def test_the_strip_and_the_calendar_hold_closures_that_came_from_files(take: Take):
    make.office("Kantor A")
    take("closures", [closure()])
    assert len(listing.closures_between(make.local("2020-01-01T00:00"), make.local("2021-01-01T00:00"))) == 1


def test_slugs_are_plain_and_free():
    assert places.slug_of("  Balai Désa «Kañabàya» / 2 ") == "balai-desa-kanabaya-2"
    assert places.slug_of("🏢") == "kantor"
    assert [make.office("Balai").slug for _ in range(3)] == ["balai", "balai-2", "balai-3"]
