"""The catalogue as CSV: what it says, what is wrong with it, and back."""

import csv
import io

import pytest

from portal.audit import AuditEntry
from portal.offices import imports
from portal.services import catalogue, catalogue_import, standards
from portal.services.models import Service
from portal.services.standards import CHOICE, COPY, EITHER, NONE, ORIGINAL, Ask, Need
from portal.sheets import Problems, read
from tests import make

LINE = {
    "slug": "domisili", "name": "Surat domisili", "summary": "Tempat tinggal.", "product": "Surat",
    "requirements": "KTP (salinan)\nSurat RT (Asli)\nAlamat (RT/RW)",
    "procedure": "Ajukan.\nTunggu.", "working_days": "3", "cost": "Gratis", "legal_basis": "UU", "complaints": "Loket", "kinds": "kantor kecamatan; gerai",
    "offices": "kantor-a; !kantor-b", "channels": "counter; online", "why_not_remote": "", "asks_nik": "yes",
    "questions": "Keperluan | choice | required | Sekolah / Bank RT/RW\nNomor | text | required sensitive | | 16 angka"}  # fmt: skip


@pytest.fixture
def take(database, tmp_path):
    """Takes lines over: take({…changes of LINE}, …)."""
    make.office("Kantor A", slug="kantor-a")
    make.office("Kantor B", slug="kantor-b")

    def run(*changes, is_dry=False):
        text = io.StringIO()
        writer = csv.DictWriter(text, catalogue_import.COLUMNS)
        writer.writeheader()
        writer.writerows({**LINE, **each} for each in changes)
        path = tmp_path / "services.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        lines = read(path, required=catalogue_import.REQUIRED, optional=catalogue_import.COLUMNS)
        return imports.run(catalogue_import.take_services, lines, is_dry=is_dry, progress=lambda done, total: None, **make.ACT)

    return run


def test_a_line_says_the_whole_standard(take):
    assert take({}).added == 1
    its = standards.of([catalogue.find("domisili")]).popitem()[1]
    assert its.needs == (Need("KTP", COPY), Need("Surat RT", ORIGINAL), Need("Alamat (RT/RW)", NONE))
    assert its.asks == (Ask("Keperluan", CHOICE, "", ("Sekolah", "Bank RT/RW"), True), Ask("Nomor", hint="16 angka", is_required=True, is_sensitive=True))
    assert (its.kinds, its.offices, its.excepted) == (("kantor kecamatan", "gerai"), ("kantor-a",), ("kantor-b",))
    assert (its.working_days, its.channels, its.asks_nik) == (3, ("counter", "online"), True)


def test_twice_is_once_and_a_change_is_one_change(take):
    take({}, {"slug": "lain"})
    acts = AuditEntry.select().count()
    again = take({}, {"slug": "lain"})
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert AuditEntry.select().count() == acts
    once = take({}, {"slug": "lain", "cost": "Rp5.000"})
    assert (once.added, once.changed, once.same) == (0, 1, 1)


def test_what_is_taken_along_can_be_taken_in_again_and_changes_nothing(take):
    take({}, {"slug": "lain", "working_days": "", "asks_nik": "no", "questions": "", "offices": "", "requirements": "Paspor (asli atau salinan)"})
    rows = [dict(zip(catalogue_import.COLUMNS, row, strict=True)) for row in catalogue_import.rows(catalogue.listed())]
    again = take(*rows)
    assert (again.added, again.changed, again.same) == (0, 0, 2)


def test_a_dry_run_says_what_would_come_and_leaves_nothing(take):
    assert take({}, is_dry=True).added == 1
    assert not Service.select().exists()
    assert not AuditEntry.select().where(AuditEntry.kind == "service").exists()


def test_one_that_has_ended_stays_ended_with_a_warning(take):
    take({})
    standards.end(catalogue.find("domisili"), **make.ACT)
    outcome = take({"cost": "Rp1.000"})
    assert [warning.column for warning in outcome.warnings] == ["slug"]
    assert Service.get().ended_at == make.NOW


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("slug", "Besar"),
        ("slug", ""),
        ("name", ""),
        ("working_days", "tiga"),
        ("working_days", "-1"),
        ("working_days", "999"),
        ("offices", "kantor-c"),
        ("offices", "kantor-a; !kantor-a"),
        ("channels", "merpati"),
        ("channels", ""),
        ("why_not_remote", None),
        ("asks_nik", "ya"),
        ("questions", "A | gambar"),
        ("questions", "A | text | wajib"),
        ("questions", "A | choice | | satu"),
        ("questions", "A | text | | | hint | lebih"),
        ("summary", "x" * 301),
    ],
)
def test_an_error_has_its_line_and_column_and_holds_back_the_whole_file(take, column, value):
    changes = {"channels": "counter"} if value is None else {column: value}
    with pytest.raises(Problems) as found:
        take({"slug": "baik"}, changes)
    assert {(problem.line, problem.column) for problem in found.value.problems} == {(7, column)}  # the first one fills lines 2 to 6
    assert not Service.select().exists()


def test_the_same_slug_twice_is_an_error_of_both_lines(take):
    with pytest.raises(Problems) as found:
        take({}, {})
    assert [problem.column for problem in found.value.problems] == ["slug", "slug"]


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("KTP (asli)", Need("KTP", ORIGINAL)),
        ("KTP ( ASLI )", Need("KTP", ORIGINAL)),
        ("KTP (fotokopi)", Need("KTP", COPY)),
        ("KTP (Salinan  atau asli)", Need("KTP", EITHER)),
        ("Umur (17 tahun)", Need("Umur (17 tahun)", NONE)),
        ("(asli)", Need("(asli)", NONE)),
        ("Alamat", Need("Alamat", NONE)),
    ],
)
def test_a_requirement_says_in_brackets_whether_the_original_is_asked_for(typed, need):
    assert catalogue_import.needs_of(f"\n{typed}\n\n") == (need,)
