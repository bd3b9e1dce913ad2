"""The sums of many people agree with each person's own month."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import db, policies
from portal.attendance import leave
from portal.kinerja import recap, unit_recap
from portal.kinerja.unit_recap import UnitMonth
from portal.offices import calendars, postings
from portal.offices.models import Holiday
from portal.offices.staff import Correction
from tests import make
from tests.views.month import FIRST, Team

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-22T09:00")
SAME = ("sent", "waiting", "to_mend", "late", "approved_days", "entries", "claimed", "effective", "approved", "effective_wfh", "effective_field")


@pytest.fixture
def team(database: None) -> Team:
    return Team()


def figures(team: Team, now: datetime = NOW) -> unit_recap.Figures:
    return UnitMonth(FIRST, now=now, offices=[team.office.id]).by_person([team.employee.id])[team.employee.id]


def agree(team: Team, now: datetime = NOW) -> None:
    """What the database sums is what the person's own month says."""
    summed, own = figures(team, now), recap.month(team.employee, FIRST, now=now)
    sent = own.sums["sent"] + own.sums["to_mend"]  # a returned day was submitted once
    assert {name: getattr(summed, name) for name in SAME} == {**{name: own.sums[name] for name in SAME}, "sent": sent}
    assert summed.missing == own.sums["missing"]
    assert summed.effective_wfo == own.sums["effective_wfo"]


def test_a_full_month_agrees(team):
    team.decide(team.write("2020-09-01", place="wfh"))
    team.decide(team.write("2020-09-02", later_by=6))
    team.decide(team.write("2020-09-03"), "return", "Lengkapi")
    team.decide(team.write("2020-09-04"), "reject", "Bukan tugas")
    team.write("2020-09-05")  # a Saturday stands in for no Monday
    team.write("2020-09-07", submits=False)
    team.write("2020-09-08", place="field")
    agree(team)
    agree(team, make.local("2020-10-20T09:00"))


@settings(max_examples=settings().max_examples // 3)
@given(st.sets(st.integers(1, 21), max_size=8), st.tuples(st.integers(1, 30), st.integers(0, 9)), st.integers(1, 20), st.booleans())
def test_any_month_agrees(written, away, starts, is_field):
    with db.database.atomic() as step:
        team = Team(make.office())
        team.employee = make.person()
        make.posting(team.employee, team.office, under=team.superior, first=f"2020-09-{starts:02}")
        for number in sorted(written):
            if number >= starts:
                team.write(f"2020-09-{number:02}")
        until = date(2020, 9, min(away[0] + away[1], 30))
        leave.enter(team.employee, "field" if is_field else "annual", date(2020, 9, away[0]), until, **make.ACT)
        agree(team, make.local("2020-10-20T09:00"))
        step.rollback()


def test_holidays_of_one_region_hold_for_its_offices_alone(team):
    make.region("51", "Bali")
    calendars.add_regional(date(2020, 9, 16), "Galungan", make.region("51"), **make.ACT)
    Holiday.create(day=date(2020, 9, 17), name="Nasional")
    island = make.office(region="51", timezone="Asia/Makassar")
    away = make.person()
    make.posting(away, island)
    found = UnitMonth(FIRST, now=make.local("2020-10-20T09:00"), offices=[team.office.id, island.id])
    assert {office: each.expected for office, each in found.by_office().items()} == {team.office.id: 4 * 21, island.id: 20}


def test_days_logged_on_a_holiday_of_ones_own_office_fill_no_other_day(team):
    make.region("51", "Bali")
    calendars.add_regional(date(2020, 9, 16), "Galungan", make.region("51"), **make.ACT)
    island = make.office(region="51", timezone="Asia/Makassar")
    team.employee = make.person()
    make.posting(team.employee, island, under=team.superior)
    team.write("2020-09-16")
    found = UnitMonth(FIRST, now=NOW, offices=[team.office.id, island.id]).by_office()[island.id]
    assert (found.sent, found.logged, found.missing) == (1, 0, 13)


def test_without_a_work_week_nobody_is_expected_to_log(database):
    office, who = make.office(), make.person()
    make.posting(who, office)
    assert UnitMonth(FIRST, now=NOW, offices=[office.id]).by_office()[office.id].expected == 0


def test_without_a_deadline_a_day_is_expected_when_it_is_over(database):
    week = {"minutes": 450, "days": ["Mo", "Tu", "We", "Th", "Fr"]}
    policies.set_policy(policies.WORK_WEEK, week, name="Hari kerja", legal_basis="x", first_day=date(2020, 1, 1), **make.ACT)
    office, who = make.office(), make.person()
    make.posting(who, office)
    assert UnitMonth(FIRST, now=NOW, offices=[office.id]).by_office()[office.id].expected == 15


def test_somebody_who_moved_is_counted_where_they_worked(team):
    new = make.office()
    make.posting(team.employee, new, under=team.superior, first="2020-09-14")
    team.write("2020-09-10")
    team.write("2020-09-15")
    found = UnitMonth(FIRST, now=NOW, offices=[team.office.id, new.id]).by_office()
    assert (found[new.id].expected, found[new.id].sent) == (5, 1)
    assert (found[team.office.id].expected, found[team.office.id].sent) == (3 * 14 + 9, 1)


def test_offices_add_up_to_the_nearest_of_those_asked_for(database):
    top = make.office("Atas")
    part = make.unit(top)
    below = make.unit(part)
    make.office("Lain")
    assert unit_recap.belonging({top.id, part.id}) == {top.id: top.id, part.id: part.id, below.id: part.id}


def test_whom_one_is_the_superior_of_follows_postings_corrections_and_deputies(team):
    wrong = make.person()
    posting = make.posting(make.person("Salah Atasan"), team.office, under=wrong)
    Correction.create(posting=posting, proposed=team.superior, reason="x", asked_at=make.NOW, settled_at=make.NOW, is_accepted=True)
    deputy, today = make.person(), date(2020, 9, 22)
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="1", first_day=today, last_day=today, **make.ACT)
    mine = {team.employee.id, team.colleague.id, posting.person_id}
    assert unit_recap.under(team.superior, FIRST, today).keys() == mine
    assert unit_recap.under(deputy, FIRST, today).keys() == mine
    assert unit_recap.under(deputy, FIRST, date(2020, 9, 23)) == {}
    assert unit_recap.under(wrong, FIRST, today) == {}


def test_slow_superiors_are_named_and_quick_ones_are_not(team):
    team.decide(team.write("2020-09-01"), after=7)
    team.write("2020-09-07")
    quick = make.person("Cepat")
    another = make.person()
    make.posting(another, team.office, under=quick)
    team.decide(team.write("2020-09-08", who=another), who=quick)
    rows = unit_recap.slow_superiors([team.office.id], FIRST, now=NOW, most=5)
    assert [(row["name"], row["waiting"], row["overdue"], row["since"]) for row in rows] == [("Budi Atasan", 1, 2, make.local("2020-09-07T12:00"))]


def test_activities_are_counted_by_place(team):
    team.write("2020-09-01", place="wfh", submits=False)
    team.write("2020-09-01", place="wfh", starts="10:00", ends="11:00")
    team.write("2020-09-02")
    assert unit_recap.by_place([team.employee.id], FIRST) == {"wfh": (2, 180, 1), "wfo": (1, 120, 1)}


def test_an_export_names_everybody_once_in_their_order(team, monkeypatch):
    monkeypatch.setattr(unit_recap, "_CHUNK", 3)
    names = [person.name for person, _ in UnitMonth(FIRST, now=NOW, offices=[team.office.id]).each()]
    assert names == ["Ani Pegawai", "Budi Atasan", "Ratna Atas", "Tono Rekan"]
