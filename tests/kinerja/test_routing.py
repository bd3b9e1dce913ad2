"""To whom a day goes, and as what somebody looks at it."""

from datetime import date, timedelta

import pytest

from portal.kinerja import days, routing
from portal.kinerja.models import DayAct, WorkDay
from portal.kinerja.routing import Seat
from portal.offices import corrections, postings
from portal.people import accounts
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.offices.staff import stand_in

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = MONDAY + timedelta(days=1)
TUESDAY_EVENING = MONDAY_EVENING + timedelta(days=1)


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def again(row: WorkDay) -> WorkDay:
    return WorkDay.get_by_id(row.id)


def test_a_day_goes_to_the_superior_and_knows_the_superiors_superior(team):
    found = routing.route(team.author, MONDAY)
    assert (found.supervisor_id, found.upper_id, found.posting.office_id) == (team.superior.id, team.upper.id, team.office.id)


def test_who_has_no_superior_has_a_route_that_leads_to_nobody(team):
    found = routing.route(team.upper, MONDAY)
    assert (found.supervisor_id, found.upper_id) == (None, None)


def test_a_day_without_a_posting_goes_nowhere(team):
    assert routing.route(team.author, date(2019, 12, 31)) is None
    assert routing.route(make.person(), MONDAY) is None


def test_superior_and_superiors_superior_have_a_seat_and_nobody_else_has(team):
    row = make.submitted(team.author)
    assert routing.seat(team.superior, row, MONDAY) == Seat(False)
    assert routing.seat(team.upper, row, MONDAY) == Seat(True)
    others = [team.author, team.colleague, make.team().superior, make.person()]
    assert [routing.seat(each, row, MONDAY) for each in others] == [None] * 4


def test_a_deputy_has_the_superiors_seat_within_the_dates_and_in_whose_place_it_is(team):
    row, deputy = make.submitted(team.author), make.person("Plh")
    stand_in(team.superior, deputy, first=MONDAY, last=TUESDAY)
    found = [routing.seat(deputy, row, MONDAY + timedelta(days=each)) for each in (-1, 0, 1, 2)]
    assert found == [None, Seat(False, team.superior.id), Seat(False, team.superior.id), None]


def test_a_deputy_of_the_superiors_superior_sits_where_that_one_sits(team):
    row, deputy = make.submitted(team.author), make.person()
    stand_in(team.upper, deputy, first=MONDAY, last=MONDAY)
    assert routing.seat(deputy, row, MONDAY) == Seat(True, team.upper.id)


def test_nobody_has_a_seat_at_their_own_day_not_even_in_the_place_of_the_superior(team):
    row = make.submitted(team.author)
    for superior in (team.superior, team.upper):
        stand_in(superior, team.author, first=MONDAY, last=MONDAY)
    assert routing.seat(team.author, row, MONDAY) is None
    colleagues = make.submitted(team.colleague)
    assert routing.seat(team.author, colleagues, MONDAY) == Seat(False, team.superior.id)


def test_two_who_stand_in_for_each_other_do_not_come_to_their_own_days(team):
    stand_in(team.superior, team.author, first=MONDAY, last=TUESDAY)
    stand_in(team.author, team.superior, first=MONDAY, last=TUESDAY)
    own, superiors_own = make.submitted(team.author), make.submitted(team.superior)
    assert routing.seat(team.author, own, MONDAY) is None
    assert routing.seat(team.superior, superiors_own, MONDAY) is None
    assert routing.seat(team.author, superiors_own, MONDAY) is None  # the superior's days go to the superior's superior
    assert routing.seat(team.superior, own, MONDAY) == Seat(False)


def test_the_deputy_of_a_deputy_has_no_seat(team):
    row, deputy, far = make.submitted(team.author), make.person(), make.person()
    stand_in(team.superior, deputy, first=MONDAY, last=MONDAY)
    stand_in(deputy, far, first=MONDAY, last=MONDAY)
    assert routing.seat(far, row, MONDAY) is None


def test_a_superior_who_stands_in_for_the_own_superior_decides_as_oneself(team):
    row = make.submitted(team.author)
    stand_in(team.upper, team.superior, first=MONDAY, last=MONDAY)
    assert routing.seat(team.superior, row, MONDAY) == Seat(False)


def test_the_superior_may_decide_at_once_and_the_superiors_superior_after_three_working_days(team):
    row = make.submitted(team.author)  # Monday
    superior, upper = routing.seat(team.superior, row, MONDAY), routing.seat(team.upper, row, MONDAY)
    assert routing.may_decide(row, superior, MONDAY_EVENING)
    assert not routing.may_decide(row, upper, make.local("2020-09-24T23:59"))
    assert routing.may_decide(row, upper, make.local("2020-09-25T00:00"))
    assert routing.may_decide(row, superior, make.local("2020-09-25T00:00"))
    assert not routing.may_decide(row, None, make.local("2020-09-25T00:00"))


def test_without_a_rule_the_superiors_superior_never_decides_by_time_alone():
    team = make.team()
    row = make.submitted(team.author)
    assert row.escalates_at is None
    assert not routing.may_decide(row, Seat(True), make.local("2030-01-01T00:00"))


def test_where_the_superiors_account_has_ended_the_superiors_superior_may_decide_at_once(team):
    accounts.end(team.superior, **ACT)
    row = make.submitted(team.author)
    assert row.supervisor_id == team.superior.id
    assert routing.may_decide(row, routing.seat(team.upper, row, MONDAY), MONDAY_EVENING)


def test_a_superior_whose_account_ends_later_hands_over_what_waits(team):
    row = make.submitted(team.author)
    accounts.end(team.superior, **ACT)
    assert [routing.reroute([team.author.id], now=TUESDAY_EVENING) for _ in range(2)] == [1, 0]
    assert routing.may_decide(again(row), Seat(True), TUESDAY_EVENING)
    assert DayAct.select().where(DayAct.act == "rerouted").count() == 0


def test_a_corrected_superior_gets_what_waits_of_this_week_and_has_the_whole_time_for_it(team):
    right, rights_superior = make.person("Yang benar"), make.person()
    make.posting(right, under=rights_superior)
    monday = make.submitted(team.author)
    asked = corrections.propose(postings.main_posting(team.author, MONDAY), right, reason="Saya pindah.", **ACT)
    tuesday = make.submitted(team.author, day=TUESDAY, now=TUESDAY_EVENING)
    assert tuesday.supervisor_id == team.superior.id
    noon = make.local("2020-09-23T12:00")
    corrections.settle(asked, accept=True, answer="", day=noon.date(), by="admin", now=noon)

    assert routing.reroute([team.author.id, team.colleague.id], now=noon) == 2
    for row in map(again, (monday, tuesday)):
        assert (row.supervisor_id, row.upper_id, row.escalates_at) == (right.id, rights_superior.id, make.local("2020-09-29T00:00"))
        assert [act.act for act in DayAct.select().where(DayAct.work_day == row).order_by(DayAct.id)] == ["submitted", "rerouted"]
    assert routing.seat(team.superior, again(monday), MONDAY) is None
    assert routing.reroute([team.author.id], now=noon) == 0


def test_what_is_decided_or_not_submitted_stays_where_it_is(team):
    approved, draft = make.submitted(team.author), make.entry(team.author, day=TUESDAY, now=TUESDAY_EVENING).work_day
    WorkDay.update(state="approved").where(WorkDay.id == approved.id).execute()
    make.posting(team.author, under=make.person(), first="2020-09-14")
    assert routing.reroute([team.author.id], now=TUESDAY_EVENING) == 0
    assert [again(row).supervisor_id for row in (approved, draft)] == [team.superior.id, None]


def test_a_new_superior_from_wednesday_gets_wednesday_and_the_former_one_keeps_monday(team):
    monday = make.submitted(team.author)
    new = make.person("Bu Lurah")
    make.posting(team.author, under=new, first="2020-09-23")
    wednesday = make.submitted(team.author, day=date(2020, 9, 23), now=make.local("2020-09-23T16:00"))
    assert routing.reroute([team.author.id], now=make.local("2020-09-23T17:00")) == 0
    assert (again(monday).supervisor_id, again(wednesday).supervisor_id) == (team.superior.id, new.id)
    assert routing.seat(team.superior, again(wednesday), date(2020, 9, 23)) is None
    assert routing.seat(new, again(monday), date(2020, 9, 23)) is None


def test_only_another_superiors_superior_is_no_new_waiting_time(team):
    row, above = make.submitted(team.author), make.person()
    make.posting(team.superior, under=above, first="2020-09-14")
    assert routing.reroute([team.author.id], now=TUESDAY_EVENING) == 1
    assert (again(row).upper_id, again(row).escalates_at) == (above.id, row.escalates_at)
    assert DayAct.select().where(DayAct.act == "rerouted").count() == 0


def test_where_the_superiors_superior_would_be_the_author_there_is_none(team):
    """Superiors may go round for days that lie before a correction: then nobody stands above the superior."""
    row = make.submitted(team.author)
    posting = postings.main_posting(team.superior, MONDAY)
    type(posting).update(supervisor=team.author).where(type(posting).id == posting.id).execute()
    assert routing.route(team.author, MONDAY).upper_id is None
    assert routing.reroute([team.author.id], now=TUESDAY_EVENING) == 1
    assert again(row).upper_id is None
    assert routing.reroute([team.author.id], now=TUESDAY_EVENING) == 0


def test_what_waits_of_many_people_is_asked_for_at_once(team):
    def asked(people):
        with counted() as found:
            routing.reroute(people, now=TUESDAY_EVENING)
        return len(found)

    make.submitted(team.author)
    one = asked([team.author.id])
    others = [make.person() for _ in range(4)]
    for each in others:
        make.posting(each, team.office, under=team.superior)
        make.submitted(each)
    assert asked([team.author.id, *(each.id for each in others)]) == one


def test_who_has_left_is_told_from_who_has_not(team):
    accounts.end(team.superior, **ACT)
    assert routing.left([team.superior.id, team.upper.id, None], MONDAY) == {team.superior.id}
    assert routing.left([None], MONDAY) == set()
    assert days.find(team.author, MONDAY) is None


def test_what_waits_for_one_whose_people_have_all_gone_to_others_goes_up_at_once(team):
    rows = [make.submitted(each) for each in (team.author, team.colleague)]
    make.posting(team.author, team.office, under=make.person(), first="2020-09-22")
    later = [MONDAY_EVENING + timedelta(days=each) for each in (2, 3)]
    assert routing.find_supervisors(now=later[0]) == 0  # one is still there
    make.posting(team.colleague, team.office, under=make.person(), first="2020-09-22")
    assert routing.find_supervisors(now=later[1]) == 2
    assert [(again(row).supervisor_id, again(row).escalates_at) for row in rows] == [(team.superior.id, later[1])] * 2
    assert routing.find_supervisors(now=later[1]) == 0
    late = make.submitted(team.author, day=MONDAY - timedelta(days=3), now=later[1])
    assert again(late).escalates_at == later[1]


def test_what_waits_for_one_whose_only_people_come_later_stays(team):
    row = make.submitted(team.author)
    for each in (team.author, team.colleague):
        make.posting(each, team.office, under=make.person(), first="2020-09-22", last="2020-09-24")
    make.posting(team.author, team.office, under=team.superior, first="2020-09-25")
    assert routing.find_supervisors(now=MONDAY_EVENING + timedelta(days=2)) == 0
    assert again(row).escalates_at > MONDAY_EVENING + timedelta(days=2)
