"""A day that was handed in: locked, with a receipt; returned, approved, or of a month that is closed."""

from datetime import date

import pytest

from portal.kinerja import validation
from portal.kinerja.models import Entry, MonthClosing, WorkDay
from portal.outbox import Letter
from tests import make
from tests.views.closing import words
from tests.views.days import EVENING, SHEET, TYPED, Desk, forms


@pytest.fixture
def desk(app, client, at):
    at(EVENING)
    return Desk(app)


# Submitted


def test_a_submitted_day_is_locked_and_shows_its_receipt_with_the_servers_time(desk):
    desk.add()
    assert desk.submit().status_code == 303
    page = desk.page()
    assert not forms(page) & {"kegiatan", "ajukan"}
    row = WorkDay.get()
    said = words(desk.browser.get(SHEET))
    assert f"Nomor tanda terima: {row.receipt}" in said
    assert "Diajukan hari ini, Senin, 21 September pukul 16.00 WIB. Menunggu Ratna Contoh." in said
    paper = words(desk.browser.get(f"{SHEET}/tanda-terima"))
    assert row.receipt in paper
    assert "Memeriksa 12 berkas" in paper
    assert "Senin, 21 September 2020 pukul 16.00 WIB" in paper


def test_a_day_without_activities_has_nothing_to_submit_and_no_receipt(desk):
    assert forms(desk.page()) >= {"kegiatan"}
    assert "ajukan" not in forms(desk.page())
    assert desk.browser.post(f"{SHEET}/ajukan", {"submission_key": "x"}).status_code == 303
    assert desk.browser.get(f"{SHEET}/tanda-terima").status_code == 404
    assert WorkDay.select().count() == 0


def test_submitted_twice_it_is_submitted_once(desk):
    desk.add()
    fields = desk.fields("ajukan")
    assert [desk.browser.post(f"{SHEET}/ajukan", fields).status_code for _ in range(2)] == [303, 303]
    assert Letter.select().where(Letter.name == "day_receipt").count() == 0


def test_what_another_device_added_meanwhile_is_shown_before_it_is_submitted(desk):
    desk.add()
    fields = desk.fields("ajukan")
    desk.add(starts="10:00", ends="11:00", description="Dari perangkat lain")
    answer = desk.browser.post(f"{SHEET}/ajukan", fields)
    assert answer.status_code == 422
    assert "Isi log ini berubah di halaman atau perangkat lain" in words(answer)
    assert "Dari perangkat lain" in answer.text
    assert WorkDay.get().state == "draft"


def test_the_receipt_goes_out_by_mail_if_wished_and_the_wish_is_remembered(desk, at):
    desk.add()
    assert "letter" not in desk.fields("ajukan")
    desk.submit(letter="yes")
    letter = Letter.get(Letter.name == "day_receipt")
    assert (letter.email, letter.facts["receipt"]) == ("bima@example.org", WorkDay.get().receipt)
    at("2020-09-22T16:00+07:00")
    desk.add("/kinerja/2020-09-22")
    assert desk.fields("ajukan", "/kinerja/2020-09-22")["letter"] == ["yes"]


def test_a_line_sent_from_a_page_that_stood_open_is_refused_after_submission_and_stays_readable(desk):
    desk.add()
    fields = {**desk.fields("kegiatan"), **TYPED, "description": "Terlambat ditulis", "starts": "10:00", "ends": "11:00"}
    desk.submit()
    answer = desk.browser.post(SHEET, fields)
    assert answer.status_code == 422
    assert "terkunci" in words(answer)
    assert "Terlambat ditulis" in answer.text
    assert not forms(answer.text) & {"kegiatan", "ajukan"}


def test_a_returned_day_says_who_when_and_why_and_leads_to_what_is_to_be_mended(desk, at):
    desk.add()
    desk.add(starts="10:00", ends="11:00", description="Rapat")
    desk.submit()
    marked = Entry.get(Entry.description == "Rapat")
    at("2020-09-22T08:20+07:00")
    who = make.decider(desk.superior, make.local("2020-09-22T08:20"))
    validation.decide([], [(marked.id, None)], validation.RETURN, "Tautan tidak terbuka", who)
    page = desk.page()
    said = words(desk.browser.get(SHEET))
    assert "Dikembalikan oleh Ratna Contoh, hari ini, Selasa, 22 September pukul 08.20 WIB. “Tautan tidak terbuka”" in said
    assert f'href="#k{marked.id}"' in page
    assert forms(page) >= {"kegiatan", "ajukan"}


def test_an_approved_day_has_no_form_and_says_who_approved_it(desk):
    desk.add()
    desk.submit()
    validation.decide([(WorkDay.get().id, None)], [], validation.APPROVE, "", make.decider(desk.superior))
    page = desk.page()
    assert not forms(page) & {"kegiatan", "ajukan"}
    assert "Disetujui oleh Ratna Contoh" in words(desk.browser.get(SHEET))


def test_a_rejected_activity_counts_for_nothing_on_the_sheet_and_on_the_receipt(desk):
    desk.add()
    desk.add(starts="10:00", ends="11:00", description="Rapat")
    desk.submit()
    who = make.decider(desk.superior)
    validation.decide([], [(Entry.get(Entry.description == "Rapat").id, None)], validation.REJECT, "Bukan pekerjaan", who)
    validation.decide([(WorkDay.get().id, None)], [], validation.APPROVE, "", who)
    counted = WorkDay.get().effective
    sheet, receipt = words(desk.browser.get(SHEET)), words(desk.browser.get(SHEET + "/tanda-terima"))
    assert f"{counted} dari 450 menit diakui; diisi {counted + 60} menit." in sheet
    assert "0 menit diisi 60" in sheet
    assert "Rapat Ditolak: Bukan pekerjaan" in receipt
    assert f"{counted} menit diakui dari {counted + 60} menit yang diisi" in receipt


def test_a_day_of_a_closed_month_says_whom_to_ask(desk, at):
    at("2020-10-30T09:00+07:00")
    page = desk.page()
    assert not forms(page) & {"kegiatan", "ajukan"}
    assert "Bulan September sudah ditutup. Bila masih ada yang perlu diisi, minta Ratna Contoh membukanya." in words(desk.browser.get(SHEET))
    assert desk.browser.post(SHEET, TYPED).status_code == 422


def test_a_month_that_somebody_closed_is_closed(desk):
    MonthClosing.create(office=desk.office, month=date(2020, 9, 1), closed_at=make.NOW, closed_by=desk.upper)
    assert "kegiatan" not in forms(desk.page())
