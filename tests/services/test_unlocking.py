"""Who knows the last four digits may open a request; who guesses them is stopped soon, and nobody else with them."""

from datetime import timedelta

import pytest

from portal.people import throttle
from portal.people.models import Attempt
from portal.refusals import Refused
from portal.services import requests, unlocking
from tests import make
from tests.together import at_once

NOW = make.NOW


@pytest.fixture
def request_made(database):
    return make.request(phone="0812 0000 4321", now=NOW)


def guess(request, typed="0000", after=timedelta()):
    with pytest.raises(Refused) as refused:
        unlocking.check_digits(request, typed, now=NOW + after)
    assert refused.value.field == "digits"
    return refused.value


@pytest.mark.parametrize("typed", ["4321", " 4321 ", "43-21", "081200004321", "+62 812 0000 4321"])
def test_the_last_four_digits_open_however_they_are_typed(request_made, typed):
    unlocking.check_digits(request_made, typed, now=NOW)
    assert Attempt.get().succeeded


@pytest.mark.parametrize("typed", ["", "432", "abcd", "4٣21", "43210" * 5, "4321\0"])
def test_what_cannot_be_four_digits_is_refused_and_not_counted(request_made, typed):
    guess(request_made, typed)
    assert Attempt.select().count() == 0


def test_after_five_wrong_tries_one_waits_ten_minutes(request_made):
    for number in range(5):
        assert not isinstance(guess(request_made, after=timedelta(minutes=number)), throttle.TooMany)
    refusal = guess(request_made, "4321", timedelta(minutes=5))
    assert isinstance(refusal, unlocking.TooMany)
    assert refusal.wait == timedelta(minutes=5)
    unlocking.check_digits(request_made, "4321", now=NOW + timedelta(minutes=10, seconds=1))


def test_after_twenty_wrong_tries_one_waits_a_day(request_made):
    for number in range(20):
        assert not isinstance(guess(request_made, after=timedelta(minutes=3 * number)), throttle.TooMany)
    refusal = guess(request_made, "4321", timedelta(hours=5))
    assert isinstance(refusal, unlocking.TooMany)
    assert refusal.wait == timedelta(hours=19)
    unlocking.check_digits(request_made, "4321", now=NOW + timedelta(days=1, seconds=1))


def test_wrong_tries_at_one_request_stop_no_other_and_no_sign_in_from_the_same_network(request_made):
    for _ in range(5):
        guess(request_made)
    other = make.request(phone="081200004321", now=NOW)
    unlocking.check_digits(other, "4321", now=NOW)
    for number in range(30):
        with pytest.raises(Refused):
            unlocking.check_digits(make.request(phone="081200004321", now=NOW), f"{number:04}", now=NOW)
    for address in ("10.0.0.1", ""):
        throttle.check("19700101200001", address, now=NOW)


def test_a_request_without_a_telephone_has_no_digits_to_guess(database):
    request = make.request(phone="", now=NOW)
    for typed in ("", "0000"):
        assert "tautan dalam surel" in str(guess(request, typed))


def test_the_mailed_link_carries_what_opens_its_own_request_alone(request_made):
    other = make.request(now=NOW)
    assert unlocking.is_mailed(request_made, requests.token(request_made))
    assert not any(unlocking.is_mailed(request_made, token) for token in ("", requests.token(other), request_made.number, "é\ud800", "x" * 5000))


def test_guesses_at_the_same_moment_are_counted_one_after_the_other(shared):
    request = make.request(phone="081200004321", now=NOW)
    assert at_once(*[lambda: unlocking.check_digits(request, "0000", now=NOW)] * 12) == ["refused"] * 12
    assert Attempt.select().count() == unlocking.AT_ONCE
