import threading

import pytest

from portal.people import passwords
from portal.refusals import Refused
from tests.make import PASSWORD

GOOD = ["meja lampu kapal jeruk", "kuda2!Zx9-pqLm", "ばんごはんはカレーライスです", "x" * 150 + "abcdefghij"]
BAD = ["", "pendek 1234", "password1234", "passwordpassword", "PasswordPassword99!", "aaaaaaaaaaaa", "abababababab", "123456789012", "qwertyuiop123", "x" * 201]


@pytest.mark.parametrize("password", GOOD)
def test_long_passwords_of_any_letters_are_taken(password: str):
    assert passwords.checked(password) == password


@pytest.mark.parametrize("password", BAD)
def test_short_common_and_repeating_passwords_are_refused(password: str):
    with pytest.raises(Refused) as refused:
        passwords.checked(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password", ["197001012000011001", "1970010120000110011234", "Siti Aminah 123", "sitiaminah2020", "siti.aminah@kota", "Aminah-kota-Siti"]
)
def test_a_password_made_of_its_owners_name_number_or_address_is_refused(password: str):
    with pytest.raises(Refused):
        passwords.checked(password, about=("197001012000011001", "Siti Aminah", "siti.aminah@kota.example"))


def test_a_name_inside_a_long_password_does_no_harm():
    assert passwords.checked("siti menanam jeruk bali", about=("197001012000011001", "Siti Aminah", ""))


def test_what_is_kept_is_not_the_password_and_differs_each_time(really_hashed):
    first, second = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)
    assert first != second
    assert PASSWORD not in first
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(PASSWORD, first)
    assert not passwords.matches(PASSWORD + " ", first)
    assert not passwords.is_outdated(first)


@pytest.mark.parametrize("kept", [None, "", "kosong", "$argon2id$v=19$rusak"])
def test_without_a_readable_kept_password_none_matches(kept: str | None):
    assert not passwords.matches("nobody has this password", kept)


class Slow:
    """Stands in for the check of a password and waits until it is let go on; notes who was served, and how many at a time."""

    def __init__(self) -> None:
        self.go_on, self.begun, self.served = threading.Semaphore(0), threading.Semaphore(0), []
        self.running = self.most = 0

    def __call__(self, password: str, kept: str) -> bool:
        self.running += 1
        self.most = max(self.most, self.running)
        self.begun.release()
        assert self.go_on.acquire(timeout=30)
        self.served.append(password)
        self.running -= 1
        return True


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(passwords, "_verify", made)
    return made


def waiting(count: int) -> bool:
    """Whether so many wait behind the one that is served; asked until it is so."""
    return any(passwords._queue._work_queue.qsize() == count for _ in range(10_000_000))


def test_one_is_served_at_a_time_in_the_order_of_coming_and_beyond_the_places_all_are_busy(slow: Slow):
    threads = []
    for number, is_known in enumerate((False, False, True)):
        threads.append(threading.Thread(target=passwords.matches, args=(f"orang {number}", "kept"), kwargs={"is_known": is_known}))
        threads[-1].start()
        assert slow.begun.acquire(timeout=30) if number == 0 else waiting(number)
    with pytest.raises(passwords.Busy):
        passwords.matches("orang lain", "kept")
    with pytest.raises(passwords.Busy):
        passwords.matches("pemilik", "kept", is_known=True)
    slow.go_on.release(3)
    for thread in threads:
        thread.join(30)
    assert slow.served == ["orang 0", "orang 1", "orang 2"]
    assert slow.most == 1


def test_strangers_leave_a_place_for_those_who_are_known_and_free_theirs_again(slow: Slow):
    strangers = [threading.Thread(target=passwords.matches, args=(f"asing {number}", "kept")) for number in range(passwords.PLACES_OF_STRANGERS)]
    for stranger in strangers:
        stranger.start()
    assert waiting(passwords.PLACES_OF_STRANGERS - 1)
    with pytest.raises(passwords.Busy):
        passwords.matches("asing lagi", "kept")
    slow.go_on.release(10)
    assert passwords.matches("pemilik", "kept", is_known=True)
    for stranger in strangers:
        stranger.join(30)
    assert passwords.matches("asing lagi", "kept")
    assert slow.most == 1
