"""News are asked for by anybody, but only the owner of an address begins and ends them."""

from datetime import timedelta

import pytest

from portal import policies
from portal.audit import AuditEntry
from portal.offices import announcing, rules, subscriptions
from portal.offices.models import Subscriber, Subscription
from portal.outbox import Letter
from portal.refusals import Refused
from tests import make
from tests.make import ACT, NOW

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


def asked(email: str = "warga@surat.example", *wanted: object, now=NOW, language: str = "id") -> Subscriber:
    for each in wanted or (make.office(),):
        subscriptions.ask(email, each, language=language, now=now)
    return Subscriber.select().order_by(Subscriber.id.desc()).get()


def letters() -> int:
    return Letter.select().where(Letter.name == subscriptions.CONFIRMATION).count()


def confirmed(subscriber: Subscriber) -> list[str]:
    return [subscriptions.name_of(wish) for wish in subscriptions.wishes(subscriber) if wish.confirmed_at]


def test_an_address_is_one_whatever_the_case_of_its_domain():
    office = make.office()
    asked("Warga@SURAT.example", office)
    asked(" Warga@surat.EXAMPLE ", office)
    assert [each.email for each in Subscriber.select()] == ["Warga@surat.example"]
    assert Subscription.select().count() == 1


@pytest.mark.parametrize("typed", ["", "warga", "a@b@c", "warga@surat.example\r\nBcc: x@y.example", "w@" + "a" * 300 + ".example"])
def test_what_is_no_address_is_refused_beside_its_field(typed):
    with pytest.raises(Refused) as refused:
        subscriptions.ask(typed, make.office(), language="id", now=NOW)
    assert refused.value.field == "email"
    assert Subscriber.select().count() == 0


@pytest.mark.parametrize("place", [{"office": "tidak-ada"}, {"office": "a\0b"}, {"region": "99"}, {}])
def test_what_does_not_exist_cannot_be_followed(place):
    with pytest.raises(Refused):
        subscriptions.target(**place)


def test_nobody_is_flooded_however_often_somebody_asks_in_their_name():
    for minute in range(0, 60, 5):
        asked("korban@surat.example", make.office(), now=NOW + timedelta(minutes=minute))
    assert letters() == 1
    asked("korban@surat.example", now=NOW + timedelta(hours=1))
    assert letters() == 2


def test_who_asks_in_a_strangers_name_changes_neither_language_nor_what_is_kept():
    office = make.office()
    mine = asked("warga@surat.example", office, language="en")
    subscriptions.confirm(mine, subscriptions.wishes(mine)[0].id, language="en", now=NOW)
    asked("warga@surat.example", office, make.office(), now=NOW + DAY)
    assert Subscriber.get_by_id(mine.id).language == "en"
    assert confirmed(mine) == [office.name]


def test_more_offices_than_a_person_follows_are_not_kept(monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST", 3)
    mine = asked("warga@surat.example", *[make.office() for _ in range(5)])
    assert len(subscriptions.wishes(mine)) == 3


def test_a_link_opens_for_its_own_subscriber_alone():
    mine, other = asked("a@surat.example"), asked("b@surat.example")
    token = subscriptions.token_of(mine.id, mine.email)
    assert subscriptions.of_link(mine.id, token) == mine
    assert [subscriptions.of_link(*wrong) for wrong in ((other.id, token), (mine.id, token[:-1]), (mine.id, "é"), (2**40, token))] == [None] * 4


def test_nobody_confirms_or_ends_what_another_asked_for():
    mine, other = asked("a@surat.example"), asked("b@surat.example")
    wish = subscriptions.wishes(other)[0].id
    subscriptions.confirm(mine, wish, language="id", now=NOW)
    assert subscriptions.end(mine, wish, now=NOW) == 0
    assert (confirmed(other), len(subscriptions.wishes(other))) == ([], 1)


def test_what_was_ended_needs_a_new_confirmation():
    office = make.office()
    mine = asked("warga@surat.example", office)
    subscriptions.confirm(mine, subscriptions.wishes(mine)[0].id, language="id", now=NOW)
    assert subscriptions.end(mine, now=NOW) == 1
    assert subscriptions.end(mine, now=NOW) == 0
    asked("warga@surat.example", office, now=NOW + DAY)
    assert (confirmed(mine), len(subscriptions.wishes(mine)), letters()) == ([], 1, 2)


def test_a_letter_that_has_not_gone_out_is_not_for_one_who_wants_none_any_more():
    office = make.office()
    mine, other = asked("a@surat.example", office), asked("b@surat.example", office)
    for each in (mine, other):
        subscriptions.confirm(each, subscriptions.wishes(each)[0].id, language="id", now=NOW)
    make.closure(office)
    list(announcing.go(now=NOW + timedelta(minutes=2)))
    subscriptions.end(mine, now=NOW + timedelta(minutes=3))
    assert [letter.email for letter in Letter.select().where(Letter.name == subscriptions.NEWS)] == ["b@surat.example"]


def test_what_was_never_confirmed_or_has_ended_is_forgotten_by_policy_and_the_rest_stays():
    policies.set_usual(rules.USUAL, **ACT)
    old, ended, kept = asked("a@surat.example"), asked("b@surat.example"), asked("c@surat.example")
    for each in (ended, kept):
        subscriptions.confirm(each, subscriptions.wishes(each)[0].id, language="id", now=NOW)
    subscriptions.end(ended, now=NOW + 5 * DAY)
    assert subscriptions.retain(now=NOW + 30 * DAY) == 0
    assert subscriptions.retain(now=NOW + 31 * DAY) == 1
    assert subscriptions.of_link(old.id, subscriptions.token_of(old.id, old.email)) is None
    assert subscriptions.retain(now=NOW + 36 * DAY) == 1
    assert [each.email for each in Subscriber.select()] == ["c@surat.example"]
    assert (confirmed(kept), letters()) == ([name for name in confirmed(kept) if name], 0)
    assert AuditEntry.select().where(AuditEntry.act == "subscriptions_forgotten").count() == 2


def test_without_a_policy_all_is_kept_and_the_trail_names_no_address():
    mine = asked("warga@surat.example")
    subscriptions.confirm(mine, subscriptions.wishes(mine)[0].id, language="id", now=NOW)
    subscriptions.end(mine, now=NOW)
    assert subscriptions.retain(now=NOW + 4000 * DAY) == 0
    trail = [str([each.act, each.label, each.before, each.after]) for each in AuditEntry.select().where(AuditEntry.kind == "subscription")]
    assert len(trail) == 3
    assert "surat.example" not in "".join(trail)
