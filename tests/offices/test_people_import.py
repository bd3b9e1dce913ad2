import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import people as city
from portal import audit, sheets
from portal.audit import AuditEntry
from portal.offices import imports, people_import, postings
from portal.offices.models import Office
from portal.offices.staff import Grant, Posting
from portal.people import accounts
from portal.people.models import Person
from portal.sheets import Problem, Problems
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, NOW

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2020, 9, 19)
SITI, BUDI, CITRA = "197001012000012001", "197102022001011002", "197203032002012003"
HEADER = ",".join(people_import.COLUMNS)

Take = Callable[..., imports.Outcome]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes lines as a file: take(line, …, is_dry=True)."""

    def taken(*lines: str, is_dry: bool = False) -> imports.Outcome:
        file = tmp_path / "people.csv"
        file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        read = sheets.read(file, required=people_import.COLUMNS)
        return imports.run(people_import.take_people, read, is_dry=is_dry, by="impor", now=NOW, progress=lambda done, total: None)

    return taken


@pytest.fixture(autouse=True)
def hall(database: None) -> None:
    make.office("Balai", slug="balai")
    make.office("Dinas", slug="dinas")


def everything() -> list[Any]:
    return [list(table.select().order_by(table.id).tuples()) for table in (Person, Posting, Grant, AuditEntry)]


def problems(take: Take, *lines: str) -> list[Problem]:
    """What is wrong with a file; and a refused file leaves nothing behind."""
    before = everything()
    with pytest.raises(Problems) as caught:
        take(*lines)
    assert everything() == before
    return sorted(caught.value.problems, key=lambda problem: problem.line)


def counts(outcome: imports.Outcome) -> tuple[int, int, int]:
    return outcome.added, outcome.changed, outcome.same


def posting_of(nip: str, day: date = TODAY) -> Posting | None:
    return postings.main_posting(Person.get(Person.identifier == nip), day)


def test_people_come_with_posting_superior_and_roles_and_supervisors_may_stand_anywhere(take):
    known = make.person("Budi", BUDI)
    outcome = take(f"{SITI},Siti,siti@kota.example,balai,Analis,{CITRA},officer; guard  ppk,2020-02-01", f"{CITRA},Citra,,dinas,Kepala,{BUDI},head,2020-02-01")
    assert counts(outcome) == (2, 0, 0)
    siti = accounts.named(SITI)
    posting = posting_of(SITI)
    assert (siti.name, siti.email, siti.language, siti.password_hash) == ("Siti", "siti@kota.example", "id", None)
    assert (posting.office.slug, posting.position, posting.supervisor.identifier, posting.first_day) == ("balai", "Analis", CITRA, date(2020, 2, 1))
    assert posting_of(CITRA).supervisor == known
    granted = {(grant.role, grant.office.slug if grant.office else None) for grant in Grant.select().where(Grant.person == siti)}
    assert granted == {("officer", "balai"), ("guard", "balai"), ("ppk", None)}


def test_the_same_file_twice_changes_nothing(take):
    lines = [f"{SITI},Siti,siti@kota.example,balai,Analis,{BUDI},officer admin,2020-02-01", f"{BUDI},Budi,,dinas,,,,", "AUDITOR-1,Pemeriksa,,,,,auditor,"]
    take(*lines)
    before = everything()
    assert counts(take(*lines)) == (0, 0, 3)
    assert everything() == before


def test_a_dry_run_counts_and_leaves_nothing(take):
    make.person("Budi", BUDI)
    before = everything()
    assert counts(take(f"{SITI},Siti,,balai,,,officer,", f"{BUDI},Budi Santoso,,,,,,", is_dry=True)) == (1, 1, 0)
    assert everything() == before


def test_what_changes_is_changed_and_told_once_for_each_person(take):
    take(f"{SITI},Siti,siti@kota.example,balai,Analis,,,2020-02-01", f"{BUDI},Budi,,balai,,,,2020-02-01")
    told = AuditEntry.select().count()
    assert counts(take(f"{SITI},Siti Aminah,baru@kota.example,dinas,Analis,{BUDI},head,2020-09-01", f"{BUDI},Budi,,balai,,,,2020-02-01")) == (0, 1, 1)
    assert AuditEntry.select().count() == told + 1
    assert [posting_of(SITI, day).office.slug for day in (date(2020, 8, 31), date(2020, 9, 1))] == ["balai", "dinas"]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.act, entry.object_id, entry.label) == ("person_imported", str(accounts.named(SITI).id), "Siti Aminah")
    assert entry.after == {"identifier": SITI, "name": "Siti Aminah", "email": audit.VEIL, "office": "dinas", "position": "Analis", "superior": BUDI,
                           "roles": ["head"], "starts": "2020-09-01", "is_new": False}  # fmt: skip


def test_an_empty_email_a_phone_a_language_and_roles_that_are_not_in_the_file_stay(take):
    person = make.person("Siti", SITI, email="siti@kota.example", phone="021 555", language="en")
    postings.grant(person, "crisis", None, **ACT)
    assert counts(take(f"{SITI},Siti,,,,,,")) == (0, 0, 1)
    kept = accounts.named(SITI)
    assert (kept.email, kept.phone, kept.language) == ("siti@kota.example", "021 555", "en")
    assert postings.standing(kept, TODAY).roles == {"crisis"}


def test_a_role_that_was_revoked_and_stands_in_the_file_again_is_given_again(take):
    take(f"{SITI},Siti,,balai,,,officer,")
    postings.revoke(Grant.get(), **ACT)
    assert counts(take(f"{SITI},Siti,,balai,,,officer,")) == (0, 1, 0)


def test_a_posting_takes_its_place_among_those_on_record_as_one_by_hand_does(take):
    siti, budi, dinas = make.person("Siti", SITI), make.person("Budi", BUDI), Office.get(Office.slug == "dinas")
    for person in (siti, budi):
        for day in ("2020-03-01", "2020-12-01"):
            make.posting(person, dinas, first=day)
    for day in ("2020-12-01", "2020-06-01", "2020-03-01", "2020-01-01"):
        make.posting(budi, Office.get(Office.slug == "balai"), first=day)
        take(f"{SITI},Siti,,balai,Analis,,,{day}")
    columns = (Posting.office, Posting.first_day, Posting.last_day)
    by_hand, taken = (list(Posting.select(*columns).where(Posting.person == person).order_by(Posting.id).tuples()) for person in (budi, siti))
    assert taken == by_hand


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",Siti,,balai,,,,", "nip"),
        ("12,Siti,,balai,,,,", "nip"),
        (f"{SITI},,,balai,,,,", "name"),
        (f"{SITI},Siti,bukan surel,balai,,,,", "email"),
        (f"{SITI},Siti,,tidak-ada,,,,", "office"),
        (f"{SITI},Siti,,,Analis,,,", "office"),
        (f"{SITI},Siti,,,,,officer,", "office"),
        (f"{SITI},Siti,,balai,{'x' * 201},,,", "position"),
        (f"{SITI},Siti,,balai,,{CITRA},,", "supervisor_nip"),
        (f"{SITI},Siti,,balai,,,raja,", "roles"),
        (f"{SITI},Siti,,balai,,,officer supervisor,", "roles"),
        (f"{SITI},Siti,,balai,,,,19-09-2020", "starts"),
        (f"{SITI},Siti,,balai,,,,2020-02-30", "starts"),
        (f"{SITI},Siti,,balai,,{SITI},,", "supervisor_nip"),
    ],
)
def test_one_wrong_value_is_named_by_line_and_column_and_keeps_the_file_out(take, line: str, column: str):
    assert [(problem.line, problem.column) for problem in problems(take, f"{BUDI},Budi,,balai,,,,", line)] == [(3, column)]


def test_everything_that_is_wrong_is_told_at_once(take):
    found = problems(take, f"{SITI},,,tidak-ada,,,raja,kemarin", f"{BUDI},Budi,,balai,,X-999,,", f"{SITI},Siti,,balai,,,,")
    assert [(problem.line, problem.column) for problem in found] == [
        (2, "name"), (2, "office"), (2, "roles"), (2, "starts"), (2, "nip"), (3, "supervisor_nip"), (4, "nip")]  # fmt: skip


def test_the_same_nip_written_in_two_ways_stands_there_twice(take):
    assert [problem.column for problem in problems(take, f"{SITI},Siti,,balai,,,,", f"{SITI[:8]} {SITI[8:]},Siti,,dinas,,,,")] == ["nip", "nip"]


def test_odd_nips_are_taken_with_a_warning(take):
    outcome = take("PPPK-7A,Budi,,balai,,,,", "197013012000012001,Siti,,balai,,,,", f"{CITRA},Citra,,balai,,,,")
    assert counts(outcome) == (3, 0, 0)
    assert [(warning.line, warning.column) for warning in outcome.warnings] == [(2, "nip"), (3, "nip")]


def test_a_circle_in_the_file_is_refused_by_names(take):
    found = problems(take, f"{SITI},Siti,,balai,,{BUDI},,", f"{BUDI},Budi,,balai,,{CITRA},,", f"{CITRA},Citra,,balai,,{SITI},,")
    assert [(problem.line, problem.column, str(problem.sentence)) for problem in found] == [
        (2, "supervisor_nip", "Atasan berputar: Siti → Budi → Citra → Siti.")
    ]


def test_a_circle_over_people_on_record_is_refused_and_a_line_that_opens_it_is_not(take):
    take(f"{SITI},Siti,,balai,,{BUDI},,2020-01-01", f"{BUDI},Budi,,balai,,,,2020-01-01")
    assert [problem.line for problem in problems(take, f"{BUDI},Budi,,balai,,{SITI},,2020-09-01")] == [2]
    take(f"{SITI},Siti,,balai,,,,2020-09-01", f"{BUDI},Budi,,balai,,{SITI},,2020-09-01")
    assert posting_of(BUDI).supervisor.identifier == SITI


def test_each_of_two_circles_is_named_and_a_long_one_is_shortened(take):
    ring = [f"ORANG-{number:03}" for number in range(50)]
    lines = [f"{each},{each},,balai,,{ring[(number + 1) % 50]},," for number, each in enumerate(ring)]
    found = problems(take, *lines, f"{SITI},Siti,,balai,,{BUDI},,", f"{BUDI},Budi,,balai,,{SITI},,")
    assert [problem.line for problem in found] == [2, 52]
    assert re.fullmatch(r"Atasan berputar: ORANG-000 → .* → … → .* → ORANG-000\.", str(found[0].sentence))
    assert len(str(found[0].sentence)) < 250


def test_a_large_file_asks_the_database_no_more_than_a_small_one(take, tmp_path):
    asked = []
    for count in (20, 600):
        offices, people = tmp_path / "offices.csv", tmp_path / "city.csv"
        city.main(count, str(offices), str(people))
        imports.run(
            imports.take_offices, sheets.read(offices, required=imports.OFFICE_COLUMNS), default_zone="Asia/Jakarta", **ACT, progress=lambda done, total: None
        )
        with counted() as queries:
            assert take(*people.read_text().splitlines()[1:]).added > 0
        asked.append(len(queries))
    assert Person.select().count() == 600
    assert asked[1] <= asked[0] + 2
    first = posting_of(city.nip(599))
    assert first.supervisor.identifier == city.nip((599 - 1) // city.UNDER_ONE)
