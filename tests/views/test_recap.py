"""One's own month on the screen, on paper and as files."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from portal.attendance import leave
from portal.kinerja.models import Target
from tests import make
from tests.house.test_queries import counted
from tests.views.month import Team
from tests.views.staff import Browser

MONTH = "/kinerja/rekap/2020-09"


@pytest.fixture
def team(client: Any, at: Callable[[str], Any]) -> Team:
    at("2020-09-22T09:00+07:00")
    return Team()


@pytest.fixture
def employee(app, team):
    return Browser(app, team.employee)


def days_of(answer) -> dict[str, dict[str, str]]:
    return {row["day"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def test_the_month_shows_each_day_with_its_state_and_sums(team, employee):
    team.decide(team.write("2020-09-21"))
    page = employee.get(MONTH).text
    assert "Rekap September 2020" in page
    assert 'href="/kinerja/2020-09-21"' in page
    assert "Disetujui" in page
    assert "1 dari 22 hari kerja" in page


def test_without_a_month_one_comes_to_the_current_one(employee):
    answer = employee.get("/kinerja/rekap")
    assert (answer.status_code, answer.headers["Location"]) == (303, MONTH)


@pytest.mark.parametrize("month", ["2026-13", "2020-00", "2020-9", "0000-01", "2020-10", "2999-01", "x", "2020-09-01", "٢٠٢٠-٠٩"])
@pytest.mark.parametrize("end", ["", ".csv", ".xlsx"])
def test_months_that_no_calendar_has_and_months_to_come_do_not_exist(employee, month, end):
    assert employee.get(f"/kinerja/rekap/{month}{end}").status_code == 404


def test_the_csv_holds_every_day_of_the_month_with_its_sums(team, employee):
    team.decide(team.write("2020-09-21", place="wfh"))
    answer = employee.get(MONTH + ".csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = days_of(answer)
    assert list(rows) == [f"2020-09-{day:02}" for day in range(1, 31)]
    written = rows["2020-09-21"]
    sums = [written[name] for name in ("state", "claimed", "effective", "approved", "effective_wfh", "effective_wfo")]
    assert sums == ["approved", "120", "120", "120", "120", "0"]
    assert [rows["2020-09-20"]["kind"], rows["2020-09-18"]["missing"], rows["2020-09-21"]["missing"]] == ["off", "1", "0"]


def test_late_and_returned_days_are_counted(team, employee):
    team.write("2020-09-15", later_by=3)
    team.decide(team.write("2020-09-16"), "return", "Lengkapi bukti")
    rows = days_of(employee.get(MONTH + ".csv"))
    assert [rows["2020-09-15"]["late"], rows["2020-09-16"]["late"], rows["2020-09-16"]["returned"]] == ["1", "0", "1"]
    assert ">Dikembalikan</span>" in employee.get(MONTH).text


def test_days_of_leave_are_not_missing_and_neither_paper_nor_file_says_why(team, employee):
    leave.enter(team.employee, "sick", date(2020, 9, 14), date(2020, 9, 15), **make.ACT)
    page = employee.get(MONTH).text
    assert '<span class="noprint">Sakit</span><span class="print">Tidak bekerja</span>' in page
    file = employee.get(MONTH + ".csv").text
    assert "Sakit" not in file
    assert [days_of(employee.get(MONTH + ".csv"))[f"2020-09-{day}"]["missing"] for day in (11, 14, 15, 16)] == ["1", "0", "0", "1"]


def test_a_holiday_bears_its_name(team, employee):
    from portal.offices.models import Holiday

    Holiday.create(day=date(2020, 9, 17), name="Hari Kota")
    assert "Libur: Hari Kota" in employee.get(MONTH).text
    assert days_of(employee.get(MONTH + ".csv"))["2020-09-17"]["kind"] == "holiday"


def test_what_was_done_for_a_target_stands_with_the_year_so_far(team, employee):
    facts = {"person": team.employee, "year": 2020, "unit": "berkas", "amount": 100, "state": "agreed", "entered_at": make.NOW, "entered_by": "tests"}
    target = Target.create(title="Layanan surat", **facts)
    team.decide(team.write("2020-09-21", target=str(target.id), quantity="12"))
    team.decide(team.write("2020-08-20", target=str(target.id), quantity="30"))
    page = employee.get(MONTH).text
    assert "12 berkas" in page
    assert "setahun disetujui 42 dari 100" in page


def test_formulas_are_text_in_the_workbook_and_guarded_in_the_csv(team, employee):
    for day, text in (("2020-09-18", '=HYPERLINK("http://x")'), ("2020-09-21", "+62"), ("2020-09-17", "@SUM(A1)"), ("2020-09-16", "-1+1")):
        team.write(day, description=text, evidence_link="https://example.org/=1")
    answer = employee.get(MONTH + ".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    days, activities = book.worksheets
    assert days.max_row == 31
    texts = {row[3].value: row[3].data_type for row in activities.iter_rows(min_row=2)}
    assert texts == {'=HYPERLINK("http://x")': "s", "+62": "s", "@SUM(A1)": "s", "-1+1": "s"}
    assert all(cell.hyperlink is None for row in activities.iter_rows() for cell in row)
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def test_the_workbook_holds_the_days_with_dates_and_numbers(team, employee):
    team.write("2020-09-21")
    days = openpyxl.load_workbook(io.BytesIO(employee.get(MONTH + ".xlsx").data)).worksheets[0]
    row = [cell.value for cell in days[22]]
    assert (row[0].date(), row[1], row[3]) == (date(2020, 9, 21), "Diajukan", 120)


def test_the_sheet_for_signing_names_both_people(team, employee):
    page = employee.get(MONTH).text
    foot = page[page.index('class="signatures print"') :]
    assert all(word in foot for word in (team.superior.name, team.superior.identifier, team.employee.name, team.employee.identifier))


def test_the_picture_says_in_words_what_the_table_says(team, employee):
    team.write("2020-09-21")
    page = employee.get(MONTH).text
    assert 'aria-label="Kalender September 2020: 1 hari diajukan, 14 hari belum, 120 menit diakui.' in page
    assert "style=" not in page


def test_a_months_questions_do_not_grow_with_what_was_written(team, employee):
    def asked() -> int:
        with counted() as statements:
            assert employee.get(MONTH).status_code == 200
        return len(statements)

    team.write("2020-09-01")
    asked()
    few = asked()
    for day in (2, 3, 4, 7, 8, 9, 10, 11):
        team.decide(team.write(f"2020-09-{day:02}"))
    assert asked() <= few


def test_somebody_without_a_posting_has_an_empty_month(app, team):
    from portal.people import roles
    from tests.views.staff import person

    page = Browser(app, person(roles.ADMIN)).get(MONTH).text
    assert "Belum atau tidak ditempatkan" in page
