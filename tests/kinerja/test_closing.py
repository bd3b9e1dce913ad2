"""A month is closed for an office and all below it, after it is over; what waits is validated all the same."""

import pytest

from portal.audit import AuditEntry
from portal.kinerja import closing, days
from portal.kinerja.working_days import WorkingDays
from portal.refusals import Refused
from tests import make
from tests.views.month import FIRST, Team, actor

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-10-02T09:00")


@pytest.fixture
def team(database: None) -> Team:
    top = make.office("Atas")
    found = Team(make.unit(top))
    found.top = top
    return found


def close(team: Team, office=None, **facts) -> closing.MonthClosing:
    return closing.close(office or team.top, FIRST, **{"note": "", "by": actor(team.upper), "now": NOW, **facts})


def is_closed(team: Team) -> bool:
    return days.is_closed(team.office.id, FIRST, WorkingDays.of([team.office.id], FIRST, FIRST), NOW)


def test_it_locks_what_is_below_and_nothing_beside(team):
    close(team)
    other = make.office()
    assert is_closed(team)
    assert not days.is_closed(other.id, FIRST, WorkingDays.of([other.id], FIRST, FIRST), NOW)
    with pytest.raises(Refused, match="sudah ditutup"):
        team.write("2020-09-30", later_by=2)


def test_what_was_submitted_before_is_validated_afterwards(team):
    row = team.write("2020-09-30")
    close(team)
    assert team.decide(row, after=3).state == "approved"


@pytest.mark.parametrize(("moment", "why"), [("2020-09-30T23:00", "belum berakhir"), ("2020-10-08T00:00", "menurut kebijakan")])
def test_it_is_refused_before_the_month_is_over_and_after_the_policy_closed_it(team, moment, why):
    with pytest.raises(Refused, match=why):
        close(team, now=make.local(moment))


def test_it_is_refused_where_it_holds_already_from_above(team):
    close(team)
    with pytest.raises(Refused, match="sudah ditutup"):
        close(team, team.office)


def test_a_reopened_month_is_open_and_may_be_closed_again(team):
    made = close(team, note="Rapat")
    closing.reopen(made, reason="Terlalu cepat", by=actor(team.upper), now=NOW)
    assert not is_closed(team)
    assert closing.over(team.office, FIRST) is None
    close(team)
    acts = [(entry.act, entry.after) for entry in AuditEntry.select().where(AuditEntry.kind == "month_closing").order_by(AuditEntry.id)]
    assert acts == [("month_closed", {"note": "Rapat"}), ("month_reopened", {"reason": "Terlalu cepat"}), ("month_closed", {"note": ""})]


def test_a_reopening_needs_a_reason_and_happens_once(team):
    made = close(team)
    with pytest.raises(Refused, match="wajib"):
        closing.reopen(made, reason=" ", by=actor(team.upper), now=NOW)
    closing.reopen(made, reason="x", by=actor(team.upper), now=NOW)
    with pytest.raises(Refused, match="sudah dibuka"):
        closing.reopen(made, reason="x", by=actor(team.upper), now=NOW)


def test_what_is_open_is_counted_with_those_who_have_most(team):
    team.write("2020-09-01", submits=False)
    team.write("2020-09-02", submits=False)
    team.write("2020-09-02", who=team.colleague, submits=False)
    team.decide(team.write("2020-09-03"), "return", "Lengkapi")
    team.write("2020-09-04")
    found = closing.open_days([team.office.id], FIRST, FIRST.replace(day=30), most=1)
    assert [(state, each.days, each.people, each.names) for state, each in found.items()] == [
        ("draft", 3, 2, [("Ani Pegawai", 2)]), ("returned", 1, 1, [("Ani Pegawai", 1)]), ("submitted", 1, 1, [("Ani Pegawai", 1)])]  # fmt: skip
