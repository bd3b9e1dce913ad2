import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal import sealed
from portal.sealed import RingError, Unreadable
from tests.make import NOW


@pytest.fixture(autouse=True)
def ring(tmp_path: Path) -> Iterator[Path]:
    """Each test has a ring and a first key of its own; the suite's come back."""
    kept = sealed._ring.path, sealed._ring.held, dict(sealed._own)
    sealed.use("kunci pertama", tmp_path / "sealing.keys")
    yield tmp_path / "sealing.keys"
    sealed._ring.path, sealed._ring.held = kept[:2]
    sealed._own.update(kept[2])


def begin_anew(ring: Path, secret: str = "kunci pertama") -> None:
    """As a process does that starts now."""
    sealed.use(secret, ring)


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


def test_under_another_secret_it_stays_shut_and_fingerprints_differ(ring):
    closed, mark = sealed.seal("rahasia", about="x"), sealed.fingerprint("x")
    begin_anew(ring, "kunci kedua")
    with pytest.raises(Unreadable):
        sealed.unseal(closed, about="x")
    assert sealed.fingerprint("x") != mark
    begin_anew(ring)
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
        sealed.unseal(text.replace("{mark}", sealed.mark_of(sealed.seal("", about="x"))), about="x")


def test_what_was_sealed_before_there_was_a_ring_opens_as_it_was(ring):
    """Written by the portal when one key followed from the secret and there was no other."""
    assert sealed.unseal(_OF_OLD, about="totp 7") == "JBSWY3DP"
    sealed.add_key(now=NOW)
    begin_anew(ring)
    assert sealed.unseal(_OF_OLD, about="totp 7") == "JBSWY3DP"


def test_a_new_key_seals_what_is_new_and_the_old_ones_still_open(ring):
    texts = {}
    for number in range(4):
        texts[number] = sealed.seal(f"rahasia {number}", about="x")
        sealed.add_key(now=NOW + timedelta(days=number))
    begin_anew(ring)
    assert len({sealed.mark_of(text) for text in texts.values()}) == 4
    assert [sealed.unseal(text, about="x") for text in texts.values()] == [f"rahasia {number}" for number in range(4)]
    assert [key.made_at for key in sealed.ring()[1:]] == [NOW + timedelta(days=number) for number in range(4)]


def test_a_new_key_changes_no_fingerprint():
    before = sealed.fingerprint("nik 3171000000000001")
    sealed.add_key(now=NOW)
    assert sealed.fingerprint("nik 3171000000000001") == before


def test_a_new_key_does_not_follow_from_the_secret_and_opens_under_another(ring):
    sealed.add_key(now=NOW)
    closed = sealed.seal("rahasia", about="x")
    begin_anew(ring, "kunci kedua")
    assert sealed.unseal(closed, about="x") == "rahasia"


def held_by_another_process(ring: Path, *, change) -> None:
    """Another process changes the ring; this one goes on with what it has read before."""
    here = sealed._ring.held
    change()
    sealed._ring.held = here


def test_a_mark_that_is_not_known_yet_is_looked_up_in_the_ring_once_more(ring):
    closed: list[str] = []
    held_by_another_process(ring, change=lambda: (sealed.add_key(now=NOW), closed.append(sealed.seal("rahasia", about="x"))))
    assert len(sealed._ring.held[1]) == 1
    assert sealed.unseal(closed[0], about="x") == "rahasia"


def test_what_is_sealed_after_another_process_made_a_key_bears_its_mark(ring):
    first = sealed.mark_of(sealed.seal("", about="x"))
    held_by_another_process(ring, change=lambda: sealed.add_key(now=NOW))
    assert sealed.mark_of(sealed.seal("", about="x")) == sealed.ring()[-1].mark != first


def test_a_mark_that_no_key_has_is_unreadable_and_the_file_is_not_read_for_it_again(ring, monkeypatch):
    sealed.add_key(now=NOW)
    read: list[int] = []
    monkeypatch.setattr(sealed, "_read", lambda: read.append(1))
    with pytest.raises(Unreadable):
        sealed.unseal("00000000:AAAA", about="x")
    assert read == []


def test_a_dropped_key_opens_nothing_any_more_but_the_first_and_the_newest_cannot_be_dropped(ring):
    first = sealed.seal("rahasia", about="x")
    middle = sealed.add_key(now=NOW)
    second = sealed.seal("rahasia", about="x")
    newest = sealed.add_key(now=NOW)
    sealed.drop_keys({middle.mark, newest.mark, sealed.mark_of(first)})
    assert [key.mark for key in sealed.ring()] == [sealed.mark_of(first), newest.mark]
    with pytest.raises(Unreadable):
        sealed.unseal(second, about="x")


def test_nobody_but_the_portal_may_read_the_ring_and_nothing_is_left_beside_it(ring):
    sealed.add_key(now=NOW)
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    assert list(ring.parent.iterdir()) == [ring]


def test_a_key_does_not_show_itself_where_it_is_printed():
    key = sealed.add_key(now=NOW)
    assert repr(key.secret) not in repr(key)


def test_two_cannot_change_the_ring_at_once(ring):
    with sealed.alone(), pytest.raises(RingError, match="another process"), sealed.alone():
        pass
    with sealed.alone():
        pass


def spoil(ring: Path, how: str) -> None:
    sealed.add_key(now=NOW)
    if how == "mode":
        ring.chmod(0o640)
    elif how == "folder":
        ring.unlink()
        ring.mkdir()
    else:
        ring.write_bytes({"empty": b"", "words": b"bukan kunci\n", "binary": b"\xff\x00" * 50, "short": ring.read_bytes()[:-10]}[how])


@pytest.mark.parametrize("how", ["mode", "folder", "empty", "words", "binary", "short"])
def test_a_ring_that_cannot_be_used_is_named_in_one_line_and_nothing_is_sealed_meanwhile(ring, how):
    spoil(ring, how)
    with pytest.raises(RingError) as caught:
        begin_anew(ring)
    assert str(ring) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(RingError):
        sealed.seal("rahasia", about="x")


def test_under_root_the_ring_belongs_to_the_account_of_its_folder(ring, monkeypatch):
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda number, uid, gid: given.append((uid, gid)))
    sealed.add_key(now=NOW)
    assert given == [(ring.parent.stat().st_uid, ring.parent.stat().st_gid)]


_OF_OLD = "f252e3a2:6R-EShAGCUyu6PczrlZk_mvxqNFWzZjZXa9ILhtuaULSPVtA"
