"""The trail: appended, never changed, and what an attacker with the database in hand changes is found by name."""

import os
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from peewee import DatabaseError

from portal import audit, db
from portal.audit import Actor, AuditEntry, AuditSeal
from tests.make import ACT, NOW
from tests.together import at_once

ON_SQLITE = "TEST_POSTGRES" not in os.environ
TABLES = ("audit_entry", "audit_seal")


@pytest.fixture
def trail(database: None) -> list[AuditEntry]:
    """Ten acts in three seals: 1 to 4, 5 to 8, 9 and 10."""
    return whole_trail()


def whole_trail() -> list[AuditEntry]:
    for number in range(10):
        audit.record(
            "act", "thing", number, by=Actor("Siti", 7, address="10.0.0.1"), now=NOW, label=f"Ke-{number}", before={"a": 1}, after={"a": number, "b": "é"}
        )
        if number in {3, 7, 9}:
            audit.seal(now=NOW)
    return list(AuditEntry.select().order_by(AuditEntry.id))


def unguarded(*statements: str) -> None:
    """What an attacker does: takes the triggers away, changes rows, puts the triggers back."""
    run = db.database.execute_sql
    if db.is_postgres():
        for table in TABLES:
            run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            run(statement)
        for table in TABLES:
            run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        return
    triggers = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'").fetchall()
    assert len(triggers) == 6
    for name, _ in triggers:
        run(f"DROP TRIGGER {name}")
    for statement in (*statements, *(sql for _, sql in triggers)):
        run(statement)


def test_an_act_tells_who_when_where_what_and_in_whose_place(database):
    audit.record("named", "office", 12, by=Actor("Siti", 7, 9, "10.0.0.1"), now=NOW, label="Balai", before={"day": date(2020, 9, 1)}, after={"at": NOW})
    entry = AuditEntry.get()
    assert (entry.at, entry.act, entry.actor, entry.actor_id, entry.acting_for_id, entry.address) == (NOW, "named", "Siti", 7, 9, "10.0.0.1")
    assert (entry.kind, entry.object_id, entry.label, entry.before, entry.after) == ("office", "12", "Balai", {"day": "2020-09-01"}, {"at": NOW.isoformat()})


def test_a_program_acts_under_its_name(database):
    audit.record("made", "thing", 1, by="flask demo", now=NOW)
    assert (AuditEntry.get().actor, AuditEntry.get().actor_id) == ("flask demo", None)


def test_many_acts_are_recorded_like_single_ones(database):
    audit.record_all("made", "thing", ((number, f"Ke-{number}", None, {"n": number}) for number in range(1201)), **ACT)
    audit.record("made", "thing", 0, label="Ke-0", after={"n": 0}, **ACT)
    first, *_, last = AuditEntry.select().order_by(AuditEntry.id)
    assert {**first.__data__, "id": 0} == {**last.__data__, "id": 0}
    assert audit.seal(now=NOW) == 1202
    assert AuditSeal.select().count() == 3
    assert list(audit.broken()) == []


def test_only_what_differs_is_told_and_of_sensitive_facts_only_that_they_do():
    before, after = audit.changes({"name": "A", "email": "a@x", "phone": ""}, {"name": "A", "email": "b@x", "phone": "1"})
    assert (before, after) == ({"email": "a@x", "phone": ""}, {"email": "b@x", "phone": "1"})
    assert audit.veiled(before, "email", "phone") == {"email": audit.VEIL, "phone": ""}
    assert audit.veiled({"name": "A"}, "email") == {"name": "A"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET at = at",
        "UPDATE {table} SET at = at WHERE id = 1",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = 1",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1" if ON_SQLITE else "TRUNCATE {table}",
    ],
)
@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_change_or_drop_rows(trail, table: str, statement: str):
    before = list(AuditEntry.select().tuples()), list(AuditSeal.select().tuples())
    with pytest.raises(DatabaseError, match="append-only"), db.transaction():
        db.database.execute_sql(statement.format(table=table))
    assert (list(AuditEntry.select().tuples()), list(AuditSeal.select().tuples())) == before


def test_the_seals_hold_every_entry_once_and_the_whole_trail_is_whole(trail):
    assert [id for seal in AuditSeal.select().order_by(AuditSeal.id) for id, _ in seal.entries] == [entry.id for entry in trail]
    assert audit.seal(now=NOW) == 0
    assert list(audit.broken()) == []


def test_an_empty_trail_is_whole(database):
    assert audit.seal(now=NOW) == 0
    assert list(audit.broken()) == []


def test_an_act_with_an_earlier_time_than_the_one_before_is_sealed_like_the_others(database):
    for minutes in (5, 0, 9):
        audit.record("act", "thing", minutes, by="program", now=NOW + timedelta(minutes=minutes))
    assert audit.seal(now=NOW) == 3
    assert list(audit.broken()) == []


FORGERIES: list[tuple[str, Callable[[list[AuditEntry]], str], str]] = [
    ("the actor is another", lambda trail: f"UPDATE audit_entry SET actor = 'Budi' WHERE id >= {trail[5].id}", "entry {5} was changed"),
    ("the actor's number is another", lambda trail: f"UPDATE audit_entry SET actor_id = 8 WHERE id = {trail[2].id}", "entry {2} was changed"),
    ("the time is another", lambda trail: f"UPDATE audit_entry SET at = '2020-09-18 00:00:00.000000' WHERE id = {trail[4].id}", "entry {4} was changed"),
    ("the facts are others", lambda trail: f"""UPDATE audit_entry SET after = '{{"a": 5, "b": "e"}}' WHERE id = {trail[5].id}""", "entry {5} was changed"),
    ("the place of another is taken", lambda trail: f"UPDATE audit_entry SET acting_for_id = 1 WHERE id = {trail[9].id}", "entry {9} was changed"),
    ("a row is gone", lambda trail: f"DELETE FROM audit_entry WHERE id = {trail[4].id}", "entry {4} is missing"),
    ("the last rows are gone", lambda trail: f"DELETE FROM audit_entry WHERE id >= {trail[8].id}", "entry {8} is missing"),
    ("a row is put before the first", lambda trail: _copy(trail[0].id, -5), "entry -5 was put in later"),
    ("a seal's entries are others", lambda trail: "UPDATE audit_seal SET entries = '[[1, \"0\"]]' WHERE id = (SELECT MIN(id) + 1 FROM audit_seal)", "seal"),
    ("a seal's time is another", lambda trail: "UPDATE audit_seal SET at = '2020-01-01 00:00:00' WHERE id = (SELECT MIN(id) FROM audit_seal)", "seal"),
    ("a seal in the middle is gone", lambda trail: "DELETE FROM audit_seal WHERE id = (SELECT MIN(id) + 1 FROM audit_seal)", "seal"),
]


def _copy(id: int, to: int) -> str:
    columns = ", ".join(field.column_name for field in AuditEntry._meta.sorted_fields if field.name != "id")
    return f"INSERT INTO audit_entry (id, {columns}) SELECT {to}, {columns} FROM audit_entry WHERE id = {id}"


@pytest.mark.parametrize(("forge", "said"), [forgery[1:] for forgery in FORGERIES], ids=[forgery[0] for forgery in FORGERIES])
def test_a_forgery_is_found_and_the_first_broken_row_named(trail, forge: Callable[[list[AuditEntry]], str], said: str):
    unguarded(forge(trail))
    found = list(audit.broken())
    for number, entry in enumerate(trail):
        said = said.replace(f"{{{number}}}", str(entry.id))
    assert found[0].startswith(said)


def test_a_row_put_later_into_a_gap_between_two_seals_is_found(database):
    whole_trail()
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).get().id
    skipped: Any = {"at": NOW, "act": "act", "actor": "Siti", "kind": "thing"}
    AuditEntry.insert(id=last + 5, **skipped).execute()
    audit.seal(now=NOW)
    AuditEntry.insert(id=last + 3, **skipped).execute()
    assert list(audit.broken()) == [f"entry {last + 3} was put in later"]


def test_an_end_that_was_cut_off_shows_by_the_head_that_was_noted_elsewhere(trail):
    noted = audit.head()
    unguarded(f"DELETE FROM audit_entry WHERE id > {trail[7].id}", "DELETE FROM audit_seal WHERE id = (SELECT MAX(id) FROM audit_seal)")
    assert list(audit.broken()) == []
    assert audit.head() != noted


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture(autouse=True)
    def own_database(self, shared: None) -> None:
        """Each on a database of its own."""

    def test_several_sealers_at_once_make_one_chain(self):
        for number in range(20):
            audit.record("act", "thing", number, **ACT)
        assert at_once(*[lambda: audit.seal(now=NOW)] * 4) == ["done"] * 4
        audit.seal(now=NOW)
        assert sum(len(seal.entries) for seal in AuditSeal.select()) == 20
        assert list(audit.broken()) == []

    def test_acts_recorded_while_others_seal_are_all_sealed_in_the_end(self):
        def write() -> None:
            for number in range(10):
                with db.transaction():
                    audit.record("act", "thing", number, **ACT)

        assert at_once(write, write, lambda: [audit.seal(now=NOW) for _ in range(10)]) == ["done"] * 3
        audit.seal(now=NOW)
        assert sum(len(seal.entries) for seal in AuditSeal.select()) == 20
        assert list(audit.broken()) == []

    if not ON_SQLITE:  # there one writer commits the numbers in their order

        def test_an_act_that_is_committed_after_a_later_one_is_not_passed_over(self):
            begun, go_on = threading.Event(), threading.Event()

            def slow() -> None:
                with db.transaction():
                    audit.record("slow", "thing", 1, **ACT)
                    begun.set()
                    assert go_on.wait(30)

            def quick() -> None:
                assert begun.wait(30)
                audit.record("quick", "thing", 2, **ACT)
                assert audit.seal(now=NOW) == 0
                go_on.set()

            assert at_once(slow, quick) == ["done", "done"]
            assert audit.seal(now=NOW) == 2
            assert [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)] == ["slow", "quick"]
            assert list(audit.broken()) == []
