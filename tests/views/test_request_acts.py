"""What a citizen can do on the page of a request, once it is open, and what a stranger cannot."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.people.models import Attempt
from portal.refusals import Refused
from portal.services import appointments, following, handling, requests
from portal.services.models import CANCELLED, CLOSED, RequestEvent, RequestFile, ServiceRequest
from tests import make
from tests.views.following import DIGITS, NOW, OFFICER, PDF, TYPED, a_file, address, again, citizen, heading, office, opened, request_made, still, words
from tests.views.staff import Browser, fields_of

__all__ = ["citizen", "office", "request_made", "still"]


def test_the_four_digits_open_a_request_once_for_this_browser_alone(app, citizen, request_made):
    assert "Buka permohonan ini" in words(citizen, request_made)
    opened(citizen, request_made)
    said = words(citizen, request_made)
    assert "Permohonan ini terbuka di peramban ini" in said and "Empat angka terakhir" not in said
    assert "Empat angka terakhir" in words(Browser(app), request_made)


def test_the_mailed_link_opens_a_request_and_leaves_the_address_bar(citizen, request_made):
    answer = citizen.get(address(request_made, f"?kunci={requests.token(request_made)}&bahasa=en"))
    assert (answer.status_code, answer.headers["Location"]) == (303, address(request_made, "?bahasa=en"))
    assert "Permohonan ini terbuka di peramban ini" in words(citizen, request_made)


@pytest.mark.parametrize("token", ["", "salah", "é", "0" * 32])
def test_a_link_with_the_token_of_another_request_or_of_none_opens_nothing(citizen, office, request_made, token):
    other = make.request(at=office, now=NOW)
    for each in {token, requests.token(other)} - {""}:
        answer = citizen.get(address(request_made), query_string={"kunci": each})
        assert answer.headers["Location"] == address(request_made, "?salah=1")
        said = words(citizen, request_made, "?salah=1")
        assert "Tautan ini tidak lengkap atau milik permohonan lain." in said and "Empat angka terakhir" in said


def test_wrong_digits_are_refused_and_after_five_even_the_right_ones(citizen, request_made):
    for _ in range(5):
        assert citizen.post(address(request_made, "/buka"), {"digits": "1234"}).status_code == 422
    answer = citizen.post(address(request_made, "/buka"), DIGITS)
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 600
    assert Attempt.select().count() == 5
    assert "Empat angka terakhir" in words(citizen, request_made)


def test_wrong_digits_are_counted_together_at_whatever_form_they_are_typed(citizen, request_made):
    for act in ("buka", "pesan", "batal", "jadwal", "survei"):
        assert citizen.post(address(request_made, f"/{act}"), {"text": TYPED, "digits": "1234"}).status_code == 422
    for act in ("buka", "pesan", "batal", "jadwal", "survei", "kotak"):
        assert citizen.post(address(request_made, f"/{act}"), {"text": TYPED, **DIGITS}).status_code == 429


def test_a_request_without_a_telephone_opens_by_the_mailed_link_alone_and_says_so(citizen, office):
    request = make.request(at=office, phone="", now=NOW)
    assert "hanya dapat dibuka lewat tautan dalam surel kami" in words(citizen, request)
    assert citizen.post(address(request, "/buka"), {"digits": ""}).status_code == 422
    citizen.get(address(request, f"?kunci={requests.token(request)}"))
    assert "Permohonan ini terbuka" in words(citizen, request)


def test_a_shared_computer_is_closed_again(citizen, request_made):
    opened(citizen, request_made)
    assert citizen.post(address(request_made, "/tutup")).status_code == 303
    assert "Empat angka terakhir" in words(citizen, request_made)


def test_a_browser_keeps_the_twenty_requests_that_it_opened_last(citizen, office):
    first, *others = [make.request(at=office, now=NOW) for _ in range(21)]
    for each in (first, *others):
        opened(citizen, each)
    assert "Empat angka terakhir" in words(citizen, first)
    assert "Empat angka terakhir" not in words(citizen, others[0])


@pytest.mark.parametrize(("act", "fields"), [("pesan", {"text": TYPED}), ("batal", {"reason": TYPED}), ("jadwal", {"slot": "2020-09-21T08:00"})])
@pytest.mark.parametrize("digits", [None, "", "12", "abcd", "1111", "٠٠٠٠"])
def test_what_changes_something_asks_for_the_digits_and_keeps_what_was_typed(citizen, request_made, act, fields, digits):
    events = RequestEvent.select().count()
    answer = citizen.post(address(request_made, f"/{act}"), {**fields, **({} if digits is None else {"digits": digits})})
    assert answer.status_code == 422
    assert next(iter(fields.values())) in answer.text or act == "jadwal"
    assert f'id="{act}-digits"' in answer.text
    assert RequestEvent.select().count() == events


def test_the_digits_may_come_with_the_message_itself_as_programs_send_it(citizen, request_made):
    form = fields_of(citizen.get(address(request_made)).text, "pesan")
    sent = {name: values[0] for name, values in form.items()} | {"text": TYPED, **DIGITS}
    assert citizen.post(address(request_made, "/pesan"), sent).status_code == 303
    assert TYPED in words(citizen, request_made)


def test_a_message_sent_twice_is_one(citizen, request_made):
    opened(citizen, request_made)
    for _ in range(2):
        assert citizen.post(address(request_made, "/pesan"), {"text": TYPED, "submission_key": "satu"}).status_code == 303
    assert RequestEvent.select().where(RequestEvent.what == "message").count() == 1
    assert again(request_made).news_at == NOW


def test_a_message_that_is_refused_keeps_its_words_and_its_good_files(citizen, request_made):
    opened(citizen, request_made)
    fields = {"text": TYPED, "files": [(io.BytesIO(PDF), "baik.pdf"), (io.BytesIO(b"MZ\x90"), "buruk.pdf")]}
    answer = citizen.post(address(request_made, "/pesan"), fields)
    assert answer.status_code == 422
    assert TYPED in answer.text and "“buruk.pdf”" in answer.text
    kept = fields_of(answer.text.replace("checked", "checked"), "pesan")["files_kept"]
    assert citizen.post(address(request_made, "/pesan"), {"text": TYPED, "files_kept": kept}).status_code == 303
    assert "baik.pdf" in words(citizen, request_made)


def test_a_message_survives_an_ended_session_with_the_digits_asked_for(app, citizen, request_made):
    answer = Browser(app).post(address(request_made, "/pesan"), {"text": TYPED}, has_token=False)
    assert answer.status_code == 422
    assert TYPED in answer.text and 'id="pesan-digits"' in answer.text and "sudah lama terbuka" in answer.text


def test_a_program_that_fills_in_every_field_writes_nothing(citizen, request_made):
    answer = citizen.post(address(request_made, "/pesan"), {"text": TYPED, "website": "https://spam.example", **DIGITS})
    assert answer.status_code == 422
    assert RequestEvent.select().where(RequestEvent.what == "message").count() == 0


def test_a_request_is_taken_back_once_and_cannot_be_after_it_is_settled(citizen, office, request_made):
    for _ in range(2):
        assert citizen.post(address(request_made, "/batal"), {"reason": "Sudah tidak perlu", **DIGITS}).status_code == 303
    assert again(request_made).state == CANCELLED
    assert RequestEvent.select().where(RequestEvent.what == CANCELLED).count() == 1
    said = words(citizen, request_made)
    assert "Permohonan ini dibatalkan." in said and "Ajukan lagi" in said
    settled = make.request(at=office, now=NOW)
    handling.finish(settled, by=OFFICER, now=NOW)
    assert citizen.post(address(settled, "/batal"), DIGITS).status_code == 422


def test_another_time_is_chosen_from_those_that_are_free(citizen, office):
    service = make.service(at=[office])
    first, second = appointments.free(service, office, now=NOW)[:2]
    request = make.request(service, office, channel="counter", slot=first.starts_at, now=NOW)
    assert heading(citizen.get(address(request))) == "Janji temu hari ini, Jumat, 18 September pukul 10.15 WIB"
    choice = citizen.get(address(request, "/jadwal"))
    chosen = re.findall(r'<option value="([^"]+)"', choice.text)
    assert second.starts_at.astimezone(make.ZONE).isoformat() in chosen
    assert citizen.post(address(request, "/jadwal"), {"slot": chosen[1], **DIGITS}).status_code == 303
    assert appointments.of(request).starts_at == make.local(chosen[1][:16])
    assert "Janji temu dipindah dari hari ini" in words(citizen, request)


@pytest.mark.parametrize("slot", ["", "besok", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59-12:00", "2020-09-20T10:00", "2020-09-18T08:00+07:00"])
def test_a_time_that_is_none_or_not_free_is_refused_and_the_old_one_stays(citizen, office, slot):
    service = make.service(at=[office])
    held = appointments.free(service, office, now=NOW)[0].starts_at
    request = make.request(service, office, channel="counter", slot=held, now=NOW)
    assert citizen.post(address(request, "/jadwal"), {"slot": slot, **DIGITS}).status_code == 422
    assert appointments.of(request).starts_at == held


def test_another_time_cannot_be_chosen_without_end_since_each_brings_a_letter(app, citizen, office, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], limit_submissions=2))
    service = make.service(at=[office])
    slots = [each.starts_at for each in appointments.free(service, office, now=NOW)[:4]]
    request = make.request(service, office, channel="counter", slot=slots[0], now=NOW)
    answers = [citizen.post(address(request, "/jadwal"), {"slot": slot.isoformat(), **DIGITS}).status_code for slot in slots[1:]]
    assert answers == [303, 303, 429]
    assert appointments.of(request).starts_at == slots[2]


def test_a_request_without_an_appointment_has_no_times_to_choose(citizen, request_made):
    assert citizen.get(address(request_made, "/jadwal")).headers["Location"] == address(request_made)
    assert citizen.post(address(request_made, "/jadwal"), {"slot": "2020-09-21T08:00", **DIGITS}).status_code == 422


def test_one_request_that_is_open_opens_no_other(citizen, office, request_made):
    other = make.request(at=office, phone="081299998888", now=NOW)
    opened(citizen, request_made)
    for act, fields in (("pesan", {"text": TYPED}), ("batal", {}), ("jadwal", {"slot": "2020-09-21T08:00"}), ("survei", {})):
        assert citizen.post(address(other, f"/{act}"), {**fields, **DIGITS}).status_code == 422
    assert again(other).state not in CLOSED
    assert RequestEvent.select().where(RequestEvent.request == other.id).count() == 1


def test_files_of_another_request_and_those_for_officers_alone_are_not_found(citizen, office, request_made):
    other = make.request(at=office, now=NOW)
    handling.reply(other, "Lampiran", by=OFFICER, now=NOW, files=(a_file("lain.pdf"),))
    handling.note(request_made, "Untuk rekan", by=OFFICER, now=NOW, files=(a_file("dalam.pdf"),))
    opened(citizen, request_made)
    for each in RequestFile.select():
        assert citizen.get(address(request_made, f"/berkas/{each.id}")).status_code == 404
    assert citizen.get(address(request_made, "/berkas/99999999999")).status_code == 404


@pytest.mark.parametrize("rest", ["", "/jadwal", "/berkas/1", "/survei"])
@pytest.mark.parametrize("number", ["x", "7KQ4-M2XT-9BC", "%00", "a" * 3000, "’; DROP TABLE"])
def test_a_number_that_is_none_is_not_found(citizen, database, number, rest):
    assert citizen.get(f"/permohonan/{number}{rest}").status_code == 404


def test_the_conversation_ends_where_the_data_are_gone(citizen, request_made):
    ServiceRequest.update(redacted_at=NOW, name="", phone="", email="").where(ServiceRequest.id == request_made.id).execute()
    answer = citizen.get(address(request_made))
    assert answer.status_code == 200 and "Tanya petugas" not in answer.text and 'id="buka"' not in answer.text
    assert "sudah dihapus sesuai jadwal penyimpanan" in answer.text
    with pytest.raises(Refused):
        following.write(request_made, TYPED, now=NOW + timedelta(days=1))
