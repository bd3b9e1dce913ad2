"""What a closure carries with it: appointments, requests, results and letters to be brought; each person told once."""

from datetime import date, timedelta

import pytest

from portal import continuity
from portal.audit import Actor
from portal.offices import published
from portal.offices.closures import Detour
from portal.offices.models import Closure, ClosureEvent, DropBox
from portal.outbox import TO_CALL, Letter
from portal.services import appointments, handling
from portal.services.models import BOOKED, DISPLACED, Appointment, ClosureEffect, RequestEvent, ServiceRequest, SlotOffer
from portal.sheets import Line
from tests import make

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-18T07:00")  # Friday
HEAD = Actor("Kepala Kantor", 7)
OFFICER = make.Actor("Sari Petugas", 1)


@pytest.fixture
def hall():
    return make.office("Balai Kota", opening="Mo-Fr 08:00-12:00", desks=2)


@pytest.fixture
def card(hall):
    return make.service("Kartu keluarga", at=[hall], channels=["counter", "dropbox"])


def booked(service, office, at, **facts):
    return make.request(service, office, channel="counter", slot=make.local(at), now=NOW, **facts)


def closed(*offices, first="2020-09-21", days=3, now=NOW, **facts):
    return continuity.close(make.plan(*offices, first=first, days=days, **facts), by=HEAD, now=now)


def slot_of(request):
    held = appointments.of(request)
    return held and held.starts_at.astimezone(make.ZONE).strftime("%d %H.%M")


def facts_of(request, closure):
    return [each.facts for each in ClosureEffect.select().where(ClosureEffect.request == request, ClosureEffect.closure == closure).order_by(ClosureEffect.id)]


def letters(request):
    return [letter.facts["act"] for letter in Letter.select().where(Letter.name == "request_closure").order_by(Letter.id)
            if letter.facts["number"] == request.number]  # fmt: skip


def test_an_appointment_in_the_closure_gets_a_seat_at_the_same_time_of_day_after_it_and_keeps_its_number(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall)
    assert slot_of(request) == "24 10.00"
    assert ServiceRequest.get().number == request.number
    assert [(each.state, each.seat is None) for each in Appointment.select().order_by(Appointment.id)] == [(DISPLACED, True), (BOOKED, False)]
    (facts,) = facts_of(request, closure)
    assert (facts["act"], facts["slot"]["way"]) == ("announced", "after")
    assert (facts["slot"]["was"], facts["slot"]["to"]) == (make.local("2020-09-22T10:00").isoformat(), make.local("2020-09-24T10:00").isoformat())
    assert [event.facts["slot"] for event in RequestEvent.select().where(RequestEvent.what == "closure")] == [facts["slot"]]
    offer = SlotOffer.get()
    assert (offer.answer, offer.held_id, offer.lost_id) == ("", Appointment.get(Appointment.state == BOOKED).id, Appointment.get(Appointment.seat.is_null()).id)
    assert letters(request) == ["announced"]


def test_many_who_lost_their_slot_are_spread_and_no_two_have_one_seat(hall, card):
    times = [f"2020-09-{day}T{hour:02}:{minute:02}" for day in (21, 22, 23) for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]
    asked = [booked(card, hall, at) for at in times for _ in range(2)]
    closed(hall)
    days = [slot_of(request)[:2] for request in asked]
    assert {day: days.count(day) for day in sorted(set(days))} == {"24": 16, "25": 16, "28": 16, "29": 16, "30": 16, "01": 16}
    seats = [(each.office_id, each.starts_at, each.seat) for each in Appointment.select().where(Appointment.seat.is_null(False))]
    assert len(seats) == len(set(seats)) == 96


def test_where_the_closure_diverts_the_service_the_seat_is_held_there_and_the_request_goes_with_it(hall, card):
    other = make.office("Gedung Lain", opening="Mo-Fr 08:00-12:00", desks=1)
    request = booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall, detours=[Detour(other)])
    row = ServiceRequest.get()
    assert (row.office_id, row.number, slot_of(row)) == (other.id, request.number, "22 10.00")
    (facts,) = facts_of(request, closure)
    assert (facts["slot"]["way"], facts["office"]["to"]) == ("diverted", "Gedung Lain")
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW + timedelta(hours=1))
    back = ServiceRequest.get()
    assert (back.office_id, slot_of(back)) == (hall.id, "22 10.00")
    assert SlotOffer.get().answer == "restored"
    assert letters(request) == ["announced", "withdrawn"]


def test_without_a_date_the_request_goes_on_online_where_that_works_and_otherwise_waits_for_one(hall, card):
    letter = make.service("Surat", at=[hall])
    online, waits = booked(letter, hall, "2020-09-22T10:00"), booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall, days=None, review_on=date(2020, 9, 30))
    first, second = ServiceRequest.select().order_by(ServiceRequest.id)
    assert (first.channel, slot_of(online), first.clock_from is not None, first.due_on) == ("online", None, True, None)
    assert (second.channel, slot_of(waits)) == ("counter", None)
    assert [offer.held_id for offer in SlotOffer.select()] == [None, None]
    continuity.extend(closure, make.local("2020-10-01T00:00"), reason="Sudah pasti.", by=HEAD, now=NOW + timedelta(days=1))
    assert slot_of(waits) == "01 10.00"
    assert letters(waits) == ["announced", "extended"]
    assert SlotOffer.select().where(SlotOffer.answer == "").count() == 2


def test_who_waited_for_a_date_and_gets_the_very_time_that_was_lost_has_it_back_and_is_asked_nothing(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall, days=None, review_on=date(2020, 9, 30))
    continuity.reopen(closure, reason="Sudah aman.", by=HEAD, now=make.local("2020-09-21T05:00"))
    assert (slot_of(request), SlotOffer.get().answer) == ("22 10.00", "restored")
    assert facts_of(request, closure)[-1]["slot"]["way"] == "restored"
    assert Appointment.select().where(Appointment.seat.is_null(False)).count() == 1


def test_a_longer_closure_moves_what_is_held_in_it_again_and_tells_once(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall)
    continuity.extend(closure, make.local("2020-09-26T00:00"), reason="Belum aman.", by=HEAD, now=NOW + timedelta(hours=2))
    assert slot_of(request) == "28 10.00"
    assert letters(request) == ["announced", "extended"]
    assert [offer.answer for offer in SlotOffer.select().order_by(SlotOffer.id)] == ["replaced", ""]
    first, second = SlotOffer.select().order_by(SlotOffer.id)
    assert first.lost_id == second.lost_id


def test_an_earlier_reopening_moves_nobody_but_offers_an_earlier_time(hall, card):
    request = booked(card, hall, "2020-09-23T10:00")
    closure = closed(hall)
    now = make.local("2020-09-21T10:00")
    continuity.reopen(closure, reason="Sudah aman.", by=HEAD, now=now)
    assert slot_of(request) == "24 10.00"
    assert facts_of(request, closure)[-1]["earlier"] == make.local("2020-09-22T08:00").isoformat()
    assert letters(request) == ["announced", "reopened"]


def test_a_withdrawn_closure_gives_the_chosen_slot_back_and_frees_the_held_one(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    closure = closed(hall)
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW + timedelta(minutes=5))
    assert slot_of(request) == "22 10.00"
    assert Appointment.select().where(Appointment.seat.is_null(False)).count() == 1
    assert Appointment.select().count() == 3
    assert SlotOffer.get().answer == "restored"


def test_a_result_that_waits_is_told_when_not_to_come_and_again_only_if_that_changes(hall, card):
    request = make.request(make.service("Surat", at=[hall]), hall, now=NOW)
    handling.ready(request, "Loket 3", by=OFFICER, now=NOW)
    closure = closed(hall)
    (facts,) = facts_of(request, closure)
    assert facts["pickup"]["shut"] == [[make.local("2020-09-21T00:00").isoformat(), make.local("2020-09-24T00:00").isoformat()]]
    beside = closed(hall, first="2020-09-22", days=2)
    assert facts_of(request, beside) == []
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert facts_of(request, closure)[-1]["pickup"]["shut"][0][0] == make.local("2020-09-22T00:00").isoformat()


def test_deadlines_move_with_the_closure_and_back(hall):
    letter = make.service("Surat", at=[hall], working_days=2)
    request = make.request(letter, hall, now=NOW)
    assert ServiceRequest.get().due_on == date(2020, 9, 22)
    closure = closed(hall)
    assert ServiceRequest.get().due_on == date(2020, 9, 25)
    assert facts_of(request, closure)[0]["due"] == {"was": "2020-09-22", "to": "2020-09-25"}
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert ServiceRequest.get().due_on == date(2020, 9, 22)
    assert letters(request) == ["announced", "withdrawn"]


def test_a_letter_not_yet_brought_goes_online_where_the_box_is_taken_away_and_that_works(hall):
    letter = make.service("Surat", at=[hall])
    request = make.request(letter, hall, channel="online", now=NOW)
    ServiceRequest.update(channel="dropbox", clock_from=None, due_on=None).where(ServiceRequest.id == request.id).execute()
    DropBox.create(office=hall, place="Lobi")
    closure = closed(hall, first="2020-09-18", dropbox=False)
    (facts,) = facts_of(request, closure)
    assert facts["channel"] == {"was": "dropbox", "to": "online"}
    assert ServiceRequest.get().channel == "online"
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert (ServiceRequest.get().channel, ServiceRequest.get().clock_from) == ("dropbox", None)


def test_a_total_closure_hands_what_is_in_progress_to_the_office_that_stands_in(hall):
    letter, other = make.service("Surat", at=[hall]), make.office("Gedung Lain")
    request = make.request(letter, hall, now=NOW)
    closure = closed(hall, first="2020-09-18", online=False, detours=[Detour(other)])
    assert ServiceRequest.get().office_id == other.id
    assert facts_of(request, closure)[0]["office"]["to"] == "Gedung Lain"
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert ServiceRequest.get().office_id == hall.id


def test_who_has_no_address_is_called(hall, card):
    booked(card, hall, "2020-09-22T10:00", email="")
    closed(hall)
    (letter,) = Letter.select().where(Letter.name == "request_closure")
    assert (letter.state, letter.phone, letter.office_id) == (TO_CALL, "081200000000", hall.id)


def test_what_lies_outside_the_closure_is_left_alone(hall, card):
    beside = make.office("Kantor Lain", opening="Mo-Fr 08:00-12:00")
    make.service("Surat", at=[beside])
    later, elsewhere = booked(card, hall, "2020-09-25T10:00"), booked(make.service(at=[beside]), beside, "2020-09-22T10:00")
    closure = closed(hall)
    assert (slot_of(later), slot_of(elsewhere)) == ("25 10.00", "22 10.00")
    assert facts_of(later, closure) == facts_of(elsewhere, closure) == []


def test_a_preview_names_the_same_people_as_the_act_and_keeps_nothing(hall, card):
    booked(card, hall, "2020-09-22T10:00")
    plan = make.plan(hall, first="2020-09-21")
    found = continuity.preview(plan, now=NOW, rows=[hall.__data__])
    assert Closure.select().count() == ClosureEffect.select().count() == 0
    continuity.close(plan, by=HEAD, now=NOW)
    done = ClosureEffect.get().facts
    assert [{**effect.facts, "closure": done["closure"]} for effect in found.effects] == [done]


def test_a_closure_from_a_file_carries_people_with_it_and_one_that_is_over_does_not(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    row = dict.fromkeys(published.COLUMNS, "") | {"office": hall.slug, "reason": "fire", "starts": "2020-09-21", "ends": "2020-09-23"}

    def take(**changes):
        facts = {"create_offices": False, "default_zone": "Asia/Jakarta", "by": "berkas", "now": NOW, "progress": lambda done, all: None}
        continuity.take_closures([Line(2, {**row, **changes})], **facts)

    take(starts="2020-09-01", ends="2020-09-02")
    assert letters(request) == []
    take()
    assert (slot_of(request), letters(request)) == ("24 10.00", ["announced"])
    take(ends="2020-09-24")
    assert (slot_of(request), letters(request)) == ("25 10.00", ["announced", "extended"])


def test_a_result_is_told_of_even_where_its_owner_still_has_an_appointment(hall, card):
    request = booked(card, hall, "2020-09-25T10:00")
    handling.ready(request, "Loket 3", by=OFFICER, now=NOW)
    closure = closed(hall)
    assert [set(facts) & {"slot", "pickup"} for facts in facts_of(request, closure)] == [{"pickup"}]


def test_a_part_that_was_left_open_and_closes_later_takes_the_last_counter_of_its_office():
    hall = make.office(opening="Mo-Fr 08:00-12:00")
    floor = make.unit(hall, opening="Mo-Fr 08:00-12:00")
    request = make.request(make.service(at=[hall]), hall, now=NOW)
    handling.ready(request, "Lantai 2", by=OFFICER, now=NOW)
    assert facts_of(request, closed(hall, excepted=[floor])) == []
    (facts,) = facts_of(request, closed(floor, days=1))
    assert facts["pickup"]["shut"] == [[make.local("2020-09-21T00:00").isoformat(), make.local("2020-09-22T00:00").isoformat()]]


def test_one_who_lost_a_slot_to_two_closures_gets_it_back_when_the_first_is_withdrawn_and_it_is_free(hall, card):
    request = booked(card, hall, "2020-09-22T10:00")
    first = closed(hall)
    closed(hall, first="2020-09-24", days=2)
    assert slot_of(request) == "28 10.00"
    continuity.withdraw(first, reason="Salah.", by=HEAD, now=NOW)
    assert slot_of(request) == "22 10.00"
    assert SlotOffer.select().where(SlotOffer.answer == "").count() == 0


def test_a_seat_that_one_gives_back_goes_to_the_next_in_the_same_act():
    hall = make.office(opening="Mo-Fr 08:00-12:00", desks=1)
    card, closure = make.service(at=[hall]), make.closure(hall, first="2020-09-30", days=1, now=NOW)
    later, sooner = booked(card, hall, "2020-09-22T10:00"), booked(card, hall, "2020-09-21T10:00")
    for request, to in ((later, "2020-09-23T10:00"), (sooner, "2020-09-22T10:00")):
        make.offer(request, make.local(to), of=closure, now=NOW)
        event = ClosureEvent.get(ClosureEvent.closure == closure)
        ClosureEffect.create(closure=closure, event=event, request=request, at=NOW, facts={"slot": {}}, revision=9)
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert (slot_of(sooner), slot_of(later)) == ("21 10.00", "22 10.00")


def test_work_that_went_on_online_stays_there_when_the_closure_is_withdrawn(hall):
    letter = make.service("Surat", at=[hall])
    request, waits = booked(letter, hall, "2020-09-22T10:00"), booked(letter, hall, "2020-09-22T10:00")
    closure = closed(hall, days=None)
    handling.claim(request, make.person(), by=OFFICER, now=NOW)
    continuity.withdraw(closure, reason="Salah.", by=HEAD, now=NOW)
    assert [row.channel for row in ServiceRequest.select().order_by(ServiceRequest.id)] == ["online", "counter"]
    assert (slot_of(request), slot_of(waits)) == (None, "22 10.00")


def test_what_another_closure_still_diverts_stays_where_it_is_diverted_to(hall):
    letter, other = make.service("Surat", at=[hall]), make.office("Gedung Lain")
    request = make.request(letter, hall, now=NOW)
    first = closed(hall, first="2020-09-18", online=False, detours=[Detour(other)])
    closed(hall, first="2020-09-18", online=False, detours=[Detour(other)])
    assert ServiceRequest.get().office_id == other.id
    continuity.withdraw(first, reason="Salah.", by=HEAD, now=NOW)
    assert ServiceRequest.get().office_id == other.id
    assert letters(request) == ["announced"]
