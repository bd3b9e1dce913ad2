"""The drop boxes of offices, and which services' letters each takes."""

from collections.abc import Collection, Iterable
from datetime import datetime

from portal import audit
from portal.audit import By
from portal.db import locked, transaction
from portal.offices import board, places
from portal.offices.models import DropBox
from portal.refusals import Refused
from portal.services.models import BoxService, Service
from portal.words import Sentence


def of_offices(offices: Collection[int]) -> list[DropBox]:
    """The boxes that stand at offices, in the order in which they were set up."""
    return list(DropBox.select().where(DropBox.office.in_(list(offices) or [0]), DropBox.ended_at.is_null()).order_by(DropBox.id))


def services_of(boxes: Iterable[DropBox]) -> dict[int, list[Service]]:
    """By box the services whose letters it takes, by name; a box that is not there takes those of all services."""
    found: dict[int, list[Service]] = {}
    rows = BoxService.select(BoxService, Service).join(Service).where(BoxService.box.in_([box.id for box in boxes] or [0]))
    for row in rows.order_by(Service.name, Service.id):
        found.setdefault(row.box_id, []).append(row.service)
    return found


def change(box: DropBox, opening: str, services: Collection[Service], *, by: By, now: datetime) -> None:
    """Other hours for a box, and the services whose letters it takes; of all that its office gives where none is named."""
    with transaction():
        places.set_drop_box_hours(box, opening, by=by, now=now)
        take_only(box, services, by=by, now=now)


def take_only(box: DropBox, services: Collection[Service], *, by: By, now: datetime) -> None:
    """From now on a box takes letters of these services; of all that its office gives where none is named."""
    with transaction():
        box = locked(DropBox.select().where(DropBox.id == box.id)).get()
        if box.ended_at is not None:
            raise Refused(Sentence("Kotak surat ini sudah ditiadakan."))
        was, becomes = _slugs(box), sorted(service.slug for service in services)
        if was == becomes:
            return
        BoxService.delete().where(BoxService.box == box.id).execute()
        for service in services:
            BoxService.create(box=box, service=service)
        audit.record("drop_box_services_set", "office", box.office_id, by=by, now=now, label=box.place, before={"services": was}, after={"services": becomes})
        board.raise_version()


def _slugs(box: DropBox) -> list[str]:
    return sorted(service.slug for service in services_of([box]).get(box.id, []))
