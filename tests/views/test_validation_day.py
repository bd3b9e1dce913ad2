"""One day as a superior sees it: its history, what is said about it, decided, and opened again."""

from datetime import date

import pytest

from portal.kinerja.models import DayMessage, DayReading, Entry, WorkDay
from tests import make
from tests.house.test_queries import counted
from tests.views.staff import Browser, fields_of
from tests.views.validating import Desk, state, value, words


@pytest.fixture
def desk(app, world):
    return Desk(app, world.hall)


def show(browser, row) -> str:
    answer = browser.get(f"/validasi/{row.id}")
    assert answer.status_code == 200
    return words(answer)


def say(browser, address, text="Mohon dilihat.", key="1"):
    return browser.post(address, {"text": text, "submission_key": key})


def test_a_day_stands_there_in_full_with_its_history_in_the_zone_of_its_office(app, world):
    desk = Desk(app, world.denpasar)
    row = desk.day(evidence_link="https://berkas.example.org/1")
    desk.superior.post(f"/validasi/{row.id}", {"day": value(row), "decision": "return", "reason": "Lengkapi bukti dukung."})
    shown = show(desk.superior, row)
    for told in ("Siti, Senin, 21 September", "Dikembalikan", "Memeriksa 12 berkas", "Diajukan , Siti", "pukul 17.00 WITA", "Dikembalikan , Pak Kasubbag",
                 "Lengkapi bukti dukung."):  # fmt: skip
        assert told in shown


def test_a_day_is_decided_on_its_own_page(desk):
    row = desk.day()
    assert desk.superior.post(f"/validasi/{row.id}", {"day": value(row), "decision": "approve"}).status_code == 303
    assert state(row) == "approved"
    assert 'id="validasi"' not in desk.superior.get(f"/validasi/{row.id}").text


def test_ticked_activities_are_decided_by_themselves_there(desk):
    make.entry(desk.team.author, "10:00", "12:00", description="Rapat keluarga")
    row = desk.day()
    entry = Entry.get(Entry.description == "Rapat keluarga")
    fields = {"day": value(row), "entry": f"{entry.id}-{row.revision}", "decision": "reject", "reason": "Bukan pekerjaan."}
    assert desk.superior.post(f"/validasi/{row.id}", fields).status_code == 303
    assert (Entry.get_by_id(entry.id).state, state(row)) == ("rejected", "submitted")


def test_a_days_page_decides_about_no_other_day(desk):
    row, other = desk.days(2)
    for fields in ({"day": value(other)}, {"entry": f"{Entry.get(Entry.work_day == other).id}-{other.revision}"}):
        assert desk.superior.post(f"/validasi/{row.id}", {**fields, "decision": "approve"}).status_code == 404
    assert [state(row), state(other)] == ["submitted"] * 2


@pytest.mark.parametrize(("fields", "said"), [
    ({"decision": "return", "reason": ""}, "Tulis alasannya"),
    ({"decision": "approve", "day": ""}, "Pilih dulu hari"),
    ({"decision": "approve", "stale": True}, "Isinya berubah sejak halaman ini dibuka"),
])  # fmt: skip
def test_what_cannot_be_decided_comes_back_with_the_reason_and_the_text(desk, fields, said):
    row = desk.day()
    sent = {"day": f"{row.id}-0" if fields.pop("stale", False) else value(row), **fields}
    answer = desk.superior.post(f"/validasi/{row.id}", sent)
    assert answer.status_code == 422
    assert said in words(answer)
    assert state(row) == "submitted"


def test_the_superiors_superior_reads_a_day_but_decides_only_when_it_has_waited_too_long(desk, at):
    row = desk.day()
    assert "Masih menunggu atasan langsungnya." in show(desk.upper, row)
    answer = desk.upper.post(f"/validasi/{row.id}", {"day": value(row), "decision": "approve"})
    assert answer.status_code == 422
    assert "Log ini masih menunggu atasan langsungnya." in words(answer)
    at("2020-09-30T09:00+07:00")
    upper = Browser(desk.app, desk.team.upper)
    assert upper.post(f"/validasi/{row.id}", {"day": value(row), "decision": "approve"}).status_code == 303
    assert WorkDay.get_by_id(row.id).decided_by_id == desk.team.upper.id


def test_only_the_superiors_superior_opens_a_decided_day_again_and_says_why(desk):
    row = desk.day()
    desk.superior.post(f"/validasi/{row.id}", {"day": value(row), "decision": "approve"})
    assert 'id="buka"' not in desk.superior.get(f"/validasi/{row.id}").text
    refused = desk.superior.post(f"/validasi/{row.id}/buka", {"reason": "Keliru."})
    assert refused.status_code == 422
    assert state(row) == "approved"
    empty = desk.upper.post(f"/validasi/{row.id}/buka", {"reason": ""})
    assert empty.status_code == 422
    assert "Bagian ini wajib diisi." in words(empty)
    assert desk.upper.post(f"/validasi/{row.id}/buka", {"reason": "Salah orang."}).status_code == 303
    assert state(row) == "returned"
    assert "Dibuka kembali , Ibu Kabag" in show(desk.superior, row)
    assert "Salah orang." in show(desk.superior, row)


def test_both_sides_speak_and_each_sees_what_is_new(desk):
    row = desk.day()
    assert say(desk.author, "/kinerja/2020-09-21/pesan", "Berkasnya besar.").headers["Location"] == "/kinerja/2020-09-21#percakapan"
    assert "1 pesan baru" in words(desk.superior.get("/validasi"))
    assert "Berkasnya besar." in show(desk.superior, row)
    assert "pesan baru" not in words(desk.superior.get("/validasi"))
    assert say(desk.superior, f"/validasi/{row.id}/pesan", "Baik.", "2").headers["Location"] == f"/validasi/{row.id}#percakapan"
    assert [each.text for each in DayMessage.select().order_by(DayMessage.id)] == ["Berkasnya besar.", "Baik."]
    assert DayReading.select().where(DayReading.person == desk.team.superior).count() == 1


def test_the_same_message_sent_twice_is_one(desk):
    row = desk.day()
    for _ in range(2):
        assert say(desk.superior, f"/validasi/{row.id}/pesan").status_code == 303
    assert DayMessage.select().count() == 1


def test_a_message_that_is_refused_comes_back_with_its_text(desk):
    row, text = desk.day(), "panjang <b> " * 200
    for browser, address in ((desk.author, "/kinerja/2020-09-21/pesan"), (desk.superior, f"/validasi/{row.id}/pesan")):
        answer = say(browser, address, text)
        assert answer.status_code == 422
        assert "Terlalu panjang: paling banyak 2.000 huruf." in words(answer)
        assert "panjang &lt;b&gt; panjang" in answer.text
        assert fields_of(answer.text, "pesan")["submission_key"] == ["1"]
    assert DayMessage.select().count() == 0


def test_what_was_written_is_never_markup(desk):
    row = desk.day(description="<script>alert(1)</script>", evidence_link="https://example.org/?a=<b>")
    say(desk.author, "/kinerja/2020-09-21/pesan", "<img src=x>")
    for address in ("/validasi", f"/validasi/{row.id}"):
        page = desk.superior.get(address).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "?a=<b>" not in page


@pytest.mark.parametrize("day", ["2020-09-20", "2020-9-21", "20200921", "kemarin", "2020-02-30"])
def test_there_is_no_thread_about_a_day_without_work_or_no_day(desk, day):
    desk.day()
    assert say(desk.author, f"/kinerja/{day}/pesan").status_code == 404


def test_the_questions_of_a_days_page_do_not_grow_with_what_it_holds(desk):
    row = desk.day()
    desk.superior.get(f"/validasi/{row.id}")
    with counted() as few:
        show(desk.superior, row)
    for hour in range(10, 16):
        make.entry(desk.team.author, f"{hour}:00", f"{hour}:50", day=date(2020, 9, 18))
    full = desk.day(date(2020, 9, 18), place="wfh")
    for number in range(12):
        say(desk.superior, f"/validasi/{full.id}/pesan", key=str(number))
    with counted() as many:
        show(desk.superior, full)
    assert len(many) <= len(few) + 1  # the closures, where somebody worked at home


def test_a_day_that_waits_below_is_not_said_to_have_risen(desk, at):
    row = desk.day()
    assert "naik dari" not in show(desk.upper, row)
    at("2020-09-30T09:00+07:00")
    assert "naik dari Pak Kasubbag" in show(Browser(desk.app, desk.team.upper), row)
