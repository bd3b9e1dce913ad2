"""The small version of the heavy trial: forms as nobody should send them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.services.models import ServiceRequest
from tests.trials import hostile
from tests.trials.hostile import KINDS, Submission, Town

HOW_MANY = 150
NUMBER = "/permohonan/<number>/"
QUESTIONS = ("q", "hal", "layanan", "kantor", "dari", "wilayah", "status", "pada", "kunci", "bahasa", "next", "at", "from", "to", "region", "page")


@pytest.fixture
def town(app, client, at) -> Town:
    at("2020-09-21T09:00+07:00")
    return Town(app)


def test_every_form_of_the_public_is_known_with_its_fields(town):
    assert {rule.rule for rule in town.rules} >= {"/permohonan/baru", "/lacak", NUMBER + "pesan", NUMBER + "batal", NUMBER + "jadwal", NUMBER + "buka",
                                                   NUMBER + "survei", "/masuk"}  # fmt: skip
    assert {"name", "channel", "submission_key"} <= set(town.fields["/permohonan/baru"]) and "number" in town.fields["/lacak"]
    assert "text" in town.fields[NUMBER + "pesan"] and "slot" in town.fields[NUMBER + "jadwal"]


def test_hostile_forms_break_nothing_and_leave_nothing_of_what_was_refused(town):
    @settings(max_examples=HOW_MANY)
    @given(some.data())
    def send(data):
        town.send(data.draw(hostile.submissions(town)))

    send()
    assert town.kept and len(town.seen) >= 5  # some are taken, and others refused in different ways
    assert ServiceRequest.select().count() == len(town.numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_is_no_form_is_refused_whatever_it_says_it_is(town, kind):
    for rule in town.rules:
        for body in (b"\0" * 3000, b"--batas\r\n" * 3000, b"a=b&" * 3000):
            town.send(Submission(rule.rule, "POST", kind, dict.fromkeys(rule.arguments, town.numbers[0]), body, is_partial=False))


@pytest.mark.parametrize("odd", ["%00", "%F0%9F%98%80%0D%0AX:1", "%ff%fe", "a" * 3000, "-1", "9" * 40, "%E2%80%AE../../etc/passwd", "0001-01-01T00:00"])
def test_no_page_of_the_public_breaks_on_an_odd_address_or_question(town, odd):
    before = hostile.counts()
    for rule in hostile.public_pages(town.app):
        known = {"number": town.numbers[0], "slug": "kantor-uji"}
        for values in (dict.fromkeys(rule.arguments, odd), {name: known.get(name, "1") for name in rule.arguments}):
            path = hostile.filled(rule.rule, values)
            answer = town.browser.get(f"{path}?" + "&".join(f"{name}={odd}" for name in QUESTIONS))
            assert answer.status_code < 500, (path, answer.status_code)
    assert hostile.counts() == before
