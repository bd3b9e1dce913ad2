"""The counter's day: who is expected, who came, who stayed away, and who walks in."""

import re
from datetime import date

import pytest

from portal import clock, policies
from portal.people import roles
from portal.services import appointments
from portal.services.models import Appointment, RequestEvent, ServiceRequest
from tests import make
from tests.house.test_queries import queries
from tests.views.reading import Reading
from tests.views.serving import Desk
from tests.views.staff import Browser, person

TODAY = "/loket/janji/2020-09-22"


@pytest.fixture
def desk(app, world, at):
    at("2020-09-22T07:00+07:00")
    made = Desk(app)
    made.office.desks = 2
    made.office.save()
    return made


def booked(desk, hour="09:00", **facts):
    slot = make.local(f"2020-09-22T{hour}")
    return desk.request(channel="counter", slot=slot, **facts)


def words(answer):
    assert answer.status_code in (200, 422)
    return Reading(answer.text).words


def attend(desk, row, act, browser=None):
    return (browser or desk.browser).post(f"/loket/janji/{row.number}/{act}?hari=2020-09-22")


def walk_in(desk, browser=None, kantor="", **fields):
    usual = {"service": desk.service.slug, "name": "Mbah Karto", "submission_key": "satu"}
    return (browser or desk.browser).post(TODAY + (f"?kantor={kantor}" if kantor else ""), {**usual, **fields})


def test_the_day_shows_the_appointments_by_time_with_hours_and_capacity_in_one_line(desk):
    policies.set_policy(policies.CAPACITY_CAP, {"percent": 25}, name="Batas", legal_basis="SE", first_day=date(2020, 1, 1), **make.ACT)
    late, early = booked(desk, "10:00", name="Pak Tono"), booked(desk, "09:00", name="Bu Siti")
    said = words(desk.browser.get("/loket/janji"))
    assert "2 janji temu" in said and "Hari ini, Selasa, 22 September" in said
    assert "Melayani 08.00–16.00. 2 orang sekaligus: 2 meja." in said
    assert said.index("Bu Siti") < said.index("Pak Tono")
    assert early.number in said and late.number in said and late.phone not in said


def test_other_days_are_reached_by_links_and_by_a_form(desk):
    page = desk.browser.get("/loket/janji")
    assert "/loket/janji/2020-09-21" in page.text and "/loket/janji/2020-09-23" in page.text
    answer = desk.browser.get("/loket/janji?hari=2020-09-24&kantor=" + desk.office.slug)
    assert answer.status_code == 303
    assert "Tidak ada janji temu" in words(desk.browser.get(answer.location))
    assert 'id="catat"' not in desk.browser.get(answer.location).text


def test_a_day_on_which_the_counter_is_closed_says_so(desk):
    make.closure(desk.office, first="2020-09-23", days=1, now=clock.now())
    assert "Tidak melayani tatap muka pada hari ini." in words(desk.browser.get("/loket/janji/2020-09-23"))


def test_who_came_is_recorded_and_the_working_days_begin(desk, at):
    row = booked(desk)
    answer = attend(desk, row, "datang")
    assert answer.status_code == 303
    assert f"Kedatangan pemohon {row.number} dicatat." in words(desk.browser.get(answer.location))
    assert ServiceRequest.get_by_id(row.id).clock_from == clock.now()
    assert "/datang?" not in desk.browser.get(TODAY).text


def test_who_stays_away_is_recorded_once_the_time_has_come(desk, at):
    row = booked(desk)
    assert "/tidak-datang?" not in desk.browser.get(TODAY).text
    at("2020-09-22T09:20+07:00")
    desk.browser = desk.of(desk.officer)
    assert "/tidak-datang?" in desk.browser.get(TODAY).text
    assert attend(desk, row, "tidak-datang").status_code == 303
    assert Appointment.get().state == "missed"
    assert "Tidak datang" in words(desk.browser.get(TODAY))


def test_what_cannot_be_recorded_is_said_on_the_page_of_the_day(desk):
    answer = attend(desk, booked(desk), "tidak-datang")
    assert answer.status_code == 422
    assert "Tidak ada janji temu yang sudah lewat" in words(answer) and "1 janji temu" in words(answer)
    assert RequestEvent.select().where(RequestEvent.what == "stayed_away").count() == 0


def test_who_walks_in_is_recorded_with_name_and_service_alone_and_has_come(desk):
    answer = walk_in(desk)
    assert answer.status_code == 303
    row = ServiceRequest.get()
    assert (row.name, row.origin, row.channel, row.state, row.clock_from, row.filed_by) == (
        "Mbah Karto",
        "door",
        "counter",
        "in_progress",
        clock.now(),
        desk.officer,
    )
    said = words(desk.browser.get(answer.location))
    assert f"Permohonan {row.number} dicatat." in said and "1 datang tanpa janji" in said


def test_a_walk_in_sent_twice_is_one(desk):
    assert [walk_in(desk).status_code for _ in range(2)] == [303, 303]
    assert ServiceRequest.select().count() == 1
    walk_in(desk, submission_key="dua")
    assert ServiceRequest.select().count() == 2


@pytest.mark.parametrize(("field", "value"), [("service", ""), ("service", "tidak-ada"), ("name", ""), ("name", "\u202e"), ("phone", "abc")])
def test_a_walk_in_that_is_refused_keeps_what_was_typed(desk, field, value):
    answer = walk_in(desk, description="KTP hilang", **{field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and 'value="KTP hilang"' in answer.text and 'value="satu"' in answer.text
    assert ServiceRequest.select().count() == 0


def test_a_service_without_a_counter_is_not_offered(desk):
    online = make.service("Hanya daring", at=[desk.office], channels=["online"])
    assert "Hanya daring" not in words(desk.browser.get(TODAY))
    assert walk_in(desk, service=online.slug).status_code == 422


def test_the_units_below_are_reached_and_offices_of_others_are_not(desk):
    booked(desk)
    assert desk.browser.get(f"{TODAY}?kantor={desk.unit.slug}").status_code == 200
    assert walk_in(desk, kantor=desk.unit.slug).status_code == 303
    assert ServiceRequest.select().order_by(ServiceRequest.id.desc()).get().office == desk.unit
    for address in (f"{TODAY}?kantor={desk.other.slug}", f"{TODAY}?kantor=tidak-ada", f"/loket/janji?kantor={desk.other.slug}"):
        assert desk.browser.get(address).status_code == 404
    assert walk_in(desk, kantor=desk.other.slug).status_code == 404
    assert ServiceRequest.select().where(ServiceRequest.office == desk.other.id).count() == 0


def test_officers_of_other_offices_see_and_record_nothing_here(desk):
    row, stranger = booked(desk, name="Bu Siti"), desk.of(desk.stranger)
    assert "Bu Siti" not in words(stranger.get(TODAY))
    assert stranger.get(f"{TODAY}?kantor={desk.office.slug}").status_code == 404
    assert attend(desk, row, "datang", stranger).status_code == 404
    assert walk_in(desk, stranger, desk.office.slug).status_code == 404
    assert ServiceRequest.get_by_id(row.id).clock_from is None


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.EMPLOYEE, roles.GUARD, roles.SUPERVISOR])
def test_nobody_else_sees_the_counter(desk, role):
    browser, row = Browser(desk.app, person(role)), booked(desk)
    assert browser.get("/loket/janji").status_code == browser.get(TODAY).status_code == 403
    assert walk_in(desk, browser).status_code == attend(desk, row, "datang", browser).status_code == 403


def test_who_answers_for_all_offices_names_one_first(desk):
    browser = Browser(desk.app, person(roles.ADMIN))
    assert "Pilih kantor" in words(browser.get("/loket/janji")) and "Pilih kantor" in words(browser.get(TODAY))
    assert browser.post(TODAY, {"name": "A"}).status_code == 404
    assert desk.office.name in words(browser.get(f"/loket/janji?kantor={desk.office.slug}"))


@pytest.mark.parametrize("day", ["2020-13-01", "kemarin", "0001-01-01", "9999-12-31", "20200922", "2020-W39-2"])
def test_what_is_no_day_is_not_found(desk, day):
    assert desk.browser.get(f"/loket/janji/{day}").status_code == 404


def test_an_unknown_act_or_number_is_not_found(desk):
    assert attend(desk, booked(desk), "terbang").status_code == 404
    assert desk.browser.post("/loket/janji/7KQ4-M2XT-9BD/datang?hari=2020-09-22").status_code == 404


def test_the_page_asks_the_same_few_questions_however_many_come(desk):
    booked(desk)
    walk_in(desk)
    few = len(queries(desk.browser.client, TODAY))
    for count, slot in enumerate(appointments.free(desk.service, desk.office, now=clock.now(), most=9)):
        desk.request(channel="counter", slot=slot.starts_at)
        walk_in(desk, submission_key=f"k{count}")
    many = queries(desk.browser.client, TODAY)
    assert len(many) <= few <= 20, "\n".join(many)
    assert len(re.findall("/datang\\?", desk.browser.get(TODAY).text)) == 10
