from datetime import date

import pytest

from portal.attendance import leave
from portal.attendance.models import Leave
from portal.audit import AuditEntry
from portal.people.models import Person
from portal.refusals import Refused
from tests import make
from tests.make import ACT
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")


def day(number: int) -> date:
    return date(2020, 9, number)


def away(person: Person, first: int, last: int, kind: str = "annual") -> Leave:
    return leave.enter(person, kind, day(first), day(last), **ACT)


def acts() -> list[str]:
    return [act for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.act.startswith("leave")).order_by(AuditEntry.id).tuples()]


@pytest.mark.parametrize(
    ("first", "last", "is_free"), [(8, 9, True), (8, 10, False), (10, 12, False), (11, 11, False), (9, 13, False), (12, 14, False), (13, 13, True)]
)
def test_days_of_absence_do_not_overlap_both_ends_included(first: int, last: int, is_free: bool):
    person = make.person()
    away(person, 10, 12)
    if is_free:
        away(person, first, last, "sick")
    else:
        with pytest.raises(Refused) as refused:
            away(person, first, last, "sick")
        assert refused.value.field == "first_day"
    assert Leave.select().count() == len(acts()) == 1 + is_free


def test_two_people_are_away_on_the_same_days():
    away(make.person(), 10, 12)
    away(make.person(), 10, 12)
    assert acts() == ["leave_entered", "leave_entered"]


def test_withdrawn_leave_makes_room_stays_on_record_and_is_withdrawn_once():
    person = make.person("Siti")
    entered = away(person, 10, 12)
    leave.withdraw(entered, **ACT)
    assert leave.overlapping(person, day(10), day(12)) == []
    assert Leave.get_by_id(entered.id).withdrawn_at == make.NOW
    with pytest.raises(Refused):
        leave.withdraw(entered, **ACT)
    away(person, 11, 13)
    assert acts() == ["leave_entered", "leave_withdrawn", "leave_entered"]
    entry = AuditEntry.get(AuditEntry.act == "leave_withdrawn")
    assert (entry.label, entry.before) == ("Siti", {"first_day": "2020-09-10", "last_day": "2020-09-12"})


@pytest.mark.parametrize(("kind", "first", "last", "field"), [("covid", 10, 12, "kind"), ("", 10, 12, "kind"), ("annual", 12, 10, "last_day")])
def test_what_cannot_be_is_refused_beside_its_field(kind: str, first: int, last: int, field: str):
    with pytest.raises(Refused) as refused:
        away(make.person(), first, last, kind)
    assert refused.value.field == field
    assert acts() == []


def test_neither_superiors_nor_the_trail_can_tell_illness_from_holiday():
    assert leave.SHOWN_TO_SUPERIORS["sick"] == leave.SHOWN_TO_SUPERIORS["annual"]
    assert leave.SHOWN_TO_SUPERIORS.keys() == leave.KINDS.keys()
    person = make.person()
    away(person, 1, 2, "sick")
    away(person, 3, 4, "annual")
    sick, annual = AuditEntry.select().where(AuditEntry.act == "leave_entered").order_by(AuditEntry.id)
    assert sick.after.keys() == annual.after.keys() == {"first_day", "last_day"}


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture
    def database(self, shared: None) -> None:
        return None

    def test_of_leave_entered_twice_at_once_one_is_kept(self):
        person = make.person()
        assert sorted(at_once(*[lambda: away(person, 10, 12)] * 3)) == ["done", "refused", "refused"]
        assert Leave.select().count() == 1


def test_reading_of_an_illness_is_an_act_and_of_other_leave_is_none():
    well, ill = make.person(), make.person()
    away(well, 1, 2)
    away(ill, 1, 2, kind="sick")
    assert [each.kind for person in (well, ill) for each in leave.read_of(person, **ACT)] == ["annual", "sick"]
    assert acts() == ["leave_entered", "leave_entered", "leave_read"]
