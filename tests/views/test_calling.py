"""The call list about requests: what to say, a number to dial, and a chat that is begun with one press."""

import pytest

from portal.people import roles
from portal.services import handling
from portal.views import calling
from tests.views.reading import Reading
from tests.views.serving import Desk, words
from tests.views.staff import Browser, person


@pytest.fixture
def desk(app, world):
    return Desk(app)


def test_who_gave_only_a_telephone_is_called_with_the_words_at_hand(desk):
    row = desk.request(email="", phone="0812 9876 5432", name="Siti")
    handling.ready(row, "Loket 3", **desk.by())
    answer = desk.browser.get("/surat/telepon")
    page = Reading(answer.text)
    assert "1 orang perlu ditelepon" in words(answer)
    assert "Loket 3" in page.words
    assert "tel:081298765432" in page.links
    assert f"/loket/{row.number}" in page.links
    chat = next(link for link in page.links if link.startswith("https://wa.me/"))
    assert chat.startswith("https://wa.me/6281298765432?text=Yth.%20Siti")
    assert row.number in chat
    assert "Hasil%20permohonan%20Anda%20siap%20diambil" in chat


def test_the_chat_is_in_the_citizens_language_and_the_officers_page_in_its_own(desk):
    handling.ready(desk.request(email="", language="en"), "Loket 3", **desk.by())
    answer = desk.browser.get("/surat/telepon")
    assert "orang perlu ditelepon" in answer.text
    assert "text=Dear" in answer.text


def test_officers_of_other_offices_see_neither_name_nor_number(desk):
    handling.ready(desk.request(email="", phone="081298765432"), "Loket 3", **desk.by())
    page = desk.of(desk.stranger).get("/surat/telepon").text
    assert "081298765432" not in page
    assert "Tidak ada yang perlu ditelepon" in page


def test_the_inbox_says_how_many_wait_for_a_call(desk):
    handling.ready(desk.request(email=""), "Loket 3", **desk.by())
    assert "Daftar telepon 1" in words(desk.browser.get("/loket"))
    assert "Daftar telepon 1" in words(Browser(desk.app, person(roles.ADMIN)).get("/loket"))


@pytest.mark.parametrize(("typed", "opens"), [
    ("081298765432", "6281298765432"), ("+6281298765432", "6281298765432"), ("+6598765432", "6598765432"), ("0215550199", ""), ("", ""), ("1500", ""),
])  # fmt: skip
def test_only_a_mobile_number_opens_a_chat(typed, opens):
    assert calling.chat(typed, "Halo & salam") == (f"https://wa.me/{opens}?text=Halo%20%26%20salam" if opens else "")
