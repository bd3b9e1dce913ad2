"""Closures as the public may read them: the same facts for page, feed, calendar and interface."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from peewee import JOIN

from portal.offices.closures import REASONS, services_of, status
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office
from portal.offices.telling import window_of
from portal.words import Sentence


@dataclass(frozen=True)
class Record:
    """One closure as the public may read it: the same facts for page, feed, calendar and interface."""

    closure: Closure
    status: str
    window: Sentence
    reason: Sentence
    taken: list[tuple[str, str]]  # slug and name of the offices
    excepted: list[tuple[str, str]]
    services: dict[str, str]  # slug -> name of those that it takes; without any it takes the offices whole
    diversions: list[tuple[str, str, str]]  # service, slug, place
    events: list[ClosureEvent]

    @property
    def changed_at(self) -> datetime:
        return self.events[-1].at if self.events else self.closure.declared_at


def records(closures: Iterable[Closure], now: datetime) -> list[Record]:
    """Closures with their offices, diversions and history, in five queries however many they are."""
    held = list(closures)
    ids = [closure.id for closure in held] or [0]
    marks: dict[int, list[tuple[str, str, bool]]] = {id: [] for id in ids}
    rows = ClosureMark.select(ClosureMark.closure, Office.slug, Office.name, ClosureMark.is_excepted).join(Office).where(ClosureMark.closure.in_(ids))
    for closure, slug, name, is_excepted in rows.order_by(Office.name, Office.id).tuples():
        marks[closure].append((slug, name, is_excepted))
    services = services_of(ids)
    detours: dict[int, list[tuple[str, str, str]]] = {id: [] for id in ids}
    said = Diversion.select(Diversion.closure, Diversion.service, Office.slug, Office.name, Diversion.place).join(Office, JOIN.LEFT_OUTER)
    for closure, service, slug, name, place in said.where(Diversion.closure.in_(ids)).order_by(Diversion.id).tuples():
        detours[closure].append((services.get(closure, {}).get(service, service), slug or "", name or place))
    events: dict[int, list[ClosureEvent]] = {id: [] for id in ids}
    for event in ClosureEvent.select().where(ClosureEvent.closure.in_(ids)).order_by(ClosureEvent.at, ClosureEvent.id):
        events[event.closure_id].append(event)
    return [
        Record(closure, status(closure, now), window_of(closure), Sentence(REASONS[closure.reason]), _marked(marks[closure.id], excepted=False),
               _marked(marks[closure.id], excepted=True), services.get(closure.id, {}), detours[closure.id], events[closure.id])
        for closure in held]  # fmt: skip


def _marked(marks: list[tuple[str, str, bool]], *, excepted: bool) -> list[tuple[str, str]]:
    return [(slug, name) for slug, name, is_excepted in marks if is_excepted == excepted]
