"""However many want to be told, an act does not wait for them, and each is told once."""

from datetime import timedelta

import pytest

from portal import outbox
from portal.offices import announcing
from portal.offices.models import NewsRound
from portal.outbox import Recipient
from tests.house.test_queries import counted
from tests.make import NOW
from tests.offices.crowd import Crowd

pytestmark = pytest.mark.usefixtures("database")


def test_an_act_asks_the_database_the_same_with_a_thousand_subscribers_as_with_none(monkeypatch):
    monkeypatch.setattr(announcing, "AT_ONCE", 400)
    crowd = Crowd()
    with counted() as without:
        crowd.close(1)
    crowd.grow(1000)
    with counted() as with_all:
        crowd.close(2)
    assert len(with_all) == len(without)
    with counted() as asked:
        assert crowd.told() == [400, 400, 200]
    assert crowd.letters() == 1000
    assert len(asked) < 80  # some for the round, a handful for each of four batches, none for each letter


def test_a_letter_about_a_request_goes_before_all_news_that_waits():
    crowd = Crowd()
    crowd.grow(5)
    crowd.close(1)
    crowd.told()
    later = NOW + timedelta(hours=3)
    outbox.promise("request_received", Recipient("Warga", "satu@surat.example"), {}, key="k", now=later)
    assert outbox.claim(now=later).name == "request_received"
    assert outbox.claim(now=later).name == "news"


def test_two_workers_tell_nobody_twice():
    crowd = Crowd()
    crowd.grow(5)
    crowd.close(1)
    one = announcing.go(now=NOW + timedelta(minutes=2))
    assert next(one) == 5
    assert crowd.told() == []
    assert list(one) == []
    assert (crowd.letters(), NewsRound.select().count()) == (5, 1)
