"""The month of an office with all below it, and its closing."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from portal.audit import AuditEntry
from portal.kinerja.models import MonthClosing
from portal.people import roles
from tests import make
from tests.house.test_queries import counted
from tests.views.month import Team
from tests.views.staff import Browser, person

BASE = "/admin/kinerja/rekap/2020-09"
AFTER = "2020-10-02T09:00+07:00"  # September is over, and the policy closes it on 7 October


@pytest.fixture
def team(client: Any, at: Callable[[str], Any]) -> Team:
    at("2020-09-22T09:00+07:00")
    top = make.office("Kota")
    found = Team(make.unit(top, "Kota: Dinas"))
    found.top = top
    return found


@pytest.fixture
def admin(app, team):
    return Browser(app, person(roles.ADMIN, name="Admin"))


@pytest.fixture
def closer(app, team, at):
    """An administrator after the month's end."""
    at(AFTER)
    return Browser(app, person(roles.ADMIN, name="Admin"))


def of(team: Team, end: str = "") -> str:
    return f"{BASE}{end}?kantor={team.top.slug}"


def test_an_office_holds_the_sums_of_all_below_it(team, admin):
    team.write("2020-09-21")
    team.decide(team.write("2020-09-18", place="wfh"))
    page = admin.get(of(team)).text
    assert "Kota: Dinas" in page
    assert "4 pegawai, 2 hari diajukan" in page
    assert team.employee.name in page


def test_without_an_office_one_chooses_among_those_one_answers_for(app, team, admin):
    make.office("Kantor Lain")
    page = admin.get(BASE).text
    assert ">Kota</a>" in page
    assert "1 kantor tanpa pegawai" in page.split("Kantor Lain")[0]  # folded away: it has no figures
    assert ">Kantor Lain</a>" in page
    head = Browser(app, person(roles.HEAD, team.office))
    assert head.get(BASE).headers["Location"].endswith(f"kantor={team.office.slug}")
    assert admin.get("/admin/kinerja/rekap").headers["Location"] == BASE


def test_a_head_sees_their_own_office_and_no_other(app, team):
    head, other = Browser(app, person(roles.HEAD, team.office)), Browser(app, person(roles.HEAD, make.office("Kantor Lain")))
    for end in ("", ".csv", ".xlsx", "/tutup"):
        own = f"{BASE}{end}?kantor={team.office.slug}"
        assert [head.get(own).status_code, head.get(of(team, end)).status_code, other.get(own).status_code] == [200, 404, 404]
        assert Browser(app, team.superior).get(own).status_code == 403
        assert Browser(app, team.employee).get(own).status_code == 403


def test_superiors_who_are_slow_stand_by_name(team, admin, at):
    team.write("2020-09-07")
    page = admin.get(of(team)).text
    assert "Atasan yang belum memvalidasi" in page
    assert "Budi Atasan" in page[page.index("h-slow") :]


def test_everybody_can_be_taken_along(team, admin):
    team.write("2020-09-21")
    answer = admin.get(of(team, ".csv"))
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert (len(rows), rows["Ani Pegawai"]["sent"], rows["Tono Rekan"]["expected"]) == (4, "1", "14")
    sheet = openpyxl.load_workbook(io.BytesIO(admin.get(of(team, ".xlsx")).data)).worksheets[0]
    assert sheet.max_row == 5


def test_names_are_text_in_the_files_too(team, admin):
    make.posting(make.person("=1+1"), team.office)
    assert ",'=1+1," in admin.get(of(team, ".csv")).text
    sheet = openpyxl.load_workbook(io.BytesIO(admin.get(of(team, ".xlsx")).data)).worksheets[0]
    assert ("=1+1", "s") in [(row[1].value, row[1].data_type) for row in sheet.iter_rows()]


def test_a_units_questions_do_not_grow_with_people_and_parts(team, admin):
    def asked() -> int:
        with counted() as statements:
            assert admin.get(of(team)).status_code == 200
        return len(statements)

    team.write("2020-09-21")
    asked()
    few = asked()
    for _ in range(12):
        part = make.unit(team.top)
        for _ in range(5):
            make.posting(make.person(), part)
    assert asked() <= few
    assert 'rel="next"' in admin.get(of(team)).text
    assert admin.get(of(team) + "&hal=2").status_code == 200


def test_a_month_that_still_runs_is_not_closed(team, admin):
    assert admin.post(of(team, "/tutup"), {"sure": "yes"}).status_code == 422
    assert "belum berakhir" in admin.get(of(team, "/tutup")).text


def test_a_month_is_closed_after_a_look_at_what_is_open(app, team, closer):
    team.write("2020-09-21", submits=False)
    page = closer.get(of(team, "/tutup")).text
    assert "Ani Pegawai (1)" in page
    assert "sesudah Rabu, 7 Oktober" in page
    unsure = closer.post(of(team, "/tutup"), {"note": "Rapat akhir bulan"})
    assert unsure.status_code == 422
    assert "Rapat akhir bulan" in unsure.text
    assert closer.post(of(team, "/tutup"), {"sure": "yes", "note": "Rapat akhir bulan"}).status_code == 303
    assert "Rapat akhir bulan" in closer.get(of(team, "/tutup")).text
    assert "September 2020 sudah ditutup" in Browser(app, team.employee).get("/kinerja/rekap/2020-09").text
    assert AuditEntry.select().where(AuditEntry.act == "month_closed").count() == 1


def test_a_closed_month_is_reopened_with_a_reason(team, closer):
    closer.post(of(team, "/tutup"), {"sure": "yes"})
    closing = MonthClosing.get()
    assert closer.post(f"{BASE}/buka/{closing.id}", {"reason": ""}).status_code == 422
    assert closer.post(f"{BASE}/buka/{closing.id}", {"reason": "Terlalu cepat"}).status_code == 303
    assert MonthClosing.get().reopened_at is not None
    assert 'id="tutup-bulan"' in closer.get(of(team, "/tutup")).text
    assert closer.post(f"{BASE}/buka/{closing.id}", {"reason": "Lagi"}).status_code == 422


def test_a_head_closes_their_own_office_and_neither_another_nor_reopens_what_holds_above(app, team, closer):
    head = Browser(app, person(roles.HEAD, team.office))
    assert head.post(of(team, "/tutup"), {"sure": "yes"}).status_code == 404
    assert Browser(app, team.superior).post(of(team, "/tutup"), {"sure": "yes"}).status_code == 403
    closer.post(of(team, "/tutup"), {"sure": "yes"})
    assert 'id="buka-bulan"' not in head.get(f"{BASE}/tutup?kantor={team.office.slug}").text
    closing = MonthClosing.get()
    assert head.post(f"{BASE}/buka/{closing.id}", {"reason": "Saya mau"}).status_code == 404
    assert MonthClosing.get().reopened_at is None
    assert closer.post(f"{BASE}/buka/999999", {"reason": "x"}).status_code == 404
