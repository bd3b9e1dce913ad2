import itertools
import re
from datetime import timedelta
from typing import Any

import pytest

from portal import audit, db, sealed
from portal.audit import AuditEntry
from portal.outbox import Letter
from portal.people import accounts, passwords, sessions, throttle
from portal.people.models import Link, Person, Session
from portal.refusals import Refused
from tests import make
from tests.make import ACT, NOW, PASSWORD
from tests.together import at_once

NEW = "jembatan tua dekat pasar"
pytestmark = pytest.mark.usefixtures("database")


def acts() -> list[str]:
    return [act for (act,) in AuditEntry.select(AuditEntry.act).order_by(AuditEntry.id).tuples()]


def token_of(kind: str) -> str:
    """The token that the latest letter of a kind carries."""
    letter = Letter.select().where(Letter.name == kind).order_by(Letter.id.desc()).first()
    return sealed.unseal(letter.facts["token"], about=f"link {letter.facts['link']}")


def test_an_account_is_kept_under_its_nip_however_it_is_typed():
    person = accounts.create(" 19700101 200001 1 001 ", "Siti Aminah", **ACT)
    assert person.identifier == "197001012000011001"
    assert accounts.named("1970 0101 2000 011 001") == person
    assert accounts.create("pppk-7a", "Budi", **ACT).identifier == "PPPK-7A"


@pytest.mark.parametrize("text", ["", "12", "a b", "x" * 41, "1970;DROP", "nama lengkap!", "\x00\x00\x00", "۱۲۳۴"])
def test_what_is_no_identifier_is_refused_beside_its_field(text):
    with pytest.raises(Refused) as refused:
        accounts.create(text, "Siti", **ACT)
    assert refused.value.field == "identifier"
    assert accounts.named(text) is None


def test_an_identifier_is_given_once():
    make.person(identifier="197001012000011001")
    with pytest.raises(Refused) as refused:
        accounts.create("1970 0101 2000 011 001", "Lain", **ACT)
    assert refused.value.field == "identifier"
    assert acts() == ["person_created"]


@pytest.mark.parametrize(("facts", "field"), [({"name": " "}, "name"), ({"name": "x" * 201}, "name"), ({"email": "bukan surel"}, "email"),
                                              ({"phone": "telepon saya"}, "phone"), ({"language": "jv"}, "language")])  # fmt: skip
def test_facts_that_cannot_be_are_refused_beside_their_field(facts: dict[str, Any], field: str):
    person = make.person("Siti")
    with pytest.raises(Refused) as refused:
        accounts.change(person, **facts, **ACT)
    assert refused.value.field == field
    assert Person.get_by_id(person.id).name == "Siti"
    assert acts() == ["person_created"]


def test_a_change_is_told_without_the_addresses_themselves():
    person = make.person("Siti", email="lama@kota.example", phone="021 555 0100")
    accounts.change(person, name="Siti Aminah", email="baru@kota.example", phone="", **ACT)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.act, entry.before, entry.after) == (
        "person_changed", {"name": "Siti", "email": audit.VEIL, "phone": audit.VEIL}, {"name": "Siti Aminah", "email": audit.VEIL, "phone": ""})  # fmt: skip
    told = str([entry.__data__ for entry in AuditEntry.select()])
    assert "kota.example" not in told
    assert "555" not in told


def test_a_change_that_changes_nothing_leaves_no_trace():
    accounts.change(make.person("Siti"), name="Siti", **ACT)
    assert acts() == ["person_created"]


def test_an_ended_account_is_signed_out_and_its_links_are_void_until_it_is_restored():
    person = make.person(password=PASSWORD, email="siti@kota.example")
    session = make.signed_in(person)
    accounts.invite(person, **ACT)
    accounts.end(person, **ACT)
    assert sessions.of_token(session.token, now=NOW) is None
    with pytest.raises(Refused):
        make.signed_in(person)
    with pytest.raises(Refused):
        accounts.end(person, **ACT)
    accounts.restore(person, **ACT)
    assert sessions.of_token(session.token, now=NOW) is None
    with pytest.raises(Refused):
        accounts.linked(token_of("invitation"), now=NOW)
    assert make.signed_in(person).person == person
    with pytest.raises(Refused):
        accounts.restore(person, **ACT)
    assert acts() == ["person_created", "signed_in", "invitation_promised", "person_ended", "sign_in_refused", "person_restored", "signed_in"]


def test_an_invitation_lets_in_once_and_its_token_is_kept_nowhere_readable():
    person = make.person(email="siti@kota.example")
    accounts.invite(person, **ACT)
    token = token_of("invitation")
    kept = str([row.__data__ for table in (Link, Letter, AuditEntry) for row in table.select()])
    assert token not in kept
    accounts.use_link(token, NEW, address="10.0.0.9", now=NOW)
    assert sessions.sign_in(person.identifier, NEW, address="10.0.0.9", device="", now=NOW).person == person
    with pytest.raises(Refused):
        accounts.use_link(token, "lain lagi yang panjang", address="10.0.0.9", now=NOW)
    assert AuditEntry.get(AuditEntry.act == "password_set").actor_id == person.id


@pytest.mark.parametrize(("kind", "lasts"), [("invitation", timedelta(days=7)), ("reset", timedelta(hours=1))])
def test_links_end_after_their_time(kind: str, lasts: timedelta):
    person = make.person(email="siti@kota.example")
    if kind == "invitation":
        accounts.invite(person, **ACT)
    else:
        accounts.ask_reset(person.identifier, **ACT)
    token = token_of(kind)
    assert accounts.linked(token, now=NOW + lasts - timedelta(seconds=1)).person == person
    with pytest.raises(Refused):
        accounts.use_link(token, NEW, address="", now=NOW + lasts)
    assert Person.get_by_id(person.id).password_hash is None


def test_an_unknown_link_is_refused_like_a_used_one():
    with pytest.raises(Refused):
        accounts.linked("tak-dikenal", now=NOW)


def test_a_password_that_is_refused_does_not_use_the_link_up():
    person = make.person("Siti Aminah", email="siti@kota.example")
    accounts.invite(person, **ACT)
    token = token_of("invitation")
    for weak in ("pendek", "siti aminah 12", person.identifier):
        with pytest.raises(Refused) as refused:
            accounts.use_link(token, weak, address="", now=NOW)
        assert refused.value.field == "password"
    assert accounts.linked(token, now=NOW).used_at is None


def test_a_new_password_signs_out_the_others_and_voids_links_that_wait():
    person = make.person(password=PASSWORD, email="siti@kota.example")
    here, there = make.signed_in(person), make.signed_in(person)
    accounts.ask_reset(person.identifier, **ACT)
    accounts.set_password(person, NEW, keep=here, **ACT)
    assert sessions.of_token(here.token, now=NOW) is not None
    assert sessions.of_token(there.token, now=NOW) is None
    with pytest.raises(Refused):
        accounts.linked(token_of("reset"), now=NOW)
    assert passwords.matches(NEW, Person.get_by_id(person.id).password_hash)


def test_a_reset_by_link_signs_out_every_device():
    person = make.person(password=PASSWORD, email="siti@kota.example")
    make.signed_in(person)
    accounts.ask_reset(person.identifier, **ACT)
    accounts.use_link(token_of("reset"), NEW, address="10.0.0.9", now=NOW)
    assert not Session.select().where(Session.ended_at.is_null()).exists()


def test_who_uses_a_link_is_known_there_so_that_strangers_cannot_keep_the_owner_out():
    person = make.person(password=PASSWORD, email="siti@kota.example")
    for number in range(throttle.ON_ONE_ACCOUNT):
        throttle.note(person.identifier, f"203.0.113.{number}", succeeded=False, now=NOW)
    with pytest.raises(throttle.TooMany):
        make.signed_in(person, address="10.0.0.9")
    accounts.ask_reset(person.identifier, **ACT)
    accounts.use_link(token_of("reset"), NEW, address="10.0.0.9", now=NOW)
    assert sessions.sign_in(person.identifier, NEW, address="10.0.0.9", device="", now=NOW).person == person


def test_a_reset_is_promised_at_most_once_in_five_minutes_and_to_owners_alone():
    person, ended, silent = make.person(email="siti@kota.example"), make.person(email="x@kota.example"), make.person()
    accounts.end(ended, **ACT)
    before = len(acts())
    for seconds in (0, 1, 299):
        accounts.ask_reset(person.identifier, by="halaman masuk", now=NOW + timedelta(seconds=seconds))
    for nobody in (ended.identifier, silent.identifier, "tidak ada", "\x00", ""):
        accounts.ask_reset(nobody, **ACT)
    assert (Letter.select().count(), Link.select().count(), len(acts())) == (1, 1, before + 1)
    accounts.ask_reset(f" {person.identifier[:4]} {person.identifier[4:]}", by="halaman masuk", now=NOW + timedelta(seconds=300))
    assert Letter.select().count() == 2


def test_who_has_no_email_is_invited_by_telephone():
    accounts.invite(make.person(phone="021 555 0100"), **ACT)
    assert Letter.get().state == "to_call"


@pytest.mark.parametrize(("identifier", "is_odd"), [("197001012000011001", False), ("197002302000011001", True), ("197001012000131001", True),
                                                    ("197001012000013001", True), ("19700101200001100", True), ("PPPK-7A", True)])  # fmt: skip
def test_an_odd_nip_is_doubted_and_taken(identifier: str, is_odd: bool):
    assert (accounts.doubt_about(identifier) is not None) == is_odd
    assert make.person(identifier=identifier).identifier == identifier


def test_what_is_undone_leaves_no_act_behind():
    person = make.person()
    with pytest.raises(RuntimeError), db.transaction():
        accounts.change(person, name="Lain", **ACT)
        raise RuntimeError
    assert acts() == ["person_created"]
    assert re.fullmatch(r"Pegawai \d+", Person.get_by_id(person.id).name)


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture
    def database(self, shared: None) -> None:
        return None

    def test_a_link_pressed_twice_at_once_works_once(self):
        person = make.person(email="siti@kota.example")
        accounts.invite(person, **ACT)
        token = token_of("invitation")
        words = itertools.count(1)
        assert sorted(at_once(*[lambda: accounts.use_link(token, f"{NEW} {next(words)}", address="", now=NOW)] * 4)) == ["done"] + ["refused"] * 3
        assert acts().count("password_set") == 1

    def test_resets_asked_at_once_promise_one_letter(self):
        person = make.person(email="siti@kota.example")
        assert at_once(*[lambda: accounts.ask_reset(person.identifier, **ACT)] * 4) == ["done"] * 4
        assert Letter.select().count() == 1

    def test_an_account_ended_twice_at_once_ends_once(self):
        person = make.person()
        assert sorted(at_once(*[lambda: accounts.end(person, **ACT)] * 3)) == ["done", "refused", "refused"]
        assert acts().count("person_ended") == 1


def test_a_link_that_went_to_a_former_address_is_void():
    person = make.person(email="salah@contoh.example")
    accounts.invite(person, **ACT)
    token = token_of("invitation")
    accounts.change(person, phone="021 555 0100", **ACT)
    accounts.linked(token, now=NOW)
    accounts.change(person, email="benar@contoh.example", **ACT)
    with pytest.raises(Refused):
        accounts.linked(token, now=NOW)
