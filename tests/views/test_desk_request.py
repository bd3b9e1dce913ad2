"""One request on an officer's desk: what is shown of it, what is done with it, and who may neither."""

import pytest

from portal import clock, files
from portal.audit import AuditEntry
from portal.people import roles
from portal.services import catalogue, handling
from portal.services.models import RequestEvent, RequestFile
from tests.house.test_queries import queries
from tests.views.reading import Reading
from tests.views.serving import PDF, Desk, now, words
from tests.views.staff import Browser, person

NIK = "3171012305900004"
ACTS = ("ambil", "datang", "tidak-datang", "dibaca", "balas", "minta", "jawab", "siap", "selesai", "tolak", "tugaskan", "serahkan", "kanal", "catatan", "buka",
        "nik", "isian")  # fmt: skip


@pytest.fixture
def desk(app, world):
    return Desk(app)


def shown(desk, row, browser=None) -> str:
    return words((browser or desk.browser).get(f"/loket/{row.number}"))


def answers_of(desk) -> dict[int, str]:
    street, mother = catalogue.particulars(desk.service)
    return {street.id: "Jalan Kenanga 4", mother.id: "Sulastri"}


def marks(act: str) -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.act == act).order_by(AuditEntry.id))


def test_for_an_officer_of_another_office_the_request_does_not_exist(desk):
    row = desk.request(nik=NIK)
    event = RequestEvent.get(RequestEvent.request == row.id)
    attached = add_file(row, event)
    stranger = desk.of(desk.stranger)
    assert stranger.get(f"/loket/{row.number}").status_code == 404
    assert stranger.get(f"/loket/{row.number}/berkas/{attached.id}").status_code == 404
    for act in ACTS:
        assert stranger.post(f"/loket/{row.number}/{act}", {"text": "x", "reason": "x", "place": "x"}).status_code == 404, act
    assert now(row).revision == row.revision
    assert not marks("nik_seen")
    assert not marks("request_seen")


def test_the_head_of_the_unit_below_does_not_see_what_lies_above(desk):
    below = Browser(desk.app, person(roles.HEAD, desk.unit))
    assert below.get(f"/loket/{desk.request().number}").status_code == 404
    assert below.get(f"/loket/{desk.request(desk.unit).number}").status_code == 200


def test_a_number_that_nobody_has_is_not_found(desk):
    for number in ("0000-0000-000", "x", "7KQ4-M2XT-9BD"):
        assert desk.browser.get(f"/loket/{number}").status_code == 404
        assert desk.browser.post(f"/loket/{number}/ambil").status_code == 404
    assert desk.browser.post(f"/loket/{desk.request().number}/terbang").status_code == 404


def test_a_file_of_another_request_is_not_found_at_this_one(desk):
    row, other = desk.request(), desk.request(desk.other)
    foreign = add_file(other, RequestEvent.get(RequestEvent.request == other.id))
    assert desk.browser.get(f"/loket/{row.number}/berkas/{foreign.id}").status_code == 404
    own = add_file(row, RequestEvent.get(RequestEvent.request == row.id))
    answer = desk.browser.get(f"/loket/{row.number}/berkas/{own.id}")
    assert answer.data == PDF
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def add_file(row, event) -> RequestFile:
    attachment = files.record(files.take(PDF, "ktp.pdf", now=clock.now()), now=clock.now())
    return RequestFile.create(request=row, event=event, attachment=attachment)


def test_particulars_stand_in_full_but_the_identity_number_does_not(desk):
    page = shown(desk, desk.request(nik=NIK, name="Siti Rahayu", phone="081298765432", email="siti@example.org"))
    for said in ("Siti Rahayu", "081298765432", "siti@example.org", "Mohon surat.", "Kantor Uji Pelayanan"):
        assert said in page
    assert NIK not in page


def test_the_identity_number_is_shown_once_to_who_asks_and_the_trail_says_who(desk):
    row = desk.request(nik=NIK)
    answer = desk.browser.post(f"/loket/{row.number}/nik")
    assert NIK in answer.text
    assert NIK not in desk.browser.get(f"/loket/{row.number}").text
    (mark,) = marks("nik_seen")
    assert (mark.actor_id, mark.label) == (desk.officer.id, row.number)
    assert NIK not in str((mark.before, mark.after, mark.label))


def test_sealed_answers_are_shown_once_to_who_asks_and_the_trail_says_who(desk):
    row = desk.request(answers=answers_of(desk))
    page = desk.browser.get(f"/loket/{row.number}").text
    assert "Jalan Kenanga 4" in page
    assert "Sulastri" not in page
    assert "Sulastri" in desk.browser.post(f"/loket/{row.number}/isian").text
    assert "Sulastri" not in desk.browser.get(f"/loket/{row.number}").text
    assert [mark.actor_id for mark in marks("request_answers_seen")] == [desk.officer.id]


def test_who_opened_a_request_is_marked_once_a_day(desk, at):
    row = desk.request()
    for _ in range(3):
        shown(desk, row)
    shown(desk, row, desk.of(desk.colleague))
    assert sorted(mark.actor_id for mark in marks("request_seen")) == sorted([desk.officer.id, desk.colleague.id])
    at("2020-09-23T09:00+07:00")
    shown(desk, row, desk.of(desk.officer))
    assert len(marks("request_seen")) == 3


def test_the_deadline_stands_with_its_calculation(desk):
    page = shown(desk, desk.request())
    assert "3 hari kerja sejak 22 Sep" in page
    assert "hari ke-3, batas" in page
    waiting = shown(desk, desk.request(channel="dropbox"))
    assert "Belum dihitung: 3 hari kerja sejak pemohon atau suratnya datang." in waiting


def test_a_page_asks_the_same_number_of_questions_however_long_its_history(desk):
    row = desk.claimed()
    shown(desk, row)
    few = queries(desk.browser, f"/loket/{row.number}")
    for number in range(12):
        handling.note(row, f"Catatan {number}", **desk.by())
    assert len(queries(desk.browser, f"/loket/{row.number}")) == len(few)


def test_a_chat_opens_with_the_number_in_the_citizens_own_language(desk):
    row = desk.request(phone="0812 9876 5432", language="en")
    chat = next(link for link in Reading(desk.browser.get(f"/loket/{row.number}").text).links if link.startswith("https://wa.me/"))
    assert chat.startswith("https://wa.me/6281298765432?text=Dear")
    assert f"/permohonan/{row.number}" in chat.replace("%2F", "/")
    landline = desk.request(phone="021 555 0199")
    assert "wa.me" not in desk.browser.get(f"/loket/{landline.number}").text
