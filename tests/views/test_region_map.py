"""The map of a region: every office by a sign or in a circle, and all of it in tables besides."""

import re

from portal.offices.extracts import Spot
from portal.views import charts
from tests import make
from tests.views.reading import Reading


def test_every_office_stands_on_the_map_by_its_state_and_in_the_table_by_name(client, world):
    page = client.get("/wilayah/31/peta").text
    words = Reading(page).words
    assert "3 dari 5 kantor di Jakarta terganggu hari ini." in words
    assert len(re.findall(r'#(remote|suspended|limited)" x=', page)) == 3
    assert page.count("h0") == 1  # the neighbour is open
    assert "1 kantor belum diketahui letaknya." in words
    assert "Kantor Kelurahan Karang Anyar Tutup total" in words
    assert "Pos Siaga <Banjir> & Kebakaran Buka" in words


def test_the_map_can_be_asked_for_another_moment(client, world):
    page = client.get("/wilayah/31/peta?pada=2020-09-28T10:00").text
    assert "terganggu saat itu" in page
    assert "/kantor/kantor-wali-kota-jakarta-selatan?pada=2020-09-28T10:00" in page.replace("%3A", ":")


def test_a_region_without_places_says_so(client, world):
    assert "petanya belum dapat digambar" in client.get("/wilayah/51/peta").text


def test_many_offices_are_drawn_by_cells_that_hold_them_all(client, world):
    for number in range(charts.MOST):
        office = make.office(f"Kantor Padat {number}", region="31.74", lat=-6.2 - number / 5000, lon=106.8 + number % 25 / 500)
    make.closure(office, first="2020-09-22", days=1)
    page = client.get("/wilayah/31/peta").text
    assert page.count("<use") < 100
    assert sum(map(int, re.findall(r'<circle class="cell".*?<text[^>]*>(\d+)</text>', page))) == charts.MOST + 4
    assert 'class="t-cards"' in page and "Kantor Padat 499" in page  # the disrupted ones by name
    assert "/wilayah/31.74/peta" in page and "Kantor Padat 7<" not in page
    assert len(page) < 40_000


def spots(*places, state="open"):
    return [Spot(number, lat, lon, state) for number, (lat, lon) in enumerate(places)]


def test_a_map_keeps_north_above_and_east_to_the_right_within_its_frame():
    drawn = charts.chart(spots((-6.0, 106.0), (-7.0, 108.0), state="remote"), [])
    (x, y, _), (x2, y2, _) = drawn.marks
    assert 0 < x < x2 < drawn.width and 0 < y < y2 < drawn.height


def test_one_office_alone_stands_in_the_middle():
    drawn = charts.chart(spots((-6.0, 106.0), state="remote"), [])
    assert drawn.marks == [(drawn.width / 2, drawn.height / 2, "remote")]


def test_the_worst_is_drawn_on_top():
    some = [Spot(1, -6.0, 106.0, "suspended"), Spot(2, -6.0, 106.0, "limited"), Spot(3, -6.1, 106.1, "off_hours")]
    drawn = charts.chart(some, [])
    assert [state for *_, state in drawn.marks] == ["limited", "suspended"]
    assert drawn.resting and not drawn.open


def test_no_name_stands_over_another():
    drawn = charts.chart(spots((-6.0, 106.0), (-6.5, 106.5)), [("Satu", -6.25, 106.25), ("Dua", -6.251, 106.251), ("Jauh", -6.4, 106.3)])
    assert [name for *_, name in drawn.labels] == ["Satu", "Jauh"]


def test_the_scale_is_as_long_as_it_says():
    drawn = charts.chart(spots((-6.0, 106.0), (-7.0, 106.0), state="remote"), [])
    (_, top, _), (_, bottom, _) = drawn.marks
    length, km = drawn.rule
    assert abs(length / km - (bottom - top) / 111.2) < 0.01
