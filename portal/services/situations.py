"""Reads what routing needs: services, offices with their boxes, the closures over them, and the offices around that give the same."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.offices import board, hours
from portal.offices.models import Closure, ClosureMark, Diversion, DropBox, Office
from portal.offices.nearby import distance_km
from portal.offices.state import Picture, Window
from portal.services import catalogue
from portal.services.catalogue import Marks
from portal.services.models import BoxService, Service
from portal.services.routing import Box, Offer, Option, Situation, Spot, options

_AROUND, _REACH = 12, 0.6  # offices, and degrees each way: about 65 km
Pair = tuple[Service, Office]


def ways(service: Service, office: Office, at: datetime) -> list[Option]:
    """The ways to get a service at an office at a moment, what helps most first."""
    return options(of(service, office, at), office.id, at)


def of(service: Service, office: Office, at: datetime) -> Situation:
    """The situation of a service at an office, with the offices around: about twenty questions, however large the country."""
    around = Around.of([(service, office)])
    return Ground.of([office, *around.offices], at).situation(service, office, around)


def ways_at(services: Collection[Service], office: Office, at: datetime) -> dict[int, list[Option]]:
    """The ways to get each of an office's services at a moment, by service; about as many questions as for one."""
    found = _ways([(service, office) for service in services], at)
    return {service: its for (service, _), its in found.items()}


def ways_among(service: Service, offices: Collection[Office], at: datetime) -> dict[int, list[Option]]:
    """The ways to get one service at each of some offices, by office; about as many questions as for one."""
    found = _ways([(service, office) for office in offices], at)
    return {office: its for (_, office), its in found.items()}


def _ways(pairs: list[Pair], at: datetime) -> dict[tuple[int, int], list[Option]]:
    """By service and office; the offices around are looked at only for those that get nothing at their own one now."""
    ground = Ground.of([office for _, office in pairs], at)
    found = {(service.id, office.id): options(ground.situation(service, office), office.id, at) for service, office in pairs}
    stuck = [(service, office) for service, office in pairs if not any(each.works_now for each in found[service.id, office.id])]
    around = Around.of(stuck)
    if around.offices:
        ground = Ground.of([*ground.places.values(), *around.offices], at)
        found |= {(service.id, office.id): options(ground.situation(service, office, around), office.id, at) for service, office in stuck}
    return found


@dataclass
class Around:
    """The offices around some others that give the same services, and what is known of who gives them."""

    offices: list[Office]
    marks: dict[int, Marks]

    @classmethod
    def of(cls, pairs: Collection[Pair]) -> "Around":
        """The nearest to each office, in one question; those of the same region where it has no coordinates."""
        if not pairs:
            return cls([], {})
        marks = catalogue.marks([service for service, _ in pairs])
        alike = {(tuple(service.kinds), marks[service.id], office.id): (service, office) for service, office in pairs}
        nearest = [Office.id.in_(_nearest(catalogue.giving_by(service.kinds, marks[service.id]), office)) for service, office in alike.values()]
        return cls(list(Office.select().where(reduce(or_, nearest))), marks)

    def nearest(self, service: Service, office: Office) -> list[int]:
        """Those that give a service, the nearest to an office first."""
        giving = [each for each in self.offices if each.id != office.id and catalogue.gives(service, each, self.marks[service.id])]
        return [each.id for each in sorted(giving, key=lambda each: _apart(office, each))[:_AROUND]]


@dataclass
class Ground:
    """What is read once for some offices: who they are, their picture, their boxes, and where closures over them divert."""

    at: datetime
    places: dict[int, Office]
    picture: Picture
    detours: list[Diversion]
    boxes: dict[int, list[DropBox]]
    taken: dict[int, set[int]]  # a box that takes letters of some services only -> these

    @classmethod
    def of(cls, offices: Iterable[Office], at: datetime) -> "Ground":
        """For these offices and those to which closures over them divert: who closes an office knows who stands in for it."""
        places = {office.id: office for office in offices}
        detours = _detours({office.root_id for office in places.values()}, at)
        others = [each.office_id for each in detours if each.office_id is not None and each.office_id not in places]
        places |= {office.id: office for office in Office.select().where(Office.id.in_(others))} if others else {}
        picture = board.paint({office.root_id for office in places.values()}, at, at)
        rows = list(DropBox.select().where(DropBox.office.in_(list(places) or [0]), DropBox.ended_at.is_null()).order_by(DropBox.id))
        boxes: dict[int, list[DropBox]] = {}
        for row in rows:
            boxes.setdefault(row.office_id, []).append(row)
        taken: dict[int, set[int]] = {}
        for box, service in BoxService.select(BoxService.box, BoxService.service).where(BoxService.box.in_([row.id for row in rows] or [0])).tuples():
            taken.setdefault(box, set()).add(service)
        return cls(at, places, picture, detours, boxes, taken)

    def situation(self, service: Service, office: Office, around: Around | None = None) -> Situation:
        """What routing needs to know for one service at one office; of those around the nearest that give it."""
        diversions, contacts = self._diversions(service, office)
        ids = [office.id, *(to for its in diversions.values() for to, _ in its), *(around.nearest(service, office) if around else ())]
        spots = {id: self._spot(self.places[id], service) for id in dict.fromkeys(ids)}
        return Situation(Offer(service.slug, tuple(service.channels), service.why_not_remote), self.picture, spots, diversions, contacts)

    def _diversions(self, service: Service, office: Office) -> tuple[dict[int, tuple[tuple[int, datetime | None], ...]], dict[int, tuple[str, ...]]]:
        """Where each closure sends those who want this service on this day: to offices, each with until when, and to places in words."""
        windows = {window.id: window for window in self.picture.touching(self.picture.nodes[office.id]) if window.is_active(self.at)}
        zone = ZoneInfo(office.timezone)
        day = self.at.astimezone(zone).date()
        offices: dict[int, tuple[tuple[int, datetime | None], ...]] = {}
        contacts: dict[int, tuple[str, ...]] = {}
        for each in self.detours:
            window = windows.get(each.closure_id)
            if window is None or (window.services and service.slug not in window.services):
                continue
            if each.service not in ("", service.slug, service.name) or not (each.first_day or day) <= day <= (each.last_day or day):
                continue
            if each.office_id is not None:
                offices[each.closure_id] = (*offices.get(each.closure_id, ()), (each.office_id, _until(each, window, zone)))
            else:
                contacts[each.closure_id] = (*contacts.get(each.closure_id, ()), each.place)
        return offices, contacts

    def _spot(self, office: Office, service: Service) -> Spot:
        holidays = self.picture.nodes[office.id].timetable.holidays
        boxes = tuple(_box(box, office, holidays) for box in self.boxes.get(office.id, ()) if service.id in self.taken.get(box.id, {service.id}))
        return Spot(office.id, office.slug, office.name, office.address, office.email, office.lat, office.lon, boxes)


def _until(detour: Diversion, window: Window, zone: ZoneInfo) -> datetime | None:
    """Until when a diversion holds: to its last day, at the longest as long as its closure."""
    ends = [window.ends_at] if window.ends_at is not None else []
    ends += [midnight(detour.last_day + timedelta(days=1), zone)] if detour.last_day is not None else []
    return min(ends, default=None)


def _box(box: DropBox, office: Office, holidays: Mapping[date, str]) -> Box:
    """A box with hours of its own keeps the holidays of its office."""
    return Box(box.id, box.place, hours.Timetable(hours.parse(box.hours), ZoneInfo(office.timezone), holidays) if box.hours else None)


def _detours(roots: Collection[int], at: datetime) -> list[Diversion]:
    """Where closures that run over these trees divert."""
    over = ClosureMark.select(ClosureMark.closure).join(Office).where(Office.root_id.in_(list(roots) or [0]))
    runs = (Closure.starts_at <= at) & (Closure.ends_at.is_null() | (Closure.ends_at > at)) & Closure.withdrawn_at.is_null()
    return list(Diversion.select().join(Closure).where(Diversion.closure.in_(over), runs).order_by(Diversion.id))


def _nearest(giving: Any, office: Office) -> Any:
    """The question for the offices nearest to one, of those that a condition holds for."""
    others = Office.select(Office.id).where(giving, Office.id != office.id)
    if office.lat is None or office.lon is None:
        others = others.order_by((Office.region != office.region_code).cast("integer"), Office.name)
    else:
        box = Office.lat.between(office.lat - _REACH, office.lat + _REACH) & Office.lon.between(office.lon - _REACH, office.lon + _REACH)
        squared = (Office.lat - office.lat) * (Office.lat - office.lat) + (Office.lon - office.lon) * (Office.lon - office.lon)
        others = others.where(box).order_by(squared)
    return others.limit(_AROUND)


def _apart(office: Office, other: Office) -> tuple[bool, float, str]:
    if None in (office.lat, office.lon, other.lat, other.lon):
        return True, 0.0, other.name
    return False, distance_km(office.lat, office.lon, other.lat, other.lon), other.name
