"""Whose work one vouches for: the superior of that day, and who stands in for whom."""

from datetime import date, timedelta

import pytest

from portal.offices import corrections, postings
from portal.offices.superiors import main_postings, stands_for, superiors, under
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, MONDAY
from tests.offices.staff import stand_in

pytestmark = pytest.mark.usefixtures("database")
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=each) for each in (1, 2, 3))


def superior(person, day=MONDAY):
    return superiors([person.id], day).get(person.id)


def test_the_superior_is_the_one_of_the_posting_on_that_day():
    team = make.team()
    assert superior(team.author) == team.superior.id
    assert superior(team.superior) == team.upper.id
    assert superior(team.upper) is None
    assert superior(team.author, date(2019, 12, 31)) is None


def test_a_new_posting_in_mid_week_has_its_own_superior_and_leaves_the_days_before_alone():
    team, new = make.team(), make.person("Bu Lurah")
    make.posting(team.author, under=new, first=str(WEDNESDAY))
    assert [superior(team.author, day) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY)] == [team.superior.id, team.superior.id, new.id, new.id]


def test_of_several_postings_the_main_one_counts_whichever_is_older():
    team, other = make.team(), make.person()
    make.posting(team.author, under=other, first="2019-01-01", is_main=False)
    make.posting(team.author, under=other, first="2020-09-01", is_main=False)
    assert superior(team.author) == team.superior.id
    assert main_postings([team.author.id], MONDAY)[team.author.id].is_main


def test_one_who_has_only_side_postings_works_where_the_first_of_them_is():
    person, one, two = make.person(), make.person(), make.person()
    make.posting(person, under=one, is_main=False)
    make.posting(person, under=two, is_main=False)
    assert superior(person) == one.id == postings.main_posting(person, MONDAY).supervisor_id


def test_between_two_postings_nobody_is_the_superior():
    person, one = make.person(), make.person()
    make.posting(person, under=one, last=str(MONDAY))
    assert superior(person) == one.id
    assert superior(person, TUESDAY) is None
    assert main_postings([person.id], TUESDAY) == {}


def correct(team, right, *, accept=True, on=WEDNESDAY):
    asked = corrections.propose(postings.main_posting(team.author, MONDAY), right, reason="Saya pindah seksi.", **ACT)
    corrections.settle(asked, accept=accept, answer="" if accept else "Tidak benar.", day=on, **ACT)


def test_an_accepted_correction_holds_for_the_days_before_it_too():
    team, right = make.team(), make.person("Yang benar")
    correct(team, right)
    assert [superior(team.author, day) for day in (MONDAY, WEDNESDAY, THURSDAY)] == [right.id] * 3
    assert superior(team.colleague) == team.superior.id


def test_a_refused_or_waiting_correction_changes_nothing():
    team, right = make.team(), make.person("Bukan atasannya")
    correct(team, right, accept=False)
    corrections.propose(postings.main_posting(team.author, MONDAY), right, reason="Sekali lagi.", **ACT)
    assert [superior(team.author, day) for day in (MONDAY, THURSDAY)] == [team.superior.id] * 2


def test_the_team_of_the_corrected_superior_has_the_days_before_and_that_of_the_wrong_one_has_not():
    team, right = make.team(), make.person("Yang benar")
    correct(team, right)
    assert {each.person_id for each in under([right.id], MONDAY, TUESDAY)} == {team.author.id}
    assert {each.person_id for each in under([team.superior.id], MONDAY, TUESDAY)} == {team.colleague.id}


def test_a_team_is_everybody_who_was_posted_under_one_on_some_day_of_a_span():
    team, new = make.team(), make.person()
    make.posting(team.author, under=new, first=str(WEDNESDAY))
    both = {team.author.id, team.colleague.id}
    assert {each.person_id for each in under([team.superior.id], MONDAY, THURSDAY)} == both
    assert {each.person_id for each in under([team.superior.id], WEDNESDAY, THURSDAY)} == {team.colleague.id}
    assert {each.person_id for each in under([new.id], MONDAY, TUESDAY)} == set()
    assert under([], MONDAY, THURSDAY) == []


def test_a_posting_that_was_taken_back_before_it_began_is_nobodys():
    team, wrong = make.team(), make.person()
    make.posting(team.author, under=wrong, first=str(WEDNESDAY))
    make.posting(team.author, under=team.upper, first=str(WEDNESDAY))
    assert under([wrong.id], MONDAY, date(2020, 12, 31)) == []
    assert superior(team.author, WEDNESDAY) == team.upper.id


def test_a_deputy_stands_in_from_the_first_day_of_the_letter_to_the_last_and_not_beside_it():
    team = make.team()
    stand_in(team.superior, team.colleague, first=TUESDAY, last=WEDNESDAY)
    found = [stands_for(team.colleague, MONDAY + timedelta(days=each)) for each in range(4)]
    assert found == [{}, {team.superior.id: "Plh"}, {team.superior.id: "Plh"}, {}]
    assert stands_for(team.superior, TUESDAY) == {}


def test_a_deputy_whose_time_was_ended_stands_in_no_more_within_the_dates_of_the_letter():
    team = make.team()
    acting = stand_in(team.superior, team.colleague, first=MONDAY, last=WEDNESDAY)
    postings.end_acting(acting, **ACT)
    assert stands_for(team.colleague, TUESDAY) == {}


def test_one_may_stand_in_for_several_and_the_deputy_of_a_deputy_does_not_inherit_them():
    team, far = make.team(), make.person()
    stand_in(team.superior, team.colleague, first=MONDAY, last=MONDAY)
    stand_in(team.upper, team.colleague, first=MONDAY, last=MONDAY)
    stand_in(team.colleague, far, first=MONDAY, last=MONDAY)
    assert stands_for(team.colleague, MONDAY).keys() == {team.superior.id, team.upper.id}
    assert stands_for(far, MONDAY).keys() == {team.colleague.id}


def test_a_thousand_people_are_asked_for_in_two_questions():
    teams = [make.team() for _ in range(5)]
    with counted() as asked:
        found = superiors([person.id for team in teams for person in (team.author, team.colleague, team.superior)], MONDAY)
    assert len(found) == 15
    assert len(asked) == 2


def test_nobody_is_asked_for_nobody():
    assert superiors([None], MONDAY) == {}
    assert superiors([], MONDAY) == {}
