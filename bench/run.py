"""Measures the portal against a bare Flask view in the same run: python -m bench.run; with TEST_POSTGRES set on PostgreSQL, else on SQLite."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from bench.crowd import Crowd, submitted_at
from bench.load import Measured, memory_of, plain_environment, press, server
from portal import create_app, db, settings
from portal.kinerja.models import SUBMITTED
from tests.conftest import new_database

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "6000"))
_BURST = 20  # seconds
_WAITING = 1  # days of each person that wait for the superior: with 30 people a full page


@contextmanager
def installation() -> Iterator[tuple[Crowd, dict[str, str], Path]]:
    """A city's people in a database of their own."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as home:
        folder = Path(home)
        own = {"INSTANCE": home, "DATABASE_URL": new_database(folder, "bench"), "SECRET_KEY": "bench"}
        app = create_app(settings.load({f"PORTAL_{name}": value for name, value in own.items()}))
        db.migrate()
        crowd = Crowd(app, PEOPLE)
        crowd.settle_in()
        for back in range(1, _WAITING + 1):
            crowd.fill_days(back=back, state=SUBMITTED)
        crowd.fill_days()
        db.database.close()
        yield crowd, plain_environment(**own), folder


def main() -> int:
    kind = "PostgreSQL" if os.environ.get("TEST_POSTGRES") else "SQLite"
    with server("bench.hello:app", plain_environment()) as (address, _):
        hello = press(address).rate
    click.echo(f"hello: {hello:.0f}/s; the ratios below are to it, in this run, on {kind}, {PEOPLE} people")
    with installation() as (crowd, environment, folder), server("wsgi:app", environment) as (address, pid):
        pages = {"day sheet": (f"/kinerja/{crowd.day}", range(0, PEOPLE, 7)), "validation, 30 days": ("/validasi", list(crowd.superiors())[1:])}
        for name, (page, who) in pages.items():
            crowd.visits(folder / "visits", page, who)
            _tell(name, press(address, script="prepared.lua", words=(str(folder / "visits"), "again")), hello, goal=0.1)
        return _burst(crowd, folder, address, pid, hello)


def _burst(crowd: Crowd, folder: Path, address: str, pid: int, hello: float) -> int:
    """Everybody submits at once; none may fail, and each answered one must be in the database."""
    crowd.submissions(folder / "submissions")
    burst = press(address, seconds=_BURST, script="prepared.lua", words=(str(folder / "submissions"),))
    moments = sorted(submitted_at(crowd.day).values())
    rate = len(moments) / max((moments[-1] - moments[0]).total_seconds(), 0.001)  # wrk waits on when all have been sent
    _tell("submit a day (5 activities, audit, letter)", replace(burst, rate=rate), hello, goal=0.06)
    lost = max(min(burst.answers, crowd.count) - len(moments), 0)
    click.echo(f"  {burst.answers} answered, {len(moments)} of {crowd.count} days kept, {lost} lost; largest process: {memory_of(pid):.0f} MB")
    return 1 if lost or burst.failed else 0


def _tell(name: str, seen: Measured, hello: float, *, goal: float) -> None:
    click.echo(f"{name}: {seen.rate / hello:.3f} (goal {goal}); {seen.rate:.0f}/s, {seen.failed} failed, p99 {seen.p99:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
