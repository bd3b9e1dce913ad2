"""The board in somebody else's page."""

import pytest

from tests.views.reading import Reading
from tests.views.world import HALL


@pytest.mark.parametrize("address", ["/sematan", "/sematan?wilayah=31.71", f"/sematan?kantor={HALL}", "/sematan?bahasa=en"])
def test_it_may_stand_in_any_frame_and_holds_no_form_and_no_script(client, world, address):
    answer = client.get(address)
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    tags = Reading(answer.text).tags
    assert {"form", "script", "input", "button"}.isdisjoint(tag for tag, _ in tags)
    links = [held for tag, held in tags if tag == "a"]
    assert links and all(held["target"] == "_blank" and held["rel"] == "noopener" for held in links)
    assert len(answer.data) < 6_000


def test_only_the_frame_may_be_framed(client, world):
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]


def test_it_says_how_one_office_stands(client, world):
    words = Reading(client.get(f"/sematan?kantor={HALL}").text).words
    assert "Kantor Wali Kota Jakarta Pusat (jendela baru) Tutup tatap muka" in words
    assert "Buka lagi besok, Rabu, 23 September pukul 08.00 WIB." in words
    assert "Selasa, 22 September 2020 pukul 09.00 WIB" in words


def test_it_names_the_disrupted_offices_of_a_region(client, world):
    words = Reading(client.get("/sematan?wilayah=31.71").text).words
    assert "3 dari 3 kantor di Jakarta Pusat terganggu hari ini" in words
    assert "Kantor Wali Kota Jakarta Pusat" in words and "Jayapura" not in words
    assert "Semua kantor di Bali melayani seperti biasa" in client.get("/sematan?wilayah=51").text


def test_in_english_its_links_stay_english(client, world):
    answer = client.get("/sematan?bahasa=en")
    assert 'lang="en"' in answer.text
    assert all("bahasa=en" in held["href"] for tag, held in Reading(answer.text).tags if tag == "a")


@pytest.mark.parametrize("asked", ["kantor=tidak-ada", "wilayah=99", "wilayah=x", "wilayah=%00"])
def test_what_nobody_knows_is_not_found(client, world, asked):
    assert client.get(f"/sematan?{asked}").status_code == 404
