"""The figures as page, table and data."""

import csv
import io

import pytest

from portal.services.models import ServiceRequest
from portal.views import figures
from tests import make

pytestmark = pytest.mark.usefixtures("database")
MORNING = "2020-09-29T10:00+07:00"


@pytest.fixture(autouse=True)
def counted_anew():
    figures.forget()
    yield
    figures.forget()


@pytest.fixture
def office(at):
    at(MORNING)
    made = make.office("=Kantor Contoh", slug="kantor-contoh")
    service = make.service("Surat domisili", at=[made], slug="domisili")
    for _ in range(7):
        row = make.request(service, made, now=make.local("2020-09-14T09:00"))
        ServiceRequest.update(state="done", closed_at=make.local("2020-09-16T09:00")).where(ServiceRequest.id == row.id).execute()
    make.request(make.service("Surat lain", at=[made], slug="lain"), made, now=make.local("2020-09-14T09:00"))
    return made


def test_the_page_says_how_long_it_takes_and_has_a_table_beside_each_picture(client, office):
    page = client.get("/angka").text
    assert "100% permohonan selesai tepat waktu. Separuhnya selesai dalam 2 hari kerja atau kurang." in page
    assert page.count('<svg class="columns"') == 1
    assert "September 2020" in page
    assert "kurang dari 5" in page
    assert "disembunyikan" in page  # the seven beside it
    assert "style=" not in page


def test_it_is_narrowed_to_an_office_or_a_service(client, office):
    assert "<h1>=Kantor Contoh</h1>" in client.get("/angka?kantor=kantor-contoh").text
    assert "Surat domisili</span></h1>" in client.get("/angka?layanan=domisili").text
    assert [client.get(address).status_code for address in ("/angka?kantor=tiada", "/angka?layanan=tiada", "/angka?kantor=%00")] == [404] * 3


def test_an_office_without_any_request_says_so(client, at):
    at(MORNING)
    make.office("Kantor Baru", slug="kantor-baru")
    page = client.get("/angka?kantor=kantor-baru").text
    assert "Belum ada cukup permohonan yang selesai untuk dihitung." in page
    assert "Dalam dua belas bulan ini belum ada permohonan." in page


def test_the_table_to_take_along_is_guarded_and_tells_no_few(client, office):
    answer = client.get("/angka.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv"
    assert {row["office_name"] for row in rows} == {"'=Kantor Contoh"}
    assert sorted((row["service"], row["requests"], row["median_working_days"]) for row in rows) == [("domisili", "", "2"), ("lain", "<5", "")]


def test_programs_read_the_same_and_from_anywhere(client, office):
    answer = client.get("/angka.json?layanan=domisili")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {name: answer.json[name] for name in ("requests", "settled", "median_working_days", "on_time_percent", "from", "to")} == {
        "requests": 7, "settled": 7, "median_working_days": 2.0, "on_time_percent": 100, "from": "2019-10-01", "to": "2020-09-28"}  # fmt: skip
    assert client.get("/angka.json").json["rows"][0]["requests"] is None


def test_what_is_asked_today_counts_tomorrow(client, office, at):
    for _ in range(6):
        make.request(ServiceRequest.select().first().service, office, now=make.local("2020-09-29T09:00"))
    assert client.get("/angka.json").json["requests"] == 8
    at("2020-09-30T10:00+07:00")
    assert client.get("/angka.json").json["requests"] == 14
