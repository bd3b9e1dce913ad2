"""Writes a city's people, with their hierarchy, as CSV for `flask people import`: python -m bench.people COUNT OFFICES_FILE PEOPLE_FILE."""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from portal.offices.imports import OFFICE_COLUMNS
from portal.offices.people_import import COLUMNS

UNDER_ONE = 8  # people under each superior
IN_ONE_OFFICE = 60


def nip(number: int) -> str:
    """A NIP that is built as a real one, of nobody."""
    born, appointed = date(1965, 1, 1) + timedelta(days=number % 12000), date(1995, 1, 1) + timedelta(days=number % 9000)
    return f"{born:%Y%m%d}{appointed:%Y%m}{number % 2 + 1}{number // 12000:03}"


def people(count: int) -> Iterator[tuple[str, ...]]:
    """Rows of the people file, those below before those above: the order that is hardest for an import."""
    for number in reversed(range(count)):
        superior = nip((number - 1) // UNDER_ONE) if number else ""
        granted = "ppk;admin" if number == 0 else "officer" if number % 20 == 0 else ""
        name, email, office = f"Pegawai {number}", f"pegawai{number}@kota.example", f"kantor-{number // IN_ONE_OFFICE}"
        yield (nip(number), name, email, office, "Analis", superior, granted, "2020-01-01")


def offices(count: int) -> Iterator[list[str]]:
    for number in range(-(-count // IN_ONE_OFFICE)):
        facts = {"slug": f"kantor-{number}", "name": f"Kantor {number}", "kind": "kantor"}
        yield [facts.get(column, "") for column in OFFICE_COLUMNS]


def main(count: int, offices_file: str, people_file: str) -> None:
    for path, columns, rows in ((offices_file, OFFICE_COLUMNS, offices(count)), (people_file, COLUMNS, people(count))):
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *rows])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
