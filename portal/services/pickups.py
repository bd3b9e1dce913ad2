"""What lies in drop boxes and what came out of them: boxes of offices, letters that are awaited, pick-ups that are not finished."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import fn

from portal.offices.models import DropBox, Office
from portal.services.models import DROPBOX, OPEN, BoxItem, BoxPickup, Service, ServiceRequest

MOST = 100


@dataclass(frozen=True)
class Progress:
    """A pick-up, how many of its letters are recorded, and how many of these opened."""

    pickup: BoxPickup
    matched: int
    opened: int

    @property
    def is_finished(self) -> bool:
        return self.matched >= self.pickup.letters and self.opened >= self.matched


def boxes(own: Collection[int] | None) -> list[DropBox]:
    """The boxes at these offices (None: everywhere) with their offices, by name."""
    found = DropBox.select(DropBox, Office).join(Office).where(DropBox.ended_at.is_null(), _at(own))
    return list(found.order_by(Office.name, DropBox.id).limit(MOST))


def box(id: int) -> DropBox | None:
    """A box with its office, also one that stands there no more."""
    return DropBox.select(DropBox, Office).join(Office).where(DropBox.id == id).first()


def pickup(id: int) -> BoxPickup | None:
    """A pick-up with its box and office."""
    return _placed().where(BoxPickup.id == id).first()


def unfinished(own: Collection[int] | None) -> list[Progress]:
    """The pick-ups of which a letter is not recorded or not opened yet, the oldest first."""
    opened = BoxItem.select(fn.COUNT(BoxItem.id)).where(BoxItem.pickup == BoxPickup.id, BoxItem.handled_at.is_null(False))
    return _progress(_placed().where(_at(own), opened < BoxPickup.letters).order_by(BoxPickup.at, BoxPickup.id).limit(MOST))


def latest(box: DropBox, most: int = 10) -> list[Progress]:
    """The last pick-ups of a box, the newest first."""
    return _progress(_placed().where(BoxPickup.box == box.id).order_by(BoxPickup.at.desc(), BoxPickup.id.desc()).limit(most))


def items(pickup: BoxPickup) -> list[BoxItem]:
    """The letters of a pick-up with their requests, in the order in which they were recorded."""
    found = BoxItem.select(BoxItem, ServiceRequest, Service, Office).join(ServiceRequest).join(Service).switch(ServiceRequest).join(Office)
    rows = list(found.where(BoxItem.pickup == pickup.id).order_by(BoxItem.id))
    for row in rows:
        row.pickup = pickup
    return rows


def awaited(own: Collection[int] | None, most: int = MOST) -> list[ServiceRequest]:
    """Requests at these offices whose letter no box has brought yet, the oldest first."""
    found = ServiceRequest.select(ServiceRequest, Service, Office).join(Service).switch(ServiceRequest).join(Office).where(_awaited(), _at(own))
    return list(found.order_by(ServiceRequest.created_at, ServiceRequest.id).limit(most))


def waiting_at(own: Collection[int] | None) -> dict[int, int]:
    """By office how many letters are awaited."""
    found = ServiceRequest.select(ServiceRequest.office, fn.COUNT(ServiceRequest.id)).join(Office).where(_awaited(), _at(own))
    return dict(found.group_by(ServiceRequest.office).tuples())


def _awaited() -> Any:
    """Asked by drop box, and no paper has come yet."""
    return (ServiceRequest.channel == DROPBOX) & ServiceRequest.state.in_(OPEN) & ServiceRequest.clock_from.is_null()


def _at(own: Collection[int] | None) -> Any:
    return Office.id.is_null(False) if own is None else Office.id.in_(list(own) or [0])


def _placed() -> Any:
    return BoxPickup.select(BoxPickup, DropBox, Office).join(DropBox).join(Office)


def _progress(found: Any) -> list[Progress]:
    """The same with the counts of their letters, one question for all."""
    rows = list(found)
    counted = BoxItem.select(BoxItem.pickup, fn.COUNT(BoxItem.id), fn.COUNT(BoxItem.handled_at)).where(BoxItem.pickup.in_([row.id for row in rows] or [0]))
    counts = {id: (matched, opened) for id, matched, opened in counted.group_by(BoxItem.pickup).tuples()}
    return [Progress(row, *counts.get(row.id, (0, 0))) for row in rows]
