"""The demo's accounts: one a role, plainly invented, with random passwords kept in a file of the instance folder."""

import csv
import os
import secrets
from datetime import date, datetime
from pathlib import Path

from portal.attendance.models import Leave
from portal.commands import demo_work
from portal.offices import postings
from portal.offices.models import Office
from portal.offices.staff import Acting, Correction, Grant, Posting
from portal.outbox import Letter
from portal.people import accounts, roles
from portal.people.models import Attempt, Link, Person, RecoveryCode, Session

FILE = "demo_accounts.csv"
_BY = "flask demo"
_PEOPLE = (  # role, name, position, whether the role holds over the office or everywhere
    (roles.HEAD, "Kepala Peragaan", "Wali kota", True),
    (roles.SUPERVISOR, "Atasan Peragaan", "Kepala bagian", None),
    (roles.EMPLOYEE, "Pegawai Peragaan", "Analis", None),
    (roles.OFFICER, "Petugas Peragaan", "Petugas layanan", True),
    (roles.GUARD, "Penjaga Peragaan", "Petugas jaga", True),
    (roles.CRISIS, "Tim Peragaan", "Tim Penanganan", False),
    (roles.PPK, "PPK Peragaan", "Sekretaris daerah", False),
    (roles.ADMIN, "Administrator Peragaan", "Pengelola portal", False),
    (roles.AUDITOR, "Auditor Peragaan", "Auditor", False),
)


def make(office: Office, instance: Path, now: datetime) -> dict[str, Person]:
    """One account for each role at one office, written to demo_accounts.csv (role,nip,password); the people by role."""
    made: dict[str, Person] = {}
    rows = []
    for number, (role, name, _, is_local) in enumerate(_PEOPLE, start=1):
        email = "" if role == roles.GUARD else f"{role}@peragaan.example"
        person = accounts.create(f"1970010120000110{number:02}", name, email=email, phone="(021) 555 0100", by=_BY, now=now)
        password = secrets.token_urlsafe(12)
        accounts.set_password(person, password, by=_BY, now=now)
        if is_local is not None:
            postings.grant(person, role, office if is_local else None, by=_BY, now=now)
        made[role] = person
        rows.append((role, person.identifier, password))
    _post(office, made, now)
    demo_work.make(office, made, now)
    for role in (roles.EMPLOYEE, roles.GUARD):  # one letter to read, and one call to make
        accounts.invite(made[role], by=_BY, now=now)
    _write(instance / FILE, rows)
    return made


def _post(office: Office, made: dict[str, Person], now: datetime) -> None:
    """Everybody but the auditor works at the office, under the superior of their role."""
    for role, _, position, _ in _PEOPLE:
        superior = demo_work.superior_of(role)
        if role != roles.AUDITOR:
            above = made[superior] if superior else None
            postings.post(made[role], office, position=position, supervisor=above, first_day=date(2020, 1, 1), by=_BY, now=now)


def shown(instance: Path) -> list[str]:
    """The accounts as lines for the terminal."""
    path = instance / FILE
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [f"  {row['role']:11} {row['nip']}  {row['password']}" for row in csv.DictReader(file)]


def throw_away() -> None:
    """The demo's people and all that hangs on them; the audit trail stays."""
    demo_work.throw_away()
    for table in (Correction, Posting, Acting, Grant, Leave, Session, Link, RecoveryCode, Attempt, Letter, Person):
        table.delete().execute()


def _write(path: Path, rows: list[tuple[str, str, str]]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("role", "nip", "password"), *rows])
