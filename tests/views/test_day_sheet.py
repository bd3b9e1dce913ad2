"""The day sheet: opened, filled in, submitted, and what stands on it when it may not be changed."""

from datetime import date

import pytest

from portal.attendance import leave
from portal.kinerja.models import Entry
from portal.offices import postings
from portal.offices.models import Holiday
from portal.offices.staff import Posting
from portal.people import roles
from tests import make
from tests.views.closing import words
from tests.views.days import DAY, EVENING, SHEET, TYPED, Desk, activity_type, outage, target
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person


@pytest.fixture
def desk(app, client, at):
    at(EVENING)
    return Desk(app)


def field(page: str, name: str) -> str:
    return fields_of(page, "kegiatan").get(name, [""])[0]


# Which day


def test_the_sheet_without_a_date_is_that_of_today(desk):
    assert f'action="{SHEET}"' in desk.page("/kinerja")


def test_today_is_the_day_where_one_works(app, client, at):
    at("2020-09-21T22:30+07:00")  # half past midnight in Jayapura
    desk = Desk(app, timezone="Asia/Jayapura")
    assert 'action="/kinerja/2020-09-22"' in desk.page("/kinerja")
    assert desk.browser.get("/kinerja/2020-09-23").status_code == 404


@pytest.mark.parametrize("day", ["2020-02-30", "2020-13-01", "0001-01-01", "9999-12-31", "2020-9-1", "kemarin", "２０２０-09-21", "2020-09-21x"])
def test_a_day_that_no_calendar_has_is_no_page(desk, day):
    assert desk.browser.get(f"/kinerja/{day}").status_code == 404
    assert desk.browser.post(f"/kinerja/{day}", TYPED).status_code == 404


def test_a_day_to_come_says_that_it_has_not_come(desk):
    answer = desk.browser.get("/kinerja/2020-09-22")
    assert answer.status_code == 404
    assert "belum tiba" in words(answer)


def test_who_works_nowhere_reads_whom_to_ask(app, client, at):
    at(EVENING)
    browser = Browser(app, person(roles.OFFICER, make.office()))
    answer = browser.get("/kinerja")
    assert answer.status_code == 200
    assert "administrator" in words(answer)
    assert browser.get(SHEET).status_code == 404


def test_a_day_that_was_written_stays_readable_after_its_posting_has_gone(desk):
    desk.add(description="Masih terbaca")
    Posting.delete().where(Posting.person == desk.author).execute()
    make.posting(desk.author, desk.office, first="2020-09-22")
    browser = Browser(desk.app, desk.author)
    postings.grant(desk.author, roles.OFFICER, desk.office, **make.ACT)
    assert "Masih terbaca" in browser.get(SHEET).text


def test_one_goes_from_working_day_to_working_day_and_never_past_today(desk, at):
    Holiday.create(day=date(2020, 9, 18), name="Hari libur percobaan")
    page = Reading(desk.page())
    assert [(held["href"], held["rel"]) for tag, held in page.tags if tag == "a" and held.get("rel") in {"prev", "next"}] == [("/kinerja/2020-09-17", "prev")]
    before = Reading(desk.page("/kinerja/2020-09-17"))
    assert ("/kinerja/2020-09-21", "next") in [(held.get("href"), held.get("rel")) for tag, held in before.tags if tag == "a"]


# One line after the other


def test_an_activity_is_kept_and_the_next_line_is_ready(desk):
    answer = desk.add()
    assert answer.status_code == 303
    page = desk.page(answer.headers["Location"])
    assert "08.00–10.00" in page
    assert {name: field(page, name) for name in ("description", "starts", "ends", "quantity", "unit", "place")} == {
        "description": "", "starts": "10.00", "ends": "", "quantity": "", "unit": "berkas", "place": "wfh"}  # fmt: skip
    assert next(held for tag, held in Reading(page).tags if held.get("id") == "description").get("autofocus") is not None


def test_pressed_twice_it_is_one_activity(desk):
    fields = {**desk.fields("kegiatan"), **TYPED}
    assert [desk.browser.post(SHEET, fields).status_code for _ in range(2)] == [303, 303]
    assert Entry.select().count() == 1


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"starts": "09:00", "ends": "09:30"}, "starts"),
        ({"starts": "12:00", "ends": "11:00"}, "ends"),
        ({"starts": "25:00", "ends": "26:00"}, "starts"),
        ({"starts": "10:00", "ends": ""}, "ends"),
        ({"starts": "10:00", "ends": "11:00", "quantity": "0"}, "quantity"),
        ({"starts": "10:00", "ends": "11:00", "quantity": "tiga"}, "quantity"),
        ({"starts": "10:00", "ends": "11:00", "unit": ""}, "unit"),
        ({"starts": "10:00", "ends": "11:00", "place": "kafe"}, "place"),
        ({"starts": "10:00", "ends": "11:00", "target": "999"}, "target"),
        ({"starts": "10:00", "ends": "11:00", "activity_type": "999"}, "activity_type"),
        ({"starts": "10:00", "ends": "11:00", "evidence_link": "javascript:alert(1)"}, "evidence_link"),
        ({"starts": "10:00", "ends": "11:00", "description": ""}, "description"),
        ({"starts": "10:00", "ends": "11:00", "description": "panjang " * 400}, "description"),
        ({"starts": "10:00", "ends": "11:00", "description": "satu\x00dua"}, "description"),
    ],
)
def test_a_refusal_stands_beside_its_field_with_all_that_was_typed(desk, typed, beside):
    desk.add()
    sent = {**TYPED, "description": "Bertumpuk & <b>", **typed}
    answer = desk.add(**sent)
    assert answer.status_code == 422
    bad = next(held for tag, held in Reading(answer.text).tags if held.get("id") == beside)
    shown = fields_of(answer.text, "kegiatan")
    assert bad.get("aria-invalid") == "true"
    kept = {name: shown[name][0] for name in ("description", "starts", "ends", "quantity", "unit", "evidence_link")}
    assert kept == {name: sent[name].strip("\x00") if name != "description" else kept["description"] for name in kept}
    assert kept["description"].replace("\ufffd", "").replace("\x00", "") == sent["description"].replace("\x00", "")
    assert Entry.select().count() == 1


def test_letters_of_every_script_are_kept_as_they_were_typed(desk):
    desk.add(description="Rapat 🎉 “daring” <script>alert(1)</script>")
    page = desk.page()
    assert "Rapat 🎉 “daring”" in words(desk.browser.get(SHEET))
    assert "<script>alert" not in page


def test_midnight_ends_a_day_and_the_next_line_has_no_start(desk, at):
    at("2020-09-22T08:00+07:00")
    assert desk.add(starts="23:59", ends="00:00").status_code == 303
    page = desk.page()
    assert "23.59–24.00" in page
    assert field(page, "starts") == ""


def test_the_first_line_begins_as_the_days_before_did(desk, at):
    desk.add(starts="7.30", ends="9")
    at("2020-09-22T16:00+07:00")
    assert field(desk.page("/kinerja/2020-09-22"), "starts") == "07.30"


def test_only_the_targets_of_the_year_of_the_day_are_offered(desk, at):
    at("2021-01-04T09:00+07:00")
    old, new = (target(desk.author, year=year, title=f"Rencana {year}") for year in (2020, 2021))
    assert "Rencana 2020" not in desk.page("/kinerja/2021-01-04")
    assert "Rencana 2021" in desk.page("/kinerja/2021-01-04")
    assert "Rencana 2020" in desk.page("/kinerja/2020-12-31")
    assert desk.add("/kinerja/2020-12-31", target=str(new.id)).status_code == 422
    assert desk.add("/kinerja/2020-12-31", target=str(old.id)).status_code == 303


# What is said about the day


def test_within_a_closure_of_ones_office_one_works_at_home_and_reads_why(desk):
    make.closure(desk.office, reason="flood")
    page = desk.page()
    assert field(page, "place") == "wfh"
    assert "Kantor tutup: banjir" in page


def test_on_field_duty_one_works_in_the_field_and_on_other_days_at_the_office(desk):
    assert field(desk.page(), "place") == "wfo"
    leave.enter(desk.author, "field", date(2020, 9, 21), date(2020, 9, 21), by="tests", now=make.NOW)
    assert field(desk.page(), "place") == "field"


def test_claimed_and_effective_minutes_stand_beside_each_other_against_the_load(desk):
    kind = activity_type(minutes=5)
    desk.add(activity_type=str(kind.id), quantity="12")
    said = words(desk.browser.get(SHEET))
    assert "60 dari 450 menit diakui; diisi 120 menit. Kurang 390 menit untuk beban kerja sehari." in said


def test_gaps_and_unusually_long_days_are_pointed_out(desk):
    desk.add(starts="06:00", ends="12:00")
    desk.add(starts="13:00", ends="14:00")
    assert "Belum terisi: 12.00–13.00." in words(desk.browser.get(SHEET))
    desk.add(starts="14:00", ends="20:00")
    full = words(desk.browser.get(SHEET))
    assert "Belum terisi" not in full  # the load is reached: the pause is nobody's concern
    assert "Lebih dari 12 jam" in full


def test_leave_holidays_and_free_days_are_said_plainly(desk):
    assert "Bukan hari kerja" in words(desk.browser.get("/kinerja/2020-09-20"))
    Holiday.create(day=date(2020, 9, 18), name="Hari libur percobaan")
    assert "Hari libur: Hari libur percobaan" in words(desk.browser.get("/kinerja/2020-09-18"))
    leave.enter(desk.author, "annual", date(2020, 9, 21), date(2020, 9, 21), by="tests", now=make.NOW)
    assert "Anda tercatat cuti." in words(desk.browser.get(SHEET))


def test_the_deadline_is_said_before_it_passes_and_lateness_before_one_submits(desk, at):
    desk.add()
    assert "Batas: besok, Selasa, 22 September pukul 23.59 WIB." in words(desk.browser.get(SHEET))
    at("2020-09-23T00:00+07:00")
    assert "Terlambat, tetap bisa diajukan" in words(desk.browser.get(SHEET))
    assert desk.submit().status_code == 303
    assert "Tercatat terlambat." in words(desk.browser.get(SHEET))


def test_a_deadline_that_an_outage_moved_says_from_when_to_when_and_why(desk, at):
    outage("2020-09-22T20:00", "2020-09-23T02:00")
    at("2020-09-21T16:00+07:00")
    desk.add()
    said = words(desk.browser.get(SHEET))
    assert "Batas: Kamis, 24 September pukul 23.59 WIB." in said
    assert "Batas semula besok, Selasa, 22 September pukul 23.59 WIB, mundur karena portal terganggu dari besok, Selasa, 22 September pukul 20.00 WIB" in said


# Whose


def test_nobody_reads_another_persons_day(desk):
    desk.add(description="Rahasia Bima")
    for other in (desk.colleague, desk.superior):
        assert "Rahasia Bima" not in Browser(desk.app, other).get(SHEET).text
    assert Browser(desk.app, None).get(SHEET).status_code == 303


def test_a_form_that_outlives_its_session_comes_back_after_signing_in(desk):
    fields = {**desk.fields("kegiatan"), **TYPED, "description": "Ditulis lama sekali"}
    answer = Browser(desk.app, None).client.post(SHEET, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert "carried" in answer.text
    assert Entry.select().count() == 0


def test_the_form_has_the_fields_of_the_contract(desk):
    fields = {held["name"] for tag, held in Reading(desk.page()).tags if tag in {"input", "select"} and held.get("name")}
    assert fields >= {"description", "target", "activity_type", "starts", "ends", "quantity", "unit", "place", "evidence_link", "submission_key"}
    assert DAY in SHEET
