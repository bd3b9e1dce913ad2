"""What waits for me: by role, and only for my offices."""

from datetime import date

import pytest

from portal import clock, outbox
from portal.attendance import leave
from portal.people import roles
from tests import make
from tests.house.test_queries import watched_templates
from tests.views.reading import Reading
from tests.views.staff import Browser, person, post
from tests.views.validating import Desk, value

__all__ = ["watched_templates"]


def words(app, who) -> str:
    return Reading(Browser(app, who).get("/beranda").text).words


def letter(office, state=outbox.TO_CALL):
    return outbox.Letter.create(name="x", recipient="Warga", facts={}, key=f"k{office.id if office else 0}{state}", created_at=clock.now(), due_at=clock.now(),
                                office_id=office.id if office else None, state=state)  # fmt: skip


def test_nothing_waits_for_most_people_and_the_page_says_so(app, world):
    assert "Tidak ada yang menunggu Anda" in words(app, person(roles.EMPLOYEE, world.hall))


def test_a_head_is_reminded_of_closures_of_their_own_that_end_soon_or_are_to_be_looked_at(app, world):
    make.closure(world.station, first="2020-09-10", days=None, review_on=date(2020, 9, 22))
    assert "1 penutupan berakhir besok atau perlu ditinjau" in words(app, person(roles.HEAD, world.station))
    assert "1 penutupan berakhir besok atau perlu ditinjau" in words(app, person(roles.HEAD, world.hall))
    assert "penutupan berakhir" not in words(app, person(roles.HEAD, world.denpasar))


def test_calls_are_counted_for_ones_own_offices_only(app, world):
    letter(world.hall)
    letter(world.neighbour)
    letter(None)
    assert "1 orang perlu ditelepon" in words(app, person(roles.OFFICER, world.hall))
    assert "3 orang perlu ditelepon" in words(app, person(roles.ADMIN))
    assert "perlu ditelepon" not in words(app, person(roles.OFFICER, world.denpasar))
    assert "perlu ditelepon" not in words(app, person(roles.AUDITOR))


def test_an_administrator_sees_failed_letters_and_superiors_to_settle(app, world):
    from portal.offices import corrections, postings

    asked = person(roles.EMPLOYEE, world.hall)
    corrections.propose(postings.main_posting(asked, make.NOW.date()), person(), reason="x", by="tests", now=clock.now())
    letter(world.hall, outbox.FAILED)
    told = words(app, person(roles.ADMIN))
    assert "1 usulan atasan menunggu keputusan" in told
    assert "1 surat gagal terkirim" in told


def test_what_waits_of_ones_own_work_and_of_ones_peoples_leads_where_it_is_done(app, world):
    desk = Desk(app, world.hall)
    row = desk.day()
    desk.day(date(2020, 9, 18))
    desk.author.post("/kinerja/2020-09-21/pesan", {"text": "Mohon dilihat."})
    told = Reading(desk.superior.get("/beranda").text)
    assert "2 hari menunggu persetujuan Anda" in told.words
    assert "1 hari dengan pesan yang belum Anda baca" in told.words
    assert f"/validasi/{row.id}#percakapan" in told.links
    desk.superior.post(f"/validasi/{row.id}", {"day": value(row), "decision": "return", "reason": "Lengkapi."})
    told = Reading(desk.author.get("/beranda").text)
    assert "1 hari dikembalikan untuk Anda perbaiki" in told.words
    assert "/kinerja/2020-09-21" in told.links
    assert "menunggu persetujuan" not in told.words


def test_todays_log_is_a_task_on_working_days_until_it_is_submitted(app, world, at):
    desk = Desk(app, world.hall)
    task = "1 log hari ini belum diajukan"
    assert task in words(app, desk.team.author)
    make.submitted(desk.team.author, day=date(2020, 9, 22), now=clock.now())
    assert task not in words(app, desk.team.author)
    at("2020-09-20T09:00+07:00")  # a Sunday
    assert task not in words(app, desk.team.colleague)
    at("2020-09-23T09:00+07:00")
    leave.enter(desk.team.colleague, "annual", date(2020, 9, 23), date(2020, 9, 23), **make.ACT)
    assert task not in words(app, desk.team.colleague)
    assert task in words(app, desk.team.author)


OWN_WORK = {"/kinerja", "/kinerja/rekap", "/kinerja/rencana"}
PEOPLES_WORK = {"/validasi", "/validasi/rekap", "/validasi/keberatan", "/validasi/rencana"}


@pytest.mark.parametrize(("role", "links"), [
    (roles.EMPLOYEE, {"/beranda", "/akun"} | OWN_WORK),
    (roles.SUPERVISOR, {"/beranda", "/akun"} | OWN_WORK | PEOPLES_WORK),
    (roles.OFFICER, {"/beranda", "/loket", "/penutupan", "/surat/telepon", "/akun"} | OWN_WORK),
    (roles.HEAD, {"/beranda", "/loket", "/penutupan", "/surat/telepon", "/akun", "/admin/kinerja/rekap"} | OWN_WORK),
    (roles.AUDITOR, {"/beranda", "/penutupan", "/surat", "/admin/audit", "/akun"}),
    (roles.ADMIN, {"/beranda", "/loket", "/penutupan", "/admin", "/surat", "/surat/telepon", "/admin/audit", "/akun", "/admin/kinerja/rekap"} | OWN_WORK),
])  # fmt: skip
def test_the_menu_leads_only_where_one_may_go(app, world, role, links):
    browser = Browser(app, person(role, world.hall if role in {roles.HEAD, roles.OFFICER} else None))
    page = browser.get("/beranda").text
    menu = Reading(page[page.index("<nav") : page.index("</nav>")]).links
    assert set(menu) - {"/", "/keluar", "/beranda?bahasa=en"} == links
    assert {link: browser.get(link, follow_redirects=True).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_person_without_a_posting_has_a_home_page_too(app, database):
    assert Browser(app, person()).get("/beranda").status_code == 200
    posted = person()
    post(posted, make.office("Kantor Uji"))
    assert "Analis, Kantor Uji" in words(app, posted)


def test_no_staff_page_asks_the_database_while_it_is_drawn(app, world, watched_templates):
    from portal.offices import corrections, postings

    superior = person(name="Atasan")
    who = person(roles.HEAD, world.hall)
    post(who, world.hall, supervisor=superior)
    corrections.propose(postings.main_posting(who, make.NOW.date()), person(), reason="x", by="tests", now=clock.now())
    browser = Browser(app, who)
    for address in ("/beranda", "/akun", "/penutupan", "/penutupan/baru", f"/penutupan/{world.main.id}", "/akun/faktor-kedua", "/masuk/pastikan"):
        assert browser.get(address).status_code == 200
    browser.post("/penutupan/baru", {"offices": world.hall.slug, "reason": "flood", "starts": "2020-10-01", "ends": "2020-10-02", "action": "preview"})
    browser.post("/penutupan/baru", {"offices": world.hall.slug})
    assert watched_templates() == []
