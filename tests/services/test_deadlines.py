"""Working days counted: against a slow model, and kept true whatever becomes of a closure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import continuity
from portal.offices import calendars, hours
from portal.offices.models import Holiday, SpecialHours
from portal.services import deadlines, following, handling
from portal.services.models import ServiceRequest
from tests import make

FIRST = date(2020, 12, 28)  # the New Year falls into every count
DAY = timedelta(days=1)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
minutes = st.integers(-3 * 1440, 12 * 1440)


class Windows:
    """Closures of one office, each from a minute to a minute."""

    def __init__(self, windows, zone):
        start = datetime.combine(FIRST, time(), zone)
        self.windows = [(id, start + timedelta(minutes=first), start + timedelta(minutes=first + length)) for id, (first, length) in enumerate(windows)]

    def between(self, office, begins, ends):
        return {id: "flood" for id, since, until in self.windows if since < ends and until > begins}


def slowly(week, holidays, specials, windows, waited, zone, first, working_days):
    """The last day on time, a day and a minute at a time; none within a hundred days."""
    number = 0
    for offset in range(1, 100):
        day = first + offset * DAY
        intervals = specials.get(day, [] if day in holidays else week[day.weekday()])
        midnight = datetime.combine(day, time(), zone)
        at_work = [midnight + timedelta(minutes=minute) for begins, ends in intervals for minute in range(begins, ends)]
        is_shut = any(since <= moment < until for moment in at_work for _, since, until in windows.windows)
        if at_work and not is_shut and not any(since <= day <= until for since, until in waited):
            number += 1
            if number == working_days:
                return day
    return None


@settings(max_examples=50)
@given(st.data())
def test_a_count_ends_on_the_day_that_a_patient_clerk_would_find(data: st.DataObject):
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    usual = st.sampled_from([[(480, 960)], [(480, 720), (780, 960)], [(480, 690)], []])
    week = [*data.draw(st.lists(usual, min_size=5, max_size=5)), [], []]
    days = st.integers(0, 12).map(lambda offset: FIRST + offset * DAY)
    holidays = {date(2021, 1, 1), *data.draw(st.sets(days, max_size=2))}
    specials = data.draw(st.dictionaries(days, usual, max_size=2))
    windows = Windows(data.draw(st.lists(st.tuples(minutes, st.sampled_from([1, 30, 240, 720, 1440, 4320])), max_size=3)), zone)
    start = datetime.combine(FIRST, time(), zone) + timedelta(minutes=data.draw(st.integers(0, 3 * 1440)))
    now = start + timedelta(minutes=data.draw(st.integers(0, 8 * 1440)))
    begun = sorted(data.draw(st.lists(st.integers(0, 6 * 1440), max_size=2)))
    pauses = [
        (start + timedelta(minutes=each), None if each == begun[-1] and data.draw(st.booleans()) else now)
        for each in begun
        if start + timedelta(minutes=each) <= now
    ]
    wanted = data.draw(st.integers(1, 6))
    weekly = hours.Weekly(tuple(tuple(each) for each in week))
    dated = tuple(hours.Special(day, day, tuple(its), "") for day, its in specials.items())
    calendars = deadlines.Calendars({1: hours.Timetable(weekly, zone, dict.fromkeys(holidays, "Libur"), dated)}, windows)
    count = calendars.count(1, start.astimezone(UTC), wanted, pauses, now=now)
    waited = [(since.astimezone(zone).date(), (until or now).astimezone(zone).date()) for since, until in pauses]
    found = slowly(week, holidays, specials, windows, waited, zone, start.date(), wanted)
    assert count.due_on == calendars.due(1, start.astimezone(UTC), wanted, pauses, now=now) == found
    assert count.without_pauses == (slowly(week, holidays, specials, Windows([], zone), [], zone, start.date(), wanted) if found else None)
    if found is not None:
        assert [day.day for day in count.days] == [start.date() + offset * DAY for offset in range((found - start.date()).days + 1)]
        assert [day.number for day in count.days if day.number] == list(range(1, wanted + 1))


@pytest.fixture
def office(database):
    return make.office()


def asked(office, working_days=5, moment="2020-09-18T09:00"):
    return make.request(make.service(at=[office], working_days=working_days), office, now=make.local(moment))


def kept(request) -> date | None:
    return ServiceRequest.get_by_id(request.id).due_on


def test_every_change_of_a_closure_moves_the_day_that_is_kept_and_taking_it_back_undoes_it(office):
    request, act = asked(office), {"by": "kepala", "reason": "banjir"}
    assert kept(request) == date(2020, 9, 25)  # a Friday, five working days after a Friday
    closure = continuity.close(make.plan(office), by="kepala", now=make.NOW)
    assert kept(request) == date(2020, 9, 29)  # Monday and Tuesday do not count
    continuity.extend(closure, make.local("2020-09-24T00:00"), now=make.NOW, **act)
    assert kept(request) == date(2020, 9, 30)
    continuity.shorten(closure, make.local("2020-09-22T00:00"), now=make.NOW, **act)
    assert kept(request) == date(2020, 9, 28)
    continuity.withdraw(closure, now=make.NOW, **act)
    assert kept(request) == date(2020, 9, 25)


def test_an_office_without_a_day_of_reopening_owes_no_day_and_owes_one_again_once_it_opens(office):
    request = asked(office)
    closure = continuity.close(make.plan(office, days=None), by="kepala", now=make.NOW)
    assert kept(request) is None
    assert deadlines.counted(ServiceRequest.get_by_id(request.id), now=make.NOW).due_on is None
    continuity.reopen(closure, reason="surut", by="kepala", now=make.local("2020-09-23T06:00"))
    assert kept(request) == date(2020, 9, 29)  # Wednesday, the day of reopening, counts: it opened before its hours


@pytest.mark.parametrize(("starts", "ends", "due"), [
    ("2020-09-21T12:00", "2020-09-21T20:00", date(2020, 9, 28)),  # half a day is no working day
    ("2020-09-21T16:00", "2020-09-22T08:00", date(2020, 9, 25)),  # while nobody works anyway
])  # fmt: skip
def test_a_day_pauses_where_a_closure_takes_part_of_its_hours(office, starts, ends, due):
    request = asked(office)
    plan = replace(make.plan(office), starts_at=make.local(starts), ends_at=make.local(ends), is_whole_days=False)
    continuity.close(plan, by="kepala", now=make.NOW)
    assert kept(request) == due


def test_a_closure_of_one_service_pauses_nobodys_working_days(office):
    request = asked(office)
    continuity.close(make.plan(office, services=(request.service.slug,)), by="kepala", now=make.NOW)
    assert kept(request) == date(2020, 9, 25)


def test_holidays_and_special_days_of_the_office_are_kept_and_named(office):
    Holiday.create(day=date(2020, 9, 21), name="Hari Kota")
    SpecialHours.create(office=office, first_day=date(2020, 9, 19), last_day=date(2020, 9, 19), hours="08:00-12:00", note="Buka Sabtu")
    request = asked(office)
    count = deadlines.counted(request, now=make.NOW)
    assert count.due_on == request.due_on == date(2020, 9, 25)  # Saturday in place of Monday
    assert [(day.kind, day.why) for day in count.days[1:4]] == [("counts", ""), ("off", ""), ("off", "Hari Kota")]


def test_a_holiday_that_is_declared_later_moves_the_deadlines_that_run(office):
    request, keeper = asked(office), deadlines.Keeper()
    closed = handling.refuse(asked(office), "Bukan wilayah kami.", by=make.Actor("Petugas", make.person().id), now=make.NOW)
    keeper.look(now=make.NOW)
    assert kept(request) == kept(closed) == date(2020, 9, 25)
    calendars.add_national([calendars.Found(date(2020, 9, 21), "Cuti bersama", False)], **make.ACT)
    assert keeper.look(now=make.NOW) == 1
    assert kept(request) == deadlines.counted(request, now=make.NOW).due_on == date(2020, 9, 28)
    assert kept(closed) == date(2020, 9, 25)  # what was promised when it ended stands
    ServiceRequest.update(due_on=None).where(ServiceRequest.id == request.id).execute()
    assert keeper.look(now=make.NOW) == 0  # nothing has changed since, and nothing is asked


def test_the_calendar_of_the_office_counts_and_not_that_of_the_portal(database):
    """It is still Friday in Jakarta, and Saturday in Jayapura."""
    moment = datetime(2020, 9, 18, 16, tzinfo=UTC)
    east, west = (make.office(timezone=zone, opening="Mo-Sa 08:00-12:00") for zone in ("Asia/Jayapura", "Asia/Jakarta"))
    late, early = (make.request(make.service(at=[each], working_days=1), each, now=moment) for each in (east, west))
    assert (early.due_on, late.due_on) == (date(2020, 9, 19), date(2020, 9, 21))
    assert deadlines.counted(late, now=moment).days[0].day == date(2020, 9, 19)


def test_days_in_which_the_citizen_is_waited_for_do_not_count(office):
    request, by = asked(office), make.Actor("Petugas", make.person().id)
    handling.ask(request, "Foto KTP kurang jelas.", by=by, now=make.local("2020-09-21T10:00"))
    following.write(request, "Ini fotonya.", now=make.local("2020-09-22T20:00"))
    assert kept(request) == date(2020, 9, 29)


def test_one_old_request_takes_no_closure_from_the_count_of_a_new_one(office):
    asked(office, moment="2017-09-18T09:00")
    request = asked(office)
    continuity.close(make.plan(office), by="kepala", now=make.NOW)
    assert kept(request) == date(2020, 9, 29)
