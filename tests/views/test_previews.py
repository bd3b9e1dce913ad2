"""What is shown of a link that somebody passes on."""

import html
import re

import pytest

from tests.views.world import HALL


def preview(client, address: str) -> dict[str, str]:
    page = client.get(address).text
    found = {name: html.unescape(said) for name, said in re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', page)}
    return found | {"canonical": html.unescape("".join(re.findall(r'<link rel="canonical" href="([^"]*)">', page)))}


def test_an_offices_link_shows_its_name_and_state_with_dates_that_stay_true(client, world):
    said = preview(client, f"/kantor/{HALL}")
    assert said["title"] == "Kantor Wali Kota Jakarta Pusat: Tutup tatap muka"
    assert said["description"] == "Tutup tatap muka sampai Selasa, 22 September 2020. Buka lagi Rabu, 23 September 2020 pukul 08.00 WIB."
    assert (said["locale"], said["locale:alternate"], said["type"]) == ("id_ID", "en_GB", "website")


def test_in_english_it_is_english_under_an_address_of_its_own(client, world):
    said = preview(client, f"/kantor/{HALL}?bahasa=en")
    assert said["description"].startswith("Counter closed until Tuesday, 22 September 2020.")
    assert (said["locale"], said["locale:alternate"]) == ("en_GB", "id_ID")
    assert said["url"] == said["canonical"] == f"http://localhost/kantor/{HALL}?bahasa=en"


def test_the_boards_link_names_the_day(client, world):
    assert preview(client, "/")["description"].startswith("Selasa, 22 September 2020: 4 dari 7 kantor terganggu hari ini.")


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        (f"/kantor/{HALL}?pada=2020-09-20T09:00", f"/kantor/{HALL}"),
        ("/?q=gambir&hal=2&status=open", "/"),
        ("/?wilayah=31.71&hal=2", "/?wilayah=31.71"),
        ("/wilayah/31/riwayat?tahun=2020&x=y", "/wilayah/31/riwayat?tahun=2020"),
        ("/wilayah/31/peta?pada=2020-09-20T09:00", "/wilayah/31/peta"),
    ],
)
def test_a_page_has_one_address_whatever_else_is_asked(client, world, asked, own):
    assert preview(client, asked)["canonical"] == f"http://localhost{own}"


@pytest.mark.parametrize("address", ["/masuk", "/lacak", "/tidak-ada", "/kantor/tidak-ada", "/?pada=x"])
def test_private_pages_and_errors_show_nothing(client, world, address):
    assert preview(client, address) == {"canonical": ""}


def test_a_name_with_quotes_stays_within_its_place(client, world):
    from tests import make

    office = make.office('Kantor "Baru" <b>')
    assert preview(client, f"/kantor/{office.slug}")["title"].startswith('Kantor "Baru" <b>: ')
