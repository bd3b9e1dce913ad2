"""To whom a request may be passed on."""

import pytest

from portal.offices import postings
from portal.offices.staff import Grant
from portal.people import roles
from portal.refusals import Refused
from portal.services import passing
from portal.services.models import ServiceOffice
from tests import make


@pytest.fixture
def place(database):
    make.region("31.71")
    make.region("31.74")
    return make.office("Kantor Uji", region="31.71", lat=-6.17, lon=106.82)


def serving(role: str, office, name: str):
    who = make.person(name)
    postings.grant(who, role, office, **make.ACT)
    return who


def test_colleagues_are_the_officers_and_heads_of_the_office_and_of_what_is_above(place):
    unit = make.unit(place)
    above, here = serving(roles.HEAD, place, "Ibu Kepala"), serving(roles.OFFICER, unit, "Laras")
    serving(roles.GUARD, unit, "Penjaga")
    serving(roles.OFFICER, make.unit(place), "Tetangga")
    gone = serving(roles.OFFICER, unit, "Pindah")
    postings.revoke(Grant.get(Grant.person == gone), **make.ACT)
    assert [each.name for each in passing.colleagues(unit)] == [above.name, here.name]


def test_only_a_colleague_is_found_by_identifier(place):
    request = make.request(make.service(at=[place]), place)
    here, elsewhere = serving(roles.OFFICER, place, "Laras"), serving(roles.OFFICER, make.office(), "Orang Lain")
    assert passing.colleague(request, here.identifier) == here
    assert passing.colleague(request, "") is None
    for identifier in (elsewhere.identifier, "bukan-siapa-siapa"):
        with pytest.raises(Refused) as refused:
            passing.colleague(request, identifier)
        assert refused.value.field == "officer"


def test_the_nearest_office_takes_first_and_one_without_a_place_on_the_map_last(place):
    near, far = (make.office(name, region="31.74", lat=lat, lon=106.82) for name, lat in (("Dekat", -6.18), ("Jauh", -6.9)))
    nowhere = make.office("Tanpa Tempat", region="31.71")
    make.office("Tidak Memberi", region="31.71", lat=-6.17, lon=106.82)
    service = make.service(at=[place, near, far, nowhere])
    request = make.request(service, place)
    found = passing.takers(request)
    assert [office.name for office, _ in found] == ["Dekat", "Jauh", "Tanpa Tempat"]
    assert [round(km) if km is not None else None for _, km in found] == [1, 81, None]
    ServiceOffice.update(is_given=False).where(ServiceOffice.office == near.id).execute()
    assert [office.name for office, _ in passing.takers(request)] == ["Jauh", "Tanpa Tempat"]


def test_of_an_office_without_a_place_those_of_its_region_come_first(place):
    here, same, other = make.office(region="31.74"), make.office("Z", region="31.74"), make.office("A", region="31.71")
    request = make.request(make.service(at=[here, same, other]), here)
    assert [office.name for office, _ in passing.takers(request)] == ["Z", "A"]
