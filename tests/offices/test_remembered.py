"""What is remembered of the offices is what they are: each act that changes one makes the board forget."""

import threading
from datetime import datetime
from typing import Any

import pytest

from portal import db
from portal.commands import demo
from portal.offices import board, imports, listing, places, remembered
from portal.offices.listing import Filters
from portal.offices.models import BoardVersion, Office
from portal.sheets import Line
from tests import make

NOW = make.local("2020-09-22T09:00")
QUIET: dict[str, Any] = {"by": "pengelola", "now": NOW, "progress": lambda done, total: None}


def seen() -> Any:
    """All of the board that follows from the offices alone."""
    overview = board.overview(NOW)
    page = listing.page(overview, Filters(), number=1, size=50, tops_only=True)
    in_region = listing.page(overview, Filters(region="31.71"), number=1, size=50, tops_only=True)
    return overview.counts, page, in_region, listing.level(""), listing.by_region(overview, "", 5), listing.by_region(overview, "31.71", 8)


@pytest.fixture
def hall(shared: None) -> Office:
    for code in ("31", "31.71", "31.71.01", "31.72"):
        make.region(code)
    made = make.office("Balai Kota", slug="balai", region="31.71", lat=-6.2, lon=106.8)
    make.office("Dinas", parent=made)
    make.office("Kantor Sebelah", slug="sebelah", region="31.72", opening="Mo-Fr 10:00-11:00")
    return made


def from_file(take: Any, rows: list[dict[str, str]], **facts: Any) -> None:
    imports.run(take, [Line(number, row) for number, row in enumerate(rows, start=2)], **{**QUIET, **facts})


REGION = {"code": "31.71", "parent_code": "31", "level": "kota", "name": "Kota Baru Nama", "lat": "", "lon": ""}
BELOW = {**REGION, "code": "31.71.02", "parent_code": "31.71", "level": "kecamatan"}
OFFICE = {"slug": "lain", "name": "Kantor Lain", "region": "31.71"}
ACTS = {
    "an office is added": lambda: make.office("Kantor Baru", region="31.71.01"),
    "another name": lambda: places.change(Office.get(slug="balai"), name="Aula", by="pengelola", now=NOW),
    "it moves to another region": lambda: places.change(Office.get(slug="balai"), region="31.72", by="pengelola", now=NOW),
    "other hours": lambda: places.set_hours(Office.get(slug="balai"), "Mo-Fr 01:00-02:00", by="pengelola", now=NOW),
    "a region gets another name": lambda: from_file(imports.take_regions, [REGION], with_offices=False),
    "regions come with offices": lambda: from_file(imports.take_regions, [BELOW], with_offices=True),
    "offices come from a file": lambda: from_file(imports.take_offices, [OFFICE], default_zone="Asia/Jakarta"),
    "all is thrown away": db.transaction()(demo._throw_away),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_what_changes_an_office_is_seen_at_once(hall: Office, act: Any):
    before = seen()
    act()
    after = seen()
    remembered._KEPT.clear()
    assert after == seen() != before


def test_an_answer_is_worked_out_once_until_an_office_changes(hall: Office):
    worked: list[datetime] = []
    for _ in range(3):
        remembered.remembered("jawaban", lambda: worked.append(NOW))
    board.raise_version()  # somebody closed something: the offices are what they were
    remembered.remembered("jawaban", lambda: worked.append(NOW))
    assert len(worked) == 1
    board.raise_version(of_places=True)  # as another process would: nothing here knows of it
    remembered.remembered("jawaban", lambda: worked.append(NOW))
    assert len(worked) == 2


def test_what_is_not_yet_committed_is_remembered_by_nobody(hall: Office):
    before = seen()
    with db.transaction() as begun:
        places.change(hall, name="Aula", by="pengelola", now=NOW)
        assert seen() != before
        begun.rollback()
    assert seen() == before


def test_many_who_look_at_once_see_the_same(hall: Office):
    expected, found = seen(), []
    remembered._KEPT.clear()

    def look() -> None:
        found.append(seen())
        db.database.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert found == [expected] * 6


def test_only_so_much_is_remembered(hall: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "_MOST", 5)
    for number in range(20):
        remembered.remembered(("nomor", number), lambda: number)  # noqa: B023
    assert len(remembered._KEPT[db.database.obj].answers) == 5
    assert BoardVersion.get().places == remembered._KEPT[db.database.obj].version
