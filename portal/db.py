"""The database: one connection a thread, the base of all tables, and the transaction in which every verb writes."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peewee import Database, DatabaseProxy, DateField, DateTimeField, Model, PostgresqlDatabase, SqliteDatabase
from playhouse.db_url import connect
from playhouse.migrations import Runner

database = DatabaseProxy()
MIGRATIONS = Path(__file__).parent / "migrations"

_SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -8000}


class Table(Model):
    """Base of all tables."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False


class _Column:
    """Tells the type checker that a row holds the value, not the column."""

    if TYPE_CHECKING:

        def __get__(self, row: object, table: type) -> Any: ...

        def __set__(self, row: object, value: Any) -> None: ...


class Moment(_Column, DateTimeField):
    """A moment in UTC: aware in Python, the same text on both databases."""

    def db_value(self, value: datetime | None) -> str | None:
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if value is not None else None

    def python_value(self, value: Any) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class Day(_Column, DateField):
    """A calendar day."""

    def db_value(self, value: date | None) -> str | None:
        return value.isoformat() if value is not None else None

    def python_value(self, value: Any) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


def use(url: str) -> Database:
    """Bind the portal to a database; connections open when a thread first needs one and are kept."""
    facts: dict[str, Any] = {"pragmas": _SQLITE_PRAGMAS, "lock_type": "IMMEDIATE", "timeout": 15} if url.startswith("sqlite:") else {"prefer_psycopg3": True}
    made = connect(url, **facts)
    database.initialize(made)
    return made


def ready_connection() -> None:
    """Open this thread's connection if it has none, and drop one that a restarted server left dead."""
    if is_postgres() and not database.is_closed() and database.connection().closed:
        database.close()
    database.connect(reuse_if_open=True)


def transaction() -> AbstractContextManager[Any]:
    """All or nothing; inside another one a savepoint."""
    return database.atomic()


def is_postgres() -> bool:
    return isinstance(database.obj, PostgresqlDatabase)


def is_sqlite() -> bool:
    return isinstance(database.obj, SqliteDatabase)


def migrate() -> list[str]:
    """Bring the schema up to date; the names of what was applied."""
    return Runner(database.obj, str(MIGRATIONS)).up()


def pending_migrations() -> list[str]:
    return [step.name for step in Runner(database.obj, str(MIGRATIONS)).status() if not step.applied]


def locked(query: Any) -> Any:
    """The rows of a query, held until the transaction ends: SQLite's one writer holds them all already."""
    return query.for_update() if is_postgres() else query


def held(table: type[Table], *, patience: str = "15s") -> None:
    """Nobody else writes to a table until the transaction ends; OperationalError where it does not come free in time. SQLite's one writer holds all already."""
    if is_postgres():
        database.execute_sql(f"SET LOCAL lock_timeout = '{patience}'")
        database.execute_sql(f'LOCK TABLE "{table._meta.table_name}" IN SHARE ROW EXCLUSIVE MODE')
        database.execute_sql("SET LOCAL lock_timeout = 0")
