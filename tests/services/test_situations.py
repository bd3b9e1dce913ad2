"""Many services, or many offices, are asked for at once, and say the same as one by one."""

import pytest

from portal.offices import places
from portal.offices.closures import Detour
from portal.offices.models import Holiday, Office
from portal.services import boxes, routing, situations
from portal.services.models import BoxService, ServiceOffice
from tests import make
from tests.house.test_queries import counted

OPEN, NIGHT, CLOSED = make.local("2020-09-17T09:00"), make.local("2020-09-17T23:00"), make.local("2020-09-21T09:00")


@pytest.fixture
def town(database):
    """Four offices near each other: one with boxes and a closure that diverts to the third, one far away, one without a place."""
    near = [make.office(f"Kantor {number}", kind="kantor", lat=-6 - number / 100, lon=106.8, region=make.region("31.71").code) for number in range(3)]
    far, nowhere = make.office("Jauh", kind="kantor", lat=-8, lon=112), make.office("Entah", kind="kantor", region=make.region("31.71").code)
    box = places.add_drop_box(near[0], "lobi", "24/7", **make.ACT)
    places.add_drop_box(near[0], "pos", "Mo-Fr 08:00-12:00", **make.ACT)
    counter = make.service("Rekam", kinds=["kantor"], channels=["counter"])
    paper = make.service("Legalisir", kinds=["kantor"], channels=["counter", "dropbox"])
    named = make.service("Khusus", at=[near[0], near[2]], channels=["counter", "email"])
    ServiceOffice.create(service=counter, office=near[1], is_given=False)
    boxes.take_only(box, [counter], **make.ACT)
    make.closure(near[0], online=True, dropbox=True, detours=[Detour(near[2], service=named.slug), Detour(place="Tenda")])
    make.closure(near[2], services=(paper.slug,))
    return [*near, far, nowhere], [counter, paper, named]


@pytest.mark.parametrize("at", [OPEN, NIGHT, CLOSED])
def test_all_services_of_an_office_at_once_are_as_one_by_one(town, at):
    offices, services = town
    for office in offices:
        assert situations.ways_at(services, office, at) == {service.id: situations.ways(service, office, at) for service in services}


@pytest.mark.parametrize("at", [OPEN, NIGHT, CLOSED])
def test_one_service_at_many_offices_is_as_one_by_one(town, at):
    offices, services = town
    for service in services:
        assert situations.ways_among(service, offices, at) == {office.id: situations.ways(service, office, at) for office in offices}


def test_an_office_that_does_not_give_the_service_is_never_named_although_its_kind_does(town):
    offices, (counter, *_) = town
    slugs = {way.spot.slug for way in situations.ways(counter, offices[0], CLOSED)}
    assert offices[1].slug not in slugs
    assert offices[2].slug in slugs


def test_nothing_asked_is_nothing_found(town):
    offices, services = town
    assert situations.ways_at([], offices[0], OPEN) == {}
    assert situations.ways_among(services[0], [], OPEN) == {}


@pytest.mark.parametrize("at", [OPEN, NIGHT, CLOSED])
def test_the_questions_do_not_grow_with_services_and_offices(town, at):
    offices, services = town
    with counted() as few:
        situations.ways_at(services, offices[0], at)
    more = services + [make.service(kinds=["kantor"], channels=["counter"], at=[offices[number % 3]]) for number in range(20)]
    with counted() as many:
        situations.ways_at(more, offices[0], at)
    assert len(many) <= len(few) + 2
    with counted() as wide:
        situations.ways_among(services[0], list(Office.select()), at)
    assert len(wide) <= len(few) + 3


MONDAY = make.local("2020-09-21T10:00")


def told(service, office, at=MONDAY):
    """What routing says, in order."""
    return [(way.channel, way.works_now, str(way.sentence)) for way in situations.ways(service, office, at)]


def test_a_contact_in_words_is_offered_where_nothing_else_works(database):
    office = make.office()
    service = make.service(at=[office], channels=["counter"])
    make.closure(office, days=None, detours=[Detour(place="Balai warga, tiap hari 09.00")])
    assert told(service, office) == [("contact", False, "Penutupan ini mengalihkan layanan ke Balai warga, tiap hari 09.00.")]


def test_an_office_that_stands_in_and_opens_later_is_offered_with_its_time_while_the_diversion_holds(database):
    office, other = make.office(), make.office("Kantor Siang", opening="Mo-Fr 13:00-16:00")
    service = make.service(at=[office], channels=["counter"])  # the other gives it only now
    make.closure(office, detours=[Detour(other)])
    way = situations.ways(service, office, MONDAY)[0]
    assert (way.spot.id, way.works_now, way.next_at) == (other.id, False, make.local("2020-09-21T13:00"))
    assert [each.channel for each in situations.ways(service, office, make.local("2020-09-22T17:00"))] == ["counter"]


def test_two_offices_that_stand_in_for_each_other_send_nobody_round(database):
    one, other = make.office(), make.office()
    service = make.service(at=[one, other], channels=["counter"])
    make.closure(one, detours=[Detour(other)])
    make.closure(other, detours=[Detour(one)])
    assert [(way.channel, way.spot.id, way.next_at) for way in situations.ways(service, one, MONDAY)] == [("counter", one.id, make.local("2020-09-23T08:00"))]


def test_it_says_whether_only_the_counter_is_closed_or_everything(database):
    office = make.office()
    places.add_drop_box(office, "lobi", "", **make.ACT)
    service = make.service(at=[office], channels=["online"])
    make.closure(office, online=False, dropbox=True)
    assert "Kantor ini tutup tatap muka" in str(situations.ways(service, office, MONDAY)[0].sentence.facts)
    make.closure(office, online=False, dropbox=False)
    (way,) = situations.ways(service, office, MONDAY)
    assert "Kantor ini tutup total" in str(way.sentence.facts)
    assert (way.works_now, way.next_at) == (False, make.local("2020-09-23T00:00"))


def test_a_box_keeps_the_holidays_of_its_office_and_one_that_takes_other_letters_is_not_offered(database):
    office = make.office()
    service, other = (make.service(at=[office], channels=["dropbox"]) for _ in range(2))
    box = places.add_drop_box(office, "lobi", "Mo-Fr 08:00-16:00", **make.ACT)
    Holiday.create(day=MONDAY.date(), name="Hari Kota")
    BoxService.create(box=box, service=service)
    assert [(way.works_now, way.next_at) for way in situations.ways(service, office, MONDAY)] == [(False, make.local("2020-09-22T08:00"))]
    assert situations.ways(other, office, MONDAY) == []


def test_what_a_closure_took_today_cannot_be_asked_for_today_and_a_box_outside_its_hours_can(database):
    office = make.office(email="surat@kantor.example")
    places.add_drop_box(office, "lobi", "Mo-Fr 08:00-16:00", **make.ACT)
    service = make.service(at=[office])
    assert routing.channels_of(situations.ways(service, office, make.local("2020-09-18T20:00")), office.id) == {"counter", "online", "dropbox", "email"}
    make.closure(office, online=False, dropbox=False)
    assert routing.channels_of(situations.ways(service, office, MONDAY), office.id) == {"counter"}
