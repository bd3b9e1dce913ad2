"""The officers' side of a closure: a held slot shows itself, an answer given by telephone is written down, and a time is found for who asks."""

import re

import pytest

from portal import clock
from portal.outbox import TO_CALL, Letter
from portal.services import appointments, offers
from portal.services.models import COUNTER, ONLINE, RequestEvent, ServiceRequest, SlotOffer
from tests import make
from tests.views.serving import Desk, now, words
from tests.views.staff import fields_of

LOST, HELD, OTHER = (make.local(f"2020-09-{day}T09:00") for day in (22, 24, 25))


@pytest.fixture
def desk(app, world, at):
    at("2020-09-18T10:12+07:00")
    return Desk(app)


@pytest.fixture
def booked(desk):
    return desk.request(channel=COUNTER, slot=LOST)


@pytest.fixture
def offered(booked):
    make.offer(booked, HELD, now=clock.now())
    return booked


def shown(desk, row) -> str:
    return words(desk.browser.get(f"/loket/{row.number}"))


def test_the_page_of_a_request_says_that_a_slot_is_held_and_not_answered(desk, offered):
    said = shown(desk, offered)
    assert "Janji temu Kamis, 24 September pukul 09.00 WIB" in said and "Belum dijawab pemohon" in said
    assert "Waktu pengganti; semula Selasa, 22 September pukul 09.00 WIB." in said
    assert "Janji temu Selasa, 22 September 2020 pukul 09.00 WIB dipindah ke Kamis" in said.replace("22 September pukul", "22 September 2020 pukul")
    assert said.index("Jawaban pemohon lewat telepon") < said.index("Tindakan lain")


def test_what_is_answered_by_telephone_is_written_down_once(desk, offered):
    assert desk.act(offered, "pastikan").status_code == 303
    assert SlotOffer.get().answer == "accepted"
    said = shown(desk, offered)
    assert "Sudah dipastikan pemohon" in said and "Jawaban pemohon lewat telepon" not in said
    last = RequestEvent.select().where(RequestEvent.request == offered.id).order_by(RequestEvent.id.desc()).first()
    assert (last.what, last.by) == ("slot_accepted", "Laras")
    assert desk.act(offered, "pastikan").status_code == 303
    assert RequestEvent.select().where(RequestEvent.what == "slot_accepted").count() == 1


def test_an_officer_chooses_another_time_for_who_calls(desk, offered):
    page = desk.browser.get(f"/loket/{offered.number}").text
    assert OTHER.astimezone(make.ZONE).isoformat() in page
    assert desk.act(offered, "jadwal", slot=OTHER.isoformat()).status_code == 303
    assert appointments.of(offered).starts_at == OTHER and SlotOffer.get().answer == "chosen"
    assert "Waktu pengganti" not in shown(desk, offered)


def test_a_time_is_booked_for_who_has_none_yet(desk, booked):
    appointments.release(booked, now=clock.now())
    assert "Pilihkan waktu kedatangan" in shown(desk, booked)
    assert desk.act(booked, "jadwal", slot=OTHER.isoformat()).status_code == 303
    assert appointments.of(booked).starts_at == OTHER


@pytest.mark.parametrize("slot", ["", "besok", "2020-09-26T09:00:00+07:00"])
def test_a_time_that_is_none_is_refused_beside_its_field(desk, offered, slot):
    answer = desk.act(offered, "jadwal", slot=slot)
    assert answer.status_code == 422 and re.search(r'id="jadwal-slot-e"', answer.text)
    assert appointments.of(offered).starts_at == HELD


def test_a_page_that_is_out_of_date_books_and_answers_nothing(desk, offered):
    for act, fields in (("pastikan", {}), ("jadwal", {"slot": OTHER.isoformat()})):
        answer = desk.browser.post(f"/loket/{offered.number}/{act}", {"revision": 0, **fields})
        assert answer.status_code == 422 and "berubah sejak" in answer.text
    assert SlotOffer.get().answer == "" and appointments.of(offered).starts_at == HELD


def test_officers_of_other_offices_answer_for_nobody_here(desk, offered):
    stranger = desk.of(desk.stranger)
    for act in ("pastikan", "jadwal"):
        assert desk.act(offered, act, stranger, slot=OTHER.isoformat()).status_code in (403, 404)
    assert SlotOffer.get().answer == ""


def test_requests_that_need_nobody_to_come_have_no_such_acts(desk):
    said = shown(desk, desk.request(channel=ONLINE))
    assert "Pilihkan waktu kedatangan" not in said and "Jawaban pemohon lewat telepon" not in said


def test_where_no_slot_is_known_the_page_says_so_and_asks_for_no_answer(desk, booked):
    make.offer(booked, now=clock.now())
    said = shown(desk, booked)
    assert "Janji temu Selasa, 22 September pukul 09.00 WIB tidak dapat dilayani karena penutupan. Waktu pengganti belum ada." in said
    assert "Jawaban pemohon lewat telepon" not in said


def test_the_counters_day_shows_which_times_stand_in_and_which_are_not_answered(desk, offered):
    page = "/loket/janji/2020-09-24"
    assert "Waktu pengganti karena penutupan, belum dijawab" in words(desk.browser.get(page))
    offers.accept(offered, now=clock.now())
    assert "Waktu pengganti karena penutupan, sudah dipastikan" in words(desk.browser.get(page))
    desk.request(channel=COUNTER, slot=make.local("2020-09-25T10:00"))
    assert "Waktu pengganti" not in words(desk.browser.get("/loket/janji/2020-09-25"))


def test_two_working_days_before_it_the_call_list_names_who_has_not_answered_with_words_to_read_out(desk, offered):
    assert offers.name_unanswered(now=make.local("2020-09-22T00:10")) == 1
    assert [each.state for each in Letter.select().where(Letter.name == "offer_unanswered")] == [TO_CALL]
    answer = desk.browser.get("/surat/telepon")
    said = words(answer)
    assert "Orang-orang ini tidak punya surel, atau belum menjawab surat kami." in said and offered.name in said
    assert "Janji temu Anda Selasa, 22 September 2020 pukul 09.00 WIB tidak dapat dilayani karena kantor tutup." in said
    assert "Kamis, 24 September 2020 pukul 09.00 WIB di Kantor Uji Pelayanan" in said and "Jawabannya dicatat di halaman permohonan itu." in said
    assert "kunci=" not in answer.text and f"/loket/{offered.number}" in answer.text
    desk.act(offered, "pastikan")
    assert offered.number not in fields_of(desk.browser.get("/surat/telepon").text, "x") and Letter.get(Letter.name == "offer_unanswered").reached_by == "Laras"


def test_who_answers_alone_leaves_the_call_list(desk, offered):
    offers.name_unanswered(now=make.local("2020-09-22T00:10"))
    offers.accept(offered, now=clock.now())
    said = words(desk.browser.get("/surat/telepon"))
    assert "Tidak ada yang perlu ditelepon" in said and "menjawab sendiri" in said


def test_a_held_slot_that_is_passed_on_is_given_back(desk, offered):
    assert desk.act(offered, "serahkan", office=desk.other.slug, reason="Domisili di sana.").status_code == 303
    assert SlotOffer.get().answer == "over" and appointments.of(now(offered)) is None
    assert ServiceRequest.get_by_id(offered.id).office_id == desk.other.id
