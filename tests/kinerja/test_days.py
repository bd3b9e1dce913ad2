"""A person's day as a row: found, opened, counted, and why it cannot be written."""

from datetime import date, timedelta

import pytest

from portal.attendance import leave
from portal.kinerja import days, logs, validation
from portal.kinerja.models import ActivityType, Entry, MonthClosing, WorkDay
from portal.refusals import NotFound, Refused
from tests import make
from tests.make import ACT, MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = MONDAY + timedelta(days=1)
OCTOBER_7, OCTOBER_8 = make.local("2020-10-07T23:59"), make.local("2020-10-08T00:00")  # September closes between them


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def close(office, month=date(2020, 9, 1), **facts):
    return MonthClosing.create(office=office, month=month, closed_at=make.NOW, closed_by=make.person(), **facts)


def test_a_day_that_nobody_wrote_is_no_row(team):
    assert days.find(team.author, MONDAY) is None
    assert days.entries(None) == []
    assert WorkDay.select().count() == 0


def test_the_first_line_makes_the_day_with_its_office_and_its_deadline(team):
    make.entry(team.author)
    row = days.find(team.author, MONDAY)
    assert (row.office_id, row.state, row.due_at, row.due_before) == (team.office.id, "draft", make.local("2020-09-23T00:00"), None)


def test_a_day_without_a_posting_is_refused_by_name(team):
    with pytest.raises(NotFound, match="2019-12-31"):
        days.writable(team.author, date(2019, 12, 31), now=MONDAY_EVENING)
    with pytest.raises(NotFound):
        days.writable(make.person(), MONDAY, now=MONDAY_EVENING)


def test_tomorrow_cannot_be_written_and_today_can_from_its_first_minute(team):
    with pytest.raises(NotFound, match="belum tiba"):
        days.writable(team.author, TUESDAY, now=make.local("2020-09-21T23:59"))
    assert days.writable(team.author, TUESDAY, now=make.local("2020-09-22T00:00")).day == TUESDAY
    assert WorkDay.select().count() == 1


def test_today_is_the_offices_today():
    east = make.team(make.office(timezone="Asia/Jayapura"))
    assert days.writable(east.author, TUESDAY, now=make.local("2020-09-21T22:00")).day == TUESDAY  # midnight in Papua


def test_leave_and_illness_are_absence_and_field_duty_is_work(team):
    for kind, first, last in (("annual", 21, 22), ("field", 23, 23), ("sick", 24, 30)):
        leave.enter(team.author, kind, date(2020, 9, first), date(2020, 9, last), **ACT)
    withdrawn = leave.enter(team.colleague, "annual", MONDAY, TUESDAY, **ACT)
    leave.withdraw(withdrawn, **ACT)
    assert {each.day for each in days.away(team.author, date(2020, 9, 22), date(2020, 9, 25))} == {22, 24, 25}
    assert days.away(team.colleague, MONDAY, TUESDAY) == set()


def test_a_deadline_waits_for_who_is_away(team):
    leave.enter(team.author, "sick", TUESDAY, date(2020, 9, 24), **ACT)
    make.entry(team.author)
    assert days.find(team.author, MONDAY).due_at == make.local("2020-09-26T00:00")


def test_a_month_closes_by_the_rule_for_days_that_nobody_wrote_as_for_those_that_wait_for_more(team):
    make.entry(team.author)
    assert days.writable(team.author, MONDAY, now=OCTOBER_7).entries == 1
    for day in (MONDAY, TUESDAY):
        with pytest.raises(Refused, match="sudah ditutup"):
            days.writable(team.author, day, now=OCTOBER_8)


def test_a_month_that_somebody_closed_is_closed_there_and_below_and_not_beside(team):
    below, beside = make.team(make.unit(team.office)), make.team()
    close(team.office)
    close(beside.office, date(2020, 8, 1))
    for each in (team, below):
        with pytest.raises(Refused, match="sudah ditutup"):
            days.writable(each.author, MONDAY, now=MONDAY_EVENING)
    assert days.writable(beside.author, MONDAY, now=MONDAY_EVENING)  # another office, and its own August


def test_a_month_that_was_opened_again_is_open(team):
    close(team.office, reopened_at=make.NOW)
    assert days.writable(team.author, MONDAY, now=MONDAY_EVENING)


def test_a_day_that_a_superior_opened_can_be_written_though_the_month_is_closed(team):
    row = validation.open_closed(team.author, MONDAY, "Sakit sampai kemarin.", make.decider(team.superior, OCTOBER_8))
    assert days.writable(team.author, MONDAY, now=OCTOBER_8) == row
    with pytest.raises(Refused):
        days.writable(team.author, TUESDAY, now=OCTOBER_8)


@pytest.mark.parametrize(("state", "words"), [("submitted", "terkunci"), ("approved", "tidak berubah lagi"), ("rejected", "tidak berubah lagi")])
def test_what_is_submitted_or_decided_is_locked_and_says_so(team, state, words):
    row = make.submitted(team.author)
    WorkDay.update(state=state).where(WorkDay.id == row.id).execute()
    with pytest.raises(Refused, match=words):
        days.writable(team.author, MONDAY, now=MONDAY_EVENING)


def test_activities_stand_in_the_order_of_the_day_whatever_was_written_first(team):
    for starts, ends in (("13:00", "14:00"), ("08:00", "09:00"), ("10:00", "11:00")):
        make.entry(team.author, starts, ends)
    assert [each.starts for each in days.entries(days.find(team.author, MONDAY))] == [480, 600, 780]


def test_the_sums_of_a_day_are_those_of_its_activities(team):
    kind = ActivityType.create(code="P-1", name="Periksa", unit="berkas", minutes=5, needs_evidence=True)
    make.entry(team.author, "08:00", "10:00", activity_type=str(kind.id), place="wfh")  # 120 claimed, 12 × 5 = 60 count, no evidence
    make.entry(team.author, "10:00", "11:00", place="field")
    make.entry(team.author, "11:00", "11:30", activity_type=str(kind.id), evidence_link="https://example.org/a")
    gone = make.entry(team.author, "13:00", "14:00")
    refused = make.entry(team.author, "14:00", "15:00")
    logs.remove(gone, gone.revision, now=MONDAY_EVENING)
    Entry.update(state="rejected").where(Entry.id == refused.id).execute()
    Entry.update(state="approved").where(Entry.starts == 600).execute()
    row = days.find(team.author, MONDAY)
    days.count(row)
    known = days.find(team.author, MONDAY)
    assert (known.entries, known.claimed, known.effective, known.approved) == (4, 270, 150, 60)
    assert (known.effective_wfh, known.effective_field, known.unproven) == (60, 60, 1)
    assert all(getattr(row, name) == getattr(known, name) for name in ("entries", "claimed", "effective", "approved", "unproven", "revision"))


def test_a_day_without_activities_sums_to_nothing(team):
    row = days.writable(team.author, MONDAY, now=MONDAY_EVENING)
    days.count(row)
    assert (row.entries, row.claimed, row.effective, row.approved, row.unproven) == (0, 0, 0, 0, 0)
