"""A letter as it came by e-mail: who sent it, what it says and what hangs on it, read without trust in anything that it claims to be."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from functools import cached_property
from html import unescape
from typing import Any

from portal.refusals import is_storable

_LONGEST_HEADER = 4000  # letters; the standard library takes minutes over one of a million
_MOST_TEXT = 100_000  # bytes of a text that are read
_DEEPEST = 20  # parts within parts
_MOST_PARTS = 1000
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_SLOW_CODES = {"punycode", "idna"}
_BY_ITSELF = ("X-Autoreply", "X-Autorespond", "List-Id", "List-Unsubscribe", "Feedback-ID", "X-Loop")
_SENDS_BY_ITSELF = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.IGNORECASE)
_IN_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_PREFIX = re.compile(r"^((re|fwd?|balas|bls|terusan|trs)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"^(On|Pada) [^\n]{5,200}\n?[^\n]{0,120}\b(wrote|menulis):[ \t]*$", re.MULTILINE)
_ORIGINAL = re.compile(r"^(-{2,} ?(Original Message|Pesan Asli|Pesan asli)|_{20,}[ \t]*$)", re.MULTILINE)
_HIDDEN = {"style", "script", "head", "title"}
_BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "table"}


class Unreadable(Exception):
    """So broken, or so ill-willed, that nothing can be read of it."""


class _Bounded(policy.EmailPolicy):
    """Headers as they are, eight-bit ones too, but none without end."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True)
class Enclosed:
    """A file in a letter; its content is decoded when it is asked for."""

    name: str
    part: Any

    @property
    def content(self) -> bytes:
        try:
            found = self.part.get_payload(decode=True)
        except Exception:  # a broken encoding fails in many ways; the name of the file is told to its sender
            found = None
        return found if isinstance(found, bytes) else b""


class Incoming:
    """One letter; what it says is bounded and can be stored."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._letter: Any = message_from_bytes(raw, _class=EmailMessage, policy=_Bounded())
            self._parts = list(_leaves(self._letter))
        except Exception as error:  # parts within parts without end, and whatever else the parser trips over
            raise Unreadable(type(error).__name__) from error
        self._raw = raw

    @cached_property
    def mark(self) -> str:
        """What tells a letter from every other: its Message-ID, or its own content where it has none."""
        return self._header("Message-ID")[:250] or mark_of(self._raw)

    @cached_property
    def sender(self) -> str:
        """The address of who wrote it, or nothing."""
        address = parseaddr(self._header("From"))[1].lower()
        return address if "@" in address.strip("@") and len(address) < 255 else ""

    @property
    def name(self) -> str:
        """What its sender is called."""
        said = "".join(sign for sign in parseaddr(self._header("From"))[0] if sign.isprintable()).strip()
        return said[:200] or self.sender.partition("@")[0]

    @property
    def subject(self) -> str:
        return _PREFIX.sub("", self._header("Subject"))[:300]

    @property
    def addresses(self) -> list[str]:
        """To whom it was sent."""
        named = [self._header(name) for name in ("To", "Cc", "Delivered-To", "X-Original-To")]
        return [address.lower() for _, address in getaddresses(named) if address][:50]

    @cached_property
    def whole(self) -> str:
        """All that it says, with what it quotes."""
        texts = [_decoded(part) for part in self._parts if _is_text(part, "text/plain")]
        if not any(text.strip() for text in texts):
            texts = [words_of(_decoded(part)) for part in self._parts if _is_text(part, "text/html")]
        return _storable("\n\n".join(text.strip() for text in texts).replace("\r\n", "\n")).strip()

    @property
    def text(self) -> str:
        """What it says itself, without what it quotes; all of it where it says nothing else."""
        return _unquoted(self.whole) or self.whole

    @property
    def files(self) -> Iterator[Enclosed]:
        """What hangs on it, in order; pictures within the text too."""
        for part in self._parts:
            kind = part.get_content_type()
            if kind not in _SIGNATURES and not _is_text(part, kind) and kind != "text/calendar":
                yield Enclosed(_name(part), part)

    def why_automatic(self) -> str:
        """Why no person wrote this: a bounce, an automatic answer, a mailing list; nothing for a letter that is to be answered."""
        if not self.sender:
            return "no sender"
        if _SENDS_BY_ITSELF.match(self.sender):
            return "machine"
        said = self._header("Auto-Submitted").lower()
        if (said and not said.startswith("no")) or any(self._header(name) for name in _BY_ITSELF):
            return "automatic"
        is_returned = self._header("Return-Path") == "<>" or self._letter.get_content_type() == "multipart/report"
        return "bounce" if is_returned or self._header("Precedence").lower() in _IN_BULK else ""

    def _header(self, name: str) -> str:
        """A header as one line that can be kept, or nothing; broken ones are many."""
        try:
            text = str(self._letter[name] or "")
        except Exception:  # the parser of the standard library fails over some in many ways
            return ""
        return " ".join(_storable(text).split())


def mark_of(raw: bytes) -> str:
    """What tells a letter apart that has no name of its own."""
    return "content " + hashlib.sha256(raw).hexdigest()


def words_of(page: str) -> str:
    """The words of a page without its marks, in one pass however the marks are nested or broken."""
    kept, hidden = [], ""
    for count, piece in enumerate(_without_comments(page).split("<")):
        mark, closed, text = piece.partition(">")
        tag = re.match(r"/?([A-Za-z][A-Za-z0-9]*)", mark)
        if not count or not closed or (tag is None and mark[:1] not in ("!", "?", "/")):
            kept.append("" if hidden else ("<" if count else "") + piece)
            continue
        name = tag.group(1).lower() if tag else ""
        if name in _HIDDEN and not mark.endswith("/") and hidden in ("", name):
            hidden = "" if mark.startswith("/") else name
        kept.append("" if hidden else ("\n" if name in _BREAKS else "\n> " if mark.lower().startswith("blockquote") else "") + text)
    lines = (" ".join(line.split()) for line in unescape("".join(kept)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _leaves(part: Any, depth: int = 0) -> Iterator[Any]:
    """The parts of a letter that hold something, those within others too; another letter that was enclosed is one of them."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if part.get_content_maintype() != "multipart":
        yield part
    elif part.is_multipart():
        for each in part.get_payload()[:_MOST_PARTS]:
            yield from _leaves(each, depth + 1)


def _is_text(part: Any, kind: str) -> bool:
    """Whether a part is words to be read and no file."""
    if part.get_content_type() != kind or not kind.startswith("text/"):
        return False
    return kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not part.get_filename()


def _name(part: Any) -> str:
    """What a file is called, or what it might be."""
    try:
        said = part.get_filename() or ""
    except Exception:  # as with every header
        said = ""
    name = "".join(sign for sign in said if sign.isprintable()).strip()[:200]
    return name or ("pesan terlampir" if part.get_content_type() == "message/rfc822" else "lampiran")


def _decoded(part: Any) -> str:
    """The words of a part, in whatever letters it claims, or those it may be in."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    claimed = part.get_content_charset("utf-8")
    for code in (claimed, "utf-8"):
        try:
            if code not in _SLOW_CODES:
                return raw[:_MOST_TEXT].decode(code, "strict" if len(raw) <= _MOST_TEXT else "ignore")
        except (LookupError, ValueError):
            continue
    return raw[:_MOST_TEXT].decode("cp1252", "replace")


def _without_comments(page: str) -> str:
    kept, at = [], 0
    while (begins := page.find("<!--", at)) >= 0:
        kept.append(page[at:begins])
        ends = page.find("-->", begins)
        at = ends + 3 if ends >= 0 else len(page)
    return "".join([*kept, page[at:]])


def _unquoted(text: str) -> str:
    """What stands above, between and below quoted lines."""
    above = _ORIGINAL.split(text, maxsplit=1)[0]
    own = [line for line in _ATTRIBUTION.sub("", above).split("\n") if not line.startswith(">")]
    return "\n".join(own).strip()


def _storable(text: str) -> str:
    return "".join(sign if is_storable(sign) else " " for sign in text)
