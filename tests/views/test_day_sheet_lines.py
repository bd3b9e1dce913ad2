"""The lines of a day sheet: changed, taken out, brought back, copied, made routine; their evidence; and what is typed and not sent yet."""

from io import BytesIO

import pytest

from portal.kinerja import drafts, logs
from portal.kinerja.models import Entry, Routine, Unsent
from tests import make
from tests.house.test_queries import counted
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
    assert answer.status_code == 404 or "Sudah diketik" in answer.text


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


# Typed and not sent


def typed(desk, **facts):
    fields = {**desk.fields("kegiatan"), "description": "Belum selesai", **facts}
    return desk.browser.post(f"{SHEET}/ketikan", fields, headers={"HX-Request": "true", "HX-Request-Type": "partial"})


def test_what_was_typed_is_there_again_and_gone_once_it_is_saved(desk):
    answer = typed(desk, ends="0930")
    assert "Ketikan tersimpan 16.00" in words(answer)
    fields = desk.fields("kegiatan")
    assert (fields["description"], fields["ends"]) == (["Belum selesai"], ["0930"])
    assert "Ketikan Anda pukul 16.00 yang belum disimpan" in words(desk.browser.get(SHEET))
    assert desk.browser.post(SHEET, {**fields, **TYPED}).status_code == 303
    assert desk.fields("kegiatan")["description"] == [""]


def test_without_script_a_button_keeps_what_was_typed(desk):
    answer = desk.browser.post(f"{SHEET}/ketikan", {**desk.fields("kegiatan"), "description": "Lanjut nanti"})
    assert (answer.status_code, answer.headers["Location"]) == (303, SHEET)
    assert desk.fields("kegiatan")["description"] == ["Lanjut nanti"]


def test_two_pages_that_type_at_once_are_both_shown_and_one_chooses(desk):
    one, other = desk.fields("kegiatan"), desk.fields("kegiatan")
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    desk.browser.post(f"{SHEET}/ketikan", {**one, "description": "Di ponsel"}, headers=partial)
    answer = desk.browser.post(f"{SHEET}/ketikan", {**other, "description": "Di komputer"}, headers=partial)
    assert "Di ponsel" in words(answer)
    assert "Di komputer" in words(answer)
    assert drafts.of(Unsent.get())["description"] == "Di ponsel"
    whole = desk.browser.post(f"{SHEET}/ketikan", {**other, "description": "Di komputer"})
    assert whole.status_code == 422
    assert "Di ponsel" in words(whole)
    mine = next(held["value"] for tag, held in Reading(whole.text).tags if held.get("name") == "mine")
    assert desk.browser.post(f"{SHEET}/ketikan", {**other, "description": "Di komputer", "mine": mine}).status_code == 303
    assert desk.fields("kegiatan")["description"] == ["Di komputer"]


def test_saving_in_one_page_does_not_forget_what_another_page_types(desk):
    one, other = desk.fields("kegiatan"), desk.fields("kegiatan")
    desk.browser.post(f"{SHEET}/ketikan", {**other, "description": "Masih diketik"})
    desk.browser.post(SHEET, {**one, **TYPED})
    assert desk.fields("kegiatan")["description"] == ["Masih diketik"]


def test_typing_about_a_line_is_kept_for_that_line(desk, line):
    fields = {**form_of(desk, line), "description": "Sedang diubah"}
    assert desk.browser.post(f"{SHEET}/ketikan", fields).status_code == 303
    assert form_of(desk, line)["description"] == ["Sedang diubah"]
    assert desk.fields("kegiatan")["description"] == [""]
    assert Browser(desk.app, desk.colleague).post(f"{SHEET}/ketikan", fields).status_code == 404 or Unsent.select().count() == 1


def test_a_very_long_text_is_not_kept_and_says_so(desk):
    assert "Terlalu panjang" in words(typed(desk, description="a" * 6000))
    assert drafts.of(Unsent.get_or_none()) == {}


def test_signs_that_cannot_be_kept_are_left_out(desk):
    typed(desk, description="satu\x00dua")
    assert desk.fields("kegiatan")["description"] == ["satudua"]


# Suggested


def test_what_i_wrote_and_what_my_unit_wrote_is_offered_as_i_type(desk, line):
    colleague = Browser(desk.app, desk.colleague)
    fields = fields_of(colleague.get(SHEET).text, "kegiatan")
    colleague.post(SHEET, {**fields, **TYPED, "description": "Rapat koordinasi lintas bagian"})
    found = desk.browser.get(f"{SHEET}/saran?description=KOORDINASI").text
    assert "Rapat koordinasi lintas bagian" in found
    assert "Memeriksa 12 berkas" in found
    assert "Budi" not in found
    assert "Rapat koordinasi" not in desk.browser.get(f"{SHEET}/saran?description=ra").text
    assert "Memeriksa 12 berkas" in desk.page(TUESDAY if False else SHEET)


# Questions


def fill(desk, count):
    kind = activity_type(name=f"Jenis {count}")
    goal = target(desk.author, f"Rencana {count}")
    for number in range(count):
        make.entry(desk.author, f"{6 + number // 4:02}:{number % 4 * 15:02}", f"{6 + number // 4:02}:{number % 4 * 15 + 10:02}",
                   description=f"Kegiatan {count}-{number}", activity_type=str(kind.id), target=str(goal.id), submission_key=f"{count}-{number}")  # fmt: skip


@pytest.mark.parametrize("address", ["/kinerja", SHEET, TUESDAY])
def test_a_sheet_asks_at_most_twelve_questions_whatever_it_holds(desk, address, at):
    def asked():
        browser = desk.browser
        browser.get("/akun")
        with counted() as questions:
            assert browser.get(address).status_code == 200
        return questions

    at("2020-09-22T16:00+07:00")
    empty = asked()
    at(EVENING)
    fill(desk, 20)
    at("2020-09-22T16:00+07:00")
    many = asked()
    assert len(empty) <= 12, "\n".join(empty)
    assert len(many) <= 12, "\n".join(many)


def test_a_returned_and_a_submitted_sheet_ask_no_more(desk):
    from portal.kinerja import days, validation

    fill(desk, 20)
    desk.submit()
    browser = desk.browser
    browser.get("/akun")
    with counted() as submitted:
        browser.get(SHEET)
    day = days.find(desk.author, make.MONDAY)
    validation.decide([(day.id, None)], [], validation.RETURN, "Lengkapi.", make.decider(desk.superior))
    with counted() as returned:
        browser.get(SHEET)
    assert len(submitted) <= 12, "\n".join(submitted)
    assert len(returned) <= 12, "\n".join(returned)
    assert logs.MOST_ENTRIES > 20
