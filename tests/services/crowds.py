"""Many people whom one closure affects, put into the database in bulk: appointments, work in progress and results, over some offices."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from peewee import chunked

from portal import continuity, numbers
from portal.audit import Actor
from portal.offices import board
from portal.offices.closures import Plan
from portal.offices.models import Closure, Office
from portal.services import appointments
from portal.services.models import BOOKED, COUNTER, IN_PROGRESS, ONLINE, READY, RECEIVED, Appointment, Service, ServiceRequest
from tests import make

HEAD = Actor("Kepala Kantor", 7)
NOW = make.local("2020-09-18T07:00")  # Friday
FIRST, DAYS = make.local("2020-09-21T00:00"), 5
_AT_ONCE = 500
_SHARES = (COUNTER, COUNTER, ONLINE, READY)  # every second has an appointment, every fourth is in progress, every fourth waits to be fetched


@dataclass
class Crowded:
    """So many people over so many offices, all of whom the closure of the next working week touches; every tenth has no e-mail."""

    people: int
    places: int = 4
    offices: list[Office] = field(init=False)
    service: Service = field(init=False)
    closure: Closure = field(init=False)

    def __post_init__(self) -> None:
        desks = self.people // (self.places * 80) + 1
        self.offices = [make.office(f"Kantor {number:02}", opening="Mo-Fr 08:00-16:00", desks=desks) for number in range(self.places)]
        self.service = make.service("Surat", at=self.offices, working_days=3)
        self._ask()
        self._book()

    def _ask(self) -> None:
        rows = (self._request(number) for number in range(self.people))
        for some in chunked(rows, _AT_ONCE):
            ServiceRequest.insert_many(some).execute()

    def _request(self, number: int) -> dict[str, Any]:
        share = _SHARES[number // self.places % len(_SHARES)]
        state = {COUNTER: RECEIVED, ONLINE: IN_PROGRESS, READY: READY}[share]
        runs = share != COUNTER
        return {"number": numbers.new(), "service": self.service.id, "office": self.offices[number % self.places].id,
                "channel": ONLINE if runs else COUNTER, "state": state, "name": f"Warga {number}", "phone": "081200000000",
                "email": f"warga{number}@example.org" if number % 10 else "", "created_at": NOW, "working_days": 3,
                "clock_from": NOW if runs else None, "due_on": NOW.date() + timedelta(days=5) if runs else None}  # fmt: skip

    def _book(self) -> None:
        """Seats of the closed week, in the order of the requests."""
        here = ServiceRequest.office.in_(self.offices)
        awaited = ServiceRequest.select(ServiceRequest.id, ServiceRequest.office).where(ServiceRequest.channel == COUNTER, here).order_by(ServiceRequest.id)
        seats = {office.id: self._seats(office) for office in self.offices}
        rows = []
        for id, office in awaited.tuples():
            starts, ends, seat = next(seats[office])
            rows.append({"request": id, "office": office, "starts_at": starts, "ends_at": ends, "seat": seat, "state": BOOKED, "booked_at": NOW})
        for some in chunked(rows, _AT_ONCE):
            Appointment.insert_many(some).execute()

    def _seats(self, office: Office) -> Iterator[tuple[datetime, datetime, int]]:
        until = FIRST + timedelta(days=DAYS)
        slots = list(appointments.times(self.service.slug, office, board.paint([office.root_id], FIRST, until), FIRST, until, timedelta(minutes=15)))
        return ((starts, ends, seat) for seat in range(1, office.desks + 1) for starts, ends in slots)

    def plan(self, key: str | None = None) -> Plan:
        return make.plan(*self.offices, first="2020-09-21", days=DAYS, import_key=key)

    def close(self) -> Closure:
        self.closure = continuity.close(self.plan(), by=HEAD, now=NOW)
        return self.closure

    def extend(self) -> None:
        continuity.extend(self.closure, FIRST + timedelta(days=DAYS + 7), reason="Belum aman.", by=HEAD, now=NOW + timedelta(hours=1))

    def withdraw(self) -> None:
        continuity.withdraw(self.closure, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=2))

    def preview(self) -> None:
        assert len(continuity.preview(self.plan(), now=NOW, rows=[]).effects) == self.people

    def acts(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """What is measured, in this order."""
        yield from (("preview", self.preview), ("close", self.close), ("extend", self.extend), ("withdraw", self.withdraw))
