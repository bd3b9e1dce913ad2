import importlib
import pkgutil
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

import portal
from portal import db

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def tables() -> list[type[db.Table]]:
    """Every table of the portal, whichever module keeps it."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [db.Table]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += [each for each in below if each.__module__.startswith("portal.")]
        waiting += below
    return found


def test_the_schema_that_migrations_make_is_the_one_that_the_models_mean(tables: list[type[db.Table]]):
    assert len(tables) > 10
    assert str(diff_models(db.database.obj, tables)) == ""


def test_columns_may_be_empty_where_the_model_says_so_and_point_where_it_points(tables: list[type[db.Table]]):
    for table in tables:
        name, fields = table._meta.table_name, table._meta.sorted_fields
        columns = {column.name: column.null for column in db.database.get_columns(name) if not column.primary_key}
        assert columns == {field.column_name: field.null for field in fields if not field.primary_key}, name
        points = {(key.column, key.dest_table) for key in db.database.get_foreign_keys(name)}
        assert points == {(field.column_name, field.rel_model._meta.table_name) for field in table._meta.refs}, name


def test_nothing_is_pending_after_a_migration_and_a_second_one_does_nothing():
    assert db.pending_migrations() == []
    assert db.migrate() == []


def test_migrations_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in Path(db.MIGRATIONS).glob("[0-9]*.py"))
    assert numbers == list(range(1, len(numbers) + 1))
