"""e-kinerja: targets, days with their activities, decisions, outages; attachments."""

from peewee import *

def up(migrator, db):
    class Office(Model):
        class Meta:
            database = db
            table_name = 'office'

    class Person(Model):
        class Meta:
            database = db
            table_name = 'person'

    class ActivityType(Model):
        code = TextField(unique=True)
        name = TextField(index=True)
        unit = TextField()
        minutes = IntegerField()
        needs_evidence = BooleanField(default=False)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'activity_type'
    db.create_tables([ActivityType])

    class Attachment(Model):
        digest = TextField(index=True)
        name = TextField()
        mimetype = TextField()
        size = IntegerField()
        added_at = DateTimeField()
        added_by_id = IntegerField()
        class Meta:
            database = db
            table_name = 'attachment'
    db.create_tables([Attachment])

    class WorkDay(Model):
        person = ForeignKeyField(Person, index=False)
        day = DateField()
        office = ForeignKeyField(Office, index=False)
        state = TextField(default='draft')
        revision = IntegerField(default=0)
        due_at = DateTimeField(null=True)
        due_before = DateTimeField(null=True)
        supervisor = ForeignKeyField(Person, null=True, index=False)
        upper = ForeignKeyField(Person, null=True, index=False)
        escalates_at = DateTimeField(null=True)
        first_submitted_at = DateTimeField(null=True)
        submitted_at = DateTimeField(null=True)
        receipt = TextField(unique=True, null=True)
        decided_at = DateTimeField(null=True)
        decided_by = ForeignKeyField(Person, null=True, index=False)
        acting_for = ForeignKeyField(Person, null=True, index=False)
        reason = TextField(default='')
        opened_at = DateTimeField(null=True)
        entries = IntegerField(default=0)
        claimed = IntegerField(default=0)
        effective = IntegerField(default=0)
        approved = IntegerField(default=0)
        effective_wfh = IntegerField(default=0)
        effective_field = IntegerField(default=0)
        unproven = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'work_day'
            indexes = ((('person', 'day'), True), (('supervisor', 'state'), False), (('upper', 'state'), False), (('state', 'escalates_at'), False), (('day', 'office'), False), (('due_at',), False))
    db.create_tables([WorkDay])

    class DayAct(Model):
        work_day = ForeignKeyField(WorkDay, index=False)
        at = DateTimeField()
        act = TextField()
        person = ForeignKeyField(Person, null=True, index=False)
        acting_for = ForeignKeyField(Person, null=True, index=False)
        reason = TextField(default='')
        receipt = TextField(default='')
        submission_key = TextField(null=True)
        class Meta:
            database = db
            table_name = 'day_act'
            indexes = ((('work_day', 'submission_key'), True),)
    db.create_tables([DayAct])

    class DayMessage(Model):
        work_day = ForeignKeyField(WorkDay, index=False)
        person = ForeignKeyField(Person, index=False)
        acting_for = ForeignKeyField(Person, null=True, index=False)
        text = TextField()
        at = DateTimeField()
        submission_key = TextField(null=True)
        class Meta:
            database = db
            table_name = 'day_message'
            indexes = ((('work_day', 'submission_key'), True),)
    db.create_tables([DayMessage])

    class DayReading(Model):
        work_day = ForeignKeyField(WorkDay, index=False)
        person = ForeignKeyField(Person, index=False)
        read_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'day_reading'
            indexes = ((('work_day', 'person'), True),)
    db.create_tables([DayReading])

    class Target(Model):
        person = ForeignKeyField(Person, index=False)
        year = IntegerField()
        title = TextField()
        indicator = TextField(default='')
        amount = DoubleField(null=True)
        unit = TextField(default='')
        state = TextField(default='draft')
        revises = ForeignKeyField('self', null=True, index=False)
        origin_id = IntegerField(null=True)
        entered_at = DateTimeField()
        entered_by = TextField()
        settled_at = DateTimeField(null=True)
        settled_by = ForeignKeyField(Person, null=True, index=False)
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'target'
            indexes = ((('person', 'year'), False),)
    db.create_tables([Target])

    class Entry(Model):
        work_day = ForeignKeyField(WorkDay, index=False)
        description = TextField()
        target = ForeignKeyField(Target, null=True)
        activity_type = ForeignKeyField(ActivityType, null=True, index=False)
        starts = IntegerField()
        ends = IntegerField()
        quantity = DoubleField()
        unit = TextField()
        place = TextField()
        evidence_link = TextField(default='')
        evidence = ForeignKeyField(Attachment, null=True, index=False)
        effective = IntegerField()
        state = TextField(null=True)
        remark = TextField(default='')
        revision = IntegerField(default=0)
        submission_key = TextField(null=True)
        created_at = DateTimeField()
        removed_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'entry'
            indexes = ((('work_day', 'submission_key'), True),)
    db.create_tables([Entry])

    class MonthClosing(Model):
        office = ForeignKeyField(Office, index=False)
        month = DateField()
        closed_at = DateTimeField()
        closed_by = ForeignKeyField(Person, index=False)
        note = TextField(default='')
        reopened_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'month_closing'
            indexes = ((('month', 'office'), False),)
    db.create_tables([MonthClosing])

    class Objection(Model):
        work_day = ForeignKeyField(WorkDay)
        reason = TextField()
        asked_at = DateTimeField()
        settled_at = DateTimeField(null=True)
        settled_by = ForeignKeyField(Person, null=True, index=False)
        acting_for = ForeignKeyField(Person, null=True, index=False)
        is_accepted = BooleanField(null=True)
        answer = TextField(default='')
        class Meta:
            database = db
            table_name = 'objection'
    db.create_tables([Objection])

    class Outage(Model):
        starts_at = DateTimeField()
        ends_at = DateTimeField()
        note = TextField(default='')
        state = TextField()
        entered_at = DateTimeField()
        entered_by = TextField()
        settled_at = DateTimeField(null=True)
        settled_by = TextField(default='')
        class Meta:
            database = db
            table_name = 'outage'
            indexes = ((('starts_at', 'ends_at'), False),)
    db.create_tables([Outage])

    class Routine(Model):
        person = ForeignKeyField(Person)
        weekdays = TextField()
        description = TextField()
        target_origin_id = IntegerField(null=True)
        activity_type = ForeignKeyField(ActivityType, null=True, index=False)
        starts = IntegerField()
        ends = IntegerField()
        quantity = DoubleField()
        unit = TextField()
        created_at = DateTimeField()
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'routine'
    db.create_tables([Routine])

    class Unsent(Model):
        person = ForeignKeyField(Person, index=False)
        day = DateField()
        entry_id = IntegerField(default=0)
        values = JSONField()
        revision = IntegerField(default=1)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'unsent'
            indexes = ((('person', 'day', 'entry_id'), True),)
    db.create_tables([Unsent])
