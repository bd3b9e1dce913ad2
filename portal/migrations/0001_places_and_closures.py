"""Places, hours, closures, policies; the board's version; the search index."""

from peewee import *


def up(migrator, db):
    class BoardVersion(Model):
        version = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'board_version'
    db.create_tables([BoardVersion])

    class Closure(Model):
        reason = TextField()
        starts_at = DateTimeField(index=True)
        ends_at = DateTimeField(index=True, null=True)
        timezone = TextField()
        is_whole_days = BooleanField(default=True)
        review_on = DateField(null=True)
        is_review_presumed = BooleanField(default=False)
        online = BooleanField(null=True)
        dropbox = BooleanField(null=True)
        note = TextField(default='')
        internal_note = TextField(default='')
        legal_basis = TextField(default='')
        cases_published = IntegerField(null=True)
        override_reason = TextField(default='')
        declared_at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)
        import_key = TextField(unique=True, null=True)
        class Meta:
            database = db
            table_name = 'closure'
    db.create_tables([Closure])

    class ClosureEvent(Model):
        closure = ForeignKeyField(Closure)
        at = DateTimeField(index=True)
        what = TextField()
        by = TextField()
        reason = TextField(default='')
        ends_before = DateTimeField(null=True)
        ends_after = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'closure_event'
    db.create_tables([ClosureEvent])

    class Region(Model):
        code = TextField(primary_key=True)
        parent_code = TextField(index=True, null=True)
        level = TextField()
        name = TextField()
        lat = DoubleField(null=True)
        lon = DoubleField(null=True)
        class Meta:
            database = db
            table_name = 'region'
    db.create_tables([Region])

    class Office(Model):
        slug = TextField(unique=True)
        name = TextField(index=True)
        kind = TextField(default='')
        parent = ForeignKeyField('self', null=True)
        root_id = IntegerField(index=True, null=True)
        region = ForeignKeyField(Region, null=True, column_name='region_code')
        address = TextField(default='')
        lat = DoubleField(null=True)
        lon = DoubleField(null=True)
        timezone = TextField()
        hours = TextField()
        has_own_hours = BooleanField(default=True)
        phone = TextField(default='')
        email = TextField(default='')
        headcount = IntegerField(null=True)
        desks = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'office'
    db.create_tables([Office])

    class ClosureMark(Model):
        closure = ForeignKeyField(Closure)
        office = ForeignKeyField(Office)
        is_excepted = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'closure_mark'
            indexes = ((('closure', 'office'), True),)
    db.create_tables([ClosureMark])

    class Diversion(Model):
        closure = ForeignKeyField(Closure)
        service = TextField(default='')
        office = ForeignKeyField(Office, null=True)
        place = TextField(default='')
        first_day = DateField(null=True)
        last_day = DateField(null=True)
        class Meta:
            database = db
            table_name = 'diversion'
    db.create_tables([Diversion])

    class DropBox(Model):
        office = ForeignKeyField(Office)
        place = TextField()
        hours = TextField(default='')
        class Meta:
            database = db
            table_name = 'drop_box'
    db.create_tables([DropBox])

    class Heartbeat(Model):
        process = TextField(unique=True)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'heartbeat'
    db.create_tables([Heartbeat])

    class Holiday(Model):
        day = DateField(index=True)
        name = TextField()
        region = ForeignKeyField(Region, null=True, column_name='region_code')
        is_joint_leave = BooleanField(default=False)
        is_estimated = BooleanField(default=False)
        is_cancelled = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'holiday'
            indexes = ((('day', 'name', 'region'), True),)
    db.create_tables([Holiday])

    class Policy(Model):
        kind = TextField(index=True)
        value = JSONField()
        office_id = IntegerField(null=True)
        region_code = TextField(null=True)
        first_day = DateField()
        last_day = DateField(null=True)
        name = TextField()
        legal_basis = TextField()
        set_at = DateTimeField()
        set_by = TextField()
        class Meta:
            database = db
            table_name = 'policy'
    db.create_tables([Policy])

    class SpecialHours(Model):
        office = ForeignKeyField(Office)
        first_day = DateField()
        last_day = DateField(index=True)
        hours = TextField(default='')
        note = TextField(default='')
        class Meta:
            database = db
            table_name = 'special_hours'
    db.create_tables([SpecialHours])

    db.execute_sql("INSERT INTO board_version (version) VALUES (1)")
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("CREATE TABLE office_index (office_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        db.execute_sql("CREATE INDEX office_index_words ON office_index USING gin (words)")
    else:
        db.execute_sql("CREATE VIRTUAL TABLE office_index USING fts5(words, prefix='2 3 4')")
