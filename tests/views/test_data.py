"""Everything public as tables, and the page that says how to get at it."""

import csv
import gzip
import html
import io
import re
from urllib.parse import urlsplit

import pytest

from portal.offices import extracts
from portal.services import boxes
from portal.views import open_tables
from tests import make
from tests.house.test_queries import counted
from tests.views.reading import Reading
from tests.views.world import HALL, json_of

NAMES = [table.name for table in open_tables.TABLES]


def rows(client, name):
    answer = client.get(f"/data/{name}.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_the_columns_that_the_page_tells_in_both_languages(client, world, name):
    columns = list(rows(client, name)[0])
    for language in ("id", "en"):
        page = client.get(f"/data?bahasa={language}").text
        part = re.search(rf"<summary>{name}\.csv.*?</details>", page, re.DOTALL)[0]
        assert re.findall(r"<dt><code>(\w+)</code>", part) == columns
        assert "<dd></dd>" not in part


def test_the_tables_keep_their_columns():
    assert {table.name: ",".join(table.columns) for table in open_tables.TABLES} == {
        "kantor": "slug,name,kind,parent,region,address,lat,lon,timezone,hours,phone,email,state,until,reopens_at,online,dropbox,at,is_approximate",
        "penutupan": "id,offices,except,services,reason,first_day,last_day,starts_at,ends_at,review_on,online,dropbox,diversions,legal_basis,note,status,"
                     "declared_at,changed_at",
        "layanan": "slug,name,summary,product,channels,working_days,cost,legal_basis,kinds",
        "kotak-surat": "office,place,hours,services",
        "hari-libur": "day,name,region,joint_leave,estimated",
        "wilayah": "code,parent,level,name,offices,disrupted",
    }  # fmt: skip


def test_every_office_stands_in_its_table_as_programs_are_told_of_it(client, world):
    held = {row["slug"]: row for row in rows(client, "kantor")}
    assert set(held) == {office.slug for office in world.offices()}
    for slug, row in held.items():
        told = json_of(client, f"/api/v1/offices/{slug}")
        assert (row["state"], row["until"], row["reopens_at"]) == (told["state"], told["until"] or "", told["reopens_at"] or "")
        assert (row["online"], row["dropbox"]) == tuple("yes" if told["channels"][name] else "no" for name in ("online", "dropbox"))


def test_every_closure_stands_in_its_table_with_its_days(client, world):
    held = {int(row["id"]): row for row in rows(client, "penutupan")}
    assert set(held) == {closure.id for closure in world.closures()}
    main = held[world.main.id]
    assert (main["offices"], main["reason"], main["first_day"], main["last_day"], main["status"]) == (
        HALL,
        "confirmed_case",
        "2020-09-20",
        "2020-09-22",
        "active",
    )
    assert (main["starts_at"], main["ends_at"], main["online"]) == ("2020-09-20T00:00:00+07:00", "2020-09-23T00:00:00+07:00", "yes")
    assert main["diversions"] == "kantor-wali-kota-jakarta-selatan | KTP: Tenda di halaman"
    open_end = held[world.open_end.id]
    assert (open_end["last_day"], open_end["ends_at"], open_end["review_on"], open_end["online"]) == ("", "", "2020-10-03", "no")
    assert held[world.mistake.id]["status"] == "withdrawn"
    assert held[world.partly.id]["except"] == world.post.slug


def test_services_boxes_holidays_and_regions_stand_in_theirs(client, world):
    box = boxes.of_offices([world.hall.id])[0]
    boxes.take_only(box, [world.service], **make.ACT)
    assert rows(client, "kotak-surat") == [{"office": HALL, "place": "lobi Blok A", "hours": "Mo-Fr 08:00-13:30", "services": "surat-keterangan-domisili"}]
    assert rows(client, "layanan")[0]["name"] == "Surat keterangan domisili"
    assert {"day": "2020-09-25", "name": "Hari Jadi", "region": "51", "joint_leave": "no", "estimated": "no"} in rows(client, "hari-libur")
    counts = {row["code"]: (row["offices"], row["disrupted"]) for row in rows(client, "wilayah")}
    assert (counts["31"], counts["31.71"], counts["31.71.02.1004"], counts["51"]) == (("5", "3"), ("3", "3"), ("1", "1"), ("1", "0"))


def test_no_cell_is_a_formula(client, world):
    office = make.office("=HYPERLINK(1)")
    make.closure(office, note="@SUM(1)")
    assert "'=HYPERLINK(1)" in {row["name"] for row in rows(client, "kantor")}
    assert "'@SUM(1)" in {row["note"] for row in rows(client, "penutupan")}


def test_a_table_is_read_in_pieces_of_which_none_is_lost(client, world, monkeypatch):
    whole = {name: rows(client, name) for name in NAMES}
    monkeypatch.setattr(extracts, "AT_ONCE", 2)
    assert {name: rows(client, name) for name in NAMES} == whole


def test_a_table_asks_once_for_many_rows(client, world):
    for number in range(30):
        make.office(f"Kantor {number}", region="31.74")
    with counted() as few:
        rows(client, "kantor")
    for number in range(30, 90):
        make.office(f"Kantor {number}", region="31.74")
    with counted() as many:
        rows(client, "kantor")
    assert len(many) <= len(few)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_packed_on_its_way_and_open_to_other_sites(client, world, name):
    packed = client.get(f"/data/{name}.csv", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(f"/data/{name}.csv").data
    assert packed.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "no-cache" in packed.headers["Cache-Control"]
    assert "Set-Cookie" not in packed.headers


def test_a_table_that_is_not_named_does_not_exist(client, world):
    assert client.get("/data/orang.csv").status_code == 404


def examples(client, query=""):
    page = client.get(f"/data{query}").text
    held = [html.unescape(html.unescape(each)) for each in re.findall(r"<pre.*?</pre>", page, re.DOTALL)]
    return [address for each in held for address in re.findall(r'"(http://[^"]+)"', each)]


@pytest.mark.parametrize("query", ["", "?bahasa=en"])
def test_every_example_answers(client, world, query):
    found = examples(client, query)
    assert len(found) == 9
    for address in found:
        parts = urlsplit(address)
        answer = client.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 200, address
        assert answer.mimetype in {"text/csv", "application/json", "text/html", "image/svg+xml"}
        assert "bahasa" not in address


def test_before_the_first_office_there_are_no_examples(client):
    assert "Contoh tampil di sini begitu ada kantor di papan." in Reading(client.get("/data").text).words
    assert examples(client) == []
