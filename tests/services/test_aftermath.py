"""After a closure it can be told who was affected, who knows, and who is still to be called; the public learns numbers that lead to nobody."""

from datetime import timedelta

import pytest

from portal import outbox
from portal.offices import closures
from portal.services import aftermath
from portal.services.figures import HELD
from tests import make
from tests.services.affecting import DUE, PICKUP, SLOT, Affecting, called, letter, mailed

LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def affecting(database):
    return Affecting()


def extended(affecting: Affecting) -> None:
    closures.extend(affecting.closure, affecting.closure.ends_at + timedelta(days=1), reason="Belum aman.", by="kepala", now=LATER)


def test_each_is_told_by_mail_or_by_telephone_or_waits_or_cannot_be_told(affecting):
    mail, phone, waits, to_call, nobody, failed = (
        affecting.person(email=email, phone=phone) for email, phone in [("a@b.id", ""), ("", "1"), ("c@d.id", ""), ("", "2"), ("", ""), ("e@f.id", "")]
    )
    mailed(mail)
    called(phone)
    outbox.postponed(letter(failed), "refused", now=make.NOW, is_final=True)
    found = {each.effect.id: each for each in aftermath.listed(affecting.closure, size=10)}
    assert {id: each.reach for id, each in found.items()} == {
        mail.id: "mailed", phone.id: "called", waits.id: "waits", to_call.id: "to_call", nobody.id: "nobody", failed.id: "failed"}  # fmt: skip
    assert found[mail.id].reached_at == make.NOW + timedelta(minutes=2)
    assert (found[phone.id].reached_at, found[phone.id].by) == (make.NOW + timedelta(hours=3), "Sari")
    assert found[waits.id].reached_at is found[to_call.id].reached_at is found[nobody.id].reached_at is None


def test_whom_somebody_still_has_to_call_stands_first(affecting):
    done, waits, to_call = affecting.person(), affecting.person(), affecting.person(email="")
    mailed(done)
    assert [each.effect.id for each in aftermath.listed(affecting.closure, size=10)] == [to_call.id, waits.id, done.id]


def test_a_list_goes_on_from_page_to_page_and_loses_nobody(affecting):
    made = {affecting.person(email="" if number % 2 else "a@b.id").id for number in range(5)}
    pages = [aftermath.listed(affecting.closure, number=number, size=2) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]  # one more than the page holds says that there are more
    assert {each.effect.id for page in pages for each in page[:2]} == made


def test_only_those_of_one_act_or_at_one_point_are_listed_where_that_is_asked(affecting):
    first = affecting.person(email="")
    announced = affecting.event
    extended(affecting)
    second = affecting.person(DUE)
    assert [each.effect.id for each in aftermath.listed(affecting.closure, announced.id, size=9)] == [first.id]
    assert [each.effect.id for each in aftermath.listed(affecting.closure, reach="waits", size=9)] == [second.id]
    assert len(aftermath.listed(affecting.closure, reach="anything", size=9)) == 2


def test_each_act_counts_its_own_people(affecting):
    known = affecting.person()
    mailed(known)
    extended(affecting)
    affecting.person(DUE, again=known.request)
    affecting.person(email="")
    announced, longer = aftermath.acts(affecting.closure)
    assert (announced.event.what, announced.affected, announced.told) == ("announced", 1, 1)
    assert (longer.event.what, longer.affected, longer.told, longer.counts) == ("extended", 2, 0, {"waits": 1, "to_call": 1})
    assert aftermath.people(affecting.closure) == 2


def test_an_act_that_touched_nobody_is_there_all_the_same(affecting):
    assert [(act.affected, act.told) for act in aftermath.acts(affecting.closure)] == [(0, 0)]
    assert list(aftermath.every(affecting.closure)) == []
    assert aftermath.summary(affecting.closure).affected == 0


def test_what_somebody_answered_stands_beside_the_act_that_asked(affecting):
    asked = affecting.person()
    affecting.offered(asked, "accepted", make.NOW + timedelta(hours=1))
    extended(affecting)
    affecting.person(SLOT, again=asked.request)
    first, second = aftermath.every(affecting.closure)
    assert first.offer is not None and first.offer.answer == "accepted"
    assert second.offer is None


def test_answers_are_counted_without_those_that_a_later_offer_replaced(affecting):
    for answer in ("", "accepted", "accepted", "replaced"):
        affecting.offered(affecting.person(), answer)
    assert aftermath.answers(affecting.closure) == {"": 1, "accepted": 2}


def test_all_are_read_some_hundreds_at_a_time_and_nobody_twice(affecting, monkeypatch):
    monkeypatch.setattr(aftermath, "_AT_ONCE", 2)
    made = [affecting.person().id for _ in range(5)]
    assert [each.effect.id for each in aftermath.every(affecting.closure)] == made


def test_another_closures_people_are_not_counted(affecting):
    affecting.person()
    other = Affecting()
    other.person()
    assert aftermath.people(affecting.closure) == 1
    assert len(aftermath.listed(affecting.closure, size=9)) == len(list(aftermath.every(affecting.closure))) == 1
    assert aftermath.coverage(affecting.closure, now=LATER).affected == 1


def test_the_news_spreads_from_the_act_on(affecting):
    mailed(affecting.person())
    called(affecting.person(email=""))
    affecting.person()
    found = aftermath.coverage(affecting.closure, now=LATER)
    assert (found.affected, found.lasted) == (3, timedelta(days=1))
    assert [found.after(timedelta(minutes=minutes)) for minutes in (0, 1, 2, 179, 180)] == [0, 0, 1, 1, 2]


def test_the_spread_of_one_act_counts_from_that_act(affecting):
    affecting.person()
    extended(affecting)
    mailed(affecting.person(DUE))
    found = aftermath.coverage(affecting.closure, affecting.event.id, now=LATER + timedelta(hours=1))
    assert (found.affected, found.after(timedelta(minutes=2)), found.lasted) == (1, 1, timedelta(hours=1))


def many(affecting, **kinds):
    for name, count in kinds.items():
        for _ in range(count):
            affecting.person({"slot": SLOT, "due": DUE, "pickup": PICKUP}[name])


def test_the_public_learns_how_many_were_affected_by_what(affecting):
    many(affecting, slot=6, pickup=5)
    found = aftermath.summary(affecting.closure)
    assert (found.affected, found.kinds, found.told, found.untold) == (11, {"slot": 6, "pickup": 5}, 0, 11)


def test_fewer_than_five_are_never_published(affecting):
    many(affecting, slot=4)
    found = aftermath.summary(affecting.closure)
    assert found.affected is None
    assert found.kinds == {}


def test_few_cannot_be_had_by_subtraction(affecting):
    many(affecting, slot=9, due=2)
    found = aftermath.summary(affecting.closure)
    assert (found.affected, found.kinds) == (11, {"slot": HELD, "due": None})


def test_few_who_are_not_told_yet_hide_the_exact_number_of_those_who_are(affecting):
    for number in range(8):
        effect = affecting.person()
        if number > 1:
            mailed(effect)
    found = aftermath.summary(affecting.closure)
    assert (found.affected, found.told, found.untold) == (8, HELD, None)


def test_who_is_touched_by_two_acts_is_one_person_and_told_when_all_news_has_come(affecting):
    first = [affecting.person() for _ in range(6)]
    for each in first:
        mailed(each)
    extended(affecting)
    for each in first:
        affecting.person(DUE, again=each.request)
    found = aftermath.summary(affecting.closure)
    assert (found.affected, found.kinds, found.told, found.untold) == (6, {"slot": 6}, 0, 6)


def test_a_name_of_a_fact_within_a_text_is_no_such_fact(affecting):
    for _ in range(5):
        affecting.person({**DUE, "office": {"was": '"slot": x', "to": "Kantor", "slug": "kantor", "zone": "Asia/Jakarta"}})
    assert aftermath.summary(affecting.closure).kinds == {"office": 5}
