from pathlib import Path
from typing import Any

import pytest

from portal import sheets
from portal.offices import imports, published
from tests import make
from tests.offices.taking import CLOSURES, OFFICES, REGIONS, Take


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes lines as a file: take("closures", [line, …], create_offices=True)."""

    def taken(what: str, lines: list[str], *, is_dry: bool = False, **facts: Any) -> imports.Outcome:
        header, act, usual = {
            "regions": (REGIONS, imports.take_regions, {"with_offices": False, **make.ACT}),
            "offices": (OFFICES, imports.take_offices, {"default_zone": "Asia/Jakarta", **make.ACT}),
            "closures": (CLOSURES, published.take_closures, {"create_offices": False, "default_zone": "Asia/Jakarta", "by": "impor", "now": make.NOW}),
        }[what]
        file = tmp_path / "file.csv"
        file.write_text("\n".join([header, *lines]), encoding="utf-8")
        return imports.run(act, sheets.read(file, required=header.split(",")), is_dry=is_dry, progress=lambda done, total: None, **{**usual, **facts})

    return taken
