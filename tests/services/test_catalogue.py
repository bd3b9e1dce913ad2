"""The catalogue: which services there are, and which offices give them."""

from datetime import date

import pytest

from portal.offices.closures import Detour
from portal.offices.models import Office
from portal.refusals import NotFound
from portal.services import catalogue
from portal.services.models import ServiceOffice
from tests import make


def giving(service) -> set[str]:
    return {office.name for office in Office.select().where(catalogue.giving(service))}


@pytest.fixture
def offices(database):
    return [make.office("Camat A", kind="kantor kecamatan"), make.office("Camat B", kind="kantor kecamatan"), make.office("Dinas", kind="dinas")]


def test_a_service_is_given_by_offices_of_its_kinds_and_by_those_it_names_but_not_by_those_it_excepts(offices):
    service = make.service(kinds=["kantor kecamatan"], at=[offices[2]])
    ServiceOffice.create(service=service, office=offices[1], is_given=False)
    assert giving(service) == {"Camat A", "Dinas"}
    assert [catalogue.is_given(service, office) for office in offices] == [True, False, True]
    marks = catalogue.marks([service])[service.id]
    assert [catalogue.gives(service, office, marks) for office in offices] == [True, False, True]
    assert {office.name for office in Office.select().where(catalogue.giving_by(service.kinds, marks))} == giving(service)


def test_a_service_without_kinds_and_offices_is_given_nowhere(offices):
    service = make.service()
    assert giving(service) == set()
    assert catalogue.given_at([office.id for office in offices]) == []


def test_an_office_without_a_kind_gives_only_what_names_it(offices):
    plain = make.office("Pos", kind="")
    make.service("Semua", kinds=[""])
    named = make.service("Bernama", at=[plain])
    assert catalogue.given_at([plain.id]) == [named]


def test_services_of_several_offices_stand_by_name_and_each_once(offices):
    second, first = make.service("Legalisir", kinds=["dinas"]), make.service("Akta", kinds=["kantor kecamatan"])
    assert catalogue.given_at([office.id for office in offices]) == [first, second]
    assert catalogue.given_at([]) == []


def test_a_service_that_has_ended_is_in_no_list_and_at_no_address(offices):
    service = make.service("Lama", slug="lama", kinds=["dinas"], ended_at=make.NOW)
    assert service not in catalogue.listed()
    assert catalogue.given_at([offices[2].id]) == []
    assert catalogue.matching("lama") == []
    with pytest.raises(NotFound):
        catalogue.find("lama")


@pytest.mark.parametrize("slug", ["", "tidak-ada", "a\0b"])
def test_an_address_that_no_service_has_is_not_found(database, slug):
    assert catalogue.known(slug) is None
    with pytest.raises(NotFound):
        catalogue.find(slug)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("domisili", ["Surat keterangan domisili"]),
        ("DOM ket", ["Surat keterangan domisili"]),
        ("tinggal", ["Surat keterangan domisili"]),
        ("surat", ["Surat keterangan domisili", "Surat pindah"]),
        ("misili", []),  # a word is found by how it begins
        ("%", []),
        ("", []),
        ("   ", []),
    ],
)
def test_services_are_found_by_how_the_words_of_name_summary_and_product_begin(database, typed, found):
    make.service("Surat keterangan domisili", summary="Di mana Anda tinggal.")
    make.service("Surat pindah")
    assert [service.name for service in catalogue.matching(typed)] == found


def test_an_office_to_which_a_closure_diverts_serves_what_the_closed_one_gives_as_long_as_that_holds(database):
    hall, tent = make.office(), make.office()
    service, other = make.service(at=[hall]), make.service(at=[make.office()])
    during, after = make.local("2020-09-21T09:00"), make.local("2020-09-23T09:00")
    assert not catalogue.is_served(service, tent, during)
    make.closure(hall, detours=[Detour(tent)])
    assert catalogue.is_served(service, tent, during)
    assert not catalogue.is_served(other, tent, during) and not catalogue.is_served(service, tent, after)
    assert make.request(service, tent, now=during).office == tent


def test_a_diversion_for_one_service_or_on_some_days_serves_no_other_and_on_no_other(database):
    hall, tent = make.office(), make.office()
    service, other = make.service(at=[hall]), make.service(at=[hall])
    make.closure(hall, detours=[Detour(tent, service=service.slug, last_day=date(2020, 9, 20))])
    sunday, monday = make.local("2020-09-20T09:00"), make.local("2020-09-21T09:00")
    assert [catalogue.is_served(each, tent, at) for each in (service, other) for at in (sunday, monday)] == [True, False, False, False]
