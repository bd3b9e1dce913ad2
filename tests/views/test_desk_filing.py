"""An officer files for somebody at the telephone or at the door."""

import io

import pytest

from portal.people import roles
from portal.services.models import ServiceRequest
from tests import make
from tests.views.serving import PDF, Desk
from tests.views.staff import Browser, fields_of, person


@pytest.fixture
def desk(app, world):
    return Desk(app)


def address(desk, office=None) -> str:
    return f"/loket/baru?layanan={desk.service.slug}&kantor={(office or desk.office).slug}"


def filed(desk, browser=None, **fields):
    page = (browser or desk.browser).get(address(desk))
    assert page.status_code == 200
    key = fields_of(page.text, "catat")["submission_key"]
    sent = {"origin": "phone", "channel": "online", "name": "Siti", "phone": "081298765432", "submission_key": key, **fields}
    return (browser or desk.browser).post(address(desk), sent)


def test_what_is_told_on_the_telephone_becomes_a_request_like_any_other(desk):
    answer = filed(desk, description="Surat untuk bank.", files=(io.BytesIO(PDF), "ktp.pdf"))
    assert answer.status_code == 303
    row = ServiceRequest.get()
    assert (row.origin, row.channel, row.filed_by_id, row.office_id) == ("phone", "online", desk.officer.id, desk.office.id)
    page = desk.browser.get(answer.location).text
    assert "Sebutkan nomornya kepada warga" in page
    assert f"/permohonan/{row.number}/bukti" in page
    assert "ktp.pdf" in page
    public = Browser(desk.app).get(f"/permohonan/{row.number}")
    assert public.status_code == 200
    assert "081298765432" not in public.text


def test_who_stands_at_the_counter_needs_no_slot_and_the_days_begin(desk, at):
    assert filed(desk, origin="door", channel="counter").status_code == 303
    row = ServiceRequest.get()
    assert row.origin == "door"
    assert row.clock_from is not None
    assert row.due_on is not None


def test_who_telephones_for_the_counter_gets_a_slot(desk):
    slotless = filed(desk, channel="counter")
    assert slotless.status_code == 422
    assert "Pilih hari dan jam kedatangan." in slotless.text
    assert filed(desk, channel="counter", slot="2020-09-22T10:00:00+07:00").status_code == 303
    row = ServiceRequest.get()
    assert row.clock_from is None


def test_everything_that_is_wrong_is_told_at_once_and_what_was_typed_stays(desk):
    answer = filed(desk, origin="", name="", phone="12", description="Surat untuk bank.")
    assert answer.status_code == 422
    assert "Surat untuk bank." in answer.text
    assert filed(desk, channel="merpati").status_code == 422
    assert "Bagian ini wajib diisi." in filed(desk, name="").text
    assert ServiceRequest.select().count() == 0


def test_sent_twice_it_is_one(desk):
    for _ in range(2):
        assert filed(desk, submission_key="satu-kunci").status_code == 303
    assert ServiceRequest.select().count() == 1


def test_one_files_for_the_own_offices_alone(desk):
    assert desk.browser.get(address(desk, desk.other)).status_code == 422
    assert desk.browser.post(address(desk, desk.other), {"origin": "phone", "channel": "online", "name": "Siti", "phone": "0812"}).status_code == 422
    assert desk.browser.get(f"/loket/baru?layanan={desk.service.slug}&kantor={make.office().slug}").status_code == 422
    assert ServiceRequest.select().count() == 0


def test_first_the_service_and_the_office_are_chosen(desk):
    page = desk.browser.get("/loket/baru").text
    assert f'value="{desk.service.slug}"' in page
    assert f'value="{desk.unit.slug}"' in page
    assert f'value="{desk.other.slug}"' not in page
    admin = Browser(desk.app, person(roles.ADMIN))
    assert 'name="kantor"' in admin.get("/loket/baru").text
    assert admin.get(address(desk, desk.other)).status_code == 200
    assert desk.browser.get("/loket/baru?layanan=tidak-ada&kantor=tidak-ada").status_code == 422
