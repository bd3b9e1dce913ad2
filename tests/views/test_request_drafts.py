"""What was typed into the form of a request is there when one comes back, for this browser alone."""

import re

from portal.services.models import RequestDraft, ServiceOffice
from tests import make
from tests.views.asking import NOW
from tests.views.staff import Browser, fields_of


def test_an_office_where_nothing_works_leads_to_another_and_what_was_typed_comes_along(asking):
    other = make.office("Kantor Kecamatan Lain", lat=-6.18, lon=106.83)
    ServiceOffice.create(service=asking.service, office=other)
    page = asking.citizen.get(asking.form).text
    make.closure(asking.office, first="2020-09-17", days=None, online=False, dropbox=False, now=NOW)
    answer = asking.send(page)
    assert answer.status_code == 422
    link = re.search(rf'href="(/permohonan/baru\?layanan={asking.service.slug}&amp;kantor={other.slug}&amp;dari=[^"]+)"', answer.text)
    there = asking.citizen.get(link[1].replace("&amp;", "&")).text
    assert "Untuk sekolah anak." in there
    assert fields_of(there, "permohonan")["name"] == ["Warga Contoh"]


def test_what_is_typed_is_kept_while_one_types_and_there_when_one_comes_back(asking):
    asking.citizen.get(asking.form)
    typed = {"service": asking.service.slug, "office": asking.office.slug, "name": "Warga Contoh", "description": "Belum selesai"}
    said = asking.citizen.post("/permohonan/baru/draf", typed, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "Draf tersimpan pukul 09.00 WIB." in said.text
    page = asking.citizen.get(asking.form).text
    assert "Belum selesai" in page
    assert "Draf tersimpan pukul 09.00 WIB." in page


def test_a_draft_is_of_one_browser_alone(asking, app):
    asking.citizen.post("/permohonan/baru/draf", {"service": asking.service.slug, "office": asking.office.slug, "name": "Warga Contoh"})
    assert "Warga Contoh" not in Browser(app).get(asking.form).text
    assert "Warga" not in RequestDraft.get().typed


def test_a_refused_form_is_kept_as_a_draft_and_a_draft_can_be_let_go(asking):
    asking.send(name="")
    assert "Untuk sekolah anak." in asking.citizen.get(asking.form).text
    answer = asking.citizen.post("/permohonan/baru/buang", {"service": asking.service.slug, "office": asking.office.slug})
    assert answer.status_code == 303
    assert "Untuk sekolah anak." not in asking.citizen.get(asking.form).text


def test_after_the_request_the_draft_is_gone_and_the_number_can_be_found_again(asking):
    asking.send(name="")
    asking.send()
    page = asking.citizen.get(asking.form).text
    assert "Untuk sekolah anak." not in page
    assert f"Permohonan Anda sudah kami terima, nomor {asking.only().number}." in page
