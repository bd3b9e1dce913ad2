from datetime import date

import pytest

from portal.offices import board, calendars
from portal.offices.calendars import Found
from portal.offices.models import Holiday, SpecialHours
from portal.refusals import Refused
from tests import make

pytestmark = pytest.mark.usefixtures("database")

FEAST, MOVED, NATION = date(2030, 2, 4), date(2030, 2, 5), date(2030, 8, 17)


def known() -> list[tuple[date, str, bool, bool]]:
    return list(Holiday.select(Holiday.day, Holiday.name, Holiday.is_estimated, Holiday.is_cancelled).order_by(Holiday.day, Holiday.id).tuples())


def test_an_update_adds_what_is_new_and_twice_changes_nothing():
    found = [Found(NATION, "Kemerdekaan"), Found(FEAST, "Idulfitri", is_estimated=True), Found(FEAST, "Cuti bersama", is_joint_leave=True)]
    assert not calendars.has_year(2030)
    assert calendars.add_national(found, **make.ACT) == 3
    version = board.version()
    assert calendars.add_national(found, **make.ACT) == 0
    assert board.version() == version
    assert calendars.has_year(2030)


def test_an_estimate_that_moved_goes_and_one_that_came_true_is_sure():
    calendars.add_national([Found(FEAST, "Idulfitri", is_estimated=True), Found(NATION, "Kemerdekaan", is_estimated=True)], **make.ACT)
    assert calendars.add_national([Found(MOVED, "Idulfitri"), Found(NATION, "Kemerdekaan")], **make.ACT) == 3
    assert known() == [(MOVED, "Idulfitri", False, False), (NATION, "Kemerdekaan", False, False)]


def test_an_update_keeps_what_was_cancelled_and_what_the_source_forgot():
    calendars.add_national([Found(FEAST, "Idulfitri", is_estimated=True), Found(NATION, "Kemerdekaan")], **make.ACT)
    calendars.cancel(Holiday.get(Holiday.day == FEAST), **make.ACT)
    calendars.add_national([Found(FEAST, "Idulfitri", is_estimated=True), Found(date(2030, 12, 25), "Natal")], **make.ACT)
    assert known() == [(FEAST, "Idulfitri", True, True), (NATION, "Kemerdekaan", False, False), (date(2030, 12, 25), "Natal", False, False)]
    calendars.add_national([Found(MOVED, "Idulfitri")], **make.ACT)
    assert (FEAST, "Idulfitri", True, True) in known()


def test_an_update_of_one_year_leaves_other_years_and_regional_days_alone():
    calendars.add_national([Found(date(2029, 8, 17), "Kemerdekaan", is_estimated=True)], **make.ACT)
    regional = calendars.add_regional(NATION, "Hari jadi", make.region("31"), **make.ACT)
    calendars.add_national([Found(FEAST, "Idulfitri")], **make.ACT)
    assert len(known()) == 3
    assert Holiday.get_by_id(regional.id)


def test_a_cancelled_holiday_is_a_day_as_any_other_until_it_is_restored():
    office = make.office()
    calendars.add_national([Found(date(2020, 9, 22), "Libur")], **make.ACT)
    at = make.local("2020-09-22T09:00")

    def state() -> str:
        picture = board.paint([office.id], at, at)
        return picture.condition(picture.nodes[office.id], at).state

    seen, holiday = [state()], Holiday.get()
    calendars.cancel(holiday, **make.ACT)
    seen.append(state())
    calendars.restore(holiday, **make.ACT)
    assert [*seen, state()] == ["off_hours", "open", "off_hours"]


def test_each_change_of_the_calendar_raises_the_version():
    office, region, versions = make.office(), make.region("31"), [board.version()]
    for act in (
        lambda: calendars.add_regional(FEAST, "Libur", region, **make.ACT),
        lambda: calendars.cancel(Holiday.get(), **make.ACT),
        lambda: calendars.restore(Holiday.get(), **make.ACT),
        lambda: calendars.set_special_hours(office, FEAST, FEAST, "", **make.ACT),
        lambda: calendars.add_national([Found(NATION, "Kemerdekaan")], **make.ACT),
    ):
        act()
        versions.append(board.version())
    assert versions == list(range(versions[0], versions[0] + 6))


def test_a_regional_holiday_is_kept_once_and_needs_a_name():
    region = make.region("31")
    calendars.add_regional(FEAST, "Hari jadi", region, **make.ACT)
    for day, name, field in ((FEAST, " Hari jadi ", "day"), (FEAST, " ", "name"), (FEAST, "x" * 201, "name"), (FEAST, "a\0", "name")):
        with pytest.raises(Refused) as caught:
            calendars.add_regional(day, name, region, **make.ACT)
        assert caught.value.field == field
    assert Holiday.select().count() == 1


def test_special_hours_that_cannot_be_meant_are_refused():
    office = make.office()
    for first, last, opening in ((MOVED, FEAST, ""), (FEAST, MOVED, "pagi"), (FEAST, MOVED, "16:00-08:00"), (FEAST, MOVED, "24/7")):
        with pytest.raises(Refused):
            calendars.set_special_hours(office, first, last, opening, **make.ACT)
    assert SpecialHours.select().count() == 0
