"""Services and what people ask for: requests, appointments, drop boxes, letters by e-mail, survey."""

from peewee import *
from portal.db import Day
from portal.db import Moment

def up(migrator, db):
    class Attachment(Model):
        class Meta:
            database = db
            table_name = 'attachment'

    class Closure(Model):
        class Meta:
            database = db
            table_name = 'closure'

    class DropBox(Model):
        class Meta:
            database = db
            table_name = 'drop_box'

    class Office(Model):
        class Meta:
            database = db
            table_name = 'office'

    class Person(Model):
        class Meta:
            database = db
            table_name = 'person'

    class Service(Model):
        slug = TextField(unique=True)
        name = TextField(index=True)
        summary = TextField(default='')
        product = TextField(default='')
        procedure = TextField(default='')
        working_days = IntegerField(null=True)
        cost = TextField(default='')
        legal_basis = TextField(default='')
        complaints = TextField(default='')
        kinds = JSONField(default=list)
        channels = JSONField(default=list)
        why_not_remote = TextField(default='')
        asks_nik = BooleanField(default=False)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'service'
    db.create_tables([Service])

    class ServiceRequest(Model):
        number = TextField(unique=True)
        submission_key = TextField(unique=True, null=True)
        service = ForeignKeyField(Service)
        office = ForeignKeyField(Office)
        channel = TextField()
        origin = TextField(default='web')
        state = TextField(default='received')
        revision = IntegerField(default=0)
        name = TextField()
        phone = TextField(default='')
        email = TextField(default='')
        language = TextField(default='id')
        nik = TextField(null=True)
        nik_mark = TextField(index=True, null=True)
        description = TextField(default='')
        answers = JSONField(default=dict)
        filed_by = ForeignKeyField(Person, null=True)
        created_at = DateTimeField(index=True)
        working_days = IntegerField(null=True)
        clock_from = DateTimeField(null=True)
        due_on = DateField(null=True)
        assignee = ForeignKeyField(Person, null=True)
        news_at = DateTimeField(null=True)
        pickup_place = TextField(default='')
        closed_at = DateTimeField(index=True, null=True)
        surveyed_at = DateTimeField(null=True)
        redacted_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'service_request'
            indexes = ((('office', 'state', 'due_on'), False), (('service', 'closed_at'), False))
    db.create_tables([ServiceRequest])

    class Appointment(Model):
        request = ForeignKeyField(ServiceRequest)
        office = ForeignKeyField(Office)
        starts_at = DateTimeField(index=True)
        ends_at = DateTimeField()
        seat = IntegerField(null=True)
        state = TextField(default='booked')
        booked_at = DateTimeField()
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'appointment'
            indexes = ((('office', 'starts_at', 'seat'), True),)
    db.create_tables([Appointment])

    class BoxPickup(Model):
        box = ForeignKeyField(DropBox)
        at = DateTimeField()
        first_name = TextField()
        second_name = TextField()
        letters = IntegerField()
        quarantined_until = DateTimeField(null=True)
        noted_at = DateTimeField()
        noted_by = ForeignKeyField(Person)
        class Meta:
            database = db
            table_name = 'box_pickup'
    db.create_tables([BoxPickup])

    class BoxItem(Model):
        pickup = ForeignKeyField(BoxPickup)
        request = ForeignKeyField(ServiceRequest)
        was_announced = BooleanField(default=True)
        note = TextField(default='')
        handled_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'box_item'
            indexes = ((('pickup', 'request'), True),)
    db.create_tables([BoxItem])

    class BoxService(Model):
        box = ForeignKeyField(DropBox)
        service = ForeignKeyField(Service)
        class Meta:
            database = db
            table_name = 'box_service'
            indexes = ((('box', 'service'), True),)
    db.create_tables([BoxService])

    class CannedAnswer(Model):
        title = TextField()
        text = TextField()
        use = TextField(default='message')
        office = ForeignKeyField(Office, null=True)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'canned_answer'
    db.create_tables([CannedAnswer])

    class ClosureService(Model):
        closure = ForeignKeyField(Closure)
        service = TextField()
        name = TextField()
        class Meta:
            database = db
            table_name = 'closure_service'
            indexes = ((('closure', 'service'), True),)
    db.create_tables([ClosureService])

    class InboundLetter(Model):
        message_id = TextField(unique=True)
        received_at = DateTimeField()
        sender = TextField(default='')
        subject = TextField(default='')
        outcome = TextField()
        detail = TextField(default='')
        request = ForeignKeyField(ServiceRequest, null=True)
        class Meta:
            database = db
            table_name = 'inbound_letter'
    db.create_tables([InboundLetter])

    class Opinion(Model):
        office = ForeignKeyField(Office)
        service = ForeignKeyField(Service)
        month = DateField(index=True)
        requirements = IntegerField()
        procedure = IntegerField()
        time = IntegerField()
        cost = IntegerField()
        product = IntegerField()
        competence = IntegerField()
        conduct = IntegerField()
        complaints = IntegerField()
        facilities = IntegerField()
        comment = TextField(default='')
        class Meta:
            database = db
            table_name = 'opinion'
    db.create_tables([Opinion])

    class Particular(Model):
        service = ForeignKeyField(Service)
        place = IntegerField()
        label = TextField()
        hint = TextField(default='')
        kind = TextField(default='text')
        options = JSONField(default=list)
        is_required = BooleanField(default=False)
        is_sensitive = BooleanField(default=False)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'particular'
    db.create_tables([Particular])

    class Pause(Model):
        request = ForeignKeyField(ServiceRequest)
        since = DateTimeField()
        until = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'pause'
    db.create_tables([Pause])

    class RequestDraft(Model):
        key = TextField(unique=True)
        typed = TextField()
        saved_at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'request_draft'
    db.create_tables([RequestDraft])

    class RequestEvent(Model):
        request = ForeignKeyField(ServiceRequest)
        at = DateTimeField()
        what = TextField()
        by = TextField(default='')
        by_id = IntegerField(null=True)
        text = TextField(default='')
        facts = JSONField(default=dict)
        is_internal = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'request_event'
    db.create_tables([RequestEvent])

    class RequestFile(Model):
        request = ForeignKeyField(ServiceRequest)
        event = ForeignKeyField(RequestEvent, null=True)
        attachment = ForeignKeyField(Attachment)
        is_result = BooleanField(default=False)
        is_internal = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'request_file'
    db.create_tables([RequestFile])

    class Requirement(Model):
        service = ForeignKeyField(Service)
        place = IntegerField()
        text = TextField()
        form = TextField(default='copy')
        class Meta:
            database = db
            table_name = 'requirement'
    db.create_tables([Requirement])

    class ServiceOffice(Model):
        service = ForeignKeyField(Service)
        office = ForeignKeyField(Office)
        is_given = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'service_office'
            indexes = ((('service', 'office'), True),)
    db.create_tables([ServiceOffice])

