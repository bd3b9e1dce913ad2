"""Choosing offices for a closure: by whole regions, and by the parts of a complex."""

import pytest

from portal.offices.models import ClosureMark
from portal.people import roles
from portal.views import closure_offices
from tests import make
from tests.house.test_queries import counted
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person
from tests.views.world import World

PARTIAL = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}


def ticks(page: str, name: str) -> dict[str, bool]:
    """The boxes of a field, and whether each is ticked."""
    return {held["value"]: "checked" in held for _, held in Reading(page).tags if held.get("name") == name and held.get("type") == "checkbox"}


def areas(page: str) -> list[str]:
    return [held["value"] for _, held in Reading(page).tags if held.get("name") == "area"]


def searched(browser: Browser, text: str, *offices) -> str:
    return browser.post(PAGE, plan(*offices, cari=text, action="search")).text


# Whole regions


def test_a_search_for_a_region_offers_all_its_offices_at_once(admin, world):
    page = searched(admin, "jakarta selatan")
    assert areas(page) == ["31.74"]
    assert "Tambahkan semua kantor di Jakarta Selatan (2)" in Reading(page).words


def test_all_offices_of_a_region_join_those_that_were_chosen_and_a_complex_stands_for_its_parts(admin, world: World):
    answer = admin.post(PAGE, plan(world.denpasar, area="31.71", note="Catatan saya.", cari="jakarta pusat"))
    assert answer.status_code == 200 and "Catatan saya." in answer.text
    chosen = {slug for slug, is_ticked in ticks(answer.text, "offices").items() if is_ticked}
    assert chosen == {world.denpasar.slug, world.hall.slug, world.health.slug, world.village.slug}


def test_a_part_in_another_region_than_its_complex_is_an_office_of_that_region(admin, world: World):
    branch = make.unit(world.hall, "Gerai Layanan", region="31.74")
    answer = admin.post(PAGE, plan(area="31.74"))
    assert ticks(answer.text, "offices")[branch.slug]


def test_a_head_adds_only_offices_that_they_may_close(app, head, world: World):
    make.unit(world.hall, region="31.71")
    two = Browser(app, person(roles.HEAD, world.hall))
    assert areas(searched(two, "jakarta pusat")) == []  # one complex is no region
    assert {slug for slug, is_ticked in ticks(two.post(PAGE, plan(area="31")).text, "offices").items() if is_ticked} == {world.hall.slug}


def test_more_offices_than_one_act_may_close_are_refused_in_a_sentence_and_nothing_is_lost(admin, world: World, monkeypatch):
    monkeypatch.setattr(closure_offices, "MOST", 3)
    page = searched(admin, "jakarta")
    assert "31" not in areas(page) and "Daerah Khusus Ibukota Jakarta" not in areas(page)
    refused = admin.post(PAGE, plan(world.denpasar, area="31", note="Catatan saya."))
    assert refused.status_code == 422 and 'href="#offices"' in refused.text
    assert "Paling banyak 3 kantor sekaligus. Pilih wilayah yang lebih kecil." in words(refused)
    assert fields_of(refused.text, "penutupan")["offices"] == [world.denpasar.slug] and "Catatan saya." in refused.text


@pytest.mark.parametrize("code", ["99", "\0", "%", "31.71' OR 1=1", "x" * 5000])
def test_a_region_that_is_none_adds_nothing(admin, world: World, code: str):
    answer = admin.post(PAGE, plan(world.hall, area=code))
    assert answer.status_code == 200
    assert fields_of(answer.text, "penutupan")["offices"] == [world.hall.slug]


def test_looking_for_regions_asks_as_many_questions_for_many_offices_as_for_few(admin, world: World):
    counts = []
    for more in (0, 30):
        for _ in range(more):
            make.office(region="31.71")
        with counted() as asked:
            searched(admin, "jakarta", world.hall)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# Parts of a complex


def test_a_head_of_one_complex_finds_it_chosen_with_its_parts(head, world: World):
    page = head.get(PAGE).text
    assert ticks(page, "offices") == {world.hall.slug: True}
    assert ticks(page, "except") == {world.floor.slug: False}


@pytest.fixture
def block(world: World):
    """A block of the hall with a room in it."""
    held = make.unit(world.hall, f"{world.hall.name}: Blok A", region="31.71")
    held.room = make.unit(held, f"{world.hall.name}: Blok A Ruang 1", region="31.71")
    return held


def test_the_parts_of_a_chosen_complex_may_stay_open(head, world: World, block):
    page = head.post(PAGE, plan(world.hall, action="preview")).text
    assert ticks(page, "except") == {block.slug: False, block.room.slug: False, world.floor.slug: False}
    assert ticks(page, "offices") == {world.hall.slug: True}
    assert "Blok A Ruang 1 tetap buka" in Reading(page).words


def test_without_the_complex_its_parts_may_be_closed_alone(head, world: World, block):
    before = fields_of(head.post(PAGE, plan(world.hall, action="preview")).text, "penutupan")
    page = head.post(PAGE, {**before, "offices": [], "action": "search"}).text
    assert ticks(page, "except") == {}
    assert set(ticks(page, "offices")) >= {world.hall.slug, block.slug, block.room.slug, world.floor.slug}
    closure = declared(head.post(PAGE, plan(block)))
    assert [mark.office for mark in ClosureMark.select().where(ClosureMark.closure == closure)] == [block]


def test_inside_a_part_that_stays_open_a_part_may_be_closed_again(head, world: World, block):
    form = plan(world.hall, **{"except": block.slug})
    page = head.post(PAGE, {**form, "action": "preview"}).text
    assert ticks(page, "except") == {block.slug: True, world.floor.slug: False}
    assert ticks(page, "offices") == {world.hall.slug: True, block.room.slug: False}
    closure = declared(head.post(PAGE, {**form, "offices": [world.hall.slug, block.room.slug]}))
    marks = {mark.office.slug: mark.is_excepted for mark in ClosureMark.select().where(ClosureMark.closure == closure)}
    assert marks == {world.hall.slug: False, block.slug: True, block.room.slug: False}


def test_a_search_brings_no_parts_that_close_with_their_complex_unless_it_brings_nothing_else(admin, world: World, block):
    assert not ticks(searched(admin, "jakarta pusat", world.hall), "offices").keys() & {block.slug, world.floor.slug}
    assert set(ticks(searched(admin, "ruang", world.hall), "offices")) == {world.hall.slug, block.room.slug}


def test_no_tick_stands_twice_on_a_page(head, world: World, block):
    for offices in ([world.hall], [block], [world.hall, block.room], [block.room]):
        reading = Reading(head.post(PAGE, plan(*offices, action="preview")).text)
        assert len(reading.ids) == len(set(reading.ids))
        sent = fields_of(head.post(PAGE, plan(*offices, action="preview")).text, "penutupan")["offices"]
        assert sorted(sent) == sorted(office.slug for office in offices)


def test_a_head_of_a_part_is_offered_only_what_they_may_close(app, world: World, block):
    page = Browser(app, person(roles.HEAD, block)).post(PAGE, plan(block, action="preview")).text
    assert set(ticks(page, "offices")) | set(ticks(page, "except")) == {block.slug, block.room.slug}


def test_to_htmx_the_parts_come_again_only_when_they_stand_otherwise(head, world: World, block):
    held = fields_of(head.get(f"{PAGE}?kantor={world.hall.slug}").text, "penutupan")
    same = {**plan(world.hall, action="preview"), **{name: held[name] for name in ("listed", "parts_of", "trees", "services_of")}}
    assert 'id="parts"' not in head.post(PAGE, same, **PARTIAL).text
    assert 'id="parts"' not in head.post(PAGE, {**same, "except": world.floor.slug}, **PARTIAL).text
    assert 'id="parts" hx-swap-oob' in head.post(PAGE, {**same, "except": block.slug}, **PARTIAL).text
    alone = head.post(PAGE, {**same, "offices": world.floor.slug}, **PARTIAL).text
    assert ticks(alone, "offices") == {block.slug: False, block.room.slug: False, world.floor.slug: True}


def test_a_complex_of_very_many_parts_shows_some_and_says_that_there_are_more(head, world: World, monkeypatch):
    monkeypatch.setattr(closure_offices, "_ROWS", 2)
    for number in range(3):
        make.unit(world.hall, f"Ruang {number}")
    page = head.post(PAGE, plan(world.hall, action="preview", **{"except": world.floor.slug})).text
    assert ticks(page, "except") == {world.floor.slug: True}
    assert "dan 3 bagian lain" in Reading(page).words


def test_many_chosen_offices_stand_folded_under_their_number(admin, world: World):
    offices = [make.office(f"Kantor Banyak {number}") for number in range(18)]
    page = admin.post(PAGE, plan(*offices, action="preview")).text
    assert "18 kantor dipilih" in Reading(page).words
    assert sum(ticks(page, "offices").values()) == 18
