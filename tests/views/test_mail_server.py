"""How letters are handed over: to servers that refuse, stall, drop, hang up, are down, or prove nothing."""

import smtplib
from pathlib import Path

import pytest

from portal.outbox import Letter
from portal.views import mail
from tests import certificates
from tests.smtp_peer import running
from tests.views.mailing import delivers, letter, peer, settings, still

__all__ = ["delivers", "peer", "still"]


def test_every_try_carries_the_same_message_id_and_each_letter_its_own(delivers, peer):
    first, second = letter(), letter(key="other")
    with running(peer) as port:
        for each in (first, Letter.get_by_id(first.id), second):
            delivers(port, each)
    ids = [taken.message_id for taken in peer.accepted]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("reply", "problem", "is_final"),
    [("550 5.1.1 no such user", mail.ADDRESS, True), ("450 4.2.0 greylisted", mail.ADDRESS, False)],
)
def test_a_refused_recipient_fails_at_once_or_waits_as_the_server_says(delivers, peer, reply, problem, is_final):
    peer.reply_to_all = reply
    with running(peer) as port:
        error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.detail, error.is_final, error.is_servers) == (problem, reply, is_final, False)


@pytest.mark.parametrize(("reply", "is_final"), [("554 5.7.1 looks like spam", True), ("451 4.3.0 try later", False)])
def test_a_refused_content_fails_at_once_or_waits_as_the_server_says(delivers, peer, reply, is_final):
    peer.reply_to_content = reply
    with running(peer) as port:
        error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.detail, error.is_final, error.is_servers) == (mail.CONTENT, reply, is_final, False)


def test_a_refused_sender_is_the_installations_fault_and_no_letters(delivers, peer):
    peer.reply_to_sender = "550 5.7.1 who are you"
    with running(peer) as port:
        error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.SERVER, False, True)


@pytest.mark.parametrize("step", ["connect", "rcpt", "data"])
@pytest.mark.parametrize("how", ["stalls_at", "drops_at"])
def test_a_server_that_falls_silent_or_hangs_up_costs_one_time_limit_and_the_letter_waits(delivers, peer, monkeypatch, step, how):
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    setattr(peer, how, step)
    with running(peer) as port:
        error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.SERVER, False, True)
    assert peer.accepted == []


def test_a_server_that_drops_in_mid_message_leaves_the_letter_waiting(delivers, peer):
    peer.drops_at = "message"
    with running(peer) as port:
        error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.SERVER, False, True)


def test_a_server_that_is_down_leaves_the_letter_waiting(delivers, peer):
    with running(peer) as port:
        pass
    error = delivers(port, letter())
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.SERVER, False, True)
    assert "refused" in error.detail


def test_one_connection_serves_a_run_of_letters_and_a_closed_one_is_opened_again(app, database, peer):
    peer.most_per_connection = 3
    with running(peer) as port, settings(app, mail_server="localhost", mail_port=port, mail_security="none"), app.app_context(), mail.Post() as post:
        for number in range(7):
            post.send(letter(key=str(number)))
    assert len(peer.accepted) == 7
    assert peer.connections == 3


def test_after_a_refused_letter_the_next_goes_over_the_same_connection(app, database, peer):
    peer.rejects["tidak@surat.example"] = "550 no"
    with running(peer) as port, settings(app, mail_server="localhost", mail_port=port, mail_security="none"), app.app_context(), mail.Post() as post:
        with pytest.raises(mail.Undelivered):
            post.send(letter(email="tidak@surat.example"))
        post.send(letter(key="other"))
    assert len(peer.accepted) == 1
    assert peer.connections == 1


def test_a_farewell_that_goes_wrong_does_not_undo_what_was_accepted(app, database, peer, monkeypatch):
    def gone(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", gone)
    with running(peer) as port, settings(app, mail_server="localhost", mail_port=port, mail_security="none"), app.app_context(), mail.Post() as post:
        post.send(letter())
    assert len(peer.accepted) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_a_trusted_authority_is_accepted(delivers, peer, tmp_path: Path, monkeypatch, security):
    made = certificates.signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.trusted))
    with running(peer, security=security, certificates=made) as port:
        assert delivers(port, letter(), security=security) is None
    assert len(peer.accepted) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["self-signed", "another host"])
def test_a_certificate_that_proves_nothing_is_refused_and_the_letter_waits(delivers, peer, tmp_path: Path, monkeypatch, security, fault):
    made = certificates.self_signed(tmp_path) if fault == "self-signed" else certificates.signed(tmp_path, host="mail.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.trusted))
    with running(peer, security=security, certificates=made) as port:
        error = delivers(port, letter(), security=security)
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.CERTIFICATE, False, True)
    assert peer.accepted == []


def test_a_server_that_offers_no_starttls_gets_no_letter(delivers, peer):
    with running(peer) as port:
        error = delivers(port, letter(), security="starttls")
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.SERVER, False, True)
    assert "STARTTLS" in error.detail
    assert peer.accepted == []


def test_a_password_is_not_given_to_a_server_that_offers_no_sign_in(delivers, peer):
    with running(peer) as port:
        error = delivers(port, letter(), mail_username="portal", mail_password="rahasia")
    assert error is not None
    assert error.is_servers
    assert "rahasia" not in error.detail
