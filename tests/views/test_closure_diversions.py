"""Sending the services of a closed office elsewhere, each to its own place."""

import pytest

from portal.offices.models import Diversion
from tests import make
from tests.house.test_queries import counted
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser
from tests.views.world import World

PARTIAL = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}


@pytest.fixture
def ktp(world: World):
    return make.service("Layanan KTP", at=[world.hall, world.neighbour, world.village])


@pytest.fixture
def birth(world: World):
    return make.service("Akta Kelahiran", at=[world.floor])


def diverted(closure) -> list[tuple[str, str]]:
    rows = Diversion.select().where(Diversion.closure == closure).order_by(Diversion.id)
    return [(row.service, row.office.slug if row.office else row.place) for row in rows]


def rows(page: str) -> list[str]:
    return [held.get("value", "") for _, held in Reading(page).tags if held.get("name") == "divert_to"]


def test_each_service_goes_to_an_office_or_to_a_place_in_words_beside_the_one_for_all(app, head, world: World, ktp, birth):
    form = plan(world.hall, diversion="Posko di halaman", divert_service=[ktp.slug, birth.slug], divert_to=[world.neighbour.name, "Mal Pelayanan"])
    previewed = words(head.post(PAGE, {**form, "action": "preview"}))
    assert "Layanan KTP: Kantor Wali Kota Jakarta Selatan" in previewed and "Akta Kelahiran: Mal Pelayanan" in previewed
    closure = declared(head.post(PAGE, form))
    assert diverted(closure) == [("", "Posko di halaman"), (ktp.name, world.neighbour.slug), (birth.name, "Mal Pelayanan")]
    public = words(Browser(app).get(f"/kantor/{world.hall.slug}?pada=2020-10-01T09:00"))
    assert "Layanan KTP: Kantor Wali Kota Jakarta Selatan" in public and "Dilayani di Posko di halaman" in public


def test_an_office_is_known_by_its_slug_too(head, world: World, ktp):
    closure = declared(head.post(PAGE, plan(world.hall, divert_service=ktp.slug, divert_to=world.neighbour.slug)))
    assert diverted(closure) == [(ktp.name, world.neighbour.slug)]


def test_a_name_that_several_offices_have_stays_a_place_in_words(head, world: World, ktp):
    for _ in range(2):
        make.office("Mal Pelayanan")
    closure = declared(head.post(PAGE, plan(world.hall, divert_service=ktp.slug, divert_to="Mal Pelayanan")))
    assert diverted(closure) == [(ktp.name, "Mal Pelayanan")]


def test_empty_rows_are_none(head, world: World, ktp):
    closure = declared(head.post(PAGE, plan(world.hall, divert_service=["", ktp.slug, ""], divert_to=["", "Mal Pelayanan", " "])))
    assert diverted(closure) == [(ktp.name, "Mal Pelayanan")]


@pytest.mark.parametrize(("service", "to", "said"), [
    ("ktp", "", "Isi di mana Layanan KTP dilayani."), ("", "Mal", "Pilih layanan yang dialihkan ke Mal."), ("tidak-ada", "Mal", "tidak diberikan"),
    ("\0", "Mal", "tidak diberikan"), ("ktp", "x" * 600, ""), ("ktp", "\0", ""),
])  # fmt: skip
def test_a_row_that_says_too_little_is_refused_beside_it_with_all_that_was_typed(head, world: World, ktp, service: str, to: str, said: str):
    slug = ktp.slug if service == "ktp" else service
    answer = head.post(PAGE, plan(world.hall, divert_service=["", slug], divert_to=["", to], note="Catatan saya."))
    assert answer.status_code == 422 and 'href="#divert_service"' in answer.text and 'id="divert_service"' in answer.text
    assert said in words(answer) and "Catatan saya." in answer.text


def test_a_service_that_stays_open_needs_no_other_place(head, world: World, ktp, birth):
    refused = head.post(PAGE, plan(world.hall, services=ktp.slug, divert_service=birth.slug, divert_to="Mal"))
    assert refused.status_code == 422 and "Akta Kelahiran tidak ikut tutup" in words(refused)


def test_an_office_that_closes_too_stands_in_for_nobody(head, world: World, ktp):
    refused = head.post(PAGE, plan(world.hall, divert_service=ktp.slug, divert_to=world.floor.slug))
    assert refused.status_code == 422 and "ikut tutup, jadi tidak dapat menggantikan" in words(refused)


def test_offices_that_give_the_service_and_stay_open_are_offered_the_nearest_first(head, world: World, ktp):
    page = head.post(PAGE, plan(world.hall, divert_service=ktp.slug, divert_to="", action="rows")).text
    offered = [held["value"] for tag, held in Reading(page).tags if tag == "option" and held.get("value", "").startswith("Kantor")]
    assert offered == [world.village.name, world.neighbour.name]


def test_one_more_row_keeps_those_that_were_filled_in(head, world: World, ktp, birth):
    form = plan(world.hall, divert_service=[ktp.slug], divert_to=["Mal Pelayanan"], action="rows", note="Catatan saya.")
    answer = head.post(PAGE, form)
    assert rows(answer.text) == ["Mal Pelayanan", ""] and "Catatan saya." in answer.text
    part = head.post(PAGE, form, **PARTIAL)
    assert part.text.lstrip().startswith('<div id="diversions"') and rows(part.text) == ["Mal Pelayanan", ""]


def test_to_htmx_the_offices_to_choose_from_follow_the_service(head, world: World, ktp):
    held = plan(world.hall, services_of=world.hall.slug, divert_service=ktp.slug, divert_to="", action="preview")
    changed = head.post(PAGE, held, **PARTIAL).text
    assert '<datalist id="givers-1" hx-swap-oob="true">' in changed and world.village.name in changed
    assert 'id="diversions"' not in changed


def test_many_diversions_ask_no_more_questions_than_two(head, world: World):
    services = [make.service(at=[world.hall, world.neighbour]) for _ in range(12)]
    counts = []
    for some in (services[:2], services):
        form = plan(world.hall, divert_service=[each.slug for each in some], divert_to=[world.neighbour.slug] * len(some), action="preview")
        with counted() as asked:
            assert head.post(PAGE, form).status_code == 200
        counts.append(len(asked) - sum("INSERT INTO" in sql for sql in asked))
    assert counts[0] == counts[1]
