"""Ten thousand hostile submissions to every form of the public: no error of ours, no trace, nothing kept of what was refused."""

import time
from collections import Counter

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from portal import db
from portal.services.models import ServiceRequest
from tests.trials import hostile
from tests.trials.hostile import Town

HOW_MANY = 10_000


@pytest.fixture
def town(app, client, at) -> Town:
    at("2020-09-21T09:00+07:00")
    return Town(app)


def test_ten_thousand_hostile_submissions_break_nothing(town):
    rules, begun = Counter[str](), time.process_time()

    @settings(max_examples=HOW_MANY, deadline=None, suppress_health_check=list(HealthCheck))
    @given(some.data())
    def send(data):
        sent = data.draw(hostile.submissions(town))
        town.send(sent)
        rules[sent.rule] += 1

    send()
    assert set(rules) == {rule.rule for rule in town.rules}
    assert ServiceRequest.select().count() == len(town.numbers)
    engine = "PostgreSQL" if db.is_postgres() else "SQLite"
    click.echo(f"\n{engine}: {sum(rules.values())} submissions to {len(rules)} forms: {dict(sorted(town.seen.items()))}, {town.kept} kept something, "
               f"0 errors; {time.process_time() - begun:.0f} s")  # fmt: skip
