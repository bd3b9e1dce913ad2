"""What needs no account may be sent often from one address, but not without end; and what fills in every field is told to leave one empty."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal import settings
from portal.views import limits
from tests.views import filing
from tests.views.staff import Browser, fields_of, person

NOW = "2020-09-22T09:00+07:00"


@pytest.fixture(scope="module")
def portal(app):
    made = filing.portal_with_files(app)
    made.config["SETTINGS"] = replace(made.config["SETTINGS"], limit_submissions=3, limit_guesses=4, limit_uploads=2)
    return made


@pytest.fixture
def citizen(portal, database, at):
    at(NOW)
    return Browser(portal)


def send(browser, address="192.0.2.7", **fields):
    return browser.post("/uji/warga", {"description": "Surat", **fields}, environ_base={"REMOTE_ADDR": address})


def look_up(browser, number, address="192.0.2.7"):
    return browser.get(f"/uji/nomor/{number}", environ_base={"REMOTE_ADDR": address})


def test_one_address_may_send_so_many_and_is_then_told_when_to_come_back_with_what_was_typed(citizen):
    assert [send(citizen).status_code for _ in range(3)] == [303] * 3
    late = send(citizen, description="Surat <b>penting</b>")
    assert late.status_code == 429
    assert late.headers["Retry-After"] == "600"
    assert "Tunggu 10 menit" in late.text
    assert fields_of(late.text, "warga")["description"] == ["Surat <b>penting</b>"]


def test_after_the_time_that_was_said_it_may_send_again(citizen, at):
    for minute in range(3):
        at((datetime.fromisoformat(NOW) + timedelta(minutes=minute)).isoformat())
        send(citizen)
    wait = int(send(citizen).headers["Retry-After"])
    assert wait == 8 * 60
    at((datetime.fromisoformat(NOW) + timedelta(minutes=2, seconds=wait + 1)).isoformat())
    assert send(citizen).status_code == 303
    assert send(citizen).status_code == 429


def test_who_corrects_a_form_many_times_is_not_punished(citizen):
    assert [send(citizen, description="").status_code for _ in range(10)] == [422] * 10
    assert send(citizen).status_code == 303


def test_others_are_not_held_up_and_a_household_of_ipv6_counts_as_one(citizen):
    for host in range(3):
        send(citizen, address=f"2001:db8:1:2::{host}")
    assert send(citizen, address="2001:db8:1:2:ffff::1").status_code == 429
    assert send(citizen, address="2001:db8:1:3::1").status_code == 303
    assert send(citizen, address="192.0.2.8").status_code == 303


def test_staff_who_file_for_others_are_never_held_up(citizen, portal):
    officer = Browser(portal, person())
    assert [send(officer).status_code for _ in range(6)] == [303] * 6


def test_wrong_numbers_are_counted_and_right_ones_are_not(citizen):
    assert [look_up(citizen, "benar").status_code for _ in range(9)] == [200] * 9
    assert [look_up(citizen, "salah").status_code for _ in range(4)] == [404] * 4
    late = look_up(citizen, "benar")
    assert late.status_code == 429
    assert late.headers["Retry-After"] == "600"
    assert "Terlalu sering" in late.text
    assert look_up(citizen, "benar", address="192.0.2.8").status_code == 200


def test_without_its_storage_the_portal_goes_on(citizen, portal, monkeypatch, caplog):
    monkeypatch.setitem(portal.extensions, "limits", limits._counter_in("redis://127.0.0.1:1/0"))  # nothing answers there
    assert [send(citizen).status_code for _ in range(5)] == [303] * 5
    assert "cannot be counted" in caplog.text


def test_a_storage_that_cannot_be_used_stops_the_start_with_one_line(app):
    with pytest.raises(settings.SettingsError, match="PORTAL_LIMITS_STORAGE"):
        limits._counter_in("redis://localhost:port/0")


def test_what_fills_in_every_field_is_refused_and_a_person_can_go_on(citizen):
    assert 'class="vh"' in citizen.get("/uji/warga").text
    answer = send(citizen, website="https://example.org")
    assert answer.status_code == 422
    assert 'href="#website"' in answer.text
    assert "vh" not in answer.text.split('for="website"')[0].rsplit("<div", 1)[1]
    fields = fields_of(answer.text, "warga")
    assert (fields["website"], fields["description"]) == ([""], ["Surat"])
    assert send(citizen, website=fields["website"][0]).status_code == 303
