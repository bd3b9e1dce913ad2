from datetime import timedelta

import pytest

from portal.people import sessions, throttle
from portal.people.models import Attempt, Person
from portal.refusals import Refused
from tests import make
from tests.make import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("database")


def tries(identifier: str, address: str, *, count: int = 1, password: str = "salah salah salah", now=NOW) -> list[str]:
    """How each try of somebody ended: in, wrong, or refused before anything was hashed."""
    ended = []
    for _ in range(count):
        try:
            sessions.sign_in(identifier, password, address=address, device="", now=now)
            ended.append("in")
        except throttle.TooMany:
            ended.append("refused")
        except Refused:
            ended.append("wrong")
    return ended


@pytest.fixture
def owner() -> Person:
    return make.person(password=PASSWORD)


def test_after_five_wrong_passwords_an_address_is_refused_before_hashing(owner: Person, hashings):
    assert tries(owner.identifier, "203.0.113.1", count=50) == ["wrong"] * 5 + ["refused"] * 45
    assert len(hashings) == 5
    assert tries(owner.identifier, "10.0.0.1", password=PASSWORD) == ["in"]


def test_blanks_and_small_letters_in_an_identifier_earn_no_further_tries(hashings):
    person = make.person(identifier="PPPK-7A", password=PASSWORD)
    spellings = ["pppk-7a", "PPPK -7A", " pp pk-7a", "PPPK-\t7A", "Pppk-7a", "p p p k - 7 a", person.identifier]
    assert [tries(each, "203.0.113.1")[0] for each in spellings] == ["wrong"] * 5 + ["refused"] * 2
    assert len(hashings) == 5


def test_after_thirty_wrong_passwords_for_many_accounts_an_address_is_refused(hashings):
    ended = [tries(f"orang-{number}", "203.0.113.1")[0] for number in range(100)]
    assert ended == ["wrong"] * 30 + ["refused"] * 70
    assert len(hashings) == 30


def test_colleagues_behind_the_same_address_do_not_shut_out_who_came_from_there_before(owner: Person):
    assert tries(owner.identifier, "203.0.113.1", password=PASSWORD) == ["in"]
    for number in range(40):
        tries(f"orang-{number}", "203.0.113.1")
    assert tries("orang-baru", "203.0.113.1") == ["refused"]
    assert tries(owner.identifier, "203.0.113.1", password=PASSWORD) == ["in"]
    assert tries(owner.identifier, "203.0.113.1", count=21)[-1] == "refused"


def test_strangers_from_everywhere_are_refused_after_fifty_but_the_owner_gets_in_from_the_usual_place(owner: Person, hashings):
    assert tries(owner.identifier, "10.0.0.1", password=PASSWORD) == ["in"]
    ended = [tries(owner.identifier, f"203.0.{number // 250}.{number % 250}")[0] for number in range(80)]
    assert ended == ["wrong"] * 50 + ["refused"] * 30
    assert len(hashings) == 51
    assert tries(owner.identifier, "10.0.0.1", password=PASSWORD) == ["in"]
    assert tries(owner.identifier, "198.51.100.1", password=PASSWORD) == ["refused"]


def test_after_ten_minutes_everything_is_forgiven(owner: Person):
    tries(owner.identifier, "203.0.113.1", count=5)
    assert tries(owner.identifier, "203.0.113.1", now=NOW + throttle.SOON - timedelta(seconds=1), password=PASSWORD) == ["refused"]
    assert tries(owner.identifier, "203.0.113.1", now=NOW + throttle.SOON, password=PASSWORD) == ["in"]


def test_a_refused_try_does_not_make_the_waiting_longer(owner: Person):
    tries(owner.identifier, "203.0.113.1", count=5)
    tries(owner.identifier, "203.0.113.1", count=20, now=NOW + timedelta(minutes=9))
    assert tries(owner.identifier, "203.0.113.1", now=NOW + throttle.SOON, password=PASSWORD) == ["in"]


def test_a_place_is_known_for_thirty_days(owner: Person):
    tries(owner.identifier, "10.0.0.1", password=PASSWORD)
    assert throttle.is_known(owner.identifier, "10.0.0.1", now=NOW + throttle.KNOWN - timedelta(seconds=1))
    assert not throttle.is_known(owner.identifier, "10.0.0.1", now=NOW + throttle.KNOWN)
    assert not throttle.is_known(owner.identifier, "10.0.0.2", now=NOW)
    assert not throttle.is_known("orang lain", "10.0.0.1", now=NOW)


def test_tries_that_no_longer_count_are_let_go(owner: Person):
    tries(owner.identifier, "203.0.113.1")
    tries(owner.identifier, "10.0.0.1", password=PASSWORD)
    assert throttle.forget(now=NOW + timedelta(hours=1)) == 0
    assert throttle.forget(now=NOW + timedelta(days=2)) == 1
    assert throttle.is_known(owner.identifier, "10.0.0.1", now=NOW + timedelta(days=2))
    assert throttle.forget(now=NOW + timedelta(days=31)) == 1
    assert not Attempt.select().exists()


def test_what_is_typed_as_a_name_counts_neither_for_codes_nor_for_links(owner: Person):
    for number in range(60):
        tries("reset", f"203.0.113.{number}")
        tries("code:" + owner.identifier, f"203.0.113.{number}")
    throttle.check("", "10.0.0.1", now=NOW, what=throttle.RESET)
    throttle.check(owner.identifier, "10.0.0.1", now=NOW, what=throttle.CODE)
    throttle.note(owner.identifier, "10.0.0.1", succeeded=True, now=NOW, what=throttle.CODE)
    assert not throttle.is_known(owner.identifier, "10.0.0.1", now=NOW)


def test_the_addresses_of_one_ipv6_network_count_as_one_place(owner: Person, hashings):
    ended = [tries(owner.identifier, f"2001:db8:1:2::{number:x}")[0] for number in range(20)]
    assert ended == ["wrong"] * 5 + ["refused"] * 15
    assert tries(owner.identifier, "2001:db8:1:3::1", password=PASSWORD) == ["in"]
    assert throttle.is_known(owner.identifier, "2001:db8:1:3:ffff::2", now=NOW)


@pytest.mark.parametrize(
    ("address", "place"), [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:203.0.113.7", "::ffff:203.0.113.7"), ("", "")]
)
def test_a_place_is_an_address_or_a_network(address: str, place: str):
    assert throttle.place(address) == place
