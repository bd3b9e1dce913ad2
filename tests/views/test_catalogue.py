"""The public catalogue: found by words, each service with its standard and where it is given now."""

import json
import re

import pytest

from portal.offices.closures import Detour
from portal.services import standards
from portal.services.standards import COPY, ORIGINAL, Ask, Need, Standard
from tests import make
from tests.views.reading import Reading
from tests.views.world import SERVICE, json_of

FULL = Standard(
    "Rekam KTP-el", "Perekaman pertama.", "KTP-el", (Need("Kartu keluarga", COPY), Need("Surat pindah", ORIGINAL), Need("Sudah 17 tahun")),
    "Pilih jam.\nDatang sendiri.", 1, "Gratis", "Perpres 96/2018", "Loket pengaduan", ("kantor wali kota",), channels=("counter",),
    why_not_remote="Sidik jari direkam di loket.", asks_nik=True, asks=(Ask("Keperluan"),))  # fmt: skip


def words(answer) -> str:
    assert answer.status_code == 200, answer.text
    return Reading(answer.text).words


def links(answer) -> list[str]:
    return Reading(answer.text).links


@pytest.fixture
def recording(world):
    return standards.add(FULL, slug="rekam-ktp", **make.ACT)


def test_all_services_stand_with_their_channels_time_and_cost(client, world, recording):
    said = words(client.get("/layanan"))
    for text in ("2 layanan", "Rekam KTP-el", "Perekaman pertama.", "Tatap muka", "Daring", "Kotak surat", "1 hari kerja", "3 hari kerja", "Gratis"):
        assert text in said
    assert {f"/layanan/{SERVICE}", "/layanan/rekam-ktp", "/permohonan/baru?layanan=rekam-ktp"} <= set(links(client.get("/layanan")))


def test_words_find_services_without_a_script_and_with_one(client, world, recording):
    assert "Rekam KTP-el" not in words(client.get("/layanan?q=domisili"))
    part = client.get("/layanan?q=rekam", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<section id="services"')
    assert "1 layanan cocok dengan “rekam”" in words(part)
    assert "Tidak ada layanan dengan kata itu" in words(client.get("/layanan?q=paspor"))


def test_a_long_catalogue_has_pages(client, world):
    for number in range(30):
        make.service(f"Layanan {number:02}")
    first, second = client.get("/layanan"), client.get("/layanan?hal=2")
    assert "Layanan 22" in words(first)
    assert "Layanan 29" in words(second)
    assert "/layanan?hal=2" in links(first)
    assert words(client.get("/layanan?hal=99")) == words(client.get("/layanan?hal=2"))


def test_an_empty_catalogue_says_who_fills_it(client, database):
    assert "Layanan dimasukkan oleh pengelola portal" in words(client.get("/layanan"))


def test_a_services_page_is_its_standard(client, recording):
    answer = client.get("/layanan/rekam-ktp")
    said = words(answer)
    for text in ("Kartu keluarga (salinan)", "Surat pindah (asli)", "Sudah 17 tahun", "Pilih jam.", "Datang sendiri.", "1 hari kerja", "Gratis", "KTP-el",
                 "Perpres 96/2018", "Loket pengaduan", "Sidik jari direkam di loket.", "NIK"):  # fmt: skip
        assert text in said
    assert "/permohonan/baru?layanan=rekam-ktp" in links(answer)


def test_a_programme_reads_the_service_as_data(client, recording):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get("/layanan/rekam-ktp").text)
    data = json.loads(found[1])
    assert (data["@type"], data["name"], data["serviceOutput"]["name"]) == ("GovernmentService", "Rekam KTP-el", "KTP-el")
    assert data["url"].endswith("/layanan/rekam-ktp")


def test_what_was_written_cannot_break_out_of_the_data(client, world):
    service = standards.add(Standard("</script><b>Surat", channels=("online",)), slug="surat", **make.ACT)
    assert "</script><b>" not in client.get(f"/layanan/{service.slug}").text


def test_the_disrupted_offices_come_first_each_with_the_ways_of_this_service(client, world, recording):
    said = words(client.get("/layanan/rekam-ktp"))
    hall = said[said.index("Yang terganggu, dan gantinya") : said.index("2 kantor memberi layanan ini")]
    assert "Kantor Wali Kota Jakarta Pusat" in hall
    assert "Kantor Wali Kota Jakarta Selatan" in hall  # the closure of the hall diverts there
    assert "daring" not in hall.lower()
    said = words(client.get(f"/layanan/{SERVICE}"))
    assert "Permohonan Anda tetap dikerjakan petugas." in said


def test_an_office_where_another_service_is_closed_is_not_disrupted_for_this_one(client, world, recording):
    make.closure(world.neighbour, first="2020-09-22", services=("lain",))
    before = words(client.get("/layanan/rekam-ktp"))
    assert "Layanan terbatas" in before[before.index("2 kantor memberi layanan ini") :]
    make.closure(world.neighbour, first="2020-09-22", services=("rekam-ktp",))
    after = words(client.get("/layanan/rekam-ktp"))
    first = after[after.index("Yang terganggu") : after.index("2 kantor memberi layanan ini")]
    assert first.count("Kantor Wali Kota Jakarta Selatan") >= 1
    assert "Layanan terbatas" in first


@pytest.mark.parametrize(("typed", "said"), [("pusat", "Kantor Wali Kota Jakarta Pusat"), ("selatan", "Kantor Wali Kota Jakarta Selatan")])
def test_offices_of_a_service_are_found_by_name(client, world, recording, typed, said):
    part = client.get(f"/layanan/rekam-ktp?q={typed}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div id="offices"')
    assert said in words(part)


def test_a_kelurahan_leads_to_the_offices_around_it(client, world, recording):
    said = words(client.get("/layanan/rekam-ktp?q=karang+anyar"))
    assert "Ini yang terdekat dari Kantor Kelurahan Karang Anyar" in said
    assert "Kantor Wali Kota Jakarta Pusat" in said


def test_what_no_office_is_called_is_said(client, world, recording):
    assert "Tidak ada kantor dengan nama itu" in words(client.get("/layanan/rekam-ktp?q=tidakada"))


def test_many_offices_have_pages(client, world, recording):
    for number in range(40):
        make.office(f"Kantor Wali {number:02}", kind="kantor wali kota", region="31.71")
    first = client.get("/layanan/rekam-ktp")
    assert "42 kantor memberi layanan ini" in words(first)
    assert "/layanan/rekam-ktp?hal=2#h-where" in links(first)
    assert "Yang terganggu" not in words(client.get("/layanan/rekam-ktp?hal=2"))


def test_a_service_that_nobody_gives_says_so(client, world):
    make.service("Surat langka", slug="langka")
    assert "Belum ada kantor yang memberi layanan ini" in words(client.get("/layanan/langka"))


@pytest.mark.parametrize("slug", ["tidak-ada", "a%00b", "lama"])
def test_a_service_that_is_not_there_is_not_found(client, world, slug):
    make.service("Lama", slug="lama", ended_at=make.NOW)
    assert client.get(f"/layanan/{slug}").status_code == 404


def test_the_pages_are_kept_until_something_changes(client, recording):
    for address in ("/layanan", "/layanan/rekam-ktp"):
        first = client.get(address)
        assert "Set-Cookie" not in first.headers
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        standards.change(recording, FULL if "Rp" in first.text else Standard(**{**vars(FULL), "cost": "Rp1.000"}), **make.ACT)
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_pages_are_light(client, recording):
    for number in range(40):
        make.office(f"Kantor Wali {number:02}", kind="kantor wali kota", region="31.71")
        standards.add(Standard(**{**vars(FULL), "name": f"Layanan {number}"}), **make.ACT)
    for address in ("/layanan", "/layanan/rekam-ktp", "/kantor/kantor-wali-00"):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) <= 9_000, address  # with the style already there a later page may weigh 15 kB


def test_the_board_shows_only_the_offices_that_give_a_service(client, world, recording):
    answer = client.get("/?layanan=rekam-ktp")
    said = words(answer)
    assert "1 dari 2 kantor pemberi layanan ini terganggu hari ini" in said
    assert "Kantor Wali Kota Denpasar" not in said
    assert "/?layanan=rekam-ktp&status=remote" in links(answer)
    assert "Kantor Wali Kota Jakarta Pusat" not in words(client.get("/?layanan=rekam-ktp&wilayah=31.74"))
    assert "Tidak ada kantor dalam keadaan itu" in words(client.get("/?layanan=rekam-ktp&status=suspended"))


def test_the_boards_pages_keep_the_service(client, world, recording):
    for number in range(30):
        make.office(f"Kantor Wali {number:02}", kind="kantor wali kota", region="31.71")
    answer = client.get("/?layanan=rekam-ktp")
    assert any("hal=2" in link and "layanan=rekam-ktp" in link for link in links(answer))
    assert any("bahasa=en" in link and "layanan=rekam-ktp" in link for link in links(answer))


def test_units_that_give_a_service_stand_on_its_board_too(client, world):
    make.service("Arsip", slug="arsip", at=[world.floor, world.health])
    said = words(client.get("/?layanan=arsip"))
    assert "Kantor Wali Kota Jakarta Pusat: Lantai 2" in said
    assert "2 dari 2 kantor pemberi layanan ini" in said


def test_a_service_that_nobody_knows_is_said_and_all_offices_stay(client, world):
    said = words(client.get("/?layanan=tidak-ada"))
    assert "Layanan ini tidak dikenal" in said
    assert "Kantor Wali Kota Denpasar" in said


def test_a_service_without_offices_has_an_empty_board(client, world):
    make.service("Langka", slug="langka")
    assert "Belum ada kantor yang memberi layanan ini" in words(client.get("/?layanan=langka"))


def test_the_one_search_box_finds_services_before_offices(client, world, recording):
    answer = client.get("/?q=rekam")
    assert {"/layanan/rekam-ktp", "/?layanan=rekam-ktp"} <= set(links(answer))
    assert "Tidak ada kantor dengan nama itu" not in words(answer)
    make.office("Pusat Rekam Data")
    said = words(client.get("/?q=rekam"))
    assert said.index("Rekam KTP-el") < said.index("Pusat Rekam Data")


def test_an_offices_page_says_of_each_service_what_works_now(client, world, recording):
    said = words(client.get(f"/kantor/{world.hall.slug}"))
    assert "Layanan di kantor ini" in said
    assert "Kantor Wali Kota Jakarta Selatan" in said[said.index("Rekam KTP-el") :]
    assert "Daring, selesai dalam 3 hari kerja" in said
    assert "lobi Blok A" in said
    assert "Senin–Jumat 08.00–13.30" in said
    wanted = {f"/permohonan/baru?layanan={SERVICE}&kantor={world.hall.slug}", f"/permohonan/baru?layanan=rekam-ktp&kantor={world.neighbour.slug}"}
    assert wanted <= set(links(client.get(f"/kantor/{world.hall.slug}")))


def test_at_night_an_offices_page_says_when_its_own_counter_opens_though_another_opens_a_little_earlier(client, world, recording, at):
    early = make.office("Kantor Wali Kota Pagi", kind="kantor wali kota", lat=-6.2, lon=106.82, opening="Mo-Fr 07:30-16:00")
    own = make.office("Kantor Wali Kota Biasa", kind="kantor wali kota", lat=-6.2, lon=106.82)
    at("2020-09-22T23:00+07:00")
    assert "Loket, buka besok pukul 08.00" in words(client.get(f"/kantor/{own.slug}"))
    make.closure(own, first="2020-09-22", days=9)
    assert f"{early.name}, buka besok pukul 07.30" in words(client.get(f"/kantor/{own.slug}"))


def test_an_offices_page_names_the_services_that_are_closed_singly(client, world, recording):
    make.closure(world.neighbour, first="2020-09-22", days=2, services=("rekam-ktp",))
    said = words(client.get(f"/kantor/{world.neighbour.slug}"))
    assert "Loket layanan ini tutup sampai besok, Rabu, 23 September." in said


def test_an_office_without_services_has_no_table_of_them(client, world):
    assert "Layanan di kantor ini" not in words(client.get(f"/kantor/{world.station.slug}"))


def test_the_interface_knows_services_of_offices_and_of_boxes(client, world, recording):
    found = json_of(client, f"/api/v1/offices/{world.hall.slug}")
    assert found["services"][0] == {"slug": "rekam-ktp", "name": "Rekam KTP-el", "channels": ["counter"]}
    assert [each["slug"] for each in json_of(client, "/api/v1/offices?service=rekam-ktp")["offices"]] == [world.hall.slug, world.neighbour.slug]
    assert json_of(client, "/api/v1/offices?service=tidak-ada")["count"] == 0
    assert client.get("/api/v1/offices?service=Tidak%20Ada").status_code == 400


def test_a_diversion_of_one_service_leads_only_its_own_citizens_away(client, world, recording):
    other = make.office("Kantor Wali Kota Bekasi", kind="kantor wali kota")
    make.closure(other, first="2020-09-22", detours=[Detour(world.neighbour, service="rekam-ktp")])
    said = words(client.get(f"/kantor/{other.slug}"))
    table = said[said.index("Layanan di kantor ini") :]
    assert "Kantor Wali Kota Jakarta Selatan" in table[table.index("Rekam KTP-el") : table.index("Surat keterangan domisili")]
    assert "Kantor Wali Kota Jakarta Selatan" not in table[table.index("Surat keterangan domisili") : table.index("90 hari terakhir")]
