"""Regions with an office in each, as many as wished, taken over by the portal's own import; and closures of some of them."""

import csv
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from portal import continuity
from portal.offices import imports
from portal.offices.closures import Plan
from portal.offices.models import Closure, Office
from portal.sheets import read

_DISTRICTS, _VILLAGES = 13, 12  # kecamatan of a kabupaten, kelurahan of a kecamatan: an office each
_OF_REGENCY = _DISTRICTS * (_VILLAGES + 1)
_REGENCIES = 15  # of a province
_PROVINCES = ("31", "32", "33", "34", "35", "36", "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "51", "52", "53", "61", "62", "63", "64", "65",
              "71", "72", "73", "74", "75", "76", "81", "82", "91", "92", "93", "94", "95", "96")  # fmt: skip
_FIRST = ("Karang", "Suka", "Kebon", "Tanjung", "Pasir", "Muara", "Rawa", "Kampung", "Gunung", "Teluk", "Banjar", "Sumber", "Wono", "Ranca", "Ujung", "Batu")
_THEN = ("anyar", "maju", "jeruk", "priok", "putih", "enim", "mangun", "melayu", "sari", "dalam", "baru", "rejo", "kidul", "bungur", "berung", "ampar", "lor",
         "tengah", "jaya", "wangi", "kulon", "agung", "mulya", "harapan")  # fmt: skip
BY = "bench"
SMALL = "31"  # the first province: its boards are those of a region


def name_of(number: int) -> str:
    """A name as villages have them; after some hundreds they come again, as in life, with another word behind."""
    first, then, last = number % len(_FIRST), number // len(_FIRST) % len(_THEN), number // (len(_FIRST) * len(_THEN))
    return f"{_FIRST[first]} {_THEN[then].title()}" + (f" {_THEN[last % len(_THEN)].title()}" if last else "")


def regions(offices: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rows of the regions' file for so many offices."""
    left, names = offices, itertools.count()
    for number in range(-(-offices // _OF_REGENCY)):
        province = _PROVINCES[number // _REGENCIES % len(_PROVINCES)]
        if number % _REGENCIES == 0:
            yield (province, "", "provinsi", f"Provinsi {province}", "", "")
        regency = f"{province}.{number % _REGENCIES + 1:02}"
        yield (regency, province, "kabupaten", f"Kabupaten {name_of(number)}", f"{-6 - number % 300 / 100}", f"{100 + number % 400 / 10}")
        for code, level in itertools.islice(_below(regency), left):
            yield (code, code.rpartition(".")[0], level, name_of(next(names)), "", "")
        left -= _OF_REGENCY


def settle(offices: int, folder: Path, *, now: datetime) -> None:
    """So many offices with their regions."""
    path = folder / "regions.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([imports.REGION_COLUMNS, *regions(offices)])
    lines = read(path, required=imports.REGION_COLUMNS)
    imports.run(imports.take_regions, lines, with_offices=True, by=BY, now=now, progress=lambda done, total: None)


def close_some(count: int, *, now: datetime) -> None:
    """Closures of so many offices, one each, over the whole country."""
    offices = [id for (id,) in Office.select(Office.id).order_by(Office.id).tuples()]
    for number in range(count):
        close(Office.get_by_id(offices[number * len(offices) // count]), now=now)


def close(office: Office, *, now: datetime) -> Closure:
    """A closure that begins at once and lasts ten days."""
    plan = Plan([office], "flood", now, now + timedelta(days=10), is_whole_days=False, online=False, dropbox=False, note="Tim sedang membersihkan gedung.")
    return continuity.close(plan, by=BY, now=now)


def _below(regency: str) -> Iterator[tuple[str, str]]:
    for district in range(1, _DISTRICTS + 1):
        code = f"{regency}.{district:02}"
        yield code, "kecamatan"
        yield from ((f"{code}.{1000 + village}", "kelurahan") for village in range(1, _VILLAGES + 1))
