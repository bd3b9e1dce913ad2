"""What deserves a second look."""

from datetime import date, timedelta

import pytest

from portal.attendance import leave
from portal.kinerja import queue
from portal.kinerja.flags import Flags
from portal.kinerja.models import ActivityType, WorkDay
from portal.offices import calendars
from portal.offices.calendars import Found
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2020, 9, 22)
NOW = make.local("2020-09-22T09:00")


@pytest.fixture
def team(database):
    make.work_rules()
    return make.team()


def full(team, day=MONDAY, ends="15:30", **facts):
    """A day of 450 minutes, unless it ends at another time."""
    make.entry(team.author, "08:00", ends, day=day, **facts)
    return make.submitted(team.author, day=day)


def flags(team, now=NOW) -> dict[date, list[str]]:
    rows = queue.lines(team.superior, {team.superior.id: None}, now)
    seen = Flags(rows, now)
    return {row.day: [str(flag.sentence) for flag in seen.of(row)] for row in rows}


def test_a_day_as_usual_has_no_flag(team):
    full(team)
    assert flags(team) == {MONDAY: []}


@pytest.mark.parametrize(("ends", "said"), [("14:44", ["Kurang 46 menit"]), ("14:45", []), ("16:15", []), ("16:16", ["Lebih 46 menit"])])
def test_minutes_are_flagged_from_a_tenth_of_the_load_on(team, ends, said):
    full(team, ends=ends)
    assert flags(team) == {MONDAY: said}


def test_lateness_is_counted_in_days_from_the_deadline(team):
    row = full(team)
    WorkDay.update(due_at=MONDAY_EVENING).where(WorkDay.id == row.id).execute()
    assert flags(team) == {MONDAY: ["Terlambat 1 hari"]}
    WorkDay.update(due_at=MONDAY_EVENING - timedelta(days=1, seconds=1)).where(WorkDay.id == row.id).execute()
    assert flags(team) == {MONDAY: ["Terlambat 2 hari"]}
    WorkDay.update(due_at=MONDAY_EVENING + timedelta(seconds=1)).where(WorkDay.id == row.id).execute()
    assert flags(team) == {MONDAY: []}


@pytest.mark.parametrize("kind", ["annual", "sick"])
def test_work_on_a_day_of_absence_is_flagged_and_its_kind_is_not_said(team, kind):
    full(team)
    leave.enter(team.author, kind, MONDAY, MONDAY, **ACT)
    assert flags(team) == {MONDAY: ["Tercatat tidak bekerja hari itu"]}


def test_work_on_a_holiday_or_a_sunday_is_flagged_whatever_its_minutes(team):
    sunday = MONDAY - timedelta(days=1)
    full(team, ends="10:00")
    full(team, sunday)
    calendars.add_national([Found(MONDAY, "Hari Peragaan")], **ACT)
    assert flags(team) == {sunday: ["Bukan hari kerja"], MONDAY: ["Hari libur: Hari Peragaan"]}


def test_missing_evidence_is_flagged_where_the_type_asks_for_it(team):
    kind = ActivityType.create(code="A", name="Surat", unit="surat", minutes=600, needs_evidence=True)
    full(team, activity_type=str(kind.id))
    assert flags(team) == {MONDAY: ["1 kegiatan tanpa bukti"]}


def test_work_at_home_is_flagged_only_where_the_office_was_not_closed(team):
    friday = MONDAY - timedelta(days=3)
    make.closure(team.office, first="2020-09-20", days=3)
    full(team, place="wfh")
    full(team, friday, place="wfh")
    assert flags(team) == {friday: ["Di rumah, padahal kantor tidak ditutup"], MONDAY: []}


def test_what_waits_as_long_as_the_superior_has_is_flagged_in_working_days(team):
    full(team)
    said = {day: flags(team, make.local(f"2020-09-{day}T09:00"))[MONDAY] for day in (21, 23, 24, 27, 28)}
    assert said == {21: [], 23: [], 24: ["3 hari kerja menunggu"], 27: ["4 hari kerja menunggu"], 28: ["5 hari kerja menunggu"]}


def test_without_rules_nothing_is_flagged_by_them(database):
    team = make.team()
    full(team, ends="09:00")
    assert flags(team, make.local("2020-12-01T09:00")) == {MONDAY: []}


def test_flags_of_many_days_cost_as_many_questions_as_of_one(team):
    full(team, place="wfh")
    with counted() as few:
        flags(team)
    for back in range(3, 20):
        full(team, MONDAY - timedelta(days=back), place="wfh")
    with counted() as many:
        flags(team)
    assert len(many) == len(few) == 4  # the days, their calendar, policies, closures


def test_no_days_have_no_flags(database):
    assert Flags([], NOW).rows == []
