from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.offices import hours
from portal.offices.hours import Reduction, Special, Timetable, parse, parse_times
from portal.refusals import Refused
from tests.offices import slowly

MORNING, DAY = ((480, 720),), ((480, 960),)
TUESDAY = date(2020, 9, 22)


@pytest.mark.parametrize(("text", "opened"), [
    ("Mo-Fr 08:00-16:00", [DAY] * 5 + [()] * 3),
    ("Mo-Th 08:00-12:00; Fr 08:00-16:00", [MORNING] * 4 + [DAY] + [()] * 3),
    ("Mo 08:00-12:00,12:30-16:00", [((480, 720), (750, 960))] + [()] * 7),
    ("Mo 13:00-16:00,08:00-12:00", [((480, 720), (780, 960))] + [()] * 7),
    ("Mo,We,Fr 08:00-12:00", [MORNING, (), MORNING, (), MORNING, (), (), ()]),
    ("Mo-Tu,Fr 08:00-12:00", [MORNING, MORNING, (), (), MORNING, (), (), ()]),
    ("Sa-Mo 08:00-12:00", [MORNING, (), (), (), (), MORNING, MORNING, ()]),
    ("Fr-Th 08:00-12:00", [MORNING] * 7 + [()]),
    ("Mo-Su 08:00-16:00; We off", [DAY, DAY, (), DAY, DAY, DAY, DAY, ()]),
    ("Mo-Fr 08:00-16:00; PH 08:00-12:00", [DAY] * 5 + [(), (), MORNING]),
    ("Mo-Fr 08:00-16:00; PH off", [DAY] * 5 + [()] * 3),
    ("Mo-Su,PH 00:00-24:00", [((0, 1440),)] * 8),
    ("24/7", [((0, 1440),)] * 8),
    ("  Mo 08:00-12:00 ;; ", [MORNING] + [()] * 7),
])  # fmt: skip
def test_hours_are_read_as_the_map_writes_them(text: str, opened: list):
    weekly = parse(text)
    assert [*weekly.days, weekly.holiday] == opened


@pytest.mark.parametrize("text", [
    "", " ", ";", "08:00-16:00", "Mo-Fr", "Senin 08:00-16:00", "Mo-Xx 08:00-16:00", "Mo- 08:00-12:00", "PH-Mo 08:00-12:00", "Mo 8:00-16:00", "Mo 08.00-16.00",
    "Mo 08:00-25:00", "Mo 24:00-24:00", "Mo 08:00-24:30", "Mo 16:00-08:00", "Mo 08:00-08:00", "Mo 08:00-12:00,11:00-16:00", "Mo 08:00+", "Mo sunrise-sunset",
    "Mo 08:00-16:00 || Tu", "Mo 0٨:00-16:00", "Mo 08:00-16:00\0", "week 1-10 Mo 08:00-12:00",
])  # fmt: skip
def test_hours_that_cannot_be_meant_are_refused_with_the_text_itself(text: str):
    with pytest.raises(Refused) as caught:
        parse(text)
    told = dict(caught.value.sentence.facts)["text"]
    assert told == "''" or told in text


@given(st.text(alphabet="MoTuWeThFrSaPH01248:-,; off/7", max_size=40))
def test_any_text_is_either_hours_or_refused(text: str):
    try:
        weekly = parse(text)
    except Refused:
        return
    assert all(0 <= start < end <= 1440 for day in (*weekly.days, weekly.holiday) for start, end in day)


@given(st.lists(slowly.intervals, min_size=8, max_size=8))
def test_hours_written_and_read_again_are_the_same(week: list):
    weekly = parse("; ".join(f"{day} {slowly.times(times)}" for day, times in zip((*hours.DAYS, "PH"), week, strict=True)))
    assert [*weekly.days, weekly.holiday] == [tuple(each) for each in week]


def timetable(zone: str = "Asia/Jakarta", **dated) -> Timetable:
    return Timetable(parse("Mo-Fr 08:00-16:00; PH 09:00-10:00"), ZoneInfo(zone), **dated)


def test_special_hours_come_before_a_holiday_the_week_and_a_policy():
    special = Special(TUESDAY, TUESDAY, parse_times("06:00-22:00"), "Pelayanan malam")
    cut = Reduction(TUESDAY, None, parse_times("08:00-13:30"), "SE")
    day = timetable(holidays={TUESDAY: "Libur"}, specials=(special,), reductions=(cut,)).day(TUESDAY)
    assert (day.intervals, day.is_reduced, day.why) == (((360, 1320),), False, "Pelayanan malam")


def test_the_first_special_hours_that_hold_decide():
    first, second = (Special(TUESDAY, TUESDAY, parse_times(text), "") for text in ("", "06:00-22:00"))
    assert timetable(specials=(first, second)).day(TUESDAY).intervals == ()
    assert timetable(specials=(second, first)).day(TUESDAY).intervals == ((360, 1320),)


def test_a_holiday_has_its_own_hours_and_its_name():
    day = timetable(holidays={TUESDAY: "Libur daerah"}).day(TUESDAY)
    assert (day.intervals, day.why) == (((540, 600),), "Libur daerah")


def test_a_policy_cuts_what_lies_outside_and_says_on_what_basis():
    cut = Reduction(TUESDAY, TUESDAY, parse_times("08:00-13:30"), "SE BKD")
    table = timetable(reductions=(cut,))
    assert (table.day(TUESDAY).intervals, table.day(TUESDAY).is_reduced, table.day(TUESDAY).why) == (((480, 810),), True, "SE BKD")
    assert not table.day(TUESDAY + timedelta(days=1)).is_reduced
    assert table.day(TUESDAY + timedelta(days=1)).intervals == DAY


def test_a_policy_never_opens_an_office_and_the_nearest_one_decides():
    wide, narrow = (Reduction(TUESDAY, None, parse_times(text), "SE") for text in ("00:00-24:00", "08:00-13:30"))
    assert timetable(reductions=(wide, narrow)).day(TUESDAY).intervals == DAY
    assert not timetable(reductions=(wide, narrow)).day(TUESDAY).is_reduced
    assert timetable(reductions=(narrow,)).day(date(2020, 9, 26)).intervals == ()


def test_a_policy_that_leaves_nothing_closes_the_day_without_calling_it_reduced():
    day = timetable(reductions=(Reduction(TUESDAY, None, parse_times("17:00-18:00"), "SE"),)).day(TUESDAY)
    assert (day.intervals, day.is_reduced) == ((), False)


@pytest.mark.parametrize(("zone", "utc"), [("Asia/Jakarta", "01:00"), ("Asia/Makassar", "00:00"), ("Asia/Jayapura", "23:00")])
def test_the_same_hours_are_other_moments_in_each_zone(zone: str, utc: str):
    full, reduced = timetable(zone).spans(TUESDAY)
    assert [start.strftime("%H:%M") for start, _ in full] == [utc]
    assert reduced == []


def test_a_day_that_ends_at_24_00_ends_when_the_next_begins():
    zone = ZoneInfo("Asia/Jayapura")
    spans, _ = Timetable(parse("24/7"), zone).spans(date(2020, 12, 31))
    assert spans == [(datetime(2020, 12, 31, tzinfo=zone), datetime(2021, 1, 1, tzinfo=zone))]


def test_the_local_day_of_a_moment_is_the_zones():
    moment = datetime(2020, 12, 31, 22, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert [timetable(zone).today(moment) for zone in ("Asia/Jakarta", "Asia/Jayapura")] == [date(2020, 12, 31), date(2021, 1, 1)]


def test_intervals_in_both_are_what_is_left():
    assert hours.common(((480, 720), (780, 960)), ((600, 810),)) == ((600, 720), (780, 810))
    assert hours.common(DAY, ((960, 1000),)) == ()


def test_hours_are_said_as_people_write_them():
    assert hours.text_of(((480, 690), (780, 1440))) == "08.00–11.30, 13.00–24.00"
