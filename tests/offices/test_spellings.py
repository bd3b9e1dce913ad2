"""What people type for the names of offices finds the office they mean: a list from the field, on a few hundred regions."""

import csv
from pathlib import Path

import pytest

from portal.offices import imports, listing
from portal.offices.listing import Filters
from portal.sheets import Line
from tests import make

pytestmark = pytest.mark.usefixtures("database")

HERE = Path(__file__).parent
AT = make.local("2020-09-22T09:00")
SHARE = 0.95


def read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def level(code: str, name: str) -> str:
    if len(code) == 13:
        return "kelurahan" if code[9] == "1" else "desa"
    return {2: "provinsi", 5: "kabupaten" if name.startswith("Kabupaten") else "kota", 8: "kecamatan"}[len(code)]


@pytest.fixture
def the_field(database) -> None:
    """The regions with a kantor for each kecamatan, kelurahan and desa, and the offices of cities beside them."""
    rows = [{"code": row["code"], "parent_code": row["code"].rpartition(".")[0], "level": level(row["code"], row["name"]), "name": row["name"],
             "lat": "", "lon": ""} for row in read("spelling_regions.csv")]  # fmt: skip
    lines = [Line(number, row) for number, row in enumerate(rows, 2)]
    imports.run(imports.take_regions, lines, with_offices=True, progress=lambda done, total: None, **make.ACT)
    for row in read("spelling_offices.csv"):
        make.office(row["name"], slug=row["slug"], kind=row["kind"], region=row["region"])


def first_hit(typed: str) -> str:
    found = listing.found(Filters(typed), at=AT, number=1, size=24)
    return found.rows[0]["slug"] if found.rows else ""


def test_what_people_type_finds_the_office_they_mean_first(the_field):
    spellings = read("spellings.csv")
    assert len(spellings) >= 200
    missed = [f"{each['typed']}: {got}" for each in spellings if (got := first_hit(each["typed"])) != each["expected"]]
    assert len(missed) <= (1 - SHARE) * len(spellings), "\n".join(missed)
