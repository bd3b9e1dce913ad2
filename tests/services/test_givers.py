"""Offices to choose from: those that give the service, the nearest or those that serve now first, closed ones with what still works."""

import pytest

from portal.offices import places
from portal.services import givers
from portal.services.models import ServiceOffice
from tests import make

THURSDAY = make.local("2020-09-17T09:00")
pytestmark = pytest.mark.usefixtures("database")


def names(found):
    return [each.told.office["name"] for each in found.givers]


def given_at(*offices, **facts):
    return make.service(at=offices, **facts)


def test_offices_that_do_not_give_it_are_not_offered():
    one, _other = make.office("Satu"), make.office("Dua")
    assert names(givers.found(given_at(one), now=THURSDAY)) == ["Satu"]


def test_a_kind_gives_it_but_for_the_one_that_is_excepted():
    one, two = make.office("Satu", kind="kelurahan"), make.office("Dua", kind="kelurahan")
    service = make.service(kinds=["kelurahan"])
    ServiceOffice.create(service=service, office=two, is_given=False)
    assert names(givers.found(service, now=THURSDAY)) == [one.name]


def test_those_that_serve_now_come_first_and_closed_ones_stay():
    closed, shut, serves = make.office("A tutup"), make.office("B malam", opening="Mo-Fr 20:00-22:00"), make.office("C buka")
    make.closure(closed, first="2020-09-17", online=True)
    found = givers.found(given_at(closed, shut, serves), now=THURSDAY)
    assert names(found) == ["C buka", "A tutup", "B malam"]
    assert found.givers[1].told.state == "remote"
    assert found.givers[1].channels == ("online",)


def test_around_an_office_the_nearest_come_first_with_their_distance():
    here = make.office("Sini", lat=-6.0, lon=106.0)
    far, near, nowhere = make.office("Jauh", lat=-6.2, lon=106.0), make.office("Dekat", lat=-6.01, lon=106.0), make.office("A tanpa tempat")
    found = givers.found(given_at(far, near, nowhere), near=here, now=THURSDAY)
    assert names(found) == ["Dekat", "Jauh", "A tanpa tempat"]
    assert [each.km and round(each.km, 1) for each in found.givers] == [1.1, 22.2, None]


def test_a_name_is_found_the_exact_one_first_whatever_its_state():
    one, two = make.office("Kantor Gambir"), make.office("Kantor Gambir Barat")
    make.closure(one, first="2020-09-17")
    found = givers.found(given_at(one, two), "kantor gambir", now=THURSDAY)
    assert names(found) == ["Kantor Gambir", "Kantor Gambir Barat"]
    assert found.near is None


def test_a_place_that_gives_it_not_leads_to_the_nearest_that_does():
    village, city = make.office("Kelurahan Gambir", lat=-6.17, lon=106.82), make.office("Kantor Kota", lat=-6.18, lon=106.83)
    found = givers.found(given_at(city), "gambir", now=THURSDAY)
    assert names(found) == ["Kantor Kota"]
    assert found.near == village


@pytest.mark.parametrize("text", ["tidak ada", "!!!"])
def test_what_nobody_is_called_finds_nothing(text):
    assert givers.found(given_at(make.office("Satu")), text, now=THURSDAY).givers == []


def test_the_channels_are_those_of_the_service_that_work_there():
    office = make.office("Satu", email="surat@satu.example")
    places.add_drop_box(office, "lobi", "", **make.ACT)
    channels = {each.slug: givers.found(each, now=THURSDAY).givers[0].channels for each in (given_at(office), given_at(office, channels=["counter", "email"]))}
    assert sorted(channels.values()) == [("counter", "email"), ("counter", "online", "dropbox", "email")]


def test_a_service_that_is_closed_singly_is_not_served_at_the_counter():
    office = make.office("Satu")
    service, other = given_at(office), given_at(office)
    make.closure(office, first="2020-09-17", services=(service.slug,), service_names={service.slug: service.name})
    assert givers.found(service, now=THURSDAY).givers[0].channels == ("online",)
    assert givers.found(other, now=THURSDAY).givers[0].channels == ("counter", "online")


def test_only_the_first_are_told_and_all_are_counted():
    found = givers.found(given_at(*(make.office(f"Kantor {number:02}") for number in range(givers.SHOWN + 5))), now=THURSDAY)
    assert (len(found.givers), found.count) == (givers.SHOWN, givers.SHOWN + 5)
