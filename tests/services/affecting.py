"""People whom a closure affected, as the acts on it leave them behind: effects with their letters and the slots held for them."""

from datetime import datetime, timedelta
from typing import Any

from portal import outbox
from portal.audit import Actor
from portal.offices.models import Closure, ClosureEvent, Office
from portal.outbox import Letter, Recipient
from portal.services.models import MOVED, Appointment, ClosureEffect, Service, ServiceRequest, SlotOffer
from tests import make

SLOT = {"slot": {"was": "2020-09-22T02:00:00+00:00", "to": "2020-09-23T02:00:00+00:00", "way": "after"}}
DUE = {"due": {"was": "2020-09-24", "to": "2020-09-29"}}
PICKUP = {"pickup": {"shut": [["2020-09-19T17:00:00+00:00", "2020-09-22T17:00:00+00:00"]]}}


class Affecting:
    """One closure, and the people whom its acts touch one after the other."""

    def __init__(self, at: Office | None = None, closure: Closure | None = None) -> None:
        self.office = at or make.office()
        self.closure = closure or make.closure(self.office)
        self.service: Service = make.service(at=[self.office])

    @property
    def event(self) -> ClosureEvent:
        """The last act."""
        found: ClosureEvent = ClosureEvent.select().where(ClosureEvent.closure == self.closure).order_by(ClosureEvent.id.desc()).first()
        return found

    def person(self, facts: dict[str, Any] | None = None, *, name: str = "Warga Contoh", email: str = "warga@example.org", phone: str = "081200000000",
               again: ServiceRequest | None = None) -> ClosureEffect:  # fmt: skip
        """One who is affected by the last act, and owed a letter if there is a way to tell them."""
        request = again or make.request(self.service, self.office, name=name)
        ServiceRequest.update(email=email, phone=phone).where(ServiceRequest.id == request.id).execute()
        event, facts = self.event, {**(facts or SLOT), "act": self.event.what, "closure": self.closure.id}
        key = f"request_closure {request.number} {event.id}" if email or phone else ""
        if key:
            place = {"office": self.office.name, "slug": self.office.slug, "zone": "Asia/Jakarta"}
            told = {**facts, "number": request.number, "service": self.service.name, **place}
            outbox.promise("request_closure", Recipient(name, email, phone, office_id=self.office.id), told, key=key, now=event.at)
        return ClosureEffect.create(closure=self.closure, event=event, request=request, at=event.at, facts=facts, letter_key=key, revision=1)

    def offered(self, effect: ClosureEffect, answer: str = "", answered_at: datetime | None = None) -> SlotOffer:
        """A slot is held for somebody, with the answer if there is one."""
        lost = Appointment.create(request=effect.request, office=self.office, starts_at=effect.at, ends_at=effect.at, state=MOVED, booked_at=effect.at)
        return SlotOffer.create(closure=self.closure, request=effect.request, lost=lost, office_before=self.office, channel_before="counter", made_at=effect.at,
                                answer=answer, answered_at=answered_at)  # fmt: skip


def letter(effect: ClosureEffect) -> Letter:
    return Letter.get(Letter.key == effect.letter_key)


def mailed(effect: ClosureEffect, after: timedelta = timedelta(minutes=2)) -> None:
    """The letter went out."""
    outbox.sent(letter(effect), now=effect.at + after)


def called(effect: ClosureEffect, after: timedelta = timedelta(hours=3), note: str = "Sudah tahu.") -> None:
    """A colleague told it by telephone."""
    outbox.reached(letter(effect), note=note, by=Actor("Sari", 1), now=effect.at + after)
