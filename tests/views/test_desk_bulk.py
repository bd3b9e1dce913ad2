"""Several requests at once: the same checks as singly, and a line for each."""

import pytest

from portal.services import handling
from portal.services.models import DONE, IN_PROGRESS, RECEIVED, RequestEvent
from tests.views.reading import Reading
from tests.views.serving import Desk, now


@pytest.fixture
def desk(app, world):
    return Desk(app)


def ticked(*rows) -> list[str]:
    return [f"{row.id}-{now(row).revision}" for row in rows]


def test_all_that_is_ticked_is_claimed_and_the_list_says_how_many(desk):
    rows = [desk.request() for _ in range(3)]
    answer = desk.browser.post("/loket/massal", {"act": "ambil", "permohonan": ticked(*rows)})
    assert answer.status_code == 303
    assert {now(row).assignee_id for row in rows} == {desk.officer.id}
    assert "3 permohonan sudah dikerjakan sesuai pilihan." in desk.browser.get(answer.location).text


def test_what_could_not_be_done_stands_with_its_reason_and_the_rest_is_done(desk):
    free, taken = desk.request(), desk.request()
    handling.claim(taken, desk.colleague, **desk.by(desk.colleague))
    answer = desk.browser.post("/loket/massal", {"act": "ambil", "permohonan": ticked(free, taken)})
    words = Reading(answer.text).words
    assert answer.status_code == 200
    assert "1 berhasil, 1 tidak" in words
    assert "Permohonan ini sudah dikerjakan Bayu." in words
    assert free.number in answer.text
    assert (now(free).assignee_id, now(taken).assignee_id) == (desk.officer.id, desk.colleague.id)


def test_they_are_assigned_to_a_colleague_who_serves_each_office(desk):
    row = desk.request()
    assert desk.browser.post("/loket/massal", {"act": "tugaskan", "officer": desk.colleague.identifier, "permohonan": ticked(row)}).status_code == 303
    assert now(row).assignee_id == desk.colleague.id
    answer = desk.browser.post("/loket/massal", {"act": "tugaskan", "officer": desk.stranger.identifier, "permohonan": ticked(row)})
    assert "tidak melayani" in answer.text
    assert now(row).assignee_id == desk.colleague.id
    assert desk.browser.post("/loket/massal", {"act": "tugaskan", "permohonan": ticked(row)}).status_code == 422


def test_one_note_goes_to_each(desk):
    rows = [desk.request(), desk.request(desk.unit)]
    assert desk.browser.post("/loket/massal", {"act": "catatan", "note": "Jaringan mati.", "permohonan": ticked(*rows)}).status_code == 303
    assert [event.text for event in RequestEvent.select().where(RequestEvent.what == "note")] == ["Jaringan mati."] * 2
    assert desk.browser.post("/loket/massal", {"act": "catatan", "note": " ", "permohonan": ticked(*rows)}).status_code == 422


def test_what_changed_since_the_list_was_opened_is_not_finished_unseen(desk):
    fine, changed = desk.request(), desk.request()
    seen = ticked(fine, changed)
    handling.note(changed, "Tunggu dulu.", **desk.by(desk.colleague))
    answer = desk.browser.post("/loket/massal", {"act": "selesai", "text": "Selesai.", "permohonan": seen})
    assert "berubah sejak halaman ini dibuka" in answer.text
    assert (now(fine).state, now(changed).state) == (DONE, RECEIVED)


def test_requests_of_others_are_neither_touched_nor_named(desk):
    mine, foreign = desk.request(), desk.request(desk.other)
    answer = desk.browser.post("/loket/massal", {"act": "ambil", "permohonan": ticked(mine, foreign)})
    assert answer.status_code == 303
    assert foreign.number not in answer.text
    assert (now(mine).state, now(foreign).state) == (IN_PROGRESS, RECEIVED)
    for act in ("ambil", "selesai", "cetak"):
        assert desk.browser.post("/loket/massal", {"act": act, "permohonan": ticked(foreign)}).status_code == 404, act
    assert now(foreign).revision == foreign.revision


def test_the_ticked_ones_are_printed(desk):
    one, other = desk.request(), desk.request()
    page = desk.browser.post("/loket/massal", {"act": "cetak", "permohonan": ticked(one)})
    assert page.status_code == 200
    assert one.number in page.text
    assert other.number not in page.text


def test_without_a_tick_or_an_act_the_list_comes_back_and_says_so(desk):
    row = desk.request()
    nothing = desk.browser.post("/loket/massal", {"act": "ambil"})
    assert nothing.status_code == 422
    assert "Belum ada permohonan yang dipilih" in nothing.text
    unknown = desk.browser.post("/loket/massal", {"act": "terbang", "permohonan": ticked(row)})
    assert unknown.status_code == 422
    assert f'value="{row.id}-{row.revision}" checked' in unknown.text
    assert desk.browser.post("/loket/massal", {"act": "ambil", "permohonan": "abc"}).status_code == 404


def test_all_of_a_page_can_be_ticked_without_script(desk):
    desk.request()
    desk.request()
    assert desk.browser.get("/loket?pilih=semua").text.count(" checked") == 2
