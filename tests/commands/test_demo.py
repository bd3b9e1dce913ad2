from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal import clock, db
from portal.commands.demo import make as make_demo
from portal.offices import board
from portal.offices.models import Closure, Office
from portal.offices.state import STATES
from tests import make

HALL = "kantor-wali-kota-jakarta-pusat"


def test_the_demo_shows_all_five_states_at_any_hour_of_its_day_and_the_next(demo):
    today = clock.now().astimezone(make.ZONE).replace(hour=0, minute=30, second=0, microsecond=0)
    for hour in range(48):
        counts = board.overview(today + timedelta(hours=hour)).counts
        assert [state for state in STATES if not counts[state]] == [], today + timedelta(hours=hour)


@pytest.mark.parametrize(
    "day", ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-12-25", "2027-01-01", "2024-02-29"]
)
def test_a_demo_made_on_any_day_shows_all_five_states_at_each_of_its_hours(ready, installation, at, day):
    with installation.app_context(), db.transaction():
        make_demo(at(f"{day}T09:00+07:00"))
    first = datetime.fromisoformat(f"{day}T00:10+07:00")
    for hour in range(24):
        counts = board.overview(first + timedelta(hours=hour)).counts
        assert [state for state in STATES if not counts[state]] == [], first + timedelta(hours=hour)


def test_no_closure_touches_the_hall_of_the_accounts_now_or_in_the_coming_week(demo):
    hall = Office.get(Office.slug == HALL)
    now = clock.now()
    picture = board.paint([hall.root_id], now, now + timedelta(days=7))
    assert all(not condition.closures for _, condition in picture.stretches(picture.nodes[hall.id], now, now + timedelta(days=7)))


def test_the_demo_made_twice_is_made_once(demo):
    made = (Office.select().count(), Closure.select().count(), board.version())
    assert demo("demo").exit_code == 0
    assert demo("demo", "--if-empty").exit_code == 0
    assert (Office.select().count(), Closure.select().count(), board.version()) == made


def test_a_reset_makes_the_demo_anew_with_the_same_offices(demo):
    before = {office.slug for office in Office.select()}
    Closure.update(note="alt").execute()
    assert demo("demo", "--reset").exit_code == 0
    assert {office.slug for office in Office.select()} == before
    assert not Closure.select().where(Closure.note == "alt").exists()


def test_the_demo_refuses_a_database_that_holds_other_data(ready):
    make.office("Kantor Sungguhan", slug="sungguhan")
    for words in (["demo"], ["demo", "--reset"]):
        said = ready(*words)
        assert said.exit_code == 1
        assert "holds other data" in said.output
    assert ready("demo", "--if-empty").exit_code == 0
    assert [office.slug for office in Office.select()] == ["sungguhan"]


def test_a_reset_spares_what_somebody_added_to_the_demo(demo):
    make.office("Kantor Sungguhan", slug="sungguhan")
    assert demo("demo", "--reset").exit_code == 1
    assert Office.select().where(Office.slug == "sungguhan").exists()


def test_the_demo_refuses_an_address_that_is_not_local(ready, installation):
    installation.config["SETTINGS"] = replace(installation.config["SETTINGS"], base_url="https://portal.example")
    said = ready("demo")
    assert said.exit_code == 1
    assert "portal.example" in said.output
    assert not Office.select().exists()
