"""Slots at a counter: cut from the hours in which it serves, as many seats as there are, none of them sold twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import db, policies
from portal.offices import board, calendars, closures
from portal.services import appointments, following, handling, requests
from portal.services.appointments import Taken
from portal.services.models import Appointment, ServiceRequest
from tests import make
from tests.services.booking import Rush

NOW = make.local("2020-09-18T07:00")  # Friday
MONDAY = date(2020, 9, 21)
OFFICER = make.Actor("Sari Petugas", 1)


class Counter:
    """An office with a counter and a service."""

    def __init__(self, hours="Mo-Fr 08:00-10:00", **facts):
        self.office = make.office(opening=hours, **{"desks": 1, "region": make.region("31").code, **facts})
        self.service = make.service(at=[self.office])

    def free(self, now=NOW, **facts):
        return appointments.free(self.service, self.office, now=now, **facts)

    def times(self, now=NOW, **facts):
        zone = ZoneInfo(self.office.timezone)
        return [slot.starts_at.astimezone(zone).strftime("%d %H.%M") for slot in self.free(now, **facts)]

    def request(self, slot=None, now=NOW, **facts):
        asked = make.asked(self.service, self.office, channel="counter", slot=slot, filed_by=None if slot else make.person(), **facts)
        return requests.submit(asked, now=now)


@pytest.fixture
def counter(database):
    return Counter()


def rule(kind, value, first=date(2020, 1, 1), **scope):
    policies.set_policy(kind, value, name=kind, legal_basis="SE 1", first_day=first, **scope, **make.ACT)


def long(minutes, days=14, **facts):
    rule(policies.APPOINTMENTS, {"minutes": minutes, "days": days}, **facts)


def test_slots_fill_the_hours_of_the_counter_from_the_next_moment_on(counter):
    long(30, days=3)
    assert counter.times() == ["18 08.00", "18 08.30", "18 09.00", "18 09.30", "21 08.00", "21 08.30", "21 09.00", "21 09.30"]
    assert counter.times(make.local("2020-09-18T08:30"))[0] == "18 09.00"
    assert counter.times(make.local("2020-09-18T08:29:59"))[0] == "18 08.30"


def test_slots_of_a_later_day_on_and_no_more_than_asked(counter):
    long(60)
    assert counter.times(first=MONDAY, most=3) == ["21 08.00", "21 09.00", "22 08.00"]
    assert counter.free(first=date(2021, 1, 1)) == []


def test_a_slot_that_does_not_fit_before_closing_time_is_none(database):
    long(45, days=0)
    assert Counter("Fr 08:00-10:00").times() == ["18 08.00", "18 08.45"]


def test_a_day_has_the_same_slots_from_wherever_one_looks(database):
    long(37, days=3)
    counter = Counter("Mo-Su 00:00-24:00")
    whole = counter.free(most=10_000)
    assert counter.free(most=10_000, first=MONDAY) == [slot for slot in whole if slot.starts_at >= make.local("2020-09-21T00:00")]
    counter.request(whole[-1].starts_at)


def test_holidays_special_and_reduced_hours_and_closures_take_slots_away(counter):
    long(60, days=7)
    calendars.add_regional(date(2020, 9, 21), "Libur", make.region("31"), **make.ACT)
    calendars.set_special_hours(counter.office, date(2020, 9, 22), date(2020, 9, 22), "09:00-11:00", "Rapat", **make.ACT)
    make.reduced_hours("08:00-09:00", date(2020, 9, 23), date(2020, 9, 23))
    make.closure(counter.office, first="2020-09-24", days=1, now=NOW)
    assert counter.times() == ["18 08.00", "18 09.00", "22 09.00", "22 10.00", "23 08.00", "25 08.00", "25 09.00"]


def test_a_closure_of_this_service_alone_takes_its_slots_and_nobody_elses(counter):
    long(60, days=3)
    other = make.service(at=[counter.office])
    make.closure(counter.office, first="2020-09-21", days=1, services=(counter.service.slug,), now=NOW)
    assert counter.times() == ["18 08.00", "18 09.00"]
    assert len(appointments.free(other, counter.office, now=NOW)) == 4


def test_a_slot_that_a_closure_gives_back_can_be_booked_again(counter):
    closure = make.closure(counter.office, first="2020-09-18", days=1, now=NOW)
    assert not any(each.startswith("18") for each in counter.times())
    closures.withdraw(closure, reason="Keliru", by="kepala", now=NOW)
    assert counter.times()[0] == "18 08.00"


@pytest.mark.parametrize(
    ("desks", "headcount", "percent", "seats", "said"),
    [(3, None, None, 3, "3 meja."), (None, None, None, 1, "1 meja, karena jumlah meja kantor ini belum diisi."),
     (4, 100, 25, 4, "25% dari 100 pegawai adalah 25; meja ada 4."),
     (10, 20, 25, 5, "25% dari 20 pegawai adalah 5; meja ada 10."), (3, 2, 25, 1, "25% dari 2 pegawai adalah 1; meja ada 3."), (3, None, 25, 3, "3 meja.")],
)  # fmt: skip
def test_the_seats_of_a_counter_are_its_desks_and_what_the_cap_leaves_in_one_line(database, desks, headcount, percent, seats, said):
    office = make.office(desks=desks, headcount=headcount)
    if percent:
        rule(policies.CAPACITY_CAP, {"percent": percent})
    found = appointments.capacity(office, MONDAY)
    assert (found.seats, str(found.reason)) == (seats, said)


def test_a_cap_that_begins_next_week_holds_from_then_on(database):
    counter = Counter(desks=4, headcount=8)
    rule(policies.CAPACITY_CAP, {"percent": 25}, MONDAY)
    assert {(slot.starts_at.date(), slot.free) for slot in counter.free(most=9)} == {(date(2020, 9, 18), 4), (MONDAY, 2)}


def test_a_slot_is_sold_as_often_as_it_has_seats_and_then_the_next_ones_are_told(database):
    counter = Counter(desks=2)
    slot = counter.free()[0].starts_at
    seats = [Appointment.get(Appointment.request == counter.request(slot)).seat for _ in range(2)]
    assert seats == [1, 2]
    with pytest.raises(Taken) as taken:
        counter.request(slot)
    assert [each.starts_at for each in taken.value.slots] == [slot + timedelta(minutes=15 * count) for count in (1, 2, 3)]
    assert taken.value.field == "slot" and "2020-09-18 08:15" in str(taken.value.sentence)
    assert ServiceRequest.select().count() == 2


def test_after_the_last_slot_the_first_free_ones_are_told_and_with_none_that_there_is_none(database):
    long(120, days=3)
    counter = Counter()
    first, last = [slot.starts_at for slot in counter.free()]
    counter.request(last)
    with pytest.raises(Taken) as taken:
        counter.request(last)
    assert [slot.starts_at for slot in taken.value.slots] == [first]
    counter.request(first)
    with pytest.raises(Taken, match="belum ada jadwal lain") as taken:
        counter.request(first)
    assert taken.value.slots == []


@pytest.mark.parametrize("slot", [make.local("2020-09-18T08:07"), make.local("2020-09-18T06:00"), make.local("2020-09-19T08:00"),
                                  make.local("2030-01-01T08:00"),
                                  make.local("2020-09-17T08:00"), datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)])  # fmt: skip
def test_what_is_no_slot_cannot_be_booked(counter, slot):
    with pytest.raises(Taken):
        counter.request(slot)
    assert Appointment.select().count() == 0


def test_a_seat_that_is_given_back_is_free_for_others_and_stays_on_record(counter):
    slot = counter.free()[0].starts_at
    first = counter.request(slot)
    following.cancel(first, now=NOW)
    assert counter.free()[0].starts_at == slot
    second = counter.request(slot)
    assert [(each.request, each.seat, each.state) for each in Appointment.select().order_by(Appointment.id)] == [
        (first, None, "called_off"),
        (second, 1, "booked"),
    ]


def test_slots_of_another_length_do_not_overlap_what_was_booked_before(counter):
    long(30, last_day=date(2020, 9, 18))
    counter.request(counter.free()[1].starts_at)  # 08.30 to 09.00
    long(20, office_id=counter.office.id)
    assert counter.times(most=5) == ["18 08.00", "18 09.00", "18 09.20", "18 09.40", "21 08.00"]


def test_the_register_of_a_day_holds_who_is_awaited_came_or_stayed_away_and_who_walked_in(counter):
    slots = [slot.starts_at for slot in counter.free()[:4]]
    awaited, came, missed, cancelled = (counter.request(slot) for slot in slots)
    handling.came(came, by=OFFICER, now=slots[1])
    handling.stayed_away(missed, by=OFFICER, now=slots[2] + timedelta(minutes=20))
    following.cancel(cancelled, now=NOW)
    walked = counter.request(now=slots[0], origin="door")
    counter.request(now=slots[0], origin="phone")
    counter.request(now=slots[0] + timedelta(days=1), origin="door")
    assert [each.request for each in appointments.of_day(counter.office, date(2020, 9, 18))] == [awaited, came, missed]
    assert appointments.walk_ins(counter.office, date(2020, 9, 18)) == [walked]
    assert appointments.of_day(counter.office, MONDAY) == appointments.walk_ins(counter.office, MONDAY) == []
    assert appointments.of_day(make.office(), date(2020, 9, 18)) == []


def test_of_forty_who_want_five_slots_at_once_five_win_and_the_others_are_told_the_next(shared):
    assert "5 won, 35 were told" in Rush(people=40, slots=5).verdict()


_HOURS = st.sampled_from(["08:00-12:00", "08:00-08:10", "07:30-11:45,12:30-16:00", "00:00-24:00", "off"])
_EDGES = st.integers(0, 7 * 24 * 4).map(lambda quarters: make.local("2020-09-17T00:00") + timedelta(minutes=15 * quarters))
_CLOSED = st.lists(st.tuples(_EDGES, st.integers(1, 300), st.booleans()), max_size=3)


@settings(max_examples=30)
@given(
    hours=st.lists(_HOURS, min_size=7, max_size=7), closed=_CLOSED, at=_EDGES, minutes=st.integers(5, 200), desks=st.integers(1, 3), booked=st.integers(0, 6)
)
def test_no_slot_has_begun_lies_in_a_closure_runs_past_closing_time_or_has_more_seats_than_there_are(database, hours, closed, at, minutes, desks, booked):
    with db.database.atomic() as example:
        week = "; ".join(f"{day} {its}" for day, its in zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), hours, strict=True))
        counter = Counter(week, desks=desks)
        long(minutes, days=3, office_id=counter.office.id)
        for starts, length, is_single in closed:
            ends = starts + timedelta(minutes=15 * length)
            of = (counter.service.slug,) if is_single else ()
            closures.declare(closures.Plan([counter.office], "flood", starts, ends, services=of), by="kepala", now=make.local("2020-09-17T00:00"))
        for slot in counter.free(at)[:booked]:
            counter.request(slot.starts_at, now=at)
        _assert_sound(counter, counter.free(at, most=10_000), at, closed, timedelta(minutes=minutes), desks)
        example.rollback()


def _assert_sound(counter, slots, at, closed, length, desks):
    picture = board.paint([counter.office.root_id], at, at + timedelta(days=5))
    node = picture.nodes[counter.office.id]
    for slot in slots:
        assert slot.starts_at > at and slot.ends_at - slot.starts_at == length
        assert not any(starts < slot.ends_at and slot.starts_at < starts + timedelta(minutes=15 * quarters) for starts, quarters, _ in closed)
        for moment in (slot.starts_at, slot.starts_at + length / 2, slot.ends_at - timedelta(seconds=1)):
            assert picture.condition(node, moment).channels.counter
        held = Appointment.select().where(Appointment.office == counter.office, Appointment.starts_at == slot.starts_at).count()
        assert 0 < slot.free == desks - held
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(slots))
