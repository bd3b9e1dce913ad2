"""Which offices lie near a place and serve now: near an office, or near the middle of the region that somebody says they live in."""

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from portal.offices import board, listing
from portal.offices.models import Office, Region
from portal.offices.regions import approximate, points
from portal.offices.state import LIMITED, OPEN

_CANDIDATES, _BOX = 24, 0.6  # degrees: about 65 km each way
_BOXES = (0.06, 0.25, 1.0, 4.0, 60.0)  # a small one holds enough in a town, and is looked through in no time
_KINDS_WITHIN = 0.2
TOP = Office.root_id == Office.id  # said so that the band of latitudes is what is looked through, not all tops of the country


@dataclass(frozen=True)
class Near:
    """An office near a place: its row, its state and whether it serves now, how far it is, and whether that is only about so."""

    office: dict[str, Any]
    state: str
    is_serving: bool
    km: float
    is_about: bool


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """The great-circle distance in kilometres."""
    half = sin(radians(to_lat - lat) / 2) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def serving(office: dict[str, Any], at: datetime, most: int = 3) -> list[tuple[dict[str, Any], str, float]]:
    """Up to `most` tops of the same kind that serve at a moment: row, state, distance in km; none where the office has no coordinates."""
    lat, lon = office["lat"], office["lon"]
    if lat is None or lon is None or not office["kind"]:
        return []
    alike = (Office.kind == office["kind"]) & TOP & (Office.id != office["root_id"])
    rows = [row for row in _around(lat, lon, alike, most=_BOX) if abs(row["lon"] - lon) <= _BOX]
    picture = board.paint([row["root_id"] for row in rows], at, at)
    told = [(row, picture.condition(picture.nodes[row["id"]], at).state, distance_km(lat, lon, row["lat"], row["lon"])) for row in rows]
    return [each for each in sorted(told, key=lambda each: each[2]) if each[1] in {OPEN, LIMITED}][:most]


def from_region(code: str, only: Any, at: datetime, *, most: int = 8, service: str = "") -> list[Near]:
    """The offices nearest to a region for which a condition holds, those that serve now (a service, if one is named) first; none where its place is unknown."""
    here = points([code]).get(code)
    if here is None:
        return []
    rows = _around(here.lat, here.lon, only)
    picture = board.paint({row["root_id"] for row in rows}, at, at)
    about = approximate(rows)
    told = []
    for row in rows:
        node = picture.nodes[row["id"]]
        state = picture.condition(node, at).state
        serves = state in {OPEN, LIMITED} and service not in picture.closed_services(node, at)
        is_about = here.is_borrowed or row["id"] in about
        told.append(Near(row, state, serves, distance_km(here.lat, here.lon, row["lat"], row["lon"]), is_about))
    told.sort(key=lambda each: (not each.is_serving, each.office["region"] != code, each.km, each.office["name"]))
    return told[:most]


def kinds_around(code: str) -> list[str]:
    """The kinds of offices that there are around a region."""
    here = points([code]).get(code)
    if here is None:
        return []
    kinds = Office.select(Office.kind).where(_box(here.lat, here.lon, _KINDS_WITHIN), Office.kind != "", TOP).distinct()
    return sorted(kind for (kind,) in kinds.tuples())


def region_at(lat: float, lon: float) -> str:
    """The region whose middle lies nearest to a position, of those that are known exactly; empty where there is none near."""
    squared = (Region.lat - lat) * (Region.lat - lat) + (Region.lon - lon) * (Region.lon - lon)
    small = Region.level.in_(("kecamatan", "kelurahan", "desa"))
    close = Region.lat.between(lat - _BOX, lat + _BOX) & Region.lon.between(lon - _BOX, lon + _BOX)
    found = Region.select(Region.code).where(small, close).order_by(squared).limit(1).tuples().first()
    return found[0] if found else ""


def _around(lat: float, lon: float, only: Any, most: float = _BOXES[-1]) -> list[dict[str, Any]]:
    """The offices nearest to a point for which a condition holds: looked for in a small box first, in a larger one where that holds too few."""
    squared = (Office.lat - lat) * (Office.lat - lat) + (Office.lon - lon) * (Office.lon - lon)
    rows: list[dict[str, Any]] = []
    for half in [each for each in _BOXES if each < most] + [most]:
        rows = list(listing.rows_of(only & _box(lat, lon, half)).order_by(squared, Office.id).limit(_CANDIDATES).dicts())
        if len(rows) == _CANDIDATES:
            break
    return rows


def _box(lat: float, lon: float, half: float) -> Any:
    return Office.lat.between(lat - half, lat + half) & Office.lon.between(lon - half, lon + half)
