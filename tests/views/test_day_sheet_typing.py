"""What is typed and not sent yet is kept, what may be meant is offered, and a sheet asks a bounded number of questions."""

import pytest

from portal.kinerja import days, drafts, logs, validation
from portal.kinerja.models import Entry, Unsent
from tests import make
from tests.house.test_queries import counted
from tests.views.closing import words
from tests.views.days import EVENING, SHEET, TYPED, Desk, activity_type, target
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of


@pytest.fixture
def desk(app, client, at):
    at(EVENING)
    return Desk(app)


@pytest.fixture
def line(desk):
    desk.add()
    return Entry.get()


def form_of(desk, line) -> dict:
    return fields_of(desk.page(f"{SHEET}/{line.id}"), f"e{line.id}-ubah")


TUESDAY = "/kinerja/2020-09-22"


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


def test_signs_that_no_database_keeps_do_no_harm_beside_the_text(desk):
    assert typed(desk, submission_key="a\x00b").status_code < 400
    assert desk.browser.get(f"{SHEET}/saran?description=abc%00def").status_code == 200


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


def test_a_decided_sheet_asks_no_more(desk):
    fill(desk, 20)
    desk.submit()
    day = days.find(desk.author, make.MONDAY)
    validation.decide([], [(Entry.select().first().id, None)], validation.REJECT, "Bukan tugas.", make.decider(desk.superior))
    validation.decide([(day.id, None)], [], validation.APPROVE, "", make.decider(desk.superior))
    browser = desk.browser
    browser.get("/akun")
    with counted() as decided:
        browser.get(SHEET)
    assert len(decided) <= 12, "\n".join(decided)
