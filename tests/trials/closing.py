"""One closure over very many people: killed at fifty moments, and measured from ten to ten thousand."""

import time

import click
import pytest

from portal import db
from tests.house.test_queries import counted
from tests.services.crowds import Crowded
from tests.trials import crashing

SIZES = (10, 100, 1000, 10_000)


def test_a_closure_over_a_thousand_people_survives_fifty_kills(ready, installation):
    begun = time.monotonic()
    click.echo(f"\n{crashing.trial(installation, people=1000, kills=50)}; {time.monotonic() - begun:.0f} s")


@pytest.mark.usefixtures("shared")
def test_the_time_of_a_closure_grows_no_faster_than_its_people():
    spent: dict[str, dict[int, float]] = {}
    for people in SIZES:
        with db.database.atomic() as undone:
            for name, act in Crowded(people, places=18).acts():
                with counted() as asked:
                    begun = time.process_time()
                    act()
                    spent.setdefault(name, {})[people] = time.process_time() - begun
                click.echo(f"{'PostgreSQL' if db.is_postgres() else 'SQLite'}: {name} for {people}: {spent[name][people]:.2f} s, {len(asked)} questions")
            undone.rollback()
    for name, by_people in spent.items():
        assert by_people[10_000] / 10_000 < 2 * by_people[1000] / 1000, name
