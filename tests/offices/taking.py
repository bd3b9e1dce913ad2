"""Files as imports take them, and the lines they are made of."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.offices import board, imports, published
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office, Region
from portal.sheets import Problems

REGIONS, OFFICES, CLOSURES = (",".join(columns) for columns in (imports.REGION_COLUMNS, imports.OFFICE_COLUMNS, published.COLUMNS))
SOME = [
    "31,,provinsi,Jakarta,-6.199049,106.834378",
    "31.71,31,kota,Jakarta Pusat,,",
    "31.71.01,31.71,kecamatan,Gambir,-6.17,106.82",
    "31.71.01.1001,31.71.01,kelurahan,Cideng,,",
]

Take = Callable[..., imports.Outcome]


def everything() -> list[Any]:
    """All that an import may change."""
    return [
        board.version(),
        *(list(table.select().order_by(*table._meta.sorted_fields[:1]).tuples()) for table in (Region, Office, Closure, ClosureMark, ClosureEvent, Diversion)),
    ]


def wrong(take: Take, what: str, lines: list[str], **facts: Any) -> list[tuple[int, str]]:
    """Where the file is wrong; and a refused file leaves nothing behind."""
    before = everything()
    with pytest.raises(Problems) as caught:
        take(what, lines, **facts)
    assert everything() == before
    assert all(str(problem.sentence) for problem in caught.value.problems)
    return sorted((problem.line, problem.column) for problem in caught.value.problems)


def office(slug: str = "kantor-a", name: str = "Kantor A", **facts: Any) -> str:
    return ",".join(
        f'"{value}"' if "," in (value := str({"slug": slug, "name": name, **facts}.get(column, ""))) else value for column in imports.OFFICE_COLUMNS
    )


def closure(named: str = "Kantor A", **facts: Any) -> str:
    facts = {"case": "S1", "office": named, "scope": "all", "starts": "2020-09-20", "ends": "2020-09-22", "reason": "flood", **facts}
    return ",".join(str(facts.get(column, "")) for column in published.COLUMNS)
