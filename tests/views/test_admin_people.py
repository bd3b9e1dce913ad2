"""An administrator finds people, corrects them, and says where they work and what they may do."""

import csv
import io
from datetime import date, timedelta

import pytest

from portal import clock
from portal.attendance.models import Leave
from portal.audit import AuditEntry
from portal.offices import corrections, people_import, postings
from portal.offices.imports import run
from portal.offices.staff import Acting, Correction, Grant, Posting
from portal.outbox import Letter
from portal.people import roles
from portal.people.models import Person, Session
from portal.sheets import Line
from tests import make
from tests.views.administration import Desk
from tests.views.world import MORNING

TODAY = date(2020, 9, 22)


@pytest.fixture
def desk(client, at):
    at(MORNING)
    return Desk(client)


def at_person(person: Person, act: str = "") -> str:
    return f"/admin/orang/{person.id}" + (f"/{act}" if act else "")


def acts() -> list[str]:
    return [act for (act,) in AuditEntry.select(AuditEntry.act).order_by(AuditEntry.id).tuples()]


def test_a_new_person_is_kept_with_the_one_who_entered_them_and_an_odd_nip_is_only_warned_of(desk):
    answer = desk.post("/admin/orang/baru", identifier="PPPK-77", name="Budi Santoso", email="budi@kantor.example")
    person = Person.get(Person.identifier == "PPPK-77")
    assert (answer.status_code, answer.location) == (303, at_person(person))
    assert "bukan NIP 18 angka" in desk.get(at_person(person)).text
    entry = AuditEntry.get(AuditEntry.act == "person_created", AuditEntry.object_id == str(person.id))
    assert (entry.actor, entry.actor_id) == (desk.person.name, desk.person.id)


def test_the_same_person_sent_twice_is_one_and_the_second_keeps_what_was_typed(desk):
    fields = {"identifier": "198001012005011001", "name": "Siti <Rahma>"}
    assert desk.post("/admin/orang/baru", **fields).status_code == 303
    second = desk.post("/admin/orang/baru", **fields)
    assert second.status_code == 422
    assert 'value="Siti &lt;Rahma&gt;"' in second.text
    assert Person.select().where(Person.identifier == "198001012005011001").count() == 1


def test_people_are_found_by_a_part_of_their_name_and_by_the_first_digits(desk):
    wanted, other = make.person("Ni Luh Ayu", "197505052001122003"), make.person("Bambang")
    for text in ("luh", "1975 0505"):
        page = desk.get("/admin/orang", query_string={"q": text}).text
        assert wanted.name in page
        assert other.name not in page
    assert "Tidak ada yang cocok" in desk.get("/admin/orang?q=100%25_").text


def test_a_search_while_typing_gets_the_list_alone(desk):
    part = desk.get("/admin/orang?q=a", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert part.lstrip().startswith('<div id="people"')
    assert "<html" not in part


def test_a_posting_ends_the_main_one_before_it_and_may_itself_be_ended(desk):
    person, chief, office = make.person(), make.person(), make.office("Kantor Kelurahan Uji")
    before = make.posting(person)
    answer = desk.post(at_person(person, "penempatan"), office="Kantor Kelurahan Uji", position="Analis", supervisor=chief.identifier, first_day="2020-09-22")
    assert answer.status_code == 303
    assert Posting.get_by_id(before.id).last_day == date(2020, 9, 21)
    new = postings.main_posting(person, TODAY)
    assert (new.office, new.supervisor) == (office, chief)
    assert desk.post(f"/admin/orang/penempatan/{new.id}/akhiri", last_day="2020-12-31").status_code == 303
    assert Posting.get_by_id(new.id).last_day == date(2020, 12, 31)
    assert "posting_ended" in acts()
    for wrong in ("2020-09-01", "2021-01-01"):
        assert desk.post(f"/admin/orang/penempatan/{new.id}/akhiri", last_day=wrong).status_code == 422


def test_the_same_posting_sent_twice_is_kept_once(desk):
    person, office = make.person(), make.office("Kantor Uji")
    sent = [desk.post(at_person(person, "penempatan"), office=office.slug, position="Analis", first_day="2020-09-22").status_code for _ in range(2)]
    assert sent == [303, 422]
    assert Posting.select().where(Posting.person == person).count() == 1


def test_a_circle_of_superiors_is_refused_by_name_beside_the_field(desk):
    chief, worker = make.person("Atasan Satu"), make.person("Bawahan Satu")
    make.posting(worker, under=chief)
    answer = desk.post(at_person(chief, "penempatan"), office=make.office().slug, supervisor=worker.identifier, first_day="2020-09-22")
    assert answer.status_code == 422
    assert "Bawahan Satu" in answer.text
    assert 'id="supervisor-e"' in answer.text


def test_an_office_that_may_be_several_is_refused_with_those_that_may_be_meant(desk):
    make.office("Kantor Kelurahan Karang Anyar")
    answer = desk.post(at_person(make.person(), "penempatan"), office="karang", first_day="2020-09-22")
    assert answer.status_code == 422
    assert "kantor-kelurahan-karang-anyar" in answer.text


def test_a_role_is_given_over_an_office_and_taken_back(desk):
    person, office = make.person(), make.office()
    assert desk.post(at_person(person, "peran"), role="head", office=office.slug).status_code == 303
    given = Grant.get(Grant.person == person)
    assert (given.role, given.office) == ("head", office)
    assert "Kepala kantor" in desk.get(at_person(person)).text
    assert desk.post(f"/admin/orang/peran/{given.id}/cabut").status_code == 303
    assert Grant.get_by_id(given.id).revoked_at is not None
    assert desk.post(f"/admin/orang/peran/{given.id}/cabut").status_code == 422
    assert desk.post(at_person(person, "peran"), role="employee").status_code == 422


@pytest.mark.parametrize("act", ["peran", "atur-ulang", "matikan-kode", "tutup", "buka"])
def test_a_sensitive_act_needs_a_password_given_lately(desk, at, act):
    person = make.person(password=make.PASSWORD)
    at("2020-09-22T09:40+07:00")
    assert desk.get(at_person(person, act)).location.startswith("/masuk/pastikan")
    sent = desk.post(at_person(person, act), role="admin")
    assert sent.status_code == 401
    assert 'id="pastikan"' in sent.text
    assert not Grant.select().where(Grant.person == person).exists()
    assert Person.get_by_id(person.id).ended_at is None


def test_whoever_sends_links_elsewhere_or_invites_gave_the_password_lately(desk, at):
    person = make.person(email="lama@kantor.example")
    facts = {"name": person.name, "phone": "", "language": "id"}
    at("2020-09-22T09:40+07:00")
    assert desk.post(at_person(person, "ubah"), **facts, email="jahat@contoh.example").status_code == 401
    assert Person.get_by_id(person.id).email == "lama@kantor.example"
    assert desk.post(at_person(person, "ubah"), **facts | {"phone": "021 555 0100"}, email="lama@kantor.example").status_code == 303
    assert desk.post(at_person(person, "undang")).location.startswith("/masuk/pastikan")
    assert not Letter.select().exists()


def test_taking_a_role_back_needs_a_password_given_lately(desk, at):
    given = postings.grant(make.person(), roles.AUDITOR, None, **make.ACT)
    at("2020-09-22T09:40+07:00")
    assert desk.post(f"/admin/orang/peran/{given.id}/cabut").location.startswith("/masuk/pastikan")
    assert Grant.get_by_id(given.id).revoked_at is None


def test_nobody_closes_their_own_account_nor_gives_up_the_administration(desk):
    own = Grant.get(Grant.person == desk.person)
    for address in (at_person(desk.person, "tutup"), f"/admin/orang/peran/{own.id}/cabut"):
        answer = desk.post(address)
        assert answer.status_code == 422
        assert "administrator lain" in answer.text
    assert desk.get("/admin").status_code == 200


def test_a_closed_account_is_signed_out_and_opens_again(desk):
    person = make.person(password=make.PASSWORD)
    session = make.signed_in(person, now=clock.now())
    assert desk.post(at_person(person, "tutup")).status_code == 303
    assert Session.get_by_id(session.id).ended_at is not None
    assert "Akun ini ditutup" in desk.get(at_person(person)).text
    assert desk.post(at_person(person, "tutup")).status_code == 422
    assert desk.post(at_person(person, "atur-ulang")).status_code == 422
    assert desk.post(at_person(person, "buka")).status_code == 303
    assert Person.get_by_id(person.id).ended_at is None


def test_an_invitation_and_a_reset_are_letters_and_their_links_are_not_in_the_trail(desk):
    person = make.person(email="a@kantor.example", password=make.PASSWORD)
    assert desk.post(at_person(person, "undang")).status_code == 303
    assert desk.post(at_person(person, "atur-ulang")).status_code == 303
    letters = list(Letter.select().where(Letter.person_id == person.id).order_by(Letter.id))
    assert [letter.name for letter in letters] == ["invitation", "reset"]
    trail = "".join(str((entry.before, entry.after)) for entry in AuditEntry.select())
    assert not any(letter.facts["token"] in trail for letter in letters)


def test_the_second_factor_is_switched_off_for_one_who_lost_the_phone(desk):
    person = make.person()
    Person.update(totp_secret="sealed", totp_since=clock.now()).where(Person.id == person.id).execute()
    assert "matikan-kode" in desk.get(at_person(person)).text
    assert desk.post(at_person(person, "matikan-kode")).status_code == 303
    assert Person.get_by_id(person.id).totp_secret is None


def test_somebody_stands_in_for_a_superior_by_a_letter_and_no_longer(desk):
    chief, deputy = make.person(), make.person("Wakil Uji")
    fields = {"deputy": deputy.identifier, "kind": "Plh", "letter_number": "800/12/2020", "first_day": "2020-09-22", "last_day": "2020-09-30"}
    assert desk.post(at_person(chief, "plt"), **{**fields, "letter_number": ""}).status_code == 422
    assert [desk.post(at_person(chief, "plt"), **fields).status_code for _ in range(2)] == [303, 422]
    acting = Acting.get()
    for each in (chief, deputy):
        assert "800/12/2020" in desk.get(at_person(each)).text
    assert desk.post(f"/admin/orang/plt/{acting.id}/akhiri").status_code == 303
    assert desk.post(f"/admin/orang/plt/{acting.id}/akhiri").status_code == 422
    assert "800/12/2020" not in desk.get(at_person(chief)).text


def test_leave_is_entered_once_and_withdrawn(desk):
    person = make.person()
    fields = {"kind": "sick", "first_day": "2020-09-22", "last_day": "2020-09-24"}
    assert [desk.post(at_person(person, "ketidakhadiran"), **fields).status_code for _ in range(2)] == [303, 422]
    entered = Leave.get()
    assert desk.post(f"/admin/orang/ketidakhadiran/{entered.id}/tarik").status_code == 303
    assert Leave.get_by_id(entered.id).withdrawn_at is not None
    assert desk.post(f"/admin/orang/ketidakhadiran/{entered.id}/tarik").status_code == 422


def test_an_act_about_a_person_that_is_refused_shows_the_person_with_the_reason(desk):
    entered = Leave.create(
        person=make.person("Orang Uji"), kind="annual", first_day=TODAY, last_day=TODAY, entered_by="x", entered_at=make.NOW, withdrawn_at=make.NOW
    )
    answer = desk.post(f"/admin/orang/ketidakhadiran/{entered.id}/tarik")
    assert (answer.status_code, "Orang Uji" in answer.text, "sudah ditarik" in answer.text) == (422, True, True)


def test_the_export_is_what_an_import_takes_and_taking_it_in_again_changes_nothing(desk):
    chief, worker, office = make.person("Kepala Uji"), make.person("Pegawai, Uji", email="p@kantor.example"), make.office()
    make.posting(chief, office)
    make.posting(worker, office, under=chief)
    postings.grant(chief, roles.HEAD, office, **make.ACT)
    answer = desk.get("/admin/orang/ekspor.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert tuple(rows[0]) == people_import.COLUMNS
    held = {row["name"]: row for row in rows}
    assert held["Pegawai, Uji"]["supervisor_nip"] == chief.identifier
    assert held["Kepala Uji"]["roles"] == "head"
    assert "people_exported" in acts()
    lines = [Line(number, row) for number, row in enumerate(rows, start=2)]
    outcome = run(people_import.take_people, lines, by="uji", now=clock.now(), progress=lambda done, total: None)
    assert (outcome.added, outcome.changed, outcome.same) == (0, 0, len(rows))


def test_a_name_that_looks_like_a_formula_leaves_as_text(desk):
    make.person("=HYPERLINK(1)")
    make.person("  @SUM(1)")
    text = desk.get("/admin/orang/ekspor.csv").get_data(as_text=True)
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text


def test_a_wrong_superior_is_corrected_from_today_and_what_was_stays(desk):
    worker, wrong, right = make.person(), make.person(), make.person("Atasan Benar")
    posting = make.posting(worker, under=wrong)
    asked = corrections.propose(posting, right, reason="Pindah seksi", **make.ACT)
    assert "Atasan Benar" in desk.get("/admin/atasan").text
    refused = desk.post(f"/admin/atasan/{asked.id}", decision="refuse", answer="")
    assert refused.status_code == 422
    assert f'id="answer-{asked.id}"' in refused.text
    assert desk.post(f"/admin/atasan/{asked.id}", decision="accept").status_code == 303
    assert Correction.get_by_id(asked.id).is_accepted
    assert postings.main_posting(worker, TODAY).supervisor == right
    assert postings.main_posting(worker, TODAY - timedelta(days=1)).supervisor == wrong
    assert desk.post(f"/admin/atasan/{asked.id}", decision="accept").status_code == 422


def test_a_role_over_offices_is_everywhere_only_when_that_is_said(desk):
    page = f"/admin/orang/{make.person().id}/peran"
    forgotten = desk.post(page, role="head", office="")
    assert forgotten.status_code == 422
    assert "atau pilih semua kantor" in forgotten.text
    assert desk.post(page, role="head", office="", everywhere="yes").status_code == 303
    assert Grant.get(Grant.role == "head", Grant.office.is_null()).revoked_at is None
