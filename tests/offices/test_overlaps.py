"""Closures of the same offices in the same days are found, wherever in the tree they were declared."""

import pytest

from portal.offices import closures, overlaps
from portal.offices.models import Closure, ClosureEvent
from tests import make
from tests.house.test_queries import counted

pytestmark = pytest.mark.usefixtures("database")


class Complex:
    """A complex with two floors, one of them with a counter, and an office beside it."""

    def __init__(self) -> None:
        self.top, self.beside = make.office("Balai"), make.office("Dinas")
        self.first, self.second = make.unit(self.top, "Balai: Lantai 1"), make.unit(self.top, "Balai: Lantai 2")
        self.counter = make.unit(self.first, "Balai: Loket")


def overlapping(*offices, **facts) -> list[Closure]:
    return overlaps.overlapping(make.plan(*offices, **{"first": "2020-09-22", "days": 2, **facts}))


@pytest.mark.parametrize(("declared", "planned"), [("top", "top"), ("top", "counter"), ("counter", "top"), ("first", "counter"), ("counter", "first")])
def test_a_closure_of_the_same_node_or_of_one_above_or_below_overlaps(declared: str, planned: str) -> None:
    held = Complex()
    closure = make.closure(getattr(held, declared))
    assert overlapping(getattr(held, planned)) == [closure]


@pytest.mark.parametrize(("declared", "planned"), [("first", "second"), ("counter", "second"), ("beside", "top"), ("top", "beside")])
def test_a_closure_of_another_part_or_of_another_office_does_not(declared: str, planned: str) -> None:
    held = Complex()
    make.closure(getattr(held, declared))
    assert overlapping(getattr(held, planned)) == []


def test_what_one_of_them_leaves_open_is_no_common_place() -> None:
    held = Complex()
    make.closure(held.top, excepted=[held.second])
    assert overlapping(held.second) == []
    make.closure(held.second, first="2020-09-22")
    assert len(overlapping(held.top, excepted=[held.first, held.second])) == 1


@pytest.mark.parametrize(("first", "days", "is_found"), [("2020-09-20", 2, False), ("2020-09-20", 3, True), ("2020-09-23", 1, True), ("2020-09-24", 1, False),
                                                         ("2020-09-01", None, True), ("2020-09-24", None, False)])  # fmt: skip
def test_only_days_that_both_take_count(first: str, days: int | None, is_found: bool) -> None:
    held = Complex()
    closure = make.closure(held.top, first=first, days=days)
    assert overlapping(held.top) == ([closure] if is_found else [])


def test_a_plan_without_an_end_meets_all_that_is_still_to_come() -> None:
    held = Complex()
    closure = make.closure(held.top, first="2020-12-01")
    assert overlapping(held.top, days=None) == [closure]


def test_one_that_was_withdrawn_is_no_closure_any_more() -> None:
    held = Complex()
    closures.withdraw(make.closure(held.top), reason="Keliru.", by="kepala", now=make.NOW)
    assert overlapping(held.top) == []


def test_of_each_closure_the_last_act_is_known() -> None:
    held = Complex()
    one, other = make.closure(held.top), make.closure(held.beside)
    closures.extend(one, make.local("2020-09-30"), reason="Belum aman.", by="kepala", now=make.NOW)
    last = {row.closure_id: row.id for row in ClosureEvent.select().order_by(ClosureEvent.id)}
    assert overlaps.latest_acts([one, other]) == set(last.values())
    assert overlaps.latest_acts([]) == set()


def test_many_offices_and_closures_are_looked_at_in_as_many_questions_as_few() -> None:
    counts = []
    for size in (2, 20):
        offices = [make.office() for _ in range(size)]
        for office in offices:
            make.closure(office)
        with counted() as asked:
            assert len(overlapping(*offices)) == size
        counts.append(len(asked))
    assert counts[0] == counts[1]
