from datetime import date, timedelta
import pytest
from portal.kinerja import days, logs, validation, routing, objections, submission
from portal.kinerja.models import *
from portal.offices import postings
from tests import make
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.views.days import Desk, DAY, EVENING, SHEET, TYPED, target, activity_type
from tests.views.staff import Browser, fields_of, person

pytestmark = pytest.mark.usefixtures("world") if False else []

@pytest.fixture
def desk(app, database, at):
    at(EVENING)
    return Desk(app)

def test_float(desk):
    kind = activity_type(minutes=100)
    assert logs.effective(0, 1000, 0.29, kind) == 29

def test_rejected_day_at_former_office(desk):
    desk.add(); desk.submit()
    row = days.find(desk.author, MONDAY)
    validation.decide([(row.id, row.revision)], [], "reject", "no", make.decider(desk.superior))
    other = make.office("Lain")
    postings.post(desk.author, other, position="X", supervisor=desk.superior, first_day=MONDAY, **ACT)
    assert desk.browser.get(SHEET).status_code == 200

def test_null_suggest(desk):
    assert desk.browser.get(SHEET + "/saran?description=abc%00def").status_code == 200

def test_null_typing(desk):
    r = desk.browser.post(SHEET + "/ketikan", {**desk.fields("kegiatan"), **TYPED, "submission_key": "a\0b"})
    print(r.status_code)
    assert r.status_code < 500
    assert desk.browser.get(SHEET).status_code == 200

@pytest.mark.parametrize("path", ["/validasi/", "/kinerja/2020-09-21/", "/kinerja/rencana/", "/kinerja/rencana/baris/", "/validasi/orang/"])
@pytest.mark.parametrize("n", [2**31, 2**63, 10**30, 0])
def test_big(desk, path, n):
    b = Browser(desk.app, desk.superior)
    text = str(n) if n else "9" * 4500
    tail = "/2020-09" if "orang" in path else ""
    assert b.get(path + text + tail).status_code in (404, 414)

def test_double_edit(desk):
    desk.add()
    e = Entry.get()
    f = desk.fields(f"e{e.id}-ubah", f"{SHEET}/{e.id}") if False else {**TYPED, "description": "Baru", "seen": str(e.revision)}
    b = desk.browser
    a1 = b.post(f"{SHEET}/{e.id}", f); a2 = b.post(f"{SHEET}/{e.id}", f)
    print(a1.status_code, a2.status_code)
    r1 = b.post(f"{SHEET}/{e.id}/hapus", {"seen": "1"}); r2 = b.post(f"{SHEET}/{e.id}/hapus", {"seen": "1"})
    print(r1.status_code, r2.status_code)
    assert (a2.status_code, r2.status_code) == (303, 303)

def test_revised_target_kept(desk):
    t = target(desk.author)
    desk.add(target=str(t.id))
    Target.update(state="revised").execute()
    e = Entry.get()
    page = desk.page(f"{SHEET}/{e.id}")
    assert f'value="{t.id}" selected' in page

def test_returned_with_only_approved_left(desk):
    desk.add(); desk.add(starts="10:00", ends="11:00", description="Kedua"); desk.submit()
    row = days.find(desk.author, MONDAY)
    a, b = Entry.select().order_by(Entry.id)
    validation.decide([], [(a.id, row.revision)], "approve", "", make.decider(desk.superior))
    row = days.find(desk.author, MONDAY)
    validation.decide([(row.id, row.revision)], [], "return", "no", make.decider(desk.superior))
    b = Entry.get_by_id(b.id)
    desk.browser.post(f"{SHEET}/{b.id}/hapus", {"seen": str(b.revision)})
    assert 'action="/kinerja/2020-09-21/ajukan"' in desk.page()

def test_draft_in_superiors_export(desk):
    desk.add(description="Rahasia draf")
    b = Browser(desk.app, desk.superior)
    from openpyxl import load_workbook
    import io
    r = b.get(f"/validasi/orang/{desk.author.id}/2020-09.xlsx")
    book = load_workbook(io.BytesIO(r.data))
    assert not any("Rahasia" in str(c) for s in book for row in s.iter_rows(values_only=True) for c in row)

def test_leads_nobody(desk):
    desk.add(); desk.submit()
    for who in (desk.author, desk.colleague):
        postings.post(who, desk.office, position="X", supervisor=make.person(), first_day=MONDAY + timedelta(days=1), **ACT)
    row = days.find(desk.author, MONDAY)
    from portal.commands.delivery import routing as r
    r.find_supervisors(now=MONDAY_EVENING + timedelta(days=1))
    row = days.find(desk.author, MONDAY)
    b = Browser(desk.app, desk.superior)
    print(b.get("/validasi").status_code, row.escalates_at)
