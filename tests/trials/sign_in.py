"""A thousand wrong passwords, from one address and from a thousand: what is hashed, what is refused before, and how the owner fares meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import click
import pytest

from portal import clock, db
from portal.people import passwords, sessions, throttle
from portal.people.models import Attempt, Person
from portal.refusals import Refused
from tests import make
from tests.make import PASSWORD
from tests.together import at_once

STRANGERS = 1000
AT_ONCE = 8  # more than the portal has threads: some find every place taken


class Hashing:
    """The real check of a password, watched: how many, how many at a time, how long."""

    def __init__(self) -> None:
        self.count = self.running = self.most = 0
        self.seconds, self.really = 0.0, passwords._verify

    def __call__(self, password: str, kept: str) -> bool:
        self.running += 1
        self.most, self.count, begun = max(self.most, self.running), self.count + 1, time.monotonic()
        try:
            return self.really(password, kept)
        finally:
            self.running -= 1
            self.seconds += time.monotonic() - begun


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> Hashing:
    made = Hashing()
    monkeypatch.setattr(passwords, "_verify", made)
    return made


@pytest.fixture
def owner(shared: None) -> Person:
    """Somebody who came in from the usual place an hour ago."""
    person = make.person(password=PASSWORD)
    throttle.note(person.identifier, "10.0.0.1", succeeded=True, now=clock.now())
    return person


def attempt(identifier: str, password: str, address: str) -> str:
    try:
        sessions.sign_in(identifier, password, address=address, device="", now=clock.now())
    except throttle.TooMany:
        return "refused before hashing"
    except Refused:
        return "wrong"
    except passwords.Busy:
        return "busy"
    return "in"


class Storm:
    """Strangers who try, so many at a time, each once; the stubborn press again while every place is taken."""

    def __init__(self, tries: Iterator[tuple[str, str]], *, is_stubborn: bool) -> None:
        self.tries, self.lock, self.ended, self.is_over, self.is_stubborn = tries, threading.Lock(), Counter[str](), False, is_stubborn

    def blow(self) -> None:
        while True:
            with self.lock:
                here = next(self.tries, None)
            if here is None:
                self.is_over = True
                return
            said = "busy"
            while said == "busy":
                said = attempt(here[0], "salah salah salah", here[1])
                with self.lock:
                    self.ended[said] += 1
                if not self.is_stubborn:
                    break

    def entered(self, owner: Person, found: list[tuple[int, float]]) -> Callable[[], None]:
        """The owner, who comes again and again from the usual place: how often it had to be pressed, and for how long."""

        def come() -> None:
            while not self.is_over:
                pressed, begun = 1, time.monotonic()
                while (said := attempt(owner.identifier, PASSWORD, "10.0.0.1")) == "busy":
                    pressed += 1
                assert said == "in", said
                found.append((pressed, time.monotonic() - begun))

        return come


def told(what: str, storm: Storm, hashing: Hashing, begun: float) -> None:
    engine = "PostgreSQL" if db.is_postgres() else "SQLite"
    spent = f"{hashing.seconds:.1f} s of {time.monotonic() - begun:.1f} s"
    click.echo(f"\n{engine}, {what}: {dict(storm.ended)}; hashed {hashing.count}, {hashing.most} at a time, {spent}")


def test_a_thousand_from_one_address_are_refused_before_hashing(owner: Person, hashing: Hashing):
    storm, begun = Storm(((owner.identifier, "203.0.113.1") for _ in range(STRANGERS)), is_stubborn=True), time.monotonic()
    assert at_once(*[storm.blow] * AT_ONCE) == ["done"] * AT_ONCE
    told("one address, one account", storm, hashing, begun)
    assert hashing.count <= throttle.ON_ONE_ACCOUNT_FROM_ONE_ADDRESS + passwords.PLACES_OF_STRANGERS
    assert hashing.count == storm.ended["wrong"] == Attempt.select().where(~Attempt.succeeded).count()
    assert attempt(owner.identifier, PASSWORD, "10.0.0.1") == "in"
    assert attempt(owner.identifier, PASSWORD, "198.51.100.7") == "in"


def test_a_thousand_from_one_address_for_a_thousand_accounts_are_refused_before_hashing(owner: Person, hashing: Hashing):
    storm, begun = Storm(((f"orang-{number}", "203.0.113.1") for number in range(STRANGERS)), is_stubborn=True), time.monotonic()
    assert at_once(*[storm.blow] * AT_ONCE) == ["done"] * AT_ONCE
    told("one address, a thousand accounts", storm, hashing, begun)
    assert hashing.count <= throttle.FROM_ONE_ADDRESS + passwords.PLACES_OF_STRANGERS
    assert attempt(owner.identifier, PASSWORD, "10.0.0.1") == "in"


@pytest.mark.parametrize("on_the_owner", [True, False], ids=["one account", "a thousand accounts"])
def test_a_thousand_addresses_hold_one_core_and_the_owner_gets_in_meanwhile(owner: Person, hashing: Hashing, on_the_owner: bool):
    tries = ((owner.identifier if on_the_owner else f"orang-{number}", f"203.0.{number // 250}.{number % 250}") for number in range(STRANGERS))
    storm, found, begun = Storm(tries, is_stubborn=on_the_owner), list[tuple[int, float]](), time.monotonic()
    assert at_once(*[storm.blow] * AT_ONCE, storm.entered(owner, found)) == ["done"] * (AT_ONCE + 1)
    told(f"a thousand addresses, {'one account' if on_the_owner else 'a thousand accounts'}", storm, hashing, begun)
    pressed, waited = (max(each) for each in zip(*found, strict=True))
    click.echo(f"the owner came in {len(found)} times; pressed at most {pressed} times, waited at most {waited:.2f} s")
    assert hashing.most == 1
    assert pressed == 1  # a place is kept for those who are known
    if on_the_owner:
        assert storm.ended["wrong"] <= throttle.ON_ONE_ACCOUNT + passwords.PLACES_OF_STRANGERS
