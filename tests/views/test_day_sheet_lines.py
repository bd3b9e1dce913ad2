"""The lines of a day sheet: changed, taken out, brought back, copied, made routine; their evidence; and what is typed and not sent yet."""

from io import BytesIO

import pytest

from portal.kinerja import validation
from portal.kinerja.models import Entry, Routine, Target, WorkDay
from tests import make
from tests.pictures import picture
from tests.views.closing import words
from tests.views.days import EVENING, SHEET, TYPED, Desk, activity_type, target
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of

TUESDAY = "/kinerja/2020-09-22"


@pytest.fixture
def desk(app, client, at):
    at(EVENING)
    return Desk(app)


@pytest.fixture
def line(desk):
    desk.add()
    return Entry.get()


def at_line(line, act: str = "") -> str:
    return f"{SHEET}/{line.id}{act}"


def form_of(desk, line) -> dict:
    return fields_of(desk.page(at_line(line)), f"e{line.id}-ubah")


# Changed


def test_a_line_is_changed_on_a_page_of_its_own_without_script(desk, line):
    fields = form_of(desk, line)
    assert fields["description"] == ["Memeriksa 12 berkas"]
    assert (fields["starts"], fields["ends"], fields["quantity"]) == (["08.00"], ["10.00"], ["12"])
    answer = desk.browser.post(at_line(line), {**fields, "description": "Memeriksa 13 berkas", "quantity": "13"})
    assert answer.status_code == 303
    changed = Entry.get_by_id(line.id)
    assert (changed.description, changed.quantity, changed.revision) == ("Memeriksa 13 berkas", 13, 1)


def test_a_script_takes_the_form_of_a_line_alone(desk, line):
    answer = desk.browser.get(at_line(line), headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.text.strip().startswith("<tr") or "<tr role" in answer.text[:200]
    assert "<html" not in answer.text


def test_what_changed_elsewhere_is_shown_beside_what_was_typed_and_neither_is_lost(desk, line):
    fields = form_of(desk, line)
    desk.browser.post(at_line(line), {**fields, "description": "Dari perangkat lain"})
    answer = desk.browser.post(at_line(line), {**fields, "description": "Dari halaman lama", "seen_typing": "0"})
    assert answer.status_code == 422
    assert "Sekarang tersimpan: 08.00–10.00, Dari perangkat lain" in words(answer)
    again = fields_of(answer.text, f"e{line.id}-ubah")
    assert again["description"] == ["Dari halaman lama"]
    assert Entry.get_by_id(line.id).description == "Dari perangkat lain"
    assert desk.browser.post(at_line(line), again).status_code == 303
    assert Entry.get_by_id(line.id).description == "Dari halaman lama"


def test_a_wrong_change_comes_back_with_all_that_was_typed(desk, line):
    answer = desk.browser.post(at_line(line), {**form_of(desk, line), "starts": "12", "ends": "11", "description": "Terbalik"})
    assert answer.status_code == 422
    assert fields_of(answer.text, f"e{line.id}-ubah")["description"] == ["Terbalik"]
    assert f'href="#e{line.id}-ends"' in answer.text


def test_a_line_that_was_taken_out_elsewhere_is_not_lost_from_sight(desk, line):
    fields = form_of(desk, line)
    desk.browser.post(at_line(line, "/hapus"), fields)
    answer = desk.browser.post(at_line(line), {**fields, "description": "Sudah diketik"})
    assert answer.status_code == 422
    assert "Kegiatan ini sudah dihapus" in words(answer)
    assert "Sudah diketik" in words(answer)


def test_a_line_that_is_taken_out_can_be_brought_back(desk, line):
    answer = desk.browser.post(at_line(line, "/hapus"), form_of(desk, line))
    assert answer.status_code == 303
    page = desk.page(answer.headers["Location"])
    assert "“Memeriksa 12 berkas” dihapus." in Reading(page).words
    assert Entry.get_by_id(line.id).removed_at is not None
    assert desk.browser.post(at_line(line, "/pulihkan")).status_code == 303
    assert "08.00–10.00" in desk.page()


def test_what_is_brought_back_finds_its_time_taken(desk, line):
    desk.browser.post(at_line(line, "/hapus"), form_of(desk, line))
    desk.add(description="Yang baru")
    answer = desk.browser.post(at_line(line, "/pulihkan"))
    assert answer.status_code == 422
    assert "bertumpuk" in words(answer)


@pytest.mark.parametrize("act", ["", "/hapus", "/pulihkan", "/rutin"])
def test_nobody_touches_the_line_of_another(desk, line, act):
    before = Entry.select().where(Entry.id == line.id).dicts().get()
    fields = {**TYPED, "seen": "0", "weekdays": "0", "submission_key": "x"}
    for other in (desk.colleague, desk.superior, desk.upper):
        assert Browser(desk.app, other).post(at_line(line, act), fields).status_code == 404
    assert Browser(desk.app, desk.colleague).get(at_line(line)).status_code == 404
    assert Entry.select().where(Entry.id == line.id).dicts().get() == before
    assert Routine.select().count() == 0


def test_a_line_answers_on_its_own_day_alone(desk, line):
    assert desk.browser.get(f"/kinerja/2020-09-18/{line.id}").status_code == 404
    assert desk.browser.post(f"/kinerja/2020-09-18/{line.id}/hapus", {"seen": "0"}).status_code == 404
    assert desk.browser.get(f"{SHEET}/99999999999").status_code == 404


def test_a_locked_day_offers_no_change(desk, line):
    fields = form_of(desk, line)
    desk.submit()
    assert desk.browser.get(at_line(line)).status_code == 303
    assert desk.browser.post(at_line(line), fields).status_code == 422
    assert desk.browser.post(at_line(line, "/hapus"), fields).status_code == 422
    assert Entry.get_by_id(line.id).removed_at is None


# Copied


def test_a_line_is_copied_into_the_form_without_its_times_and_its_evidence(desk, line, at):
    at("2020-09-22T16:00+07:00")
    fields = fields_of(desk.page(f"{TUESDAY}?salin={line.id}"), "kegiatan")
    assert {name: fields[name] for name in ("description", "quantity", "unit", "ends", "evidence_link")} == {
        "description": ["Memeriksa 12 berkas"], "quantity": ["12"], "unit": ["berkas"], "ends": [""], "evidence_link": [""]}  # fmt: skip


def test_nobody_copies_the_line_of_another(desk, line):
    page = Browser(desk.app, desk.colleague).get(f"{SHEET}?salin={line.id}").text
    assert fields_of(page, "kegiatan")["description"] == [""]


def test_the_last_day_is_copied_with_one_press(desk, line, at):
    at("2020-09-22T16:00+07:00")
    answer = desk.browser.post(f"{TUESDAY}/salin", desk.fields("salin", TUESDAY))
    assert answer.status_code == 303
    assert "1 kegiatan ditulis." in words(desk.browser.get(answer.headers["Location"]))
    again = desk.browser.post(f"{TUESDAY}/salin", {"source": "2020-09-21"})
    assert "1 tidak ditulis karena jamnya sudah terisi." in words(desk.browser.get(again.headers["Location"]))


def test_a_day_without_activities_cannot_be_copied(desk):
    answer = desk.browser.post(f"{SHEET}/salin", {"source": "2020-09-18"})
    assert answer.status_code == 422
    assert "tidak ada kegiatan yang dapat disalin" in words(answer)


# Routines


def test_a_line_becomes_routine_and_one_press_writes_it_on_its_days(desk, line, at):
    assert desk.browser.post(at_line(line, "/rutin"), {"weekdays": ["0", "1"]}).status_code == 303
    at("2020-09-22T16:00+07:00")
    assert "Isi 1 kegiatan rutin" in words(desk.browser.get(TUESDAY))
    assert desk.browser.post(f"{TUESDAY}/rutin").status_code == 303
    assert "08.00–10.00" in desk.page(TUESDAY)
    assert "Isi 1 kegiatan rutin" not in words(desk.browser.get(TUESDAY))
    at("2020-09-23T16:00+07:00")
    assert "Isi 1 kegiatan rutin" not in words(desk.browser.get("/kinerja/2020-09-23"))


def test_a_routine_needs_a_day(desk, line):
    answer = desk.browser.post(at_line(line, "/rutin"), {})
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu hari." in words(answer)


def test_a_routine_ends_and_nobody_ends_that_of_another(desk, line):
    desk.browser.post(at_line(line, "/rutin"), {"weekdays": "0"})
    routine = Routine.get()
    address = f"/kinerja/rutin/{routine.id}/akhiri"
    assert Browser(desk.app, desk.colleague).post(address, {"day": "2020-09-21"}).status_code == 404
    assert Routine.get().ended_at is None
    assert desk.browser.post(address, {"day": "2020-09-21"}).status_code == 303
    assert Routine.get().ended_at is not None


# Evidence


def test_a_file_is_evidence_for_its_author_and_those_who_vouch_and_for_nobody_else(desk):
    desk.add(evidence=(BytesIO(picture("PNG")), "foto.png"))
    line = Entry.get()
    desk.submit()
    address = f"{SHEET}/bukti/{line.id}"
    for who, status in ((desk.author, 200), (desk.superior, 200), (desk.upper, 200), (desk.colleague, 404)):
        assert Browser(desk.app, who).get(address).status_code == status
    assert "foto.png" in desk.page()


def test_a_file_goes_with_the_line_it_was_sent_with_and_can_be_taken_off(desk):
    desk.add(evidence=(BytesIO(picture("PNG")), "foto.png"))
    line = Entry.get()
    desk.browser.post(at_line(line), form_of(desk, line))
    assert Entry.get_by_id(line.id).evidence_id is not None
    desk.browser.post(at_line(line), {**form_of(desk, line), "drop_evidence": "yes"})
    assert Entry.get_by_id(line.id).evidence_id is None


def test_a_file_that_was_sent_with_a_wrong_line_is_kept_for_the_next_try(desk):
    answer = desk.add(ends="07:00", evidence=(BytesIO(picture("PNG")), "foto.png"))
    assert answer.status_code == 422
    fields = fields_of(answer.text, "kegiatan")
    assert "foto.png" in answer.text
    assert desk.browser.post(SHEET, {**fields, "ends": "10:00"}).status_code == 303
    assert Entry.get().evidence.name == "foto.png"


def test_an_activity_whose_type_needs_evidence_says_so(desk):
    kind = activity_type(needs_evidence=True)
    desk.add(activity_type=str(kind.id), evidence_link="")
    assert "Jenis ini perlu bukti" in words(desk.browser.get(SHEET))


def test_a_change_or_a_removal_that_is_pressed_twice_is_done_once_and_says_so(desk, line):
    fields = {**form_of(desk, line), "description": "Baru"}
    browser = desk.browser
    assert [browser.post(at_line(line), fields).status_code for _ in range(2)] == [303, 303]
    assert [browser.post(at_line(line, "/hapus"), {"seen": "1"}).status_code for _ in range(2)] == [303, 303]
    assert Entry.get().revision == 2


def test_a_line_keeps_a_target_that_was_replaced_since(desk):
    old = target(desk.author)
    desk.add(target=str(old.id))
    Target.update(state="revised").execute()
    line = Entry.get()
    desk.browser.post(at_line(line), {**form_of(desk, line), "description": "Dibetulkan"})
    assert (Entry.get().description, Entry.get().target_id) == ("Dibetulkan", old.id)


def test_a_returned_day_of_which_only_approved_lines_are_left_can_be_submitted(desk, line):
    desk.add(starts="10:00", ends="11:00", description="Kedua")
    desk.submit()
    row, second = line.work_day, Entry.get(Entry.description == "Kedua")
    for entries, decision in (([(line.id, None)], "approve"), ([(second.id, None)], "return")):
        validation.decide([], entries, decision, "Hapus yang kedua.", make.decider(desk.superior))
    desk.browser.post(at_line(second, "/hapus"), {"seen": "0"})
    assert desk.submit().status_code == 303
    assert WorkDay.get_by_id(row.id).state == "submitted"
