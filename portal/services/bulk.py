"""The same act on several requests: each in a transaction of its own, each with the checks that it has singly, each with what became of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.audit import Actor
from portal.offices.models import Office
from portal.people.models import Person
from portal.refusals import NotFound, Refused, plain
from portal.services import handling, inbox, passing
from portal.services.inbox import Desk
from portal.services.models import Service, ServiceRequest
from portal.services.particulars import MOST_TEXT
from portal.words import Sentence

CLAIM, ASSIGN, NOTE, DONE = "claim", "assign", "note", "done"
ACTS = (CLAIM, ASSIGN, NOTE, DONE)
Picked = tuple[int, int | None]  # a request, and the revision that the list has shown


@dataclass(frozen=True)
class Order:
    """What is to be done with each, by whom, and what was typed for it."""

    act: str
    officer: Person
    by: Actor
    now: datetime
    to: str = ""  # the identifier of a colleague, for assigning
    text: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one request; refused ones say why."""

    request: ServiceRequest
    refusal: Sentence | None = None


def carry_out(order: Order, picked: Iterable[Picked], desk: Desk) -> list[Outcome]:
    """Do it to each request of the desk that was picked, in the order of the list; NotFound where none of them is the desk's."""
    if order.act not in ACTS:
        raise Refused(Sentence("Pilih apa yang dilakukan dengan permohonan ini."), field="act")
    seen = dict(picked)
    if not seen:
        raise Refused(Sentence("Belum ada permohonan yang dipilih. Centang dulu di daftar."), field="permohonan")
    if order.act == ASSIGN and not order.to:
        raise Refused(Sentence("Pilih pegawainya dulu."), field="officer")
    if order.act == NOTE:
        plain(order.text, field="note", limit=MOST_TEXT, required=True)
    rows = {row.id: row for row in found(seen, desk)}
    if not rows:
        raise NotFound(Sentence("Permohonan ini tidak ada di meja Anda."))
    return [_done(order, rows[id], revision) for id, revision in seen.items() if id in rows]


def found(ids: Iterable[int], desk: Desk) -> list[ServiceRequest]:
    """Those of these requests that are the desk's, with service and office; one question."""
    rows = ServiceRequest.select(ServiceRequest, Service, Office).join(Service).switch(ServiceRequest).join(Office)
    return [row for row in rows.where(ServiceRequest.id.in_(list(ids) or [0])).order_by(ServiceRequest.id) if inbox.is_on(desk, row)]


def _done(order: Order, row: ServiceRequest, seen: int | None) -> Outcome:
    try:
        _DO[order.act](order, row, seen)
    except Refused as refusal:
        return Outcome(row, refusal.sentence)
    return Outcome(row)


def _claim(order: Order, row: ServiceRequest, seen: int | None) -> None:
    handling.claim(row, order.officer, by=order.by, now=order.now)


def _assign(order: Order, row: ServiceRequest, seen: int | None) -> None:
    handling.assign(row, passing.colleague(row, order.to), by=order.by, now=order.now, seen=seen)


def _note(order: Order, row: ServiceRequest, seen: int | None) -> None:
    handling.note(row, order.text, by=order.by, now=order.now)


def _finish(order: Order, row: ServiceRequest, seen: int | None) -> None:
    handling.finish(row, by=order.by, now=order.now, text=order.text, seen=seen)


_DO: dict[str, Callable[[Order, ServiceRequest, int | None], None]] = {CLAIM: _claim, ASSIGN: _assign, NOTE: _note, DONE: _finish}
