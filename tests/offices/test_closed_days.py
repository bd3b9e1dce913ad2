"""On which days an office is closed by a closure: then its people work at home."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.offices import closures, postings
from portal.offices.closed_days import ClosedDays
from tests import make
from tests.house.test_queries import counted

pytestmark = pytest.mark.usefixtures("database")
DAYS = [date(2020, 9, 19) + timedelta(days=each) for each in range(6)]  # Saturday 19 to Thursday 24 September


def known(*offices, first=DAYS[0], last=DAYS[-1]):
    """The closures over some offices and what they are part of."""
    return ClosedDays({each.id: (ZoneInfo(each.timezone), [each.id, *postings.above(each)]) for each in offices}, first, last)


def closed(office, first=DAYS[0], last=DAYS[-1]):
    """The days of the month on which an office is closed between two days."""
    found = known(office, first=first, last=last)
    return [day.day for day in DAYS if first <= day <= last and found.closures(office.id, day)]


def test_a_closure_of_whole_days_takes_its_first_and_its_last_day():
    office = make.office()
    held = make.closure(office)
    assert closed(office) == [20, 21, 22]
    assert known(office, first=DAYS[2], last=DAYS[2]).closures(office.id, DAYS[2]) == {held.id: "flood"}
    assert closed(make.office()) == []


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura", "Asia/Jakarta"])
def test_the_days_are_those_of_the_offices_own_clocks(zone):
    office = make.office(timezone=zone)
    make.closure(office)
    assert closed(office) == [20, 21, 22]
    assert [closed(office, day, day) for day in DAYS] == [[], [20], [21], [22], [], []]


def test_a_posko_that_is_excepted_is_open_within_a_closed_building():
    building = make.office()
    post, floor = make.unit(building, "Posko"), make.unit(building)
    room = make.unit(post, "Ruang Posko")
    make.closure(building, excepted=[post])
    assert (closed(building), closed(floor), closed(post), closed(room)) == ([20, 21, 22], [20, 21, 22], [], [])


def test_a_part_that_is_closed_leaves_the_building_and_its_other_floors_open():
    building = make.office()
    floor, other = make.unit(building), make.unit(building)
    room = make.unit(floor)
    make.closure(floor)
    assert (closed(floor), closed(room), closed(other), closed(building)) == ([20, 21, 22], [20, 21, 22], [], [])


def test_an_exception_of_one_closure_is_taken_by_another():
    building = make.office()
    post = make.unit(building)
    make.closure(building, excepted=[post])
    make.closure(post, first="2020-09-22", days=1)
    assert closed(post) == [22]


def test_a_closure_of_some_hours_takes_the_days_that_it_touches():
    office = make.office()
    plan = closures.Plan([office], "flood", make.local("2020-09-21T13:00"), make.local("2020-09-22T09:00"))
    closures.declare(plan, **make.ACT)
    assert closed(office) == [21, 22]


def test_a_closure_that_ends_at_midnight_does_not_touch_the_next_day():
    office = make.office()
    plan = closures.Plan([office], "flood", make.local("2020-09-21T13:00"), make.local("2020-09-22T00:00"))
    closures.declare(plan, **make.ACT)
    assert closed(office) == [21]


def test_an_announced_closure_takes_its_days_before_they_come():
    office = make.office()
    make.closure(office, now=make.NOW - timedelta(days=5))
    assert closed(office) == [20, 21, 22]


def test_a_withdrawn_closure_takes_no_day():
    office = make.office()
    closures.withdraw(make.closure(office), reason="Keliru.", by="kepala", now=make.NOW)
    assert closed(office) == []


def test_an_office_that_was_reopened_early_is_closed_until_that_day():
    office = make.office()
    closures.reopen(make.closure(office), reason="Bersih.", by="kepala", now=make.local("2020-09-21T12:00"))
    assert closed(office) == [20, 21]


def test_a_closure_without_an_end_takes_every_day_from_its_first():
    office = make.office()
    make.closure(office, days=None)
    assert closed(office) == [20, 21, 22, 23, 24]


def test_several_closures_of_a_day_are_all_named_with_their_reasons():
    office = make.office()
    flood, case = make.closure(office), make.closure(office, reason="confirmed_case", first="2020-09-21")
    assert known(office).closures(office.id, DAYS[2]) == {flood.id: "flood", case.id: "confirmed_case"}


def test_many_offices_and_days_are_asked_for_in_one_question():
    offices = [make.office() for _ in range(6)]
    for each in offices:
        make.closure(each)
    chains = {each.id: (ZoneInfo(each.timezone), [each.id]) for each in offices}
    with counted() as asked:
        found = ClosedDays(chains, DAYS[0], DAYS[-1])
        assert all(found.closures(each.id, DAYS[1]) for each in offices)
    assert len(asked) == 1


def test_an_unknown_office_is_never_closed():
    assert ClosedDays({}, DAYS[0], DAYS[-1]).closures(999_999, DAYS[1]) == {}
