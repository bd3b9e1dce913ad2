"""What waits for whom."""

from datetime import date, timedelta

import pytest

from portal.attendance import leave
from portal.kinerja import queue, routing, threads, validation
from portal.kinerja.models import WorkDay
from portal.offices import postings
from tests import make
from tests.make import ACT, MONDAY

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2020, 9, 22)
NOW = make.local("2020-09-22T09:00")
LATER = make.local("2020-09-30T09:00")


@pytest.fixture
def team(database):
    make.work_rules()
    return make.team()


def waits_for(who, today=TODAY, now=NOW) -> list[int]:
    return [row.id for row in queue.waiting(who, today, now).order_by(WorkDay.id)]


def stand_in(superior, deputy, first=TODAY, last=TODAY):
    return postings.act_for(superior, deputy, kind="Plh", letter_number="800/1", first_day=first, last_day=last, **ACT)


def test_a_submitted_day_waits_for_the_superior_alone(team):
    row = make.submitted(team.author)
    assert waits_for(team.superior) == [row.id]
    assert [waits_for(who) for who in (team.upper, team.author, team.colleague, make.person())] == [[], [], [], []]


def test_a_day_that_is_not_submitted_waits_for_nobody(team):
    make.entry(team.author)
    assert waits_for(team.superior) == []


def test_a_day_waits_for_the_superiors_superior_too_from_the_moment_it_escalates(team):
    row = WorkDay.get_by_id(make.submitted(team.author).id)
    assert waits_for(team.upper, now=row.escalates_at - timedelta(seconds=1)) == []
    assert waits_for(team.upper, now=row.escalates_at) == [row.id]
    assert waits_for(team.superior, now=row.escalates_at) == [row.id]


def test_a_day_waits_for_who_stands_in_only_within_the_dates(team):
    row, deputy = make.submitted(team.author), make.person()
    stand_in(team.superior, deputy)
    assert [waits_for(deputy, TODAY + timedelta(days=off)) for off in (-1, 0, 1)] == [[], [row.id], []]


def test_ones_own_day_never_waits_for_oneself_also_in_the_place_of_the_superior(team):
    own, others = make.submitted(team.author), make.submitted(team.colleague)
    stand_in(team.superior, team.author)
    assert waits_for(team.author) == [others.id]
    assert own.id in waits_for(team.superior)


def test_two_who_stand_in_for_each_other_never_decide_their_own(team):
    other = make.person("Kepala Subbagian Lain")
    make.posting(other, team.office, under=team.upper)
    for one, two in ((team.superior, other), (other, team.superior)):
        stand_in(one, two)
    own = make.submitted(team.superior)
    stand_in(team.upper, team.superior)
    assert own.id not in waits_for(team.superior)
    assert own.id not in waits_for(team.superior, TODAY, LATER)


def test_what_was_decided_waits_no_more(team):
    row = make.submitted(team.author)
    validation.decide([(row.id, None)], [], "approve", "", make.decider(team.superior))
    assert waits_for(team.superior) == []


def rows(who, now=NOW):
    return queue.lines(who, routing.seats(who, TODAY), now)


def test_rows_come_person_by_person_and_who_has_waited_longest_first(team):
    for who, back in ((team.author, 1), (team.colleague, 4), (team.colleague, 0), (team.author, 3)):
        make.submitted(who, day=MONDAY - timedelta(days=back))
    assert [(row.name, (MONDAY - row.day).days) for row in rows(team.superior)] == [("Budi", 4), ("Budi", 0), ("Siti", 3), ("Siti", 1)]


def test_a_row_tells_who_where_and_how_much(team):
    make.entry(team.author, "08:00", "10:00", place="wfh")
    make.entry(team.author, "10:00", "11:00")
    make.submitted(team.author)
    (row,) = rows(team.superior)
    assert (row.name, row.position, row.day, row.entries, row.claimed, row.effective_wfh) == ("Siti", "Analis", MONDAY, 2, 180, 120)
    assert (row.supervisor, row.upper, row.zone.key, row.is_away, row.unread) == ("Pak Kasubbag", "Ibu Kabag", "Asia/Jakarta", False, 0)


@pytest.mark.parametrize(("kind", "is_away"), [("annual", True), ("sick", True), ("field", False)])
def test_a_row_says_whether_somebody_was_away_that_day(team, kind, is_away):
    leave.enter(team.author, kind, MONDAY, MONDAY, **ACT)
    make.submitted(team.author)
    make.submitted(team.author, day=MONDAY - timedelta(days=3))
    assert [row.is_away for row in rows(team.superior)] == [False, is_away]


def test_leave_that_was_withdrawn_is_no_absence(team):
    leave.withdraw(leave.enter(team.author, "sick", MONDAY, MONDAY, **ACT), **ACT)
    make.submitted(team.author)
    assert not rows(team.superior)[0].is_away


def test_a_row_says_in_whose_place_one_decides_and_what_rose_from_below(team):
    make.submitted(team.author)
    deputy, above = make.person(), make.person()
    stand_in(team.superior, deputy)
    stand_in(team.upper, above)
    seen = {who.name: (row.in_place_of(held), row.risen(held))
            for who in (team.superior, deputy, team.upper, above) for held in [routing.seats(who, TODAY)] for row in rows(who, LATER)}  # fmt: skip
    assert seen == {team.superior.name: ("", False), deputy.name: ("Pak Kasubbag", False), team.upper.name: ("", True), above.name: ("Ibu Kabag", True)}


def test_a_row_counts_the_messages_that_one_has_not_read(team):
    row = make.submitted(team.author)
    threads.say(row, team.author, "Mohon dilihat.", key="1", today=TODAY, by=make.decider(team.author).actor, now=NOW)
    assert rows(team.superior)[0].unread == 1


def test_the_activities_of_many_days_come_with_target_type_and_evidence_and_without_what_was_removed(team):
    row = make.submitted(team.author)
    other = make.submitted(team.colleague)
    found = queue.activities([row.id, other.id])
    assert found.keys() == {row.id, other.id}
    (each,) = found[row.id]
    assert (each["description"], each["starts"], each["ends"], each["target"], each["type"], each["file"]) == (
        "Memeriksa 12 berkas",
        480,
        600,
        None,
        None,
        None,
    )
    assert queue.activities([]) == {}
