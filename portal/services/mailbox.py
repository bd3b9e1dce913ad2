"""Letters by e-mail: each becomes a request, or joins the one whose number it names; machines that write by themselves are left alone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError, fn

from portal import files, numbers
from portal.db import transaction
from portal.files import Stored
from portal.offices.models import Office
from portal.refusals import NotFound, Refused
from portal.services import catalogue, following, requests
from portal.services.incoming import Incoming, Unreadable, mark_of
from portal.services.models import EMAIL, MAIL, InboundLetter, Service, ServiceRequest
from portal.services.particulars import MOST_TEXT
from portal.services.requests import Asked
from portal.words import Sentence

REQUEST, REPLY, IGNORED, TURNED_AWAY = "request", "reply", "ignored", "refused"
_NUMBER = re.compile(r"\b[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{3}\b", re.ASCII)
_MOST_NUMBERS = 20  # of one letter that are looked up
_HOUR, _MOST_AN_HOUR = timedelta(hours=1), 20  # letters from one address: more in an hour is a machine that answers our answers
_NAMED = 20  # files left out that a letter names


@dataclass(frozen=True)
class House:
    """Where letters go: the service that they ask for, the office where none is named, and the portal's own addresses and host."""

    service: Service
    office: Office
    own: frozenset[str] = frozenset()
    host: str = ""


def house(service: str, office: str, *, own: frozenset[str] = frozenset(), host: str = "") -> House:
    """The house of two slugs; NotFound where one of them is not there, or the office does not give the service."""
    found = Office.get_or_none(Office.slug == office)
    if found is None:
        raise NotFound(Sentence("Kantor {name} tidak ada.", name=office))
    of = catalogue.find(service)
    if not catalogue.is_given(of, found):
        raise NotFound(Sentence("{office} tidak memberi layanan ini. Pilih kantor lain.", office=found.name))
    return House(of, found, own, host)


def take(raw: bytes, house: House, *, now: datetime) -> InboundLetter:
    """Take in one letter as it came; the same one twice is one. What became of it is on record, whatever it was."""
    try:
        letter = Incoming(raw)
    except Unreadable as error:
        return _noted({"message_id": mark_of(raw), "received_at": now}, TURNED_AWAY, f"unreadable: {error}")
    if (known := _known(letter.mark)) is not None:
        return known
    facts = {"message_id": letter.mark, "received_at": now, "sender": letter.sender, "subject": letter.subject}
    if why := letter.why_automatic() or _why_ours(letter, house):
        return _noted(facts, IGNORED, why)
    if _writes_too_often(letter.sender, now):
        return _noted(facts, TURNED_AWAY, "too often")
    stored, left_out = _kept(letter, now)
    try:
        return _taken(letter, facts, house, stored, left_out, now)
    except Refused as refusal:
        return _noted(facts, TURNED_AWAY, str(refusal))


def turn_away(mark: str, sender: str, subject: str, why: str, *, now: datetime) -> InboundLetter:
    """Note a letter that is not even read; somebody has to look at it in the mailbox."""
    facts = {"message_id": mark[:250], "received_at": now, "sender": sender[:254], "subject": subject[:300]}
    return _known(mark[:250]) or _noted(facts, TURNED_AWAY, why)


def _why_ours(letter: Incoming, house: House) -> str:
    """Whether we wrote this ourselves, so that we would answer our own answers."""
    is_own = letter.sender in house.own or (house.host and letter.mark.startswith("<letter-") and letter.mark.rstrip(">").endswith("@" + house.host))
    return "own letter" if is_own else ""


def _writes_too_often(sender: str, now: datetime) -> bool:
    return InboundLetter.select().where(InboundLetter.sender == sender, InboundLetter.received_at > now - _HOUR).count() >= _MOST_AN_HOUR


def _known(mark: str) -> InboundLetter | None:
    return InboundLetter.get_or_none(InboundLetter.message_id == mark)


def _taken(letter: Incoming, facts: dict[str, object], house: House, stored: tuple[Stored, ...], left_out: list[str], now: datetime) -> InboundLetter:
    try:
        with transaction():
            request = _named(letter)
            outcome = REPLY if request is not None else REQUEST
            if request is not None:
                following.write(request, (letter.text or letter.subject)[:MOST_TEXT], now=now, files=stored, key=letter.mark)
            else:
                request = _asked(letter, house, stored, now)
            if left_out:
                told: dict[str, Any] = {"files": left_out[:_NAMED], "more": len(left_out[_NAMED:]), "most": files.count(), "megabytes": files.limit()}
                requests.tell(request, "request_files_left_out", key=letter.mark, now=now, **told)
            return InboundLetter.create(**facts, outcome=outcome, request=request)
    except IntegrityError:  # another worker took the same letter at the same moment
        return InboundLetter.get(InboundLetter.message_id == letter.mark)


def _asked(letter: Incoming, house: House, stored: tuple[Stored, ...], now: datetime) -> ServiceRequest:
    text = f"{letter.subject}\n\n{letter.text}".strip()[:MOST_TEXT]
    asked = Asked(house.service, _addressed(letter, house), EMAIL, letter.name, email=letter.sender, description=text, files=stored, origin=MAIL, is_brief=True)
    return requests.submit(asked, now=now)


def _named(letter: Incoming) -> ServiceRequest | None:
    """The request whose number stands in the subject, in the text or in what it quotes; only its own citizen's letters join it."""
    for typed in _NUMBER.findall("\n".join((letter.subject, letter.text, letter.whole)))[:_MOST_NUMBERS]:
        number = numbers.read(typed)
        found = ServiceRequest.get_or_none(ServiceRequest.number == number) if number else None
        if found is not None and found.email.lower() == letter.sender and found.redacted_at is None:
            return found
    return None


def _addressed(letter: Incoming, house: House) -> Office:
    """The office whose address the letter was sent to, if it gives the service; else the one for letters that name none."""
    named = Office.select().where(fn.LOWER(Office.email).in_(letter.addresses or [""]), Office.email != "", catalogue.giving(house.service))
    return named.order_by(Office.id).first() or house.office


def _kept(letter: Incoming, now: datetime) -> tuple[tuple[Stored, ...], list[str]]:
    """The files that may be kept, on disk, and the names of those that may not."""
    kept: list[Stored] = []
    left_out: list[str] = []
    for each in letter.files:
        try:
            if len(kept) >= files.count() or len(left_out) >= _NAMED:
                raise ValueError("too many")
            kept.append(files.take(each.content, each.name, now=now))
        except (Refused, ValueError):
            left_out.append(each.name[:100])
    return tuple(kept), left_out


def _noted(facts: dict[str, object], outcome: str, detail: str) -> InboundLetter:
    try:
        with transaction():
            return InboundLetter.create(**facts, outcome=outcome, detail=detail[:300])
    except IntegrityError:  # another worker noted the same letter at the same moment
        return InboundLetter.get(InboundLetter.message_id == facts["message_id"])
