"""Objections: brought by the employee within the days of the policy, settled by the superior's superior."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.kinerja import closing
from portal.kinerja.models import DayAct, Entry, Objection, WorkDay
from portal.offices import postings
from portal.people import roles
from tests import make
from tests.house.test_queries import watched_templates  # noqa: F401
from tests.views.month import Team, actor
from tests.views.staff import Browser, person

ADDRESS = "/kinerja/2020-09-21/keberatan"


@pytest.fixture
def team(client: Any, at: Callable[[str], Any]) -> Team:
    at("2020-09-23T09:00+07:00")
    return Team()


@pytest.fixture
def rejected(team) -> WorkDay:
    """A day of which one activity was approved and one rejected."""
    row = team.write("2020-09-21", submits=False)
    row = team.write("2020-09-21", description="Rapat warga", starts="13:00", ends="14:00")
    second = Entry.get(Entry.description == "Rapat warga")
    team.decide(row, "reject", "Bukan tugas kantor", entries=[second.id])
    return team.decide(row)


def bring(app, team: Team, who=None, reason: str = "Surat tugasnya ada"):
    return Browser(app, who or team.employee).post(ADDRESS, {"reason": reason})


def settle(app, who, decision: str = "accept", answer: str = "Benar"):
    return Browser(app, who).post(f"/validasi/keberatan/{Objection.get().id}", {"decision": decision, "answer": answer})


def test_an_employee_objects_and_the_superiors_superior_accepts(app, team, rejected):
    assert bring(app, team).status_code == 303
    page = Browser(app, team.upper).get("/validasi/keberatan").text
    assert all(word in page for word in ("Ani Pegawai", "Surat tugasnya ada", "Rapat warga", "Bukan tugas kantor"))
    assert settle(app, team.upper).status_code == 303
    row = WorkDay.get_by_id(rejected.id)
    assert (row.state, row.approved, row.effective, row.decided_by_id) == ("approved", 180, 180, team.upper.id)
    assert [act.act for act in DayAct.select().order_by(DayAct.id)][-2:] == ["objected", "objection_accepted"]
    assert "Ani Pegawai" not in Browser(app, team.upper).get("/validasi/keberatan").text


def test_refused_it_needs_an_answer_and_the_sums_stay(app, team, rejected):
    bring(app, team)
    without = settle(app, team.upper, "refuse", "")
    assert without.status_code == 422
    assert "Bagian ini wajib diisi." in without.text
    assert settle(app, team.upper, "refuse", "Tidak ada surat tugas").status_code == 303
    assert WorkDay.get_by_id(rejected.id).approved == 120
    assert Objection.get().is_accepted is False
    assert DayAct.select().where(DayAct.act == "objection_refused", DayAct.reason == "Tidak ada surat tugas").count() == 1


def test_neither_a_decision_nor_an_answer_that_was_typed_is_lost(app, team, rejected):
    bring(app, team)
    refused = settle(app, team.upper, "", "Saya pikirkan dulu")
    assert refused.status_code == 422
    assert "Saya pikirkan dulu" in refused.text


def test_without_a_reason_or_twice_it_is_refused_with_what_was_typed(app, team, rejected):
    assert bring(app, team, reason="").status_code == 422
    bring(app, team)
    again = bring(app, team, reason="Sekali lagi")
    assert again.status_code == 422
    assert "Sekali lagi" in again.text
    assert Objection.select().count() == 1


def test_after_the_policys_days_nobody_objects(app, team, rejected, at):
    at("2020-09-29T23:00+07:00")
    assert bring(app, team).status_code == 303
    Objection.delete().execute()
    at("2020-09-30T00:00+07:00")
    late = bring(app, team)
    assert late.status_code == 422
    assert "Batas mengajukan keberatan sudah lewat." in late.text


def test_there_is_nothing_to_object_to_where_nothing_was_rejected(app, team):
    team.decide(team.write("2020-09-21"))
    assert bring(app, team).status_code == 422


def test_only_the_author_brings_it(app, team, rejected):
    assert [bring(app, team, who).status_code for who in (team.colleague, team.superior, team.upper)] == [404, 404, 404]
    assert Browser(app, team.employee).post("/kinerja/2020-02-30/keberatan", {"reason": "x"}).status_code == 404


def test_nobody_settles_it_but_the_superiors_superior_who_did_not_decide(app, team, rejected):
    bring(app, team)
    lead = make.person("Kepala Lain")
    make.posting(make.person(), team.office, under=lead)
    assert [settle(app, who).status_code for who in (team.superior, lead, team.employee, team.colleague)] == [404, 404, 403, 403]
    for who in (team.superior, lead):
        assert "Surat tugasnya ada" not in Browser(app, who).get("/validasi/keberatan").text
    assert Objection.get().settled_at is None


def test_a_deputy_settles_it_in_their_dates_unless_it_was_they_who_decided(app, team, rejected, at):
    deputy = make.person("Plt Atas")
    postings.act_for(team.upper, deputy, kind="Plt", letter_number="1", first_day=date(2020, 9, 24), last_day=date(2020, 9, 24), **make.ACT)
    postings.act_for(team.upper, team.superior, kind="Plh", letter_number="2", first_day=date(2020, 9, 24), last_day=date(2020, 9, 24), **make.ACT)
    bring(app, team)
    assert settle(app, deputy).status_code == 403
    at("2020-09-24T09:00+07:00")
    assert settle(app, team.superior).status_code == 404
    assert settle(app, deputy).status_code == 303
    assert (Objection.get().settled_by_id, Objection.get().acting_for_id) == (deputy.id, team.upper.id)


def test_where_there_is_no_other_superior_the_employee_reads_whom_to_ask(app, team, rejected):
    WorkDay.update(upper=None).execute()
    refused = bring(app, team)
    assert refused.status_code == 422
    assert "pengelola kepegawaian" in refused.text


def test_a_superiors_superior_who_rejected_it_does_not_judge_it(app, team):
    row = team.write("2020-09-21")
    WorkDay.update(escalates_at=row.submitted_at).execute()
    team.decide(row, "reject", "Bukan tugas kantor", who=team.upper)
    assert "pengelola kepegawaian" in bring(app, team).text


def test_a_day_that_was_given_back_meanwhile_is_not_approved_by_an_objection(app, team, rejected):
    bring(app, team)
    WorkDay.update(state="returned").execute()
    assert settle(app, team.upper).status_code == 422
    assert settle(app, team.upper, "refuse", "Sudah dibuka lagi").status_code == 303


def test_the_day_sheet_offers_the_form_with_its_deadline_and_then_tells_the_answer(app, team, rejected):
    page = Browser(app, team.employee).get("/kinerja/2020-09-21").text
    assert 'id="form-keberatan"' in page
    assert "Batas: Selasa, 29 September." in page
    bring(app, team)
    assert "keberatan menunggu keputusan Anda" in Browser(app, team.upper).get("/beranda").text
    settle(app, team.upper, "refuse", "Tidak ada surat tugas")
    told = Browser(app, team.employee).get("/kinerja/2020-09-21").text
    assert "Tidak diterima" in told
    assert "Tidak ada surat tugas" in told
    assert 'id="form-keberatan"' not in told


def test_a_day_without_a_rejected_activity_says_nothing_of_objections(app, team):
    team.decide(team.write("2020-09-21"))
    assert "keberatan" not in Browser(app, team.employee).get("/kinerja/2020-09-21").text.lower().replace("/validasi/keberatan", "")


def test_none_of_these_pages_asks_the_database_while_it_is_drawn(app, team, rejected, watched_templates):  # noqa: F811
    bring(app, team)
    admin = person(roles.ADMIN)
    closing.close(team.office, date(2020, 8, 1), note="Rapat", by=actor(admin), now=make.local("2020-09-01T09:00"))
    pages = {
        team.employee: ["/kinerja/rekap/2020-09", "/kinerja/rekap/2020-08", "/kinerja/2020-09-21"],
        team.superior: [f"/validasi/orang/{team.employee.id}/2020-09", "/validasi/rekap/2020-09"],
        team.upper: ["/validasi/keberatan"],
        admin: ["/admin/kinerja/rekap/2020-09", *(f"/admin/kinerja/rekap/2020-08{end}?kantor={team.office.slug}" for end in ("", "/tutup"))],
    }
    answers = [Browser(app, who).get(page).status_code for who, addresses in pages.items() for page in addresses]
    assert set(answers) <= {200, 303}
    assert watched_templates() == []


def test_a_decided_day_opens_also_where_the_posting_was_put_right_with_another_office(app, team, rejected):
    postings.post(team.employee, make.office(), position="Analis", supervisor=team.superior, first_day=date(2020, 9, 21), **make.ACT)
    page = Browser(app, team.employee).get("/kinerja/2020-09-21")
    assert page.status_code == 200
    assert "Bukan tugas kantor" in page.text
