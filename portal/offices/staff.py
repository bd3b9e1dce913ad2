"""The rows of who works where, under whom, and with which role over which offices."""

from peewee import BooleanField, ForeignKeyField, TextField

from portal.db import Day, Moment, Table
from portal.offices.models import Office
from portal.people.models import Person


class Posting(Table):
    """Where a person works, as what, and under whom, in dates; the main one counts where there are several."""

    person = ForeignKeyField(Person, backref="+")
    office = ForeignKeyField(Office, backref="+")
    position = TextField(default="")
    supervisor = ForeignKeyField(Person, null=True, backref="+")
    is_main = BooleanField(default=True)
    first_day = Day()
    last_day = Day(null=True)


class Acting(Table):
    """Who stands in for a superior (Plt, Plh), in dates, by which letter."""

    superior = ForeignKeyField(Person, backref="+")
    deputy = ForeignKeyField(Person, backref="+")
    kind = TextField()  # Plt, Plh
    letter_number = TextField()
    first_day = Day()
    last_day = Day()
    ended_at = Moment(null=True)


class Grant(Table):
    """A role given to a person: over an office and all below it, or everywhere."""

    person = ForeignKeyField(Person, backref="+")
    role = TextField()
    office = ForeignKeyField(Office, null=True, backref="+")
    granted_at = Moment()
    granted_by = TextField()
    revoked_at = Moment(null=True)


class Correction(Table):
    """An employee says that the superior on record is the wrong one; an administrator settles it."""

    posting = ForeignKeyField(Posting, backref="+")
    proposed = ForeignKeyField(Person, backref="+")
    reason = TextField()
    asked_at = Moment()
    settled_at = Moment(null=True)
    is_accepted = BooleanField(null=True)
    answer = TextField(default="")
