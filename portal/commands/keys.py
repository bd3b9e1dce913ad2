"""The keys that seal what must not be readable at rest: a new one, and everything sealed with it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import click
from flask.cli import with_appcontext
from peewee import chunked

from portal import audit, clock, outbox, sealed
from portal.db import is_postgres, transaction
from portal.outbox import Letter
from portal.people.models import Person
from portal.services.models import RequestDraft, ServiceRequest

Anew = Callable[[str, str], str]  # (sealed text, what it is about) -> the text as it shall stand

_ACT, _BY = "keys_rotated", "flask keys"
_BATCH = 100
_SETTLED = timedelta(days=1)  # whoever sealed with a key before its successor was there has committed it long before
_SHOWN = 10


@dataclass(frozen=True)
class Place:
    """A column that holds sealed texts: its value with each text as `anew` gives it, and which rows have any."""

    column: Any
    value: Callable[[Any, Anew], Any]
    where: tuple[Any, ...] = ()


def _token(letter: Letter, anew: Anew) -> Any:
    facts = letter.facts
    return {**facts, outbox.SECRET: anew(facts[outbox.SECRET], f"link {facts.get('link')}")} if outbox.SECRET in facts else facts


def _answers(request: ServiceRequest, anew: Anew) -> Any:
    return {id: {**answer, "sealed": anew(answer["sealed"], f"answer {request.number} {id}")} if isinstance(answer, dict) and "sealed" in answer else answer
            for id, answer in request.answers.items()}  # fmt: skip


# Whoever seals a text somewhere else adds the place here; `about` is said as where it is sealed. A test compares the two.
PLACES = (
    Place(Person.totp_secret, lambda row, anew: anew(row.totp_secret, f"totp {row.id}"), (Person.totp_secret.is_null(False),)),
    Place(Letter.facts, _token, (Letter.state.not_in([outbox.SENT, outbox.REACHED]),)),
    Place(ServiceRequest.nik, lambda row, anew: anew(row.nik, f"nik {row.number}"), (ServiceRequest.nik.is_null(False),)),
    Place(ServiceRequest.answers, _answers),
    Place(RequestDraft.typed, lambda row, anew: anew(row.typed, f"draft {row.key}")),
)


@dataclass
class _Rotation:
    """What one run does: under which mark texts stand afterwards, how many it sealed, and which open under no key."""

    mark: str
    texts: int = 0
    shut: set[str] = field(default_factory=set)

    def anew(self, text: str, about: str) -> str:
        if sealed.mark_of(text) == self.mark:
            return text
        try:
            made = sealed.seal(sealed.unseal(text, about=about), about=about)
        except sealed.Unreadable:
            self.shut.add(about)
            return text
        self.texts += 1
        return made


@click.group("keys")
def key_group() -> None:
    """The keys that seal personal data and secrets in the database."""


@key_group.command("list")
@with_appcontext
def show() -> None:
    """Each key by its mark, oldest first: since when, and how many texts bear it."""
    tally = _tally()
    for number, key in enumerate(sealed.ring()):
        since = f"{key.made_at:%Y-%m-%d %H:%M} UTC" if number else "from SECRET_KEY"
        click.echo(f"{key.mark}  {since:20}  {tally.pop(key.mark, 0)} texts")
    for mark, count in tally.items():
        click.echo(f"{mark}  {'not in the ring':20}  {count} texts")


@key_group.command()
@click.option("--leave-unreadable", is_flag=True, help="Go on although there are texts that no key opens; they stay as they are.")
@with_appcontext
def rotate(leave_unreadable: bool) -> None:
    """Make a new key and seal everything with it, or go on where that was interrupted. The portal may run meanwhile."""
    try:
        with sealed.alone():
            _rotate(leave_unreadable, now=clock.now())
    except sealed.RingError as error:
        raise click.ClickException(str(error)) from None


def _rotate(leave_unreadable: bool, *, now: datetime) -> None:
    before = _tally()
    unknown = set(before) - {key.mark for key in sealed.ring()}
    if unknown and not leave_unreadable:
        # A new ring now, and the one that opens these texts could only be put back over it.
        raise click.ClickException(f"{sum(before[mark] for mark in unknown)} texts were sealed with a key that is not in the ring. Put back the ring and the "
                                   "SECRET_KEY that belong to this database, or let them be with --leave-unreadable.")  # fmt: skip
    run = _Rotation((_unfinished() or sealed.add_key(now=now)).mark)
    _sweep(run, _BATCH)
    _sweep(run, 1)  # what somebody held, and what was being written when the key was new
    after = _tally()
    with transaction():
        audit.record(_ACT, "sealing_key", run.mark, by=_BY, now=now, after={"texts": after[run.mark]})
    _say(run, _drop(before + after, now))


def _unfinished() -> sealed.Key | None:
    """The newest key where an earlier run was interrupted: of one that is through, the trail tells."""
    *earlier, newest = sealed.ring()
    trail = audit.AuditEntry.select().where(audit.AuditEntry.act == _ACT, audit.AuditEntry.object_id == newest.mark)
    return newest if earlier and not trail.exists() else None


def _sweep(run: _Rotation, size: int) -> None:
    """Seal anew what bears another mark, so many rows in a transaction."""
    for place in PLACES:
        older = (row.id for row in _rows(place) if set(_marks(place, row)) - {run.mark})
        for ids in chunked(older, size):
            began = time.monotonic()
            with transaction():
                _seal_rows(place, list(ids), run)
            # SQLite's writers do not stand in a queue: without a pause they would hardly ever find it free.
            time.sleep(time.monotonic() - began)


def _seal_rows(place: Place, ids: list[int], run: _Rotation) -> None:
    table = place.column.model
    rows = table.select().where(table.id.in_(ids))
    if is_postgres():
        # While it holds some rows it waits for no other: so it never stands in a circle of people who wait for one another.
        rows = rows.for_update("FOR NO KEY UPDATE SKIP LOCKED" if len(ids) > 1 else "FOR NO KEY UPDATE")
    for row in list(rows):
        value = place.value(row, run.anew)
        if value != getattr(row, place.column.name):
            table.update({place.column: value}).where(table.id == row.id).execute()


def _drop(borne: Counter[str], now: datetime) -> list[str]:
    """Forget the keys that nothing bore before this run nor after it, and that were followed by another long ago."""
    later = sealed.ring()[1:]
    idle = [key.mark for key, successor in pairwise(later) if not borne[key.mark] and successor.made_at <= now - _SETTLED]
    if idle:
        sealed.drop_keys(set(idle))
    return idle


def _say(run: _Rotation, dropped: list[str]) -> None:
    click.echo(f"{run.texts} texts sealed anew with key {run.mark}")
    for mark in dropped:
        click.echo(f"key {mark} dropped: nothing bears it any more")
    if run.shut:
        click.echo(f"warning: {len(run.shut)} texts open under no key and stay as they are: {', '.join(sorted(run.shut)[:_SHOWN])}", err=True)


def _tally() -> Counter[str]:
    """How many texts bear which mark."""
    return Counter(mark for place in PLACES for row in _rows(place) for mark in _marks(place, row))


def _marks(place: Place, row: Any) -> list[str]:
    found: list[str] = []

    def note(text: str, about: str) -> str:
        found.append(sealed.mark_of(text))
        return text

    place.value(row, note)
    return found


def _rows(place: Place) -> Iterator[Any]:
    """The rows that may have a sealed text, some at a time: no statement stays open while others write."""
    table, last = place.column.model, 0
    while page := list(table.select().where(*place.where, table.id > last).order_by(table.id).limit(_BATCH)):
        yield from page
        last = page[-1].id


COMMANDS = (key_group,)
