"""Pages ask the database a bounded number of questions, and all of them before a template begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jinja2 import Template

from portal import db
from portal.offices import places
from portal.offices.closures import Detour
from tests import make
from tests.views.world import MORNING, SERVICE, public_addresses

LISTS = [
    "/",
    "/dekat?dari=31.74",
    "/?status=remote",
    "/?wilayah=31.74",
    "/?hal=2",
    "/?bahasa=en",
    f"/?layanan={SERVICE}",
    f"/layanan/{SERVICE}",
    f"/layanan/{SERVICE}?q=kantor",
    "/layanan",
    "/wilayah/31/riwayat",
    "/wilayah/31/riwayat.csv",
    "/wilayah/31/peta",
    "/wilayah/31.74/peta",
    "/sematan",
    "/sematan?wilayah=31",
    "/sitemap/kantor-0.xml",
    "/data/kantor.csv",
    "/data/penutupan.csv",
    "/data/kotak-surat.csv",
    "/data/wilayah.csv",
    "/umpan.atom",
    "/umpan/31.74.atom",
    "/api/v1/offices",
    "/api/v1/offices?state=remote",
    f"/api/v1/offices?service={SERVICE}",
    "/api/v1/closures",
]
SEARCHES = ["/?q=kantor", "/?q=kantr", "/dekat?cari=jakarta", "/api/v1/offices?q=kantor"]
OF_ONE = [
    "/kantor/{slug}",
    "/kantor/{slug}/pengumuman",
    "/kantor/{slug}/riwayat",
    "/sematan?kantor={slug}",
    "/kantor/{slug}/umpan.atom",
    "/kantor/{slug}/kalender.ics",
    "/kantor/{slug}/lencana.svg",
    "/api/v1/offices/{slug}",
    "/api/v1/offices/{slug}/timeline",
    "/api/v1/closures?office={slug}",
]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    asked: list[str] = []
    own = db.database.obj.execute_sql
    db.database.obj.execute_sql = lambda sql, *rest, **named: asked.append(sql) or own(sql, *rest, **named)
    try:
        yield asked
    finally:
        del db.database.obj.execute_sql


def queries(client: Any, address: str) -> list[str]:
    with counted() as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    assert asked
    return asked


def fill(first: int, last: int) -> None:
    for number in range(first, last):
        office = make.office(
            f"Kantor Uji {number:03}", kind="kantor wali kota", region="31.74", lat=-6 - number / 100, lon=106 + number / 100, phone="021", email="a@b.example"
        )
        unit = make.unit(office, region="31.74")
        places.add_drop_box(office, "lobi", "Mo-Fr 08:00-12:00", **make.ACT)
        make.closure(office, online=True, excepted=[unit] if number % 2 else [], detours=[Detour(place="Tenda")], first="2020-09-21")
        make.closure(office, first="2020-09-28", days=1)
        make.closure(office, first="2020-09-21", services=("ktp",) if number % 2 else ())
        make.service(f"Surat {number:03}", kinds=["kantor wali kota"], at=[office], channels=["counter"] if number % 2 else ["online"])


def settled(client: Any, addresses: list[str]) -> dict[str, list[str]]:
    """What each page asks once it has been seen."""
    for address in addresses:
        client.get(address)
    return {address: queries(client, address) for address in addresses}


def grown(before: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    """Each page that asks more than before, with the questions that are new."""
    return "\n".join(f"{address}: {sorted(set(asked) - set(before[address]))}" for address, asked in after.items() if len(asked) > len(before[address]))


def test_a_lists_questions_do_not_grow_with_its_rows(client, world):
    fill(0, 3)
    few = settled(client, LISTS)
    fill(3, 60)
    assert grown(few, {address: queries(client, address) for address in LISTS}) == ""


def test_a_searchs_questions_do_not_grow_once_it_finds_more_than_it_looks_at(client, world):
    fill(0, 62)
    many = settled(client, SEARCHES)
    fill(62, 68)
    assert grown(many, {address: queries(client, address) for address in SEARCHES}) == ""


def test_an_offices_questions_do_not_grow_with_its_units_and_closures(client, world):
    make.closure(world.hall, first="2020-09-22", services=("ktp",))
    few = settled(client, [address.format(slug=world.hall.slug) for address in OF_ONE])
    for number in range(40):
        unit = make.unit(world.hall, region="31.71")
        make.closure(unit, first="2020-09-22", days=1 + number % 3, services=("ktp", f"layanan-{number}") if number % 2 else ())
    assert grown(few, {address: queries(client, address) for address in few}) == ""


@pytest.mark.parametrize("more", [0, 1])
def test_a_page_that_asks_more_is_named_with_what_is_new(more):
    assert grown({"/": ["a"]}, {"/": ["a", "b"][: 1 + more]}) == ("/: ['b']" if more else "")


@pytest.fixture
def watched_templates(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What templates asked the database while they were rendered."""
    own, asked = Template.render, []

    def render(template: Template, *facts: Any, **named: Any) -> str:
        with counted() as meanwhile:
            text = own(template, *facts, **named)
        asked.extend(f"{template.name}: {sql}" for sql in meanwhile)
        return text

    monkeypatch.setattr(Template, "render", render)
    return lambda: asked


def test_no_template_asks_the_database(client, world, watched_templates):
    fill(0, 5)
    addresses = [
        *public_addresses(world).values(),
        *LISTS,
        "/tidak-ada",
        f"/kantor/{world.health.slug}",
        f"/kantor/{world.village.slug}/pengumuman",
        "/?q=tidakada",
    ]
    for address in addresses:
        client.get(address)
    assert watched_templates() == []


def test_the_clock_of_these_tests_stands_still(client, world):
    from portal import clock

    assert clock.now().isoformat(timespec="minutes") == "2020-09-22T02:00+00:00"
    assert MORNING.startswith("2020-09-22T09:00")
