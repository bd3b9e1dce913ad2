"""Before the form one chooses the service and the office, and nothing that is closed is hidden."""

import re

import pytest

from portal.services.models import ServiceOffice
from tests import make
from tests.house.test_queries import counted
from tests.views.asking import NOW


def test_without_a_service_one_chooses_it_first_and_then_the_office(asking):
    page = asking.citizen.get("/permohonan/baru").text
    link = re.search(r'<a lang="id" href="([^"]+)">Surat keterangan uji</a>', page)[1]
    page = asking.citizen.get(link).text
    link = re.search(r'<a href="([^"]+)">Kantor Kecamatan Uji</a>', page)[1]
    assert 'id="permohonan"' in asking.citizen.get(link.replace("&amp;", "&")).text


def test_services_are_found_by_the_beginnings_of_their_words(asking):
    make.service("Izin usaha", at=[])
    found = asking.citizen.get("/permohonan/baru?cari=KETER+uji").text
    assert "Surat keterangan uji" in found
    assert "Izin usaha" not in found
    assert "Tidak ada layanan dengan kata itu." in asking.citizen.get("/permohonan/baru?cari=xyzzy").text


def test_only_the_services_of_an_office_are_offered_where_the_office_is_known(asking):
    make.service("Izin usaha", at=[make.office()])
    page = asking.citizen.get(f"/permohonan/baru?kantor={asking.office.slug}").text
    assert "Surat keterangan uji" in page
    assert "Izin usaha" not in page


def test_closed_offices_are_shown_with_their_state_and_what_still_works(asking):
    make.closure(asking.office, first="2020-09-17", days=3, online=True, dropbox=True)
    page = asking.citizen.get(f"/permohonan/baru?layanan={asking.service.slug}").text
    assert "Kantor Kecamatan Uji" in page
    assert "Tutup tatap muka" in page
    assert "Tetap bisa: daring, kotak surat, dan surel." in page


def test_an_office_is_found_by_the_kelurahan_around_it(asking):
    make.region("31.71", "Kota Uji")
    make.office("Kantor Kelurahan Gambir", lat=-6.19, lon=106.84, region=None)
    page = asking.citizen.get(f"/permohonan/baru?layanan={asking.service.slug}&cari=gambir").text
    assert "Ini yang terdekat dari Kantor Kelurahan Gambir." in page
    assert "Kantor Kecamatan Uji" in page
    assert "km" in page


def test_a_service_that_is_given_no_more_leads_to_the_others_and_loses_nothing(asking):
    page = asking.citizen.get(asking.form).text
    other = make.service("Surat lain", at=[asking.office])
    asking.service.ended_at = NOW
    asking.service.save()
    answer = asking.send(page)
    assert answer.status_code == 422
    link = re.search(r'<a lang="id" href="([^"]+)">Surat lain</a>', answer.text)[1].replace("&amp;", "&")
    assert "Untuk sekolah anak." in asking.citizen.get(link).text
    assert other.slug in link


@pytest.mark.parametrize(
    "address", ["layanan=tidak-ada", "layanan=%00", "layanan={slug}&kantor=tidak-ada", "layanan={slug}&kantor=%00", "layanan={slug}&kantor={other}"]
)
def test_what_is_not_in_the_list_is_said_and_the_list_is_shown(asking, address):
    other = make.office("Kantor Tanpa Layanan")
    answer = asking.citizen.get("/permohonan/baru?" + address.format(slug=asking.service.slug, other=other.slug))
    assert answer.status_code == (200 if "%00" in address else 404)  # signs that nobody can type are no name at all
    assert "Surat keterangan uji" in answer.text


def test_the_choice_of_offices_asks_no_more_for_more_offices(asking):
    address, found = f"/permohonan/baru?layanan={asking.service.slug}", []
    for count in (1, 40):
        for number in range(count):
            near = make.office(f"Kantor Dekat {count}-{number}", lat=-6.17 - number / 1000, lon=106.8)
            ServiceOffice.create(service=asking.service, office=near)
            make.closure(near, first="2020-09-16")
        asking.citizen.get(address)
        with counted() as asked:
            asking.citizen.get(address)
        found.append(len(asked))
    assert found[1] <= found[0]
