from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal import clock

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"), ("Europe/Paris", "CEST"), ("Asia/Kathmandu", "+0545"), ("UTC", "UTC")],
)
def test_a_zone_has_the_name_that_people_use(zone: str, name: str):
    assert clock.zone_name(datetime(2020, 9, 22, 9, tzinfo=ZoneInfo(zone))) == name


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("31.71", "Asia/Jakarta"),
        ("64.72.01", "Asia/Makassar"),
        ("73", "Asia/Makassar"),
        ("61", "Asia/Jakarta"),
        ("91.03", "Asia/Jayapura"),
        ("82", "Asia/Jayapura"),
        ("96.71", "Asia/Jayapura"),
        ("", "Asia/Jakarta"),
    ],
)
def test_a_province_lies_in_its_zone(code: str, zone: str):
    assert clock.zone_of_province(code) == zone


def test_a_day_begins_at_another_moment_in_each_zone():
    assert clock.midnight(date(2021, 1, 1), JAKARTA) == datetime(2020, 12, 31, 17, tzinfo=UTC)
    assert clock.midnight(date(2021, 1, 1), JAYAPURA) == datetime(2020, 12, 31, 15, tzinfo=UTC)


def test_minute_1440_is_the_start_of_the_next_day():
    assert clock.at_minute(date(2020, 12, 31), 1440, JAKARTA) == clock.midnight(date(2021, 1, 1), JAKARTA)
    assert clock.at_minute(date(2020, 12, 31), 510, JAKARTA) == datetime(2020, 12, 31, 8, 30, tzinfo=JAKARTA)


def test_now_is_in_utc(at):
    at("2020-09-22T09:00+07:00")
    assert clock.now() == datetime(2020, 9, 22, 2, tzinfo=UTC)
