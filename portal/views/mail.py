"""Renders letters, for the screen and for delivery, and hands them to the mail server over verified TLS."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, SHORTEST, Charset
from email.utils import parseaddr
from types import TracebackType
from typing import Any

from flask import Flask, current_app
from flask_mail import BadHeaderError, Connection, Mail, Message
from jinja2 import StrictUndefined

from portal import clock, outbox, sealed
from portal.outbox import SECRET, Letter
from portal.settings import LOCALES, Settings
from portal.views import news_letters, request_letters, work_letters
from portal.views.language import gettext, spoken
from portal.words import later

TIMEOUT = 30  # seconds of silence, at any step; a slow mail server still has time to look at what it was given
SUBJECTS = {"invitation": later("Undangan ke Tetap Melayani"), "reset": later("Tautan untuk kata sandi baru"), **work_letters.SUBJECTS,
            **request_letters.SUBJECTS, **news_letters.SUBJECTS}  # fmt: skip
ADDRESS, CONTENT, SERVER, CERTIFICATE, UNREADABLE, STALE = "address", "content", "server", "certificate", "unreadable", "stale"
PROBLEMS = {
    ADDRESS: later("Server surat menolak alamat ini."),
    CONTENT: later("Server surat menolak isi surat ini."),
    SERVER: later("Server surat tidak dapat dipakai."),
    CERTIFICATE: later("Sertifikat server surat tidak dapat dipercaya."),
    UNREADABLE: later("Surat ini tidak dapat disusun."),
    STALE: later("Tautan dalam surat ini sudah kedaluwarsa sebelum sempat terkirim."),
}


@dataclass(frozen=True)
class Written:
    """A letter in words."""

    subject: str
    text: str
    html: str
    language: str


class Undelivered(Exception):
    """Why a letter did not go out: which problem, what was said, whether a retry is vain, and whether other letters would fare the same."""

    def __init__(self, problem: str, detail: str = "", *, is_final: bool = False, is_servers: bool = False) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem, self.detail, self.is_final, self.is_servers = problem, detail, is_final, is_servers


class VerifiedConnection(Connection):
    """Flask-Mail's connection with a time limit and a certificate that is checked."""

    def configure_host(self) -> smtplib.SMTP:
        settings: Settings = current_app.config["SETTINGS"]
        context = ssl.create_default_context()
        if settings.mail_security == "tls":
            host: smtplib.SMTP = smtplib.SMTP_SSL(settings.mail_server, settings.mail_port, _our_name(settings), timeout=TIMEOUT, context=context)
        else:
            host = smtplib.SMTP(settings.mail_server, settings.mail_port, _our_name(settings), timeout=TIMEOUT)
        try:
            if settings.mail_security == "starttls":
                host.starttls(context=context)
            if settings.mail_username:
                host.login(settings.mail_username, settings.mail_password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take leave; a server that has gone already does not turn an accepted letter into a failed one."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()


class Post:
    """The way to the mail server for a run of letters: one connection, opened for the first, kept while it serves."""

    def __init__(self) -> None:
        self._connection: VerifiedConnection | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._connection is not None:
            self._connection.__exit__(kind, error, trace)

    def send(self, letter: Letter) -> None:
        """Hand a letter over; Undelivered says why it did not go. Its Message-ID is the same at every try."""
        if parseaddr(letter.email)[1] != letter.email or "@" not in letter.email:
            raise Undelivered(ADDRESS, letter.email, is_final=True)
        message = _message(letter)
        if outbox.is_stale(letter, now=clock.now()):
            raise Undelivered(STALE, is_final=True)
        try:
            self._ready().send(message)
        except (smtplib.SMTPException, OSError) as error:
            raise self._said(error) from error
        except (BadHeaderError, ValueError) as error:
            raise Undelivered(UNREADABLE, type(error).__name__, is_final=True) from error

    def _ready(self) -> VerifiedConnection:
        """The connection, a new one where the server has closed the last: many do so after a number of letters."""
        kept = self._connection
        if kept is not None and _still_serves(kept):
            return kept
        self._drop()
        fresh = VerifiedConnection(current_app.extensions["mail"])
        fresh.host = fresh.configure_host()
        self._connection = fresh
        return fresh

    def _said(self, error: smtplib.SMTPException | OSError) -> Undelivered:
        """The error in the portal's terms; after one that is the server's own the connection is not used again."""
        found = _problem(error)
        if found.is_servers:
            self._drop()
        return found

    def _drop(self) -> None:
        if self._connection is not None and self._connection.host is not None:
            self._connection.host.close()
        self._connection = None


def start(app: Flask) -> None:
    """Let Flask-Mail know the application, and lay out paper for letters, on which a fact that is missing is an error and no blank."""
    Mail(app)
    app.extensions["letters"] = app.jinja_env.overlay(undefined=StrictUndefined)


def is_configured() -> bool:
    """Whether there is a mail server; without one letters wait and can be read on the screen."""
    return bool(current_app.config["SETTINGS"].mail_server)


def written(letter: Letter, *, shows_secrets: bool) -> Written:
    """A letter in the language of its recipient, its secret links left out unless it is to be sent; Undelivered where its facts do not suffice."""
    pages = current_app.extensions["letters"]
    try:
        with spoken(_language(letter)):
            subject = _one_line(_subject(letter))
            facts = {**_facts(letter, shows_secrets), "recipient": _one_line(letter.recipient), "subject": subject, "portal": address("offices.board", letter)}
            text, html = (pages.get_template(f"mail/{letter.name}.{kind}").render(facts) for kind in ("txt", "html"))
    except Exception as error:  # Whatever is wrong with one letter's facts or template must not hold up the others.
        raise Undelivered(UNREADABLE, f"{type(error).__name__}: {error}", is_final=True) from error
    return Written(subject, text.strip() + "\n", html, _language(letter))


def address(endpoint: str, letter: Letter, **values: Any) -> str:
    """The full address of a page as a letter names it: at the portal's own address, in the reader's language; no request is needed."""
    settings: Settings = current_app.config["SETTINGS"]
    language = _language(letter)
    named = values if language == settings.locale else {**values, "bahasa": language}
    return settings.base_url + current_app.url_map.bind("").build(endpoint, named)


def _message(letter: Letter) -> Message:
    """The letter as mail. Quoted-printable, so that no line grows too long and no server has to take eight bits."""
    words = written(letter, shows_secrets=True)
    settings: Settings = current_app.config["SETTINGS"]
    name, sender = parseaddr(settings.mail_from or f"tetap-melayani@{settings.hosts[0]}")
    code = Charset("utf-8")
    code.header_encoding, code.body_encoding = SHORTEST, QP
    message = Message(words.subject, recipients=[letter.email], body=words.text, html=words.html, sender=(name or "Tetap Melayani", sender),
                      charset=code, extra_headers=_headers(letter), reply_to=_answers_to(letter, settings))  # fmt: skip
    message.msgId = f"<letter-{letter.id}.{int(letter.created_at.timestamp())}@{settings.hosts[0]}>"
    return message


def _headers(letter: Letter) -> dict[str, str]:
    """That nobody wrote it by hand; and for news how a mail program ends them with one click (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated"}
    if letter.name in news_letters.ENDED_BY_LINK:
        link = news_letters.link(letter, lambda endpoint, **values: address(endpoint, letter, **values))
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _answers_to(letter: Letter, settings: Settings) -> str | None:
    """Where an answer joins the request that the letter is about; none where nobody reads it."""
    return settings.mailbox or None if letter.name in request_letters.SUBJECTS else None


def _problem(error: smtplib.SMTPException | OSError) -> Undelivered:
    """What a refusal means: of this address or this content for good (5xx), for now (4xx), or of whatever the server is asked."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return Undelivered(ADDRESS, _reply(code, said), is_final=code >= 500, is_servers=code == 421)
    if isinstance(error, smtplib.SMTPDataError):
        return Undelivered(CONTENT, _reply(error.smtp_code, error.smtp_error), is_final=error.smtp_code >= 500, is_servers=error.smtp_code == 421)
    if isinstance(error, smtplib.SMTPResponseException):
        return Undelivered(SERVER, _reply(error.smtp_code, error.smtp_error), is_servers=True)
    is_certificate = isinstance(error, ssl.SSLCertVerificationError)
    return Undelivered(CERTIFICATE if is_certificate else SERVER, f"{type(error).__name__}: {error}", is_servers=True)


def _reply(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def _still_serves(connection: VerifiedConnection) -> bool:
    with suppress(smtplib.SMTPException, OSError):
        return connection.host is not None and connection.host.noop()[0] == 250
    return False


def _subject(letter: Letter) -> str:
    """What a letter is about; of one about a request with its number, by which it is found again and its answers find their way."""
    if letter.name in news_letters.SUBJECTS:
        return news_letters.subject(letter)
    if letter.name not in request_letters.SUBJECTS:
        return gettext(SUBJECTS[letter.name])
    return f"{gettext(request_letters.subject(letter.name, letter.facts))} ({letter.facts['number']})"


def _facts(letter: Letter, shows_secrets: bool) -> dict[str, Any]:
    """The facts of a letter as its template takes them; a sealed token becomes a link."""
    facts = dict(letter.facts)
    if letter.name in work_letters.SUBJECTS:
        return work_letters.read(letter.name, facts, lambda endpoint, **values: address(endpoint, letter, **values))
    if letter.name in news_letters.SUBJECTS:
        return news_letters.read(letter, lambda endpoint, **values: address(endpoint, letter, **values), shows_secrets=shows_secrets)
    if letter.name in request_letters.SUBJECTS:
        told = request_letters.read(letter.name, facts, lambda endpoint, **values: address(endpoint, letter, **values), shows_secrets=shows_secrets,
                                    is_called=not letter.email)  # fmt: skip
        return {**told, "is_answered": bool(_answers_to(letter, current_app.config["SETTINGS"]))}
    if "link" in facts:
        token = facts.pop(SECRET, "")
        shown = shows_secrets and token
        facts["link"] = address("sign_in.link", letter, token=sealed.unseal(token, about=f"link {facts['link']}")) if shown else "…"
        facts["expires_at"] = datetime.fromisoformat(facts["expires_at"]).astimezone(current_app.config["SETTINGS"].zone)
    return facts


def _language(letter: Letter) -> str:
    """The language a letter is written in: en for en-US or en_GB; the installation's for one that the portal does not speak."""
    wanted = letter.language.replace("_", "-").partition("-")[0].lower()
    return wanted if wanted in LOCALES else current_app.config["SETTINGS"].locale


def _our_name(settings: Settings) -> str:
    """How the portal greets the mail server; asking the resolver for the machine's name, as smtplib would, can take long."""
    host = settings.hosts[0]
    return host if host[-1:].isalpha() else "localhost"


def _one_line(text: str) -> str:
    return " ".join(text.split())
