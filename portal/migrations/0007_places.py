"""A number that rises when an office changes, beside that of all that the public sees."""

from peewee import *
from playhouse.migrate import *

def up(migrator, db):
    migrator.migrate(migrator.add_column('board_version', 'places', IntegerField(default=0)))
