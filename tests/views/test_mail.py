"""What a letter says, to whom, and what of it can never go wrong."""

import pytest

from portal import outbox
from portal.outbox import Recipient
from portal.views import mail, news_letters
from tests import make
from tests.smtp_peer import running
from tests.views.mailing import delivers, letter, peer, settings, still
from tests.views.reading import Reading

__all__ = ["delivers", "peer", "still"]

LETTERS = sorted(mail.SUBJECTS.keys() - news_letters.SUBJECTS.keys())  # those point at rows: test_subscriptions and test_delivery_of_news read them


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


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize(
    ("language", "lang"), [("id", "id"), ("en", "en"), ("en-US", "en"), ("en_GB", "en"), ("EN", "en"), ("jv", "id"), ("", "id"), ("zz-??", "id")]
)
def test_every_letter_is_written_whole_in_the_language_of_its_reader(app, database, name, language, lang):
    with app.app_context():
        words = mail.written(letter(name, language=language), shows_secrets=True)
    page = Reading(words.html)
    assert page.tags[0] == ("html", {"lang": lang})
    assert ("Yth. Budi" in words.text) == (lang == "id")
    assert ("?bahasa=en" in words.text) == (lang == "en")
    for paragraph in words.text.split("-- \n")[0].split("\n"):
        assert " ".join(paragraph.split()) in page.words


@pytest.mark.parametrize("name", LETTERS)
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


@pytest.mark.parametrize(
    "name", ["Budi\r\nBcc: semua@surat.example", "Budi\nSubject: lain", "😀 Ñandú 李", "Budi <script>alert(1)</script> & Co %s %(x)s {{ 7*7 }}", "ꦧꦸꦢꦶ" * 700]
)
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


@pytest.mark.parametrize(
    "email", ["budi@surat.example\r\nBcc: semua@surat.example", "budi@surat.example\nRCPT TO:<x@surat.example>", "\ud800@surat.example", ""]
)
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
