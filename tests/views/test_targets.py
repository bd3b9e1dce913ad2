"""Targets on the screen: the employee's year, the superior's page, and everybody else kept out."""

import pytest

from portal.kinerja import targets, validation
from portal.kinerja.models import Target
from portal.kinerja.targets import AGREED, DRAFT, Wording
from portal.people import roles
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person

LINE = {"title": "Surat terjawab", "indicator": "Jumlah surat", "amount": "600", "unit": "surat"}
YEAR = "/kinerja/rencana/2020"


@pytest.fixture
def team(app, database, at):
    at("2020-09-22T09:00+07:00")
    make.work_rules()
    return make.team()


@pytest.fixture
def author(app, team):
    return Browser(app, team.author)


@pytest.fixture
def superior(app, team):
    return Browser(app, team.superior)


def line(team, title="Surat terjawab", **facts):
    return targets.propose(team.author, 2020, Wording(title, "", "600", "surat"), **ACT, **facts)


def agreed(team):
    return targets.settle(line(team), True, "", make.decider(team.superior))


def picked(*lines):
    return [f"{each.id}-{targets.mark(each)}" for each in lines]


def test_the_short_address_leads_to_this_year(author):
    assert author.get("/kinerja/rencana").location == YEAR


def test_a_line_is_proposed_changed_and_withdrawn(author):
    assert author.post(YEAR, LINE).status_code == 303
    made = Target.get()
    shown = Reading(author.get(YEAR).text).words
    assert "Surat terjawab" in shown
    assert "Menunggu atasan" in shown
    page = author.get(f"/kinerja/rencana/baris/{made.id}").text
    assert {name: value for name, (value,) in fields_of(page, "rencana").items() if name != "csrf_token"} == LINE
    assert author.post(f"/kinerja/rencana/baris/{made.id}", {**LINE, "amount": "700"}).status_code == 303
    assert Target.get().amount == 700
    assert author.post(f"/kinerja/rencana/baris/{made.id}/tarik").status_code == 303
    assert "Yang sudah diganti atau ditarik: 1" in Reading(author.get(YEAR).text).words


@pytest.mark.parametrize("typed", [{"title": ""}, {"amount": "banyak"}, {"unit": ""}])
def test_a_refused_line_keeps_what_was_typed(author, typed):
    answer = author.post(YEAR, {**LINE, **typed})
    assert answer.status_code == 422
    assert {name: value for name, (value,) in fields_of(answer.text, "rencana").items() if name != "csrf_token"} == {**LINE, **typed}
    assert f'href="#{next(iter(typed))}"' in answer.text
    assert Target.select().count() == 0


def test_the_superior_agrees_to_some_and_gives_others_back_with_a_note(team, superior, author):
    one, two, three = (line(team, f"Rencana {number}") for number in range(3))
    page = superior.get("/validasi/rencana").text
    assert [text in page for text in ("Rencana 0", "Rencana 1", "Rencana 2")] == [True] * 3
    assert superior.post("/validasi/rencana", {"target": picked(one, two), "decision": "agree"}).status_code == 303
    assert superior.post("/validasi/rencana", {"target": picked(three), "decision": "return", "note": "Perjelas."}).status_code == 303
    assert [each.state for each in Target.select().order_by(Target.id)] == [AGREED, AGREED, DRAFT]
    assert "Tidak ada rencana yang menunggu" in Reading(superior.get("/validasi/rencana").text).words
    assert "Perjelas." in author.get(YEAR).text


@pytest.mark.parametrize("sent", [{"decision": "agree"}, {"target": "x", "decision": "agree"}, {"decision": "return"}, {"decision": "lain"}])
def test_nothing_chosen_is_nothing_decided(team, superior, sent):
    line(team)
    answer = superior.post("/validasi/rencana", sent)
    assert answer.status_code == 422
    assert "Pilih dulu rencana" in answer.text


def test_giving_back_needs_a_note_and_the_choice_stays(team, superior):
    one = line(team)
    answer = superior.post("/validasi/rencana", {"target": picked(one), "decision": "return", "note": " "})
    assert answer.status_code == 422
    assert fields_of(answer.text, "rencana")["target"] == picked(one)
    assert targets.is_waiting(Target.get())


def test_of_several_lines_one_that_has_changed_is_refused_in_its_row_and_the_others_are_agreed(team, superior):
    one, two = line(team, "Rencana satu"), line(team, "Rencana dua")
    seen = picked(one, two)
    targets.change(two, Wording("Rencana dua, lain"), by="Siti", now=make.MONDAY_EVENING)
    answer = superior.post("/validasi/rencana", {"target": seen, "decision": "agree"})
    assert answer.status_code == 422
    assert "Isinya berubah" in answer.text
    assert [Target.get_by_id(each.id).state for each in (one, two)] == [AGREED, DRAFT]


def test_a_revision_shows_beside_what_it_is_to_replace(team, superior, author):
    old = agreed(team)
    assert author.post(f"/kinerja/rencana/baris/{old.id}", {**LINE, "amount": "900"}).status_code == 303
    assert "Menggantikan: Surat terjawab (600 surat)" in Reading(superior.get("/validasi/rencana").text).words
    assert "Usulan perubahan" in Reading(author.get(YEAR).text).words
    again = author.post(f"/kinerja/rencana/baris/{old.id}", {**LINE, "amount": "950"})
    assert again.status_code == 422


def test_progress_is_shown_in_figures_and_as_a_picture(team, author):
    target = agreed(team)
    make.entry(team.author, target=str(target.id), quantity="12", unit="surat")
    row = make.submitted(team.author)
    validation.decide([(row.id, None)], [], "approve", "", make.decider(team.superior))
    page = author.get(YEAR).text
    assert "12 dari 600 surat" in Reading(page).words
    assert 'aria-label="2 persen tercapai"' in page


def strangers(app, team):
    """Everybody who has nothing to do with a line: colleague, the superior's superior, another superior, a former one."""
    new = make.person("Baru")
    make.posting(new, team.office)
    make.posting(team.author, team.office, under=new, first="2020-09-22")
    for number in range(2):
        make.posting(make.person(f"Bawahan {number}"), team.office, under=team.superior)
    return {"colleague": team.colleague, "upper": team.upper, "stranger": make.team().superior, "former": team.superior}


@pytest.mark.parametrize("who", ["colleague", "upper", "stranger", "former"])
def test_nobody_else_sees_changes_or_settles_a_line(app, team, who):
    one = line(team, "Rencana rahasia")
    other = Browser(app, strangers(app, team)[who])
    for address in (f"/kinerja/rencana/baris/{one.id}", f"/kinerja/rencana/baris/{one.id}/tarik"):
        assert other.post(address, LINE).status_code == 404
    assert other.get(f"/kinerja/rencana/baris/{one.id}").status_code == 404
    assert "Rencana rahasia" not in other.get(YEAR).text
    settled = other.post("/validasi/rencana", {"target": picked(one), "decision": "agree"})
    assert settled.status_code == (403 if who == "colleague" else 422)
    assert "Rencana rahasia" not in settled.text
    assert targets.is_waiting(Target.get_by_id(one.id))


def test_who_logs_no_work_and_who_leads_nobody_is_kept_out(app, team):
    auditor, colleague = Browser(app, person(roles.AUDITOR)), Browser(app, team.colleague)
    assert auditor.get(YEAR).status_code == 403
    assert colleague.get("/validasi/rencana").status_code == 403


@pytest.mark.parametrize("address", ["/kinerja/rencana/1", "/kinerja/rencana/99999999999", "/kinerja/rencana/baris/999999999999", "/kinerja/rencana/baris/9"])
def test_years_and_lines_that_are_none_are_not_found(author, address):
    assert author.get(address).status_code == 404


def test_pages_ask_as_much_of_many_lines_as_of_few(team, author, superior):
    pages = ((author, YEAR), (superior, "/validasi/rencana"))

    def asked():
        found = []
        for browser, address in pages:
            with counted() as said:
                assert browser.get(address).status_code == 200
            found.append(len(said))
        return found

    line(team)
    few = asked()
    for number in range(30):
        each = line(team, f"Rencana {number}")
        if number % 2:
            targets.settle(each, True, "", make.decider(team.superior))
    other = make.person()
    make.posting(other, team.office, under=team.superior)
    targets.propose(other, 2020, Wording("Lain"), **ACT)
    assert all(many <= before for many, before in zip(asked(), few, strict=True))
