"""Many people who want few slots at the same moment, each with a connection of their own."""

from dataclasses import dataclass, field
from datetime import datetime

from portal.offices.models import Office
from portal.services import appointments, requests
from portal.services.appointments import Slot, Taken
from portal.services.models import Appointment, Service, ServiceRequest
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-21T07:00")  # a Monday, before the counter opens


@dataclass
class Rush:
    """So many people for all the seats of the first day."""

    people: int
    slots: int
    office: Office = field(init=False)
    service: Service = field(init=False)
    wanted: list[Slot] = field(init=False)
    answers: dict[int, list[Slot]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.office = make.office(opening="Mo-Fr 08:00-16:00", desks=1)
        self.service = make.service(at=[self.office])
        self.wanted = appointments.free(self.service, self.office, now=NOW)[: self.slots]

    def run(self) -> list[str]:
        """All press at once, each slot wanted by as many; how each ended."""
        return at_once(*[self._press(number) for number in range(self.people)])

    def _press(self, number: int):  # type: ignore[no-untyped-def]
        def press() -> None:
            slot: datetime = self.wanted[number % self.slots].starts_at
            asked = make.asked(self.service, self.office, channel="counter", slot=slot, name=f"Warga {number}", submission_key=f"k{number}")
            try:
                requests.submit(asked, now=NOW)
            except Taken as taken:
                self.answers[number] = taken.slots
                raise

        return press

    def verdict(self) -> str:
        """What became of the rush, in a line; fails where a seat was sold twice, or somebody got no clear answer."""
        ended = self.run()
        assert set(ended) <= {"done", "refused"}, sorted(set(ended))
        held = list(Appointment.select(Appointment.starts_at, Appointment.seat).where(Appointment.seat.is_null(False)).tuples())
        assert len(held) == len(set(held)) == self.slots == ended.count("done") == ServiceRequest.select().count()
        assert {starts for starts, _ in held} == {slot.starts_at for slot in self.wanted}
        assert len(self.answers) == ended.count("refused") == self.people - self.slots
        assert all(len(slots) == 3 and all(slot.free == 1 and slot.starts_at > NOW for slot in slots) for slots in self.answers.values())
        return f"{self.people} bookings at once for {self.slots} slots: {self.slots} won, {len(self.answers)} were told the next free slots, 0 twice"
