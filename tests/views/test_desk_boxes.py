"""The desk of drop boxes: boxes of one's offices, an opening by two, letters matched one by one."""

import re

import pytest

from portal import policies
from portal.offices import places
from portal.offices.models import DropBox
from portal.people import roles
from portal.services.models import BoxItem, BoxPickup, ServiceRequest
from tests import make
from tests.house.test_queries import queries
from tests.views.reading import Reading
from tests.views.serving import Desk
from tests.views.staff import Browser, person

OPENING = {"at": "2020-09-22T08:30", "first": "Laras", "second": "Bayu", "letters": "3"}


@pytest.fixture
def desk(app, world, at):
    at("2020-09-22T09:00+07:00")
    made = Desk(app)
    made.box = DropBox.get(DropBox.office == made.office)
    places.add_drop_box(made.other, "pagar", "", **make.ACT)
    return made


def opened(desk, **fields):
    answer = desk.browser.post(f"/loket/kotak/{desk.box.id}", {**OPENING, **fields})
    assert answer.status_code == 303, Reading(answer.text).words
    return BoxPickup.select().order_by(BoxPickup.id.desc()).get()


def act(desk, pickup, act, browser=None, **fields):
    return (browser or desk.browser).post(f"/loket/kotak/ambil/{pickup.id}/{act}", fields)


def words(answer):
    assert answer.status_code in (200, 422)
    return Reading(answer.text).words


def test_the_overview_shows_the_boxes_of_the_own_offices_with_their_hours_and_awaited_letters(desk):
    awaited, foreign = desk.request(channel="dropbox"), desk.request(desk.other, channel="dropbox")
    said = words(desk.browser.get("/loket/kotak"))
    assert "lobi" in said and "Senin–Jumat 08.00–15.00" in said and "1 surat ditunggu di kantor ini" in said
    assert awaited.number in said
    assert foreign.number not in said and "Kantor Tetangga" not in said


def test_an_opening_is_recorded_and_leads_to_its_letters(desk):
    answer = desk.browser.post(f"/loket/kotak/{desk.box.id}", OPENING, follow_redirects=True)
    assert "0 dari 3 surat dicocokkan" in words(answer)
    assert "Dibuka hari ini, Selasa, 22 September pukul 08.30 WIB oleh Laras, disaksikan Bayu." in words(answer)
    assert "0 dari 3 dicocokkan" in words(desk.browser.get("/loket/kotak"))


@pytest.mark.parametrize(("field", "value"), [("second", "laras"), ("second", ""), ("letters", ""), ("letters", "tiga"), ("at", "2020-09-23T08:00"),
                                              ("at", "x"),
                                              ("at", "")])  # fmt: skip
def test_an_opening_that_is_refused_comes_back_as_it_was_typed(desk, field, value):
    answer = desk.browser.post(f"/loket/kotak/{desk.box.id}", {**OPENING, "first": "Laras Ayu", field: "laras ayu" if value == "laras" else value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and 'value="Laras Ayu"' in answer.text
    assert BoxPickup.select().count() == 0


def test_letters_are_matched_one_by_one_and_the_count_goes_on(desk):
    pickup, row = opened(desk), desk.request(channel="dropbox")
    answer = act(desk, pickup, "cocokkan", number=f"http://localhost/permohonan/{row.number}", note="Amplop basah")
    assert answer.status_code == 303
    said = words(desk.browser.get(answer.location))
    assert f"Surat {row.number} dicatat." in said and "1 dari 3 surat dicocokkan" in said and "Amplop basah" in said


def test_a_number_that_fits_nothing_is_said_beside_its_field(desk):
    pickup = opened(desk)
    answer = act(desk, pickup, "cocokkan", number="7KQ4-M2XT-9BC")
    assert answer.status_code == 422
    assert "salah ketik" in words(answer) and 'value="7KQ4-M2XT-9BC"' in answer.text


def test_a_letter_without_a_number_is_registered_on_the_spot(desk):
    pickup = opened(desk)
    fields = {"service": desk.service.slug, "name": "Mbah Karto", "submission_key": "satu"}
    for _ in range(2):
        answer = act(desk, pickup, "daftarkan", **fields)
        assert answer.status_code == 303
    row = ServiceRequest.get()
    assert (row.name, row.origin, row.channel, row.filed_by) == ("Mbah Karto", "paper", "dropbox", desk.officer)
    assert f"Surat didaftarkan dengan nomor {row.number}. Tulis nomor itu di amplop." in words(desk.browser.get(answer.location))


def test_a_registration_that_is_refused_keeps_what_was_typed(desk):
    answer = act(desk, opened(desk), "daftarkan", service=desk.service.slug, name="", phone="abc", description="Kartu hilang")
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text and 'href="#phone"' in answer.text and "Kartu hilang" in answer.text
    assert 'href="#service"' in act(desk, opened(desk, at="2020-09-22T08:00"), "daftarkan", name="A", service="tidak-ada").text


def test_a_letter_of_another_offices_request_is_told_and_goes_on_after_a_confirmation(desk):
    pickup, row = opened(desk, letters="1"), desk.request(desk.other, channel="dropbox", name="Rahasia Sekali")
    answer = act(desk, pickup, "cocokkan", number=row.number)
    assert answer.status_code == 422
    assert "Permohonan ini ada di Kantor Tetangga." in words(answer) and "Rahasia" not in answer.text
    assert act(desk, pickup, "teruskan", number=row.number).status_code == 303
    page = desk.browser.get(f"/loket/kotak/ambil/{pickup.id}")
    assert "diteruskan ke Kantor Tetangga" in words(page) and "Rahasia" not in page.text
    assert "Surat diteruskan dari Kantor Uji Pelayanan ke Kantor Tetangga" in words(desk.of(desk.stranger).get(f"/loket/{row.number}"))


def test_letters_at_rest_cannot_be_ticked_and_later_all_are_opened_at_once(desk, at):
    policies.set_policy(policies.LETTER_QUARANTINE, {"hours": 24}, name="K", legal_basis="SE", first_day=make.NOW.date(), **make.ACT)
    pickup = opened(desk, letters="2")
    rows = [desk.request(channel="dropbox") for _ in range(2)]
    for row in rows:
        act(desk, pickup, "cocokkan", number=row.number)
    page = desk.browser.get(f"/loket/kotak/ambil/{pickup.id}")
    assert "Surat belum boleh dibuka sampai besok, Rabu, 23 September pukul 08.30 WIB." in words(page) and 'name="item"' not in page.text
    items = [str(item.id) for item in BoxItem.select()]
    assert "masih dikarantina" in words(act(desk, pickup, "buka", item=items))
    at("2020-09-23T08:30+07:00")
    desk.browser = desk.of(desk.officer)
    assert re.findall(r'name="item" value="(\d+)" checked', desk.browser.get(f"/loket/kotak/ambil/{pickup.id}").text) == items
    assert act(desk, pickup, "buka", item=items).status_code == 303
    assert {row.state for row in ServiceRequest.select()} == {"in_progress"}
    assert "Belum selesai" not in words(desk.browser.get("/loket/kotak"))


def test_nothing_ticked_opens_nothing(desk):
    assert 'href="#item"' in act(desk, opened(desk), "buka", item="x").text


def test_a_wrong_count_is_corrected(desk):
    pickup = opened(desk, letters="0")
    assert "Kotak kosong" in words(desk.browser.get(f"/loket/kotak/ambil/{pickup.id}"))
    assert act(desk, pickup, "hitung", letters="").status_code == 422
    assert act(desk, pickup, "hitung", letters="4").status_code == 303
    assert "0 dari 4 surat dicocokkan" in words(desk.browser.get(f"/loket/kotak/ambil/{pickup.id}"))


def test_officers_of_other_offices_do_not_find_the_box_nor_its_letters(desk):
    pickup, row = opened(desk), desk.request(channel="dropbox")
    act(desk, pickup, "cocokkan", number=row.number)
    stranger = desk.of(desk.stranger)
    assert stranger.get(f"/loket/kotak/{desk.box.id}").status_code == stranger.get(f"/loket/kotak/ambil/{pickup.id}").status_code == 404
    assert stranger.post(f"/loket/kotak/{desk.box.id}", OPENING).status_code == 404
    for name in ("cocokkan", "teruskan", "daftarkan", "buka", "hitung"):
        assert act(desk, pickup, name, stranger, number=row.number, item="1", letters="9").status_code == 404
    assert "lobi" not in words(stranger.get("/loket/kotak"))
    assert desk.of(desk.colleague).get(f"/loket/kotak/ambil/{pickup.id}").status_code == 200
    assert Browser(desk.app, person(roles.ADMIN)).get(f"/loket/kotak/{desk.box.id}").status_code == 200


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.EMPLOYEE, roles.GUARD, roles.SUPERVISOR])
def test_nobody_else_comes_near_the_boxes(desk, role):
    browser = Browser(desk.app, person(role))
    for address in ("/loket/kotak", f"/loket/kotak/{desk.box.id}", "/loket/kotak/ambil/1"):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/loket/kotak/{desk.box.id}", OPENING).status_code == 403


@pytest.mark.parametrize(
    "address", ["/loket/kotak/999999", "/loket/kotak/99999999999999999999", "/loket/kotak/ambil/999999", "/loket/kotak/ambil/99999999999999999"]
)
def test_a_box_that_is_not_there_is_not_found(desk, address):
    assert desk.browser.get(address).status_code == 404


def test_an_unknown_act_is_not_found(desk):
    assert act(desk, opened(desk), "bakar").status_code == 404


def test_the_pages_ask_the_same_few_questions_however_many_letters_there_are(desk):
    def fill(count, hour):
        pickup = opened(desk, letters="20", at=f"2020-09-22T{hour:02}:00")
        for _ in range(count):
            act(desk, pickup, "cocokkan", number=desk.request(channel="dropbox").number)
        for _ in range(count):
            desk.request(channel="dropbox")
        return pickup

    pages = ["/loket/kotak", f"/loket/kotak/{desk.box.id}", f"/loket/kotak/ambil/{fill(1, 7).id}"]
    few = [len(queries(desk.browser.client, page)) for page in pages]
    pages[2] = f"/loket/kotak/ambil/{fill(6, 8).id}"
    many = [len(queries(desk.browser.client, page)) for page in pages]
    assert all(more <= less for more, less in zip(many, few, strict=True)), (few, many)
    assert max(many) <= 12
