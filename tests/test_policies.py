from datetime import date

import pytest

from portal import policies
from portal.policies import REDUCED_HOURS, Policy, holding, of_kind
from tests import make

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2020, 9, 22)


def names(offices: list[int], regions: list[str], day: date | None = DAY) -> list[str]:
    return [rule.value["hours"] for rule in holding(of_kind(REDUCED_HOURS), office_ids=offices, region_codes=regions, day=day)]


def test_the_nearest_scope_comes_first_the_unit_before_the_office_before_its_regions_before_everywhere():
    for text, scope in (
        ("05:00-06:00", {}),
        ("04:00-05:00", {"region_code": "31"}),
        ("03:00-04:00", {"region_code": "31.71"}),
        ("02:00-03:00", {"office_id": 8}),
        ("01:00-02:00", {"office_id": 9}),
        ("09:00-10:00", {"region_code": "32"}),
        ("09:00-10:00", {"office_id": 7}),
    ):
        make.reduced_hours(text, **scope)
    assert names([9, 8], ["31.71", "31"]) == [f"0{hour}:00-0{hour + 1}:00" for hour in range(1, 6)]
    assert names([], []) == ["05:00-06:00"]


def test_a_rule_holds_on_its_days_both_included():
    make.reduced_hours("01:00-02:00", first=DAY, last=DAY)
    make.reduced_hours("02:00-03:00", first=date(2020, 9, 23), last=None)
    assert [names([], [], date(2020, 9, day)) for day in (21, 22, 23)] == [[], ["01:00-02:00"], ["02:00-03:00"]]
    assert names([], [], date(2099, 1, 1)) == ["02:00-03:00"]
    assert len(names([], [], None)) == 2


def test_of_rules_with_one_scope_the_latest_comes_first():
    make.reduced_hours("01:00-02:00", first=date(2020, 9, 1), last=None)
    make.reduced_hours("02:00-03:00", first=date(2020, 9, 10), last=None)
    assert names([], [])[0] == "02:00-03:00"


def test_the_same_rule_set_twice_is_kept_once_and_another_value_is_another_rule():
    first = make.reduced_hours()
    assert make.reduced_hours() == first
    make.reduced_hours("09:00-12:00")
    assert Policy.select().count() == 2
    assert len(of_kind(policies.CLOSURE_MINIMUM)) == 0
