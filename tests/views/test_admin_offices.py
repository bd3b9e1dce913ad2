"""An administrator keeps offices, their hours and drop boxes, holidays, and the policies over them."""

from datetime import date

import pytest

from portal import policies
from portal.audit import AuditEntry
from portal.offices import board, calendars, rules
from portal.offices.models import DropBox, Holiday, Office, SpecialHours
from portal.policies import Policy
from tests import make
from tests.views.administration import Desk
from tests.views.world import MORNING


@pytest.fixture
def desk(client, at):
    at(MORNING)
    return Desk(client)


def state(office: Office) -> str:
    at = make.local("2020-09-22T15:00")
    picture = board.paint([office.root_id], at, at)
    return picture.condition(picture.nodes[office.id], at).state


def acts(kind: str) -> list[str]:
    return [
        act for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.kind == kind, AuditEntry.actor != "pengelola").order_by(AuditEntry.id).tuples()
    ]


def test_a_new_office_takes_the_zone_of_its_province_and_is_found_at_once(desk):
    make.region("94", "Papua")
    answer = desk.post("/admin/kantor/baru", name="Kantor Distrik Uji", region="Papua", lat="-2,5", lon="140.7", headcount="12")
    office = Office.get(Office.slug == "kantor-distrik-uji")
    assert answer.location == f"/admin/kantor/{office.slug}"
    assert (office.timezone, office.lat, office.headcount) == ("Asia/Jayapura", -2.5, 12)
    assert "Kantor Distrik Uji" in desk.get("/admin/kantor?q=distrik").text
    assert acts("office") == ["office_added"]


def test_the_same_office_sent_twice_is_one_unless_a_slug_says_that_it_is_another(desk):
    sent = [
        desk.post("/admin/kantor/baru", name="Balai Uji", **slug).status_code
        for slug in ({}, {}, {"slug": "balai-uji-timur"}, {"slug": "balai-uji"}, {"slug": "Balai Uji"})
    ]
    assert sent == [303, 422, 303, 422, 422]
    assert Office.select().where(Office.name == "Balai Uji").count() == 2


def test_a_part_follows_the_hours_of_what_it_is_part_of(desk):
    top = make.office("Gedung Uji", opening="Mo 08:00-09:00")
    assert desk.post("/admin/kantor/baru", name="Lantai Uji", parent="gedung-uji").status_code == 303
    assert desk.post(f"/admin/kantor/{top.slug}/jam", hours="Mo-Th 08:00-12:00,13:00-16:00; Fr 08:00-11:30").status_code == 303
    page = desk.get("/admin/kantor/lantai-uji").text
    for words in ("Senin–Kamis", "08.00–12.00, 13.00–16.00", "Jumat", "08.00–11.30", "Sabtu–Minggu", "Mengikuti kantor induk"):
        assert words in page
    assert acts("office") == ["office_added", "office_hours_set"]


def test_hours_that_cannot_be_read_are_refused_beside_the_field_and_kept(desk):
    answer = desk.post(f"/admin/kantor/{make.office().slug}/jam", hours="pagi sampai sore")
    assert answer.status_code == 422
    assert 'id="hours-e"' in answer.text
    assert 'value="pagi sampai sore"' in answer.text


def test_facts_are_changed_with_before_and_after_and_the_slug_stays(desk):
    office = make.office("Nama Lama", phone="1")
    assert desk.post(f"/admin/kantor/{office.slug}/ubah", name="Nama Baru", phone="1", timezone="Asia/Jakarta").status_code == 303
    assert (Office.get_by_id(office.id).name, Office.get_by_id(office.id).slug) == ("Nama Baru", "nama-lama")
    entry = AuditEntry.get(AuditEntry.act == "office_changed")
    assert (entry.before, entry.after) == ({"name": "Nama Lama"}, {"name": "Nama Baru"})
    assert "Nama Baru" in desk.get("/admin/kantor?q=baru").text


def test_nothing_is_recorded_where_nothing_changed(desk):
    office = make.office("Nama Lama")
    version = board.version()
    assert desk.post(f"/admin/kantor/{office.slug}/ubah", name="Nama Lama", timezone="Asia/Jakarta").status_code == 303
    assert acts("office") == []
    assert board.version() == version


def test_special_hours_hold_until_they_are_withdrawn(desk):
    office = make.office()
    address = f"/admin/kantor/{office.slug}/jam-khusus"
    assert desk.post(address, first_day="2020-09-22", last_day="2020-09-22", hours="", note="Upacara").status_code == 303
    assert state(office) == "off_hours"
    assert "Upacara" in desk.get(f"/admin/kantor/{office.slug}").text
    row = SpecialHours.get()
    assert desk.post(f"/admin/kantor/jam-khusus/{row.id}/tarik").status_code == 303
    assert state(office) == "open"
    assert desk.post(f"/admin/kantor/jam-khusus/{row.id}/tarik").status_code == 422
    assert SpecialHours.select().count() == 1


def test_a_drop_box_serves_until_it_is_taken_down_and_its_row_stays(desk):
    office = make.office()
    address = f"/admin/kantor/{office.slug}/kotak-surat"
    assert [desk.post(address, place="lobi", hours="Mo-Fr 08:00-12:00").status_code for _ in range(2)] == [303, 422]
    at, offered = make.local("2020-09-22T09:00"), []
    for act in ("kotak-surat", "akhiri"):
        picture = board.paint([office.id], at, at)
        offered.append(picture.condition(picture.nodes[office.id], at).channels.dropbox)
        if act == "kotak-surat":
            assert desk.post(f"/admin/kantor/kotak-surat/{DropBox.get().id}/akhiri").status_code == 303
    assert offered == [True, False]
    assert desk.get(f"/api/v1/offices/{office.slug}").get_json()["dropboxes"] == []
    assert desk.post(f"/admin/kantor/kotak-surat/{DropBox.get().id}/akhiri").status_code == 422


def test_a_regional_holiday_is_added_cancelled_and_restored(desk):
    office = make.office(region=make.region("31", "Jakarta").code)
    fields = {"day": "2020-09-22", "name": "Hari Jadi", "region": "31"}
    assert [desk.post("/admin/libur/baru", **fields).status_code for _ in range(2)] == [303, 422]
    seen, holiday = [state(office)], Holiday.get(Holiday.name == "Hari Jadi")
    for act in ("batalkan", "batalkan", "pulihkan"):
        assert desk.post(f"/admin/libur/{holiday.id}/{act}").status_code == 303
        seen.append(state(office))
    assert seen == ["off_hours", "open", "open", "off_hours"]
    assert acts("holiday") == ["holiday_added", "holiday_cancelled", "holiday_restored"]


def test_a_years_list_marks_estimates_and_what_was_cancelled(desk):
    calendars.add_national([calendars.Found(date(2020, 5, 24), "Idulfitri", is_estimated=True), calendars.Found(date(2021, 1, 1), "Tahun Baru")], **make.ACT)
    page = desk.get("/admin/libur").text
    assert "Idulfitri" in page
    assert "perkiraan" in page
    assert "Tahun Baru" not in page
    assert "Tahun Baru" in desk.get("/admin/libur?tahun=2021").text
    assert desk.get("/admin/libur?tahun=abcd").status_code == 200


RULES = {
    "reduced_hours": {"hours": "08:00-13:30"},
    "closure_minimum": {"hours": "72", "reasons": ["flood", "fire"]},
    "closure_review": {"days": "7"},
    "news_retention": {"days": "60"},
    "closure_reasons": {"reasons": ["flood"]},
    "second_factor": {"roles": ["admin"]},
}
FACTS = {"name": "Aturan Uji", "legal_basis": "SE 12/2020", "first_day": "2020-09-01"}


@pytest.mark.parametrize("kind", RULES)
def test_a_policy_of_each_kind_is_set_shown_with_its_basis_and_set_twice_is_one(desk, kind):
    roles_asked = {"roles": ["auditor"]} if kind == "second_factor" else {}  # else the administrator is asked for a code from this moment on
    for _ in range(2):
        assert desk.post(f"/admin/kebijakan/baru/{kind}", **FACTS, **{**RULES[kind], **roles_asked}).status_code == 303
    assert Policy.select().where(Policy.kind == kind).count() == 1
    page = desk.get("/admin/kebijakan").text
    for words in ("Aturan Uji", "SE 12/2020", desk.person.name):
        assert words in page
    assert acts("policy") == ["policy_set"]


@pytest.mark.parametrize("kind", RULES)
def test_a_policy_without_its_value_is_refused(desk, kind):
    for wrong in ({}, {"hours": "banyak", "days": "-1", "reasons": ["meteor"], "roles": ["raja"]}, {"hours": "99999", "days": "99999"}):
        answer = desk.post(f"/admin/kebijakan/baru/{kind}", **FACTS, **wrong)
        assert answer.status_code == 422
        assert 'value="Aturan Uji"' in answer.text
    assert Policy.select().count() == 0


def test_a_policy_over_hours_reaches_the_board_at_once_and_stops_when_it_ends(desk):
    office, version = make.office(), board.version()
    desk.post("/admin/kebijakan/baru/reduced_hours", **FACTS, hours="08:00-13:30", office=office.slug)
    assert board.version() > version
    assert state(office) == "off_hours"
    rule = Policy.get()
    assert desk.post(f"/admin/kebijakan/{rule.id}/akhiri", last_day="2020-09-21").status_code == 303
    assert state(office) == "open"
    assert desk.post(f"/admin/kebijakan/{rule.id}/akhiri", last_day="2020-09-21").status_code == 422
    page = desk.get("/admin/kebijakan").text
    assert "Diakhiri" in page
    assert "Yang sudah berakhir: 1" in page


def test_a_policy_is_replaced_in_one_act_and_the_old_one_stays_on_record(desk):
    old = make.reduced_hours(first=date(2020, 9, 14), last=None)
    assert 'value="08:00-13:30"' in desk.get(f"/admin/kebijakan/{old.id}/ganti").text
    fields = {**FACTS, "first_day": "2020-10-01", "hours": "08:00-12:00"}
    assert [desk.post(f"/admin/kebijakan/{old.id}/ganti", **fields).status_code for _ in range(2)] == [303, 422]
    assert Policy.get_by_id(old.id).last_day == date(2020, 9, 30)
    assert Policy.select().count() == 2


def test_a_policy_that_holds_everywhere_alone_takes_no_office(desk):
    answer = desk.post("/admin/kebijakan/baru/closure_review", **FACTS, days="7", office=make.office().slug)
    assert answer.status_code == 422


@pytest.mark.usefixtures("database")
def test_the_list_says_what_a_policy_comes_before():
    everywhere = make.reduced_hours("07:00-15:00", last=None)
    make.region("31", "Jakarta")
    inside = make.reduced_hours("08:00-13:00", region_code="31")
    later = make.reduced_hours("08:00-12:00", first=date(2020, 9, 20), region_code="31")
    office = make.office(region="31")
    nearest = make.reduced_hours("09:00-12:00", office_id=make.unit(office).id)
    elsewhere = make.reduced_hours("09:00-12:00", region_code="32")
    past = make.reduced_hours("06:00-12:00", first=date(2019, 1, 1), last=date(2019, 2, 1))
    found = rules.overridden(policies.of_kind(policies.REDUCED_HOURS))
    assert {id: {other.id for other in others} for id, others in found.items()} == {
        everywhere.id: set(),
        inside.id: {everywhere.id},
        later.id: {everywhere.id, inside.id},
        nearest.id: {everywhere.id, inside.id, later.id},
        elsewhere.id: {everywhere.id},
        past.id: set(),
    }


def test_only_the_causes_that_a_policy_names_are_offered_for_a_new_closure(desk):
    desk.post("/admin/kebijakan/baru/closure_reasons", **FACTS, reasons=["flood", "fire"])
    page = desk.get("/penutupan/baru").text
    assert 'value="flood"' in page
    assert 'value="mourning"' not in page
