"""Closing single services by hand, and what everybody reads of it."""

import pytest

from portal.audit import AuditEntry
from portal.offices.models import Closure, ClosureService
from tests import make
from tests.house.test_queries import counted
from tests.views.closing import PAGE, declared, plan, words
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of
from tests.views.world import json_of


@pytest.fixture
def ktp(world):
    return make.service("Layanan KTP", at=[world.hall])


def ticks(page: str) -> list[str]:
    return [held.get("value") for _, held in Reading(page).tags if held.get("name") == "services"]


def test_the_form_offers_the_services_of_the_chosen_offices_and_of_their_parts(head, admin, world, ktp):
    below = make.service("Akta Kelahiran", at=[world.floor])
    make.service("Izin Usaha", at=[world.neighbour])
    assert ticks(head.get(f"{PAGE}?kantor={world.hall.slug}").text) == [below.slug, ktp.slug, world.service.slug]
    assert ticks(admin.get(PAGE).text) == []


def test_a_closure_of_a_service_is_previewed_and_declared_and_everybody_reads_it(app, head, world, ktp):
    office = make.unit(world.hall, "Kantor Wali Kota Jakarta Pusat: Loket", region="31.71")
    form = plan(world.hall, services=ktp.slug, note="Mesin rusak.", starts="2020-10-01")
    previewed = head.post(PAGE, {**form, "action": "preview"})
    assert "Layanan KTP tutup sampai Jumat, 2 Oktober." in words(previewed)
    assert fields_of(previewed.text, "penutupan")["services"] == [ktp.slug]
    closure = declared(head.post(PAGE, form))
    assert [(each.service, each.name) for each in ClosureService.select()] == [(ktp.slug, "Layanan KTP")]
    public = Browser(app)
    for slug in (world.hall.slug, office.slug):
        page = words(public.get(f"/kantor/{slug}?pada=2020-10-01T09:00"))
        assert "Layanan KTP tutup sampai besok, Jumat, 2 Oktober. Layanan lain buka sampai pukul 16.00." in page
        assert "Loket tetap buka untuk layanan lain" in page and "Layanan terbatas" in page
    shown = words(head.get(f"/penutupan/{closure.id}"))
    assert "Hanya layanan tertentu yang tutup" in shown and "Layanan yang tutup" in shown
    assert "Layanan KTP. Banjir" in words(head.get("/penutupan"))
    assert AuditEntry.get(AuditEntry.act == "closure_declared", AuditEntry.object_id == str(closure.id)).after["services"] == [ktp.slug]


def test_feed_calendar_notice_interface_and_board_name_the_service(app, client, world, ktp):
    closure = make.closure(world.denpasar, services=(ktp.slug,), service_names={ktp.slug: ktp.name}, first="2020-09-28")
    public, office = Browser(app), f"/kantor/{world.denpasar.slug}"
    assert "<title>Kantor Wali Kota Denpasar: Layanan KTP</title>" in public.get("/umpan.atom").text
    calendar = public.get(f"{office}/kalender.ics").text.replace("\r\n ", "")
    assert "SUMMARY:Sebagian layanan tutup: Kantor Wali Kota Denpasar: Layanan KTP" in calendar
    assert "Layanan KTP tutup sampai" in words(public.get(f"{office}/pengumuman?pada=2020-09-28T09:00"))
    told = next(each for each in json_of(client, "/api/v1/closures") if each["id"] == closure.id)
    assert (told["services"], told["offices"]) == ([ktp.slug], [world.denpasar.slug])
    assert all(each["services"] == [] for each in json_of(client, "/api/v1/closures") if each["id"] != closure.id)
    at = json_of(client, f"/api/v1/offices/{world.denpasar.slug}?at=2020-09-28T09:00:00%2B08:00")
    assert (at["state"], at["channels"]["counter"], at["closures"]) == ("limited", True, [closure.id])
    assert "Layanan KTP" in words(public.get("/?wilayah=51.71"))


def test_below_the_minimum_a_service_may_be_closed_without_a_reason_to_override(head, world, ktp):
    make.minimum()
    closure = declared(head.post(PAGE, plan(world.hall, services=ktp.slug, reason="confirmed_case", ends="2020-10-01")))
    assert closure.override_reason == ""


@pytest.mark.parametrize("slug", ["tidak-ada", "\0", "izin-usaha"])
def test_a_service_that_none_of_the_offices_gives_is_refused_with_all_that_was_typed(head, world, ktp, slug):
    make.service("Izin Usaha", at=[world.neighbour], slug="izin-usaha")
    before = Closure.select().count()
    answer = head.post(PAGE, plan(world.hall, services=[ktp.slug, slug], note="Catatan saya."))
    assert answer.status_code == 422 and 'href="#services"' in answer.text and "Catatan saya." in answer.text
    assert fields_of(answer.text, "penutupan")["services"] == [ktp.slug]
    assert Closure.select().count() == before


def test_among_many_services_one_searches_by_name_and_loses_no_tick(head, world, ktp):
    for number in range(50):
        make.service(f"Izin Usaha {number:02}", at=[world.hall], slug=f"izin-usaha-{number:02}")
    page = head.get(f"{PAGE}?kantor={world.hall.slug}").text
    assert len(ticks(page)) == 40 and "dan 12 layanan lain" in Reading(page).words
    form = plan(world.hall, services=ktp.slug, cari_layanan="usaha 07", action="services", note="Catatan saya.")
    answer = head.post(PAGE, form)
    assert ticks(answer.text) == [ktp.slug, "izin-usaha-07"]
    assert fields_of(answer.text, "penutupan")["services"] == [ktp.slug] and "Catatan saya." in answer.text
    assert "Tidak ada layanan yang cocok." in words(head.post(PAGE, {**form, "services": "", "cari_layanan": "xyzzy"}))
    part = head.post(PAGE, form, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div id="service-choice"')


def test_to_htmx_other_services_come_with_another_office(admin, world, ktp):
    partial = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
    changed = admin.post(PAGE, plan(world.hall, services_of=world.neighbour.slug, action="preview"), **partial)
    assert '<div id="services" hx-swap-oob="true">' in changed.text and ticks(changed.text) == [ktp.slug, world.service.slug]
    same = admin.post(PAGE, plan(world.hall, services_of=world.hall.slug, action="preview"), **partial)
    assert 'id="services"' not in same.text


def test_the_list_of_closures_asks_no_more_questions_for_those_of_services(head, world, ktp):
    counts = []
    for number in range(3):
        for _ in range(number * 5):
            make.closure(world.hall, services=(ktp.slug,), first="2020-09-21")
        with counted() as asked:
            head.get("/penutupan")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
