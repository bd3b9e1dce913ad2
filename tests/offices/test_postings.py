from datetime import date

import pytest

from portal.offices import postings
from portal.offices.staff import Acting, Grant, Posting
from portal.people import roles
from portal.refusals import Refused
from tests import make
from tests.make import ACT
from tests.offices.staff import TODAY, TOMORROW, YESTERDAY, acts, days, held, last_act, stand_in
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")


# What one is on a day


def test_a_posting_makes_an_employee_and_people_make_a_superior():
    superior, person, nobody = make.person(), make.person(), make.person()
    make.posting(person, under=superior, first="2020-09-19", last="2020-09-20")
    assert [held(person, day) for day in (YESTERDAY, TODAY, TOMORROW, date(2020, 9, 21))] == [set(), {roles.EMPLOYEE}, {roles.EMPLOYEE}, set()]
    assert [held(superior, day) for day in (YESTERDAY, TODAY, date(2020, 9, 21))] == [set(), {roles.SUPERVISOR}, set()]
    assert held(nobody) == set()


def test_a_former_superior_is_none_any_more():
    former, present, person = make.person(), make.person(), make.person()
    make.posting(person, under=former)
    make.posting(person, under=present, first="2020-09-19")
    assert (held(former, YESTERDAY), held(former), held(present, YESTERDAY), held(present)) == ({roles.SUPERVISOR}, set(), set(), {roles.SUPERVISOR})


def test_who_stands_in_is_a_superior_on_those_days_alone():
    superior, deputy = make.person(), make.person()
    make.posting(make.person(), under=superior)
    acting = stand_in(superior, deputy, first=TODAY, last=TOMORROW)
    assert [held(deputy, day) for day in (YESTERDAY, TODAY, TOMORROW, date(2020, 9, 21))] == [set(), {roles.SUPERVISOR}, {roles.SUPERVISOR}, set()]
    postings.end_acting(acting, **ACT)
    assert held(deputy, TOMORROW) == set()
    with pytest.raises(Refused):
        postings.end_acting(acting, **ACT)
    assert acts() == ["posted", "acting_set", "acting_ended"]


def test_who_stands_in_for_somebody_without_people_is_no_superior():
    superior, deputy = make.person(), make.person()
    stand_in(superior, deputy)
    assert held(deputy) == set()


@pytest.mark.parametrize(("facts", "field"), [({"kind": "Pjs"}, "kind"), ({"letter_number": " "}, "letter_number"), ({"last_day": YESTERDAY}, "last_day")])
def test_standing_in_needs_a_kind_a_letter_and_days_in_their_order(facts: dict[str, object], field: str):
    usual = {"kind": "Plt", "letter_number": "800/1", "first_day": TODAY, "last_day": TODAY}
    with pytest.raises(Refused) as refused:
        postings.act_for(make.person(), make.person(), **{**usual, **facts}, **ACT)
    assert refused.value.field == field
    assert not Acting.select().exists()
    assert acts() == []


def test_nobody_stands_in_for_themselves():
    person = make.person()
    with pytest.raises(Refused) as refused:
        stand_in(person, person)
    assert refused.value.field == "deputy"


# Where one works


def test_several_postings_hold_side_by_side_and_the_main_one_counts():
    person, main, other = make.person(), make.office(), make.office()
    second = make.posting(person, other, is_main=False)
    first = make.posting(person, main)
    assert set(postings.standing(person, TODAY).posted_at) == {main.id, other.id}
    assert postings.main_posting(person, TODAY) == first
    postings.end_posting(first, YESTERDAY, **ACT)
    assert postings.main_posting(person, TODAY) == second


def test_a_new_main_posting_ends_the_one_before_on_the_day_before():
    person = make.person()
    make.posting(person, first="2020-01-01")
    make.posting(person, first="2020-09-19")
    assert days(person) == [("2020-01-01", "2020-09-18"), ("2020-09-19", None)]
    assert last_act().before["first_day"] == "2020-01-01"


def test_a_posting_on_the_same_day_replaces_the_one_before_which_was_never_held():
    person, office = make.person(), make.office()
    make.posting(person, first="2020-09-19")
    make.posting(person, office, first="2020-09-19")
    assert postings.standing(person, TODAY).posted_at == (office.id,)
    assert [postings.main_posting(person, day) for day in (YESTERDAY,)] == [None]


def test_a_posting_lasts_until_the_next_one_that_is_known():
    person = make.person()
    make.posting(person, first="2020-12-01")
    make.posting(person, first="2020-09-19")
    assert days(person) == [("2020-09-19", "2020-11-30"), ("2020-12-01", None)]


def test_a_posting_ends_once_and_not_before_it_begins():
    posting = make.posting(make.person(), first="2020-09-01")
    with pytest.raises(Refused) as refused:
        postings.end_posting(posting, date(2020, 8, 31), **ACT)
    assert refused.value.field == "last_day"
    postings.end_posting(posting, TODAY, **ACT)
    with pytest.raises(Refused):
        postings.end_posting(posting, TOMORROW, **ACT)
    assert acts() == ["posted", "posting_ended"]
    with pytest.raises(Refused):
        make.posting(make.person(), first="2020-09-19", last="2020-09-18")


# Nobody is their own superior


def test_nobody_is_their_own_superior():
    person = make.person("Siti")
    with pytest.raises(Refused) as refused:
        make.posting(person, under=person)
    assert str(refused.value) == "Atasan berputar: Siti → Siti."
    assert refused.value.field == "supervisor"
    assert acts() == []


def test_a_circle_is_refused_by_name_over_several_steps():
    siti, budi, citra, dewi = (make.person(name) for name in ("Siti", "Budi", "Citra", "Dewi"))
    for below, above in ((siti, budi), (budi, citra), (citra, dewi)):
        make.posting(below, under=above)
    with pytest.raises(Refused) as refused:
        make.posting(dewi, under=siti)
    assert str(refused.value) == "Atasan berputar: Dewi → Siti → Budi → Citra → Dewi."
    assert not Posting.select().where(Posting.person == dewi).exists()


def test_a_circle_over_a_second_posting_is_one_too():
    siti, budi = make.person("Siti"), make.person("Budi")
    make.posting(siti)
    make.posting(siti, under=budi, is_main=False)
    with pytest.raises(Refused):
        make.posting(budi, under=siti)


def test_a_circle_that_would_close_only_later_is_refused_and_one_that_is_past_is_none():
    siti, budi = make.person("Siti"), make.person("Budi")
    make.posting(siti, under=budi, first="2020-01-01", last="2020-06-30")
    make.posting(siti, first="2020-07-01")
    make.posting(budi, under=siti, first="2020-12-01")
    with pytest.raises(Refused):
        make.posting(siti, under=budi, first="2020-09-19", is_main=False)
    make.posting(siti, under=budi, first="2020-09-19", last="2020-11-30", is_main=False)


# Roles over offices


def test_a_role_holds_over_an_office_and_all_below_it():
    hall, other, head = make.office(), make.office(), make.person()
    floor = make.unit(hall)
    room = make.unit(floor)
    postings.grant(head, roles.HEAD, floor, **ACT)
    standing = postings.standing(head, TODAY)
    assert [postings.may_act_for(standing, roles.HEAD, office) for office in (hall, floor, room, other)] == [False, True, True, False]
    assert not postings.may_act_for(standing, roles.OFFICER, floor)
    assert postings.offices_under(standing, roles.HEAD, roles.ADMIN) == {floor.id, room.id}
    assert postings.offices_under(standing, roles.ADMIN) == set()


def test_a_role_without_an_office_holds_everywhere():
    admin, office = make.person(), make.office()
    postings.grant(admin, roles.ADMIN, None, **ACT)
    standing = postings.standing(admin, TODAY)
    assert postings.may_act_for(standing, roles.ADMIN, office)
    assert postings.offices_under(standing, roles.HEAD, roles.ADMIN) is None


def test_the_same_role_twice_is_one_and_a_revoked_one_is_none():
    person, office = make.person(), make.office()
    given = postings.grant(person, roles.OFFICER, office, **ACT)
    assert postings.grant(person, roles.OFFICER, office, **ACT) == given
    assert postings.grant(person, roles.OFFICER, make.office(), **ACT) != given
    postings.revoke(given, **ACT)
    assert postings.offices_under(postings.standing(person, TODAY), roles.OFFICER) == {Grant.select().order_by(Grant.id.desc()).get().office_id}
    with pytest.raises(Refused):
        postings.revoke(given, **ACT)
    assert acts() == ["role_granted", "role_granted", "role_revoked"]
    assert last_act().before == {"role": "officer", "office": office.slug}
    assert postings.grant(person, roles.OFFICER, office, **ACT) != given


@pytest.mark.parametrize("role", [roles.EMPLOYEE, roles.SUPERVISOR, "raja", ""])
def test_what_follows_from_postings_or_does_not_exist_is_not_granted(role: str):
    with pytest.raises(Refused) as refused:
        postings.grant(make.person(), role, None, **ACT)
    assert refused.value.field == "role"


@pytest.mark.parametrize("role", roles.EVERYWHERE)
def test_what_concerns_all_is_not_granted_over_one_office(role: str):
    person = make.person()
    with pytest.raises(Refused) as refused:
        postings.grant(person, role, make.office(), **ACT)
    assert refused.value.field == "office"
    assert held(person) == set()


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture
    def database(self, shared: None) -> None:
        return None

    def test_two_postings_at_once_close_no_circle(self):
        siti, budi, office = make.person(), make.person(), make.office()
        ended = at_once(lambda: make.posting(siti, office, under=budi), lambda: make.posting(budi, office, under=siti))
        assert sorted(ended) == ["done", "refused"]

    def test_of_main_postings_at_once_one_is_left(self):
        person, office = make.person(), make.office()
        assert at_once(*[lambda position=position: make.posting(person, office, position=position) for position in "ABC"]) == ["done"] * 3
        assert Posting.select().where(Posting.person == person, Posting.last_day.is_null()).count() == 1

    def test_a_posting_sent_several_times_at_once_is_made_once(self):
        person, office = make.person(), make.office()
        assert sorted(at_once(*[lambda: make.posting(person, office)] * 3)) == ["done", "refused", "refused"]

    def test_the_same_role_at_once_is_one(self):
        person, office = make.person(), make.office()
        assert at_once(*[lambda: postings.grant(person, roles.HEAD, office, **ACT)] * 3) == ["done"] * 3
        assert Grant.select().count() == 1
