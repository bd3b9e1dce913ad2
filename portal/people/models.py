"""The rows of people, their sessions, and the links that let them in."""

import re
from typing import Any

from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from portal.db import Moment, Table


def canonical(identifier: str) -> str:
    """The same identifier however it is typed: with blanks or without, in small letters or large."""
    return re.sub(r"\s", "", identifier).upper()


class Person(Table):
    """An account. The identifier is a NIP of 18 digits, or another one for PPPK and guests."""

    identifier = TextField(unique=True)
    name = TextField()
    email = TextField(default="")
    phone = TextField(default="")
    language = TextField(default="id")
    password_hash = TextField(null=True)  # none: invited, not yet in
    totp_secret = TextField(null=True)  # sealed
    totp_since = Moment(null=True)
    totp_step = IntegerField(null=True)  # the half minute of the last code that was used: it works once
    created_at = Moment()
    ended_at = Moment(null=True)

    # What Flask-Login asks of a person; its own mixin would tie this floor to the web.
    is_authenticated = True
    is_anonymous = False
    session: Any = None

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    def get_id(self) -> str:
        """The token of the session, not the person's number: one device can then be signed out."""
        return str(self.session.token) if self.session else ""


class Session(Table):
    """One device that is signed in. Only the hash of its token is kept."""

    token_hash = TextField(unique=True)
    person = ForeignKeyField(Person, backref="+")
    created_at = Moment()
    seen_at = Moment(index=True)
    confirmed_at = Moment()  # when the password was last given
    is_complete = BooleanField(default=True)  # false: the second factor is still to come
    address = TextField(default="")
    device = TextField(default="")
    ended_at = Moment(null=True)

    token: str = ""


class Link(Table):
    """A link of an invitation or a password reset: used once, and not for long. Only its hash is kept."""

    token_hash = TextField(unique=True)
    person = ForeignKeyField(Person, backref="+")
    kind = TextField()  # invitation, reset
    created_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True)


class RecoveryCode(Table):
    """A code that stands in for the second factor, once."""

    person = ForeignKeyField(Person, backref="+")
    code_hash = TextField()
    used_at = Moment(null=True)


class Attempt(Table):
    """One try to sign in; what the throttle counts, also after a restart."""

    subject = TextField(index=True)  # fingerprint of the identifier that was typed
    address = TextField(index=True)
    at = Moment(index=True)
    succeeded = BooleanField(default=False)
