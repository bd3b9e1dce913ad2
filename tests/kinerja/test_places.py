"""Where a day is worked, as far as the portal knows."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.kinerja import places
from portal.kinerja.places import Proposal
from portal.offices import closures
from tests import make

SUNDAY = date(2020, 9, 20)


def nodes(office):
    return (office.id, *([office.parent_id] if office.parent_id else []))


def proposed(office, day=SUNDAY, *, is_on_duty=False):
    return places.proposed(nodes(office), day, ZoneInfo(office.timezone), is_on_duty=is_on_duty)


@pytest.mark.parametrize(("day", "place"), [(19, "wfo"), (20, "wfh"), (22, "wfh"), (23, "wfo")])
def test_a_day_within_a_closure_is_worked_at_home_both_ends_included(database, day, place):
    office = make.office()
    make.closure(office, reason="flood")
    assert proposed(office, date(2020, 9, day)) == Proposal(place, "flood" if place == "wfh" else "")


def test_field_duty_comes_before_a_closure(database):
    office = make.office()
    make.closure(office)
    assert proposed(office, is_on_duty=True) == Proposal("field")


def test_a_part_closes_with_the_whole_unless_it_is_excepted_and_a_closed_part_closes_nothing_above(database):
    whole = make.office()
    closed, kept = make.unit(whole), make.unit(whole)
    make.closure(whole, excepted=[kept])
    assert [proposed(each).place for each in (whole, closed, kept)] == ["wfh", "wfh", "wfo"]
    other = make.office()
    make.closure(make.unit(other))
    assert proposed(other).place == "wfo"


def test_a_closure_that_was_withdrawn_is_none(database):
    office = make.office()
    closures.withdraw(make.closure(office), reason="Keliru.", by="kepala", now=make.NOW)
    assert proposed(office).place == "wfo"


def test_an_open_end_lasts(database):
    office = make.office()
    make.closure(office, days=None)
    assert proposed(office, SUNDAY + timedelta(days=100)).place == "wfh"
