"""Sentences that officers send often: who keeps them, and how one goes into a message."""

import pytest

from portal.people import roles
from portal.services import canned
from portal.services.models import CannedAnswer
from tests.views.serving import Desk, now
from tests.views.staff import Browser, person


@pytest.fixture
def desk(app, world):
    return Desk(app)


def test_a_canned_answer_is_put_below_what_was_typed_and_nothing_is_sent(desk):
    row = desk.request(name="Siti")
    answer = canned.add("Foto", "Yth. {nama}, {nomor}: kirim foto {ini}.", "ask", desk.office, offices=None, **desk.by())
    page = desk.browser.post(f"/loket/{row.number}/minta", {"text": "Halo.", "sisip": "ya", "canned": answer.id, "revision": row.revision})
    assert page.status_code == 200
    assert f"Halo.\n\nYth. Siti, {row.number}: kirim foto {{ini}}." in page.text
    assert now(row).revision == row.revision
    part = desk.browser.post(
        f"/loket/{row.number}/minta", {"text": "", "sisip": "ya", "canned": answer.id}, headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert part.text.lstrip().startswith('<div class="field" id="minta-isi">')


def test_canned_answers_are_kept_by_those_who_answer_for_the_office(desk):
    sent = {"title": "Foto", "text": "Kirim foto.", "use": "ask", "office": desk.office.slug}
    assert desk.browser.post("/loket/jawaban", sent).status_code == 303
    assert desk.browser.post("/loket/jawaban", {**sent, "office": desk.other.slug}).status_code == 422
    assert desk.browser.post("/loket/jawaban", {**sent, "office": ""}).status_code == 422
    answer = CannedAnswer.get()
    stranger = desk.of(desk.stranger)
    assert "Kirim foto." not in stranger.get("/loket/jawaban").text
    assert stranger.get(f"/loket/jawaban/{answer.id}").status_code == 404
    assert stranger.post(f"/loket/jawaban/{answer.id}", sent).status_code == 404
    assert stranger.post(f"/loket/jawaban/{answer.id}/hapus").status_code == 404
    assert desk.browser.post(f"/loket/jawaban/{answer.id}", {**sent, "title": "Foto KTP"}).status_code == 303
    assert "Foto KTP" in desk.browser.get(f"/loket/{desk.request(desk.unit).number}").text
    assert desk.browser.post(f"/loket/jawaban/{answer.id}/hapus").status_code == 303
    assert "Foto KTP" not in desk.browser.get("/loket/jawaban").text


def test_what_holds_everywhere_only_the_administrator_changes(desk):
    admin = Browser(desk.app, person(roles.ADMIN))
    assert admin.post("/loket/jawaban", {"title": "Salam", "text": "Terima kasih.", "use": "message", "office": ""}).status_code == 303
    answer = CannedAnswer.get()
    assert "Terima kasih." in desk.browser.get("/loket/jawaban").text
    assert desk.browser.post(f"/loket/jawaban/{answer.id}/hapus").status_code == 404
    assert "Salam" in desk.browser.get(f"/loket/{desk.request().number}").text
