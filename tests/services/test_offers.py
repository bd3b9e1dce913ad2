"""A slot that is held for somebody who lost theirs: accepted, exchanged, given up, or unanswered until somebody calls."""

from datetime import timedelta

import pytest

from portal import outbox
from portal.audit import AuditEntry
from portal.outbox import REACHED, TO_CALL, WAITS, Letter
from portal.refusals import Refused
from portal.services import appointments, following, handling, offers
from portal.services.models import BOOKED, COUNTER, DISPLACED, ONLINE, Appointment, ClosureEffect, RequestEvent, ServiceRequest, SlotOffer
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-18T09:00")  # a Friday; the closure runs from Sunday 20 to Tuesday 22
LOST, HELD = make.local("2020-09-22T09:00"), make.local("2020-09-24T09:00")
OFFICER = make.Actor("Sari", 1)


@pytest.fixture
def office(database):
    return make.office("Kantor Wali Kota", desks=2)


@pytest.fixture
def booked(office):
    return make.request(make.service(at=[office]), office, channel=COUNTER, slot=LOST, now=NOW)


@pytest.fixture
def offered(booked):
    make.offer(booked, HELD, now=NOW)
    return booked


def again(request):
    return ServiceRequest.get_by_id(request.id)


def answer(request):
    return SlotOffer.select(SlotOffer.answer).where(SlotOffer.request == request.id).order_by(SlotOffer.id.desc()).scalar()


def events(request):
    return [what for (what,) in RequestEvent.select(RequestEvent.what).where(RequestEvent.request == request.id).order_by(RequestEvent.id).tuples()]


def letters(name):
    return list(Letter.select().where(Letter.name == name))


def calls_of_closure(request, state=TO_CALL, at=NOW):
    """The letter of an act on a closure to who has no e-mail, as its effect is kept."""
    key = f"request_closure {request.number} 1"
    outbox.promise("request_closure", outbox.Recipient(request.name, "", request.phone), {"number": request.number}, key=key, now=at)
    Letter.update(state=state).where(Letter.key == key).execute()
    offer = SlotOffer.get(SlotOffer.request == request.id)
    event = make.closures.ClosureEvent.get(make.closures.ClosureEvent.closure == offer.closure_id)
    return ClosureEffect.create(closure=offer.closure_id, event=event, request=request, at=at, facts={}, letter_key=key, revision=1)


def test_an_open_offer_names_what_was_lost_and_what_is_held(offered):
    offer = offers.of(offered)
    assert (offer.lost.starts_at, offer.lost.state, offer.held.starts_at, offer.held.state) == (LOST, DISPLACED, HELD, BOOKED)
    assert offer.office_before.name == "Kantor Wali Kota" and offer.closure.reason == "flood"


def test_who_accepts_keeps_the_held_slot_and_the_answer_has_its_trace(offered):
    offers.accept(offered, now=NOW, shown=HELD)
    assert answer(offered) == "accepted" and offers.of(offered) is None
    assert appointments.of(offered).starts_at == HELD
    assert events(offered)[-1] == "slot_accepted"
    assert AuditEntry.select().where(AuditEntry.act == "offer_accepted", AuditEntry.object_id == str(offered.id)).count() == 1


def test_accepting_twice_is_accepting_once(offered):
    for _ in range(2):
        offers.accept(offered, now=NOW, shown=HELD)
    assert events(offered).count("slot_accepted") == 1


def test_after_it_moved_again_the_newer_slot_counts_and_the_refusal_names_it(offered):
    newer = make.local("2020-09-25T10:00")
    SlotOffer.update(answer="replaced").execute()
    make.offer(offered, newer, now=NOW)
    with pytest.raises(Refused, match=r"sudah berpindah lagi.*2020-09-25"):
        offers.accept(offered, now=NOW, shown=HELD)
    assert answer(offered) == ""
    offers.accept(offered, now=NOW, shown=newer)
    assert answer(offered) == "accepted"


def test_a_page_that_showed_a_time_is_out_of_date_where_none_is_held_any_more(offered):
    SlotOffer.update(answer="replaced").execute()
    make.offer(offered, now=NOW)
    with pytest.raises(Refused, match="waktu baru belum ada"):
        offers.accept(offered, now=NOW, shown=HELD)
    with pytest.raises(Refused, match="Waktu baru belum ada"):
        offers.accept(offered, now=NOW)


def test_an_answer_comes_too_late_after_the_slot_and_after_the_end_of_the_request(offered):
    with pytest.raises(Refused, match="sudah lewat"):
        offers.accept(offered, now=HELD, shown=HELD)
    with pytest.raises(Refused, match="sudah lewat"):
        offers.switch(offered, ONLINE, now=HELD)
    handling.finish(offered, by=OFFICER, now=NOW)
    assert answer(offered) == "over"
    for act in (lambda: offers.accept(offered, now=NOW, shown=HELD), lambda: offers.switch(offered, "email", now=NOW)):
        with pytest.raises(Refused, match="sudah ditutup"):
            act()


def test_a_request_that_no_closure_touched_has_nothing_to_answer(booked):
    with pytest.raises(Refused, match="Janji temu Anda sekarang"):
        offers.accept(booked, now=NOW)
    with pytest.raises(Refused, match="Janji temu Anda sekarang"):
        offers.switch(booked, ONLINE, now=NOW)
    plain = make.request(booked.service, booked.office, now=NOW)
    with pytest.raises(Refused, match="Tidak ada waktu"):
        offers.accept(plain, now=NOW)


def test_who_goes_on_by_another_channel_gives_the_seat_back_and_keeps_the_number(offered):
    row = offers.switch(offered, ONLINE, now=NOW)
    assert (row.number, row.channel, row.clock_from, answer(row)) == (offered.number, ONLINE, NOW, "switched")
    assert appointments.of(row) is None and Appointment.select().where(Appointment.seat.is_null(False)).count() == 0
    assert row.due_on is not None and events(row)[-1] == "channel_changed"
    assert [each.email for each in letters("request_channel")] == [row.email]


def test_switching_twice_is_switching_once_and_after_accepting_it_is_still_possible(offered):
    offers.accept(offered, now=NOW, shown=HELD)
    for _ in range(2):
        offers.switch(offered, ONLINE, now=NOW)
    assert events(offered).count("channel_changed") == 1
    assert answer(offered) == "accepted"


@pytest.mark.parametrize("channel", ["email", "fax", ""])
def test_only_channels_that_work_are_taken_and_refused_the_slot_stays(offered, channel):
    with pytest.raises(Refused, match="belum dapat dilanjutkan") as refused:
        offers.switch(offered, channel, now=NOW)
    assert refused.value.field == "channel"
    assert appointments.of(offered).starts_at == HELD and answer(offered) == ""


def test_online_is_no_way_out_where_the_closure_takes_it_too(office, booked):
    closed = make.closure(office, now=NOW, online=False)
    make.offer(booked, HELD, of=closed, now=NOW)
    assert ONLINE in {each.channel for each in offers.ways(booked, now=NOW)}
    during = make.local("2020-09-21T09:00")
    assert ONLINE not in {each.channel for each in offers.ways(booked, now=during)}
    with pytest.raises(Refused, match="belum dapat"):
        offers.switch(booked, ONLINE, now=during)


def test_each_other_channel_is_offered_once_and_never_the_present_one(offered):
    found = [each.channel for each in offers.ways(offered, now=NOW)]
    assert COUNTER not in found and len(found) == len(set(found)) and ONLINE in found
    row = offers.switch(offered, ONLINE, now=NOW)
    assert COUNTER in {each.channel for each in offers.ways(row, now=NOW)}


def test_choosing_another_time_answers_the_offer_and_frees_the_held_seat(offered):
    other = make.local("2020-09-25T10:00")
    following.reschedule(offered, other, now=NOW)
    assert answer(offered) == "chosen" and appointments.of(offered).starts_at == other
    assert Appointment.select().where(Appointment.seat.is_null(False)).count() == 1
    with pytest.raises(Refused, match=r"Janji temu Anda sekarang.*2020-09-25"):
        offers.accept(offered, now=NOW, shown=HELD)  # the other tab


def test_choosing_the_held_time_from_the_list_accepts_it(offered):
    following.reschedule(offered, HELD, now=NOW)
    assert answer(offered) == "accepted" and appointments.of(offered).starts_at == HELD


@pytest.mark.parametrize(("act", "became"), [
    (lambda row: following.cancel(row, now=NOW), "over"),
    (lambda row: handling.refuse(row, "Di luar wilayah.", by=OFFICER, now=NOW), "over"),
    (lambda row: handling.change_channel(row, ONLINE, "Diminta lewat telepon.", by=OFFICER, now=NOW), "switched"),
    (lambda row: handling.came(row, by=OFFICER, now=HELD), "accepted"),
    (lambda row: handling.stayed_away(row, by=OFFICER, now=HELD + timedelta(hours=1)), "over"),
])  # fmt: skip
def test_what_else_becomes_of_the_request_settles_the_offer(offered, act, became):
    act(offered)
    assert answer(offered) == became and offers.of(offered) is None


def test_an_officers_page_that_is_out_of_date_answers_nothing(offered):
    with pytest.raises(Refused, match="berubah sejak"):
        offers.accept(offered, now=NOW, by=OFFICER, seen=0)
    with pytest.raises(Refused, match="berubah sejak"):
        following.reschedule(offered, make.local("2020-09-25T10:00"), now=NOW, by=OFFICER, seen=0)


@pytest.mark.parametrize("act", [
    lambda row: offers.accept(row, now=NOW, shown=HELD),
    lambda row: offers.switch(row, ONLINE, now=NOW),
    lambda row: following.reschedule(row, make.local("2020-09-25T10:00"), now=NOW),
    lambda row: following.cancel(row, now=NOW),
])  # fmt: skip
def test_who_answers_need_not_be_called_any_more(offered, act):
    calls_of_closure(offered)
    act(offered)
    assert [(each.state, each.reached_by) for each in letters("request_closure")] == [(REACHED, "warga")]


@pytest.mark.parametrize(("moment", "named"), [
    ("2020-09-19T09:00", 0), ("2020-09-21T23:00", 0), ("2020-09-22T00:30", 1), ("2020-09-23T08:00", 1), ("2020-09-24T08:59", 1), ("2020-09-24T09:00", 0),
])  # fmt: skip
def test_two_working_days_before_it_who_has_not_answered_is_named_although_there_is_an_address(offered, moment, named):
    at = make.local(moment)  # closed days count: the officers work at home
    assert offers.name_unanswered(now=at) == named
    found = letters("offer_unanswered")
    assert [(each.state, each.email, each.phone, each.office_id) for each in found] == [(TO_CALL, "", offered.phone, offered.office_id)] * named


def test_days_without_work_do_not_count_as_notice(booked):
    make.offer(booked, make.local("2020-09-29T09:00"), now=NOW)  # a Tuesday: Friday and Monday are the two working days
    assert offers.name_unanswered(now=make.local("2020-09-24T20:00")) == 0
    assert offers.name_unanswered(now=make.local("2020-09-25T00:10")) == 1


def test_it_is_named_once_an_offer(offered):
    at = make.local("2020-09-22T08:00")
    assert [offers.name_unanswered(now=at + timedelta(minutes=each)) for each in (0, 5, 10)] == [1, 0, 0]
    letter = letters("offer_unanswered")[0]
    outbox.reached(letter, note="", by=OFFICER, now=at)
    assert offers.name_unanswered(now=at + timedelta(hours=1)) == 0
    offers.accept(offered, now=at, shown=HELD)
    assert letters("offer_unanswered")[0].reached_by == "Sari"


def test_without_a_telephone_a_reminder_goes_by_mail(office):
    request = make.request(make.service(at=[office]), office, channel=COUNTER, slot=LOST, phone="", now=NOW)
    make.offer(request, HELD, now=NOW)
    assert offers.name_unanswered(now=make.local("2020-09-23T08:00")) == 1
    assert [(each.state, each.email) for each in letters("offer_unanswered")] == [(WAITS, request.email)]


@pytest.mark.parametrize("state", [TO_CALL, REACHED])
def test_who_stands_on_the_call_list_already_or_was_told_there_is_not_named_again(offered, state):
    calls_of_closure(offered, state)
    assert offers.name_unanswered(now=make.local("2020-09-23T08:00")) == 0


def test_a_call_about_an_earlier_closure_does_not_stand_for_this_one(offered):
    calls_of_closure(offered, REACHED, at=NOW - timedelta(days=5))
    assert offers.name_unanswered(now=make.local("2020-09-23T08:00")) == 1


def test_who_has_answered_or_has_no_slot_yet_is_not_named(office, booked):
    unheld = make.request(booked.service, office, channel=COUNTER, slot=LOST, now=NOW)
    offer = make.offer(booked, HELD, now=NOW)
    make.offer(unheld, of=offer.closure, now=NOW)
    offers.accept(booked, now=NOW, shown=HELD)
    assert offers.name_unanswered(now=make.local("2020-09-23T08:00")) == 0


def test_the_answers_of_a_days_appointments_are_asked_at_once(office, offered):
    other = make.request(offered.service, office, channel=COUNTER, slot=HELD, now=NOW)
    held = [appointments.of(offered), appointments.of(other)]
    assert offers.answers(held) == {held[0].id: ""}
    offers.accept(offered, now=NOW, shown=HELD)
    assert offers.answers(held) == {held[0].id: "accepted"}
    assert offers.answers([]) == {}


def test_who_left_neither_address_nor_telephone_cannot_be_named(booked):
    make.offer(booked, HELD, now=NOW)
    ServiceRequest.update(email="", phone="").execute()
    assert offers.name_unanswered(now=make.local("2020-09-23T08:00")) == 0


def test_three_answers_at_the_same_moment_leave_one_seat_or_none_and_one_answer(shared):
    office = make.office("Kantor Wali Kota", desks=2)
    row = make.request(make.service(at=[office]), office, channel=COUNTER, slot=LOST, now=NOW)
    make.offer(row, HELD, now=NOW)
    ended = at_once(lambda: offers.accept(row, now=NOW, shown=HELD), lambda: offers.switch(row, ONLINE, now=NOW),
                    lambda: following.reschedule(row, make.local("2020-09-25T10:00"), now=NOW))  # fmt: skip
    assert set(ended) <= {"done", "refused"} and "done" in ended
    seats = Appointment.select().where(Appointment.seat.is_null(False)).count()
    assert seats == (again(row).channel == COUNTER) and answer(row) in ("accepted", "switched", "chosen")


def test_the_worker_names_nobody_who_answers_at_that_moment_and_nobody_twice(shared):
    office = make.office("Kantor Wali Kota", desks=2)
    row = make.request(make.service(at=[office]), office, channel=COUNTER, slot=LOST, now=NOW)
    make.offer(row, HELD, now=NOW)
    at = make.local("2020-09-23T08:00")
    name = lambda: offers.name_unanswered(now=at)  # noqa: E731
    assert at_once(name, name, lambda: offers.accept(row, now=at, shown=HELD)) == ["done"] * 3
    assert answer(row) == "accepted" and all(each.state != TO_CALL for each in letters("offer_unanswered"))
