"""Two hundred people who want twenty slots at the same moment, on a database that they share."""

import time

import click

from portal import db
from tests.services.booking import Rush


def test_two_hundred_bookings_at_once_for_twenty_slots_sell_each_once(shared):
    rush = Rush(people=200, slots=20)
    before = time.monotonic()
    said = rush.verdict()
    click.echo(f"\n{'PostgreSQL' if db.is_postgres() else 'SQLite'}: {said} ({time.monotonic() - before:.1f} s)")
