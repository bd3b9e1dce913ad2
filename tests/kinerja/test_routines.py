"""Activities that return on days of the week."""

from datetime import timedelta

import pytest

from portal.kinerja import days, logs, routines
from portal.kinerja.models import ActivityType, Routine, Target
from portal.refusals import Refused
from tests import make
from tests.make import MONDAY, MONDAY_EVENING

TUESDAY, TUESDAY_EVENING = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)


@pytest.fixture
def author(database):
    return make.team().author


def fill(author, day=TUESDAY):
    return routines.fill(author, day, "wfh", now=TUESDAY_EVENING)


def lines(author, day=TUESDAY):
    return [(each.starts, each.description, each.place, each.effective) for each in days.entries(days.find(author, day))]


def test_a_routine_is_written_on_its_days_with_its_times_and_the_place_of_that_day(author):
    routines.remember(make.entry(author), "01", now=MONDAY_EVENING)
    assert fill(author) == 1
    assert lines(author) == [(480, "Memeriksa 12 berkas", "wfh", 120)]
    assert fill(author) == 0


def test_on_other_days_nothing_returns(author):
    routines.remember(make.entry(author), "0", now=MONDAY_EVENING)
    assert routines.due(routines.running(author), TUESDAY, []) == []


def test_a_routine_without_room_waits(author):
    routines.remember(make.entry(author), "1", now=MONDAY_EVENING)
    make.entry(author, "09:00", "09:30", day=TUESDAY, now=TUESDAY_EVENING, description="Lain")
    assert fill(author) == 0
    assert [what for _, what, *_ in lines(author)] == ["Lain"]


def test_two_routines_for_one_time_are_written_once(author):
    routines.remember(make.entry(author), "1", now=MONDAY_EVENING)
    routines.remember(make.entry(author, "10:00", "11:00", description="Rapat"), "1", now=MONDAY_EVENING)
    Routine.update(starts=500).where(Routine.description == "Rapat").execute()
    assert fill(author) == 1


def test_a_routine_serves_the_line_of_this_year_that_stands_for_the_old_one(author):
    facts = {"person": author, "state": "agreed", "entered_at": make.NOW, "entered_by": "tests"}
    old = Target.create(year=2020, title="Lama", **facts)
    routine = routines.remember(make.entry(author, target=str(old.id)), "0123456", now=MONDAY_EVENING)
    Target.update(state="revised").execute()
    new = Target.create(year=2020, title="Baru", origin_id=old.id, **facts)
    fill(author)
    assert routine.target_origin_id == old.id
    assert days.entries(days.find(author, TUESDAY))[0].target_id == new.id


def test_the_minutes_of_a_routine_are_those_of_its_type_today(author):
    kind = ActivityType.create(code="V", name="Verifikasi", unit="berkas", minutes=5)
    routines.remember(make.entry(author, activity_type=str(kind.id)), "1", now=MONDAY_EVENING)
    ActivityType.update(minutes=1).execute()
    fill(author)
    assert lines(author)[0][3] == 12


def test_the_same_activity_is_one_routine_with_its_latest_days(author):
    line = make.entry(author)
    routines.remember(line, "0", now=MONDAY_EVENING)
    routines.remember(line, "13", now=MONDAY_EVENING)
    assert [each.weekdays for each in routines.running(author)] == ["13"]


@pytest.mark.parametrize("weekdays", ["", "7", "x"])
def test_a_routine_needs_a_day_of_the_week(author, weekdays):
    with pytest.raises(Refused):
        routines.remember(make.entry(author), weekdays, now=MONDAY_EVENING)


def test_what_has_ended_returns_no_more_and_what_was_written_stays(author):
    routine = routines.remember(make.entry(author), "01", now=MONDAY_EVENING)
    fill(author)
    routines.end(routine, now=TUESDAY_EVENING)
    assert routines.running(author) == []
    assert len(lines(author)) == 1


def test_there_are_as_many_routines_as_one_can_oversee(author, monkeypatch):
    monkeypatch.setattr(routines, "MOST", 1)
    routines.remember(make.entry(author), "0", now=MONDAY_EVENING)
    with pytest.raises(Refused):
        routines.remember(make.entry(author, "10:00", "11:00", description="Rapat"), "0", now=MONDAY_EVENING)


def test_a_locked_day_takes_no_routine(author):
    routines.remember(make.entry(author), "0", now=MONDAY_EVENING)
    make.submitted(author)
    with pytest.raises(Refused):
        routines.fill(author, MONDAY, "wfo", now=MONDAY_EVENING)
    assert logs.MOST_ENTRIES >= routines.MOST
