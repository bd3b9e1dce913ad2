"""What follows from the offices as they stand, whatever is open or closed: worked out once, until an office changes."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from portal import db
from portal.db import database, is_postgres

_MOST = 300
_UNREAD = 0.02  # seconds for which the version read last is taken to hold, while no transaction of this process has ended
_VERSION = 'SELECT "places" FROM "board_version"'
_NOTHING: Any = object()
Answer = TypeVar("Answer")


@dataclass
class _Kept:
    version: int = -1
    read: tuple[int, float] = (-1, 0.0)  # when the version was read: before which transaction of this process, and at what moment
    answers: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)


_KEPT: "WeakKeyDictionary[Any, _Kept]" = WeakKeyDictionary()  # by database


def remembered(what: Hashable, work: Callable[[], Answer]) -> Answer:
    """An answer that depends on the offices, their regions and `what` alone; nobody may change it. Inside a transaction it is always worked out."""
    if database.in_transaction():
        return work()
    kept = _current()
    answer: Answer = kept.answers.get(what, _NOTHING)
    if answer is _NOTHING:
        answer = kept.answers[what] = work()
        while len(kept.answers) > _MOST:
            with suppress(KeyError):  # another thread was faster
                kept.answers.popitem(last=False)
    return answer


def _current() -> _Kept:
    """What is kept of the present version, which a page asks for several times in a few moments."""
    kept, read = _KEPT.setdefault(database.obj, _Kept()), (db.finished(), time.monotonic())
    if kept.read[0] == read[0] and read[1] - kept.read[1] < _UNREAD:
        return kept
    version = _version()
    if kept.version != version:
        kept = _KEPT[database.obj] = _Kept(version)
    kept.read = read
    return kept


def _version() -> int:
    ask = database.execute_sql if is_postgres() else database.connection().execute  # asked at every page: what peewee does around it would take longer
    row = ask(_VERSION).fetchone()
    return int(row[0]) if row else 0
