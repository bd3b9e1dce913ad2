"""What makes offices easier to find."""

from peewee import *

def up(migrator, db):
    migrator.migrate(migrator.add_index('office', ('lat',)))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("TRUNCATE office_index")
    else:
        db.execute_sql("DROP TABLE office_index")
        db.execute_sql("CREATE VIRTUAL TABLE office_index USING fts5(key, name, around, prefix='2 3 4')")
    db.execute_sql("CREATE TABLE office_word (word TEXT PRIMARY KEY)")
