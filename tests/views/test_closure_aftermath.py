"""After a closure its staff see who is still to be called, and only their own people by name."""

import csv
import io
import re
from datetime import timedelta

import pytest

from portal import continuity
from portal.audit import AuditEntry
from portal.offices import closures
from portal.people import roles
from portal.services import appointments
from portal.services.models import ClosureEffect
from tests import make
from tests.house.test_queries import counted
from tests.services.affecting import DUE, SLOT, Affecting, called, mailed
from tests.views.reading import Reading
from tests.views.staff import Browser, person


@pytest.fixture
def affecting(world):
    return Affecting(world.hall, world.main)


@pytest.fixture
def address(affecting):
    return f"/penutupan/{affecting.closure.id}/dampak"


def words(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


def rows(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_who_is_still_to_be_called_stands_first_with_the_ways_to_do_it(head, affecting, address):
    mailed(affecting.person(name="Sudah Tahu"))
    waits = affecting.person(name="Belum Tahu", email="")
    text = head.get(address).text
    seen = Reading(text).words
    assert "2 permohonan terdampak. 1 orang masih perlu ditelepon." in seen
    assert seen.index("Belum Tahu") < seen.index("Sudah Tahu")
    assert "/surat/telepon" in Reading(text).links
    assert f"/loket/{waits.request.number}" in Reading(text).links


def test_the_closures_own_page_says_first_how_many_are_told_and_how_many_wait_for_a_call(head, affecting):
    page = f"/penutupan/{affecting.closure.id}"
    assert "diberi tahu" not in Reading(head.get(page).text).words
    mailed(affecting.person(name="Sudah Tahu"))
    waits = affecting.person(name="Belum Tahu", email="")
    affecting.person(name="Tak Terjangkau", email="", phone="")
    text = head.get(page).text
    assert "2 orang diberi tahu. 1 orang masih perlu ditelepon. Dampak penutupan Buka daftar telepon" in Reading(text).words
    called(waits)
    seen = Reading(head.get(page).text)
    assert "2 orang diberi tahu. Dampak penutupan" in seen.words and "Buka daftar telepon" not in seen.words


def test_the_closures_own_page_asks_no_more_for_many_people_than_for_one(head, affecting):
    page = f"/penutupan/{affecting.closure.id}"
    affecting.person(email="")
    with counted() as few:
        head.get(page)
    for _ in range(4):
        affecting.person(email="")
    with counted() as many:
        head.get(page)
    assert len(many) == len(few)


def test_each_row_says_what_changed_how_and_when_the_news_came_and_the_answer(head, affecting, address):
    told = affecting.person(name="Ani")
    mailed(told)
    affecting.offered(told, "accepted", told.at + timedelta(hours=1))
    called(affecting.person(DUE, name="Budi", email=""), note="Anaknya yang menjawab.")
    seen = words(head, address)
    for said in ("dipindah ke", "Rabu, 23 September pukul 09.00 WIB", "Surel terkirim Sabtu, 19 September pukul 20.16 WIB", "Setuju",
                 "Batas waktu bergeser dari Kamis, 24 September ke Selasa, 29 September.", "Ditelepon Sari, Sabtu, 19 September pukul 23.14 WIB",
                 "Anaknya yang menjawab."):  # fmt: skip
        assert said in seen


def test_the_curve_has_a_table_beside_it(head, affecting, address):
    mailed(affecting.person())
    called(affecting.person(email=""))
    text = head.get(address).text
    assert 'role="img" aria-label="Bagian orang terdampak yang sudah tahu, 100 persen sekarang.' in text
    cells = re.findall(r'<th scope="row">([^<]*)</th><td class="num">(\d+)</td><td class="num">(\d+)%</td>', text)
    assert cells[:3] == [("10 menit", "1", "50"), ("1 jam", "1", "50"), ("6 jam", "2", "100")]
    assert cells[-1] == ("Sampai sekarang", "2", "100")


def test_a_closure_that_touched_nobody_says_so(head, address):
    assert "Penutupan ini tidak mengenai permohonan siapa pun." in words(head, address)


def test_the_list_is_filtered_by_act_and_by_how_far_the_news_has_come(head, affecting, address):
    mailed(affecting.person(name="Ani"))
    affecting.person(name="Budi", email="")
    assert "Ani" not in words(head, f"{address}?kabar=to_call")
    assert "Budi" not in words(head, f"{address}?kabar=mailed")
    both = words(head, f"{address}?kabar=apa-saja&tindakan=99999")
    assert "Ani" in both and "Budi" in both
    assert "Ani" in words(head, f"{address}?tindakan={affecting.event.id}")


def test_a_long_list_has_pages(head, affecting, address):
    for number in range(51):
        affecting.person(name=f"Warga {number:02}")
    first, second = (words(head, f"{address}?hal={number}") for number in (1, 2))
    assert "Berikutnya" in first and "Warga 50" not in first
    assert "Warga 50" in second and "Warga 49" not in second


@pytest.mark.parametrize("role", [roles.CRISIS, roles.PPK, roles.AUDITOR])
def test_who_neither_closes_nor_serves_sees_the_sums_and_no_person(app, affecting, address, role):
    effect = affecting.person(name="Rahasia Warga", email="")
    browser = Browser(app, person(role))
    text = browser.get(address).text
    assert "1 permohonan terdampak." in Reading(text).words
    assert "Nama tidak ditampilkan" in text
    assert "Rahasia" not in text and effect.request.number not in text
    body = browser.get(address + ".csv").get_data(as_text=True)
    assert "Rahasia" not in body and effect.request.number not in body


def test_the_head_of_another_office_sees_no_person_of_this_one(app, world, affecting, address):
    effect = affecting.person(name="Rahasia Warga")
    other = Browser(app, person(roles.HEAD, world.village))
    for found in (address, address + ".csv"):
        text = other.get(found).get_data(as_text=True)
        assert "Rahasia" not in text and effect.request.number not in text


def test_an_officer_sees_those_who_were_diverted_to_the_own_counter_and_no_others(app, world, affecting, address):
    affecting.person(name="Tetap Disana")
    moved = affecting.person(SLOT, name="Pindah Kemari")
    moved.request.office = world.neighbour
    moved.request.save()
    seen = words(Browser(app, person(roles.OFFICER, world.neighbour)), address)
    assert "Pindah Kemari" in seen and "Tetap Disana" not in seen


def test_the_head_still_sees_those_who_were_diverted_away(head, world, affecting, address):
    moved = affecting.person(name="Pindah Kesana")
    moved.request.office = world.neighbour
    moved.request.save()
    assert "Pindah Kesana" in words(head, address)


def test_who_has_no_business_with_closures_is_refused(app, affecting, address):
    employee = Browser(app, person(None))
    assert employee.get(address).status_code == employee.get(address + ".csv").status_code == 403


@pytest.mark.parametrize("number", ["99999", "99999999999"])
def test_what_is_no_closure_is_not_found(head, number):
    assert head.get(f"/penutupan/{number}/dampak").status_code == head.get(f"/penutupan/{number}/dampak.csv").status_code == 404


def test_the_file_holds_everybody_with_days_as_programs_write_them(head, affecting, address):
    told = affecting.person(name="Ani")
    mailed(told)
    affecting.offered(told)
    affecting.person(DUE, name="Budi", email="")
    first, second = rows(head.get(address + ".csv"))
    assert first == {
        "act": "announced", "act_at": "2020-09-19T20:14:00+07:00", "number": told.request.number, "name": "Ani", "service": affecting.service.name,
        "office": affecting.office.name, "reach": "mailed", "reached_at": "2020-09-19T20:16:00+07:00", "reached_by": "", "answer": "waits", "answered_at": "",
        "changes": "Janji temu Selasa, 22 September pukul 09.00 WIB dipindah ke Rabu, 23 September pukul 09.00 WIB."}  # fmt: skip
    assert (second["name"], second["reach"], second["reached_at"], second["answer"]) == ("Budi", "to_call", "", "")


def test_a_name_that_a_spreadsheet_would_run_is_only_a_name(head, affecting, address):
    affecting.person(name="=HYPERLINK(1)")
    assert rows(head.get(address + ".csv"))[0]["name"] == "'=HYPERLINK(1)"


def test_taking_the_names_along_leaves_a_mark_and_sums_leave_none(app, head, affecting, address):
    effect = affecting.person()
    Browser(app, person(roles.AUDITOR)).get(address + ".csv").get_data()
    assert not AuditEntry.select().where(AuditEntry.act == "requests_listed").exists()
    head.get(address + ".csv").get_data()
    assert AuditEntry.get(AuditEntry.act == "requests_listed").after == {"count": 1, "numbers": [effect.request.number]}


def test_the_questions_do_not_grow_with_the_people(head, affecting, address):
    affecting.person()
    with counted() as few:
        head.get(address)
    for _ in range(12):
        mailed(affecting.person())
    with counted() as many:
        head.get(address)
    assert ClosureEffect.select().count() == 13
    assert len(many) == len(few)


def test_another_acts_people_are_beside_it(head, affecting, address):
    affecting.person(name="Ani")
    closures.extend(affecting.closure, affecting.closure.ends_at + timedelta(days=1), reason="Belum aman.", by="kepala", now=make.local("2020-09-22T08:00"))
    affecting.person(DUE, name="Budi")
    assert "Ani" not in words(head, f"{address}?tindakan={affecting.event.id}")
    assert "Penutupan diperpanjang" in words(head, address)


def test_whom_a_real_act_moves_stands_there_with_slot_letter_and_open_answer(admin, world):
    office = make.office("Kantor Nyata")
    service = make.service(at=[office])
    slot = next(each.starts_at for each in appointments.free(service, office, now=make.NOW) if each.starts_at > make.local("2020-09-28T00:00"))
    moved = make.request(service, office, now=make.NOW, channel="counter", slot=slot, name="Citra", email="")
    closure = continuity.close(make.plan(office, first="2020-09-28"), by="kepala", now=make.NOW)
    (row,) = rows(admin.get(f"/penutupan/{closure.id}/dampak.csv"))
    assert (row["number"], row["reach"], row["answer"]) == (moved.number, "to_call", "waits")
    assert row["changes"].startswith("Janji temu Senin, 28 September")
    assert "1 orang masih perlu ditelepon." in words(admin, f"/penutupan/{closure.id}/dampak")
