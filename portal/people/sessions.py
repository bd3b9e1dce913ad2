"""Sessions: signing in, each device a row, signed out singly or all at once."""

import secrets
from datetime import datetime, timedelta

from portal import audit
from portal.audit import Actor, By
from portal.db import Question, slot, transaction
from portal.people import passwords, second_factor, throttle
from portal.people.accounts import named, token_hash
from portal.people.models import Person, Session
from portal.refusals import Refused
from portal.words import Sentence

IDLE, LONGEST = timedelta(hours=8), timedelta(days=7)
FRESH = timedelta(minutes=15)  # so long nobody is asked again before a sensitive act
SEEN_EVERY = timedelta(minutes=1)
_OF_TOKEN = Question(lambda: Session.select(Session, Person).join(Person).where(Session.token_hash == slot("token_hash"), Session.ended_at.is_null()))


def sign_in(identifier: str, password: str, *, address: str, device: str, now: datetime) -> Session:
    """A session for the right password; the same refusal, after the same time, for a wrong one and for nobody's account."""
    throttle.check(identifier, address, now=now)
    person = named(identifier)
    is_right = passwords.matches(password, person.password_hash if person else None, is_known=throttle.is_known(identifier, address, now=now))
    throttle.note(identifier, address, succeeded=is_right, now=now)
    if not is_right or person is None:
        audit.record("sign_in_refused", "person", person.id if person else "", by=Actor("?", address=address), now=now)
        raise Refused(Sentence("NIP atau kata sandi salah. Periksa keduanya."), field="identifier")
    if passwords.is_outdated(person.password_hash):
        stronger = passwords.hashed(password)
        with transaction():
            Person.update(password_hash=stronger).where(Person.id == person.id, Person.password_hash == person.password_hash).execute()
    return _begin(person, address=address, device=device, now=now)


def complete(session: Session, code: str, *, now: datetime) -> None:
    """Let a session in by its second factor; wrong codes count as wrong passwords do."""
    throttle.check(session.person.identifier, session.address, now=now, what=throttle.CODE)
    is_right = second_factor.accepts(session.person, code, now=now)
    throttle.note(session.person.identifier, session.address, succeeded=is_right, now=now, what=throttle.CODE)
    if not is_right:
        raise Refused(Sentence("Kode ini tidak cocok. Ketik kode yang baru, atau satu kode pemulihan."), field="code")
    with transaction():
        Session.update(is_complete=True, confirmed_at=now).where(Session.id == session.id).execute()
        audit.record("signed_in", "person", session.person.id, by=_actor(session), now=now, label=session.person.name)


def of_token(token: str, *, now: datetime) -> Session | None:
    """The running session of a token with its person; none where it ended, slept too long, or the account is closed."""
    rows = _OF_TOKEN.found(Session, Person, token_hash=token_hash(token))
    if not rows:
        return None
    found, found.person = rows[0]
    if not found.person.is_active or found.seen_at < now - IDLE or found.created_at < now - LONGEST:
        return None
    if found.seen_at < now - SEEN_EVERY:
        with transaction():
            Session.update(seen_at=now).where(Session.id == found.id).execute()
    found.token, found.person.session = token, found
    return found


def is_fresh(session: Session, *, now: datetime) -> bool:
    """Whether the password was given lately enough for a sensitive act."""
    return session.confirmed_at > now - FRESH


def confirm(session: Session, password: str, *, now: datetime) -> None:
    """Give the password again before a sensitive act."""
    person = session.person
    throttle.check(person.identifier, session.address, now=now)
    is_right = passwords.matches(password, person.password_hash, is_known=True)
    throttle.note(person.identifier, session.address, succeeded=is_right, now=now)
    if not is_right:
        raise Refused(Sentence("Kata sandi salah."), field="password")
    with transaction():
        Session.update(confirmed_at=now).where(Session.id == session.id).execute()


def running(person: Person, *, now: datetime) -> list[Session]:
    """The devices that are signed in, the latest first."""
    alive = Session.ended_at.is_null() & (Session.seen_at > now - IDLE) & (Session.created_at > now - LONGEST)
    return list(Session.select().where(Session.person == person, alive).order_by(Session.seen_at.desc()))


def end(session: Session, *, by: By, now: datetime) -> None:
    """Sign one device out."""
    with transaction():
        if Session.update(ended_at=now).where(Session.id == session.id, Session.ended_at.is_null()).execute():
            audit.record("signed_out", "person", session.person_id, by=by, now=now)


def end_others(person: Person, keep: Session, *, by: By, now: datetime) -> int:
    """Sign all other devices out; how many those were."""
    with transaction():
        count = Session.update(ended_at=now).where(Session.person == person, Session.id != keep.id, Session.ended_at.is_null()).execute()
        audit.record("signed_out_others", "person", person.id, by=by, now=now, label=person.name, after={"count": count})
    return count


def _begin(person: Person, *, address: str, device: str, now: datetime) -> Session:
    token = secrets.token_urlsafe(32)
    with transaction():
        session = Session.create(token_hash=token_hash(token), person=person, created_at=now, seen_at=now, confirmed_at=now, address=address,
                                 device=device[:200], is_complete=person.totp_secret is None)  # fmt: skip
        session.token, person.session = token, session
        if session.is_complete:
            audit.record("signed_in", "person", person.id, by=_actor(session), now=now, label=person.name)
    return session


def _actor(session: Session) -> Actor:
    return Actor(session.person.name, session.person_id, address=session.address)
