"""That the worker lives: a row it renews, which /siap reads."""

from datetime import datetime, timedelta

from peewee import TextField

from portal.db import Moment, Table, transaction

EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)


class Heartbeat(Table):
    """When a kind of process last said that it lives."""

    process = TextField(unique=True)
    at = Moment()


def beat(process: str, *, now: datetime) -> None:
    """Say that a process lives."""
    with transaction():
        Heartbeat.insert(process=process, at=now).on_conflict(conflict_target=[Heartbeat.process], update={Heartbeat.at: now}).execute()


def last(process: str) -> datetime | None:
    """When a process last said that it lives; nothing where it never did."""
    found = Heartbeat.get_or_none(Heartbeat.process == process)
    return found.at if found is not None else None


def is_alive(process: str, *, now: datetime) -> bool:
    at = last(process)
    return at is not None and now - at < SILENT_AFTER
