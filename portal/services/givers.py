"""The offices among which a citizen chooses for a service: those that give it, with what works at each, closed ones too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from portal.offices import board, listing, search
from portal.offices.models import Office
from portal.offices.nearby import distance_km
from portal.offices.state import LIMITED, OPEN, Picture
from portal.offices.telling import Telling, Told
from portal.services import catalogue
from portal.services.models import CHANNELS, COUNTER, DROPBOX, EMAIL, ONLINE, Service

LOOKED_AT, SHOWN = 60, 20  # offices whose state is asked, and those of them that are told


@dataclass(frozen=True)
class Giver:
    """An office that gives a service: what is told of it now, the channels of the service that work there, and how far it is from where one looks."""

    told: Told
    channels: tuple[str, ...]
    km: float | None = None


@dataclass(frozen=True)
class Found:
    """What was found: some of so many, in the order of what helps most; `near` is the office around which was looked."""

    givers: list[Giver]
    count: int
    near: Office | None = None


def found(service: Service, text: str = "", near: Office | None = None, *, now: datetime) -> Found:
    """Offices that give a service: those that a text names, else around the office that it names or around `near`, those that serve now first."""
    giving, named = catalogue.giving(service), search.matching(text) if text else None
    if named is not None:
        count = Office.select().where(giving & named).count()
        if count:
            return _told(service, listing.rows_of(giving & named).order_by(*search.best_first(text)), count, now=now)
        near = Office.select().where(named, Office.lat.is_null(False)).order_by(*search.best_first(text)).first()
    if text and near is None:
        return Found([], 0)
    count = Office.select().where(giving).count()
    return _told(service, listing.rows_of(giving).order_by(*_order(near)), count, near, now=now, is_free=True)


def _order(near: Office | None) -> list[Any]:
    """The nearest first where it is known from where; else the tops of the trees by name."""
    usual = [Office.parent.is_null(False), Office.name, Office.id]
    if near is None or near.lat is None or near.lon is None:
        return usual
    squared = (Office.lat - near.lat) * (Office.lat - near.lat) + (Office.lon - near.lon) * (Office.lon - near.lon)
    return [Office.lat.is_null(), fn.COALESCE(squared, 0), *usual]


def _told(service: Service, query: Any, count: int, near: Office | None = None, *, now: datetime, is_free: bool = False) -> Found:
    """The first of them with what is told; where the order is ours to choose, those whose counter serves this moment come first."""
    rows = list(query.limit(LOOKED_AT).dicts())
    picture = board.paint({row["root_id"] for row in rows}, now, now)
    if is_free:
        rows.sort(key=lambda row: not _serves(picture, row["id"], service, now))
    rows = rows[:SHOWN]
    teller = Telling.of(picture, now, [row["id"] for row in rows])
    givers = [Giver(teller.tell(row), tuple(_working(picture, row, service, now)), _km(near, row)) for row in rows]
    return Found(givers, count, near)


def _serves(picture: Picture, office: int, service: Service, now: datetime) -> bool:
    node = picture.nodes[office]
    return picture.condition(node, now).state in {OPEN, LIMITED} and service.slug not in picture.closed_services(node, now)


def _working(picture: Picture, row: dict[str, Any], service: Service, now: datetime) -> Iterator[str]:
    """The channels of a service that work at an office at this moment."""
    node = picture.nodes[row["id"]]
    works, single = picture.condition(node, now).channels, picture.closed_services(node, now).get(service.slug)
    is_remote_left = single is None or single.online is not False
    is_left = {COUNTER: single is None, ONLINE: is_remote_left, EMAIL: is_remote_left and bool(row["email"]),
               DROPBOX: single is None or single.dropbox is not False}  # fmt: skip
    yield from (channel for channel in CHANNELS if channel in service.channels and getattr(works, channel) and is_left[channel])


def _km(near: Office | None, row: dict[str, Any]) -> float | None:
    if near is None or None in (near.lat, near.lon, row["lat"], row["lon"]):
        return None
    return distance_km(near.lat, near.lon, row["lat"], row["lon"])
