"""Closures as the public may read them: the same facts for page, feed, calendar and interface."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from peewee import JOIN

from portal.offices.closures import REASONS, services_of, status
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, DropBox, Office
from portal.offices.telling import period_of, window_of
from portal.words import Sentence


@dataclass(frozen=True)
class Instead:
    """Where one is served meanwhile: for a service (empty: for all), at an office (its slug) or a place in words, on dated days or throughout."""

    service: str
    slug: str
    place: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Meanwhile:
    """What works while something is closed: places that serve instead, drop boxes, online; without a say (none) a channel works as on any day."""

    instead: list[Instead]
    boxes: list[str]  # the places of drop boxes that can be used
    online: bool | None
    dropbox: bool | None
    services: list[str]  # what alone is closed; without any all is

    @property
    def has_online(self) -> bool:
        """Whether online and e-mail go on."""
        return self.online is not False

    @property
    def has_dropbox(self) -> bool:
        return bool(self.dropbox or self.boxes)


@dataclass(frozen=True)
class Record:
    """One closure as the public may read it: the same facts for page, feed, calendar and interface."""

    closure: Closure
    status: str
    window: Sentence
    period: Sentence  # the same with the zone named
    reason: Sentence
    taken: list[tuple[str, str]]  # slug and name of the offices
    excepted: list[tuple[str, str]]
    services: dict[str, str]  # slug -> name of those that it takes; without any it takes the offices whole
    instead: list[Instead]
    boxes: list[str]  # the places of drop boxes that can be used meanwhile
    events: list[ClosureEvent]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.closure.timezone)

    @property
    def diversions(self) -> list[tuple[str, str, str]]:
        """Service, slug and place of each diversion."""
        return [(each.service, each.slug, each.place) for each in self.instead]

    @property
    def meanwhile(self) -> Meanwhile:
        return Meanwhile(self.instead, self.boxes, self.closure.online, self.closure.dropbox, list(self.services.values()))

    @property
    def is_total(self) -> bool:
        """Whether nothing at all works of what it takes."""
        return not (self.meanwhile.has_online or self.meanwhile.has_dropbox or self.instead)

    @property
    def changed_at(self) -> datetime:
        return self.events[-1].at if self.events else self.closure.declared_at


def records(closures: Iterable[Closure], now: datetime) -> list[Record]:
    """Closures with their offices, diversions, boxes and history, in six queries however many they are."""
    held = list(closures)
    ids = [closure.id for closure in held] or [0]
    marks, services = _marks(ids), services_of(ids)
    instead, boxes, events = _instead(ids, services), _boxes(held), _events(ids)
    return [
        Record(closure, status(closure, now), window_of(closure, now), period_of(closure, now), Sentence(REASONS[closure.reason]),
               _marked(marks[closure.id], excepted=False), _marked(marks[closure.id], excepted=True), services.get(closure.id, {}), instead[closure.id],
               boxes.get(closure.id, []), events[closure.id])
        for closure in held]  # fmt: skip


def _marks(ids: list[int]) -> dict[int, list[tuple[str, str, bool]]]:
    found: dict[int, list[tuple[str, str, bool]]] = {id: [] for id in ids}
    rows = ClosureMark.select(ClosureMark.closure, Office.slug, Office.name, ClosureMark.is_excepted).join(Office).where(ClosureMark.closure.in_(ids))
    for closure, slug, name, is_excepted in rows.order_by(Office.name, Office.id).tuples():
        found[closure].append((slug, name, is_excepted))
    return found


def _instead(ids: list[int], services: dict[int, dict[str, str]]) -> dict[int, list[Instead]]:
    found: dict[int, list[Instead]] = {id: [] for id in ids}
    columns = (Diversion.closure, Diversion.service, Office.slug, Office.name, Diversion.place, Diversion.first_day, Diversion.last_day)
    rows = Diversion.select(*columns).join(Office, JOIN.LEFT_OUTER).where(Diversion.closure.in_(ids)).order_by(Diversion.id)
    for closure, service, slug, name, place, first_day, last_day in rows.tuples():
        found[closure].append(Instead(services.get(closure, {}).get(service, service), slug or "", name or place, first_day, last_day))
    return found


def _boxes(closures: list[Closure]) -> dict[int, list[str]]:
    """The boxes that stand at the offices of each closure that leaves them in use."""
    ids = [closure.id for closure in closures if closure.dropbox is not False] or [0]
    is_taken = ClosureMark.closure.in_(ids) & ~ClosureMark.is_excepted & DropBox.ended_at.is_null()
    rows = ClosureMark.select(ClosureMark.closure, DropBox.place).join(DropBox, on=(DropBox.office == ClosureMark.office)).where(is_taken)
    found: dict[int, list[str]] = {}
    for closure, place in rows.order_by(DropBox.id).tuples():
        found.setdefault(closure, []).append(place)
    return found


def _events(ids: list[int]) -> dict[int, list[ClosureEvent]]:
    found: dict[int, list[ClosureEvent]] = {id: [] for id in ids}
    for event in ClosureEvent.select().where(ClosureEvent.closure.in_(ids)).order_by(ClosureEvent.at, ClosureEvent.id):
        found[event.closure_id].append(event)
    return found


def _marked(marks: list[tuple[str, str, bool]], *, excepted: bool) -> list[tuple[str, str]]:
    return [(slug, name) for slug, name, is_excepted in marks if is_excepted == excepted]
