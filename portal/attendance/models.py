"""The rows of absence."""

from peewee import ForeignKeyField, TextField

from portal.db import Day, Moment, Table
from portal.people.models import Person


class Leave(Table):
    """Days on which a person is away. Why somebody is ill is not asked, and superiors see only that the person is away."""

    person = ForeignKeyField(Person, backref="+")
    kind = TextField()  # annual, sick, field
    first_day = Day()
    last_day = Day(index=True)
    entered_by = TextField()
    entered_at = Moment()
    withdrawn_at = Moment(null=True)
