"""An office as search engines and assistants read it: JSON-LD in the words of schema.org, with what is special in the coming weeks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from portal.clock import midnight
from portal.offices.hours import Minutes, Timetable
from portal.offices.regions import approximate
from portal.offices.state import Node, Picture
from portal.offices.telling import Told
from portal.views.language import gettext, say

DAYS_AHEAD = 28
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEVER = ("00:00:00", "00:00:00")  # so search engines write a day without hours
_END = 1440


def json_ld(office: dict[str, Any], told: Told, picture: Picture, at: datetime, regions: dict[str, str]) -> dict[str, Any]:
    """A GovernmentOffice with its usual week and, day by day, what is not as usual in the next four weeks."""
    node = picture.nodes[office["id"]]
    address = url_for("offices.office", slug=office["slug"], _external=True)
    known = {
        "description": say(told.sentence), "telephone": office["phone"], "email": office["email"], "address": _address(office, regions),
        "geo": _geo(office), "parentOrganization": _parent(office), "openingHoursSpecification": _usual(node.timetable),
        "specialOpeningHoursSpecification": list(_special(picture, node, at))}  # fmt: skip
    return {"@context": "https://schema.org", "@type": "GovernmentOffice", "@id": url_for("offices.office", slug=office["slug"], _external=True, bahasa="id"),
            "name": office["name"], "url": address, **{name: value for name, value in known.items() if value}}  # fmt: skip


def _address(office: dict[str, Any], regions: dict[str, str]) -> dict[str, str]:
    """The postal address, as far as it is known."""
    code = office["region"] or ""
    parts = {"streetAddress": office["address"], "addressLocality": regions.get(code[:5], "") if len(code) >= 5 else "", "addressRegion": regions.get(code[:2])}
    known = {name: value for name, value in parts.items() if value}
    return {"@type": "PostalAddress", **known, "addressCountry": "ID"} if known else {}


def _geo(office: dict[str, Any]) -> dict[str, Any]:
    """Where it stands, if somebody has said so: whoever asks a map for the way is not sent to the middle of a kecamatan."""
    if office["lat"] is None or office["lon"] is None or approximate([office]):
        return {}
    return {"@type": "GeoCoordinates", "latitude": office["lat"], "longitude": office["lon"]}


def _parent(office: dict[str, Any]) -> dict[str, str]:
    if not office["parent"]:
        return {}
    return {"@type": "GovernmentOffice", "name": office["parent_name"], "url": url_for("offices.office", slug=office["parent"], _external=True)}


def _usual(timetable: Timetable) -> list[dict[str, Any]]:
    """The week: days with the same hours together."""
    alike: dict[tuple[int, int], list[str]] = {}
    for name, intervals in zip(DAYS, timetable.weekly.days, strict=True):
        for interval in intervals:
            alike.setdefault(interval, []).append(f"https://schema.org/{name}")
    return [{"@type": "OpeningHoursSpecification", "dayOfWeek": names, **_times(interval)} for interval, names in sorted(alike.items())]


def _special(picture: Picture, node: Node, at: datetime) -> Iterator[dict[str, Any]]:
    """Days on which the counter serves otherwise than in any week, those alike one after the other together; each with what makes it so."""
    runs: list[tuple[date, date, Minutes, str]] = []
    for day, intervals, why in _days(picture, node, at):
        if intervals == node.timetable.weekly.days[day.weekday()]:
            continue
        last = runs[-1] if runs else None
        if last and last[1] + timedelta(days=1) == day and last[2:] == (intervals, why):
            runs[-1] = (last[0], day, intervals, why)
        else:
            runs.append((day, day, intervals, why))
    for first, last_day, intervals, why in runs:
        dated = {"@type": "OpeningHoursSpecification", "validFrom": first.isoformat(), "validThrough": last_day.isoformat(), **({"name": why} if why else {})}
        yield from ({**dated, **_times(interval)} for interval in intervals or ((0, 0),))


def _days(picture: Picture, node: Node, at: datetime) -> Iterator[tuple[date, Minutes, str]]:
    """The days ahead: when the counter serves, in minutes of the day, and what makes the day special."""
    zone, first = node.timetable.zone, node.timetable.today(at)
    for day in (first + timedelta(days=offset) for offset in range(DAYS_AHEAD)):
        start, planned = midnight(day, zone), node.timetable.day(day)
        serving = picture.serving(node, start, midnight(day + timedelta(days=1), zone))
        intervals = tuple((_minute(since, start), _minute(until, start)) for since, until in serving)
        is_closure = intervals != planned.intervals
        yield day, intervals, gettext("Loket tutup") if is_closure else planned.why


def _minute(moment: datetime, start: datetime) -> int:
    return int((moment - start).total_seconds()) // 60


def _times(interval: tuple[int, int]) -> dict[str, str]:
    """An interval as times of day; a day's last minute stands for its end, which no time of day names."""
    opens, closes = ("00:00:00", "23:59:00") if interval == (0, _END) else _NEVER if interval == (0, 0) else (_time(interval[0]), _time(interval[1]))
    return {"opens": opens, "closes": closes}


def _time(minute: int) -> str:
    return "23:59:00" if minute >= _END else f"{minute // 60:02}:{minute % 60:02}:00"
