"""Accounts: made, invited, changed, ended; passwords set by links that work once."""

import hashlib
import re
import secrets
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from portal import audit, outbox, sealed
from portal.audit import Actor, By
from portal.db import locked, transaction
from portal.people import passwords, throttle
from portal.people.models import Link, Person, Session, canonical
from portal.refusals import Refused, plain
from portal.words import Sentence

INVITATION, RESET = "invitation", "reset"
LASTS = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
BETWEEN_RESETS = timedelta(minutes=5)
_FIELDS = ("name", "email", "phone", "language")
_SENSITIVE = ("email", "phone")  # the trail says that they changed, not what they were


def create(identifier: str, name: str, *, by: By, now: datetime, email: str = "", phone: str = "", language: str = "id") -> Person:
    """A new account, still without a password; refused where the identifier is taken."""
    with transaction():
        identifier = checked_identifier(identifier)
        if Person.select().where(Person.identifier == identifier).exists():
            raise Refused(Sentence("{identifier} sudah terdaftar.", identifier=identifier), field="identifier")
        facts = checked_facts(name=name, email=email, phone=phone, language=language)
        person = Person.create(identifier=identifier, created_at=now, **facts)
        after = {"identifier": identifier, **audit.veiled(facts, *_SENSITIVE)}
        audit.record("person_created", "person", person.id, by=by, now=now, label=person.name, after=after)
    return person


def change(person: Person, *, by: By, now: datetime, **facts: str) -> Person:
    """Correct the facts of an account."""
    with transaction():
        kept = locked(Person.select().where(Person.id == person.id)).get()
        held = {field: getattr(kept, field) for field in _FIELDS}
        before, after = audit.changes(held, checked_facts(**{**held, **facts}))
        if after:
            Person.update(**after).where(Person.id == person.id).execute()
            if "email" in after:  # a link that waits in a mailbox which is no longer theirs
                _void_links(person, now)
            audit.record("person_changed", "person", person.id, by=by, now=now, label=person.name,
                         before=audit.veiled(before, *_SENSITIVE), after=audit.veiled(after, *_SENSITIVE))  # fmt: skip
    return Person.get_by_id(person.id)


def end(person: Person, *, by: By, now: datetime) -> None:
    """Close an account: nobody signs in with it any more; all that its person did stays."""
    with transaction():
        if not Person.update(ended_at=now).where(Person.id == person.id, Person.ended_at.is_null()).execute():
            raise Refused(Sentence("Akun ini sudah ditutup."))
        Session.update(ended_at=now).where(Session.person == person, Session.ended_at.is_null()).execute()
        _void_links(person, now)
        audit.record("person_ended", "person", person.id, by=by, now=now, label=person.name)


def restore(person: Person, *, by: By, now: datetime) -> None:
    """Open a closed account again."""
    with transaction():
        if not Person.update(ended_at=None).where(Person.id == person.id, Person.ended_at.is_null(False)).execute():
            raise Refused(Sentence("Akun ini tidak ditutup."))
        audit.record("person_restored", "person", person.id, by=by, now=now, label=person.name)


def set_password(person: Person, password: str, *, by: By, now: datetime, keep: Session | None = None) -> None:
    """Give an account a password; every device is signed out, but the one that is kept, and links that wait are void."""
    hashed = _checked_and_hashed(person, password)
    with transaction():
        _keep_password(person, hashed, by=by, now=now, keep=keep)


def invite(person: Person, *, by: By, now: datetime) -> None:
    """Promise a letter with the link that sets the first password; without e-mail the person is called."""
    if person.ended_at is not None:
        raise Refused(Sentence("Akun ini sudah ditutup."))
    _promise_link(person, INVITATION, by=by, now=now)


def send_reset(person: Person, *, by: By, now: datetime) -> None:
    """An administrator promises a link that sets a new password; without e-mail the person is called."""
    if person.ended_at is not None:
        raise Refused(Sentence("Akun ini sudah ditutup."))
    _promise_link(person, RESET, by=by, now=now)


def ask_reset(identifier: str, *, by: By, now: datetime) -> None:
    """Promise the owner of an account a link that sets a new password; for strangers nothing happens, and nothing shows it."""
    person = named(identifier)
    if person is None or not person.email:
        return
    with transaction():
        locked(Person.select().where(Person.id == person.id)).get()
        recent = (Link.person == person) & (Link.kind == RESET) & (Link.created_at > now - BETWEEN_RESETS)
        if not Link.select().where(recent).exists():
            _promise_link(person, RESET, by=by, now=now)


def named(identifier: str) -> Person | None:
    """The open account of an identifier as somebody typed it; nobody's where it is none."""
    try:
        return Person.get_or_none(Person.identifier == checked_identifier(identifier), Person.ended_at.is_null())
    except Refused:
        return None


def linked(token: str, *, now: datetime) -> Link:
    """The link of a token; refused where it is unknown, used or too old."""
    link = Link.get_or_none(Link.token_hash == token_hash(token))
    if link is None or link.used_at is not None or link.expires_at <= now or link.person.ended_at is not None:
        raise Refused(Sentence("Tautan ini sudah dipakai atau kedaluwarsa. Minta yang baru."))
    return link


def use_link(token: str, password: str, *, address: str, now: datetime) -> Person:
    """Its owner sets a password by link, and is known at this address from then on; the link works once, also when pressed twice at once."""
    person = linked(token, now=now).person
    hashed = _checked_and_hashed(person, password)
    with transaction():
        locked(Link.select().where(Link.token_hash == token_hash(token))).first()
        linked(token, now=now)
        _keep_password(person, hashed, by=Actor(person.name, person.id, address=address), now=now)
        throttle.note(person.identifier, address, succeeded=True, now=now)
    return person


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def checked_identifier(text: str) -> str:
    """An identifier as it is kept: a NIP without its blanks, or another name of letters and digits."""
    identifier = canonical(text)
    if not re.fullmatch(r"[0-9A-Z][0-9A-Z._-]{2,39}", identifier):
        raise Refused(Sentence("Isi NIP (18 angka) atau nomor pegawai lain."), field="identifier")
    return identifier


def doubt_about(identifier: str) -> Sentence | None:
    """What looks wrong in a NIP; a warning, never a refusal: those of PPPK are built otherwise."""
    if not re.fullmatch(r"\d{18}", identifier):
        return Sentence("{identifier} bukan NIP 18 angka.", identifier=identifier)
    try:
        date(int(identifier[:4]), int(identifier[4:6]), int(identifier[6:8]))
        date(int(identifier[8:12]), int(identifier[12:14]), 1)
    except ValueError:
        return Sentence("Tanggal lahir atau pengangkatan dalam NIP {identifier} tidak mungkin.", identifier=identifier)
    return None if identifier[14] in "12" else Sentence("Angka kelima belas NIP {identifier} seharusnya 1 atau 2.", identifier=identifier)


def checked_facts(*, name: str, email: str, phone: str, language: str) -> dict[str, str]:
    """The facts of an account as they may be kept."""
    facts = {"name": plain(name, field="name", limit=200, required=True), "phone": plain(phone, field="phone", limit=40), "email": email.strip(),
             "language": language}  # fmt: skip
    if facts["email"]:
        try:
            facts["email"] = validate_email(facts["email"], check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise Refused(Sentence("Alamat surel ini tidak dapat dibaca."), field="email") from None
    if facts["phone"] and not re.fullmatch(r"[0-9+() .-]{5,40}", facts["phone"]):
        raise Refused(Sentence("Nomor telepon ini tidak dapat dibaca."), field="phone")
    if language not in {"id", "en"}:
        raise Refused(Sentence("Bahasa ini tidak ada."), field="language")
    return facts


def _checked_and_hashed(person: Person, password: str) -> str:
    """Hashing takes its time: nobody's transaction waits for it."""
    return passwords.hashed(passwords.checked(password, about=(person.identifier, person.name, person.email)))


def _keep_password(person: Person, hashed: str, *, by: By, now: datetime, keep: Session | None = None) -> None:
    Person.update(password_hash=hashed).where(Person.id == person.id).execute()
    others = (Session.person == person) & Session.ended_at.is_null()
    Session.update(ended_at=now).where(others & (Session.id != keep.id) if keep else others).execute()
    _void_links(person, now)
    audit.record("password_set", "person", person.id, by=by, now=now, label=person.name)


def _void_links(person: Person, now: datetime) -> None:
    Link.update(used_at=now).where(Link.person == person, Link.used_at.is_null()).execute()


def _promise_link(person: Person, kind: str, *, by: By, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    with transaction():
        link = Link.create(token_hash=token_hash(token), person=person, kind=kind, created_at=now, expires_at=now + LASTS[kind])
        to = outbox.Recipient(person.name, person.email, person.phone, person.language, person.id)
        facts = {"token": sealed.seal(token, about=f"link {link.id}"), "link": link.id, "expires_at": link.expires_at.isoformat()}
        outbox.promise(kind, to, facts, key=f"{kind}-{link.id}", now=now)
        audit.record(f"{kind}_promised", "person", person.id, by=by, now=now, label=person.name)
