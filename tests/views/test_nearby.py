"""Finding the offices near oneself, by one's kelurahan or, on request, by where the browser is."""

import pytest

from portal.offices.models import Office, Region
from tests import make
from tests.views.world import SERVICE, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def placed(world: World) -> World:
    Region.update(lat=-6.15, lon=106.84).where(Region.code == "31.71.02").execute()
    return world


def test_one_finds_ones_kelurahan_by_name_and_then_the_offices_near_it(client, placed: World):
    found = client.get("/dekat?cari=karang+anyr")
    assert 'href="/dekat?dari=31.71.02.1004"' in found.text
    page = client.get("/dekat?dari=31.71.02.1004").text
    assert "Kantor di dekat Karang Anyar" in page
    assert page.index("Melayani sekarang") < page.index(placed.neighbour.name) < page.index("sedang tidak melayani") < page.index(placed.village.name)
    assert "perkiraan" in page


def test_a_region_is_found_though_it_has_no_office_of_its_own(client, placed: World):
    assert 'href="/dekat?dari=31.71.02"' in client.get("/dekat?cari=sawah+besar", headers=PARTIAL).text
    assert "Tidak ada wilayah dengan nama itu" in client.get("/dekat?cari=antahberantah").text


def test_htmx_gets_the_regions_alone(client, placed: World):
    assert "<html" not in client.get("/dekat?cari=karang", headers=PARTIAL).text


def test_offices_of_a_kind_or_with_a_service_are_shown_alone(client, placed: World):
    of_kind = client.get("/dekat?dari=31.71.02&jenis=kantor+wali+kota").text
    assert placed.neighbour.name in of_kind
    assert placed.village.name not in of_kind
    giving = client.get(f"/dekat?dari=31.71.02&layanan={SERVICE}").text
    assert placed.village.name in giving
    assert placed.health.name not in giving


def test_what_is_unknown_in_the_address_shows_the_choice_again(client, placed: World):
    for address in ("/dekat?dari=99.99", "/dekat?dari=x", "/dekat?dari=", "/dekat"):
        assert 'id="cari-wilayah"' in client.get(address).text
    assert client.get("/dekat?dari=31.71.02&layanan=tidak-ada&jenis=%00").status_code == 200


def test_only_this_page_may_ask_the_browser_where_it_is(client, placed: World):
    assert "geolocation=(self)" in client.get("/dekat").headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/").headers["Permissions-Policy"]


def test_a_position_becomes_a_region_and_stands_in_no_address(client, placed: World):
    answer = client.post("/dekat", data={"lat": "-6.151", "lon": "106.839", "jenis": "kelurahan", "bahasa": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dekat?dari=31.71.02&jenis=kelurahan&bahasa=en")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("sent", [{}, {"lat": "x", "lon": "1"}, {"lat": "nan", "lon": "1"}, {"lat": "91", "lon": "0"}, {"lat": "0", "lon": "0"}])
def test_a_position_that_is_none_or_nowhere_leads_back_to_typing(client, placed: World, sent: dict[str, str]):
    answer = client.post("/dekat", data=sent)
    assert answer.status_code == 303
    assert "tidak dapat dikenali" in client.get(answer.headers["Location"]).text


def test_a_search_in_a_region_that_has_none_of_that_name_tells_those_elsewhere(client, placed: World):
    page = client.get("/?q=denpasar&wilayah=31").text
    assert "Tidak ada di Jakarta" in page
    assert placed.denpasar.name in page


def test_offices_of_one_name_are_told_apart_by_where_they_lie(client, placed: World):
    make.region("32", "Jawa Barat")
    make.region("32.73", "Kota Bandung")
    make.office("Kantor Kelurahan Karang Anyar", region="32.73")
    page = client.get("/?q=karang+anyar").text
    assert "Sawah Besar, Jakarta Pusat" in page
    assert "Kota Bandung, Jawa Barat" in page
    assert Office.select().where(Office.name == "Kantor Kelurahan Karang Anyar").count() == 2
