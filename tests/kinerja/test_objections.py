"""Who may object to what, until when, and who settles it."""

import pytest

from portal.kinerja import days, objections
from portal.kinerja.models import DayAct, Entry, Objection, WorkDay
from portal.policies import OBJECTION_DEADLINE, Policy
from portal.refusals import Refused
from tests import make
from tests.views.month import Team, actor, decider

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-23T09:00")
TODAY = NOW.astimezone(make.ZONE).date()


@pytest.fixture
def team(database: None) -> Team:
    return Team()


@pytest.fixture
def rejected(team: Team) -> WorkDay:
    return team.decide(team.write("2020-09-21"), "reject", "Bukan tugas kantor")


def bring(team: Team, row: WorkDay, who=None, now=NOW) -> Objection:
    person = who or team.employee
    return objections.object_to(row, "Surat tugasnya ada", person=person, by=actor(person), now=now)


def test_a_rejected_day_becomes_approved_and_its_sums_follow(team, rejected):
    objections.settle(bring(team, rejected), accept=True, answer="", who=decider(team.upper, TODAY))
    row = WorkDay.get_by_id(rejected.id)
    assert (row.state, row.approved, row.effective, Entry.get().state) == ("approved", 120, 120, "approved")
    assert row.revision > rejected.revision


def test_without_a_policy_there_is_no_deadline(team, rejected):
    Policy.delete().where(Policy.kind == OBJECTION_DEADLINE).execute()
    assert bring(team, rejected, now=make.local("2021-09-23T09:00")).settled_at is None


def test_nobody_objects_for_another(team, rejected):
    with pytest.raises(Refused, match="pegawai itu sendiri"):
        bring(team, rejected, team.colleague)


def test_a_refused_objection_is_not_made_again_but_a_new_decision_may_be_objected_to(team, rejected):
    objections.settle(bring(team, rejected), accept=False, answer="Tidak ada suratnya", who=decider(team.upper, TODAY))
    with pytest.raises(Refused, match="sudah diajukan"):
        bring(team, rejected)
    WorkDay.update(decided_at=make.local("2020-09-24T08:00")).execute()
    assert bring(team, rejected, now=make.local("2020-09-24T09:00")).id


def test_it_is_settled_once(team, rejected):
    made = bring(team, rejected)
    objections.settle(made, accept=False, answer="Tidak", who=decider(team.upper, TODAY))
    with pytest.raises(Refused, match="sudah diputuskan"):
        objections.settle(made, accept=True, answer="", who=decider(team.upper, TODAY))
    assert WorkDay.get_by_id(rejected.id).approved == 0


@pytest.mark.parametrize("name", ["superior", "employee", "colleague"])
def test_strangers_the_author_and_who_decided_settle_nothing(team, rejected, name):
    made = bring(team, rejected)
    with pytest.raises(Refused):
        objections.settle(made, accept=True, answer="", who=decider(getattr(team, name), TODAY))
    assert list(objections.waiting(getattr(team, name), TODAY)) == []
    assert Objection.get().settled_at is None


def test_who_rejected_one_activity_does_not_judge_it_though_another_settled_the_day(team):
    row = team.write("2020-09-21", submits=False)
    row = team.write("2020-09-21", starts="13:00", ends="14:00")
    WorkDay.update(escalates_at=row.submitted_at).execute()
    first, _ = days.entries(row)
    team.decide(row, "reject", "Bukan tugas", who=team.upper, entries=[first.id])
    row = team.decide(row)
    assert row.decided_by_id == team.superior.id
    with pytest.raises(Refused, match="pengelola kepegawaian"):
        bring(team, row)


def test_a_day_that_waits_or_was_returned_offers_nothing(team):
    row = team.write("2020-09-21")
    assert objections.dispute(row, days.entries(row)) is None
    row = team.decide(row, "return", "Lengkapi")
    assert objections.dispute(row, days.entries(row)) is None
    assert DayAct.select().where(DayAct.act == "objected").count() == 0
