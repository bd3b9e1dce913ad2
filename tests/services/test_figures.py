"""What the public reads of how services run: right, whole, and about nobody."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services import figures
from portal.services.models import ServiceRequest
from tests import make

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = make.local("2020-09-29T10:00")


@pytest.fixture
def office(database):
    return make.office()


def ended(service, office, days, *, count=5, start="2020-09-14T09:00", state="done", channel="online"):
    """Requests that were settled so many calendar days after a Monday."""
    for _ in range(count):
        row = make.request(service, office, now=make.local(start))
        closed = make.local(start).replace(day=int(start[8:10]) + days)
        ServiceRequest.update(state=state, closed_at=closed, channel=channel).where(ServiceRequest.id == row.id).execute()


def read(now=NOW, **scope):
    return figures.of(**scope, now=now, zone=JAKARTA)


def test_the_median_counts_working_days_of_the_office_without_weekends_and_closures(office):
    service = make.service(at=[office], working_days=5)
    make.closure(office, first="2020-09-16", days=1)
    ended(service, office, 7)  # Monday to Monday: five working days, of which a closure took one
    assert read().run == figures.Run(5, 5, 4.0, 100)


def test_a_median_lies_between_the_two_in_the_middle_and_late_ones_are_no_share_of_those_on_time(office):
    service = make.service(at=[office], working_days=2)
    ended(service, office, 1, count=3)
    ended(service, office, 4, count=3)
    assert read().run == figures.Run(6, 6, 2.5, 50)


def test_what_citizens_took_back_and_the_running_day_count_for_nothing(office):
    service = make.service(at=[office])
    ended(service, office, 1, count=5, state="cancelled")
    ended(service, office, 0, count=6, start="2020-09-29T08:00")
    assert read().run == figures.Run(5, 0, None, None)


@pytest.mark.parametrize(("zone", "month"), [("Asia/Jayapura", date(2020, 9, 1)), ("Asia/Jakarta", date(2020, 8, 1))])
def test_a_month_is_that_of_the_office(database, zone, month):
    at = make.office(timezone=zone)
    for _ in range(6):
        make.request(make.service(at=[at]), at, now=make.local("2020-08-31T23:30"))  # of Jakarta: half past one in Jayapura
    assert {each: count for each, count in read().months if count} == {month: 6}
    assert len(read().months) == 12


def test_fewer_than_five_are_not_told_and_cannot_be_had_by_subtraction(office):
    one, other = make.service("A", at=[office]), make.service("B", at=[office])
    ended(one, office, 1, count=3)
    ended(other, office, 1, count=9)
    found = read()
    assert found.run.requests == 12
    assert [line.run for line in found.lines if line.service[1] == "A"] == [figures.Run(None, None, None, None)]
    assert [line.run.requests for line in found.lines] == [None, figures.HELD]  # nine would tell the three
    assert read(service=one).run == figures.Run(None, None, None, None)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12)))
def test_what_is_hidden_is_at_least_five_people_and_two_numbers_wherever_there_are_as_many(counts):
    shown = figures.veiled(counts)
    hidden = [counts[key] for key in counts if shown[key] in (None, figures.HELD)]
    assert all(count in (None, figures.HELD, counts[key]) for key, count in shown.items())
    assert all((count is None) is (0 < counts[key] < 5) for key, count in shown.items())
    assert bool(hidden) is any(0 < count < 5 for count in counts.values())
    if hidden and any(count and count > 0 for count in shown.values()):
        assert len(hidden) > 1
        assert sum(hidden) >= 5


def test_a_filter_takes_the_office_or_the_service_alone(office):
    other, service = make.office(), make.service(at=[office])
    ended(service, office, 1)
    ended(make.service(at=[other]), other, 1, count=6)
    assert read(office_ids=[office.id]).run.requests == 5
    assert read(service=service).run.requests == 5
    assert [line.office[0] for line in read().lines] == [other.slug, office.slug]


def test_no_request_at_all_is_nought_and_not_few(office):
    assert read().run == figures.Run(0, 0, None, None)
    assert read().lines == []
