import json
from pathlib import Path

import pytest

from portal import db
from portal.audit import AuditEntry, AuditSeal
from portal.offices.staff import Grant, Posting
from portal.people import passwords
from portal.people.models import Person

HEADER = "nip,name,email,office,position,supervisor_nip,roles,starts\n"
SITI, BUDI = "197001012000012001", "197102022001011002"


@pytest.fixture
def sheet(ready, tmp_path: Path):
    """Writes a file of people, on an installation with one office."""
    offices = tmp_path / "offices.csv"
    offices.write_text("slug,name,kind,parent,region,address,lat,lon,timezone,hours,phone,email,headcount,desks\nbalai,Balai,kantor,,,,,,,,,,,\n")
    assert ready("offices", "import", offices).exit_code == 0

    def write(*lines: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(HEADER + "\n".join(lines))
        return path

    return write


def test_people_come_in_once_however_often(ready, sheet):
    path = sheet(f"{SITI},Siti,,balai,Analis,{BUDI},officer,2020-01-01", f"{BUDI},Budi,,balai,Kepala,,head;admin,2020-01-01")
    for said in ("would be added 2, changed 0, as before 0", "added 2, changed 0, as before 0", "added 0, changed 0, as before 2"):
        answer = ready("people", "import", path, *(["--dry-run"] if "would" in said else []))
        assert answer.exit_code == 0, answer.output
        assert said in answer.output
        assert Person.select().exists() != ("would" in said)
    assert (Person.select().count(), Posting.select().count(), Grant.select().count()) == (2, 2, 3)


def test_wrong_lines_and_warnings_are_named(ready, sheet):
    answer = ready("people", "import", sheet(f"{SITI},Siti,,balai,,{BUDI},,", f"{BUDI},Budi,,balai,,{SITI},raja,"))
    assert answer.exit_code == 1
    assert "error: line 3, column roles" in answer.output
    answer = ready("people", "import", sheet(f"{SITI},Siti,,balai,,{BUDI},,", f"{BUDI},Budi,,balai,,{SITI},,"))
    assert answer.exit_code == 1
    assert "error: line 2, column supervisor_nip: Atasan berputar: Siti → Budi → Siti." in answer.output
    assert not Person.select().exists()
    answer = ready("people", "import", sheet("PPPK-7A,Siti,,balai,,,,"))
    assert answer.exit_code == 0
    assert "warning: line 2, column nip" in answer.output


def test_an_account_from_the_terminal_signs_in_with_the_password_that_is_shown_and_holds_its_roles(ready):
    said = ready("user", "create", SITI, "Siti", "--role", "admin", "--role", "head")
    assert said.exit_code == 0
    shown = said.output.split("password ")[1].split()[0]
    person = Person.get()
    assert passwords.matches(shown, person.password_hash)
    assert {(grant.role, grant.office) for grant in Grant.select()} == {("admin", None), ("head", None)}
    assert ready("user", "create", SITI, "Siti").exit_code == 1


def test_an_account_that_is_refused_leaves_nothing(ready):
    assert ready("user", "create", "?", "Siti").exit_code == 1
    assert ready("user", "create", SITI, " ", "--role", "admin").exit_code == 1
    assert not Person.select().exists()
    assert not AuditEntry.select().where(AuditEntry.kind == "person").exists()


def test_a_password_is_set_and_an_account_closed_once(ready):
    ready("user", "create", SITI, "Siti")
    assert ready("user", "password", SITI, "--password", "pendek").exit_code == 1
    assert ready("user", "password", f"{SITI[:8]} {SITI[8:]}", "--password", "meja lampu kapal jeruk").exit_code == 0
    assert passwords.matches("meja lampu kapal jeruk", Person.get().password_hash)
    assert [ready("user", "revoke", nip).exit_code for nip in (SITI, SITI, BUDI, "?")] == [0, 1, 1, 1]


def test_a_whole_trail_is_whole_and_a_changed_one_is_named_and_fails(ready):
    ready("user", "create", SITI, "Siti")
    said = ready("audit", "verify")
    assert said.exit_code == 0
    assert said.output.startswith(f"whole: {AuditEntry.select().count()} entries, last seal {AuditSeal.get().digest}")
    entry = AuditEntry.get(AuditEntry.act == "person_created")
    run = db.database.execute_sql
    if db.is_postgres():
        run("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    else:
        run("DROP TRIGGER audit_entry_no_update")
    run(f"UPDATE audit_entry SET after = '{json.dumps({'name': 'Budi'})}' WHERE id = {entry.id}")
    said = ready("audit", "verify")
    assert said.exit_code == 1
    assert f"entry {entry.id} was changed (person_created, " in said.output
