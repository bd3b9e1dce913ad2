"""What search engines read of an office has the shape that schema.org gives it, and says what people read."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import pytest

from portal.offices import calendars
from portal.views import structured
from tests import make
from tests.views.world import HALL

DAYS = {f"https://schema.org/{name}" for name in structured.DAYS}


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def address(value: Any) -> bool:
    return text(value) and bool(re.fullmatch(r"https?://\S+", value))


def clock_time(value: Any) -> bool:
    return bool(re.fullmatch(r"\d\d:\d\d:\d\d", value)) and time.fromisoformat(value) is not None


def day(value: Any) -> bool:
    return date.fromisoformat(value).isoformat() == value


def degrees(most: int) -> Any:
    return lambda value: isinstance(value, (int, float)) and -most <= value <= most


SHAPES: dict[str, dict[str, Any]] = {  # type: property -> a type of ours, several of one, or what its value must be
    "GovernmentOffice": {"@context": text, "@id": address, "name": text, "url": address, "description": text, "telephone": text,
                         "email": lambda value: "@" in value, "address": "PostalAddress", "geo": "GeoCoordinates",
                         "parentOrganization": "GovernmentOffice", "openingHoursSpecification": ["OpeningHoursSpecification"],
                         "specialOpeningHoursSpecification": ["OpeningHoursSpecification"]},
    "PostalAddress": {"streetAddress": text, "addressLocality": text, "addressRegion": text, "addressCountry": lambda value: value == "ID"},
    "GeoCoordinates": {"latitude": degrees(90), "longitude": degrees(180)},
    "OpeningHoursSpecification": {"dayOfWeek": DAYS.issuperset, "opens": clock_time, "closes": clock_time, "validFrom": day, "validThrough": day, "name": text},
}  # fmt: skip


def check(thing: dict[str, Any], kind: str) -> None:
    """The thing is of a type and has nothing that the type does not know, in the right form."""
    assert thing["@type"] == kind
    for name, value in thing.items():
        if name != "@type":
            wanted = SHAPES[kind][name]
            if isinstance(wanted, str):
                check(value, wanted)
            elif isinstance(wanted, list):
                assert value and isinstance(value, list)
                for each in value:
                    check(each, wanted[0])
            else:
                assert wanted(value), (name, value)


def data(client, slug: str = HALL, query: str = "") -> dict[str, Any]:
    page = client.get(f"/kantor/{slug}{query}").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) == 1
    read: dict[str, Any] = json.loads(found[0])
    return read


@pytest.mark.parametrize("query", ["", "?bahasa=en"])
def test_every_office_has_the_shape(client, world, query):
    for office in world.offices():
        found = data(client, office.slug, query)
        check(found, "GovernmentOffice")
        assert found["@context"] == "https://schema.org"
        assert found["name"] == office.name


def special(client, slug: str = HALL, query: str = "") -> list[tuple[str, str, str, str, str]]:
    names = ("validFrom", "validThrough", "opens", "closes", "name")
    return [tuple(each.get(name, "") for name in names) for each in data(client, slug, query).get("specialOpeningHoursSpecification", [])]


def test_the_usual_week_is_said_once_for_days_that_are_alike(client, world):
    usual = data(client)["openingHoursSpecification"]
    assert [(len(each["dayOfWeek"]), each["opens"], each["closes"]) for each in usual] == [(5, "08:00:00", "16:00:00")]
    always = data(client, world.station.slug)
    assert [(len(each["dayOfWeek"]), each["opens"], each["closes"]) for each in always["openingHoursSpecification"]] == [(7, "00:00:00", "23:59:00")]
    assert "specialOpeningHoursSpecification" not in always


def test_closures_holidays_special_days_and_shorter_hours_of_the_coming_weeks_are_special(client, world):
    assert special(client) == [("2020-09-22", "2020-09-22", "00:00:00", "00:00:00", "Loket tutup")]
    assert special(client, world.denpasar.slug) == [("2020-09-25", "2020-09-25", "00:00:00", "00:00:00", "Hari Jadi")]
    calendars.set_special_hours(world.station, date(2020, 9, 23), date(2020, 9, 24), "09:00-11:00,12:00-13:00", "Pindahan", **make.ACT)
    assert special(client, world.station.slug) == [
        ("2020-09-23", "2020-09-24", "09:00:00", "11:00:00", "Pindahan"), ("2020-09-23", "2020-09-24", "12:00:00", "13:00:00", "Pindahan")]  # fmt: skip
    make.reduced_hours(first=date(2020, 10, 5), last=date(2020, 10, 6))
    assert special(client, world.health.slug)[-1] == ("2020-10-05", "2020-10-06", "08:00:00", "13:30:00", "SE BKD")


def test_a_closure_that_takes_part_of_a_day_leaves_the_rest_of_it(client, world):
    from portal.offices import closures

    plan = closures.Plan([world.station], "power", make.local("2020-09-23T10:00"), make.local("2020-09-23T12:00"))
    closures.declare(plan, by="kepala", now=make.NOW)
    assert [each[2:4] for each in special(client, world.station.slug)] == [("00:00:00", "10:00:00"), ("12:00:00", "23:59:00")]


def test_nothing_is_said_beyond_four_weeks(client, world):
    make.closure(world.station, first="2020-09-30", days=200)
    last = date(2020, 9, 22) + timedelta(days=structured.DAYS_AHEAD - 1)
    assert special(client, world.station.slug) == [("2020-09-30", last.isoformat(), "00:00:00", "00:00:00", "Loket tutup")]


def test_it_speaks_the_language_of_its_page_and_names_the_same_office(client, world):
    indonesian, english = data(client), data(client, query="?bahasa=en")
    assert indonesian["description"] == "Tutup tatap muka sampai Selasa, 22 September 2020. Buka lagi Rabu, 23 September 2020 pukul 08.00 WIB."
    assert english["description"].startswith("Counter closed") and "22 September 2020" in english["description"]
    assert special(client, query="?bahasa=en")[0][-1] == "Counter closed"
    assert indonesian["@id"] == english["@id"]


def test_a_part_names_what_contains_it(client, world):
    assert data(client, world.floor.slug)["parentOrganization"]["url"] == f"http://localhost/kantor/{HALL}"


def test_of_another_moment_nothing_is_told_to_machines(client, world):
    assert "ld+json" not in client.get(f"/kantor/{HALL}?pada=2020-09-25T09:00").text


def test_a_name_cannot_end_the_data(client, world):
    office = make.office("Kantor </script><b>x")
    assert data(client, office.slug)["name"] == "Kantor </script><b>x"
