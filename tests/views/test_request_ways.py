"""The form of a request shows each way that works with its reason, and its slots; what changes meanwhile costs nobody what was typed."""

import re
from datetime import timedelta

from portal.offices.closures import Detour
from portal.services.models import Appointment, ServiceOffice, ServiceRequest
from tests import make
from tests.house.test_queries import counted
from tests.views.asking import NOW


def test_the_form_shows_each_way_with_its_reason(asking):
    page = asking.citizen.get(asking.form).text
    assert re.findall(r'name="channel" value="(\w+)"', page) == ["online", "counter", "dropbox", "email"]
    assert "Selesai paling lambat Selasa, 22 September." in page
    assert "Lobi Blok A" in page
    assert 'value="online" checked' in page
    assert "Surat pengantar RT" in page
    assert "(asli)" in page


def test_a_box_that_is_shut_is_offered_with_its_next_time(asking, at):
    at("2020-09-17T15:00+07:00")
    page = asking.citizen.get(asking.form).text
    assert "Dapat dicapai lagi besok, Jumat, 18 September pukul 08.00 WIB" in page


def test_an_office_that_closed_while_one_typed_refuses_the_counter_and_shows_the_ways_that_work(asking):
    page = asking.citizen.get(asking.form).text
    make.closure(asking.office, first="2020-09-17", days=None, online=True, dropbox=True, now=NOW)
    answer = asking.send(page, channel="counter", slot="2020-09-18T08:00:00+07:00")
    assert answer.status_code == 422
    assert re.findall(r'name="channel" value="(\w+)"', answer.text) == ["online", "dropbox", "email"]
    assert 'href="#channel"' in answer.text
    assert "Untuk sekolah anak." in answer.text
    assert asking.send(answer.text).status_code == 303


def test_a_closed_office_says_so_and_that_it_works_on(asking):
    make.closure(asking.office, first="2020-09-17", days=3, online=True, dropbox=False)
    page = asking.citizen.get(asking.form).text
    assert "Kantor ini tutup tatap muka sampai Sabtu, 19 September." in page
    assert "Diproses daring." in page
    assert 'value="counter"' in page  # later, with its slots
    assert 'value="dropbox"' not in page


def test_where_a_closure_sends_those_who_want_the_service_is_said(asking):
    other = make.office("Kantor Pengganti")
    ServiceOffice.create(service=asking.service, office=other)
    make.closure(asking.office, first="2020-09-17", days=3, online=False, dropbox=False, detours=[Detour(other), Detour(place="Tenda di halaman")])
    page = asking.citizen.get(asking.form).text
    assert "Dialihkan ke Tenda di halaman." in page
    assert re.search(rf'href="/permohonan/baru\?layanan={asking.service.slug}&amp;kantor={other.slug}&amp;dari=', page)


def test_a_service_that_is_closed_alone_is_told_so_and_the_rest_of_the_office_is_not(asking):
    slug = asking.service.slug
    make.closure(asking.office, first="2020-09-17", days=3, services=(slug,), service_names={slug: asking.service.name})
    page = asking.citizen.get(asking.form).text
    assert "Kantor buka, tetapi layanan ini tidak dilayani di loket sampai Sabtu, 19 September." in page
    assert "loket mulai Senin, 21 September" in page
    assert 'value="online" checked' in page


def test_a_slot_is_booked_with_the_request(asking):
    assert asking.send(channel="counter", slot="2020-09-18T08:00:00+07:00").status_code == 303
    assert Appointment.get().starts_at == make.local("2020-09-18T08:00")


def test_a_slot_that_was_taken_meanwhile_is_refused_with_the_next_free_ones(asking):
    page = asking.citizen.get(asking.form).text
    for _ in range(2):
        make.request(asking.service, asking.office, channel="counter", slot=make.local("2020-09-18T08:00"), now=NOW)
    answer = asking.send(page, channel="counter", slot="2020-09-18T08:00:00+07:00")
    assert answer.status_code == 422
    near = re.search(r'<optgroup label="Yang berikutnya masih kosong">(.*?)</optgroup>', answer.text)[1]
    assert re.findall(r'value="([^"]+)"', near) == [f"2020-09-18T08:{minute}:00+07:00" for minute in (15, 30, 45)]
    assert ServiceRequest.select().count() == 2
    assert asking.send(answer.text, channel="counter", slot="2020-09-18T08:15:00+07:00").status_code == 303


def test_a_slot_that_has_gone_is_told_together_with_what_else_is_wrong(asking):
    answer = asking.send(channel="counter", slot="2020-09-19T08:00:00+07:00", name="")  # a Saturday
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["slot", "name"]


def test_the_form_asks_the_database_a_bounded_number_of_questions(asking):
    asking.citizen.get(asking.form)
    with counted() as few:
        asking.citizen.get(asking.form)
    for number in range(30):
        near = make.office(f"Kantor Dekat {number}", lat=-6.17 - number / 1000, lon=106.8)
        ServiceOffice.create(service=asking.service, office=near)
        make.closure(near, first="2020-09-16")
        make.request(asking.service, asking.office, channel="counter", slot=make.local("2020-09-18T08:00") + timedelta(minutes=15 * number), now=NOW)
    with counted() as many:
        asking.citizen.get(asking.form)
    assert len(many) <= len(few) + 4
    assert len(few) <= 20
    assert len(many) <= 24
