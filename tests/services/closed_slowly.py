"""What closures shut, worked out from their rows at one moment after the other: slow, obvious, and on no line of the portal's own reckoning."""

from dataclasses import dataclass
from datetime import datetime

from portal.db import Question
from portal.offices.models import Closure, ClosureMark, ClosureService, DropBox, Office
from portal.services.models import Service

_CLOSURES = Question(lambda: Closure.select(Closure.id, Closure.starts_at, Closure.ends_at, Closure.online, Closure.dropbox)
                     .where(Closure.withdrawn_at.is_null()).order_by(Closure.id))  # fmt: skip
_MARKS = Question(lambda: ClosureMark.select(ClosureMark.closure, ClosureMark.office, ClosureMark.is_excepted))
_SERVICES = Question(lambda: ClosureService.select(ClosureService.closure, ClosureService.service))
_OFFICES = Question(lambda: Office.select(Office.id, Office.parent, Office.timezone, Office.desks))
_BOXES = Question(lambda: DropBox.select(DropBox.office).where(DropBox.ended_at.is_null()))
_CATALOGUE = Question(lambda: Service.select(Service.id, Service.slug))


@dataclass(frozen=True)
class Shutting:
    """One closure that was not withdrawn, as its rows say."""

    starts: datetime
    ends: datetime | None
    marks: dict[int, bool]  # by office: taken, or excepted
    services: frozenset[str]
    online: bool | None
    dropbox: bool | None

    def holds(self, at: datetime) -> bool:
        return self.starts <= at and (self.ends is None or at < self.ends)

    def takes(self, office: int, parents: dict[int, int | None]) -> bool:
        at: int | None = office
        while at is not None:
            if at in self.marks:
                return self.marks[at]
            at = parents[at]
        return False


@dataclass(frozen=True)
class Closed:
    """All closures as they stand now."""

    closures: tuple[Shutting, ...]
    parents: dict[int, int | None]
    boxes: frozenset[int]
    zones: dict[int, str]
    desks: dict[int, int]
    services: dict[int, str]

    @classmethod
    def now(cls) -> "Closed":
        marks: dict[int, dict[int, bool]] = {}
        for closure, office, is_excepted in _MARKS.rows():
            marks.setdefault(closure, {})[office] = not is_excepted
        services: dict[int, set[str]] = {}
        for closure, service in _SERVICES.rows():
            services.setdefault(closure, set()).add(service)
        made = (Shutting(starts, ends, marks[id], frozenset(services.get(id, ())), *ways) for id, starts, ends, *ways in _CLOSURES.rows())
        offices = _OFFICES.rows()
        return cls(tuple(made), {row[0]: row[1] for row in offices}, frozenset(id for (id,) in _BOXES.rows()), {row[0]: row[2] for row in offices},
                   {row[0]: row[3] for row in offices}, dict(_CATALOGUE.rows()))  # fmt: skip

    def counter(self, office: int, service: str, at: datetime) -> bool:
        """Whether the counter is shut for a service: taken singly, or the door with all that is behind it."""
        over = [each for each in self.closures if each.holds(at) and each.takes(office, self.parents)]
        return any(service in each.services for each in over) or self._door(office, at)

    def _door(self, office: int, at: datetime) -> bool:
        whole = [each for each in self.closures if each.holds(at) and not each.services and each.takes(office, self.parents)]
        left = {part for each in whole for part, is_taken in each.marks.items() if not is_taken and self._is_in(part, office)}
        return bool(whole) and all(self._door(part, at) for part in left)

    def _is_in(self, part: int, office: int) -> bool:
        above = self.parents[part]
        return above is not None and (above == office or self._is_in(above, office))

    def online(self, office: int, service: str, at: datetime) -> bool:
        """Whether online and e-mail are shut for a service."""
        return any(each.online is False for each in self._over(office, service, at))

    def box(self, office: int, service: str, at: datetime) -> bool:
        """Whether no letter for a service can be dropped."""
        said = [each.dropbox for each in self._over(office, service, at) if each.dropbox is not None]
        return not all(said) if said else office not in self.boxes

    def _over(self, office: int, service: str, at: datetime) -> list[Shutting]:
        over = (each for each in self.closures if each.holds(at) and each.takes(office, self.parents))
        return [each for each in over if not each.services or service in each.services]

    def edges(self) -> set[datetime]:
        return {edge for each in self.closures for edge in (each.starts, each.ends) if edge is not None}

    def takes_slot(self, office: int, service: str, starts: datetime, ends: datetime) -> bool:
        """Whether the counter is shut for a service at any moment of a slot."""
        moments = {starts, *(edge for edge in self.edges() if starts <= edge < ends)}
        return any(self.counter(office, service, at) for at in moments)


def is_other(before: Closed, after: Closed, channel: str, office: int, service: str, now: datetime) -> bool:
    """Whether a channel is shut otherwise than before, at some moment from now on."""
    moments = {now, *(edge for edge in before.edges() | after.edges() if edge > now)}
    return any(getattr(before, channel)(office, service, at) != getattr(after, channel)(office, service, at) for at in moments)
