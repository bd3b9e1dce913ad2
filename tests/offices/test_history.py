"""How many days of service closures took, and why."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.offices import board, calendars, closures, history, listing
from portal.offices.models import Office
from portal.offices.state import REMOTE, SUSPENDED
from tests import make

pytestmark = pytest.mark.usefixtures("database")
FIRST, LAST = date(2020, 9, 1), date(2020, 10, 31)


def row(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = listing.rows_of(Office.id == office.id).dicts().first()
    return found


def of(office: Office) -> list[tuple[int, dict[str, int]]]:
    return [(month.served, month.closed) for month in history.of_office(row(office), FIRST, LAST)]


def of_region(code: str = "31") -> list[tuple[int, dict[str, int]]]:
    return [(month.served, month.closed) for month in history.of_region(code, FIRST, LAST)]


def test_days_count_where_the_hours_would_have_opened_the_counter():
    office = make.office()
    make.closure(office)  # Sunday 20 to Tuesday 22 September
    assert of(office) == [(22, {"flood": 2}), (22, {})]


def test_a_day_on_which_closures_overlap_counts_once_for_the_one_that_began_first():
    office = make.office()
    make.closure(office, first="2020-09-22", days=3, reason="power")
    make.closure(office, first="2020-09-21", days=2, reason="fire")
    assert of(office)[0] == (22, {"fire": 2, "power": 2})


def test_a_closure_over_two_months_counts_in_both():
    office = make.office()
    make.closure(office, first="2020-09-29", days=4)
    assert [closed for _, closed in of(office)] == [{"flood": 2}, {"flood": 2}]


def test_holidays_and_special_hours_are_no_days_of_service():
    region = make.region("31")
    office = make.office(region="31")
    calendars.add_regional(date(2020, 9, 21), "Hari jadi", region, **make.ACT)
    calendars.set_special_hours(office, date(2020, 9, 23), date(2020, 9, 23), "", **make.ACT)
    make.closure(office, days=5)  # until Thursday 24
    assert of(office)[0] == (20, {"flood": 2})
    assert of_region()[0] == (20, {"flood": 2})


def test_a_closure_outside_the_hours_takes_nothing_and_one_within_them_takes_the_day():
    office, other = make.office(), make.office()
    for each, starts in ((office, "2020-09-21T17:00"), (other, "2020-09-21T13:00")):
        plan = closures.Plan([each], "flood", make.local(starts), make.local("2020-09-21T20:00"))
        closures.declare(plan, by="kepala", now=make.NOW)
    assert of(office)[0][1] == {}
    assert of(other)[0][1] == {"flood": 1}


def test_part_closures_single_services_and_withdrawn_ones_shut_no_counter():
    office = make.office(region=make.region("31").code)
    unit = make.unit(office, region="31")
    make.closure(unit)
    make.closure(office, excepted=[unit], first="2020-09-28")
    make.closure(office, services=("ktp",), first="2020-09-07")
    closures.withdraw(make.closure(office, first="2020-09-23"), reason="Keliru.", by="kepala", now=make.NOW)
    assert of(office)[0][1] == of_region()[0][1] == {}
    assert of(unit)[0][1] == {"flood": 2}


def test_a_part_that_stays_open_until_another_closure_takes_it_keeps_the_office_open_as_long():
    office = make.office(region=make.region("31").code)
    unit = make.unit(office, region="31")
    make.closure(office, excepted=[unit], first="2020-09-21", days=4)
    make.closure(unit, first="2020-09-23", days=2, reason="power")
    assert of(office)[0][1] == of_region()[0][1] == {"flood": 2}


def test_a_region_adds_up_its_offices_and_leaves_out_their_parts_and_others():
    for code in ("31", "31.71", "32"):
        make.region(code)
    some = [make.office(region=code) for code in ("31.71", "31.71", "31", "32")]
    make.unit(some[0], region="31.71")
    make.closure(*some[:2], some[3])
    make.closure(some[2], first="2020-09-21", days=1, reason="fire")
    make.office(region="31", opening="24/7")
    assert of_region()[0] == (22 * 3 + 30, {"flood": 4, "fire": 1})
    assert of_region("31.71")[0] == (44, {"flood": 4})


def test_the_first_closure_of_an_office_is_its_own_or_of_what_contains_it():
    make.region("31")
    office = make.office(region="31")
    unit, other = make.unit(office, region="31"), make.office(region="31")
    make.closure(office)
    make.closure(other, first="2020-09-25")
    assert history.began(row(unit)) == history.began(region="31") == date(2020, 9, 20)
    assert history.began(row(other)) == date(2020, 9, 25)
    assert history.began(region="32") is None


def test_the_reason_with_the_most_days_stands_first():
    months = [history.Month(FIRST, 20, {"fire": 1, "flood": 2}), history.Month(LAST, 20, {"fire": 3})]
    assert history.by_reason(months) == [("fire", [1, 3]), ("flood", [2, 0])]


@st.composite
def acts(draw: Any) -> list[tuple[int, int, int, str]]:
    """Closures as (offices by bits, first day of September, days, reason)."""
    one = st.tuples(st.integers(1, 7), st.integers(1, 28), st.integers(1, 6), st.sampled_from(["flood", "fire", "power"]))
    found: list[tuple[int, int, int, str]] = draw(st.lists(one, min_size=1, max_size=5))
    return found


@settings(max_examples=25)
@given(acts())
def test_a_region_counts_what_one_would_by_asking_for_every_hour_of_every_office(found):
    from portal.db import database

    with database.atomic() as undone:
        make.region("31")
        offices = [make.office(region="31"), make.office(region="31"), make.office(region="31", opening="Mo-Sa 08:00-12:00")]
        for bits, first, days, reason in found:
            make.closure(*[office for place, office in enumerate(offices) if bits >> place & 1], first=f"2020-09-{first:02}", days=days, reason=reason)
        assert of_region() == _slowly(offices)
        undone.rollback()


def _slowly(offices: list[Office]) -> list[tuple[int, dict[str, int]]]:
    """Hour by hour."""
    start, end = make.local(f"{FIRST}T00:00"), make.local(f"{LAST + timedelta(days=1)}T00:00")
    picture = board.paint([office.id for office in offices], start, end)
    served: Counter[date] = Counter()
    closed: dict[date, Counter[str]] = {FIRST: Counter(), date(2020, 10, 1): Counter()}
    reasons = {closure.id: closure.reason for closure in closures.Closure.select()}
    for office in offices:
        node = picture.nodes[office.id]
        for day in (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)):
            hours = [start + timedelta(days=(day - FIRST).days, hours=hour) for hour in range(24)]
            open_hours = [hour for hour in hours if any(begins <= hour < ends for begins, ends in node.timetable.spans(day)[0])]
            month = day.replace(day=1)
            served[month] += bool(open_hours)
            shut = [condition for hour in open_hours if (condition := picture.condition(node, hour)).state in {REMOTE, SUSPENDED}]
            if shut:
                closed[month][reasons[shut[0].closures[0]]] += 1
    return [(served[month], dict(counts)) for month, counts in closed.items()]
