"""A request is found by its number, and its page tells what is expected, what happened and what comes."""

import io
import re
from datetime import timedelta

import pytest

from portal import numbers, policies
from portal.offices import places
from portal.services import appointments, boxes, deadlines, dropbox, handling, requests, rules
from portal.services.models import IN_PROGRESS, RequestEvent, RequestFile, ServiceOffice, ServiceRequest
from tests import make
from tests.house.test_queries import counted
from tests.views.following import DIGITS, NOW, OFFICER, PDF, a_file, address, again, citizen, heading, office, opened, request_made, still, words
from tests.views.reading import Reading

__all__ = ["citizen", "office", "request_made", "still"]


@pytest.mark.parametrize("typed", [str.lower, lambda number: number.replace("-", " "), lambda number: number.replace("-", "").replace("0", "O")])
def test_a_number_leads_to_its_request_however_it_is_typed(citizen, request_made, typed):
    answer = citizen.post("/lacak", {"number": typed(request_made.number)})
    assert (answer.status_code, answer.headers["Location"]) == (303, address(request_made))
    assert citizen.get(f"/permohonan/{typed(request_made.number)}").headers["Location"] == address(request_made)


def test_a_mistyped_number_is_told_from_one_that_nobody_has_and_stays_in_the_field(citizen, database):
    unknown = numbers.grouped(numbers.with_check("0123456789"))
    mistyped = unknown[:-1] + ("0" if unknown[-1] != "0" else "1")
    answers = {each: citizen.post("/lacak", {"number": each}) for each in (mistyped, unknown, "")}
    assert {answer.status_code for answer in answers.values()} == {422}
    assert "salah ketik" in answers[mistyped].text and f'value="{mistyped}"' in answers[mistyped].text
    assert "Tidak ada permohonan dengan nomor ini" in answers[unknown].text


def test_who_has_no_session_any_more_is_led_to_the_request_all_the_same(citizen, request_made):
    answer = citizen.post("/lacak", {"number": request_made.number}, has_token=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, address(request_made))
    foreign = citizen.post("/lacak", {"number": request_made.number}, has_token=False, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 400


def test_guessing_numbers_is_stopped_at_both_addresses_and_typing_errors_are_not_counted(citizen, request_made):
    unknown = numbers.grouped(numbers.with_check("0123456789"))
    for _ in range(70):
        assert citizen.post("/lacak", {"number": unknown[:-1] + "!"}).status_code == 422
    for _ in range(60):
        assert citizen.get(f"/permohonan/{unknown}").status_code == 404
    for answer in (citizen.get(f"/permohonan/{unknown}"), citizen.get(address(request_made)), citizen.post("/lacak", {"number": unknown})):
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0


def test_who_has_just_filed_is_told_that_it_arrived_and_to_write_the_number_down(citizen, request_made, at):
    assert "Permohonan Anda sudah kami terima." not in words(citizen, request_made)
    said = words(opened(citizen, request_made), request_made)
    assert f"Permohonan Anda sudah kami terima. Catat nomornya, {request_made.number}" in said
    at("2020-09-18T11:13+07:00")
    assert "Permohonan Anda sudah kami terima." not in words(citizen, request_made)


def test_the_page_answers_first_and_masks_who_asked(citizen, request_made):
    answer = citizen.get(address(request_made))
    assert heading(answer) == "Sudah diterima, selesai paling lambat Rabu, 23 September"
    for secret in ("081200000000", "warga@example.org", "Warga Contoh", "Mohon surat.", requests.token(request_made)):
        assert secret not in answer.text
    for masked in ("W•••• C•••••", "0812 •••• ••••", "w•••@example.org", "Tidak ada yang perlu Anda lakukan."):
        assert masked in answer.text


def test_a_page_of_a_request_is_kept_by_nobody_and_its_number_goes_nowhere(citizen, request_made):
    answer = citizen.get(address(request_made))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_the_deadline_is_shown_with_its_days_and_the_closure_that_pauses_it(citizen, office, request_made):
    make.closure(office, first="2020-09-20", days=3)
    deadlines.recount([request_made.id], now=NOW)
    answer = citizen.get(address(request_made))
    days = re.search(r'<ol class="days">(.*?)</ol>', answer.text, re.S)[1]
    assert re.findall(r"<li(?: class=\"(\w+)\")?>(\S+?)<b>(.+?)</b>(.*?)</li>", days) == [
        ("", "Jumat", "18 <small>Sep</small>", "mulai dihitung"),
        ("", "Sab–Min", "19–20", "libur"),
        ("stop", "Senin", "21", "jeda, kantor tutup"),
        ("stop", "Selasa", "22", "jeda, kantor tutup"),
        ("run", "Rabu", "23", "hari ke-1"),
        ("run", "Kamis", "24", "hari ke-2"),
        ("due", "Jumat", "25", "hari ke-3, batas"),
    ]
    said = Reading(answer.text).words
    assert "Jeda 2 hari kerja: penutupan 20–22 Sep. Tanpa jeda batasnya Rabu, 23 September." in said
    assert heading(answer).endswith("selesai paling lambat Jumat, 25 September")


def test_a_deadline_that_has_passed_is_said_with_where_to_complain(citizen, office, at):
    request = make.request(make.service(at=[office], complaints="Inspektorat, telepon 1500-000"), office, now=NOW)
    at("2020-09-24T09:00+07:00")
    said = words(citizen, request)
    assert "terlambat sejak Rabu, 23 September" in said
    assert "Maaf, permohonan Anda terlambat." in said and "Tidak ada yang perlu Anda lakukan." not in said
    assert "Inspektorat, telepon 1500-000" in said
    assert "Selesai, terlambat: batasnya Rabu, 23 September" in said


def test_the_timeline_tells_what_happened_in_words_and_names_no_officer(citizen, office, request_made):
    handling.claim(request_made, make.person("Sari Petugas"), by=OFFICER, now=NOW)
    handling.note(request_made, "Rahasia dapur", by=OFFICER, now=NOW)
    other = make.office("Kantor Camat")
    ServiceOffice.create(service=request_made.service, office=other)
    handling.hand_over(request_made, other, "Alamat di wilayah lain", by=OFFICER, now=NOW)
    said = words(opened(citizen, request_made), request_made)
    for step in ("Permohonan diajukan lewat situs ini", "Mulai dikerjakan petugas", "Diteruskan ke Kantor Camat, nomor tetap", "Alamat di wilayah lain"):
        assert step in said
    assert "Rahasia dapur" not in said and "Sari" not in said


def test_a_long_history_stands_in_a_fold_but_for_its_last_steps(citizen, request_made):
    for number in range(12):
        handling.reply(request_made, f"Kabar {number}", by=OFFICER, now=NOW)
    answer = citizen.get(address(request_made))
    assert "5 langkah sebelumnya" in answer.text


@pytest.mark.parametrize("channel", ["online", "dropbox", "email"])
def test_a_page_asks_a_bounded_number_of_questions(citizen, office, channel):
    make.closure(office)
    few = make.request(at=office, channel="online", now=NOW)
    ServiceRequest.update(channel=channel, clock_from=NOW if channel != "dropbox" else None).where(ServiceRequest.id == few.id).execute()
    asked = []
    for _ in range(2):
        with counted() as statements:
            words(citizen, few)
        asked.append(len(statements))
        for number in range(5):
            handling.reply(few, f"Kabar {number}", by=OFFICER, now=NOW)
    assert asked[0] == asked[1] <= 20


def test_the_pages_of_an_appointment_and_of_a_result_to_fetch_ask_a_bounded_number_of_questions(citizen, office):
    make.closure(office)
    service = make.service(at=[office])
    slot = appointments.free(service, office, now=NOW)[0]
    booked = make.request(service, office, channel="counter", slot=slot.starts_at, now=NOW)
    ready = make.request(service, office, now=NOW)
    handling.ready(ready, "Loket 3", by=OFFICER, now=NOW)
    for each in (booked, ready):
        opened(citizen, each)
        with counted() as statements:
            words(citizen, each)
        assert len(statements) <= 20


def test_the_page_is_told_in_english(citizen, request_made):
    answer = citizen.get(address(request_made, "?bahasa=en"))
    said = Reading(answer.text).words
    assert heading(answer) == "Received, completed by Wednesday, 23 September at the latest"
    assert "There is nothing you need to do." in said
    assert f'action="{address(request_made, "/pesan?bahasa=en")}"' in answer.text


def test_what_an_officer_asked_for_comes_first_with_the_field_for_the_answer(citizen, request_made, at):
    handling.ask(request_made, "Mohon foto KTP yang jelas.", by=OFFICER, now=NOW)
    closed = citizen.get(address(request_made))
    assert heading(closed) == "Menunggu jawaban Anda"
    assert "Mohon foto KTP" not in closed.text
    answer = opened(citizen, request_made).get(address(request_made))
    assert "Mohon foto KTP yang jelas." in answer.text
    at("2020-09-22T09:00+07:00")
    assert re.findall(SOON, citizen.get(address(request_made)).text)[-1] == "Selesai, paling lambat Jumat, 25 September bila Anda menjawab hari ini"
    assert answer.text.index('id="pesan"') < answer.text.index("Perjalanan permohonan")


def test_an_answer_with_a_file_lets_the_days_go_on(citizen, request_made):
    handling.ask(request_made, "Mohon foto KTP.", by=OFFICER, now=NOW)
    fields = {"text": "Ini fotonya.", "submission_key": "k1", "files": (io.BytesIO(PDF), "ktp.pdf")}
    assert opened(citizen, request_made).post(address(request_made, "/pesan"), fields).status_code == 303
    assert again(request_made).state == IN_PROGRESS
    assert "ktp.pdf" in words(citizen, request_made)


def test_a_result_to_be_fetched_says_where_and_whether_the_office_is_open(citizen, office, request_made):
    handling.ready(request_made, "Loket 3, Senin–Jumat 08.00–15.00", by=OFFICER, now=NOW)
    said = words(citizen, request_made)
    assert "Ambil di Loket 3, Senin–Jumat 08.00–15.00." in said
    assert "Buka sampai pukul 16.00" in said
    make.closure(office, first="2020-09-18", days=3)
    said = words(citizen, request_made)
    assert "Tutup" in said and "Buka lagi Senin, 21 September pukul 08.00 WIB" in said


def test_a_file_that_is_the_result_is_downloaded_once_the_request_is_open(citizen, request_made):
    stored = a_file("surat.pdf")
    handling.finish(request_made, by=OFFICER, now=NOW, text="Surat Anda terlampir.", files=(stored,))
    number = RequestFile.get(RequestFile.is_result).id
    closed = citizen.get(address(request_made))
    assert heading(closed) == "Selesai hari ini, Jumat, 18 September"
    assert "surat.pdf" not in closed.text and "Surat Anda terlampir" not in closed.text
    kept_out = citizen.get(address(request_made, f"/berkas/{number}"))
    assert (kept_out.status_code, kept_out.headers["Location"]) == (303, address(request_made, "#buka"))
    opened(citizen, request_made)
    assert "Unduh surat.pdf" in words(citizen, request_made)
    answer = citizen.get(address(request_made, f"/berkas/{number}"))
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, PDF, "no-store")


def test_a_refusal_says_why_and_how_to_object(citizen, office):
    request = make.request(make.service(at=[office], complaints="Inspektorat, telepon 1500-000"), office, now=NOW)
    handling.refuse(request, "Alamatnya di luar wilayah kami.", by=OFFICER, now=NOW)
    closed, said = words(citizen, request), words(opened(citizen, request), request)
    assert "Alamatnya di luar" not in closed
    for each in ("Ditolak hari ini", "Alamatnya di luar wilayah kami.", "Tidak setuju?", "Inspektorat, telepon 1500-000"):
        assert each in said


SOON = r'<li class="soon"><p><b>(.*?)</b>'


def test_the_way_of_a_letter_in_a_drop_box_is_shown_step_by_step(citizen, office):
    box = places.add_drop_box(office, "Lobi depan", "Mo-Fr 08:00-15:00", **make.ACT)
    request = make.request(at=office, channel="dropbox", now=NOW)
    answer = citizen.get(address(request))
    assert heading(answer) == "Menunggu surat Anda di kotak surat"
    assert "Lobi depan" in answer.text and address(request, "/label") in answer.text
    assert re.findall(SOON, answer.text) == [
        "Anda memasukkan surat ke kotak surat",
        "Surat diambil petugas dari kotak surat dan didaftarkan",
        "Surat dikarantina, tidak dibuka siapa pun",
        "Surat dibuka dan dikerjakan petugas",
    ]
    for _ in range(2):
        assert citizen.post(address(request, "/kotak"), DIGITS).status_code == 303
    answer = citizen.get(address(request))
    assert RequestEvent.select().where(RequestEvent.what == "deposited").count() == 1
    assert "Surat Anda ada di kotak surat Kantor Wali Kota." in answer.text and 'id="kotak"' not in answer.text
    assert len(re.findall(SOON, answer.text)) == 3
    policies.set_usual(rules.USUAL, **make.ACT)
    who = make.Actor("Sari", make.person().id)
    pickup = dropbox.open_box(box, NOW, "Sari", "Budi", 1, by=who, now=NOW)
    item = dropbox.match(pickup, request.number, by=who, now=NOW)
    answer = citizen.get(address(request))
    assert heading(answer) == "Sudah diterima, selesai paling lambat Rabu, 23 September"
    assert "didaftarkan; dikarantina sampai besok, Sabtu, 19 September pukul 10.12 WIB" in answer.text
    assert re.findall(SOON, answer.text) == ["Surat dibuka dan dikerjakan petugas", "Selesai, paling lambat Rabu, 23 September"]
    dropbox.unseal([item], by=who, now=NOW + timedelta(days=1))
    assert re.findall(SOON, citizen.get(address(request)).text) == ["Selesai, paling lambat Rabu, 23 September"]


def test_a_letter_that_an_officer_has_written_down_is_not_asked_for_again(citizen, office):
    request = make.request(at=office, channel="dropbox", origin="paper", filed_by=make.person(), now=NOW)
    answer = citizen.get(address(request))
    assert heading(answer) == "Sudah diterima"
    assert "Tidak ada yang perlu Anda lakukan." in answer.text


def test_who_is_moved_to_the_counter_is_asked_to_choose_a_time_until_they_have_come(citizen, office, request_made):
    handling.change_channel(request_made, "counter", "Perlu sidik jari.", by=OFFICER, now=NOW)
    answer = citizen.get(address(request_made))
    assert heading(answer) == "Pilih waktu kedatangan Anda"
    assert address(request_made, "/jadwal") in answer.text
    handling.came(request_made, by=OFFICER, now=NOW)
    assert heading(citizen.get(address(request_made))).startswith("Sedang diproses")


def test_an_appointment_at_a_time_at_which_nobody_is_served_says_so(citizen, office):
    service = make.service(at=[office])
    slot = next(each for each in appointments.free(service, office, now=NOW) if each.starts_at > make.local("2020-09-21T00:00"))
    request = make.request(service, office, channel="counter", slot=slot.starts_at, now=NOW)
    assert "tidak melayani" not in words(citizen, request)
    make.closure(office, first="2020-09-20", days=3)
    said = words(citizen, request)
    assert "Pada waktu itu loketnya tidak melayani." in said and "Buka lagi" in said


def test_who_has_missed_an_appointment_is_told_so_and_chooses_another_time(citizen, office, at):
    service = make.service(at=[office])
    slot = appointments.free(service, office, now=NOW)[0].starts_at
    request = make.request(service, office, channel="counter", slot=slot, now=NOW)
    later = slot + timedelta(hours=1)
    at(later.isoformat())
    handling.stayed_away(request, by=OFFICER, now=later)
    said = words(citizen, request)
    assert "Janji temu Anda terlewat. Pilih kapan Anda datang" in said and "belum punya janji temu" not in said


def test_only_the_boxes_that_take_its_letter_are_shown_with_their_hours(citizen, office):
    places.add_drop_box(office, "lobi depan", "Mo-Fr 08:00-15:00", **make.ACT)
    boxes.take_only(places.add_drop_box(office, "Meja legalisir", **make.ACT), [make.service("Legalisir", at=[office])], **make.ACT)
    said = words(citizen, make.request(at=office, channel="dropbox", now=NOW))
    assert "Lobi depan , Senin–Jumat 08.00–15.00" in said.replace("depan,", "depan ,") and "Meja legalisir" not in said
