"""The demo's work: something in every state, on whatever day it is made."""

from datetime import timedelta

import pytest

from portal import clock
from portal.kinerja import targets
from portal.kinerja.models import ActivityType, Entry, Target, WorkDay
from portal.people.models import Person
from tests import make


def of_role(role: str) -> Person:
    return Person.get(Person.email == f"{role}@peragaan.example")


@pytest.mark.parametrize("moment", ["2026-11-16T02:10", "2026-11-23T09:00", "2027-01-02T09:00", "2027-01-01T00:20", "2026-03-26T12:00", "2024-02-29T23:50"])
def test_whenever_it_is_made_the_employee_has_an_empty_day_and_the_supervisor_a_queue_of_one_page(ready, at, moment):
    now = at(f"{moment}+07:00")
    assert ready("demo").exit_code == 0
    employee, supervisor = of_role("employee"), of_role("supervisor")
    written = {day for (day,) in WorkDay.select(WorkDay.day).where(WorkDay.person == employee).tuples()}
    last = [day for day in (now.date() - timedelta(days=back) for back in range(1, 11)) if day.weekday() < 5]
    assert set(last) - written
    assert max(written) < now.date()
    waiting = list(WorkDay.select().where(WorkDay.supervisor == supervisor, WorkDay.state == "submitted"))
    assert 6 <= len(waiting) <= 12
    assert len({row.person_id for row in waiting}) >= 3
    assert {state for (state,) in WorkDay.select(WorkDay.state).distinct().tuples()} == {"approved", "submitted", "returned"}


def test_the_demos_people_have_targets_that_their_work_counts_for_and_one_that_waits(demo):
    employee = of_role("employee")
    lines = targets.of_year(employee, clock.now().astimezone(make.ZONE).year)
    assert [line.state for line in lines].count("draft") == 1
    assert any(done.minutes for done in targets.progress(lines).values()) or clock.now().month == 1
    assert len(targets.waiting_for(of_role("supervisor"), clock.now().date())) == 1


def test_a_reset_throws_the_work_away_and_makes_it_anew(demo):
    tables = (ActivityType, Target, WorkDay, Entry)
    before = [table.select().count() for table in tables]
    make.entry(of_role("employee"), day=clock.now().astimezone(make.ZONE).date(), now=clock.now())
    assert demo("demo", "--reset").exit_code == 0
    assert [table.select().count() for table in tables] == before
