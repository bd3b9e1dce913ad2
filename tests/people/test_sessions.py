from datetime import timedelta

import pytest

from portal.audit import Actor, AuditEntry
from portal.people import accounts, passwords, sessions, throttle
from portal.people.models import Attempt, Person, Session
from portal.refusals import Refused
from tests import make
from tests.make import ACT, NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


def acts() -> list[str]:
    return [act for (act,) in AuditEntry.select(AuditEntry.act).order_by(AuditEntry.id).tuples()]


def refusal(identifier: str, password: str) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        sessions.sign_in(identifier, password, address="10.0.0.1", device="", now=NOW)
    return str(refused.value), refused.value.field


def test_the_same_refusal_after_the_same_work_for_a_wrong_password_an_ended_account_one_without_password_and_nobody(hashings):
    wrong, ended, invited = make.person(password=PASSWORD), make.person(password=PASSWORD), make.person()
    accounts.end(ended, **ACT)
    cases = [
        (wrong.identifier, "salah salah salah"),
        (ended.identifier, PASSWORD),
        (invited.identifier, ""),
        ("nobody", PASSWORD),
        ("\x00", PASSWORD),
        ("", ""),
    ]
    assert len({refusal(*case) for case in cases}) == 1
    assert len(hashings) == len(cases)
    assert len({kept.rpartition("$")[0].rpartition("$")[0] for kept in hashings}) == 1  # the same parameters: the same work
    assert Attempt.select().where(~Attempt.succeeded).count() == len(cases)


def test_what_was_typed_as_an_identifier_is_not_kept():
    refusal("kata sandi yang salah tempat", "x")
    assert "salah tempat" not in str([row.__data__ for table in (Attempt, AuditEntry) for row in table.select()])


def test_signing_in_is_recorded_with_its_address_and_keeps_no_token():
    session = make.signed_in(make.person(password=PASSWORD))
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.act, entry.actor_id, entry.address) == ("signed_in", session.person_id, "10.0.0.1")
    assert session.token not in str(Session.get_by_id(session.id).__data__)
    assert session.person.get_id() == session.token
    assert Person().get_id() == ""


def test_a_session_sleeps_after_eight_hours_without_use():
    session = make.signed_in(make.person(password=PASSWORD))
    assert sessions.of_token(session.token, now=NOW + sessions.IDLE) is not None
    again = NOW + sessions.IDLE + sessions.IDLE
    assert sessions.of_token(session.token, now=again) is not None
    assert sessions.of_token(session.token, now=again + sessions.IDLE + MINUTE) is None
    assert sessions.running(session.person, now=again + sessions.IDLE + MINUTE) == []


def test_a_session_ends_after_a_week_of_use():
    session = make.signed_in(make.person(password=PASSWORD))
    for hours in range(0, 7 * 24 + 1, 7):
        assert sessions.of_token(session.token, now=NOW + timedelta(hours=hours)) is not None
    assert sessions.of_token(session.token, now=NOW + sessions.LONGEST + MINUTE) is None


def test_that_a_session_was_seen_is_written_once_a_minute():
    session = make.signed_in(make.person(password=PASSWORD))
    for seconds, seen in ((59, 0), (61, 61), (100, 61), (130, 130)):
        sessions.of_token(session.token, now=NOW + timedelta(seconds=seconds))
        assert Session.get_by_id(session.id).seen_at == NOW + timedelta(seconds=seen)


@pytest.mark.parametrize("token", ["", "unknown", "\x00", "x" * 5000])
def test_an_unknown_token_opens_nothing(token: str):
    assert sessions.of_token(token, now=NOW) is None


def test_one_device_is_signed_out_or_all_others():
    person = make.person(password=PASSWORD)
    here, there, third = (make.signed_in(person, now=NOW + count * MINUTE) for count in range(3))
    assert sessions.running(person, now=NOW + 2 * MINUTE) == [third, there, here]
    sessions.end(there, **ACT)
    sessions.end(there, **ACT)
    assert sessions.running(person, now=NOW + 2 * MINUTE) == [third, here]
    assert sessions.end_others(person, here, **ACT) == 1
    assert sessions.of_token(here.token, now=NOW) is not None
    assert sessions.of_token(third.token, now=NOW) is None
    assert acts()[-2:] == ["signed_out", "signed_out_others"]


def test_the_devices_of_others_stay():
    one, other = make.person(password=PASSWORD), make.person(password=PASSWORD)
    kept, own = make.signed_in(other), make.signed_in(one)
    sessions.end_others(one, own, **ACT)
    assert sessions.running(other, now=NOW) == [kept]


def test_within_fifteen_minutes_of_the_password_nobody_is_asked_again():
    session = make.signed_in(make.person(password=PASSWORD))
    assert sessions.is_fresh(session, now=NOW + 15 * MINUTE - timedelta(seconds=1))
    later = NOW + 15 * MINUTE
    assert not sessions.is_fresh(session, now=later)
    sessions.confirm(session, PASSWORD, now=later)
    assert sessions.is_fresh(Session.get_by_id(session.id), now=later)


def test_a_wrong_confirmation_counts_as_a_wrong_password(hashings):
    session = make.signed_in(make.person(password=PASSWORD))
    for _ in range(throttle.FROM_WHERE_IT_IS_KNOWN):
        with pytest.raises(Refused) as refused:
            sessions.confirm(session, "salah salah salah", now=NOW)
        assert refused.value.field == "password"
    with pytest.raises(throttle.TooMany):
        sessions.confirm(session, PASSWORD, now=NOW)
    assert len(hashings) == 1 + throttle.FROM_WHERE_IT_IS_KNOWN


def test_a_password_hashed_with_weaker_parameters_is_hashed_anew_when_it_is_given(really_hashed):
    person = make.person()
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    Person.update(password_hash=weak).where(Person.id == person.id).execute()
    make.signed_in(person)
    kept = Person.get_by_id(person.id).password_hash
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert make.signed_in(person).person == person


def test_the_account_itself_knows_nothing_of_the_web():
    person = make.person()
    assert (person.is_authenticated, person.is_anonymous, person.is_active) == (True, False, True)
    accounts.end(person, **ACT)
    assert not Person.get_by_id(person.id).is_active


def test_an_act_is_told_with_the_one_in_whose_place_it_was_done():
    superior, deputy = make.person(), make.person()
    accounts.change(make.person(), name="Baru", by=Actor(deputy.name, deputy.id, acting_for_id=superior.id, address="10.0.0.1"), now=NOW)
    entry = AuditEntry.get(AuditEntry.act == "person_changed")
    assert (entry.actor_id, entry.acting_for_id, entry.address) == (deputy.id, superior.id, "10.0.0.1")
