"""The small version of the heavy trial: a server that is killed while people hand in their days."""

from tests.trials.submitting import Submitting


def test_forty_people_submit_over_three_kills_and_nothing_is_lost_nor_counted_twice(ready, installation):
    crowd = Submitting(installation, people=40)
    crowd.burst(kills=3)
    assert crowd.verdict().startswith(("SQLite: 40 days", "PostgreSQL: 40 days"))
