"""What an officer does with one request, each act with its refusals; nothing that was typed is lost."""

import io

import pytest

from portal import clock
from portal.outbox import Letter
from portal.services import appointments, following, handling, personal_data
from portal.services.models import CANCELLED, DONE, IN_PROGRESS, READY, REFUSED, WAITING, Pause, RequestEvent, ServiceOffice
from tests import make
from tests.views.serving import PDF, Desk, now, words
from tests.views.staff import fields_of


@pytest.fixture
def desk(app, world):
    return Desk(app)


def shown(desk, row, browser=None) -> str:
    return words((browser or desk.browser).get(f"/loket/{row.number}"))


def last(row) -> RequestEvent:
    return RequestEvent.select().where(RequestEvent.request == row.id).order_by(RequestEvent.id.desc()).get()


def letters(name: str) -> int:
    return Letter.select().where(Letter.name == name).count()


def file(content: bytes = PDF, name: str = "hasil.pdf"):
    return (io.BytesIO(content), name)


def test_claiming_makes_it_mine_and_a_colleague_is_told_so(desk):
    row = desk.request()
    assert desk.act(row, "ambil").status_code == 303
    assert (now(row).assignee_id, now(row).state) == (desk.officer.id, IN_PROGRESS)
    refused = desk.act(row, "ambil", desk.of(desk.colleague))
    assert refused.status_code == 422
    assert "Permohonan ini sudah dikerjakan Laras." in refused.text


def test_it_is_assigned_only_to_who_serves_the_office(desk):
    row = desk.request()
    assert desk.act(row, "tugaskan", officer=desk.colleague.identifier).status_code == 303
    assert now(row).assignee_id == desk.colleague.id
    refused = desk.act(row, "tugaskan", officer=desk.stranger.identifier)
    assert refused.status_code == 422
    assert now(row).assignee_id == desk.colleague.id
    assert desk.act(row, "tugaskan", officer="").status_code == 303
    assert now(row).assignee_id is None


def test_handed_over_it_leaves_the_desk_and_keeps_its_number(desk):
    row = desk.claimed()
    answer = desk.act(row, "serahkan", office=desk.other.slug, reason="Domisili di sana.")
    assert answer.status_code == 303
    assert row.number in desk.browser.get(answer.location).text
    assert (now(row).office_id, now(row).assignee_id, now(row).number) == (desk.other.id, None, row.number)
    assert desk.browser.get(f"/loket/{row.number}").status_code == 404
    assert "Domisili di sana." in shown(desk, row, desk.of(desk.stranger))
    assert letters("request_moved") == 1


def test_the_nearest_office_that_gives_the_service_stands_first(desk):
    far = make.office("Kantor Jauh", region="31.74", lat=-6.9, lon=106.9)
    ServiceOffice.create(service=desk.service, office=far)
    page = desk.browser.get(f"/loket/{desk.request().number}").text
    assert page.index(f'value="{desk.other.slug}"') < page.index(f'value="{far.slug}"')


def test_an_office_that_does_not_give_the_service_cannot_take_it(desk):
    row, elsewhere = desk.request(), make.office("Kantor Lain Sekali")
    refused = desk.act(row, "serahkan", other=elsewhere.name, reason="Coba saja.")
    assert refused.status_code == 422
    assert "tidak dapat menerima permohonan ini" in refused.text
    assert fields_of(refused.text, "f-serahkan")["other"] == [elsewhere.name]
    assert now(row).office_id == desk.office.id


def test_asking_pauses_the_clock_and_the_answer_by_telephone_lets_it_go_on(desk):
    row = desk.request()
    assert desk.act(row, "minta", text="Foto KTP?").status_code == 303
    assert now(row).state == WAITING
    assert Pause.get(Pause.request == row.id).until is None
    assert desk.act(row, "jawab", text="Ia bacakan NIK-nya.").status_code == 303
    assert now(row).state == IN_PROGRESS
    assert Pause.get(Pause.request == row.id).until == clock.now()
    assert "Jawaban pemohon dicatat petugas" in shown(desk, row)


def test_a_reply_answers_the_news_and_a_note_or_a_claim_does_not(desk):
    row = desk.request()
    following.write(row, "Sudah bisa?", now=clock.now())
    desk.act(row, "ambil")
    desk.act(row, "catatan", text="Saya urus.")
    assert now(row).news_at is not None
    assert desk.act(row, "balas", text="Besok.").status_code == 303
    assert now(row).news_at is None
    assert letters("request_reply") == 1


def test_news_that_needs_no_answer_is_marked_as_read(desk):
    row = desk.request()
    following.write(row, "Terima kasih.", now=clock.now())
    assert desk.act(row, "dibaca").status_code == 303
    assert now(row).news_at is None
    assert last(row).is_internal


def test_a_note_is_for_colleagues_alone(desk):
    row = desk.request()
    desk.act(row, "catatan", text="Hati-hati, berkas ganda.")
    assert "Hati-hati, berkas ganda." in shown(desk, row)
    assert [event.what for event in following.history(row)] == ["submitted"]
    assert letters("request_reply") == 0


def test_ready_has_its_place_and_hours_prefilled_from_the_office(desk):
    row = desk.request()
    page = desk.browser.get(f"/loket/{row.number}").text
    (place,) = fields_of(page, "f-siap")["place"]
    assert "Kantor Uji Pelayanan, Jalan Uji 1, Senin–Jumat 08.00–16.00" in place
    assert desk.act(row, "siap", place=place).status_code == 303
    assert (now(row).state, now(row).pickup_place) == (READY, place)


def test_a_result_is_sent_as_a_file_and_closes_the_request(desk):
    row = desk.claimed()
    answer = desk.act(row, "selesai", **{"text": "Terlampir.", "files-selesai": file()})
    assert answer.status_code == 303
    assert now(row).state == DONE
    (result,) = following.results(row)
    assert result.attachment.name == "hasil.pdf"
    assert desk.browser.get(f"/loket/{row.number}/berkas/{result.id}").data == PDF


def test_a_file_that_is_refused_leaves_the_words_and_the_good_file(desk):
    row = desk.claimed()
    answer = desk.browser.post(
        f"/loket/{row.number}/selesai", {"revision": row.revision, "text": "Terlampir.", "files-selesai": [file(), file(b"MZ\x90\x00", "jahat.pdf")]}
    )
    assert answer.status_code == 422
    kept = fields_of(answer.text, "f-selesai")
    assert len(kept["files-selesai_kept"]) == 1
    assert "Terlampir." in answer.text
    assert now(row).state == IN_PROGRESS


def test_a_refusal_says_why_and_how_to_object(desk):
    row = desk.request()
    assert desk.act(row, "tolak", text="").status_code == 422
    page = desk.browser.get(f"/loket/{row.number}").text
    assert "Inspektorat, telepon 1500" in page
    assert desk.act(row, "tolak", text="Di luar wilayah.", objection="Inspektorat, telepon 1500").status_code == 303
    assert now(row).state == REFUSED
    letter = Letter.get(Letter.name == "request_refused")
    assert (letter.facts["text"], letter.facts["complaints"]) == ("Di luar wilayah.", "Inspektorat, telepon 1500")


def test_what_was_closed_is_opened_again_with_a_reason(desk):
    row = desk.request()
    handling.finish(row, **desk.by())
    assert desk.act(row, "buka", text="").status_code == 422
    assert desk.act(row, "buka", text="Nama salah.").status_code == 303
    assert (now(row).state, now(row).closed_at) == (IN_PROGRESS, None)


def test_a_closed_request_offers_only_what_can_still_be_done(desk):
    row = desk.request()
    handling.finish(row, **desk.by())
    page = desk.browser.get(f"/loket/{row.number}").text
    assert 'id="f-buka"' in page
    assert 'id="f-selesai"' not in page
    assert 'id="f-tolak"' not in page


def test_changing_to_the_counter_waits_for_the_person_and_to_online_does_not(desk):
    box, web = desk.request(channel="dropbox"), desk.request(channel="dropbox")
    assert desk.act(box, "kanal", channel="counter", reason="Datang saja.").status_code == 303
    assert now(box).clock_from is None
    assert desk.act(web, "kanal", channel="online", reason="Sudah dikirim lewat surel.").status_code == 303
    assert now(web).clock_from == clock.now()
    assert desk.act(web, "kanal", channel="merpati", reason="x").status_code == 422


def test_who_comes_starts_the_clock_and_who_stays_away_is_asked_again(desk, at):
    slot = make.local("2020-09-22T10:00")
    comes, stays = desk.request(channel="counter", slot=slot), desk.request(channel="counter", slot=slot.replace(minute=15))
    at("2020-09-22T10:30+07:00")
    browser = desk.of(desk.officer)
    assert desk.act(comes, "datang", browser).status_code == 303
    assert now(comes).clock_from == clock.now()
    assert desk.act(stays, "tidak-datang", browser).status_code == 303
    assert appointments.of(stays) is None
    assert letters("request_missed") == 1


def test_what_was_typed_on_a_page_that_is_out_of_date_is_not_lost_and_can_be_sent_again(desk):
    row = desk.claimed()
    following.write(row, "Alamat saya ganti!", now=clock.now())
    stale = desk.browser.post(f"/loket/{row.number}/selesai", {"revision": row.revision, "text": "Terlampir."})
    assert stale.status_code == 422
    assert "berubah sejak halaman ini dibuka" in stale.text
    assert "Alamat saya ganti!" in stale.text
    assert now(row).state == IN_PROGRESS
    again = fields_of(stale.text, "f-selesai")
    assert "Terlampir." in stale.text
    assert desk.browser.post(f"/loket/{row.number}/selesai", {"text": "Terlampir.", "revision": again["revision"][0]}).status_code == 303


def test_a_colleague_who_was_faster_is_named(desk):
    row = desk.request()
    handling.finish(row, **desk.by(desk.colleague))
    answer = desk.browser.post(f"/loket/{row.number}/selesai", {"revision": row.revision, "text": "Sudah jadi."})
    assert answer.status_code == 422
    assert "Permohonan ini sudah ditutup Bayu." in answer.text


def test_a_reply_that_is_sent_twice_is_one(desk):
    row = desk.request()
    sent = {"revision": row.revision, "text": "Besok."}
    assert desk.browser.post(f"/loket/{row.number}/balas", sent).status_code == 303
    assert desk.browser.post(f"/loket/{row.number}/balas", sent).status_code == 422
    assert letters("request_reply") == 1


def test_a_cancelled_request_can_be_answered_but_not_finished(desk):
    row = desk.request()
    following.cancel(row, now=clock.now())
    assert now(row).state == CANCELLED
    assert desk.act(row, "selesai").status_code == 422
    assert desk.act(row, "balas", text="Baik.").status_code == 303


def test_whoever_was_asked_to_the_counter_later_and_has_an_appointment_can_be_written_down_as_come(desk):
    row = handling.change_channel(desk.request(), "counter", "Tanda tangan di loket.", **desk.by())
    slot = appointments.free(row.service, row.office, now=clock.now())[0]
    following.reschedule(row, slot.starts_at, now=clock.now())
    assert 'id="f-datang"' in desk.browser.get(f"/loket/{row.number}").text
    assert desk.act(row, "datang").status_code == 303
    assert last(row).what == "came"
    assert 'id="f-datang"' not in desk.browser.get(f"/loket/{row.number}").text


def test_what_is_redacted_is_not_offered_to_be_taken_up_again(desk):
    row = handling.finish(desk.request(), **desk.by())
    assert 'id="f-buka"' in desk.browser.get(f"/loket/{row.number}").text
    personal_data.erase(row, "Diminta pemohon.", **desk.by())
    assert 'id="f-buka"' not in desk.browser.get(f"/loket/{row.number}").text
