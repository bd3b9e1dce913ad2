import pytest

from tests import make
from tests.views.reading import Reading


def words(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2020-09-22T09:00", "Tutup tatap muka sampai hari ini, Selasa, 22 September. Buka lagi besok, Rabu, 23 September pukul 08.00 WIB."),
        ("2020-09-21T09:00", "Tutup tatap muka sampai besok, Selasa, 22 September. Buka lagi Rabu, 23 September pukul 08.00 WIB."),
        ("2020-09-23T09:00", "Buka sampai pukul 16.00."),
        ("2020-09-23T17:00", "Di luar jam layanan. Buka besok, Kamis, 24 September pukul 08.00 WIB."),
    ],
)
def test_the_office_page_says_the_state_as_people_say_it(client, world, moment, sentence):
    assert sentence in words(client, f"/kantor/{world.hall.slug}?pada={moment}")


def test_the_office_page_says_it_in_english_too(client, world):
    seen = words(client, f"/kantor/{world.hall.slug}?bahasa=en")
    assert "Tuesday, 22 September" in seen
    assert "08:00 WIB" in seen
    assert "Selasa" not in seen


def test_a_closed_office_says_what_works_instead(client, world):
    seen = words(client, f"/kantor/{world.hall.slug}")
    for way in (
        f"Dilayani di {world.neighbour.name}",
        "KTP: Tenda di halaman",
        "Layanan daring tetap berjalan",
        "Kotak surat: lobi Blok A",
        "surat@hall.example",
        "(021) 555 01",
    ):
        assert way in seen


def test_an_office_closed_but_for_a_part_names_the_part_that_serves(client, world):
    for page in ("", "/pengumuman"):
        seen = words(client, f"/kantor/{world.health.slug}{page}")
        assert "Hanya Posko yang buka" in seen
        assert "Loket bagian lain tetap buka" not in seen


def test_an_open_end_names_the_day_of_review(client, world):
    assert "Tutup total sampai pemberitahuan lebih lanjut, ditinjau Sabtu, 3 Oktober." in words(client, f"/kantor/{world.village.slug}")


def test_past_its_day_of_review_a_closure_is_said_to_be_under_review_and_no_date_is_promised(client, world):
    on_the_day, later = (words(client, f"/kantor/{world.village.slug}?pada=2020-10-0{day}T09:00") for day in (3, 4))
    assert "Tutup total sampai pemberitahuan lebih lanjut, ditinjau hari ini, Sabtu, 3 Oktober." in on_the_day
    assert "Tutup total sampai pemberitahuan lebih lanjut, sedang ditinjau kembali." in later
    assert "3 Oktober" not in later
    board = words(client, "/?pada=2020-10-04T09:00")
    assert "Tutup total sedang ditinjau" in board and "Tutup total sampai pemberitahuan lebih lanjut, sedang ditinjau kembali." in board


@pytest.mark.parametrize(
    ("name", "zone", "moment", "time"), [("denpasar", "WITA", "2020-09-22T07:00", "08.00 WITA"), ("jayapura", "WIT", "2020-09-22T09:00", "08.00 WIT")]
)
def test_an_office_in_the_east_speaks_in_its_own_zone(client, world, name, zone, moment, time):
    seen = words(client, f"/kantor/{getattr(world, name).slug}?pada={moment}")
    assert time in seen
    assert f"Waktu setempat, {zone}." in seen


def test_a_moment_without_a_zone_is_read_on_the_clocks_of_the_office(client, world):
    assert "Buka sampai pukul 16.00." in words(client, f"/kantor/{world.denpasar.slug}?pada=2020-09-22T08:30")
    assert "Di luar jam layanan" in words(client, f"/kantor/{world.denpasar.slug}?pada=2020-09-22T08:30%2B09:00")


def test_a_24_hour_office_never_closes_by_the_clock(client, world):
    assert "Buka 24 jam." in words(client, f"/kantor/{world.station.slug}?pada=2020-09-27T03:00")


def test_the_history_of_closures_stands_on_the_page(client, world):
    seen = words(client, f"/kantor/{world.neighbour.slug}")
    assert "Senin, 24 Agustus sampai Selasa, 25 Agustus" in seen
    assert "akan datang" in seen


def test_the_notice_for_the_door_has_state_dates_and_a_code(client, world):
    answer = client.get(f"/kantor/{world.hall.slug}/pengumuman")
    page = Reading(answer.text)
    for said in (
        world.hall.name,
        "Tutup tatap muka",
        "Minggu, 20 September 2020 sampai Selasa, 22 September 2020",
        "Buka lagi Rabu, 23 September 2020 pukul 08.00 WIB",
        "Pergub 88/2020",
    ):
        assert said in page.words
    assert any(tag == "svg" and held.get("class") == "qr" for tag, held in page.tags)


def test_the_text_for_whatsapp_carries_state_ways_and_address(client, world):
    text = client.get(f"/kantor/{world.hall.slug}").text.partition('<textarea id="wa"')[2].partition("</textarea>")[0]
    assert f"*{world.hall.name}: Tutup tatap muka*" in text
    assert "Buka lagi Rabu, 23 September 2020 pukul 08.00 WIB." in text  # a forwarded text is read tomorrow too
    assert "- Layanan daring tetap berjalan" in text
    assert f"http://localhost/kantor/{world.hall.slug}" in text


def test_a_name_with_markup_is_shown_and_runs_nowhere(client, world):
    for address in (f"/kantor/{world.station.slug}", f"/kantor/{world.station.slug}/pengumuman", f"/kantor/{world.station.slug}/lencana.svg", "/"):
        assert "<Banjir>" not in client.get(address).text
    assert world.station.name in words(client, f"/kantor/{world.station.slug}")


def test_a_drop_box_that_a_closure_takes_is_said_to_be_out_of_use(client, world):
    address, said = f"/kantor/{world.hall.slug}", "Tidak dapat dipakai selama penutupan ini."
    assert said not in words(client, address)
    make.closure(world.hall, first="2020-09-22", dropbox=False, now=make.local("2020-09-22T08:00"))
    assert said in words(client, address)
