"""The public pages of what was: pictures, table and CSV say the same."""

import csv
import io

import pytest

from tests import make
from tests.views.reading import Reading
from tests.views.world import HALL


def rows(client, address):
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_an_offices_page_says_how_many_days_of_service_were_lost_and_why(client, world):
    page = Reading(client.get(f"/kantor/{HALL}/riwayat").text)
    assert "Oktober 2019 sampai September 2020: loket tutup 2 dari 256 hari layanan. Itu 0,8%." in page.words
    assert "September 2020 2 16 Semua bulan 2 256" in page.words
    assert "Agustus 2020" not in page.words


def test_the_table_the_file_and_the_bars_hold_the_same_days(client, world):
    held = rows(client, "/wilayah/31/riwayat.csv")
    assert list(held[0]) == ["month", "reason", "closed_days", "service_days"]
    by_reason = [(row["month"], row["reason"], row["closed_days"]) for row in held if row["closed_days"] != "0"]
    assert by_reason == [
        ("2020-08", "all", "2"), ("2020-08", "flood", "2"), ("2020-09", "all", "4"), ("2020-09", "confirmed_case", "2"), ("2020-09", "flood", "2")]  # fmt: skip
    page = client.get("/wilayah/31/riwayat").text
    assert page.count('class="bar"') == 2
    assert "Banjir: paling banyak 2 pada Agustus 2020." in page
    assert "4 hari kantor" in Reading(page).words


def test_a_year_can_be_chosen_and_nothing_after_today_counts(client, world):
    make.closure(world.station, first="2019-05-06", days=2)
    page = Reading(client.get("/wilayah/31.74/riwayat?tahun=2019").text)
    assert "Tahun 2019: loket tutup 2 dari" in page.words
    own = "/wilayah/31.74/riwayat?tahun=2019"
    years = [link for link in page.links if link.startswith("/") and "tahun=" in link]
    assert years == [f"{own}&bahasa=en", f"{own}&bahasa=en", "/wilayah/31.74/riwayat?tahun=2020", own, "/wilayah/31.74/riwayat.csv?tahun=2019"]
    this_year = rows(client, "/wilayah/31.74/riwayat.csv?tahun=2020")
    assert (this_year[0]["month"], this_year[-1]["month"]) == ("2020-01", "2020-09")  # the closure of the 28th is still to come
    assert this_year[-1] == {"month": "2020-09", "reason": "all", "closed_days": "0", "service_days": str(16 + 22)}


@pytest.mark.parametrize("year", ["1900", "x", "2021", "20²0"])
def test_a_year_without_anything_is_the_latest_months(client, world, year):
    assert rows(client, f"/kantor/{HALL}/riwayat.csv?tahun={year}") == rows(client, f"/kantor/{HALL}/riwayat.csv")


def test_without_any_closure_the_page_says_so_and_draws_nothing(client, world):
    answer = client.get(f"/kantor/{world.station.slug}/riwayat?bahasa=en")
    assert "no day of service was lost to a closure" in answer.text
    assert "<svg viewBox" not in answer.text


def test_the_share_is_never_said_to_be_nothing_where_it_is_little(client, world):
    make.closure(world.station, first="2018-06-04", days=1)
    for number in range(12):
        make.office(f"Kantor sepi {number}", region="31.74", opening="24/7")
    assert "Itu kurang dari 0,1%." in client.get("/wilayah/31.74/riwayat?tahun=2018").text


@pytest.mark.parametrize(
    "address", ["/kantor/tidak-ada/riwayat", "/wilayah/99/riwayat", "/wilayah/99/riwayat.csv", "/wilayah/x%00/riwayat", "/wilayah/99/peta"]
)
def test_what_does_not_exist_has_no_history_and_no_map(client, world, address):
    assert client.get(address).status_code == 404
