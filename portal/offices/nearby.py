"""Offices of the same kind that serve now, the nearest first."""

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from portal.offices import board, listing
from portal.offices.models import Office
from portal.offices.state import LIMITED, OPEN

_CANDIDATES, _BOX = 24, 0.6  # degrees: about 65 km each way


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """The great-circle distance in kilometres."""
    half = sin(radians(to_lat - lat) / 2) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def serving(office: dict[str, Any], at: datetime, most: int = 3) -> list[tuple[dict[str, Any], str, float]]:
    """Up to `most` tops of the same kind that serve at a moment: row, state, distance in km; none where the office has no coordinates."""
    lat, lon = office["lat"], office["lon"]
    if lat is None or lon is None or not office["kind"]:
        return []
    alike = (Office.kind == office["kind"]) & Office.parent.is_null() & (Office.id != office["root_id"])
    around = Office.lat.between(lat - _BOX, lat + _BOX) & Office.lon.between(lon - _BOX, lon + _BOX)
    squared = (Office.lat - lat) * (Office.lat - lat) + (Office.lon - lon) * (Office.lon - lon)
    rows = list(listing.rows_of(alike & around).order_by(squared).limit(_CANDIDATES).dicts())
    picture = board.paint([row["root_id"] for row in rows], at, at)
    told = [(row, picture.condition(picture.nodes[row["id"]], at).state, distance_km(lat, lon, row["lat"], row["lon"])) for row in rows]
    return [each for each in sorted(told, key=lambda each: each[2]) if each[1] in {OPEN, LIMITED}][:most]
