"""Subscribers are told of closures in rounds: each once, nobody forgotten, and the act waits for none of it."""

from datetime import timedelta

import pytest

from portal import continuity
from portal.offices import announcing, closures, subscriptions
from portal.offices.models import Closure, News, NewsRound, Office, Subscriber, Subscription
from portal.outbox import Letter
from tests import make
from tests.make import ACT, NOW, local

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)
DAWN = local("2020-09-23T07:00")


def subscriber(*wanted: object, email: str = "", is_confirmed: bool = True, now=NOW - timedelta(days=30)) -> Subscriber:
    address = email or f"warga{Subscriber.select().count()}@surat.example"
    for each in wanted:
        subscriptions.ask(address, each, language="id", now=now)
    found = Subscriber.get(email=address)
    for wish in subscriptions.wishes(found) if is_confirmed else ():
        subscriptions.confirm(found, wish.id, language="id", now=now)
    return found


def told(now, *, at_once: int = 1000) -> list[tuple[str, list[str]]]:
    """Who is told what at a moment: address, occasions."""
    before = {id for (id,) in Letter.select(Letter.id).tuples()}
    list(announcing.go(now=now))
    fresh = [letter for letter in Letter.select().where(Letter.name == subscriptions.NEWS).order_by(Letter.id) if letter.id not in before]
    said = dict(News.select(News.id, News.occasion).tuples())
    return [(letter.email, [said[id] for id in letter.facts["news"]]) for letter in fresh]


def close(*offices: Office, now=NOW, **facts: object) -> Closure:
    return continuity.close(make.plan(*offices, **facts), by="kepala kantor", now=now)


def test_a_closure_is_told_once_to_who_follows_the_office_and_to_nobody_else():
    office, other = make.office(), make.office()
    mine = subscriber(office)
    subscriber(other)
    subscriber(office, is_confirmed=False)
    close(office)
    assert told(NOW + 2 * MINUTE) == [(mine.email, ["declared"])]
    assert told(NOW + 3 * MINUTE) == []


def test_before_a_burst_has_ended_nothing_goes_out_but_after_ten_minutes_it_waits_no_longer():
    office = make.office()
    mine = subscriber(office)
    close(office)
    assert told(NOW + timedelta(seconds=119)) == []
    others = [make.office() for _ in range(5)]
    for minute, each in enumerate(others, start=1):
        close(each, now=NOW + (2 * minute - 1) * MINUTE)
        assert told(NOW + (2 * minute) * MINUTE) == [] or minute == 5
    assert [letter.email for letter in Letter.select().where(Letter.name == subscriptions.NEWS)] == [mine.email]


@pytest.mark.parametrize("place", ["above", "office", "below", "region", "province"])
def test_a_closure_of_an_office_reaches_what_is_above_it_below_it_and_its_regions(place):
    region, province = make.region("31.71"), make.region("31")
    above = make.office(region=region)
    office = make.unit(above)
    below = make.unit(office)
    mine = subscriber({"above": above, "office": office, "below": below, "region": region, "province": province}[place])
    subscriber(make.unit(above), make.region("31.72"), make.region("32"))
    close(office)
    assert told(NOW + 2 * MINUTE) == [(mine.email, ["declared"])]


def test_who_follows_a_part_that_stays_open_is_not_written_to():
    office = make.office()
    part = make.unit(office)
    subscriber(part)
    close(office, excepted=[part])
    assert told(NOW + 2 * MINUTE) == []


def test_one_letter_carries_all_that_concerns_somebody_and_names_twenty():
    region = make.region("31.71")
    offices = [make.office(region=region) for _ in range(22)]
    mine = subscriber(region, offices[0])
    for each in offices:
        close(each)
    assert [email for email, _ in told(NOW + 2 * MINUTE)] == [mine.email]
    letter = Letter.get(name=subscriptions.NEWS)
    assert (len(letter.facts["news"]), letter.facts["more"]) == (20, 2)


def test_what_was_taken_back_or_reopened_before_the_round_is_never_told():
    one, other = make.office(), make.office()
    subscriber(one, other)
    begun = close(one, other, first="2020-09-18")
    continuity.reopen(begun, reason="salah", by="kepala", now=NOW + MINUTE)
    continuity.withdraw(close(one), reason="salah", by="kepala", now=NOW + MINUTE)
    assert told(NOW + 4 * MINUTE) == []
    assert told(DAWN) == []


def test_each_change_is_told_as_it_stands_and_what_came_to_nothing_is_not():
    office = make.office()
    mine = subscriber(office)
    closure = close(office)
    assert told(NOW + 2 * MINUTE) == [(mine.email, ["declared"])]
    longer, later = local("2020-09-25T00:00"), NOW + timedelta(hours=1)
    continuity.extend(closure, longer, reason="surut lambat", by="kepala", now=later)
    assert told(later + 2 * MINUTE) == [(mine.email, ["longer"])]
    continuity.shorten(closure, local("2020-09-24T00:00"), reason="surut", by="kepala", now=later + 5 * MINUTE)
    continuity.extend(closure, longer, reason="belum surut", by="kepala", now=later + 6 * MINUTE)
    assert told(later + 9 * MINUTE) == []
    continuity.shorten(closure, local("2020-09-24T00:00"), reason="surut", by="kepala", now=later + 10 * MINUTE)
    assert told(later + 12 * MINUTE) == [(mine.email, ["shorter"])]
    continuity.withdraw(closure, reason="salah", by="kepala", now=later + 20 * MINUTE)
    assert told(later + 22 * MINUTE) == [(mine.email, ["withdrawn"])]


def test_the_day_before_it_begins_and_its_end_are_told_in_the_morning_once():
    office = make.office()
    mine = subscriber(office)
    close(office, first="2020-09-22", days=2)
    assert told(NOW + 2 * MINUTE) == [(mine.email, ["declared"])]
    assert told(local("2020-09-21T06:59")) == []
    assert told(local("2020-09-21T07:00")) == [(mine.email, ["tomorrow"])]
    assert told(local("2020-09-21T08:00")) == []
    assert told(local("2020-09-24T06:59")) == []
    assert told(local("2020-09-24T07:00")) == [(mine.email, ["reopened"])]
    assert told(local("2020-09-24T09:00")) == []


def test_one_that_was_declared_today_is_not_told_again_for_beginning_tomorrow():
    office = make.office()
    mine = subscriber(office)
    morning = local("2020-09-19T08:00")
    close(office, now=morning)
    assert told(morning + 2 * MINUTE) == [(mine.email, ["declared"])]
    assert told(morning + 20 * MINUTE) == []


def test_reopening_by_an_act_is_one_letter_also_the_morning_after():
    office = make.office()
    mine = subscriber(office)
    closure = close(office, first="2020-09-18", days=30, now=local("2020-09-17T09:00"))
    told(local("2020-09-17T09:05"))
    night = local("2020-09-20T22:00")
    continuity.reopen(closure, reason="surut", by="kepala", now=night)
    assert told(night + 2 * MINUTE) == [(mine.email, ["reopened"])]
    assert told(local("2020-09-21T07:30")) == []


def test_facts_that_an_import_records_are_not_announced():
    office = make.office()
    subscriber(office)
    closures.declare(make.plan(office, first="2020-03-01"), by="flask", now=NOW, is_fact=True)
    closures.declare(make.plan(office, first="2020-09-10", days=30), by="flask", now=NOW, is_fact=True)
    assert told(NOW + 12 * MINUTE) == []
    assert told(local("2020-09-20T08:00")) == []


def test_a_worker_that_is_killed_between_two_thousand_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    region = make.region("31.71")
    everybody = [subscriber(region).email for _ in range(5)]
    close(make.office(region=region))
    rounds = announcing.go(now=NOW + 2 * MINUTE)
    assert next(rounds) == 2
    rounds.close()
    assert [email for email, _ in told(NOW + 5 * MINUTE)] == everybody[2:]
    assert NewsRound.get().done_at == NOW + 5 * MINUTE


def test_who_confirms_after_a_round_was_made_or_has_stopped_before_it_is_not_in_it(monkeypatch):
    monkeypatch.setattr(announcing, "AT_ONCE", 1)
    office = make.office()
    first, second = subscriber(office), subscriber(office)
    close(office)
    rounds = announcing.go(now=NOW + 2 * MINUTE)
    next(rounds)
    rounds.close()
    subscriptions.end(second, now=NOW + 3 * MINUTE)
    subscriber(office, now=NOW + 3 * MINUTE)
    assert told(NOW + 4 * MINUTE) == []
    assert [letter.email for letter in Letter.select().where(Letter.name == subscriptions.NEWS)] == [first.email]


def test_a_preview_counts_those_who_would_be_told():
    region = make.region("31.71")
    office = make.office(region=region)
    subscriber(region, office)
    subscriber(make.unit(office))
    subscriber(make.office(), is_confirmed=False)
    assert announcing.audience({office.id: True}) == 2


def test_where_very_many_places_or_people_are_concerned_all_subscribers_are_gone_through(monkeypatch):
    monkeypatch.setattr(announcing, "_PLACES", 0)
    office = make.office()
    mine = subscriber(office)
    subscriber(make.office())
    close(office)
    assert announcing.audience({office.id: True}) == 1
    assert told(NOW + 2 * MINUTE) == [(mine.email, ["declared"])]


def test_news_say_when_the_counter_serves_and_what_stays_closed():
    office = make.office()
    subscriber(office)
    closure = close(office, first="2020-09-18", days=5, now=local("2020-09-17T09:00"))
    told(local("2020-09-17T09:05"))
    assert News.get().facts["reopens"] == local("2020-09-23T08:00").isoformat()
    close(office, first="2020-09-20", days=10, reason="fire", now=local("2020-09-19T10:00"))
    told(local("2020-09-19T10:05"))
    continuity.reopen(closure, reason="surut", by="kepala", now=local("2020-09-21T10:00"))
    told(local("2020-09-21T10:05"))
    last = News.select().order_by(News.id.desc()).get()
    assert (last.occasion, last.facts["still"], last.facts["serves"]) == ("reopened", [office.name], False)
    assert ACT
    assert Subscription.select().count() == 1
