"""The queue of a superior: what stands on it, and what becomes of what is decided there."""

import re
from datetime import timedelta

import pytest

from portal.attendance import leave
from portal.kinerja.models import Entry, Target, WorkDay
from portal.offices import postings
from tests import make
from tests.house.test_queries import counted, watched_templates
from tests.make import ACT, MONDAY
from tests.views.staff import Browser, fields_of
from tests.views.validating import Desk, state, value, words

__all__ = ["watched_templates"]


@pytest.fixture
def desk(app, world):
    return Desk(app, world.hall)


def test_a_submitted_day_stands_there_with_what_was_done(desk):
    desk.day(evidence_link="https://berkas.example.org/1")
    answer = desk.superior.get("/validasi")
    assert "1 hari menunggu persetujuan" in words(answer)
    for told in ("Siti", "Analis", "Senin, 21 September", "120 dari 450 menit", "08.00–10.00", "Memeriksa 12 berkas", "12 berkas", "berkas.example.org"):
        assert told in words(answer)
    assert 'href="https://berkas.example.org/1" rel="noopener noreferrer"' in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_elses_people_stand_there_and_never_oneself(desk):
    desk.day()
    other = Desk(desk.app)
    assert "Tidak ada hari yang menunggu Anda" in words(other.superior.get("/validasi"))
    assert "Memeriksa 12 berkas" not in words(desk.upper.get("/validasi"))
    assert desk.author.get("/validasi").status_code == 403


def test_what_is_ticked_is_approved_and_the_page_says_how_many(desk):
    rows = desk.days(3)
    answer = desk.superior.post("/validasi", {"day": [value(row) for row in rows[:2]], "decision": "approve"})
    assert answer.status_code == 303
    assert [state(row) for row in rows] == ["approved", "approved", "submitted"]
    shown = words(desk.superior.get(answer.headers["Location"]))
    assert "2 pilihan disetujui." in shown
    assert "1 hari menunggu persetujuan" in shown


def test_of_forty_days_those_that_changed_meanwhile_are_refused_and_named_and_the_others_approved(desk):
    rows = desk.days(40)
    boxes = [value(row) for row in rows]
    stale = rows[7], rows[16], rows[30]
    for row in stale:
        desk.superior.post(f"/validasi/{row.id}", {"day": value(row), "decision": "return", "reason": "Lengkapi."})
        make.submitted(row.person, day=row.day, key="lagi")
    answer = desk.superior.post("/validasi", {"day": boxes, "decision": "approve"})
    assert answer.status_code == 200
    assert "37 disetujui, 3 tidak" in words(answer)
    assert f"Siti, Senin, {stale[0].day.day} September : Isinya berubah sejak halaman ini dibuka" in words(answer)
    assert [state(row) for row in stale] == ["submitted"] * 3
    assert WorkDay.select().where(WorkDay.state == "approved").count() == 37


def test_what_a_deputy_has_decided_meanwhile_is_told_and_stays_as_it_was_decided(desk):
    row = desk.day()
    seen, deputy = value(row), make.person("Pengganti")
    postings.act_for(desk.team.superior, deputy, kind="Plh", letter_number="1", first_day=MONDAY, last_day=MONDAY + timedelta(days=5), **ACT)
    assert Browser(desk.app, deputy).post("/validasi", {"day": seen, "decision": "reject", "reason": "Bukan tugas kita."}).status_code == 303
    answer = desk.superior.post("/validasi", {"day": seen, "decision": "approve"})
    assert "0 disetujui, 1 tidak" in words(answer)
    assert "Log ini tidak menunggu lagi: Ditolak." in words(answer)
    assert state(row) == "rejected"
    assert WorkDay.get_by_id(row.id).acting_for_id == desk.team.superior.id


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_without_a_reason_nothing_happens_and_the_ticks_stay(desk, decision):
    first, second = desk.days(2)
    (entry,) = Entry.select().where(Entry.work_day == second)
    answer = desk.superior.post("/validasi", {"day": value(first), "entry": f"{entry.id}-{second.revision}", "decision": decision, "reason": " "})
    assert answer.status_code == 422
    assert "Tulis alasannya; pegawai akan membacanya." in words(answer)
    kept = fields_of(answer.text, "validasi")
    assert (kept["day"], kept["entry"]) == ([value(first)], [f"{entry.id}-{WorkDay.get_by_id(second.id).revision}"])
    assert [state(first), state(second)] == ["submitted"] * 2


def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(desk):
    row, text = desk.day(), "a<b>" * 130
    answer = desk.superior.post("/validasi", {"day": value(row), "decision": "return", "reason": text})
    assert answer.status_code == 422
    assert fields_of(answer.text, "validasi")["reason"] == [text]
    assert "<b>" * 2 not in answer.text


@pytest.mark.parametrize(("fields", "said"), [({"decision": "approve"}, "Pilih dulu hari atau kegiatan"), ({"decision": "hapus", "day": "1"}, "Pilih setujui")])
def test_nothing_ticked_and_an_unknown_decision_are_refused(desk, fields, said):
    desk.day()
    answer = desk.superior.post("/validasi", fields)
    assert answer.status_code == 422
    assert said in words(answer)


def test_more_boxes_than_a_page_has_are_refused_whole(desk):
    row = desk.day()
    answer = desk.superior.post("/validasi", {"day": [value(row)] * 2001, "decision": "approve"})
    assert answer.status_code == 422
    assert "Paling banyak 2.000 pilihan sekaligus." in words(answer)
    assert state(row) == "submitted"


def test_the_summary_of_what_is_wrong_leads_to_what_is_to_be_changed(desk):
    desk.day()
    for fields in ({"decision": "approve"}, {"decision": "x"}, {"decision": "return", "entry": "1"}):
        page = desk.superior.post("/validasi", fields).text
        target = re.search(r'class="errors".*?href="#([^"]+)"', page, re.DOTALL)
        assert f'id="{target[1]}"' in page


@pytest.mark.parametrize("box", ["x", "-1", "1-", "1-x", "9" * 12, "²", "1-1-1", "999999"])
def test_a_box_that_no_page_of_ours_has_is_not_found(desk, box):
    row = desk.day()
    expected = 303 if box == "1-" else 404
    if box == "1-":
        box = f"{row.id}-"
    assert desk.superior.post("/validasi", {"day": box, "decision": "approve"}).status_code == expected


def test_one_activity_is_rejected_with_a_reason_and_the_rest_of_its_day_waits_on(desk):
    make.entry(desk.team.author, "10:00", "12:00", description="Rapat keluarga")
    row = desk.day()
    entry = Entry.get(Entry.description == "Rapat keluarga")
    fields = {"entry": f"{entry.id}-{row.revision}", "decision": "reject", "reason": "Bukan pekerjaan."}
    assert desk.superior.post("/validasi", fields).status_code == 303
    assert (Entry.get_by_id(entry.id).state, state(row)) == ("rejected", "submitted")
    assert "Ditolak: Bukan pekerjaan." in words(desk.superior.get("/validasi"))
    desk.superior.post("/validasi", {"day": value(row), "decision": "approve"})
    assert (Entry.get_by_id(entry.id).state, state(row), WorkDay.get_by_id(row.id).approved) == ("rejected", "approved", 120)


def test_the_filters_count_and_show_what_they_say(desk):
    make.entry(desk.team.colleague, "10:00", "15:30")
    desk.day(who=desk.team.colleague)  # a whole day, without a flag
    desk.day()
    shown = {name: words(desk.superior.get(f"/validasi?saring={name}")) for name in ("", "dilihat", "tanpa-tanda", "ada-saja")}
    assert all("Perlu dilihat 1" in page and "Tanpa tanda 1" in page and "Semua 2" in page for page in shown.values())
    assert ["Pilih Senin, 21 September, Siti" in page for page in shown.values()] == [True, True, False, True]
    assert ["Pilih Senin, 21 September, Budi" in page for page in shown.values()] == [True, False, True, True]
    assert "Kurang 330 menit" in shown["dilihat"]


def test_days_of_those_whom_one_stands_in_for_and_those_that_rose_say_so(desk, at):
    desk.day()
    deputy = make.person("Pengganti")
    postings.act_for(desk.team.superior, deputy, kind="Plt", letter_number="1", first_day=MONDAY, last_day=MONDAY + timedelta(days=5), **ACT)
    shown = words(Browser(desk.app, deputy).get("/validasi?saring=plt"))
    assert "a.n. Pak Kasubbag" in shown
    assert "Sebagai Plt atau Plh 1" in shown
    at("2020-09-30T09:00+07:00")
    shown = words(Browser(desk.app, desk.team.upper).get("/validasi?saring=naik"))
    assert "naik dari Pak Kasubbag" in shown
    assert "Naik dari bawahan 1" in shown


def test_that_somebody_was_away_is_said_and_never_why(desk):
    leave.enter(desk.team.author, "sick", MONDAY, MONDAY, **ACT)
    shown = words(desk.superior.get("/validasi")) + words(desk.superior.get(f"/validasi/{desk.day().id}")) + words(desk.superior.get("/validasi"))
    assert "Tercatat tidak bekerja hari itu" in shown
    assert not re.search("sakit|cuti", shown, re.IGNORECASE)


def test_a_page_holds_thirty_days_and_the_next_the_rest(desk):
    desk.days(33)
    first, second, beyond = (desk.superior.get(f"/validasi?hal={number}").text for number in (1, 2, 99))
    assert [len(fields_of_boxes(page)) for page in (first, second, beyond)] == [30, 3, 3]
    assert not set(fields_of_boxes(first)) & set(fields_of_boxes(second))
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def fields_of_boxes(page: str) -> list[str]:
    return re.findall(r'name="day"(?: id="day")? value="([^"]+)"', page)


def test_all_of_a_page_can_be_ticked_without_script(desk):
    rows = desk.days(3)
    assert "day" not in fields_of(desk.superior.get("/validasi").text, "validasi")
    page = desk.superior.get("/validasi?pilih=semua").text
    assert sorted(fields_of(page, "validasi")["day"]) == sorted(value(row) for row in rows)


def test_a_refused_decision_keeps_the_filter_and_the_page(desk):
    desk.days(33)
    page = desk.superior.get("/validasi?saring=dilihat&hal=2").text
    assert 'action="/validasi?saring=dilihat&amp;hal=2"' in page
    answer = desk.superior.post("/validasi?saring=dilihat&hal=2", {"decision": "approve"})
    assert len(fields_of_boxes(answer.text)) == 3


def test_the_template_asks_nothing(desk, watched_templates):
    desk.days(3)
    desk.superior.get("/validasi")
    assert watched_templates() == []


def test_the_questions_of_the_queue_do_not_grow_with_its_days(desk):
    target = Target.create(
        person=desk.team.author, year=2020, title="Layanan surat", unit="berkas", amount=400, state="agreed", entered_at=make.NOW, entered_by="x"
    )
    facts = {"place": "wfh", "target": str(target.id)}
    desk.day(**facts)
    desk.superior.get("/validasi")
    with counted() as few:
        assert "Layanan surat" in words(desk.superior.get("/validasi"))
    for back in range(1, 18):
        desk.day(MONDAY - timedelta(days=back), **facts)
        desk.day(MONDAY - timedelta(days=back), desk.team.colleague, place="wfh")
    with counted() as many:
        desk.superior.get("/validasi")
    assert len(many) <= len(few), "\n".join(set(many) - set(few))
    assert len(many) <= 12, "\n".join(many)


def test_a_targets_progress_of_the_year_stands_beside_it(desk):
    target = Target.create(
        person=desk.team.author, year=2020, title="Layanan surat", unit="berkas", amount=400, state="agreed", entered_at=make.NOW, entered_by="x"
    )
    first = desk.day(MONDAY - timedelta(days=3), target=str(target.id))
    desk.superior.post("/validasi", {"day": value(first), "decision": "approve"})
    desk.day(target=str(target.id))
    assert "Layanan surat (12 dari 400 berkas tahun ini)" in words(desk.superior.get("/validasi"))


def test_the_page_is_in_the_readers_language(desk):
    desk.day()
    assert "1 day is waiting for approval" in words(desk.superior.get("/validasi?bahasa=en"))


@pytest.mark.parametrize(("ends", "is_pointed_out"), [("16:30", False), ("15:00", True)])
def test_an_hour_for_lunch_is_pointed_out_only_where_the_day_falls_short(desk, ends, is_pointed_out):
    make.entry(desk.team.author, "07:30", "12:00")
    make.entry(desk.team.author, "13:00", ends)
    make.submitted(desk.team.author)
    assert ("Jam tanpa kegiatan: 12.00–13.00" in words(desk.superior.get("/validasi"))) == is_pointed_out
