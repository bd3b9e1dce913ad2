"""What a closure reaches after several acts on it, and beside other closures: what is given back, and who has nothing new to hear."""

from datetime import date, timedelta

import pytest

from portal import continuity
from portal.audit import Actor
from portal.offices.closures import Detour
from portal.offices.models import Closure, DropBox
from portal.services import appointments, handling
from portal.services.models import ClosureEffect, ServiceRequest
from tests import make

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-18T07:00")  # Friday
HEAD = Actor("Kepala Kantor", 7)
OFFICER = make.Actor("Sari Petugas", 1)


@pytest.fixture
def hall():
    return make.office("Balai Kota", opening="Mo-Fr 08:00-12:00", desks=2)


@pytest.fixture
def taken(hall):
    """A letter that was to be brought goes on online, because the closure takes the box away; then the closure lasts longer."""
    request = make.request(make.service("Surat", at=[hall]), hall, channel="online", now=NOW)
    ServiceRequest.update(channel="dropbox", clock_from=None, due_on=None).where(ServiceRequest.id == request.id).execute()
    DropBox.create(office=hall, place="Lobi")
    return continuity.close(make.plan(hall, first="2020-09-18", dropbox=False), by=HEAD, now=NOW)


def longer(closure: Closure) -> None:
    continuity.extend(closure, make.local("2020-09-28T00:00"), reason="Belum aman.", by=HEAD, now=NOW + timedelta(hours=1))


def withdrawn(closure: Closure) -> ServiceRequest:
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=2))
    return ServiceRequest.get()


def test_what_a_closure_took_is_given_back_although_it_was_made_longer_before_it_was_withdrawn(taken):
    longer(taken)
    row = withdrawn(taken)
    assert (row.channel, row.clock_from, row.due_on) == ("dropbox", None, None)


def test_what_somebody_worked_on_between_two_acts_stays_where_it_went_on(taken):
    handling.claim(ServiceRequest.get(), make.person(), by=OFFICER, now=NOW)
    longer(taken)
    assert withdrawn(taken).channel == "online"


def test_who_waits_until_a_time_can_be_held_is_not_asked_to_choose_one_when_another_closure_goes(hall):
    card = make.service("Kartu keluarga", at=[hall], channels=["counter"])
    request = make.request(card, hall, channel="counter", slot=make.local("2020-09-24T10:00"), now=NOW)
    first = continuity.close(make.plan(hall, first="2020-09-21"), by=HEAD, now=NOW)
    continuity.close(make.plan(hall, first="2020-09-24", days=None, review_on=date(2020, 9, 30)), by=HEAD, now=NOW)
    continuity.withdraw(first, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=1))
    assert [effect.facts["slot"]["way"] for effect in ClosureEffect.select().where(ClosureEffect.request == request)] == ["none"]


def test_what_one_closure_took_and_another_kept_is_given_back_when_both_are_withdrawn(hall):
    card, other = make.service("Kartu keluarga", at=[hall], channels=["counter", "online"]), make.office("Gedung Lain")
    booked = make.request(card, hall, channel="counter", slot=make.local("2020-09-22T10:00"), now=NOW)
    online = make.request(card, hall, channel="online", now=NOW)
    first, second = (continuity.close(make.plan(hall, first="2020-09-18", days=5, online=False, detours=[Detour(place="Tenda"), *instead]), by=HEAD, now=NOW)
                     for instead in ([Detour(other, service=card.name)], []))  # fmt: skip
    continuity.withdraw(first, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=1))
    assert appointments.of(booked).office_id == other.id
    continuity.withdraw(second, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=2))
    held = appointments.of(booked)
    assert (held.office_id, held.starts_at) == (hall.id, make.local("2020-09-22T10:00"))
    assert ServiceRequest.get_by_id(online.id).office_id == hall.id


def test_who_cannot_have_the_lost_time_back_since_it_is_past_may_choose_an_earlier_one_when_the_closure_is_withdrawn(hall):
    card = make.service("Kartu keluarga", at=[hall], channels=["counter"])
    request = make.request(card, hall, channel="counter", slot=make.local("2020-09-21T10:00"), now=NOW)
    closure = continuity.close(make.plan(hall, first="2020-09-21", days=10), by=HEAD, now=NOW)
    held = appointments.of(request).starts_at
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=make.local("2020-09-22T06:00"))
    assert appointments.of(request).starts_at == held
    assert ClosureEffect.select().order_by(ClosureEffect.id.desc()).get().facts["earlier"] == make.local("2020-09-23T08:00").isoformat()


def test_a_closure_that_takes_online_too_sends_nobody_there_however_long_before_it_is_declared(hall):
    letter = make.service("Surat", at=[hall])
    request = make.request(letter, hall, channel="counter", slot=make.local("2020-09-29T10:00"), now=NOW)
    continuity.close(make.plan(hall, first="2020-09-28", days=None, review_on=date(2020, 10, 9), online=False), by=HEAD, now=NOW)
    assert (ServiceRequest.get().channel, appointments.of(request)) == ("counter", None)
