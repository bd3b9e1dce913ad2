"""Who did what to what: appended in the transaction that does it, sealed later in hash-linked batches, never changed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from peewee import IntegerField, JSONField, OperationalError, TextField

from portal.db import Moment, Question, Table, held, slot, transaction

_BATCH = 500
_BEGINNING = "0" * 64
_PATIENCE = "200ms"  # those who write wait behind a sealer that waits
VEIL = "•••"


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, perhaps in another's place, from an address."""

    name: str
    person_id: int | None = None
    acting_for_id: int | None = None
    address: str = ""

    def __str__(self) -> str:
        return self.name


By = Actor | str  # a plain name is a program
Facts = dict[str, Any] | None


class AuditEntry(Table):
    """One act. Plain numbers, no keys to other tables: the trail outlives what it speaks of."""

    at = Moment(index=True)
    act = TextField(index=True)
    actor = TextField()
    actor_id = IntegerField(null=True, index=True)
    acting_for_id = IntegerField(null=True)
    address = TextField(default="")
    kind = TextField()
    object_id = TextField(default="", index=True)
    label = TextField(default="")
    before = JSONField(null=True)
    after = JSONField(null=True)


class AuditSeal(Table):
    """A batch of entries with the digest of each, linked to the batch before."""

    at = Moment()
    entries = JSONField()  # [[id, digest], …]
    previous = TextField()
    digest = TextField()


_COLUMNS = tuple(field for field in AuditEntry._meta.sorted_fields if field.name != "id")
_APPEND = Question(lambda: AuditEntry.insert({field: slot(field.name) for field in _COLUMNS}))


def record(act: str, kind: str, object_id: object, *, by: By, now: datetime, label: str = "", before: Facts = None, after: Facts = None) -> None:
    """Append an act; of sensitive fields callers give only that they changed (veiled)."""
    _APPEND.run(**_row(act, kind, object_id, by=by, now=now, label=label, before=before, after=after))


def record_all(act: str, kind: str, acts: Iterable[tuple[object, str, Facts, Facts]], *, by: By, now: datetime) -> None:
    """Append the same act on many objects: (object_id, label, before, after)."""
    rows = (_row(act, kind, object_id, by=by, now=now, label=label, before=before, after=after) for object_id, label, before, after in acts)
    while batch := list(islice(rows, _BATCH)):
        AuditEntry.insert_many(batch).execute()


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states only what differs."""
    differing = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in differing}, {name: after[name] for name in differing}


def veiled(facts: dict[str, Any], *sensitive: str) -> dict[str, Any]:
    """The facts with the sensitive ones hidden: whether there is one shows, what it is does not, so that the trail can be kept for ever."""
    return {name: VEIL if name in sensitive and value else value for name, value in facts.items()}


def seal(*, now: datetime) -> int:
    """Seal what is not sealed yet; how many entries that were. What is being written this moment waits for the next time."""
    count = 0
    while sealed := _seal_batch(now):
        count += sealed
    return count


def broken() -> Iterator[str]:
    """What is wrong with the trail, the first broken row first; nothing where it is whole."""
    previous, sealed_to, number = _BEGINNING, None, 0
    while batch := AuditSeal.select().where(AuditSeal.id > number).order_by(AuditSeal.id).first():
        if batch.previous != previous or batch.digest != _chain(batch):
            yield f"seal {batch.id} does not follow from the one before it"
        yield from _broken_in(batch.entries, sealed_to)
        previous, sealed_to, number = batch.digest, batch.entries[-1][0], batch.id


def head() -> str:
    """The digest of the latest seal: noted elsewhere, it shows later that the end of the trail was not cut off."""
    last = _last_seal()
    return last.digest if last else _BEGINNING


def digest_of(entry: AuditEntry) -> str:
    """The hash of all that an entry says."""
    facts = {**entry.__data__, "at": entry.at.isoformat()}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _row(act: str, kind: str, object_id: object, *, by: By, now: datetime, label: str, before: Facts, after: Facts) -> dict[str, Any]:
    actor = by if isinstance(by, Actor) else Actor(by)
    return {"at": now, "act": act, "actor": actor.name, "actor_id": actor.person_id, "acting_for_id": actor.acting_for_id, "address": actor.address,
            "kind": kind, "object_id": str(object_id), "label": label, "before": _plain(before), "after": _plain(after)}  # fmt: skip


def _seal_batch(now: datetime) -> int:
    """Seal the next entries. A smaller id may be committed after a larger one, so nobody may be about to write: else they wait, sealed or not, for ever."""
    try:
        with transaction():
            held(AuditEntry, patience=_PATIENCE)
            last = _last_seal()
            previous, sealed_to = (last.digest, last.entries[-1][0]) if last else (_BEGINNING, 0)
            batch = list(AuditEntry.select().where(AuditEntry.id > sealed_to).order_by(AuditEntry.id).limit(_BATCH))
            if batch:
                made = AuditSeal(at=now, entries=[[entry.id, digest_of(entry)] for entry in batch], previous=previous)
                made.digest = _chain(made)
                made.save()
            return len(batch)
    except OperationalError:
        return 0


def _last_seal() -> AuditSeal | None:
    return AuditSeal.select().order_by(AuditSeal.id.desc()).first()


def _broken_in(entries: list[list[Any]], sealed_to: int | None) -> Iterator[str]:
    """What is wrong with the entries of one seal, and with those that lie between it and the seal before."""
    digests = dict(entries)
    here = AuditEntry.id <= entries[-1][0]
    held_now = {entry.id: entry for entry in AuditEntry.select().where(here if sealed_to is None else here & (AuditEntry.id > sealed_to))}
    for id in sorted({*digests, *held_now}):
        if id not in held_now:
            yield f"entry {id} is missing"
        elif id not in digests:
            yield f"entry {id} was put in later"
        elif digest_of(held_now[id]) != digests[id]:
            yield f"entry {id} was changed ({held_now[id].act}, {held_now[id].at:%Y-%m-%d %H:%M:%S} UTC)"


def _chain(batch: AuditSeal) -> str:
    return hashlib.sha256(json.dumps([batch.previous, batch.at.astimezone(UTC).isoformat(), batch.entries]).encode()).hexdigest()


def _plain(facts: Facts) -> Facts:
    return None if facts is None else {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}
