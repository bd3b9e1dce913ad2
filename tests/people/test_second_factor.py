from datetime import date, timedelta

import pyotp
import pytest

from portal import policies
from portal.audit import AuditEntry
from portal.people import roles, second_factor, sessions, throttle
from portal.people.models import Person, RecoveryCode, Session
from portal.refusals import Refused
from tests import make
from tests.make import ACT, NOW, PASSWORD
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HALF_MINUTE = timedelta(seconds=30)


def code(now) -> str:
    return pyotp.TOTP(SECRET).at(now)


def guarded(person: Person | None = None) -> tuple[Person, list[str]]:
    """Somebody with a second factor since an hour ago, and the recovery codes."""
    person = person or make.person(password=PASSWORD)
    then = NOW - timedelta(hours=1)
    codes = second_factor.start(person, SECRET, code(then), by="diri sendiri", now=then)
    return Person.get_by_id(person.id), codes


def test_it_starts_only_with_a_code_that_the_app_shows():
    person = make.person()
    with pytest.raises(Refused) as refused:
        second_factor.start(person, SECRET, "000000", **ACT)
    assert refused.value.field == "code"
    assert Person.get_by_id(person.id).totp_secret is None
    codes = second_factor.start(person, SECRET, code(NOW), **ACT)
    assert len(set(codes)) == second_factor.CODES
    kept = str([row.__data__ for table in (Person, RecoveryCode, AuditEntry) for row in table.select()])
    assert SECRET not in kept
    assert not any(each in kept for each in codes)


def test_the_code_that_started_it_does_not_work_again():
    person = make.person()
    second_factor.start(person, SECRET, code(NOW), **ACT)
    assert not second_factor.accepts(Person.get_by_id(person.id), code(NOW), now=NOW)


def test_a_code_works_once_within_its_time():
    person, _ = guarded()
    assert second_factor.accepts(person, code(NOW), now=NOW)
    for later in (timedelta(), timedelta(seconds=1), HALF_MINUTE):
        assert not second_factor.accepts(Person.get_by_id(person.id), code(NOW), now=NOW + later)
    assert second_factor.accepts(Person.get_by_id(person.id), code(NOW + HALF_MINUTE), now=NOW + HALF_MINUTE)


def test_an_older_code_does_not_work_after_a_newer_one():
    person, _ = guarded()
    assert second_factor.accepts(person, code(NOW), now=NOW)
    assert not second_factor.accepts(Person.get_by_id(person.id), code(NOW - HALF_MINUTE), now=NOW)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(steps: int, is_taken: bool):
    person, _ = guarded()
    assert second_factor.accepts(person, code(NOW + steps * HALF_MINUTE), now=NOW) == is_taken


@pytest.mark.parametrize("typed", ["", " ", "12345", "abcdef", "١٢٣٤٥٦", "9" * 500, "\x00"])
def test_what_is_no_code_is_not_taken(typed: str):
    person, _ = guarded()
    assert not second_factor.accepts(person, typed, now=NOW)


def test_blanks_in_a_code_do_no_harm():
    person, _ = guarded()
    shown = code(NOW)
    assert second_factor.accepts(person, f" {shown[:3]} {shown[3:]} ", now=NOW)


def test_a_recovery_code_works_once_and_only_for_its_owner():
    person, codes = guarded()
    other, _ = guarded()
    assert not second_factor.accepts(other, codes[0], now=NOW)
    assert second_factor.accepts(person, codes[0].upper(), now=NOW)
    assert not second_factor.accepts(person, codes[0], now=NOW)
    assert second_factor.accepts(person, codes[1], now=NOW)


def test_starting_anew_makes_the_former_recovery_codes_void():
    person, codes = guarded()
    fresh = second_factor.start(person, SECRET, code(NOW), **ACT)
    person = Person.get_by_id(person.id)
    assert not second_factor.accepts(person, codes[0], now=NOW)
    assert second_factor.accepts(person, fresh[0], now=NOW)


def test_after_it_is_stopped_no_code_counts_and_none_is_asked():
    person, codes = guarded()
    second_factor.stop(person, **ACT)
    person = Person.get_by_id(person.id)
    assert not second_factor.accepts(person, code(NOW), now=NOW)
    assert not second_factor.accepts(person, codes[0], now=NOW)
    assert make.signed_in(person).is_complete


def test_a_session_is_complete_only_after_the_code():
    person, _ = guarded()
    session = make.signed_in(person)
    assert not session.is_complete
    assert not AuditEntry.select().where(AuditEntry.act == "signed_in").exists()
    with pytest.raises(Refused):
        sessions.complete(session, "000000", now=NOW)
    assert not Session.get_by_id(session.id).is_complete
    sessions.complete(session, code(NOW), now=NOW)
    assert Session.get_by_id(session.id).is_complete
    assert AuditEntry.select().where(AuditEntry.act == "signed_in").count() == 1


def test_wrong_codes_are_counted_and_then_even_the_right_one_waits():
    person, _ = guarded()
    session = make.signed_in(person)
    for _ in range(throttle.ON_ONE_ACCOUNT_FROM_ONE_ADDRESS):
        with pytest.raises(Refused):
            sessions.complete(session, "000000", now=NOW)
    with pytest.raises(throttle.TooMany):
        sessions.complete(session, code(NOW), now=NOW)
    later = NOW + throttle.SOON
    sessions.complete(session, code(later), now=later)


def test_a_policy_says_which_roles_need_it():
    assert not second_factor.is_required({roles.ADMIN}, day=NOW.date())
    days = {"first_day": date(2020, 9, 1), "last_day": date(2020, 9, 30)}
    policies.set_policy(second_factor.POLICY, {"roles": ["admin", "ppk"]}, name="Faktor kedua", legal_basis="SE", **days, **ACT)
    assert second_factor.is_required({roles.ADMIN, roles.EMPLOYEE}, day=NOW.date())
    assert not second_factor.is_required({roles.HEAD}, day=NOW.date())
    assert not second_factor.is_required({roles.ADMIN}, day=NOW.date() + timedelta(days=30))


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture
    def database(self, shared: None) -> None:
        return None

    @pytest.mark.parametrize("is_recovery", [False, True])
    def test_a_code_sent_by_several_at_once_lets_one_in(self, is_recovery: bool):
        person, codes = guarded()
        devices = [make.signed_in(person) for _ in range(4)]
        typed = codes[0] if is_recovery else code(NOW)
        assert sorted(at_once(*[lambda device=device: sessions.complete(device, typed, now=NOW) for device in devices])) == ["done"] + ["refused"] * 3


def test_recovery_codes_cannot_be_found_by_trying_without_the_installations_key():
    import hashlib

    _, codes = guarded()
    kept = {row.code_hash for row in RecoveryCode.select()}
    assert not kept & {hashlib.sha256(each.encode()).hexdigest() for each in codes}
