"""Regions: where an office lies, and the names of everything above it."""

from collections.abc import Iterable

from portal.offices.models import Region


def ancestry(code: str | None) -> list[str]:
    """A region's code and those above it, nearest first: 31.71.01 -> [31.71.01, 31.71, 31]."""
    parts = code.split(".") if code else []
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def named(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of regions and of all above them, by code."""
    wanted = {each for code in codes for each in ancestry(code)}
    return dict(Region.select(Region.code, Region.name).where(Region.code.in_(wanted)).tuples()) if wanted else {}


def short(name: str) -> str:
    """The name as people say it: «Kota Administrasi Jakarta Pusat» is Jakarta Pusat."""
    for official in ("Kota Administrasi ", "Kabupaten Administrasi ", "Daerah Khusus Ibukota ", "Daerah Istimewa "):
        name = name.removeprefix(official)
    return name
