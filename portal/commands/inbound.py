"""The mailbox whose letters become requests: read now and then by the worker, over verified TLS, and marked once the letters are kept."""

import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from imaplib import IMAP4
from typing import Any

from flask import current_app
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from peewee import InterfaceError, OperationalError

from portal import clock, files
from portal.refusals import Refused
from portal.services import mailbox
from portal.services.incoming import Incoming, Unreadable, mark_of
from portal.services.mailbox import House
from portal.services.models import InboundLetter
from portal.settings import Settings

log = logging.getLogger(__name__)
SILENCE = 10  # seconds without a word, at any step
LONGEST = 30.0  # seconds of one round: then the worker's other work has its turn, and the letters that are left wait for the next
_MOST = 100  # letters of one round
_GROWTH = 1.5  # how much larger a file is in a letter
_MB = 1_000_000
_FAILURES = (ImapToolsError, IMAP4.error, OSError, ValueError)


class RawLetter:
    """A letter of the mailbox as it came, which nothing has parsed yet."""

    def __init__(self, fetched: list[Any]) -> None:
        pairs = [each for each in fetched if isinstance(each, tuple) and len(each) == 2]
        self.raw: bytes = pairs[0][1] if pairs else b""
        said = b" ".join(each if isinstance(each, bytes) else each[0] for each in fetched)
        size = said.partition(b"RFC822.SIZE ")[2].split(b" ")[0].rstrip(b")")
        self.size = int(size) if size.isdigit() else len(self.raw)


def collect() -> Iterator[InboundLetter]:
    """Take in what has arrived, letter by letter; a mailbox that cannot be reached is tried again at the next round, and nothing waits for it."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.imap_server:
        return
    try:
        house = mailbox.house(settings.mailbox_service, settings.mailbox_office, own=frozenset({settings.mailbox.lower()}), host=settings.hosts[0])
        yield from _collected(_opened(settings), house)
    except Refused as refusal:
        log.error("letters by e-mail wait: %s", refusal)
    except _FAILURES as error:
        log.warning("the mailbox at %s cannot be read: %s: %s", settings.imap_server, type(error).__name__, str(error)[:300])


def _opened(settings: Settings) -> BaseMailBox:
    """The mailbox with its folder chosen; a name or password outside ASCII is sent in the way that carries it."""
    box = _connected(settings)
    try:
        is_plain = (settings.imap_username + settings.imap_password).isascii()
        (box.login if is_plain else box.login_utf8)(settings.imap_username, settings.imap_password, initial_folder=settings.imap_folder)
    except BaseException:
        _hang_up(box)
        raise
    return box


def _connected(settings: Settings) -> BaseMailBox:
    place, context = (settings.imap_server, settings.imap_port, SILENCE), ssl.create_default_context()
    if settings.imap_security == "tls":
        return MailBox(*place, ssl_context=context)
    return MailBoxStartTls(*place, ssl_context=context) if settings.imap_security == "starttls" else MailBoxUnencrypted(*place)


def _collected(box: BaseMailBox, house: House) -> Iterator[InboundLetter]:
    """The letters without an answer, the oldest first; each is marked after it is kept, so that one who is killed in between takes it once."""
    box.email_message_class = RawLetter  # type: ignore[assignment]
    until = time.monotonic() + LONGEST
    try:
        for uid in box.uids("UNANSWERED UNDELETED", charset=None)[:_MOST]:
            if time.monotonic() > until:
                log.warning("the mailbox is slow; the rest of its letters wait")
                break
            taken = _taken(box, uid, house)
            if taken is not None:
                _mark(box, uid, needs_a_look=taken.outcome == mailbox.TURNED_AWAY)
                yield taken
    finally:
        _hang_up(box)


def _taken(box: BaseMailBox, uid: str, house: House) -> InboundLetter | None:
    """One letter, read and kept; none where it has gone meanwhile, or where the portal fails over it and tries again."""
    head = _fetched(box, uid, headers_only=True)
    if head is None:
        return None
    if head.size > _GROWTH * files.count() * files.limit() * _MB + _MB:
        return _too_large(head)
    whole = _fetched(box, uid, headers_only=False)
    try:
        return mailbox.take(whole.raw, house, now=clock.now()) if whole is not None else None
    except (OperationalError, InterfaceError):  # the database is away, and the letter waits
        raise
    except Exception:  # a letter over which the portal fails must not hold up those that came after it
        log.exception("letter %s of the mailbox could not be taken in", uid)
        return mailbox.turn_away(mark_of(whole.raw), "", "", "failed", now=clock.now()) if whole is not None else None


def _too_large(head: RawLetter) -> InboundLetter:
    """A letter that is not even fetched."""
    try:
        letter = Incoming(head.raw)
    except Unreadable:
        return mailbox.turn_away(mark_of(head.raw), "", "", "too large", now=clock.now())
    return mailbox.turn_away(letter.mark, letter.sender, letter.subject, "too large", now=clock.now())


def _fetched(box: BaseMailBox, uid: str, *, headers_only: bool) -> RawLetter | None:
    found: Any = next(box.fetch(uid_list=[uid], mark_seen=False, headers_only=headers_only), None)
    return found


def _mark(box: BaseMailBox, uid: str, *, needs_a_look: bool) -> None:
    """Mark a letter as dealt with, and with a star where a person should look at it. Not by the library's own verb: that also empties the bin."""
    flags = [MailMessageFlags.ANSWERED, MailMessageFlags.SEEN, *([MailMessageFlags.FLAGGED] if needs_a_look else [])]
    box.client.uid("STORE", uid, "+FLAGS.SILENT", f"({' '.join(flags)})")


def _hang_up(box: BaseMailBox) -> None:
    """Take leave where the other side still listens, and close."""
    with suppress(Exception):
        box.client.logout()
    with suppress(Exception):
        box.client.shutdown()
