"""The outage register: deadlines inside an outage move for everybody, and back when it is withdrawn."""

from datetime import timedelta

import pytest

from portal.audit import AuditEntry
from portal.kinerja import days, outages, submission
from portal.kinerja.models import Outage, WorkDay
from portal.kinerja.outages import WORKER
from tests import make
from tests.house.test_queries import counted
from tests.kinerja.refusing import refused
from tests.make import MONDAY, MONDAY_EVENING, local

pytestmark = pytest.mark.usefixtures("database")
# Monday's log is due when Tuesday ends; the portal is down over that midnight.
STARTS, ENDS, NOW = local("2020-09-22T21:00"), local("2020-09-23T06:30"), local("2020-09-23T08:00")
DUE, MOVED = local("2020-09-23T00:00"), local("2020-09-25T00:00")
FACTS = {"by": "Admin", "now": NOW}


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def enter(starts=STARTS, ends=ENDS, **facts):
    return outages.enter(starts, ends, "Listrik padam.", **{**FACTS, **facts})


def deadlines(row):
    kept = WorkDay.get_by_id(row.id)
    return kept.due_at, kept.due_before


def moved(act):
    return AuditEntry.select().where(AuditEntry.act == act).order_by(AuditEntry.id.desc()).get().after["moved"]


def test_deadlines_inside_an_outage_move_for_everybody_to_the_end_of_the_next_working_day(team):
    other = make.team(make.office("Denpasar", timezone="Asia/Makassar"))
    rows = [make.entry(who).work_day for who in (team.author, team.colleague, other.author)]
    enter()
    assert [deadlines(row) for row in rows] == [(MOVED, DUE)] * 2 + [(local("2020-09-25T00:00", "Asia/Makassar"), local("2020-09-23T00:00", "Asia/Makassar"))]
    assert moved("outage_entered") == 3


def test_deadlines_before_and_after_an_outage_stay(team):
    friday, tuesday = MONDAY - timedelta(days=3), MONDAY + timedelta(days=1)
    before = make.entry(team.author, day=friday).work_day
    after = make.entry(team.author, day=tuesday, now=MONDAY_EVENING + timedelta(days=1)).work_day
    known = deadlines(before), deadlines(after)
    enter()
    assert (deadlines(before), deadlines(after)) == known
    assert moved("outage_entered") == 0


def test_a_day_that_is_first_written_after_the_outage_has_the_moved_deadline_as_well(team):
    enter()
    row = make.entry(team.author, now=NOW).work_day
    assert deadlines(row) == (MOVED, DUE)


def test_what_was_late_only_for_the_outage_is_late_no_more_until_it_is_withdrawn(team):
    row = make.submitted(team.author, now=NOW)
    assert submission.is_late(row)
    outage = enter()
    assert not submission.is_late(days.find(team.author, MONDAY))
    outages.withdraw(outage, **FACTS)
    assert submission.is_late(days.find(team.author, MONDAY))
    assert deadlines(row) == (DUE, None)


def test_two_outages_one_after_the_other_move_a_deadline_twice_and_each_is_taken_back_alone(team):
    row = make.entry(team.author).work_day
    later = local("2020-09-25T09:00")
    first, second = enter(), enter(local("2020-09-24T20:00"), local("2020-09-25T07:00"), now=later)
    assert deadlines(row) == (local("2020-09-29T00:00"), DUE)
    outages.withdraw(second, by="Admin", now=later)
    assert deadlines(row) == (MOVED, DUE)
    enter(local("2020-09-24T20:00"), local("2020-09-25T07:00"), now=later)
    outages.withdraw(first, by="Admin", now=later)
    assert deadlines(row) == (DUE, None)


def test_the_superiors_time_moves_too_and_back(team):
    row = make.submitted(team.author)  # on Monday evening: it would go up when Thursday ends
    outage = enter(local("2020-09-24T22:00"), local("2020-09-25T05:00"), now=local("2020-09-25T08:00"))
    assert WorkDay.get_by_id(row.id).escalates_at == local("2020-09-29T00:00")
    outages.withdraw(outage, by="Admin", now=local("2020-09-25T09:00"))
    assert WorkDay.get_by_id(row.id).escalates_at == local("2020-09-25T00:00")


def test_what_lies_with_a_superior_who_has_left_waits_no_longer_for_an_outage(team):
    row = make.submitted(team.author)
    WorkDay.update(escalates_at=MONDAY_EVENING).where(WorkDay.id == row.id).execute()
    enter(MONDAY_EVENING - timedelta(hours=1), MONDAY_EVENING + timedelta(hours=1))
    assert WorkDay.get_by_id(row.id).escalates_at == MONDAY_EVENING


def test_an_outage_of_the_last_day_of_the_month_keeps_the_month_open(team):
    october_8 = local("2020-10-08T00:00")
    assert days.is_closed(team.office.id, MONDAY, calendar(team), october_8)
    enter(local("2020-10-07T20:00"), october_8 + timedelta(hours=1), now=local("2020-10-08T02:00"))
    assert not days.is_closed(team.office.id, MONDAY, calendar(team), october_8)


def calendar(team):
    return days.calendar_of(days.where_posted(team.author, MONDAY), MONDAY)


def test_the_silence_of_the_worker_moves_nothing_until_somebody_confirms_it(team):
    row = make.entry(team.author).work_day
    outage = outages.propose(STARTS, now=ENDS)
    assert deadlines(row) == (DUE, None)
    assert outages.confirm(outage, "Server mati.", **FACTS) == 1
    assert deadlines(row) == (MOVED, DUE)
    assert (Outage.get().state, Outage.get().note, Outage.get().settled_by) == ("confirmed", "Server mati.", "Admin")


def test_a_dismissed_silence_moves_nothing(team):
    row = make.entry(team.author).work_day
    outages.dismiss(outages.propose(STARTS, now=ENDS), **FACTS)
    assert deadlines(row) == (DUE, None)
    assert outages.in_force(STARTS) == []


def test_several_workers_propose_one_silence_once():
    assert outages.propose(STARTS, now=ENDS).entered_by == WORKER
    assert outages.propose(STARTS, now=ENDS + timedelta(seconds=3)) is None
    assert outages.propose(ENDS + timedelta(hours=1), now=ENDS + timedelta(hours=2)) is not None
    assert Outage.select().count() == 2


def test_what_is_settled_is_settled_once():
    make.work_rules()
    outage = outages.propose(STARTS, now=ENDS)
    outages.dismiss(outage, **FACTS)
    for verb in (lambda: outages.confirm(outage, "", **FACTS), lambda: outages.dismiss(outage, **FACTS), lambda: outages.withdraw(outage, **FACTS)):
        refused("", verb)


def test_the_same_outage_twice_is_one():
    make.work_rules()
    assert enter() == enter()
    assert Outage.select().count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (ENDS, ENDS, "ends"),
        (ENDS, STARTS, "ends"),
        (STARTS, NOW + timedelta(minutes=1), "ends"),
        (NOW - timedelta(days=15), NOW, "starts"),
    ],
)
def test_an_outage_is_over_begins_before_it_ends_and_has_a_bound(starts, ends, field):
    refused(field, outages.enter, starts, ends, "Listrik padam.", **FACTS)


def test_an_outage_says_what_happened():
    refused("note", outages.enter, STARTS, ENDS, " ", **FACTS)


def test_a_silence_of_weeks_is_proposed_with_its_last_fortnight():
    assert outages.propose(NOW - timedelta(days=40), now=NOW).starts_at == NOW - timedelta(days=14)


@pytest.mark.parametrize("people", [2, 12])
def test_however_many_people_the_statements_are_as_many(team, people):
    for _ in range(people):
        who = make.person()
        make.posting(who, make.office(), under=team.superior)
        make.submitted(who)
    with counted() as said:
        enter(STARTS, local("2020-09-25T07:00"), now=local("2020-09-25T08:00"))
    assert WorkDay.select().where(WorkDay.due_before.is_null(False)).count() == people
    assert len(said) <= 20


def test_those_in_force_are_listed_the_latest_first():
    make.work_rules()
    first, second = enter(STARTS - timedelta(days=3), STARTS - timedelta(days=2)), enter()
    assert outages.in_force(NOW - timedelta(days=366)) == [second, first]
    assert outages.in_force(NOW) == []
