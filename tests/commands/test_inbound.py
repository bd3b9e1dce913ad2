"""The mailbox is read by the worker: each letter once, whatever the mail server or the worker does."""

import logging
from contextlib import contextmanager

import pytest
from peewee import OperationalError

from portal import files, heartbeat
from portal.commands import delivery, inbound
from portal.services import mailbox
from portal.services.incoming import Incoming
from portal.services.mailbox import REQUEST, TURNED_AWAY
from portal.services.models import InboundLetter, ServiceRequest
from portal.views import mail
from tests import certificates, make, smtp_peer
from tests.imap_peer import Mailbox, running
from tests.services.writing import letter
from tests.smtp_peer import Peer
from tests.views.mailing import letter as written
from tests.views.mailing import settings


@pytest.fixture
def own(app, database, tmp_path, monkeypatch):
    """Settings of an installation that reads a mailbox, at a port."""
    monkeypatch.setattr(inbound, "SILENCE", 5)
    files.use(tmp_path, limit=10, count=5)
    office = make.office()
    service = make.service(at=[office])

    @contextmanager
    def at(port, **facts):
        usual = {"imap_server": "localhost", "imap_port": port, "imap_security": "none", "imap_username": "portal@kota.example", "imap_password": "rahasia",
                 "mailbox_service": service.slug, "mailbox_office": office.slug}  # fmt: skip
        with settings(app, **{**usual, **facts}), app.app_context():
            yield

    return at


@pytest.fixture
def box():
    return Mailbox(*[letter(f"Surat {count}", mark=f"<{count}@x>", subject=f"Surat {count}").as_bytes() for count in (1, 2, 3)])


def collected(own, box, security="none", certificates=None, **facts):
    with running(box, security=security, certificates=certificates) as port, own(port, imap_security=security, **facts):
        return [each.outcome for each in inbound.collect()]


def test_letters_become_requests_in_their_order_and_are_marked_as_answered(own, box):
    assert collected(own, box) == [REQUEST] * 3
    assert [each.description.partition("\n")[0] for each in ServiceRequest.select().order_by(ServiceRequest.id)] == ["Surat 1", "Surat 2", "Surat 3"]
    assert all(box.flags(uid) == {"\\Answered", "\\Seen"} for uid in (1, 2, 3))
    assert {"expunge", "delete"}.isdisjoint(box.said)
    assert collected(own, box) == []


def test_what_somebody_has_read_is_taken_all_the_same_and_what_was_answered_is_not(own, box):
    box.flags(1).add("\\Seen")
    box.flags(2).add("\\Answered")
    assert collected(own, box) == [REQUEST] * 2


def test_a_worker_that_dies_before_it_marks_a_letter_takes_it_once(own, box, monkeypatch):
    monkeypatch.setattr(inbound, "_mark", lambda *given, **facts: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        collected(own, box)
    assert (ServiceRequest.select().count(), box.flags(1)) == (1, set())
    monkeypatch.undo()
    assert collected(own, box) == [REQUEST] * 3
    assert ServiceRequest.select().count() == InboundLetter.select().count() == 3


def test_a_letter_that_is_marked_was_kept_before(own, box):
    box.before_store = lambda uid: seen.append(ServiceRequest.select().count())
    seen = []
    with running(box) as port, own(port):
        for count, _ in enumerate(inbound.collect(), 1):
            assert ServiceRequest.select().count() == count
    assert len(seen) == 3


def test_a_letter_that_somebody_has_to_look_at_gets_a_star(own, box):
    box.put(letter(sender="siti@-rusak-", mark="<4@x>").as_bytes())
    assert collected(own, box) == [REQUEST] * 3 + [TURNED_AWAY]
    assert box.flags(4) == {"\\Answered", "\\Seen", "\\Flagged"}


def test_a_letter_that_is_too_large_is_not_even_fetched(own, box):
    box.claims[2] = 10**9
    assert collected(own, box) == [REQUEST, TURNED_AWAY, REQUEST]
    noted = InboundLetter.get(InboundLetter.message_id == "<2@x>")
    assert (noted.detail, noted.subject) == ("too large", "Surat 2")
    assert box.said.count("fetch") == 5


def test_a_letter_over_which_the_portal_fails_does_not_hold_up_the_others(own, box, monkeypatch, caplog):
    take = mailbox.take
    monkeypatch.setattr(mailbox, "take", lambda raw, house, now: 1 / 0 if b"Surat 2" in raw else take(raw, house, now=now))
    with caplog.at_level(logging.ERROR):
        assert collected(own, box) == [REQUEST, TURNED_AWAY, REQUEST]
    assert "could not be taken in" in caplog.text
    assert "\\Flagged" in box.flags(2)


def test_while_the_database_is_away_letters_wait(own, box, monkeypatch):
    monkeypatch.setattr(mailbox, "take", lambda *given, **facts: (_ for _ in ()).throw(OperationalError("away")))
    with pytest.raises(OperationalError):
        collected(own, box)
    assert box.flags(1) == set()


@pytest.mark.parametrize("how", ["stalls_at", "drops_at", "refuses_at"])
@pytest.mark.parametrize("step", ["connect", "login", "select", "search", "fetch", "store"])
def test_a_mailbox_that_falls_silent_hangs_up_or_says_no_is_logged_and_read_later(own, box, monkeypatch, caplog, how, step):
    monkeypatch.setattr(inbound, "SILENCE", 0.2)
    setattr(box, how, step)
    with caplog.at_level(logging.WARNING):
        collected(own, box)
    if (how, step) not in {("refuses_at", "connect"), ("refuses_at", "store")}:
        assert "cannot be read" in caplog.text
    assert "rahasia" not in caplog.text
    setattr(box, how, "")
    box.released.clear()
    monkeypatch.setattr(inbound, "SILENCE", 5)
    collected(own, box)
    assert ServiceRequest.select().count() == 3
    assert all("\\Answered" in box.flags(uid) for uid in (1, 2, 3))


def test_a_mailbox_that_is_down_is_logged(own, box, caplog):
    with running(box) as port:
        pass
    with own(port), caplog.at_level(logging.WARNING):
        assert list(inbound.collect()) == []
    assert "cannot be read" in caplog.text


def test_a_wrong_password_is_logged_without_it(own, box, caplog):
    with caplog.at_level(logging.WARNING):
        assert collected(own, box, imap_password="salah-sekali") == []
    assert "AUTHENTICATIONFAILED" in caplog.text and "salah-sekali" not in caplog.text


def test_letters_wait_where_nobody_has_said_what_they_ask_for(own, box, caplog):
    assert collected(own, box, mailbox_service="tidak-ada") == []
    assert "letters by e-mail wait" in caplog.text
    assert box.said == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mailbox_is_spoken_to_over_tls_whose_certificate_is_checked(own, box, tmp_path, monkeypatch, caplog, security):
    for each in "abc":
        (tmp_path / each).mkdir()
    known, unknown = certificates.signed(tmp_path / "a"), certificates.self_signed(tmp_path / "b")
    monkeypatch.setenv("SSL_CERT_FILE", str(known.trusted))
    assert collected(own, box, security, known) == [REQUEST] * 3
    for made in (unknown, certificates.signed(tmp_path / "c", host="lain.example")):
        with caplog.at_level(logging.WARNING):
            assert collected(own, Mailbox(letter(mark="<9@x>").as_bytes()), security, made) == []
        assert "CERTIFICATE_VERIFY_FAILED" in caplog.text
        caplog.clear()


def test_a_slow_mailbox_has_its_turn_and_no_more(own, box, monkeypatch, caplog):
    monkeypatch.setattr(inbound, "LONGEST", -1.0)
    with caplog.at_level(logging.WARNING):
        assert collected(own, box) == []
    assert "slow" in caplog.text


def test_the_worker_reads_the_mailbox_and_lives(own, box, at):
    at("2020-09-22T09:00+07:00")
    with running(box) as port, own(port):
        delivery.Worker().work_off()
    assert ServiceRequest.select().count() == 3
    assert heartbeat.last(delivery.WORKER) is not None


def test_a_worker_that_is_asked_to_stop_finishes_the_letter_in_hand(own, box):
    worker = delivery.Worker()
    worker.stopping.set()
    with running(box) as port, own(port):
        worker._collect()
    assert (ServiceRequest.select().count(), box.flags(1), box.flags(2)) == (1, {"\\Answered", "\\Seen"}, set())


def test_without_a_mailbox_the_worker_reads_none(app, database, box):
    with app.app_context():
        delivery.Worker()._collect()
        assert list(inbound.collect()) == []


def test_where_a_mailbox_is_read_letters_about_requests_say_so_and_are_answered_there(own, at):
    at("2020-09-22T09:00+07:00")
    post = Peer()
    with smtp_peer.running(post) as port, own(1, mail_server="localhost", mail_port=port, mail_security="none"), mail.Post() as way:
        for name in ("request_reply", "reset"):
            way.send(written(name, key=name))
    about, other = (letter.message for letter in post.accepted)
    assert (about["Reply-To"], other["Reply-To"]) == ("portal@kota.example", None)
    assert "Balasan Anda sampai kepada petugas." in post.accepted[0].part("plain")
    assert "balasannya tidak dibaca" in post.accepted[1].part("plain")
    assert Incoming(post.accepted[0].raw).why_automatic() == "automatic"
