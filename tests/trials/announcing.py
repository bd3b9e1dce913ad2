"""A hundred thousand subscribers of one region: the act takes as long as without any, and the worker tells them thousand by thousand."""

import time

import click

from portal import db
from tests.offices.crowd import Crowd

MANY = 100_000


def test_closing_takes_as_long_with_a_hundred_thousand_subscribers_as_with_none(shared):
    crowd = Crowd()
    crowd.seconds()  # once for nothing: the first acts make questions that later ones only ask
    without = crowd.seconds()
    crowd.grow(MANY)
    with_all = crowd.seconds()
    before, began = time.perf_counter(), time.process_time()
    told = crowd.told()
    seconds, work = time.perf_counter() - before, time.process_time() - began
    click.echo(f"\n{'PostgreSQL' if db.is_postgres() else 'SQLite'}: close {without * 1000:.1f} ms without subscribers, {with_all * 1000:.1f} ms with {MANY:,} "
               f"(ratio {with_all / without:.2f}); told in {seconds:.1f} s: {seconds / len(told) * 1000:.0f} ms a thousand, "
               f"{work / len(told) * 1000:.0f} ms of them at work")  # fmt: skip
    assert (sum(told), crowd.letters()) == (MANY, MANY)
    assert with_all < 1.5 * without
