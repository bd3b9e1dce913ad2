"""The officers' inbox: whose requests it shows, in which order, and how one is found."""

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.audit import AuditEntry
from portal.people import roles
from portal.services import following, handling
from portal.services.models import ServiceRequest
from tests import make
from tests.house.test_queries import queries
from tests.views.reading import Reading
from tests.views.serving import Desk
from tests.views.staff import Browser, person

_ONE = re.compile(r"/loket/([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3})")


@pytest.fixture
def desk(app, world):
    return Desk(app)


def listed(answer) -> list[str]:
    """The numbers in a list, from top to bottom."""
    assert answer.status_code == 200
    return [found[1] for link in Reading(answer.text).links if (found := _ONE.fullmatch(link))]


def test_an_officer_sees_the_requests_of_the_own_offices_and_all_below_and_no_others(desk):
    mine, below, other = desk.request(), desk.request(desk.unit), desk.request(desk.other)
    assert set(listed(desk.browser.get("/loket"))) == {mine.number, below.number}
    assert listed(desk.of(desk.stranger).get("/loket")) == [other.number]
    assert set(listed(Browser(desk.app, person(roles.ADMIN)).get("/loket"))) == {mine.number, below.number, other.number}


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.EMPLOYEE, roles.CRISIS, roles.PPK, roles.GUARD])
def test_nobody_else_opens_the_inbox(desk, role):
    browser, row = Browser(desk.app, person(role)), desk.request()
    for address in ("/loket", "/loket/cetak", "/loket.csv", "/loket/baru", "/loket/jawaban", f"/loket/{row.number}"):
        assert browser.get(address).status_code == 403, address
    assert browser.post(f"/loket/{row.number}/ambil").status_code == 403
    assert browser.post("/loket/massal", {"act": "ambil", "permohonan": row.id}).status_code == 403


def test_the_heading_counts_what_is_to_be_handled(desk):
    assert "Tidak ada permohonan yang perlu ditangani" in desk.browser.get("/loket").text
    desk.request()
    desk.request(channel="dropbox")
    assert "<h1>1 permohonan perlu ditangani</h1>" in desk.browser.get("/loket").text


def test_what_is_late_comes_first_then_what_is_due_soonest_and_news_before_the_rest(desk):
    fresh, late, soon = desk.request(), desk.request(days_ago=12), desk.request(days_ago=1)
    told = desk.request()
    following.write(told, "Sudah bisa?", now=clock.now())
    assert listed(desk.browser.get("/loket")) == [late.number, soon.number, told.number, fresh.number]
    page = Reading(desk.browser.get("/loket").text).words
    assert "Lewat" in page
    assert "Pesan baru" in page


def test_each_chip_holds_its_own_and_counts_it(desk):
    rows = {"saya": desk.claimed(), "warga": desk.request(), "belum-datang": desk.request(channel="dropbox"), "siap": desk.request(), "selesai": desk.request()}
    handling.ask(rows["warga"], "Foto KTP?", **desk.by())
    handling.ready(rows["siap"], "Loket 1", **desk.by())
    handling.finish(rows["selesai"], **desk.by())
    for chip, row in rows.items():
        assert listed(desk.browser.get(f"/loket?saring={chip}")) == [row.number], chip
    page = Reading(desk.browser.get("/loket").text).words
    assert "Perlu ditangani 1 Milik saya 1 Menunggu warga 1 Belum datang 1 Siap diambil 1 Sudah ditutup" in page


def test_a_message_about_a_closed_request_brings_it_back_to_the_desk(desk):
    row = desk.request()
    handling.finish(row, **desk.by())
    assert listed(desk.browser.get("/loket")) == []
    following.write(row, "Namanya salah ketik.", now=clock.now())
    assert listed(desk.browser.get("/loket")) == [row.number]


def test_an_appointment_that_is_over_waits_to_be_noted(desk, at):
    slot = make.local("2020-09-22T10:00")
    row = desk.request(channel="counter", slot=slot)
    assert listed(desk.browser.get("/loket")) == []
    assert "Pemohon datang pukul 10.00" in desk.browser.get("/loket?saring=belum-datang").text
    at("2020-09-22T10:30+07:00")
    assert listed(Browser(desk.app, desk.officer).get("/loket")) == [row.number]


@pytest.mark.parametrize("typed", ["{0}", "{1}", "{2}", " {0} "])
def test_a_number_is_found_however_it_is_typed(desk, typed):
    row = desk.request()
    handling.finish(row, **desk.by())
    desk.request()
    plain = row.number.replace("-", "")
    query = typed.format(row.number, plain.lower(), plain.replace("0", "O"))
    answer = desk.browser.get("/loket", query_string={"q": query})
    assert row.number in answer.text
    assert listed(answer) == [row.number]


def test_a_name_or_a_telephone_number_finds_its_requests(desk):
    row = desk.request(name="Siti Rahayu", phone="0812 9876 5432")
    desk.request(name="Budi", phone="081211112222")
    for typed in ("rahayu", "98765432", "+62 812-9876", "0812 98"):
        assert listed(desk.browser.get("/loket", query_string={"q": typed})) == [row.number], typed
    assert listed(desk.browser.get("/loket?q=zzz")) == []


def test_an_identity_number_finds_its_requests_and_never_stands_in_an_address(desk):
    row = desk.request(nik="3171012305900004")
    desk.request(nik="3171012305900005")
    found = desk.browser.post("/loket/cari", {"q": "3171 0123 0590 0004"})
    assert listed(found) == [row.number]
    assert "3171012305900004" not in " ".join(Reading(found.text).links)
    assert listed(desk.browser.get("/loket?q=3171012305900004")) == []
    assert listed(desk.of(desk.stranger).post("/loket/cari", {"q": "3171012305900004"})) == []
    assert [entry.actor_id for entry in AuditEntry.select().where(AuditEntry.act == "nik_searched").order_by(AuditEntry.id)] == [
        desk.officer.id, desk.stranger.id]  # fmt: skip


def test_any_other_search_goes_on_to_an_address_that_can_be_kept(desk):
    answer = desk.browser.post("/loket/cari", {"q": "rahayu"})
    assert answer.status_code == 303
    assert answer.location == "/loket?q=rahayu"


def test_a_number_of_another_office_says_where_it_is_and_a_mistyped_one_that_it_is(desk, monkeypatch):
    monkeypatch.setattr("portal.numbers.new", lambda: "FSQZ-QBZP-DXD")
    desk.request(desk.other)
    assert "Permohonan ini ada di Kantor Tetangga." in desk.browser.get("/loket?q=fsqz-qbzp-dxd").text  # also one that has no digit
    assert "salah ketik" in desk.browser.get("/loket?q=FSQZ-QBZP-DX0").text


def test_filters_hold_together_and_an_office_includes_what_is_below(desk):
    other = make.service("Legalisir", at=[desk.office, desk.unit])
    below = desk.request(desk.unit, other, channel="online")
    desk.request(desk.unit)
    desk.request(of=other)
    assert listed(desk.browser.get(f"/loket?kantor={desk.unit.slug}&layanan={other.slug}&kanal=online")) == [below.number]
    assert len(listed(desk.browser.get(f"/loket?kantor={desk.office.slug}"))) == 3
    assert listed(desk.browser.get(f"/loket?kantor={desk.other.slug}")) == []


def test_what_is_late_can_be_seen_alone(desk):
    late = desk.request(days_ago=12)
    desk.request()
    assert listed(desk.browser.get("/loket?lewat=ya")) == [late.number]


def test_thirty_stand_on_a_page_and_the_rest_on_the_next(desk):
    for _ in range(31):
        desk.request()
    assert len(listed(desk.browser.get("/loket"))) == 30
    assert len(listed(desk.browser.get("/loket?hal=2"))) == 1


def test_the_inbox_asks_at_most_twelve_questions_however_many_its_rows(desk):
    desk.request()
    few = queries(desk.browser, "/loket")
    for number in range(29):
        desk.request(desk.unit if number % 2 else None, channel="dropbox" if number % 3 else "online", name=f"Warga {number}")
    many = queries(desk.browser, "/loket")
    assert len(many) == len(few) <= 12


def test_the_list_on_paper_and_as_a_file_says_the_same_and_leaves_a_mark(desk):
    row = desk.request(name="=cmd()", phone="081299998888")
    paper, sheet = desk.browser.get("/loket/cetak"), desk.browser.get("/loket.csv")
    assert row.number in paper.text
    assert "081299998888" in paper.text
    line = next(line for line in sheet.text.splitlines() if row.number in line)
    assert "'=cmd()" in line
    assert f",{row.due_on.isoformat()}," in line
    marks = [entry for entry in AuditEntry.select().where(AuditEntry.act == "requests_listed") if entry.after["numbers"] == [row.number]]
    assert len(marks) == 2


def test_the_office_head_sees_it_on_the_home_page(desk):
    desk.request(days_ago=12)
    head = Browser(desk.app, person(roles.HEAD, desk.office))
    page = Reading(head.get("/beranda").text)
    assert "1 permohonan perlu ditangani" in page.words
    assert "1 lewat batas" in page.words
    assert "/loket" in page.links


def test_the_deadline_of_a_row_is_told_from_the_day_of_its_office(desk):
    row = desk.request()
    today = clock.now().astimezone(make.ZONE).date()
    for days, said in ((0, "Hari ini"), (1, "Besok"), (-1, "Lewat 1 hari"), (3, "Jumat, 25 Sep")):
        ServiceRequest.update(due_on=today + timedelta(days=days)).where(ServiceRequest.id == row.id).execute()
        assert said in Reading(desk.browser.get("/loket").text).words
