"""The scanner is asked as clamd wants to be asked, and only its plain word lets a file pass."""

import pytest

from portal import scanner
from tests import clamd_peer


@pytest.fixture
def peer():
    return clamd_peer.Peer()


@pytest.fixture
def clamd(peer):
    with clamd_peer.running(peer) as address:
        yield address


def test_a_clean_file_arrives_whole_and_passes(peer, clamd):
    content = bytes(range(256)) * 1000
    assert scanner.virus_in(content, at=clamd) == ""
    assert peer.seen == [content]


def test_a_virus_is_called_by_its_name(clamd):
    assert scanner.virus_in(b"x" + clamd_peer.SIGNATURE, at=clamd) == "Eicar-Signature"


@pytest.mark.parametrize("reply", [b"stream: Can't allocate memory ERROR\0", b"\0", b"hello\0", b"stream: OK but not quite\0", b"\xff\xfe\0"])
def test_any_other_word_lets_nothing_pass(peer, clamd, reply):
    peer.reply = reply
    with pytest.raises(scanner.Unanswered):
        scanner.virus_in(b"content", at=clamd)


def test_a_file_that_is_too_long_for_the_scanner_does_not_pass(peer, clamd):
    peer.most = 100_000
    with pytest.raises(scanner.Unanswered):
        scanner.virus_in(b"x" * 5_000_000, at=clamd)


def test_a_scanner_that_hangs_up_lets_nothing_pass(peer, clamd):
    peer.hangs_up = True
    with pytest.raises(scanner.Unanswered):
        scanner.virus_in(b"content", at=clamd)


def test_a_silent_scanner_is_not_waited_for_without_end(peer, clamd, monkeypatch):
    monkeypatch.setattr(scanner, "PATIENCE", 0.2)
    peer.is_silent = True
    with pytest.raises(scanner.Unanswered, match="timed out"):
        scanner.virus_in(b"content", at=clamd)


def test_nobody_there_lets_nothing_pass():
    with pytest.raises(scanner.Unanswered):
        scanner.virus_in(b"content", at=f"[::ffff:127.0.0.1]:{clamd_peer.free_port()}")
