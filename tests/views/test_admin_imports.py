"""A file is looked at before it is taken: what would change, what is wrong and where, and nothing kept until one says so."""

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.audit import AuditEntry
from portal.offices.models import Office
from portal.offices.staff import Posting
from portal.people.models import Person
from portal.views.admin_imports import sweep
from tests import make
from tests.views.administration import Desk
from tests.views.world import MORNING

HEADER = "slug,name,kind,parent,region,address,lat,lon,timezone,hours,phone,email,headcount,desks"
PEOPLE = "nip,name,email,office,position,supervisor_nip,roles,starts"


@pytest.fixture
def desk(client, at):
    at(MORNING)
    return Desk(client)


def upload(desk: Desk, lines: list[str] | bytes, kind: str = "offices", header: str = HEADER):
    body = lines if isinstance(lines, bytes) else "\n".join([header, *lines]).encode()
    data = {"csrf_token": desk.token(), "file": (io.BytesIO(body), "berkas.csv")}
    return desk.client.post(f"/admin/impor/{kind}", data=data, content_type="multipart/form-data")


def kept(app) -> list[Path]:
    return list((app.config["SETTINGS"].instance / "imports").glob("*.csv"))


def confirmation(page: str) -> str:
    found = re.search(r'action="(/admin/impor/\w+/[\w-]+)"', page)
    assert found
    return found[1]


@pytest.fixture(autouse=True)
def clean(app):
    yield
    for path in kept(app):
        path.unlink()


def test_a_file_is_shown_first_and_taken_on_the_word_of_the_one_who_sent_it(desk, app):
    make.office("Kantor Lama", slug="lama", kind="dinas")
    shown = upload(desk, ["lama,Kantor Baru,,,,,,,,,,,,", "uji-a,Kantor A,,,,,,,,,,,,"])
    assert shown.status_code == 200
    assert re.search(r"Baru</dt><dd>1<.*Berubah</dt><dd>1<", shown.text)
    assert not Office.select().where(Office.slug == "uji-a").exists()
    answer = desk.post(confirmation(shown.text))
    assert answer.status_code == 303
    assert Office.get(Office.slug == "lama").name == "Kantor Baru"
    assert desk.get(answer.location).status_code == 200
    assert AuditEntry.get(AuditEntry.act == "offices_imported").actor_id == desk.person.id
    assert kept(app) == []


def test_a_file_is_taken_once_however_often_one_presses(desk):
    address = confirmation(upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,"]).text)
    assert [desk.post(address).status_code for _ in range(2)] == [303, 422]
    assert AuditEntry.select().where(AuditEntry.act == "offices_imported").count() == 1


def test_every_error_is_named_by_line_and_column_and_nothing_is_kept(desk, app):
    shown = upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,", "Uji B,,,,,,,,,pagi,,,,"])
    assert shown.status_code == 422
    for words in ("slug", "name", "hours", "3 kesalahan"):
        assert words in shown.text
    assert not Office.select().where(Office.slug == "uji-a").exists()
    assert kept(app) == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", HEADER.encode() + b'\nuji,"Kantor', HEADER.encode() + b"\nuji,Kan\x00tor,,,,,,,,,,,,\n"])
@pytest.mark.parametrize("kind", ["offices", "people", "closures", "regions"])
def test_what_is_no_such_file_is_refused_with_a_reason(desk, kind, body):
    answer = upload(desk, body, kind)
    assert answer.status_code == 422
    assert "Tidak ada yang berubah" in answer.text


def test_a_file_is_taken_from_one_who_gave_the_password_lately(desk, at):
    address = confirmation(upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,"]).text)
    at("2020-09-22T09:40+07:00")
    for answer in (desk.get("/admin/impor/people"), upload(desk, ["uji-b,Kantor B,,,,,,,,,,,,"]), desk.post(address)):
        assert answer.location.startswith("/masuk/pastikan")
    assert not Office.select().where(Office.slug.startswith("uji")).exists()


def test_a_form_without_a_file_asks_for_one(desk):
    answer = desk.post("/admin/impor/offices")
    assert answer.status_code == 422
    assert "Pilih berkasnya dulu" in answer.text


def test_nobody_confirms_the_file_of_another(desk, client):
    address = confirmation(upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,"]).text)
    assert Desk(client).post(address).status_code == 422
    assert not Office.select().where(Office.slug == "uji-a").exists()


def test_a_file_that_lay_for_more_than_an_hour_is_sent_again(desk, at, app):
    address = confirmation(upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,"]).text)
    at("2020-09-22T10:01+07:00")
    desk.sign_in()
    assert desk.post(address).status_code == 422
    upload(desk, ["uji-b,Kantor B,,,,,,,,,,,,"])
    assert len(kept(app)) == 1


@pytest.mark.parametrize("token", ["..%2f..%2fportal", "x", "a" * 70, "%00" * 24])
def test_a_token_that_was_never_given_opens_no_file(desk, token):
    assert desk.post(f"/admin/impor/offices/{token}").status_code in {400, 404}


def test_people_come_in_with_their_superiors_and_odd_numbers_are_warned_of(desk):
    make.office("Kantor Uji")
    shown = upload(
        desk, ["198001012005011001,Ani,,kantor-uji,Kepala,,head,2020-01-01", "PPPK-1,Budi,,kantor-uji,Analis,198001012005011001,,2020-01-01"], "people", PEOPLE
    )
    assert shown.status_code == 200
    assert "bukan NIP 18 angka" in shown.text
    assert desk.post(confirmation(shown.text)).status_code == 303
    assert Person.select().where(Person.name.in_(["Ani", "Budi"])).count() == 2


def test_a_file_of_some_megabytes_passes_and_one_beyond_the_limit_does_not(desk):
    many = [f"uji-{number},Kantor {number},,,,{'Jalan Panjang ' * 600},,,,,,,," for number in range(150)]
    answer = upload(desk, many)
    assert "500 huruf" in answer.text or answer.status_code == 200
    assert upload(desk, b"x" * 20_000_001).status_code == 413


def test_a_large_file_of_a_stranger_is_refused_unread(app, database):
    answer = app.test_client().post("/admin/impor/offices", data=b"x" * 1_000_001)
    assert answer.status_code == 413


def test_errors_beyond_the_first_hundred_are_counted(desk):
    shown = upload(desk, [f"Uji {number},Kantor,,,,,,,,,,,," for number in range(150)])
    assert shown.status_code == 422
    assert "150 kesalahan" in shown.text
    assert "dan 50 lagi" in shown.text


def test_a_file_that_nobody_confirms_goes_though_nobody_sends_another(desk, app):
    upload(desk, ["uji-a,Kantor A,,,,,,,,,,,,"])
    morning = datetime.fromisoformat(MORNING)
    with app.app_context():
        sweep(now=morning + timedelta(minutes=59))
        assert len(kept(app)) == 1
        sweep(now=morning + timedelta(minutes=61))
    assert kept(app) == []


def test_closures_from_a_file_name_who_took_them_in_and_from_where(desk):
    make.office("Kantor Lama", slug="lama")
    header = "case,office,scope,starts,ends,reopens,reason,online,dropbox,diversion,note,source"
    shown = upload(desk, ["1,lama,all,2020-09-20,2020-09-22,,flood,,,,,"], "closures", header)
    assert desk.post(confirmation(shown.text)).status_code == 303
    entry = AuditEntry.get(AuditEntry.act == "closures_imported")
    assert entry.actor_id is not None
    assert entry.address == "127.0.0.1"


def test_a_posting_without_a_day_begins_on_the_local_one(client, at):
    at("2021-01-01T00:30+07:00")
    desk = Desk(client)
    make.office("Kantor Lama", slug="lama")
    shown = upload(desk, ["uji-1,Siti,,lama,,,,"], "people", PEOPLE)
    assert desk.post(confirmation(shown.text)).status_code == 303
    assert Posting.select().order_by(Posting.id.desc()).first().first_day == date(2021, 1, 1)
