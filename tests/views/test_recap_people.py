"""The months of one's people: who may see them, what they say, and days that a superior opens."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from portal.attendance import leave
from portal.kinerja.models import DayAct, WorkDay
from portal.offices import postings
from tests import make
from tests.house.test_queries import counted
from tests.views.month import Team
from tests.views.staff import Browser

LATE = "2020-10-20T09:00+07:00"  # September has closed by policy


@pytest.fixture
def team(client: Any, at: Callable[[str], Any]) -> Team:
    at("2020-09-22T09:00+07:00")
    return Team()


def month(team: Team, end: str = "") -> str:
    return f"/validasi/orang/{team.employee.id}/2020-09{end}"


def rows_of(answer) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(answer.text))}


@pytest.mark.parametrize("end", ["", ".csv", ".xlsx"])
def test_superior_and_superiors_superior_see_a_month_and_nobody_else_does(app, team, end):
    stranger = make.person("Kepala Lain")
    make.posting(make.person(), team.office, under=stranger)
    lead = make.person("Rekan Memimpin")
    make.posting(make.person(), team.office, under=team.colleague)
    answers = [Browser(app, who).get(month(team, end)).status_code for who in (team.superior, team.upper, stranger, lead, team.colleague, team.employee)]
    assert answers == [200, 200, 404, 403, 404, 403]


def test_a_former_superior_sees_nothing_after_the_posting_ended(app, team, at):
    other = make.person("Atasan Baru")
    make.posting(make.person(), team.office, under=team.superior)
    make.posting(team.employee, team.office, under=other, first="2020-09-21")
    assert Browser(app, team.superior).get(month(team)).status_code == 404
    assert Browser(app, other).get(month(team)).status_code == 200
    assert Browser(app, team.superior).get(month(team).replace("2020-09", "2020-08")).status_code == 200


def test_a_deputy_sees_it_in_their_dates_alone(app, team, at):
    deputy = make.person("Plh")
    make.posting(make.person(), team.office, under=deputy)
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="1", first_day=date(2020, 9, 21), last_day=date(2020, 9, 23), **make.ACT)
    assert Browser(app, deputy).get(month(team)).status_code == 200
    at("2020-09-24T09:00+07:00")
    assert Browser(app, deputy).get(month(team)).status_code == 404
    assert team.employee.name not in Browser(app, deputy).get("/validasi/rekap/2020-09").text


def test_a_superior_does_not_read_why_somebody_was_away(app, team):
    leave.enter(team.employee, "sick", date(2020, 9, 14), date(2020, 9, 15), **make.ACT)
    page = Browser(app, team.superior).get(month(team)).text
    assert "Tidak bekerja" in page
    assert "Sakit" not in page


def test_a_superior_opens_a_day_of_a_closed_month_with_a_reason(app, team, at):
    at(LATE)
    superior = Browser(app, team.superior)
    assert 'id="buka-hari"' in superior.get(month(team)).text
    refused = superior.post(month(team, "/buka"), {"day": "2020-09-15", "reason": ""})
    assert refused.status_code == 422
    assert 'value="2020-09-15"' in refused.text
    assert superior.post(month(team, "/buka"), {"day": "2020-09-15", "reason": "Lupa karena sakit"}).status_code == 303
    row = WorkDay.get(WorkDay.person == team.employee)
    assert (row.day, row.opened_at is not None) == (date(2020, 9, 15), True)
    assert [act.act for act in DayAct.select()] == ["opened"]
    assert "Selasa, 15 September" in superior.get(month(team)).text
    assert team.write("2020-09-15", later_by=35).state == "submitted"


def test_nobody_opens_days_of_a_month_that_is_not_theirs_nor_where_nothing_is_closed(app, team, at):
    assert 'id="buka-hari"' not in Browser(app, team.superior).get(month(team)).text
    at(LATE)
    fields = {"day": "2020-09-15", "reason": "Tolong"}
    lead = make.person()
    make.posting(make.person(), team.office, under=lead)
    assert [Browser(app, who).post(month(team, "/buka"), fields).status_code for who in (team.employee, team.colleague, lead)] == [403, 403, 404]
    assert not WorkDay.select().exists()


def test_the_list_says_who_has_not_logged_and_what_waits_since_when(app, team):
    leave.enter(team.employee, "annual", date(2020, 9, 1), date(2020, 9, 4), **make.ACT)
    for day in (7, 8, 9, 10, 11, 14, 15, 16, 17):
        row = team.write(f"2020-09-{day:02}", place="wfh" if day < 10 else "wfo")
        if day < 17:
            team.decide(row, after=1)
    team.write("2020-09-02")  # work in one's leave covers no missing day
    page = Browser(app, team.superior).get("/validasi/rekap/2020-09").text
    assert "Ani Pegawai" in page
    assert "sejak 2 September" in page
    rows = rows_of(Browser(app, team.superior).get("/validasi/rekap/2020-09.csv"))
    assert {name: (row["expected"], row["missing"], row["waiting"], row["effective_wfh"]) for name, row in rows.items()} == {
        "Ani Pegawai": ("10", "1", "2", "360"),
        "Tono Rekan": ("14", "14", "0", "0"),
    }


def test_what_a_superior_left_too_long_is_counted_for_the_superior(app, team):
    team.decide(team.write("2020-09-01"), after=7)
    team.write("2020-09-07")
    team.decide(team.write("2020-09-08"), after=1)
    row = rows_of(Browser(app, team.superior).get("/validasi/rekap/2020-09.csv"))["Ani Pegawai"]
    assert (row["overdue"], row["late"]) == ("2", "0")
    assert "Keterlambatan ini dicatat pada atasan, bukan pada pegawai." in Browser(app, team.superior).get("/validasi/rekap/2020-09").text


def test_the_workbook_of_my_people_has_a_row_for_each(app, team):
    book = openpyxl.load_workbook(io.BytesIO(Browser(app, team.superior).get("/validasi/rekap/2020-09.xlsx").data))
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["Ani Pegawai", "Tono Rekan"]


def test_the_lists_questions_do_not_grow_with_the_people(app, team):
    superior = Browser(app, team.superior)

    def asked() -> int:
        with counted() as statements:
            assert superior.get("/validasi/rekap/2020-09").status_code == 200
        return len(statements)

    team.write("2020-09-21")
    leave.enter(team.colleague, "annual", date(2020, 9, 1), date(2020, 9, 4), **make.ACT)
    asked()
    few = asked()
    for number in range(60):
        another = make.person(f"Pegawai {number:02}")
        make.posting(another, team.office, under=team.superior)
        if number < 5:
            team.write("2020-09-21", who=another)
    assert asked() <= few
    assert 'rel="next"' in superior.get("/validasi/rekap/2020-09").text
    assert "Pegawai 59" in superior.get("/validasi/rekap/2020-09?hal=2").text


def test_months_that_do_not_exist_are_not_found(app, team):
    superior = Browser(app, team.superior)
    for address in ("/validasi/rekap/2026-13", "/validasi/rekap/2020-10", f"/validasi/orang/{team.employee.id}/2020-13", "/validasi/orang/999999/2020-09"):
        assert superior.get(address).status_code == 404
    assert superior.get("/validasi/rekap").headers["Location"] == "/validasi/rekap/2020-09"


def test_what_nobody_submitted_yet_is_in_the_workbook_of_its_author_alone(app, team):
    team.write("2020-09-21", description="Masih draf", submits=False)
    team.write("2020-09-18", description="Sudah diajukan")
    addresses = {team.employee: "/kinerja/rekap/2020-09.xlsx", team.superior: f"/validasi/orang/{team.employee.id}/2020-09.xlsx"}
    told = {who: list(openpyxl.load_workbook(io.BytesIO(Browser(app, who).get(address).data)).worksheets[1].values) for who, address in addresses.items()}
    assert [[row[3] for row in told[who][1:]] for who in addresses] == [["Sudah diajukan", "Masih draf"], ["Sudah diajukan"]]
