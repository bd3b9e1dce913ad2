"""The survey is asked of who settled a request, once, and its index is shown to everybody."""

import re

import pytest

from portal.services import handling, requests, survey
from portal.services.models import ELEMENTS, Opinion
from tests import make
from tests.house.test_queries import counted
from tests.views.following import DIGITS, NOW, OFFICER, address, citizen, heading, office, opened, request_made, still, words
from tests.views.reading import Reading
from tests.views.staff import Browser

__all__ = ["citizen", "office", "request_made", "still"]
THREES = dict.fromkeys(ELEMENTS, "3")


@pytest.fixture
def done(request_made):
    return handling.finish(request_made, by=OFFICER, now=NOW)


def opinions(office, service, *marks):
    for mark in marks:
        Opinion.create(office=office, service=service, month=NOW.date().replace(day=1), **dict.fromkeys(ELEMENTS, mark))


def test_the_page_of_a_settled_request_leads_to_the_survey_and_afterwards_no_more(citizen, done):
    link = f'href="{address(done, "/survei")}"'
    assert link in citizen.get(address(done)).text
    assert opened(citizen, done).post(address(done, "/survei"), THREES).status_code == 303
    assert link not in citizen.get(address(done)).text
    assert "Terima kasih." in words(citizen, done, "/survei")


def test_the_survey_is_nine_rows_of_four_that_a_keyboard_reaches(citizen, done):
    page = Reading(citizen.get(address(done, "/survei")).text)
    radios = [held for tag, held in page.tags if tag == "input" and held.get("type") == "radio"]
    assert [(held["name"], held["value"]) for held in radios] == [(name, mark) for name in ELEMENTS for mark in "1234"]
    assert sum(tag == "legend" for tag, _ in page.tags) == 9


def test_who_has_not_opened_the_request_says_the_digits_in_the_same_form(citizen, done):
    assert 'id="digits"' in citizen.get(address(done, "/survei")).text
    answer = citizen.post(address(done, "/survei"), THREES)
    assert answer.status_code == 422 and Opinion.select().count() == 0
    assert answer.text.count(" checked") == 9
    assert citizen.post(address(done, "/survei"), {**THREES, **DIGITS}).status_code == 303
    assert Opinion.select().count() == 1


def test_the_mailed_link_leads_straight_to_the_survey(citizen, done):
    answer = citizen.get(address(done, f"/survei?kunci={requests.token(done)}"))
    assert (answer.status_code, answer.headers["Location"]) == (303, address(done, "/survei"))
    assert 'id="digits"' not in citizen.get(address(done, "/survei")).text


def test_answers_that_are_missing_are_named_and_the_others_stay(citizen, done):
    sent = {name: mark for name, mark in THREES.items() if name != "cost"}
    answer = opened(citizen, done).post(address(done, "/survei"), sent)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["cost"]
    assert answer.text.count(" checked") == 8


def test_the_same_survey_twice_is_refused_in_words(citizen, done):
    opened(citizen, done).post(address(done, "/survei"), THREES)
    answer = citizen.post(address(done, "/survei"), THREES)
    assert answer.status_code == 422 and "Terima kasih" in answer.text
    assert Opinion.select().count() == 1


def test_a_request_that_runs_is_not_asked_about(citizen, request_made):
    assert "sesudah permohonan ini selesai" in words(citizen, request_made, "/survei")
    assert opened(citizen, request_made).post(address(request_made, "/survei"), THREES).status_code == 422


def test_a_survey_survives_an_ended_session(app, done):
    answer = Browser(app).post(address(done, "/survei"), {**THREES, **DIGITS}, has_token=False)
    assert answer.status_code == 422 and answer.text.count(" checked") == 9


def test_below_five_answers_nothing_is_published(client, office):
    opinions(office, make.service("Akta", at=[office]), 4, 4, 4, 4)
    for page in ("/kepuasan", f"/kepuasan/kantor/{office.slug}"):
        assert "Belum ada cukup jawaban" in client.get(page).text
    assert client.get("/kepuasan.csv").text.splitlines() == ["kind,slug,name,answers,ikm,grade," + ",".join(ELEMENTS)]


def test_the_index_is_published_with_its_number_of_answers_for_offices_and_services(client, office):
    service = make.service("Akta kelahiran", at=[office])
    opinions(office, service, 4, 4, 4, 3, 3)
    page = client.get("/kepuasan")
    assert heading(page) == "Indeks kepuasan 90,00 dari 100"
    said = Reading(page.text).words
    for each in ("Sangat baik (mutu A). Dari 5 jawaban warga.", "Akta kelahiran", "Kantor Wali Kota", "Persyaratan 3,60"):
        assert each in said
    assert '<rect width="90.0%"' in page.text
    assert heading(client.get(f"/kepuasan/kantor/{office.slug}")) == "Kantor Wali Kota: Indeks kepuasan 90,00 dari 100"
    assert heading(client.get(f"/kepuasan/layanan/{service.slug}")) == "Akta kelahiran: Indeks kepuasan 90,00 dari 100"
    assert client.get("/kepuasan.csv").text.splitlines()[1:] == [
        f"office,{office.slug},Kantor Wali Kota,5,90.00,A" + ",3.60" * 9, f"service,{service.slug},Akta kelahiran,5,90.00,A" + ",3.60" * 9]  # fmt: skip


def test_the_public_page_is_the_same_for_all_and_its_questions_do_not_grow(client, office):
    service = make.service("Akta", at=[office])
    opinions(office, service, *[4] * 5)
    with counted() as few:
        answer = client.get("/kepuasan")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "public, no-cache"
    for _ in range(60):
        opinions(make.office(), make.service("Lain"), *[2] * 5)
    with counted() as many:
        answer = client.get("/kepuasan")
    assert len(few) == len(many) <= 8
    assert "?hal=2" in answer.text
    assert heading(client.get("/kepuasan?hal=2")) == heading(answer)


@pytest.mark.parametrize("address", ["/kepuasan/kantor/tidak-ada", "/kepuasan/layanan/tidak-ada", "/kepuasan/layanan/%00"])
def test_what_does_not_exist_has_no_index(client, address):
    assert client.get(address).status_code == 404


def test_every_element_has_its_question(app):
    from portal.views.survey import GRADES, QUESTIONS

    assert tuple(QUESTIONS) == ELEMENTS
    assert tuple(GRADES) == tuple(grade for grade, _ in survey.BANDS)
