import os
import stat
import subprocess
import sys
from datetime import date

import pytest

from portal import db, policies
from portal.offices.models import Holiday
from portal.policies import Policy
from tests import make


def test_init_makes_key_tables_and_holidays_and_again_changes_nothing(flask, installation):
    first = flask("init")
    assert first.exit_code == 0, first.output
    key = installation.config["SETTINGS"].instance / "secret.key"
    made = (key.read_text(), Holiday.select().count(), Policy.select().count())
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert db.pending_migrations() == []
    assert made[1] > 100
    again = flask("init")
    assert again.exit_code == 0
    assert "applied" not in again.output
    assert (key.read_text(), Holiday.select().count(), Policy.select().count()) == made


def test_init_loads_no_rule_that_cuts_hours_or_caps(ready):
    assert {rule.kind for rule in Policy.select()} == {policies.CLOSURE_REVIEW, policies.NEWS_RETENTION, *policies.OF_WORK, *policies.OF_SERVICES} - {
        policies.CAPACITY_CAP
    }


def test_the_usual_rules_of_work_stay_away_where_an_administrator_has_ended_them(ready, flask):
    policies.end(policies.of_kind(policies.LOG_DEADLINE)[0], date(2020, 1, 2), by="admin", now=make.NOW)
    assert flask("init").exit_code == 0
    assert [rule.last_day for rule in policies.of_kind(policies.LOG_DEADLINE)] == [date(2020, 1, 2)]


def test_a_database_that_cannot_be_opened_stops_the_start_with_one_line_without_the_password(tmp_path):
    for url in (f"sqlite:///{tmp_path}/none/portal.db", "postgresql://portal:rahasia@127.0.0.1:1/portal"):
        environment = {**os.environ, "PORTAL_INSTANCE": str(tmp_path), "PORTAL_DATABASE_URL": url}
        ran = subprocess.run([sys.executable, "-m", "flask", "init"], env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 1
        assert ran.stderr.startswith("Error: The database ")
        assert ran.stderr.strip().count("\n") == 0
        assert "rahasia" not in ran.stderr


def test_holidays_have_the_names_that_people_know_and_estimates_are_marked(ready):
    assert Holiday.get(Holiday.day == date(2020, 12, 31)).name == "Pengganti Cuti Bersama Hari Raya Idul Fitri"
    assert not Holiday.select().where(Holiday.name.contains("perkira")).exists()
    assert Holiday.select().where(Holiday.is_estimated).order_by(Holiday.day).get().day.year >= 2027


def test_holidays_of_a_year_are_loaded_once_and_a_year_too_far_is_refused(ready):
    assert ready("holidays", "update", "2024").output.startswith("0 holidays")
    assert ready("holidays", "update", "2101").exit_code == 2
    assert ready("holidays", "update", "1900").exit_code == 2


@pytest.mark.parametrize("words", [("settings",), ("init", "--help"), ("regions", "--help"), ("offices", "import", "--help")])
def test_a_command_explains_itself(flask, words):
    assert flask(*words).exit_code == 0


def test_deliver_once_lets_the_portal_say_it_is_ready_and_silence_takes_it_back(ready, installation, at):
    client = installation.test_client()
    at("2020-09-22T09:00+07:00")
    assert client.get("/siap").status_code == 503
    assert ready("deliver", "--once").exit_code == 0
    assert client.get("/siap").get_json() == {"status": "ok", "reasons": []}
    at("2020-09-22T09:02+07:00")
    answer = client.get("/siap")
    assert answer.status_code == 503
    assert "worker" in answer.get_json()["reasons"][0]
    assert client.get("/sehat").status_code == 200


def test_without_its_tables_the_portal_names_what_to_run(flask, installation):
    answer = installation.test_client().get("/siap")
    assert answer.status_code == 503
    assert "flask init" in answer.get_json()["reasons"][0]
