import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import outbox, sealed
from portal.outbox import Letter, Recipient
from portal.views import mail
from tests import certificates, make
from tests.smtp_peer import Peer, running
from tests.views.reading import Reading

MORNING = "2020-09-22T09:00+07:00"
LATER = make.NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def still(at: Callable[[str], object]) -> None:
    at(MORNING)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def delivers(app: Flask, database: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., mail.Undelivered | None]:
    """Sends one letter to a running peer; what went wrong, or nothing."""
    # Flask-Mail holds letters back where an application says it is under test; here they go out.
    monkeypatch.setattr(mail, "TIMEOUT", 2)

    def deliver(port: int, letter: Letter, *, security: str = "none", host: str = "localhost", **facts: object) -> mail.Undelivered | None:
        with settings(app, mail_server=host, mail_port=port, mail_security=security, **facts), app.app_context(), mail.Post() as post:
            try:
                post.send(letter)
            except mail.Undelivered as error:
                return error
        return None

    return deliver


@contextmanager
def settings(app: Flask, **facts: object) -> Iterator[None]:
    kept = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(kept, **facts)
    try:
        yield
    finally:
        app.config["SETTINGS"] = kept


def letter(name: str = "reset", to: str = "Budi", language: str = "id", email: str = "budi@surat.example", key: str = "k", **facts: object) -> Letter:
    held = {"token": sealed.seal("rahasia-sekali", about="link 7"), "link": 7, "expires_at": LATER.isoformat(), **facts}
    return outbox.promise(name, Recipient(to, email, language=language), held, key=key, now=make.NOW)


def test_a_letter_is_taken_with_text_and_html_that_say_the_same(delivers, peer):
    with running(peer) as port:
        assert delivers(port, letter()) is None
    (taken,) = peer.accepted
    seen = Reading(taken.part("html")).words
    assert taken.recipient == "budi@surat.example"
    assert taken.message["Subject"] == "Tautan untuk kata sandi baru"
    assert taken.message["From"] == "Tetap Melayani <tetap-melayani@localhost>"
    assert taken.message["Auto-Submitted"] == "auto-generated"
    for words in ("Yth. Budi,", "http://localhost/masuk/tautan/rahasia-sekali", "Sabtu, 26 September 2020 pukul 20.14 WIB", "hanya dapat dipakai sekali"):
        assert words in taken.part("plain")
        assert words in seen


@pytest.mark.parametrize("name", sorted(mail.SUBJECTS))
@pytest.mark.parametrize(("language", "lang"), [("id", "id"), ("en", "en"), ("en-US", "en"), ("en_GB", "en"), ("EN", "en"), ("jv", "id"), ("", "id"), ("zz-??", "id")])
def test_every_letter_is_written_whole_in_the_language_of_its_reader(app, database, name, language, lang):
    with app.app_context():
        words = mail.written(letter(name, language=language), shows_secrets=True)
    page = Reading(words.html)
    assert page.tags[0] == ("html", {"lang": lang})
    assert ("Yth. Budi" in words.text) == (lang == "id")
    assert ("?bahasa=en" in words.text) == (lang == "en")
    for paragraph in words.text.split("-- \n")[0].split("\n"):
        assert " ".join(paragraph.split()) in page.words


@pytest.mark.parametrize("name", sorted(mail.SUBJECTS))
def test_a_letter_loads_nothing_from_anywhere_and_carries_no_style_or_script(app, database, name):
    with app.app_context():
        page = Reading(mail.written(letter(name), shows_secrets=True).html)
    assert {tag for tag, _ in page.tags} <= {"html", "head", "meta", "title", "body", "h1", "p", "a", "br", "hr", "small"}
    assert not any({"style", "src", "background"} & set(held) for _, held in page.tags)
    assert all(link.startswith("http://localhost") for link in page.links)


def test_a_letter_is_written_without_a_request_and_names_the_portals_own_address(app, database):
    with settings(app, base_url="https://portal.example"), app.test_request_context("/", base_url="http://evil.example"):
        words = mail.written(letter(), shows_secrets=True)
    assert "https://portal.example/masuk/tautan/rahasia-sekali" in words.text
    assert "evil.example" not in words.text + words.html


@pytest.mark.parametrize("name", ["Budi\r\nBcc: semua@surat.example", "Budi\nSubject: lain", "😀 Ñandú 李", "Budi <script>alert(1)</script> & Co %s %(x)s {{ 7*7 }}", "ꦧꦸꦢꦶ" * 700])
def test_no_name_reaches_a_header_or_becomes_markup(delivers, peer, name):
    with running(peer) as port:
        assert delivers(port, letter(to=name)) is None
    (taken,) = peer.accepted
    shown = " ".join(name.split())
    assert taken.message["Bcc"] is None
    assert taken.message.get_all("Subject") == ["Tautan untuk kata sandi baru"]
    assert taken.message["To"] == "budi@surat.example"
    assert f"Yth. {shown}," in taken.part("plain")
    assert "<script" not in taken.part("html")
    assert shown in Reading(taken.part("html")).words
    assert max(len(line) for line in taken.raw.split(b"\r\n")) <= 998
    assert taken.raw.isascii()


@pytest.mark.parametrize("email", ["budi@surat.example\r\nBcc: semua@surat.example", "budi@surat.example\nRCPT TO:<x@surat.example>", "\ud800@surat.example", ""])
def test_an_address_that_is_none_fails_for_good_and_goes_to_nobody(delivers, peer, email):
    held = letter()
    held.email = email
    peer.rejects[""] = "553 no address"
    with running(peer) as port:
        error = delivers(port, held)
    assert error is not None
    assert error.is_final
    assert not error.is_servers
    assert peer.accepted == []


@pytest.mark.parametrize("facts", [{"expires_at": "besok"}, {"expires_at": None}, {"token": "mengada-ada"}, {"link": 8}])
def test_a_letter_whose_facts_do_not_suffice_fails_for_good(delivers, peer, facts):
    with running(peer) as port:
        error = delivers(port, letter(**facts))
    assert error is not None
    assert (error.problem, error.is_final, error.is_servers) == (mail.UNREADABLE, True, False)
    assert peer.connections == 0


def test_a_letter_that_nobody_knows_how_to_write_fails_for_good(app, database):
    with app.app_context(), pytest.raises(mail.Undelivered) as raised:
        mail.written(letter("ode"), shows_secrets=False)
    assert raised.value.is_final


def test_a_fact_that_is_missing_is_not_passed_over_in_silence(app, database):
    bare = outbox.promise("reset", Recipient("Budi", "budi@surat.example"), {}, key="bare", now=make.NOW)
    with app.app_context(), pytest.raises(mail.Undelivered, match="link"):
        mail.written(bare, shows_secrets=True)


def test_a_link_that_has_run_out_is_not_sent_any_more(delivers, peer):
    with running(peer) as port:
        error = delivers(port, letter(expires_at=make.NOW.isoformat()))
    assert error is not None
    assert (error.problem, error.is_final) == (mail.STALE, True)
    assert peer.accepted == []


def test_a_screen_never_shows_the_secret(app, database):
    with app.app_context():
        words = mail.written(letter(), shows_secrets=False)
    assert "rahasia-sekali" not in words.text + words.html
    assert "…" in words.text


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

