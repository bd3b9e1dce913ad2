"""Two who decide the same day at the same moment, with real commits."""

import pytest

from portal.kinerja import threads, validation
from portal.kinerja.models import APPROVED, REJECTED, RETURNED, DayAct, DayMessage, Entry, WorkDay
from portal.offices import postings
from tests import make
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("shared")


@pytest.fixture
def pair(shared):
    """A team, and who stands in for its superior today."""
    make.work_rules()
    team = make.team()
    deputy = make.person("Pengganti")
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="800/1", first_day=MONDAY, last_day=MONDAY, **ACT)
    return team, deputy


def test_of_superior_and_deputy_who_decide_at_once_one_does_it_and_the_other_is_told(pair):
    team, deputy = pair
    row = make.submitted(team.author)
    seen, told = row.revision, {}

    def decide(who, decision):
        told[decision] = validation.decide([(row.id, seen)], [], decision, "Alasan.", make.decider(who))[0].refusal

    assert at_once(lambda: decide(team.superior, "approve"), lambda: decide(deputy, "return")) == ["done", "done"]
    kept = WorkDay.get_by_id(row.id)
    winner = "approve" if kept.state == APPROVED else "return"
    assert kept.state in {APPROVED, RETURNED}
    assert told.pop(winner) is None
    assert str(next(iter(told.values()))).startswith("Log ini tidak menunggu lagi")
    assert DayAct.select().where(DayAct.work_day == row, DayAct.act != "submitted").count() == 1


def test_many_days_that_two_approve_and_reject_at_once_are_each_decided_once(pair):
    team, deputy = pair
    rows = [make.submitted(who) for who in (team.author, team.colleague)]
    picked = [(row.id, row.revision) for row in rows]
    at_once(
        lambda: validation.decide(picked, [], "approve", "", make.decider(team.superior)),
        lambda: validation.decide(picked[::-1], [], "reject", "Bukan tugas kita.", make.decider(deputy)),
    )
    for row in rows:
        kept = WorkDay.get_by_id(row.id)
        states = {state for (state,) in Entry.select(Entry.state).where(Entry.work_day == row).tuples()}
        assert kept.state in {APPROVED, REJECTED}
        assert states == {kept.state}
        assert DayAct.select().where(DayAct.work_day == row, DayAct.act != "submitted").count() == 1


def test_the_same_message_sent_twice_at_once_is_one(pair):
    team, _ = pair
    row = make.submitted(team.author)
    facts = {"key": "sama", "today": MONDAY, "by": make.decider(team.author).actor, "now": MONDAY_EVENING}
    assert at_once(*[lambda: threads.say(row, team.author, "Mohon dilihat.", **facts)] * 3) == ["done"] * 3
    assert DayMessage.select().count() == 1
