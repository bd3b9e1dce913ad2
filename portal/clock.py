"""The one place that reads the time, and the names of Indonesia's zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NAMES = {7: "WIB", 8: "WITA", 9: "WIT"}
_BY_PROVINCE = {
    "Asia/Makassar": {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"},
    "Asia/Jayapura": {"81", "82", "91", "92", "93", "94", "95", "96"},
}


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def zone_of_province(region_code: str) -> str:
    """The IANA name of the zone in which a region's province lies."""
    return next((zone for zone, provinces in _BY_PROVINCE.items() if region_code[:2] in provinces), "Asia/Jakarta")


def zone_name(moment: datetime) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own abbreviation."""
    offset = moment.utcoffset()
    name = moment.tzname() or ""
    hours, rest = divmod(offset, timedelta(hours=1)) if offset is not None else (0, timedelta())
    return name if rest else _NAMES.get(hours, name)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment a number of minutes after the start of a day (1440 is the next day's start), in UTC."""
    days, rest = divmod(minute, 1440)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone).astimezone(UTC)
