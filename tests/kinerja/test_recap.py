"""A person's month, reckoned from what was written, the calendar and absence."""

from datetime import date, datetime

import pytest

from portal.attendance import leave
from portal.kinerja import recap
from portal.kinerja.models import Target
from tests import make
from tests.views.month import FIRST, Team

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-22T09:00")


@pytest.fixture
def team(database: None) -> Team:
    return Team()


def month(team: Team, now: datetime = NOW, first: date = FIRST) -> recap.Month:
    return recap.month(team.employee, first, now=now)


def day(shown: recap.Month, number: int) -> recap.RecapDay:
    return shown.days[number - 1]


@pytest.mark.parametrize(("first", "last"), [(date(2020, 2, 1), 29), (date(2021, 2, 1), 28), (date(2020, 12, 1), 31), (date(2020, 9, 1), 30)])
def test_a_month_has_all_its_days(team, first, last):
    assert [each.day for each in month(team, first=first).days] == [first.replace(day=number) for number in range(1, last + 1)]


def test_a_working_day_is_missing_only_after_its_deadline(team):
    assert [number for number in range(17, 24) if day(month(team), number).is_missing] == [17, 18]  # Monday may be logged until the end of Tuesday
    assert day(month(team, make.local("2020-09-23T00:00")), 21).is_missing


def test_leave_moves_the_deadline_of_the_day_before_it(team):
    leave.enter(team.employee, "annual", date(2020, 9, 18), date(2020, 9, 21), **make.ACT)
    shown = month(team)
    assert [day(shown, 17).is_missing, day(shown, 18).kind, day(shown, 18).is_missing] == [False, "away", False]


def test_field_duty_is_work(team):
    leave.enter(team.employee, "field", date(2020, 9, 15), date(2020, 9, 15), **make.ACT)
    assert (day(month(team), 15).kind, day(month(team), 15).is_missing) == ("work", True)


def test_a_returned_day_is_to_be_mended_and_not_missing(team):
    team.decide(team.write("2020-09-15"), "return", "Lengkapi")
    shown = month(team)
    assert (shown.sums["to_mend"], shown.sums["returned"], day(shown, 15).is_missing) == (1, 1, False)


def test_a_draft_after_its_deadline_is_missing(team):
    team.write("2020-09-15", submits=False)
    assert day(month(team), 15).is_missing


def test_days_before_the_posting_are_nobodys(team):
    team.employee = make.person()
    make.posting(team.employee, team.office, first="2020-09-14", under=team.superior)
    shown = month(team)
    assert [day(shown, 11).kind, day(shown, 14).kind, shown.sums["working"], shown.supervisor] == ["unposted", "work", 13, team.superior]


def test_sums_follow_the_places(team):
    team.decide(team.write("2020-09-14", place="wfh"))
    team.write("2020-09-15", place="field")
    team.write("2020-09-16")
    sums = month(team).sums
    assert [sums[name] for name in ("effective", "effective_wfh", "effective_field", "effective_wfo", "approved", "sent")] == [360, 120, 120, 120, 120, 3]


def test_work_for_any_line_of_a_chain_counts_for_the_target(team):
    facts = {"person": team.employee, "year": 2020, "unit": "berkas", "entered_at": make.NOW, "entered_by": "tests"}
    old = Target.create(title="Lama", state="agreed", **facts)
    team.decide(team.write("2020-09-14", target=str(old.id), quantity="5"))
    Target.update(state="revised").execute()
    new = Target.create(title="Baru", state="agreed", revises=old, origin_id=old.id, **facts)
    Target.create(title="Usulan", state="draft", revises=new, origin_id=old.id, **facts)
    team.write("2020-09-15", target=str(new.id), quantity="3")
    team.write("2020-09-16")
    targets = month(team).targets
    assert [(each.target and each.target.title, each.entries, each.quantity, each.reached) for each in targets] == [("Baru", 2, 8.0, 5.0), (None, 1, 0.0, 0.0)]


def test_the_month_closes_by_policy_or_by_an_act(team):
    shown = month(team)
    assert shown.closes_at == make.local("2020-10-08T00:00")
    assert [shown.is_closed(make.local(at)) for at in ("2020-10-07T23:59", "2020-10-08T00:00")] == [False, True]
