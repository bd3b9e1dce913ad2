"""New keys for what is sealed, while people go on working."""

import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from portal import audit, clock, db, outbox, sealed
from portal.audit import AuditEntry
from portal.commands import keys
from portal.outbox import Letter
from portal.people import accounts, second_factor
from portal.people.models import Person
from portal.services import catalogue, drafts, particulars
from tests import make
from tests.commands.sealing import SECRET, started

PORTAL = Path(keys.__file__).parents[1]
NIK = "3171234567890001"


@pytest.fixture
def run(ready, installation):
    """Commands of an installation under the secret that other processes read."""
    settings = installation.config["SETTINGS"]
    sealed.use((settings.instance / "secret.key").read_text(encoding="ascii").strip(), settings.ring)
    return ready


def crowd(count: int) -> list[Person]:
    """So many people with a second factor."""
    Person.insert_many([{"identifier": f"{number:018}", "name": f"Orang {number}", "created_at": make.NOW} for number in range(count)]).execute()
    for person in (people := list(Person.select().order_by(Person.id))):
        Person.update(totp_secret=sealed.seal(SECRET, about=f"totp {person.id}")).where(Person.id == person.id).execute()
    return people


def marks() -> Counter[str]:
    return Counter(sealed.mark_of(person.totp_secret) for person in Person.select())


def secrets() -> set[str]:
    return {sealed.unseal(person.totp_secret, about=f"totp {person.id}") for person in Person.select()}


def newest() -> str:
    return sealed.ring()[-1].mark


def rotations() -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.act == "keys_rotated").order_by(AuditEntry.id))


def test_texts_of_every_kind_are_sealed_anew_and_open_where_they_are_used(run):
    now, person, secret = clock.now(), make.person(email="siti@surat.example"), second_factor.new_secret()
    second_factor.start(person, secret, pyotp.TOTP(secret).at(now), by="x", now=now)
    accounts.invite(person, by="x", now=now)
    place = make.office()
    service = make.service(at=[place], asks_nik=True, particulars=[{"is_sensitive": True}, {"is_sensitive": False}])
    ids = [each.id for each in catalogue.particulars(service)]
    request = make.request(service, place, nik=NIK, answers={ids[0]: "Melati", ids[1]: "biasa"}, now=now)
    typed = drafts.Place("peramban", service.slug, place.slug)
    drafts.keep(typed, {"nik": NIK}, now=now)

    ran = run("keys", "rotate")
    assert ran.exit_code == 0, ran.output
    assert ran.output == f"5 texts sealed anew with key {newest()}\n"
    assert set(keys._tally()) == {newest()}

    person, request = Person.get_by_id(person.id), type(request).get_by_id(request.id)
    letter = Letter.get(Letter.name == "invitation")
    assert second_factor.accepts(person, pyotp.TOTP(secret).at(now + timedelta(seconds=30)), now=now + timedelta(seconds=30))
    assert accounts.linked(sealed.unseal(letter.facts["token"], about=f"link {letter.facts['link']}"), now=now).person == person
    assert particulars.open_nik(request) == NIK
    assert particulars.read(request) == {ids[0]: "Melati", ids[1]: "biasa"}
    assert drafts.of(typed, now=now).typed == {"nik": NIK}


def test_whatever_the_portal_seals_is_declared_where_it_is_rotated():
    code = "\n".join(path.read_text(encoding="utf-8") for path in PORTAL.rglob("*.py") if path != Path(keys.__file__))
    sealing = re.findall(r'\bsealed\.seal\(.*?, about=f"(\w+) \{', code)
    assert len(sealing) == code.count("sealed.seal(")
    assert set(sealing) == set(re.findall(r'anew\(.*?, f"(\w+) \{', Path(keys.__file__).read_text(encoding="utf-8")))


def test_a_rotation_is_one_act_in_the_trail_and_tells_no_secret(run):
    crowd(3)
    run("keys", "rotate")
    (entry,) = rotations()
    assert (entry.actor, entry.object_id, entry.after) == ("flask keys", newest(), {"texts": 3})


def test_letters_that_are_sent_have_no_secret_any_more_and_are_left_alone(run):
    accounts.invite(make.person(email="siti@surat.example"), by="x", now=clock.now())
    outbox.sent(Letter.get(), now=clock.now())
    assert run("keys", "rotate").output.startswith("0 texts")


def test_each_rotation_makes_a_key_and_drops_those_that_nothing_bears_for_a_day(run, at):
    people = crowd(3)
    rings = []
    for day in (1, 2, 5):
        at(f"2020-09-0{day}T09:00+07:00")
        assert run("keys", "rotate").exit_code == 0
        rings.append([key.mark for key in sealed.ring()])
    assert [len(ring) for ring in rings] == [2, 3, 3]
    assert rings[2][:2] == [rings[0][0], rings[1][2]]
    assert marks() == {rings[2][2]: len(people)}
    assert secrets() == {SECRET}
    assert len(rotations()) == 3


def test_a_key_stays_for_a_day_after_its_successor_for_what_is_being_written_with_it(run, at):
    crowd(1)
    at("2020-09-01T09:00+07:00")
    run("keys", "rotate")
    late = sealed.seal("kerja panjang", about="totp 1")
    at("2020-09-01T10:00+07:00")
    run("keys", "rotate")
    at("2020-09-02T09:59+07:00")
    run("keys", "rotate")
    assert sealed.unseal(late, about="totp 1") == "kerja panjang"


def test_a_key_that_one_row_still_bears_is_never_dropped(run, at):
    first, second = crowd(2)
    at("2020-09-01T09:00+07:00")
    run("keys", "rotate")
    moved = Person.get_by_id(second.id).totp_secret  # bound to the second's row, so at the first's it stays shut
    Person.update(totp_secret=moved).where(Person.id == first.id).execute()
    for day in (5, 9):
        at(f"2020-09-0{day}T09:00+07:00")
        ran = run("keys", "rotate")
    assert ran.stderr == f"warning: 1 texts open under no key and stay as they are: totp {first.id}\n"
    assert Person.get_by_id(first.id).totp_secret == moved
    assert sealed.mark_of(moved) in {key.mark for key in sealed.ring()}


def test_without_the_ring_of_this_database_no_new_one_is_begun_unless_asked_for(run, installation):
    people, ring = crowd(2), installation.config["SETTINGS"].ring
    run("keys", "rotate")
    kept = ring.read_bytes()
    ring.unlink()
    ran = run("keys", "rotate")
    assert ran.exit_code == 1
    assert ran.stderr.startswith("Error: 2 texts were sealed with a key that is not in the ring.")
    assert not ring.exists()
    ring.touch(mode=0o600)
    ring.write_bytes(kept)
    assert secrets() == {SECRET}
    ring.unlink()
    ran = run("keys", "rotate", "--leave-unreadable")
    assert ran.exit_code == 0
    assert f"totp {people[0].id}, totp {people[1].id}" in ran.stderr


def test_the_list_shows_each_key_with_its_texts_and_none_of_the_secrets(run, at):
    at("2020-09-01T09:00+07:00")
    crowd(2)
    first = newest()
    run("keys", "rotate")
    Person.update(totp_secret="00000000:AAAA").where(Person.id == Person.select().get().id).execute()
    lines = [line.split(maxsplit=1) for line in run("keys", "list").output.splitlines()]
    assert [mark for mark, _ in lines] == [first, newest(), "00000000"]
    assert [re.sub(r"\s+", " ", said) for _, said in lines] == ["from SECRET_KEY 0 texts", "2020-09-01 02:00 UTC 1 texts", "not in the ring 1 texts"]


def test_two_rotations_at_once_are_one_and_the_other_is_told(run):
    with sealed.alone():
        ran = run("keys", "rotate")
    assert ran.exit_code == 1
    assert "another process is changing the keys" in ran.stderr
    assert len(sealed.ring()) == 1


def test_killed_in_the_middle_it_goes_on_with_the_same_key_when_it_is_run_again(run, installation):
    people = crowd(40)
    process = started(installation, "die", "3")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    first, second = (key.mark for key in sealed.ring())
    assert marks() == {first: 25, second: 15}
    assert secrets() == {SECRET}
    assert rotations() == []

    ran = run("keys", "rotate")
    assert ran.output == f"25 texts sealed anew with key {second}\n"
    assert marks() == {second: len(people)}
    assert [entry.after for entry in rotations()] == [{"texts": 40}]
    assert len(sealed.ring()) == 2


def test_killed_before_the_trail_knows_it_makes_no_second_key(run, monkeypatch):
    crowd(2)
    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", lambda *_, **__: 1 / 0)
        assert isinstance(run("keys", "rotate").exception, ZeroDivisionError)
    assert run("keys", "rotate").output.startswith("0 texts")
    assert len(sealed.ring()) == 2
    assert len(rotations()) == 1


def test_another_process_reads_and_writes_all_the_while(run, installation, monkeypatch):
    monkeypatch.setattr(keys, "_BATCH", 5)
    crowd(12)
    process = started(installation, "meet")
    assert process.stdout.readline() == "ready\n"
    for _ in range(2):
        ran = run("keys", "rotate")
        assert (ran.exit_code, ran.stderr) == (0, "")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    met, seen = map(int, said.split())
    assert (met >= 12, seen >= 1) == (True, True)
    assert len(sealed.ring()) == 3
    assert secrets() == {SECRET}
    run("keys", "rotate")
    assert marks() == {newest(): 12}


def test_what_somebody_is_just_changing_is_neither_lost_nor_left_behind(run, monkeypatch):
    """Their row is held and will be written under the old key; on SQLite nobody else writes meanwhile."""
    people, held, let_go, sweep = crowd(3), threading.Event(), threading.Event(), keys._sweep

    def change() -> None:
        db.ready_connection()
        with db.transaction():
            Person.update(totp_secret=sealed.seal("BARU", about=f"totp {people[1].id}")).where(Person.id == people[1].id).execute()
            held.set()
            assert let_go.wait(30)
        db.database.close()

    def passing(run: keys._Rotation, size: int) -> None:
        if size == 1 or db.is_sqlite():
            let_go.set()
        sweep(run, size)

    monkeypatch.setattr(keys, "_sweep", passing)
    other = threading.Thread(target=change)
    other.start()
    assert held.wait(30)
    assert run("keys", "rotate").exit_code == 0
    other.join(30)
    assert marks() == {newest(): 3}
    assert secrets() == {SECRET, "BARU"}


def test_a_ring_that_cannot_be_used_stops_the_start_with_one_line(run, installation):
    run("keys", "rotate")
    settings = installation.config["SETTINGS"]
    settings.ring.chmod(0o644)
    environment = {"PORTAL_INSTANCE": str(settings.instance), "PORTAL_DATABASE_URL": settings.database_url}
    ran = subprocess.run([sys.executable, "-m", "flask", "settings"], env=environment, capture_output=True, text=True, check=False, cwd=PORTAL.parent)
    assert ran.returncode == 1
    assert ran.stderr == f"Tetap Melayani: {settings.ring}: others may read these keys; chmod 600 {settings.ring}\n"
