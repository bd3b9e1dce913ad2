"""The rows of e-kinerja: targets, days with their activities, what was done to a day, and what moves its deadlines.

Foreign keys that a composite index begins with, or that nobody searches by, have no index of their own: each costs every submission a write.
"""

from peewee import BooleanField, DoubleField, ForeignKeyField, IntegerField, JSONField, TextField

from portal.db import Day, Moment, Table
from portal.files import Attachment
from portal.offices.models import Office
from portal.people.models import Person

DRAFT, SUBMITTED, RETURNED, APPROVED, REJECTED = "draft", "submitted", "returned", "approved", "rejected"
EDITABLE, SETTLED = (DRAFT, RETURNED), (APPROVED, REJECTED)
WFO, WFH, FIELD = "wfo", "wfh", "field"


class Target(Table):
    """One line of a person's year (rencana hasil kerja): proposed, agreed with the superior, and replaced by a later line when it is revised."""

    person = ForeignKeyField(Person, backref="+", index=False)
    year = IntegerField()
    title = TextField()
    indicator = TextField(default="")
    amount = DoubleField(null=True)
    unit = TextField(default="")
    state = TextField(default="draft")  # draft, agreed, revised (another took its place), withdrawn
    revises = ForeignKeyField("self", null=True, backref="+", index=False)
    origin_id = IntegerField(null=True)  # the first line of a chain of revisions: work on any of them counts for one
    entered_at = Moment()
    entered_by = TextField()
    settled_at = Moment(null=True)
    settled_by = ForeignKeyField(Person, null=True, backref="+", index=False)
    note = TextField(default="")  # what the superior said to it

    class Meta:
        indexes = ((("person", "year"), False),)


class ActivityType(Table):
    """A sort of activity with the minutes that one unit of it usually takes."""

    code = TextField(unique=True)
    name = TextField(index=True)
    unit = TextField()
    minutes = IntegerField()
    needs_evidence = BooleanField(default=False)
    ended_at = Moment(null=True)


class WorkDay(Table):
    """One day of one person: where it stands, who vouches for it, and its sums, which every change of an activity renews."""

    person = ForeignKeyField(Person, backref="+", index=False)
    day = Day()
    office = ForeignKeyField(Office, backref="+", index=False)  # of the main posting on that day; the day ends in its zone
    state = TextField(default=DRAFT)
    revision = IntegerField(default=0)  # what a page has seen: nobody overwrites or approves what came later
    due_at = Moment(null=True)  # none where no policy sets a deadline
    due_before = Moment(null=True)  # the deadline before an outage moved it
    supervisor = ForeignKeyField(Person, null=True, backref="+", index=False)
    upper = ForeignKeyField(Person, null=True, backref="+", index=False)  # the superior's superior
    escalates_at = Moment(null=True)  # from then on the superior's superior may decide as well
    first_submitted_at = Moment(null=True)
    submitted_at = Moment(null=True)
    receipt = TextField(null=True, unique=True)
    decided_at = Moment(null=True)
    decided_by = ForeignKeyField(Person, null=True, backref="+", index=False)
    acting_for = ForeignKeyField(Person, null=True, backref="+", index=False)  # in whose place it was decided
    reason = TextField(default="")  # of the last return, rejection or opening
    opened_at = Moment(null=True)  # opened by a superior after the month had closed, or after it was approved
    entries = IntegerField(default=0)
    claimed = IntegerField(default=0)  # minutes, as these all
    effective = IntegerField(default=0)
    approved = IntegerField(default=0)
    effective_wfh = IntegerField(default=0)
    effective_field = IntegerField(default=0)
    unproven = IntegerField(default=0)  # activities whose type needs evidence and that have none

    class Meta:
        indexes = (
            (("person", "day"), True),
            (("supervisor", "state"), False),
            (("upper", "state"), False),
            (("state", "escalates_at"), False),
            (("day", "office"), False),
            (("due_at",), False),
        )


class Entry(Table):
    """One activity of a day; minutes are counted from the start of the day."""

    work_day = ForeignKeyField(WorkDay, backref="+", index=False)
    description = TextField()
    target = ForeignKeyField(Target, null=True, backref="+")  # none: tugas tambahan
    activity_type = ForeignKeyField(ActivityType, null=True, backref="+", index=False)
    starts = IntegerField()
    ends = IntegerField()
    quantity = DoubleField()
    unit = TextField()
    place = TextField()
    evidence_link = TextField(default="")
    evidence = ForeignKeyField(Attachment, null=True, backref="+", index=False)
    effective = IntegerField()
    state = TextField(null=True)  # approved, rejected; none: not decided yet
    remark = TextField(default="")  # what the superior said to this activity
    revision = IntegerField(default=0)
    submission_key = TextField(null=True)
    created_at = Moment()
    removed_at = Moment(null=True)

    class Meta:
        indexes = ((("work_day", "submission_key"), True),)


class DayAct(Table):
    """What somebody did to a day: submitted, approved, returned, rejected, unlocked, opened, rerouted, objected."""

    work_day = ForeignKeyField(WorkDay, backref="+", index=False)
    at = Moment()
    act = TextField()
    person = ForeignKeyField(Person, null=True, backref="+", index=False)  # none: the portal itself
    acting_for = ForeignKeyField(Person, null=True, backref="+", index=False)
    reason = TextField(default="")
    receipt = TextField(default="")
    submission_key = TextField(null=True)

    class Meta:
        indexes = ((("work_day", "submission_key"), True),)


class DayMessage(Table):
    """A word between the employee and the superior about a day."""

    work_day = ForeignKeyField(WorkDay, backref="+", index=False)
    person = ForeignKeyField(Person, backref="+", index=False)
    acting_for = ForeignKeyField(Person, null=True, backref="+", index=False)
    text = TextField()
    at = Moment()
    submission_key = TextField(null=True)

    class Meta:
        indexes = ((("work_day", "submission_key"), True),)


class DayReading(Table):
    """Until when somebody has read what was said about a day."""

    work_day = ForeignKeyField(WorkDay, backref="+", index=False)
    person = ForeignKeyField(Person, backref="+", index=False)
    read_at = Moment()

    class Meta:
        indexes = ((("work_day", "person"), True),)


class Unsent(Table):
    """What stands in a form that was not sent yet, so that a closed page loses nothing."""

    person = ForeignKeyField(Person, backref="+", index=False)
    day = Day()
    entry_id = IntegerField(default=0)  # 0: a new activity
    values = JSONField()
    revision = IntegerField(default=1)
    at = Moment()

    class Meta:
        indexes = ((("person", "day", "entry_id"), True),)


class Routine(Table):
    """An activity that somebody does on certain days of the week."""

    person = ForeignKeyField(Person, backref="+")
    weekdays = TextField()  # digits of date.weekday(): "01234"
    description = TextField()
    target_origin_id = IntegerField(null=True)
    activity_type = ForeignKeyField(ActivityType, null=True, backref="+", index=False)
    starts = IntegerField()
    ends = IntegerField()
    quantity = DoubleField()
    unit = TextField()
    created_at = Moment()
    ended_at = Moment(null=True)


class Outage(Table):
    """A time in which the portal could not be used: deadlines inside it move for everybody."""

    starts_at = Moment()
    ends_at = Moment()
    note = TextField(default="")
    state = TextField()  # proposed (by the worker, from its own silence), confirmed, dismissed, withdrawn
    entered_at = Moment()
    entered_by = TextField()
    settled_at = Moment(null=True)
    settled_by = TextField(default="")

    class Meta:
        indexes = ((("starts_at", "ends_at"), False),)


class MonthClosing(Table):
    """Somebody closed a month for an office and all below it before the policy did."""

    office = ForeignKeyField(Office, backref="+", index=False)
    month = Day()  # its first day
    closed_at = Moment()
    closed_by = ForeignKeyField(Person, backref="+", index=False)
    note = TextField(default="")
    reopened_at = Moment(null=True)

    class Meta:
        indexes = ((("month", "office"), False),)


class Objection(Table):
    """An employee does not agree with what was decided about a day; the superior's superior settles it."""

    work_day = ForeignKeyField(WorkDay, backref="+")
    reason = TextField()
    asked_at = Moment()
    settled_at = Moment(null=True)
    settled_by = ForeignKeyField(Person, null=True, backref="+", index=False)
    acting_for = ForeignKeyField(Person, null=True, backref="+", index=False)
    is_accepted = BooleanField(null=True)
    answer = TextField(default="")
