"""A citizen's data: asked for on the page of the request, handed out and taken away at the desk."""

import json

import pytest

from portal.audit import AuditEntry
from portal.people import roles
from portal.services import handling, personal_data
from portal.services.models import ServiceRequest
from tests import make
from tests.views.reading import Reading
from tests.views.serving import Desk, now, words
from tests.views.staff import Browser, person


@pytest.fixture
def desk(app, database, at):
    at("2020-09-18T10:12+07:00")
    for code in ("31", "31.71"):
        make.region(code)
    return Desk(app)


@pytest.fixture
def closed(desk):
    row = desk.request(name="Dewi Anggraini", nik="3171234567890123")
    return handling.refuse(row, "Berkas kurang.", **desk.by())


def test_an_officer_hands_out_a_copy_as_a_file_and_the_trail_says_who(desk, closed):
    answer = desk.browser.post(f"/loket/{closed.number}/data-salinan")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=data-{closed.number}.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text)["nik"] == "3171234567890123"
    assert AuditEntry.get(AuditEntry.act == "request_data_handed_out").actor == "Laras"


def test_an_officer_takes_the_data_of_a_closed_request_away_with_a_reason(desk, closed):
    assert desk.browser.post(f"/loket/{closed.number}/data-hapus", {"reason": " "}).status_code == 422
    assert now(closed).name == "Dewi Anggraini"
    assert desk.browser.post(f"/loket/{closed.number}/data-hapus", {"reason": "Permintaan pemohon"}).status_code == 303
    assert now(closed).name == "—"
    page = words(desk.browser.get(f"/loket/{closed.number}"))
    assert "Data pribadi permohonan ini sudah dihapus." in page
    assert "Dewi" not in page


def test_a_request_that_goes_on_keeps_its_data_and_the_reason_that_was_typed_stays(desk):
    row = desk.request()
    answer = desk.browser.post(f"/loket/{row.number}/data-hapus", {"reason": "Permintaan pemohon"})
    assert answer.status_code == 422
    assert "Permohonan ini masih berjalan. Selesaikan atau batalkan dulu." in Reading(answer.text).words
    assert now(row).redacted_at is None


@pytest.mark.parametrize("act", ["data-salinan", "data-hapus"])
def test_for_an_officer_of_another_office_there_is_no_such_request(desk, closed, act):
    stranger = desk.of(desk.stranger)
    assert stranger.post(f"/loket/{closed.number}/{act}", {"reason": "Ingin tahu"}).status_code == 404
    assert desk.of(person(roles.EMPLOYEE, desk.office)).post(f"/loket/{closed.number}/{act}", {"reason": "Ingin tahu"}).status_code == 403
    assert now(closed).redacted_at is None
    assert not AuditEntry.select().where(AuditEntry.act.in_(["request_data_handed_out", "request_erased"])).exists()


def test_who_has_opened_the_request_asks_for_the_data_and_the_desk_reads_so(desk, closed):
    citizen = Browser(desk.app)
    assert citizen.post(f"/permohonan/{closed.number}/buka", {"digits": "0000"}).status_code == 303
    assert "Minta salinan data saya" in words(citizen.get(f"/permohonan/{closed.number}"))
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "copy"}).status_code == 303
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "erasure"}).status_code == 303
    page = words(citizen.get(f"/permohonan/{closed.number}"))
    assert "Anda meminta salinan data Anda." in page
    assert "Minta data saya dihapus" not in page
    at_desk = words(desk.browser.get(f"/loket/{closed.number}"))
    assert "Pemohon meminta datanya dihapus." in at_desk
    assert now(closed).news_at is not None


def test_who_has_not_opened_it_says_the_digits_first(desk, closed):
    citizen = Browser(desk.app)
    assert "Minta salinan data saya" not in words(citizen.get(f"/permohonan/{closed.number}"))
    answer = citizen.post(f"/permohonan/{closed.number}/data", {"kind": "copy"})
    assert answer.status_code == 422
    assert "Empat angka terakhir nomor telepon Anda" in Reading(answer.text).words
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "copy", "digits": "9999"}).status_code == 422
    assert personal_data.wishes(closed) == set()
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "copy", "digits": "0000"}).status_code == 303
    assert personal_data.wishes(closed) == {"copy"}


def test_a_wish_that_nobody_can_have_is_refused(desk, closed):
    citizen = Browser(desk.app)
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "rahasia", "digits": "0000"}).status_code == 422
    personal_data.erase(ServiceRequest.get_by_id(closed.id), "Permintaan pemohon", **desk.by())
    assert citizen.post(f"/permohonan/{closed.number}/data", {"kind": "copy"}).status_code == 422
    assert citizen.get(f"/permohonan/{closed.number}").status_code == 200
