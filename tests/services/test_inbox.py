"""What waits on a desk, counted by group, by the calendar of each office."""

from datetime import datetime, timedelta

import pytest

from portal.audit import Actor
from portal.services import handling, inbox
from portal.services.inbox import Desk, Filter
from portal.services.models import ServiceRequest
from tests import make

NOW = make.local("2020-09-22T09:00")


@pytest.fixture
def place(database):
    make.region("31.71")
    make.region("91.71")
    return make.office(region="31.71")


def desk(*offices, now: datetime = NOW) -> Desk:
    return Desk({office.id for office in offices} if offices else None, 0, now)


def numbers(found) -> list[str]:
    return [row.number for row in found]


def test_a_deadline_passes_by_the_calendar_day_of_its_own_office(place):
    east = make.office(region="91.71", timezone="Asia/Jayapura")
    rows = [make.request(at=office, now=make.local("2020-09-21T09:00")) for office in (place, east)]
    ServiceRequest.update(due_on=NOW.date()).execute()
    late_evening = make.local("2020-09-22T22:30")  # already the 23rd in Jayapura
    assert inbox.counts(desk(now=late_evening), Filter())["overdue"] == 1
    assert numbers(inbox.rows(desk(now=late_evening), Filter(is_overdue=True))) == [rows[1].number]
    left = {row.number: row.days_left(late_evening) for row in inbox.rows(desk(now=late_evening), Filter())}
    assert left == {rows[0].number: 0, rows[1].number: -1}


def test_every_open_request_without_news_is_in_one_group_and_no_other(place):
    service = make.service(at=[place])
    at_work, asked, ready, absent = (make.request(service, place, now=NOW) for _ in range(4))
    by = {"by": Actor("Laras", 7), "now": NOW}
    handling.ask(asked, "Foto?", **by)
    handling.ready(ready, "Loket", **by)
    ServiceRequest.update(clock_from=None).where(ServiceRequest.id == absent.id).execute()
    held = {group: numbers(inbox.rows(desk(place), Filter(group))) for group in (inbox.TO_DO, inbox.ASKED, inbox.FETCHED, inbox.ABSENT)}
    assert held == {inbox.TO_DO: [at_work.number], inbox.ASKED: [asked.number], inbox.FETCHED: [ready.number], inbox.ABSENT: [absent.number]}
    counts = inbox.counts(desk(place), Filter())
    assert {group: counts[group] for group in held} == dict.fromkeys(held, 1)


def test_a_desk_without_offices_has_nothing_on_it(place):
    make.request(at=place, now=NOW)
    nobody = Desk(set(), 0, NOW)
    assert inbox.rows(nobody, Filter()) == []
    assert inbox.counts(nobody, Filter())[inbox.TO_DO] == 0
    assert inbox.waiting(nobody) == (0, 0, 0)
    assert inbox.choices(nobody).offices == {}


def test_what_waits_is_counted_late_and_for_today(place):
    for days in (-2, 0, 0, 5):
        row = make.request(at=place, now=NOW)
        ServiceRequest.update(due_on=NOW.date() + timedelta(days=days)).where(ServiceRequest.id == row.id).execute()
    assert inbox.waiting(desk(place)) == (4, 1, 2)


def test_wildcards_of_the_database_are_plain_letters_to_a_search(place):
    row = make.request(at=place, now=NOW, name="Budi 100%")
    make.request(at=place, now=NOW, name="Budi 1000")
    assert numbers(inbox.rows(desk(), Filter(text="100%"))) == [row.number]
    assert inbox.rows(desk(), Filter(text="_udi")) == []
