"""Administration of e-kinerja: activity types, outages, and the way there."""

import re

import pytest

from portal.audit import AuditEntry
from portal.kinerja import activity_types, outages
from portal.kinerja.activity_types import Sort
from portal.kinerja.models import ActivityType, Outage, WorkDay
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, local
from tests.views.administration import Desk
from tests.views.reading import Reading

TYPE = {"code": "RAPAT", "name": "Mengikuti rapat", "unit": "rapat", "minutes": "90", "needs_evidence": "yes"}
OUTAGE = {"starts": "2020-09-22T21:00", "ends": "2020-09-23T06:30", "note": "Listrik padam."}


@pytest.fixture
def desk(client, at):
    at("2020-09-23T09:00+07:00")
    make.work_rules()
    return Desk(client)


def kind(name="Rapat", code="RAPAT"):
    return activity_types.add(Sort(code, name, "rapat", 60), **ACT)


def test_administration_leads_to_e_kinerja_and_says_what_waits_there(desk):
    outages.propose(local("2020-09-22T21:00"), now=local("2020-09-23T06:30"))
    assert "gangguan perlu diperiksa" in Reading(desk.get("/admin").text).words
    page = desk.get("/admin/kinerja")
    assert {"/admin/kinerja/jenis", "/admin/kinerja/gangguan", "/admin/impor/targets"} <= {link.partition("#")[0] for link in Reading(page.text).links}


def test_a_type_is_added_changed_ended_and_taken_up_again(desk):
    assert desk.post("/admin/kinerja/jenis/baru", **TYPE).status_code == 303
    made = ActivityType.get()
    assert (made.minutes, made.needs_evidence) == (90, True)
    assert desk.post(f"/admin/kinerja/jenis/{made.id}/ubah", **{**TYPE, "minutes": "60", "needs_evidence": "no"}).status_code == 303
    assert (ActivityType.get().minutes, ActivityType.get().needs_evidence) == (60, False)
    assert desk.post(f"/admin/kinerja/jenis/{made.id}/akhiri").status_code == 303
    assert "tidak dipakai lagi" in desk.get("/admin/kinerja/jenis").text
    assert desk.post(f"/admin/kinerja/jenis/{made.id}/pulihkan").status_code == 303
    assert "tidak dipakai lagi" not in desk.get("/admin/kinerja/jenis").text
    assert {act for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.actor_id == desk.person.id, AuditEntry.kind == "activity_type").tuples()} == {
        "activity_type_added", "activity_type_changed", "activity_type_ended", "activity_type_restored"}  # fmt: skip


def test_a_refused_type_keeps_what_was_typed(desk):
    answer = desk.post("/admin/kinerja/jenis/baru", **{**TYPE, "minutes": "0"})
    assert answer.status_code == 422
    assert 'value="Mengikuti rapat"' in answer.text
    assert 'href="#minutes"' in answer.text


def test_types_are_found_by_name_and_code_and_paged(desk):
    for number in range(60):
        kind(f"Kegiatan {number:02}", f"K{number:02}")
    assert "Kegiatan 49" in desk.get("/admin/kinerja/jenis").text
    assert "Kegiatan 50" not in desk.get("/admin/kinerja/jenis").text
    assert "Kegiatan 59" in desk.get("/admin/kinerja/jenis?hal=2").text
    found = desk.get("/admin/kinerja/jenis?q=k5", headers={"HX-Request-Type": "partial"}).text
    assert re.findall(r'scope="row">Kegiatan (\d\d)<', found) == [f"{number}" for number in range(50, 60)]
    assert "<html" not in found


def test_an_outage_that_is_entered_moves_deadlines_and_everybody_can_read_of_it(desk):
    row = make.entry(make.team().author).work_day
    assert desk.post("/admin/kinerja/gangguan/baru", **OUTAGE).status_code == 303
    assert WorkDay.get_by_id(row.id).due_at == local("2020-09-25T00:00")
    words = Reading(desk.get("/admin/kinerja/gangguan").text).words
    assert "Selasa, 22 September 2020 pukul 21.00 WIB" in words
    assert "1 hari log" in words
    assert "Listrik padam." in desk.get("/kinerja/gangguan").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"starts": ""}, "starts"), ({"starts": "kemarin"}, "starts"), ({"ends": "2999-01-01T00:00"}, "ends"), ({"ends": "2020-09-22T20:00"}, "ends"),
     ({"starts": "2020-09-22T21:00+07:00"}, "starts"), ({"note": ""}, "note")],
)  # fmt: skip
def test_an_outage_that_cannot_be_is_refused_beside_its_field_with_what_was_typed(desk, typed, field):
    answer = desk.post("/admin/kinerja/gangguan/baru", **{**OUTAGE, **typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert Outage.select().count() == 0
    if "note" not in typed:
        assert 'value="Listrik padam."' in answer.text


def test_a_proposed_silence_is_confirmed_with_words_or_dismissed_and_a_confirmed_one_withdrawn(desk):
    row = make.entry(make.team().author).work_day
    one = outages.propose(local("2020-09-22T21:00"), now=local("2020-09-23T06:30"))
    assert "oleh portal" in Reading(desk.get("/admin/kinerja/gangguan").text).words
    assert desk.post(f"/admin/kinerja/gangguan/{one.id}/benar", **{f"note-{one.id}": "Server mati."}).status_code == 303
    assert WorkDay.get_by_id(row.id).due_before == local("2020-09-23T00:00")
    assert desk.post(f"/admin/kinerja/gangguan/{one.id}/tarik").status_code == 303
    assert WorkDay.get_by_id(row.id).due_before is None
    two = outages.propose(local("2020-09-23T07:00"), now=local("2020-09-23T08:00"))
    assert desk.post(f"/admin/kinerja/gangguan/{two.id}/bukan").status_code == 303
    assert [each.state for each in Outage.select().order_by(Outage.id)] == ["withdrawn", "dismissed"]


def test_what_a_colleague_has_settled_meanwhile_is_refused_in_words(desk):
    one = outages.propose(local("2020-09-22T21:00"), now=local("2020-09-23T06:30"))
    outages.dismiss(one, by="Rekan", now=local("2020-09-23T08:00"))
    answer = desk.post(f"/admin/kinerja/gangguan/{one.id}/benar")
    assert answer.status_code == 422
    assert "sudah diputuskan" in answer.text


@pytest.mark.parametrize("address", ["/admin/kinerja/jenis/9/ubah", "/admin/kinerja/jenis/99999999999/ubah"])
def test_what_is_not_there_is_not_found(desk, address):
    assert desk.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/admin/kinerja", "/admin/kinerja/jenis", "/admin/kinerja/gangguan", "/kinerja/gangguan"])
def test_lists_ask_as_much_of_many_rows_as_of_few(desk, address):
    def fill(first, last):
        for number in range(first, last):
            kind(f"Kegiatan {number}", f"K{number}")
            Outage.create(starts_at=make.NOW, ends_at=make.NOW, state=("confirmed", "proposed", "dismissed")[number % 3], entered_at=make.NOW, entered_by="x")

    fill(0, 3)
    with counted() as few:
        desk.get(address)
    fill(3, 40)
    with counted() as many:
        desk.get(address)
    assert len(many) <= len(few)
