"""Measures the portal against a bare Flask view in the same run: python -m bench.run [--json FILE]; with TEST_POSTGRES set on PostgreSQL, else on SQLite."""

import statistics
import sys
import time
from pathlib import Path

import click

from bench import closing, country, found, public, sizes, slow, staff
from bench.crowd import Crowd
from bench.found import Found
from bench.installation import Installation, installation
from bench.load import memory_of, plain_environment, server
from portal import clock, db
from portal.kinerja.models import SUBMITTED

_STARTS, _INBOX = 3, 300
_SMALLER = () if sizes.IS_QUICK else (500, 5000)  # countries between which and the largest one sees the growth


@click.command()
@click.option("--json", "file", type=click.Path(path_type=Path), help="Where the figures go; else into bench/out.")
def main(file: Path | None) -> None:
    """Everything that is to be reached, as a table; ends as a failure only where a request failed or something was lost."""
    begun, kind = time.monotonic(), found.kind()
    with server("bench.hello:app", plain_environment()) as hello:
        seen = Found(kind, hello.address + "/")
        click.echo(f"{kind}: ratios are to the bare view in this run; {sizes.CITY} offices, {sizes.PEOPLE} people, then {sizes.COUNTRY} offices")
        with installation("city") as place:
            after_change = _city(seen, place)
        for offices in (*(each for each in _SMALLER if each < sizes.COUNTRY), sizes.COUNTRY):
            with installation(f"country_{offices}") as place:
                _country(seen, place, offices, after_change)
    click.echo(f"\n{seen.table()}\n\n{kind}: {time.monotonic() - begun:.0f} s, {seen.failed} failed")
    seen.write(file or found.OUT / f"{kind.lower()}.json")
    sys.exit(1 if seen.failed else 0)


def _city(seen: Found, place: Installation) -> float:
    """All that a city does in a day; the seconds to the first board after a change."""
    crowd = Crowd(place.app, sizes.PEOPLE)
    country.settle(sizes.CITY, place.folder, now=clock.now())
    country.close_some(sizes.DIFFER, now=clock.now())
    crowd.settle_in()
    crowd.fill_inbox(_INBOX)
    crowd.fill_days(back=1, state=SUBMITTED)  # with 30 people under each superior a page of 30 to validate
    crowd.fill_days()
    elsewhere = place.copy("bench_elsewhere")
    _starts(seen, place)
    with server("wsgi:app", place.environment) as running:
        public.measure(seen, running, name=f", {sizes.CITY} offices")
        after_change = public.after_a_change(seen, running, name=f", {sizes.CITY} offices, {sizes.DIFFER} differ", goal=150)
        public.search(seen, running, place.folder, name=f", {sizes.CITY} offices")
        staff.pages(seen, crowd, running, place.folder)
        public.under_acts(seen, place, running, elsewhere)
        staff.burst(seen, crowd, running, place.folder)
        slow.measure(seen, running, place.folder)
        closing.measure(seen, crowd, running)
        _memory(seen, running.pid, "after all this")
    return after_change


def _country(seen: Found, place: Installation, offices: int, after_change: float) -> None:
    """A smaller or larger country; the goals hold for the largest."""
    is_largest, begun = offices == sizes.COUNTRY, time.monotonic()
    country.settle(offices, place.folder, now=clock.now())
    seen.tell(f"import of {offices} offices with their regions", f"{time.monotonic() - begun:.0f} s")
    country.close_some(sizes.DIFFER, now=clock.now())
    db.database.close()
    with server("wsgi:app", place.environment) as running:
        name, goal = f", {offices} offices", 3 if is_largest else None
        public.measure(seen, running, name=name, goal=goal)
        public.after_a_change(seen, running, name=name, before=after_change if is_largest else 0)
        public.search(seen, running, place.folder, name=name, goal=0.1 if is_largest else None)
        _memory(seen, running.pid, f"with {offices} offices")


def _starts(seen: Found, place: Installation) -> None:
    """From the start of the process to the first answer of the board."""
    spent = []
    for _ in range(_STARTS):
        with server("wsgi:app", place.environment) as running:
            spent.append(running.began)
    middle = statistics.median(spent)
    seen.tell("start to first answer", f"{middle:.2f} s", "≤ 2 s", middle <= 2, f"median of {len(spent)}, slowest {max(spent):.2f} s")


def _memory(seen: Found, pid: int, when: str) -> None:
    megabytes = memory_of(pid)
    seen.tell(f"memory of a worker {when}", f"{megabytes:.0f} MB", "≤ 120 MB", megabytes <= 120)


if __name__ == "__main__":
    main()
