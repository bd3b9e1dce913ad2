"""People, postings and roles; the audit trail, append-only; letters."""

from peewee import *

def up(migrator, db):
    migrator.migrate(
        migrator.add_column("drop_box", "ended_at", DateTimeField(null=True)),
        migrator.add_column("special_hours", "withdrawn_at", DateTimeField(null=True)),
    )

    class Office(Model):
        class Meta:
            database = db
            table_name = 'office'

    class Person(Model):
        identifier = TextField(unique=True)
        name = TextField()
        email = TextField(default='')
        phone = TextField(default='')
        language = TextField(default='id')
        password_hash = TextField(null=True)
        totp_secret = TextField(null=True)
        totp_since = DateTimeField(null=True)
        totp_step = IntegerField(null=True)
        created_at = DateTimeField()
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'person'
    db.create_tables([Person])

    class Acting(Model):
        superior = ForeignKeyField(Person)
        deputy = ForeignKeyField(Person)
        kind = TextField()
        letter_number = TextField()
        first_day = DateField()
        last_day = DateField()
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'acting'
    db.create_tables([Acting])

    class Attempt(Model):
        subject = TextField(index=True)
        address = TextField(index=True)
        at = DateTimeField(index=True)
        succeeded = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'attempt'
    db.create_tables([Attempt])

    class AuditEntry(Model):
        at = DateTimeField(index=True)
        act = TextField(index=True)
        actor = TextField()
        actor_id = IntegerField(index=True, null=True)
        acting_for_id = IntegerField(null=True)
        address = TextField(default='')
        kind = TextField()
        object_id = TextField(index=True, default='')
        label = TextField(default='')
        before = JSONField(null=True)
        after = JSONField(null=True)
        class Meta:
            database = db
            table_name = 'audit_entry'
    db.create_tables([AuditEntry])

    class AuditSeal(Model):
        at = DateTimeField()
        entries = JSONField()
        previous = TextField()
        digest = TextField()
        class Meta:
            database = db
            table_name = 'audit_seal'
    db.create_tables([AuditSeal])

    class Posting(Model):
        person = ForeignKeyField(Person)
        office = ForeignKeyField(Office)
        position = TextField(default='')
        supervisor = ForeignKeyField(Person, null=True)
        is_main = BooleanField(default=True)
        first_day = DateField()
        last_day = DateField(null=True)
        class Meta:
            database = db
            table_name = 'posting'
    db.create_tables([Posting])

    class Correction(Model):
        posting = ForeignKeyField(Posting)
        proposed = ForeignKeyField(Person)
        reason = TextField()
        asked_at = DateTimeField()
        settled_at = DateTimeField(null=True)
        is_accepted = BooleanField(null=True)
        answer = TextField(default='')
        class Meta:
            database = db
            table_name = 'correction'
    db.create_tables([Correction])

    class Grant(Model):
        person = ForeignKeyField(Person)
        role = TextField()
        office = ForeignKeyField(Office, null=True)
        granted_at = DateTimeField()
        granted_by = TextField()
        revoked_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'grant'
    db.create_tables([Grant])

    class Leave(Model):
        person = ForeignKeyField(Person)
        kind = TextField()
        first_day = DateField()
        last_day = DateField(index=True)
        entered_by = TextField()
        entered_at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'leave'
    db.create_tables([Leave])

    class Letter(Model):
        name = TextField(index=True)
        recipient = TextField()
        email = TextField(default='')
        phone = TextField(default='')
        person_id = IntegerField(null=True)
        office_id = IntegerField(null=True)
        language = TextField(default='id')
        facts = JSONField()
        key = TextField(unique=True)
        state = TextField(default='waits')
        created_at = DateTimeField()
        due_at = DateTimeField()
        claimed_until = DateTimeField(null=True)
        tries = IntegerField(default=0)
        sent_at = DateTimeField(null=True)
        problem = TextField(default='')
        detail = TextField(default='')
        reached_at = DateTimeField(null=True)
        reached_by = TextField(default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'letter'
            indexes = ((('state', 'due_at'), False),)
    db.create_tables([Letter])

    class Link(Model):
        token_hash = TextField(unique=True)
        person = ForeignKeyField(Person)
        kind = TextField()
        created_at = DateTimeField()
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'link'
    db.create_tables([Link])

    class RecoveryCode(Model):
        person = ForeignKeyField(Person)
        code_hash = TextField()
        used_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'recovery_code'
    db.create_tables([RecoveryCode])

    class Session(Model):
        token_hash = TextField(unique=True)
        person = ForeignKeyField(Person)
        created_at = DateTimeField()
        seen_at = DateTimeField(index=True)
        confirmed_at = DateTimeField()
        is_complete = BooleanField(default=True)
        address = TextField(default='')
        device = TextField(default='')
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("""CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""")
        for table in ("audit_entry", "audit_seal"):
            db.execute_sql(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()")
    else:
        for table in ("audit_entry", "audit_seal"):
            for act in ("UPDATE", "DELETE"):
                db.execute_sql(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END")
            # INSERT OR REPLACE takes a row away without asking the trigger on DELETE.
            db.execute_sql(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END")
