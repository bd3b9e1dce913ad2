"""The second factor: codes of an app that change every thirty seconds, and recovery codes for the day the phone is lost."""

import hmac
import secrets
from datetime import date, datetime

import pyotp

from portal import audit, policies, sealed
from portal.audit import By
from portal.db import transaction
from portal.people.models import Person, RecoveryCode
from portal.refusals import Refused
from portal.words import Sentence

CODES = 8
POLICY = "second_factor"  # {"roles": ["admin", "ppk"]}


def is_required(roles: set[str] | frozenset[str], *, day: date) -> bool:
    """Whether a policy asks these roles for a second factor on a day."""
    rules = policies.holding(policies.of_kind(POLICY), office_ids=[], region_codes=[], day=day)
    return bool(rules) and bool(roles.intersection(rules[0].value["roles"]))


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(person: Person, secret: str) -> str:
    """What an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.identifier, issuer_name="Tetap Melayani")


def start(person: Person, secret: str, code: str, *, by: By, now: datetime) -> list[str]:
    """Switch the second factor on once a code shows that the app has the secret; the recovery codes are shown this once."""
    step = _step(secret, code, now)
    if step is None:
        raise Refused(Sentence("Kode ini tidak cocok. Periksa jam ponsel Anda, lalu ketik kode yang baru."), field="code")
    codes = [secrets.token_hex(5) for _ in range(CODES)]
    with transaction():
        Person.update(totp_secret=sealed.seal(secret, about=f"totp {person.id}"), totp_since=now, totp_step=step).where(Person.id == person.id).execute()
        RecoveryCode.delete().where(RecoveryCode.person == person).execute()
        RecoveryCode.insert_many([{"person": person, "code_hash": _hash(code)} for code in codes]).execute()
        audit.record("second_factor_started", "person", person.id, by=by, now=now, label=person.name)
    return codes


def stop(person: Person, *, by: By, now: datetime) -> None:
    """Switch it off."""
    with transaction():
        Person.update(totp_secret=None, totp_since=None, totp_step=None).where(Person.id == person.id).execute()
        RecoveryCode.delete().where(RecoveryCode.person == person).execute()
        audit.record("second_factor_stopped", "person", person.id, by=by, now=now, label=person.name)


def accepts(person: Person, code: str, *, now: datetime) -> bool:
    """Whether a code is this moment's, or a recovery code; either works once, also when sent twice at once."""
    if person.totp_secret is None:
        return False
    step = _step(sealed.unseal(person.totp_secret, about=f"totp {person.id}"), code, now)
    if step is not None:
        unused = Person.totp_step.is_null() | (Person.totp_step < step)
        with transaction():
            return bool(Person.update(totp_step=step).where(Person.id == person.id, unused).execute())
    with transaction():
        unused = (RecoveryCode.person == person) & (RecoveryCode.code_hash == _hash(code)) & RecoveryCode.used_at.is_null()
        return bool(RecoveryCode.update(used_at=now).where(unused).execute())


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute to which a code belongs: this one or a neighbour; phones' clocks are not exact."""
    totp, digits = pyotp.TOTP(secret), "".join(code.split())[:8]
    here = totp.timecode(now)
    return next((step for step in (here, here - 1, here + 1) if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode())), None)


def _hash(code: str) -> str:
    """Under the installation's key: a recovery code is too short for a hash that anybody with the table could try out."""
    return sealed.fingerprint("recovery " + "".join(code.split()).lower())
