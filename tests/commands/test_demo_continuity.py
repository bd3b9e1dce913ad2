"""The demo's closure that carries people with it: there is something to see on every page that shows one, on whatever day it is made."""

import pytest

from portal import db, outbox
from portal.commands import demo_continuity
from portal.commands.demo import make as make_demo
from portal.offices import closures
from portal.offices.models import Closure
from portal.outbox import Letter
from portal.people import roles
from portal.services import aftermath, appointments, offers
from portal.services.models import ClosureEffect, ServiceRequest, SlotOffer
from tests.views.staff import person

HALL = "kantor-wali-kota-jakarta-pusat"


def carried() -> Closure:
    """The one closure of the demo of which anybody was told."""
    (closure,) = Closure.select().where(Closure.id.in_(ClosureEffect.select(ClosureEffect.closure)))
    return closure


def all_to_see() -> None:
    """Two acts; every kind of change and of answer; people who are called; offers that wait; nobody in the closure."""
    closure = carried()
    assert HALL not in {office.slug for office in closures.offices_of(closure)}
    assert [act.event.what for act in aftermath.acts(closure)] == ["announced", "extended"]
    changed = {name for (facts,) in ClosureEffect.select(ClosureEffect.facts).tuples() for name in facts}
    assert {"slot", "pickup", "box", "channel", "office", "due"} <= changed
    answers = [answer for (answer,) in SlotOffer.select(SlotOffer.answer).tuples()]
    assert {offers.UNANSWERED, offers.ACCEPTED, offers.CHOSEN, offers.SWITCHED, offers.REPLACED} == set(answers) and answers.count(offers.UNANSWERED) >= 3
    called = {name for (name,) in Letter.select(Letter.name).where(Letter.state == outbox.TO_CALL).tuples()}
    assert called >= {"request_closure"}
    for row in ServiceRequest.select().where(ServiceRequest.name.in_([f"Warga Contoh {number}" for number in range(61, 68)])):
        held = appointments.of(row)
        assert held is None or held.office_id != closures.offices_of(closure)[0].id or held.starts_at >= closure.ends_at


def test_the_demo_shows_a_closure_with_those_whom_it_carries_along(demo):
    all_to_see()
    assert "offer_unanswered" in {name for (name,) in Letter.select(Letter.name).where(Letter.state == outbox.TO_CALL).tuples()}


@pytest.mark.parametrize("moment", ["2026-11-21T00:10+07:00", "2026-12-24T13:00+07:00"])
def test_it_does_so_at_midnight_of_a_weekend_and_before_holidays(ready, installation, at, moment):
    now = at(moment)
    with installation.app_context(), db.transaction():
        make_demo(now)
        demo_continuity.make(person(roles.OFFICER, name="Petugas Peragaan"), now)
        all_to_see()
