"""Regions: where an office lies, and the names of everything above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.db import Question, among
from portal.offices.models import Region


@dataclass(frozen=True)
class Point:
    """Where the middle of a region is; borrowed from the region above where only that is known."""

    lat: float
    lon: float
    is_borrowed: bool


def ancestry(code: str | None) -> list[str]:
    """A region's code and those above it, nearest first: 31.71.01 -> [31.71.01, 31.71, 31]."""
    parts = code.split(".") if code else []
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


_NAMES = Question(lambda: Region.select(Region.code, Region.name).where(among(Region.code, "codes")))


_POINTS = Question(lambda: Region.select(Region.code, Region.lat, Region.lon).where(among(Region.code, "codes"), Region.lat.is_null(False),
                                                                                    Region.lon.is_null(False)))  # fmt: skip


def named(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of regions and of all above them, by code."""
    wanted = sorted({each for code in codes for each in ancestry(code)})
    if not wanted:
        return {}
    return dict(_NAMES.rows(codes=wanted))


def short(name: str) -> str:
    """The name as people say it: «Kota Administrasi Jakarta Pusat» is Jakarta Pusat."""
    for official in ("Kota Administrasi ", "Kabupaten Administrasi ", "Daerah Khusus Ibukota ", "Daerah Istimewa "):
        name = name.removeprefix(official)
    return name


def around(code: str | None, names: dict[str, str]) -> str:
    """Where an office of a region lies, as one would say to tell it from another of its name: Sawah Besar, Jakarta Pusat."""
    above = ancestry(code)[1 if code and len(code) > 5 else 0 :]
    return ", ".join(short(names[each]) for each in above[:2] if each in names)


def points(codes: Iterable[str | None]) -> dict[str, Point]:
    """Where regions lie, by code: their own coordinates, else those of the nearest above; nothing where none are known."""
    wanted = {code for code in codes if code}
    above = {each for code in wanted for each in ancestry(code)}
    known = {code: (lat, lon) for code, lat, lon in _POINTS.rows(codes=above)} if above else {}
    found = {code: next((each for each in ancestry(code) if each in known), "") for code in wanted}
    return {code: Point(*known[its], is_borrowed=its != code) for code, its in found.items() if its}


def approximate(offices: Iterable[dict[str, Any]]) -> set[int]:
    """Of offices (their rows with id, region, lat and lon) those that stand where a region above their own has its middle: nobody has said where they are."""
    offices = list(offices)
    middles = points(office["region"] for office in offices)
    borrowed = {code: (point.lat, point.lon) for code, point in middles.items() if point.is_borrowed}
    return {office["id"] for office in offices if borrowed.get(office["region"]) == (office["lat"], office["lon"])}
