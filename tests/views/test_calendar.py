from datetime import date, timedelta

from icalendar import Calendar

from portal.offices import closures
from tests import make

NOW = make.local("2020-09-22T08:59")


def events(client, office) -> dict[str, dict]:
    answer = client.get(f"/kantor/{office.slug}/kalender.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def only(client, office):
    found = events(client, office)
    assert len(found) == 1
    return next(iter(found.values()))


def test_whole_days_stand_as_dates_with_the_end_excluded(client, world):
    event = only(client, world.hall)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2020, 9, 20), date(2020, 9, 23))


def test_the_calendar_holds_past_and_coming_closures(client, world):
    assert {event.decoded("dtstart") for event in events(client, world.neighbour).values()} == {date(2020, 8, 24), date(2020, 9, 28)}


def test_days_of_an_eastern_office_are_its_own_days(client, world):
    event = only(client, world.jayapura)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2020, 9, 22), date(2020, 9, 24))


def test_an_open_end_lasts_until_the_day_of_review(client, world):
    assert only(client, world.village).decoded("dtend") == world.open_end.review_on + timedelta(days=1)


def test_each_act_raises_the_sequence_and_keeps_the_identifier(client, world):
    first = only(client, world.hall)
    closures.extend(world.main, world.main.ends_at + timedelta(days=1), reason="Belum aman.", by="kepala", now=NOW)
    second = only(client, world.hall)
    closures.withdraw(world.main, reason="Keliru.", by="kepala", now=NOW)
    third = only(client, world.hall)
    assert first["uid"] == second["uid"] == third["uid"]
    assert [int(event["sequence"]) for event in (first, second, third)] == [0, 1, 2]
    assert second.decoded("dtend") == date(2020, 9, 24)
    assert [str(event["status"]) for event in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_an_office_reopened_early_ends_its_event_at_that_moment(client, world):
    closures.reopen(world.eastern, reason="Aman.", by="kepala", now=NOW)
    assert only(client, world.jayapura).decoded("dtend") == NOW


def test_two_offices_of_one_act_share_the_event(client, world):
    both = make.closure(world.hall, world.neighbour, first="2020-10-05", days=1)
    shared = events(client, world.hall).keys() & events(client, world.neighbour).keys()
    assert {uid.partition("@")[0] for uid in shared} == {f"closure-{both.id}"}
