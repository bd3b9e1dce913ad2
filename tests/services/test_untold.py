"""A call that was not made before the next act: one call tells the whole story, and none is made about what is again as it was."""

from datetime import timedelta

import pytest

from portal import continuity, outbox
from portal.audit import Actor
from portal.db import transaction
from portal.outbox import OVERTAKEN, TO_CALL, Letter
from portal.refusals import Refused
from portal.services import aftermath, handling, untold
from portal.services.models import ClosureEffect, RequestEvent
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-18T07:00")  # Friday
HEAD = Actor("Kepala Kantor", 7)
OFFICER = Actor("Sari", 1)


@pytest.fixture
def hall(database):
    return make.office("Balai Kota", opening="Mo-Fr 08:00-12:00", desks=2)


@pytest.fixture
def card(hall):
    return make.service("Kartu keluarga", at=[hall], channels=["counter", "dropbox"])


def booked(card, hall, at="2020-09-22T10:00"):
    return make.request(card, hall, channel="counter", slot=make.local(at), email="", now=NOW)


def closed(*offices, first="2020-09-21", days=3):
    return continuity.close(make.plan(*offices, first=first, days=days), by=HEAD, now=NOW)


def extended(closure, until, hours=1):
    return continuity.extend(closure, make.local(until), reason="Belum surut", by=HEAD, now=NOW + timedelta(hours=hours))


def withdrawn(closure, hours=2):
    return continuity.withdraw(closure, reason="Keliru", by=HEAD, now=NOW + timedelta(hours=hours))


def letters():
    return list(Letter.select().where(Letter.name == "request_closure").order_by(Letter.id))


def called(letter, at=NOW):
    outbox.reached(letter, note="Sudah tahu.", by=OFFICER, now=at)


def test_who_was_not_called_before_the_next_act_is_called_once_with_the_whole_story(hall, card):
    booked(card, hall)
    extended(closed(hall), "2020-09-25T00:00")
    first, second = letters()
    assert (first.state, second.state) == (OVERTAKEN, TO_CALL)
    slot = {"was": make.local("2020-09-22T10:00").isoformat(), "to": make.local("2020-09-25T10:00").isoformat(), "way": "after"}
    assert (second.facts["slot"], second.facts["act"]) == (slot, "announced")
    assert [event.facts["act"] for event in RequestEvent.select().where(RequestEvent.what == "closure")] == ["announced", "extended"]


def test_who_was_called_already_is_told_from_there(hall, card):
    booked(card, hall)
    closure = closed(hall)
    called(letters()[0])
    extended(closure, "2020-09-25T00:00")
    assert [letter.state for letter in letters()] == ["reached", TO_CALL]
    assert letters()[1].facts["slot"]["was"] == make.local("2020-09-24T10:00").isoformat()
    assert letters()[1].facts["act"] == "extended"


def test_three_acts_before_anybody_called_are_one_call(hall, card):
    booked(card, hall)
    closure = closed(hall)
    extended(closure, "2020-09-25T00:00")
    extended(closure, "2020-09-26T00:00", hours=2)
    assert [letter.state for letter in letters()] == [OVERTAKEN, OVERTAKEN, TO_CALL]
    assert letters()[-1].facts["slot"]["was"] == make.local("2020-09-22T10:00").isoformat()
    assert letters()[-1].facts["slot"]["to"] == make.local("2020-09-28T10:00").isoformat()


def test_nobody_is_called_about_a_closure_that_was_withdrawn_before_anybody_called(hall, card):
    request = booked(card, hall)
    closure = closed(hall)
    withdrawn(closure)
    assert [letter.state for letter in letters()] == [OVERTAKEN, OVERTAKEN]
    assert RequestEvent.select().where(RequestEvent.what == "closure", RequestEvent.request == request).count() == 2
    assert {each.reach for each in aftermath.listed(closure, size=9)} == {"needless"}


def test_who_was_called_about_a_closure_is_called_about_its_withdrawal(hall, card):
    booked(card, hall)
    closure = closed(hall)
    called(letters()[0])
    withdrawn(closure)
    assert [(letter.state, letter.facts["act"]) for letter in letters()] == [("reached", "announced"), (TO_CALL, "withdrawn")]


@pytest.mark.parametrize(("was_told", "states"), [(False, [OVERTAKEN, OVERTAKEN]), (True, ["reached", TO_CALL])])
def test_a_result_that_can_be_fetched_as_before_needs_a_call_only_where_somebody_was_told_otherwise(hall, card, was_told, states):
    request = booked(card, hall, "2020-09-18T10:00")
    handling.ready(request, "Loket 3", by=make.Actor("Sari Petugas", 1), now=NOW)
    closure = closed(hall)
    if was_told:
        called(letters()[0])
    withdrawn(closure)
    assert [letter.state for letter in letters()] == states


def test_all_acts_count_as_told_with_the_call_that_tells_them(hall, card):
    booked(card, hall)
    closure = extended(closed(hall), "2020-09-25T00:00")
    called(letters()[1], NOW + timedelta(hours=3))
    assert {effect.letter_key for effect in ClosureEffect.select()} == {letters()[1].key}
    assert [each.reach for each in aftermath.listed(closure, size=9)] == ["called", "called"]
    assert aftermath.coverage(closure, now=NOW + timedelta(hours=9)).reached == [timedelta(hours=2), timedelta(hours=3)]


def test_who_is_on_the_telephone_with_old_news_hears_that_there_is_newer(hall, card):
    booked(card, hall)
    closure = closed(hall)
    on_the_screen = letters()[0]
    extended(closure, "2020-09-25T00:00")
    with pytest.raises(Refused, match="baru saja berubah"):
        called(on_the_screen)


def test_a_call_noted_at_the_moment_of_the_next_act_is_told_or_overtaken_but_never_both(shared):
    hall = make.office("Balai Kota", opening="Mo-Fr 08:00-12:00", desks=2)
    booked(make.service(at=[hall], channels=["counter"]), hall)
    closure = closed(hall)
    on_the_screen = letters()[0]
    noted, _ = at_once(lambda: called(on_the_screen), lambda: extended(closure, "2020-09-25T00:00"))
    first, second = letters()
    assert noted in ("done", "refused")
    was = make.local("2020-09-24T10:00" if noted == "done" else "2020-09-22T10:00").isoformat()
    assert (first.state, second.state, second.facts["slot"]["was"]) == ("reached" if noted == "done" else OVERTAKEN, TO_CALL, was)


BASE = {"act": "extended", "closure": 1}
A, B, C = (f"2020-09-2{day}T10:00:00+07:00" for day in (2, 4, 5))
TO_PASAR = {"was": "Balai", "was_id": 1, "to": "Pasar", "slug": "pasar", "zone": "Asia/Jakarta"}


@pytest.mark.parametrize(("before", "after", "story"), [
    ({"slot": {"was": A, "to": B, "way": "after"}}, {"due": {"was": "2020-09-28", "to": "2020-09-29"}},
     {"slot": {"was": A, "to": B, "way": "after"}, "due": {"was": "2020-09-28", "to": "2020-09-29"}}),
    ({"slot": {"was": A, "to": None, "way": "none"}}, {"slot": {"was": A, "to": B, "way": "held"}}, {"slot": {"was": A, "to": B, "way": "after"}}),
    ({"slot": {"was": A, "to": B, "way": "diverted"}, "office": TO_PASAR}, {"slot": {"was": B, "to": C, "way": "after"}},
     {"slot": {"was": A, "to": C, "way": "diverted"}, "office": TO_PASAR}),
    ({"due": {"was": "2020-09-28", "to": "2020-09-29"}}, {"due": {"was": "2020-09-29", "to": "2020-09-28"}}, {}),
    ({"channel": {"was": "counter", "to": "online"}, "slot": {"was": A, "to": None, "way": "online"}},
     {"channel": {"was": "online", "to": "counter"}, "slot": {"was": A, "to": A, "way": "restored"}}, {}),
    ({"slot": {"was": A, "to": B, "way": "after"}, "earlier": A}, {"slot": {"was": B, "to": C, "way": "after"}}, {"slot": {"was": A, "to": C, "way": "after"}}),
    ({"counter": {"shut": [[A, B]]}}, {"counter": {"shut": [[A, C]]}}, {"counter": {"shut": [[A, C]]}}),
])  # fmt: skip
def test_two_changes_are_told_as_one_from_what_was_known_last(before, after, story):
    told = untold.whole({**before, "act": "extended", "closure": 1, "office": before.get("office", "Balai")}, {**BASE, **after}, {},
                        office=2 if "office" in before else 1)  # fmt: skip
    assert told == ({**BASE, **story} if story else {})


def test_the_same_time_at_another_office_is_no_return():
    after = {**BASE, "slot": {"was": B, "to": A, "way": "diverted"}, "office": TO_PASAR}
    told = untold.whole({**BASE, "slot": {"was": A, "to": B, "way": "after"}}, after, {}, office=2)
    assert told["slot"] == {"was": A, "to": A, "way": "diverted"}


def test_times_that_were_told_before_are_what_a_person_knows():
    again = {**BASE, "pickup": {"shut": []}}
    before = {**BASE, "pickup": {"shut": [[A, C]]}}
    assert untold.whole(before, again, {"pickup": [[A, B]]}, office=1) == again
    assert untold.whole(before, {**BASE, "pickup": {"shut": [[A, B]]}}, {"pickup": [[A, B]]}, office=1) == {}


def test_nothing_is_taken_over_where_nobody_waits(hall, card):
    request = booked(card, hall)
    closure = closed(hall)
    called(letters()[0])
    with transaction():
        untold.take_over([request.id], aftermath.acts(closure)[0].event)
    assert [letter.state for letter in letters()] == ["reached"]
