"""Citizens who book, officers who work and a head who closes, all at the same moment: nobody waits for ever, and nobody is sent to a closed door."""

from collections import Counter
from datetime import timedelta

import pytest

from portal import continuity
from portal.audit import Actor
from portal.services import appointments, following, handling, requests
from portal.services.models import BOOKED, Appointment, ClosureEffect, Service, ServiceRequest, SlotOffer
from tests import make
from tests.services.closed_slowly import Closed
from tests.together import at_once

NOW = make.local("2020-09-18T07:00")  # Friday
HEAD, OFFICER = Actor("Kepala Kantor", 7), Actor("Sari Petugas", 1)


@pytest.mark.usefixtures("shared")
def test_whoever_books_or_works_while_offices_close_is_carried_or_refused():
    hall, annex = make.office(opening="Mo-Fr 08:00-10:00", desks=3), make.office(opening="Mo-Fr 08:00-10:00", desks=1)
    service = make.service(at=[hall, annex])
    slots = [slot.starts_at for slot in appointments.free(service, hall, now=NOW)][:16]
    known = [make.request(service, hall, channel="counter", slot=slots[number % 8], now=NOW) for number in range(12)]
    online = [make.request(service, hall, now=NOW) for _ in range(4)]

    def books(number):
        place = (hall, annex)[number % 2]
        asked = make.asked(service, place, channel="counter", slot=slots[number % 16], submission_key=f"k{number}")
        return lambda: requests.submit(asked, now=NOW)

    first, second = make.plan(hall, first="2020-09-21"), make.plan(annex, hall, first="2020-09-22", days=2)
    longer = make.closure(annex, first="2020-09-21", days=1, now=NOW)
    acts = [
        lambda: continuity.close(first, by=HEAD, now=NOW),
        lambda: continuity.close(second, by=HEAD, now=NOW),
        lambda: continuity.extend(longer, make.local("2020-09-23T00:00"), reason="Belum aman.", by=HEAD, now=NOW),
        *(books(number) for number in range(8)),
        *(lambda request=request: following.reschedule(request, slots[9], now=NOW) for request in known[:4]),
        *(lambda request=request: following.cancel(request, now=NOW) for request in known[4:6]),
        *(lambda request=request: handling.ready(request, "Loket 3", by=OFFICER, now=NOW) for request in online[:2]),
        *(lambda request=request: handling.hand_over(request, annex, "Salah alamat.", by=OFFICER, now=NOW) for request in [*online[2:], *known[6:8]]),
    ]
    ended = at_once(*acts)
    assert set(ended) <= {"done", "refused"} and ended[:3] == ["done"] * 3, Counter(ended)
    _check(service)
    continuity.withdraw(longer, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=1))
    _check(service)


def _check(service: Service) -> None:
    held = list(Appointment.select().where(Appointment.state == BOOKED, Appointment.seat.is_null(False)))
    closed = Closed.now()
    assert held and not any(closed.takes_slot(each.office_id, service.slug, each.starts_at, each.ends_at) for each in held)
    assert len({(each.office_id, each.starts_at, each.seat) for each in held}) == len({each.request_id for each in held}) == len(held)
    offices = dict(ServiceRequest.select(ServiceRequest.id, ServiceRequest.office).tuples())
    assert all(each.office_id == offices[each.request_id] for each in held)
    told = [(effect.event_id, effect.request_id) for effect in ClosureEffect.select()]
    assert len(told) == len(set(told))
    waits = [offer.request_id for offer in SlotOffer.select().where(SlotOffer.answer == "")]
    assert len(waits) == len(set(waits))
