"""What an office's page says of its services: how each can be had now, which are closed singly, and where its drop boxes stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.offices import hours
from portal.offices.models import DropBox, Office
from portal.offices.partly import last_of
from portal.offices.state import Picture
from portal.services import boxes, catalogue, situations
from portal.services.models import COUNTER, DROPBOX, EMAIL, ONLINE, Service
from portal.services.routing import CONTACT, ELSEWHERE, Option
from portal.views.admin_words import week_words
from portal.views.language import say
from portal.words import Brief, Sentence, later

_SOON = timedelta(days=1)
MOST = 40  # on one page; the catalogue has all
_NOW = {COUNTER: later("Loket, buka sekarang"), ONLINE: later("Daring"), DROPBOX: later("Kotak surat"), EMAIL: later("Surel")}
_LATER = {
    COUNTER: later("Loket, buka {when}"),
    ONLINE: later("Daring, mulai {when}"),
    DROPBOX: later("Kotak surat, mulai {when}"),
    EMAIL: later("Surel, mulai {when}"),
    ELSEWHERE: later("{office}, buka {when}"),
}


@dataclass(frozen=True)
class Offered:
    """A service of an office: the way that helps most, and how long a closure takes it singly."""

    service: Service
    best: Option | None
    said: Sentence | str
    closed: Sentence | None


@dataclass(frozen=True)
class Standing:
    """A drop box that stands at an office, and the services whose letters it takes; none named: all."""

    box: DropBox
    hours: str  # in words; empty: at any hour
    services: tuple[Service, ...]


def offered(id: int, picture: Picture, at: datetime) -> list[Offered]:
    """The services of an office with the best way to each, by name; about as many questions as for one."""
    services = catalogue.given_at([id])[:MOST]
    if not services:
        return []
    found = situations.ways_at(services, Office.get_by_id(id), at)
    node = picture.nodes[id]
    closed = picture.closed_services(node, at)
    told = {slug: _closed(window.ends_at, node.timetable.zone) for slug, window in closed.items()}
    best = {service.id: _best(found[service.id], id) for service in services}
    return [Offered(service, way := best[service.id], _said(way, service, node.timetable.zone), told.get(service.slug)) for service in services]


def _best(found: list[Option], office: int) -> Option | None:
    """The way that helps most; this office, or the one that its closure names, before another that only serves a little earlier."""
    first = next(iter(found), None)
    if first is None or first.works_now or first.next_at is None:
        return first
    own, named = [way for way in found if way.spot.id == office], [way for way in found if way.is_diverted]
    return next((way for way in (*own, *named) if way.next_at is not None and way.next_at - first.next_at < _SOON), first)


def standing(offices: Collection[int]) -> list[Standing]:
    """The drop boxes of offices."""
    rows = boxes.of_offices(offices)
    taken = boxes.services_of(rows)
    return [Standing(box, box_hours(box.hours), tuple(taken.get(box.id, ()))) for box in rows]


def box_hours(text: str) -> str:
    """The hours of a box in a line, «Senin–Jumat 08.00–13.30»; nothing for one that can be reached at any hour."""
    rows = week_words(text)[:-1] if text not in ("", hours.ALWAYS) else []  # the last is of holidays
    return "; ".join(f"{days} {times}" for days, times in rows if times != say(later("tutup")))


def _said(way: Option | None, service: Service, zone: ZoneInfo) -> Sentence | str:
    """The best way in a few words."""
    if way is None or way.channel == CONTACT:
        return way.place if way else ""
    if not way.works_now and way.next_at:
        return Sentence(_LATER[way.channel], when=Brief(way.next_at.astimezone(zone)), **({"office": way.spot.name} if way.channel == ELSEWHERE else {}))
    if way.channel == ELSEWHERE and way.km is not None:
        return Sentence("{office}, {km} km", office=way.spot.name, km=round(way.km, 1))
    if way.channel == ELSEWHERE:
        return way.spot.name
    if way.channel == ONLINE and service.working_days:
        return Sentence("Daring, selesai dalam {days} hari kerja", days=service.working_days)
    return Sentence("Kotak surat, {place}", place=way.place) if way.channel == DROPBOX and way.place else Sentence(_NOW[way.channel])


def _closed(ends_at: datetime | None, zone: ZoneInfo) -> Sentence:
    if ends_at is None:
        return Sentence("Loket layanan ini tutup sampai pemberitahuan lebih lanjut.")
    return Sentence("Loket layanan ini tutup sampai {last}.", last=last_of(ends_at, zone))
