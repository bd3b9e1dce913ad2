import stat

import pytest

from portal import db
from portal.offices.models import Holiday
from portal.policies import Policy


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
    assert {rule.kind for rule in Policy.select()} == {"closure_review"}


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
