"""The page of a request whose time, counter or pick-up a closure took: what is held, the three answers, when not to come; and nobody else answers."""

import re
from datetime import timedelta

import pytest

from portal.services import appointments, handling, offers, requests
from portal.services.models import COUNTER, ONLINE, RequestEvent, SlotOffer
from tests import make
from tests.house.test_queries import counted
from tests.views.following import DIGITS, NOW, OFFICER, address, again, citizen, heading, office, opened, still, words
from tests.views.staff import Browser, fields_of

__all__ = ["citizen", "office", "still"]
LOST, HELD, OTHER = (make.local(f"2020-09-{day}T09:00") for day in (22, 24, 25))
SHOWN = {"slot": HELD.isoformat()}


@pytest.fixture
def booked(office):
    return make.request(make.service(at=[office]), office, channel=COUNTER, slot=LOST, now=NOW)


@pytest.fixture
def offered(booked):
    make.offer(booked, HELD, now=NOW)
    return booked


def test_the_headline_says_the_held_time_and_three_choices_follow(citizen, offered):
    opened(citizen, offered)
    answer = citizen.get(address(offered))
    said = words(citizen, offered)
    assert heading(answer) == "Waktu baru untuk Anda: Kamis, 24 September pukul 09.00 WIB"
    assert "Waktu ini sudah kami sediakan untuk Anda di Kantor Wali Kota." in said
    assert "Janji temu Anda Selasa, 22 September pukul 09.00 WIB tidak dapat dilayani karena kantor tutup: Banjir." in said
    assert "Kalau Anda tidak menjawab, waktu ini tetap milik Anda." in said
    assert said.index("Ya, saya datang") < said.index("Pilih waktu lain") < said.index("Pilih kanal lain")
    assert "Kanal lain untuk permohonan ini: Daring" in said
    assert fields_of(answer.text, "terima")["slot"] == [HELD.isoformat()]
    assert "Banjir: kantor tutup" in said


def test_by_the_mailed_link_it_is_accepted_in_one_press_and_the_page_says_so(citizen, offered):
    citizen.get(address(offered, f"?kunci={requests.token(offered)}"))
    assert citizen.post(address(offered, "/terima"), SHOWN).status_code == 303
    said = words(citizen, offered)
    assert "Janji temu Kamis, 24 September pukul 09.00 WIB" in said and "Waktu ini sudah Anda pastikan." in said
    assert "Waktu baru dipastikan: Kamis, 24 September pukul 09.00 WIB" in said
    assert "Ya, saya datang" not in said and "Pilih waktu lain" in said and "Pilih kanal lain" in said


def test_after_the_four_digits_in_the_same_form_it_is_accepted_too(citizen, offered):
    assert "Empat angka terakhir" in words(citizen, offered)
    assert citizen.post(address(offered, "/terima"), {**SHOWN, **DIGITS}).status_code == 303
    assert SlotOffer.get().answer == "accepted"


@pytest.mark.parametrize(("act", "fields"), [("terima", SHOWN), ("kanal", {"channel": ONLINE})])
def test_the_wrong_person_answers_nothing(app, citizen, office, offered, act, fields):
    other = make.request(at=office, phone="081299991234", now=NOW)
    citizen.get(address(other, f"?kunci={requests.token(other)}"))
    for digits in ({}, {"digits": "1234"}):
        answer = citizen.post(address(offered, f"/{act}"), {**fields, **digits})
        assert answer.status_code == 422
    assert Browser(app).post(address(offered, f"/{act}"), fields, has_token=False).status_code != 303
    assert SlotOffer.get().answer == "" and appointments.of(offered).starts_at == HELD


def test_wrong_digits_give_the_answer_back_with_the_time_that_was_read(citizen, offered):
    answer = citizen.post(address(offered, "/terima"), {**SHOWN, "digits": "1234"})
    assert fields_of(answer.text, "terima")["slot"] == [HELD.isoformat()]
    assert "Kamis, 24 September pukul 09.00 WIB" in answer.text


def test_another_time_is_chosen_from_the_list_and_the_held_one_stays_until_then(citizen, offered):
    opened(citizen, offered)
    assert "Sekarang: Kamis, 24 September pukul 09.00 WIB" in words(citizen, offered, "/jadwal")
    assert citizen.post(address(offered, "/jadwal"), {"slot": OTHER.isoformat()}).status_code == 303
    assert SlotOffer.get().answer == "chosen"
    said = words(citizen, offered)
    assert "Janji temu Jumat, 25 September pukul 09.00 WIB" in said and "Ya, saya datang" not in said and "sudah Anda pastikan" not in said


def test_another_channel_is_chosen_on_a_page_of_its_own_that_says_what_becomes_of_the_time(citizen, offered):
    opened(citizen, offered)
    said = words(citizen, offered, "/kanal")
    assert "Janji temu Kamis, 24 September pukul 09.00 WIB dilepas" in said and "Nomor dan riwayatnya tetap." in said
    assert "Daring" in said and "Surel" not in said  # the office has no address
    assert citizen.post(address(offered, "/kanal"), {"channel": ONLINE}).status_code == 303
    assert again(offered).channel == ONLINE and appointments.of(offered) is None
    assert "Dipindah ke daring, nomor tetap" in words(citizen, offered)


@pytest.mark.parametrize("channel", ["", "email", "dropbox"])
def test_a_channel_that_does_not_work_is_refused_with_the_choice_still_there(citizen, offered, channel):
    opened(citizen, offered)
    answer = citizen.post(address(offered, "/kanal"), {"channel": channel})
    assert answer.status_code == 422 and "Pilih jalan lain." in answer.text and 'value="online"' in answer.text
    assert appointments.of(offered).starts_at == HELD


def test_two_tabs_answer_once_and_the_second_learns_what_holds(citizen, offered):
    opened(citizen, offered)
    for _ in range(2):
        assert citizen.post(address(offered, "/terima"), SHOWN).status_code == 303
    assert RequestEvent.select().where(RequestEvent.what == "slot_accepted").count() == 1
    citizen.post(address(offered, "/kanal"), {"channel": ONLINE})
    answer = citizen.post(address(offered, "/terima"), SHOWN)
    assert answer.status_code == 422 and "Tidak ada waktu yang menunggu jawaban" in answer.text


def test_after_it_moved_again_the_page_that_was_open_is_answered_with_the_newer_time(citizen, offered):
    opened(citizen, offered)
    SlotOffer.update(answer="replaced").execute()
    make.offer(offered, OTHER, now=NOW)
    answer = citizen.post(address(offered, "/terima"), SHOWN)
    assert answer.status_code == 422
    assert "Waktunya sudah berpindah lagi. Yang sekarang disediakan untuk Anda: Jumat, 25 September 2020 pukul 09.00 WIB." in answer.text
    newer = fields_of(answer.text, "terima")["slot"]
    assert newer == [OTHER.isoformat()]
    assert citizen.post(address(offered, "/terima"), {"slot": newer[0]}).status_code == 303
    assert offers.latest(offered).answer == "accepted"


def test_an_answer_after_the_slot_or_after_the_end_is_refused_with_its_reason(citizen, offered, at):
    opened(citizen, offered)
    at("2020-09-24T09:30+07:00")
    opened(citizen, offered)
    answer = citizen.post(address(offered, "/terima"), SHOWN)
    assert answer.status_code == 422 and "Waktu ini sudah lewat." in answer.text and 'id="terima"' not in answer.text
    handling.finish(offered, by=OFFICER, now=NOW)
    assert "sudah ditutup" in citizen.post(address(offered, "/terima"), SHOWN).text
    assert citizen.get(address(offered, "/kanal")).status_code == 303


@pytest.mark.parametrize("typed", ["besok", "2020-13-45", "\0"])
def test_a_time_that_no_page_has_sent_answers_nothing(citizen, offered, typed):
    opened(citizen, offered)
    assert citizen.post(address(offered, "/terima"), {"slot": typed}).status_code == 422
    assert SlotOffer.get().answer == ""


def test_a_request_that_no_closure_touched_has_no_such_page(citizen, booked):
    opened(citizen, booked)
    assert citizen.get(address(booked, "/kanal")).status_code == 303
    assert citizen.post(address(booked, "/terima")).status_code == 422
    said = words(citizen, booked)
    assert "Ya, saya datang" not in said and "Pilih kanal lain" not in said


def test_where_no_time_is_known_one_waits_or_goes_on_by_another_channel(citizen, booked, office):
    make.offer(booked, of=make.closure(office, days=None, now=NOW, review_on=make.date(2020, 10, 1)), now=NOW)
    opened(citizen, booked)
    answer, said = citizen.get(address(booked)), words(citizen, booked)
    assert heading(answer) == "Waktu baru Anda menyusul"
    assert "Anda tidak perlu melakukan apa-apa. Begitu hari buka lagi diketahui, kami menyediakan waktu untuk Anda" in said
    assert "Tidak mau menunggu?" in said and "Pilih kanal lain" in said and "Ya, saya datang" not in said
    assert citizen.post(address(booked, "/kanal"), {"channel": ONLINE}).status_code == 303
    assert again(booked).channel == ONLINE


def test_who_goes_on_online_is_told_and_may_say_yes_or_choose_another_channel(citizen, booked):
    offer = make.offer(booked, now=NOW)
    make.ServiceRequest.update(channel=ONLINE).execute()
    opened(citizen, booked)
    said = words(citizen, booked)
    assert "Anda tidak perlu datang: permohonan ini kami lanjutkan lewat daring." in said and "Ya, lanjutkan begitu" in said
    assert "Tatap muka" in words(citizen, booked, "/kanal")
    assert citizen.post(address(booked, "/terima"), {"slot": ""}).status_code == 303
    assert SlotOffer.get_by_id(offer.id).answer == "accepted"
    assert "Ya, lanjutkan begitu" not in words(citizen, booked)


def test_a_time_at_another_office_names_both(citizen, booked):
    other = make.office("Kantor Camat", address="Jalan Baru 2", desks=2)
    make.ServiceOffice.create(service=booked.service, office=other)
    make.offer(booked, HELD, at=other, now=NOW)
    said = words(citizen, booked)
    assert "sudah kami sediakan untuk Anda di Kantor Camat." in said and "Jalan Baru 2" in said
    assert "09.00 WIB di Kantor Wali Kota tidak dapat dilayani karena kantor itu tutup" in said


@pytest.mark.parametrize("is_accepted", [False, True])
def test_where_the_office_opens_earlier_an_earlier_time_may_be_chosen_and_the_held_one_stays(citizen, offered, is_accepted):
    if is_accepted:
        offers.accept(offered, now=NOW)
    requests.happened(offered, "closure", by="Kepala", now=NOW, act="reopened", reason="flood", earlier="2020-09-21T08:00:00+07:00")
    opened(citizen, offered)
    said = words(citizen, offered)
    assert "Anda boleh memilih waktu mulai Senin, 21 September pukul 08.00 WIB" in said
    assert ("Pilih waktu lebih awal" in said) != is_accepted
    assert appointments.of(offered).starts_at == HELD


def test_an_officers_question_comes_first_and_the_held_time_stays_in_sight(citizen, offered):
    handling.ask(offered, "Foto KTP.", by=OFFICER, now=NOW)
    opened(citizen, offered)
    answer, said = citizen.get(address(offered)), words(citizen, offered)
    assert heading(answer) == "Menunggu jawaban Anda"
    assert said.index("Foto KTP.") < said.index("Waktu baru untuk Anda: Kamis, 24 September pukul 09.00 WIB") < said.index("Ya, saya datang")


@pytest.fixture
def ready(office):
    made = make.request(make.service(at=[office]), office, now=NOW)
    handling.ready(made, "Loket 3", by=OFFICER, now=NOW)
    return made


def test_who_has_a_result_to_fetch_is_told_before_a_closure_when_not_to_come(citizen, office, ready):
    assert "Jangan datang" not in words(citizen, ready)
    make.closure(office, now=NOW)
    answer, said = citizen.get(address(ready)), words(citizen, ready)
    assert heading(answer) == "Hasilnya siap diambil" and "Ambil di Loket 3." in said
    assert "Jangan datang dari Minggu, 20 September sampai Selasa, 22 September: kantor tutup." in said
    assert "dapat diambil lagi mulai Rabu, 23 September pukul 08.00 WIB" in said


def test_while_the_office_is_closed_the_headline_says_from_when_a_result_can_be_fetched_and_afterwards_all_is_as_before(citizen, office, ready, at):
    make.closure(office, now=NOW)
    at("2020-09-21T10:00+07:00")
    answer, said = citizen.get(address(ready)), words(citizen, ready)
    assert heading(answer) == "Jangan datang dulu: dapat diambil lagi mulai Rabu, 23 September pukul 08.00 WIB"
    assert "Jangan datang sampai besok, Selasa, 22 September: kantor tutup." in said and "Ambil di Loket 3." not in said
    at("2020-09-23T08:00+07:00")
    assert heading(citizen.get(address(ready))) == "Hasilnya siap diambil" and "Jangan datang" not in words(citizen, ready)


def test_without_a_date_of_reopening_nobody_is_promised_one(citizen, office, ready, at):
    make.closure(office, days=None, now=NOW, review_on=make.date(2020, 10, 1))
    at("2020-09-21T10:00+07:00")
    assert heading(citizen.get(address(ready))) == "Jangan datang dulu: kantor masih tutup"
    assert "Kami memberi kabar begitu tanggal buka lagi diketahui." in words(citizen, ready)


def test_two_closures_in_a_row_are_one_time_not_to_come(citizen, office, ready):
    make.closure(office, now=NOW)
    make.closure(office, first="2020-09-23", now=NOW, reason="power")
    said = words(citizen, ready)
    assert "dari Minggu, 20 September sampai Jumat, 25 September" in said and "lagi mulai Senin, 28 September pukul 08.00 WIB" in said


def test_whose_letter_is_to_be_dropped_learns_when_the_box_is_out_of_use(citizen, office):
    make.places.add_drop_box(office, "lobi", "", **make.ACT)
    request = make.request(make.service(at=[office]), office, channel="dropbox", now=NOW)
    assert "tidak dapat dipakai" not in words(citizen, request)
    make.closure(office, now=NOW, dropbox=False)
    assert "Kotak surat tidak dapat dipakai dari Minggu, 20 September sampai Selasa, 22 September. Masukkan surat Anda sesudah itu." in words(citizen, request)


def test_the_page_of_an_offer_asks_a_bounded_number_of_questions(citizen, offered):
    opened(citizen, offered)
    with counted() as asked:
        words(citizen, offered)
    assert len(asked) <= 40


def test_every_word_of_an_offer_is_translated(citizen, offered):
    opened(citizen, offered)
    said = citizen.get(address(offered, "?bahasa=en")).text
    assert "Your new time: Thursday, 24 September at 09:00 WIB" in re.sub(r"\s+", " ", said)
    assert not re.search("Ya, saya datang|Pilih waktu|Pilih kanal|sediakan", said)


def test_an_offer_is_over_once_its_time_has_come(citizen, offered, at):
    at((HELD + timedelta(minutes=1)).isoformat())
    said = words(citizen, offered)
    assert "Ya, saya datang" not in said and "Janji temu" in said


def test_who_keeps_day_and_hour_at_another_office_is_told_of_the_place_alone(citizen, booked):
    there = make.office("Kantor Pengganti")
    make.offer(booked, LOST, at=there, now=NOW)
    said = words(citizen, booked)
    assert heading(citizen.get(address(booked))) == "Janji temu Anda pindah tempat: Selasa, 22 September pukul 09.00 WIB"
    assert "Datang ke Kantor Pengganti; hari dan jamnya tetap." in said and "Waktu baru" not in said
    assert "Janji temu Anda Selasa, 22 September pukul 09.00 WIB pindah ke Kantor Pengganti; hari dan jamnya tetap." in said


def test_an_appointment_is_lost_to_the_closure_that_took_it_and_not_to_a_later_one(citizen, offered, office):
    first = SlotOffer.get()
    SlotOffer.update(answer=offers.REPLACED).execute()
    later = make.closure(office, first="2020-09-24", reason="ceremony", now=NOW)
    SlotOffer.create(request=offered, closure=later, lost=first.lost, held=first.held, office_before=office, channel_before=COUNTER, made_at=NOW)
    assert "Selasa, 22 September pukul 09.00 WIB tidak dapat dilayani karena kantor tutup: Banjir." in words(citizen, offered)
