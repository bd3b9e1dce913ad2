"""The catalogue at the administrator's desk: added, changed, ended, in and out as CSV; and what a drop box takes."""

import csv
import html
import io
import re

import pytest

from portal.audit import AuditEntry
from portal.offices.models import DropBox
from portal.people import roles
from portal.services import boxes, catalogue, catalogue_import, standards
from portal.services.models import Service
from portal.services.standards import CHOICE, COPY, NONE, ORIGINAL, TEXT, Ask, Need, Standard
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person
from tests.views.world import SERVICE

TYPED = {
    "name": "Rekam KTP-el", "slug": "rekam", "summary": "Perekaman.", "needs": "KK (salinan)\r\nSurat pindah (asli)\r\nSudah 17 tahun",
    "procedure": "Pilih jam.\r\nDatang.",
    "working_days": "1", "cost": "Gratis", "product": "KTP-el", "legal_basis": "Perpres", "complaints": "Loket", "channels": ["counter"],
    "why_not_remote": "Sidik jari.", "kinds": ["kantor wali kota"], "offices": "Kantor Kelurahan Karang Anyar", "excepted": "kantor-wali-kota-jakarta-selatan",
    "asks_nik": "yes", "ask-0-label": "Alasan", "ask-0-kind": "choice", "ask-0-options": "Baru / Hilang", "ask-0-required": "yes",
    "ask-2-label": "Nomor KK", "ask-2-kind": "text", "ask-2-hint": "16 angka", "ask-2-sensitive": "yes"}  # fmt: skip


def as_it_stands(page: str) -> dict[str, list[str]]:
    """All that the form would send, with the longer texts."""
    texts = re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', page)
    return fields_of(page, "layanan") | {name: [html.unescape(text)] for name, text in texts}


def held(slug: str) -> Standard:
    return standards.of([Service.get(Service.slug == slug)]).popitem()[1]


def test_a_service_is_added_as_it_was_typed(admin, world):
    assert admin.post("/admin/layanan/baru", TYPED).status_code == 303
    its = held("rekam")
    assert its.needs == (Need("KK", COPY), Need("Surat pindah", ORIGINAL), Need("Sudah 17 tahun", NONE))
    assert its.asks == (Ask("Alasan", CHOICE, "", ("Baru", "Hilang"), True), Ask("Nomor KK", TEXT, "16 angka", is_sensitive=True))
    assert (its.kinds, its.offices, its.excepted) == (("kantor wali kota",), (world.village.slug,), (world.neighbour.slug,))
    assert (its.channels, its.asks_nik, its.working_days) == (("counter",), True, 1)
    assert "Rekam KTP-el" in Reading(admin.get("/layanan").text).words


def test_a_form_that_is_sent_as_it_stands_changes_nothing(admin, world):
    admin.post("/admin/layanan/baru", TYPED)
    before, acts = held("rekam"), AuditEntry.select().where(AuditEntry.kind == "service").count()
    fields = as_it_stands(admin.get("/admin/layanan/rekam/ubah").text)
    assert admin.post("/admin/layanan/rekam/ubah", fields).status_code == 303
    assert held("rekam") == before
    assert AuditEntry.select().where(AuditEntry.kind == "service").count() == acts


def test_a_change_shows_at_once_and_a_question_left_empty_ends(admin, world):
    admin.post("/admin/layanan/baru", TYPED)
    assert admin.post("/admin/layanan/rekam/ubah", {**TYPED, "cost": "Rp5.000", "ask-0-label": ""}).status_code == 303
    assert held("rekam").asks == (Ask("Nomor KK", TEXT, "16 angka", is_sensitive=True),)
    assert "Rp5.000" in Reading(admin.get("/layanan/rekam").text).words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"slug": "Besar"}, "slug"),
        ({"slug": SERVICE}, "slug"),
        ({"working_days": "tiga"}, "working_days"),
        ({"channels": []}, "channels"),
        ({"why_not_remote": ""}, "why_not_remote"),
        ({"offices": "Kantor Tidak Ada"}, "offices"),
        ({"offices": "a\0b"}, "offices"),
        ({"excepted": "tidak-ada"}, "excepted"),
        ({"ask-0-options": "Satu"}, "asks"),
        ({"ask-0-kind": "gambar"}, "asks"),
        ({"needs": "x" * 400}, "needs"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(admin, world, changes, field):
    answer = admin.post("/admin/layanan/baru", {**TYPED, **changes})
    assert answer.status_code == 422
    page = Reading(answer.text)
    assert f"#{field}" in page.links
    assert field in page.ids
    again = as_it_stands(answer.text)
    assert again["legal_basis"] == ["Perpres"]
    assert again["summary"] == ["Perekaman."]
    assert again["ask-2-hint"] == ["16 angka"]
    assert again["kinds"] == ["kantor wali kota"]
    assert not Service.select().where(Service.slug == "rekam").exists()


def test_a_name_that_several_offices_bear_asks_for_the_slug(admin, world):
    first, second = make.office("Kantor Kembar", slug="kembar"), make.office("Kantor Kembar", slug="kembar-2")
    refused = admin.post("/admin/layanan/baru", {**TYPED, "offices": "Kantor Kembar"})
    assert "dipakai beberapa kantor" in Reading(refused.text).words
    assert admin.post("/admin/layanan/baru", {**TYPED, "offices": second.slug}).status_code == 303
    assert held("rekam").offices == (second.slug,)
    assert catalogue.given_at([first.id]) == []


def test_a_service_ends_and_is_given_again(admin, world):
    assert admin.post(f"/admin/layanan/{SERVICE}/akhiri").status_code == 303
    assert admin.get(f"/layanan/{SERVICE}").status_code == 404
    assert "sudah berakhir" in Reading(admin.get("/admin/layanan").text).words
    assert admin.post(f"/admin/layanan/{SERVICE}/pulihkan").status_code == 303
    assert admin.get(f"/layanan/{SERVICE}").status_code == 200


def test_services_are_found_in_the_list(admin, world):
    make.service("Paspor")
    assert "Paspor" not in Reading(admin.get("/admin/layanan?q=domisili").text).words
    assert "Tidak ada yang cocok" in Reading(admin.get("/admin/layanan?q=zzz").text).words


def test_the_catalogue_taken_along_comes_in_again_without_a_change(admin, world):
    admin.post("/admin/layanan/baru", TYPED)
    sheet = admin.get("/admin/layanan/unduh.csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert sheet.mimetype == "text/csv"
    assert [row["slug"] for row in rows] == ["rekam", SERVICE]
    assert tuple(rows[0]) == catalogue_import.COLUMNS
    shown = admin.post("/admin/impor/services", {"file": (io.BytesIO(sheet.data), "layanan.csv")})
    assert shown.status_code == 200
    assert "2" in Reading(shown.text).words


def test_a_sheet_with_an_error_comes_back_with_line_and_column(admin, world):
    head = ",".join(catalogue_import.REQUIRED)
    cells = dict.fromkeys(catalogue_import.REQUIRED, "") | {"slug": "x", "name": "X", "channels": "merpati"}
    body = head + "\n" + ",".join(cells[name] for name in catalogue_import.REQUIRED) + "\n"
    answer = admin.post("/admin/impor/services", {"file": (io.BytesIO(body.encode()), "layanan.csv")})
    assert answer.status_code == 422
    said = Reading(answer.text).words
    assert "baris 2" in said
    assert "channels" in said


def test_a_drop_boxs_hours_and_services_are_changed(admin, world):
    box = DropBox.get(DropBox.office == world.hall)
    address = f"/admin/layanan/kotak-surat/{box.id}"
    assert f"{address}" in Reading(admin.get(f"/admin/kantor/{world.hall.slug}").text).links
    assert admin.post(address, {"hours": "24/7", "services": [SERVICE]}).status_code == 303
    assert DropBox.get_by_id(box.id).hours == "24/7"
    assert [service.slug for service in boxes.services_of([box])[box.id]] == [SERVICE]
    assert "setiap saat" in Reading(admin.get(f"/kantor/{world.hall.slug}").text).words
    refused = admin.post(address, {"hours": "pagi", "services": []})
    assert refused.status_code == 422
    assert "hours" in Reading(refused.text).ids
    assert DropBox.get_by_id(box.id).hours == "24/7"


@pytest.mark.parametrize(
    "address", ["/admin/layanan/tidak-ada/ubah", "/admin/layanan/a%00b/ubah", "/admin/layanan/kotak-surat/999", "/admin/layanan/kotak-surat/99999999999"]
)
def test_what_does_not_exist_is_not_found(admin, world, address):
    assert admin.get(address).status_code == 404


@pytest.mark.parametrize("role", [roles.OFFICER, roles.HEAD, roles.AUDITOR])
def test_nobody_else_touches_the_catalogue(app, world, role):
    other = Browser(app, person(role, None if role in roles.EVERYWHERE else world.hall))
    box = DropBox.get(DropBox.office == world.hall)
    for address in ("/admin/layanan/baru", f"/admin/layanan/{SERVICE}/ubah", f"/admin/layanan/{SERVICE}/akhiri", f"/admin/layanan/kotak-surat/{box.id}"):
        assert other.post(address, TYPED).status_code == 403
    for address in ("/admin/layanan", "/admin/layanan/unduh.csv"):
        assert other.get(address).status_code == 403
    assert [service.slug for service in Service.select()] == [SERVICE]
    assert Service.get().ended_at is None
