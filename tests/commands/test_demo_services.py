"""The catalogue from the terminal: the demo's services, and files with services."""

from pathlib import Path

import pytest

from portal import clock
from portal.commands import demo_services
from portal.offices.models import DropBox, Office
from portal.services import boxes, catalogue, catalogue_import, situations, standards
from portal.services.models import CHANNELS, Service, ServiceRequest
from tests import make

HALL = "kantor-wali-kota-jakarta-pusat"
EXAMPLE = Path(demo_services.__file__).parent / "demo_data" / "services.csv"


def test_the_demos_certificate_of_domicile_can_be_asked_for_by_every_way_without_an_identity_number(demo):
    service, hall = catalogue.find("surat-keterangan-domisili"), Office.get(Office.slug == HALL)
    assert set(service.channels) == set(CHANNELS)
    assert not service.asks_nik
    assert not any(ask.is_required for ask in standards.of([service])[service.id].asks)
    now = clock.now()
    assert {way.channel for way in situations.ways(service, hall, now) if way.spot.slug == HALL} == set(CHANNELS)


def test_every_service_of_the_demo_has_a_whole_standard_and_is_given_somewhere(demo):
    services = catalogue.listed()
    assert len(services) >= 10
    for service, its in ((service, standards.of([service])[service.id]) for service in services):
        assert Office.select().where(catalogue.giving(service)).exists(), service.slug
        assert its.needs, service.slug
        assert all((its.summary, its.product, its.procedure, its.cost, its.legal_basis, its.complaints, its.working_days)), service.slug
        assert "online" in its.channels or its.why_not_remote, service.slug
    assert {service.slug for service in services if service.channels == ["counter"]} >= {"perekaman-ktp-el"}
    assert any(service.asks_nik for service in services)


def test_a_box_of_the_demo_takes_only_some_services(demo):
    hall = Office.get(Office.slug == HALL)
    rows = boxes.of_offices([hall.id])
    assert len(rows) == 2
    assert [[service.slug for service in its] for its in boxes.services_of(rows).values()] == [["legalisir-dokumen"]]


def test_a_reset_makes_the_catalogue_anew_also_where_something_was_asked_for(demo):
    hall = Office.get(Office.slug == HALL)
    mine = make.request(catalogue.find("surat-keterangan-domisili"), hall, now=clock.now())
    before = [service.slug for service in catalogue.listed()]
    standards.end(catalogue.find("pindah-datang"), by="pengelola", now=clock.now())
    said = demo("demo", "--reset")
    assert said.exit_code == 0, said.output
    assert [service.slug for service in catalogue.listed()] == before
    assert not ServiceRequest.select().where(ServiceRequest.number == mine.number).exists()
    assert DropBox.select().count() > 2


@pytest.fixture
def with_offices(ready, tmp_path):
    """An installation that holds the offices which the example names."""
    for slug in ("sudin-pajak-jakarta-pusat-kantor-dinas-teknis-abdul-muis", "kantor-dinas-teknis-jatibaru"):
        make.office(slug, slug=slug)
    return ready


def test_services_come_in_once_however_often(with_offices):
    for said in ("added 13, changed 0", "added 0, changed 0, as before 13"):
        done = with_offices("services", "import", EXAMPLE)
        assert done.exit_code == 0, done.output
        assert said in done.output


def test_a_dry_run_leaves_nothing(with_offices):
    done = with_offices("services", "import", EXAMPLE, "--dry-run")
    assert "would be added 13" in done.output
    assert not Service.select().exists()


def test_an_error_says_line_and_column_and_nothing_comes_in(ready, tmp_path):
    done = ready("services", "import", EXAMPLE)
    assert done.exit_code == 1
    assert "column offices" in done.output
    assert not Service.select().exists()
    lean = tmp_path / "s.csv"
    lean.write_text(",".join(catalogue_import.REQUIRED) + "\nx,X,,,,,tiga,,,,,,online,,\n", encoding="utf-8")
    done = ready("services", "import", lean)
    assert "line 2, column working_days" in done.output
