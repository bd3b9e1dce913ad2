from collections.abc import Iterator

import pytest

from portal import sealed
from portal.sealed import Unreadable


@pytest.fixture(autouse=True)
def key() -> Iterator[None]:
    """Each test may take another key; the suite's comes back."""
    kept = dict(sealed._keys)
    sealed.use("kunci pertama")
    yield
    sealed._keys.update(kept)


@pytest.mark.parametrize("text", ["", "JBSWY3DP", "Siti · 東京 🙂", "x" * 10_000])
def test_a_sealed_text_opens_at_its_place(text: str):
    closed = sealed.seal(text, about="totp 7")
    assert sealed.unseal(closed, about="totp 7") == text
    assert not text or text not in closed


def test_the_same_text_is_sealed_differently_each_time():
    assert sealed.seal("a", about="x") != sealed.seal("a", about="x")


def test_moved_to_another_row_it_stays_shut():
    closed = sealed.seal("rahasia", about="totp 7")
    with pytest.raises(Unreadable):
        sealed.unseal(closed, about="totp 8")


def test_under_another_key_it_stays_shut_and_fingerprints_differ():
    closed, mark = sealed.seal("rahasia", about="x"), sealed.fingerprint("x")
    sealed.use("kunci kedua")
    with pytest.raises(Unreadable):
        sealed.unseal(closed, about="x")
    assert sealed.fingerprint("x") != mark
    sealed.use("kunci pertama")
    assert sealed.unseal(closed, about="x") == "rahasia"
    assert sealed.fingerprint("x") == mark


def test_whatever_letter_is_changed_it_stays_shut():
    closed = sealed.seal("rahasia", about="x")
    for place in range(len(closed) - 4):
        other = "A" if closed[place] != "A" else "B"
        with pytest.raises(Unreadable):
            sealed.unseal(closed[:place] + other + closed[place + 1 :], about="x")


@pytest.mark.parametrize("text", ["", ":", "rahasia", "{mark}:", "{mark}:AAAA", "{mark}:A", "{mark}:§§§§", "{mark}"])
def test_what_was_never_sealed_is_unreadable(text: str):
    with pytest.raises(Unreadable):
        sealed.unseal(text.replace("{mark}", sealed.seal("", about="x").partition(":")[0]), about="x")
