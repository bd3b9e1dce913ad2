"""What a closure changed for whom, slots held for those who lost theirs, and who wants to be told of closures."""

from peewee import *
from portal.db import Moment

def up(migrator, db):
    class Appointment(Model):
        class Meta:
            database = db
            table_name = 'appointment'

    class Closure(Model):
        class Meta:
            database = db
            table_name = 'closure'

    class ClosureEvent(Model):
        class Meta:
            database = db
            table_name = 'closure_event'

    class Office(Model):
        class Meta:
            database = db
            table_name = 'office'

    class Region(Model):
        code = TextField(primary_key=True)
        class Meta:
            database = db
            table_name = 'region'

    class ServiceRequest(Model):
        class Meta:
            database = db
            table_name = 'service_request'

    class ClosureEffect(Model):
        closure = ForeignKeyField(Closure)
        event = ForeignKeyField(ClosureEvent)
        request = ForeignKeyField(ServiceRequest)
        at = DateTimeField()
        facts = JSONField()
        letter_key = TextField(index=True, default='')
        revision = IntegerField()
        class Meta:
            database = db
            table_name = 'closure_effect'
            indexes = ((('event', 'request'), True),)
    db.create_tables([ClosureEffect])

    class NewsRound(Model):
        made_at = DateTimeField()
        reached = IntegerField(default=0)
        done_at = DateTimeField(index=True, null=True)
        class Meta:
            database = db
            table_name = 'news_round'
    db.create_tables([NewsRound])

    class News(Model):
        round = ForeignKeyField(NewsRound)
        closure = ForeignKeyField(Closure)
        occasion = TextField()
        facts = JSONField()
        class Meta:
            database = db
            table_name = 'news'
            indexes = ((('round', 'closure'), True),)
    db.create_tables([News])

    class NewsCause(Model):
        round = ForeignKeyField(NewsRound)
        event = ForeignKeyField(ClosureEvent, unique=True, null=True)
        key = TextField(unique=True)
        class Meta:
            database = db
            table_name = 'news_cause'
    db.create_tables([NewsCause])

    class SlotOffer(Model):
        request = ForeignKeyField(ServiceRequest)
        closure = ForeignKeyField(Closure)
        lost = ForeignKeyField(Appointment)
        held = ForeignKeyField(Appointment, null=True)
        office_before = ForeignKeyField(Office)
        channel_before = TextField()
        made_at = DateTimeField()
        answer = TextField(default='')
        answered_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'slot_offer'
            indexes = ((('closure', 'answer'), False), (('request', 'answer'), False))
    db.create_tables([SlotOffer])

    class Subscriber(Model):
        email = TextField(unique=True)
        language = TextField(default='id')
        asked_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'subscriber'
    db.create_tables([Subscriber])

    class Subscription(Model):
        subscriber = ForeignKeyField(Subscriber)
        office = ForeignKeyField(Office, null=True)
        region = ForeignKeyField(Region, null=True, column_name='region_code')
        made_at = DateTimeField()
        confirmed_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'subscription'
            indexes = ((('subscriber', 'office'), True), (('subscriber', 'region'), True))
    db.create_tables([Subscription])

    migrator.migrate(migrator.drop_index('letter', 'letter_state_due_at'))
    migrator.migrate(migrator.add_column('letter', 'rank', IntegerField(default=0)))
    migrator.migrate(migrator.add_index('letter', ('state', 'rank', 'due_at')))

