"""The database: one connection a thread, the base of all tables, and the transaction in which every verb writes."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peewee import (
    SQL,
    BooleanField,
    Database,
    DatabaseProxy,
    DateField,
    DateTimeField,
    JSONField,
    Model,
    NodeList,
    PostgresqlDatabase,
    SqliteDatabase,
    Value,
    fn,
)
from playhouse.db_url import connect
from playhouse.migrations import Runner

database = DatabaseProxy()
_WRITER = threading.RLock()
_PATIENCE = 15  # seconds, as SQLite's own
_numbers, _ended = count(1), [0]
MIGRATIONS = Path(__file__).parent / "migrations"

_SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -2000}


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
        return _stored(value)

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


@dataclass(frozen=True)
class _Slot:
    name: str
    is_list: bool = False

    def filled(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        return _stored(value) if not self.is_list else list(value) if is_postgres() else json.dumps(list(value))


def slot(name: str) -> Value:
    """The place of a value in a question that is written once and asked often."""
    return Value(_Slot(name), converter=False, unpack=False)


def among(column: Any, name: str) -> Any:
    """Whether a column has one of the values of a list, numbers or texts: one place, however many they are."""
    values = Value(_Slot(name, is_list=True), converter=False, unpack=False)
    return column == fn.ANY(values) if is_postgres() else column.in_(NodeList((SQL("(SELECT value FROM json_each("), values, SQL("))")), glue=""))


class Question:
    """A query whose text is made once: making it costs ten times as much as asking it. For what pages and submissions ask again and again."""

    def __init__(self, query: Callable[[], Any]) -> None:
        self._query = query
        self._made: dict[bool, tuple[str, list[Any], list[Any]]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, days and moments as Python knows them."""
        sql, parameters, readings = self._text()
        found = database.execute_sql(sql, _filled(parameters, values)).fetchall()
        return [tuple(cell if read is None else read(cell) for read, cell in zip(readings, row, strict=True)) for row in found]

    def found(self, *tables: type[Table], **values: Any) -> list[Any]:
        """The rows as objects of the tables whose columns were asked for first, in this order, and what was asked for behind them; several are tuples."""
        names = [[field.name for field in table._meta.sorted_fields] for table in tables]
        found = []
        for row in self.rows(**values):
            cells = iter(row)
            each = (*[_object(table, its, cells) for table, its in zip(tables, names, strict=True)], *cells)
            found.append(each if len(each) > 1 else each[0])
        return found

    def run(self, **values: Any) -> int:
        """For a query that writes: how many rows it touched."""
        sql, parameters, _ = self._text()
        return database.execute_sql(sql, _filled(parameters, values)).rowcount

    def run_all(self, rows: Iterable[dict[str, Any]]) -> None:
        """For a query that writes: once for the values of each row. A query of many rows would be made anew each time, at twenty times the cost."""
        filled = [_filled(self._text()[1], values) for values in rows]
        if filled:
            database.cursor().executemany(self._text()[0], filled)

    def _text(self) -> tuple[str, list[Any], list[Any]]:
        if (made := self._made.get(is_postgres())) is None:
            query = self._query()
            made = self._made[is_postgres()] = (*query.sql(), [_reading(column) for column in getattr(query, "_returning", None) or ()])
        return made


def _filled(parameters: list[Any], values: dict[str, Any]) -> list[Any]:
    return [each.filled(values) if isinstance(each, _Slot) else each for each in parameters]


def _reading(column: Any) -> Callable[[Any], Any] | None:
    """How a stored value is read, where that is not as it stands."""
    return column.python_value if isinstance(column, Moment | Day | JSONField | BooleanField) else None


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value


def _object(table: type[Table], names: list[str], cells: Any) -> Any:
    """A row of a table from its cells; nothing where an outer join found none."""
    values = {name: next(cells) for name in names}
    if values["id"] is None:
        return None
    made = table.__new__(table)
    made.__dict__.update(__data__=values, _dirty=set(), __rel__={})
    return made


def use(url: str) -> Database:
    """Bind the portal to a database; connections open when a thread first needs one and are kept."""
    facts: dict[str, Any] = (
        {"pragmas": _SQLITE_PRAGMAS, "lock_type": "IMMEDIATE", "timeout": _PATIENCE} if url.startswith("sqlite:") else {"prefer_psycopg3": True}
    )
    made = connect(url, **facts)
    database.initialize(made)
    return made


def ready_connection() -> None:
    """Open this thread's connection if it has none, and drop one that a restarted server left dead."""
    if is_postgres() and not database.is_closed() and database.connection().closed:
        database.close()
    database.connect(reuse_if_open=True)


@contextmanager
def transaction() -> Iterator[Any]:
    """All or nothing; inside another one a savepoint."""
    # SQLite's one writer: threads that wait for it in turn lose no time, while SQLite itself would let each sleep and try again.
    waits = not is_postgres() and not database.in_transaction()
    has_turn = waits and _WRITER.acquire(timeout=_PATIENCE)
    try:
        with database.atomic() as begun:
            yield begun
    finally:
        if has_turn:
            _WRITER.release()
        if not database.in_transaction():
            _ended[0] = next(_numbers)


def finished() -> int:
    """A number that rises with each transaction that this process has ended: while it stands, only others can have changed anything."""
    return _ended[0]


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
