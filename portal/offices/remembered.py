"""What follows from the offices as they stand, whatever is open or closed: worked out once, until an office changes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from portal.db import database, is_postgres

_MOST = 300
_VERSION = 'SELECT "places" FROM "board_version"'
_NOTHING: Any = object()
Answer = TypeVar("Answer")


@dataclass
class _Kept:
    version: int = -1
    answers: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)


_KEPT: "WeakKeyDictionary[Any, _Kept]" = WeakKeyDictionary()  # by database


def remembered(what: Hashable, work: Callable[[], Answer]) -> Answer:
    """An answer that depends on the offices, their regions and `what` alone; nobody may change it. Inside a transaction it is always worked out."""
    if database.in_transaction():
        return work()
    version, kept = _version(), _KEPT.setdefault(database.obj, _Kept())
    if kept.version != version:
        kept = _KEPT[database.obj] = _Kept(version)
    answer: Answer = kept.answers.get(what, _NOTHING)
    if answer is _NOTHING:
        answer = kept.answers[what] = work()
        while len(kept.answers) > _MOST:
            with suppress(KeyError):  # another thread was faster
                kept.answers.popitem(last=False)
    return answer


def _version() -> int:
    """Read each time: a page that is kept as one of the newest version must hold nothing of an older one."""
    ask = database.execute_sql if is_postgres() else database.connection().execute  # asked at every page: what peewee does around it would take longer
    row = ask(_VERSION).fetchone()
    return int(row[0]) if row else 0
