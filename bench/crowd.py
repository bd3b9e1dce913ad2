"""A city of employees who are signed in, each with a full day to submit: rows made straight in the tables, requests ready to be sent."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from peewee import chunked

from portal import clock, db, numbers, policies
from portal.kinerja import rules
from portal.kinerja.models import SUBMITTED, Entry, WorkDay
from portal.offices import places
from portal.offices.models import Office
from portal.offices.staff import Grant, Posting
from portal.people import roles
from portal.people.accounts import token_hash
from portal.people.models import Person, Session
from portal.services.models import IN_PROGRESS, ONLINE, Service, ServiceRequest

UNDER_ONE = 30  # people under each superior
LINES = 5  # activities a day
_SINCE = date(2020, 1, 1)


class Crowd:
    """Employees by number; every UNDER_ONE-th is the superior of those behind, the first is above all superiors."""

    def __init__(self, app: Flask, count: int) -> None:
        self.app, self.count, self.now = app, count, clock.now()
        self.day = self.now.astimezone(app.config["SETTINGS"].zone).date()
        self.tokens = [secrets.token_urlsafe(32) for _ in range(count)]

    def settle_in(self) -> None:
        """Office, people, postings and running sessions."""
        with db.transaction():
            policies.set_usual(rules.USUAL, by="bench", now=self.now)
            self.office = office = places.add("Kantor Bupati", timezone=self.app.config["SETTINGS"].timezone, by="bench", now=self.now)
            _insert(Person, ({"identifier": f"{number:018}", "name": f"Pegawai {number}", "email": f"p{number}@kota.example", "created_at": self.now}
                             for number in range(self.count)))  # fmt: skip
            self.people = [id for (id,) in Person.select(Person.id).order_by(Person.identifier).tuples()]
            _insert(Posting, ({"person": self.people[number], "office": office, "position": "Analis", "supervisor": self._above(number), "first_day": _SINCE}
                              for number in range(self.count)))  # fmt: skip
            _insert(Session, ({"token_hash": token_hash(token), "person": person, "created_at": self.now, "seen_at": self.now, "confirmed_at": self.now}
                              for token, person in zip(self.tokens, self.people, strict=True)))  # fmt: skip

    def fill_days(self, *, back: int = 0, state: str = "draft") -> None:
        """A day with its activities for everybody, so many days ago."""
        day = self.day - timedelta(days=back)
        facts: dict[str, Any] = {"day": day, "office": self.office, "state": state, "entries": LINES, "claimed": 450, "effective": 450}
        if state == SUBMITTED:
            facts |= {"submitted_at": self.now, "first_submitted_at": self.now}
        with db.transaction():
            _insert(WorkDay, ({**facts, "person": person, "supervisor": self._above(number)} for number, person in enumerate(self.people)))
            days = WorkDay.select(WorkDay.id).where(WorkDay.day == day).tuples()
            _insert(Entry, (self._line(id, number) for (id,) in list(days) for number in range(LINES)))

    def fill_inbox(self, waiting: int) -> None:
        """So many requests in progress at the office, and superiors who are its officers."""
        with db.transaction():
            service = Service.create(slug="surat-keterangan", name="Surat keterangan", working_days=3, channels=[ONLINE])
            _insert(ServiceRequest, ({"number": numbers.new(), "service": service, "office": self.office, "channel": ONLINE, "state": IN_PROGRESS,
                                      "name": f"Warga {number}", "phone": "081200000000", "email": f"w{number}@warga.example", "created_at": self.now,
                                      "working_days": 3, "clock_from": self.now, "due_on": self.day + timedelta(days=number % 9)}
                                     for number in range(waiting)))  # fmt: skip
            for number in self.superiors():
                self.grant(number, roles.OFFICER, self.office)

    def grant(self, number: int, role: str, office: Office) -> None:
        """A role of one of the people over an office."""
        Grant.create(person=self.people[number], role=role, office=office, granted_at=self.now, granted_by="bench")

    def ways_in(self, number: int) -> tuple[str, str]:
        """One person's cookie, and the token of the forms that go with it."""
        cookies, token = self._cookies()
        return cookies[number], token

    def submissions(self, path: Path) -> None:
        """One request for each person's day, with a letter wished for, as lines for prepared.lua."""
        cookies, token = self._cookies()
        body = {"csrf_token": token, "letter": "yes", "seen": "0"}
        lines = (f"/kinerja/{self.day}/ajukan\t{cookie}\t{urlencode({**body, 'submission_key': secrets.token_hex(16)})}" for cookie in cookies)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def visits(self, path: Path, address: str, numbers: Iterable[int]) -> None:
        """The same page asked for by several people."""
        cookies, _ = self._cookies()
        path.write_text("".join(f"{address}\t{cookies[number]}\t\n" for number in numbers), encoding="utf-8")

    def superiors(self) -> range:
        return range(0, self.count, UNDER_ONE)

    def _above(self, number: int) -> int | None:
        return None if number == 0 else self.people[0 if number % UNDER_ONE == 0 else number - number % UNDER_ONE]

    def _line(self, day: int, number: int) -> dict[str, Any]:
        starts = 480 + 90 * number
        return {"work_day": day, "description": f"Memeriksa berkas permohonan ke-{number}", "starts": starts, "ends": starts + 90, "quantity": 9,
                "unit": "berkas", "place": "wfh", "effective": 90, "evidence_link": "https://example.org/berkas", "created_at": self.now}  # fmt: skip

    def _cookies(self) -> tuple[list[str], str]:
        """Each person's cookie, and the token that fits all of them."""
        with self.app.test_request_context():
            token, raw = generate_csrf(), session["csrf_token"]
        sign = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        name = self.app.config["SESSION_COOKIE_NAME"]
        return [f"{name}={sign.dumps({'_user_id': each, 'csrf_token': raw})}" for each in self.tokens], token


def submitted_at(day: date) -> dict[str, datetime]:
    """The receipts of a day with their moments."""
    return dict(WorkDay.select(WorkDay.receipt, WorkDay.submitted_at).where(WorkDay.day == day, WorkDay.receipt.is_null(False)).tuples())


def _insert(table: type[db.Table], rows: Iterable[dict[str, Any]]) -> None:
    for batch in chunked(rows, 500):
        table.insert_many(batch).execute()
