"""The small version of the heavy trial: a server that is killed while people hand in their days, and while citizens ask."""

from tests.trials.filing import Filing
from tests.trials.submitting import Submitting


def test_forty_people_submit_over_three_kills_and_nothing_is_lost_nor_counted_twice(ready, installation):
    crowd = Submitting(installation, people=40)
    crowd.burst(kills=3)
    assert crowd.verdict().startswith(("SQLite: 40 days", "PostgreSQL: 40 days"))


def test_twenty_citizens_ask_over_two_kills_and_each_has_one_whole_request(ready, installation):
    crowd = Filing(installation, people=20)
    crowd.burst(kills=2)
    assert crowd.verdict().startswith(("SQLite: 20 requests", "PostgreSQL: 20 requests"))
