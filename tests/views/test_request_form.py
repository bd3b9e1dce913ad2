"""Anybody asks for a service on one page: whatever is wrong is said at once, whatever was typed stays, and one form is one request."""

import re
from dataclasses import replace

import pytest

from portal.services.models import Particular, RequestFile, ServiceRequest
from tests import pictures
from tests.views.asking import TYPED
from tests.views.staff import Browser, fields_of


def test_a_citizen_asks_and_is_sent_on_to_the_request(asking):
    answer = asking.send()
    made = asking.only()
    assert answer.status_code == 303
    assert answer.location == f"/permohonan/{made.number}"
    assert (made.service_id, made.office_id, made.channel, made.name, made.phone) == (
        asking.service.id,
        asking.office.id,
        "online",
        "Warga Contoh",
        "081200000000",
    )
    assert made.language == "id"


def test_who_asks_may_open_the_request_without_the_last_digits(asking):
    asking.send()
    with asking.citizen.client.session_transaction() as held:
        assert held["opened"] == [asking.only().id]


def test_the_form_sent_twice_is_one_request(asking):
    page = asking.citizen.get(asking.form).text
    first, again = asking.send(page), asking.send(page)
    assert first.location == again.location
    assert ServiceRequest.select().count() == 1
    assert asking.send().location != first.location


def test_a_key_that_somebody_else_has_used_opens_nothing(asking, app):
    asking.send(submission_key="1")
    stranger = Browser(app)
    assert asking.send(browser=stranger, submission_key="1").location == f"/permohonan/{asking.only().number}"
    with stranger.client.session_transaction() as held:
        assert not held.get("opened")


def test_everything_that_is_wrong_is_said_at_once_with_what_was_typed(asking):
    answer = asking.send(name="", phone="12", email="bukan", description="Mohon <b>segera</b>", files=[("virus.pdf", b"MZ\x90\0" * 50)])
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', answer.text) == ["name", "phone", "email", "files"]
    held = fields_of(answer.text, "permohonan")
    assert (held["phone"], held["email"]) == (["12"], ["bukan"])
    assert "Mohon &lt;b&gt;segera&lt;/b&gt;" in answer.text
    assert not ServiceRequest.select().exists()


def test_every_refusal_leads_to_a_field_that_is_there(asking):
    answer = asking.send(channel="merpati", name="", phone="", email="", website="http://spam.example")
    ids = set(re.findall(r'id="([^"]+)"', answer.text))
    assert {link for link in re.findall(r'href="#([^"]+)"', answer.text) if link != "isi"} <= ids


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 3000), ("name", "a\0b"), ("name", "‮gnp.exe"), ("name", "   "), ("phone", "satu dua"), ("email", "a@b"), ("channel", ""),
        ("channel", "merpati"), ("description", "x" * 6000), ("slot", "2020-99-99"), ("channel", "counter")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(asking, field, value):
    answer = asking.send(**({"channel": "counter"} if field == "slot" else {}), **{field: value})
    assert answer.status_code == 422
    assert "Untuk sekolah anak." in answer.text or field == "description"
    assert not ServiceRequest.select().exists()


def test_letters_of_any_language_and_signs_are_kept(asking):
    asking.send(name="Ni Luh Ayu 🌺 Ἀλέξανδρος", description="Baris satu\r\nbaris dua")
    assert asking.only().name == "Ni Luh Ayu 🌺 Ἀλέξανδρος"
    assert asking.only().description == "Baris satu\nbaris dua"


def test_files_come_with_the_form_and_are_kept_while_it_is_corrected(asking):
    answer = asking.send(name="", files=[("ktp.jpg", pictures.from_a_telephone()), ("surat.pdf", pictures.PDF)])
    assert "ktp.jpg" in answer.text
    assert '<a href="#name">Nama lengkap: bagian ini wajib diisi.</a>' in answer.text
    assert asking.send(answer.text).status_code == 303
    assert sorted(each.attachment.name for each in RequestFile.select()) == ["ktp.jpg", "surat.pdf"]


def test_a_form_whose_session_has_ended_comes_back_filled_in(asking, app):
    page = asking.citizen.get(asking.form).text
    asking.citizen.client.delete_cookie("sesi")
    held = {name: values for name, values in fields_of(page, "permohonan").items() if name != "csrf_token"}
    answer = asking.citizen.post(asking.form, {**held, **TYPED}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 422
    assert "Untuk sekolah anak." in answer.text
    again = fields_of(answer.text, "permohonan")
    assert again["submission_key"] == held["submission_key"]
    assert asking.citizen.client.post(asking.form, data={**again, "description": "Untuk sekolah anak."}).status_code == 303


def test_who_fills_in_the_field_that_nobody_sees_is_refused(asking):
    assert asking.send(website="x").status_code == 422
    assert not ServiceRequest.select().exists()


def test_too_many_from_one_address_are_asked_to_wait_and_lose_nothing(asking, app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], limit_submissions=2))
    for _ in range(2):
        asking.send()
    answer = asking.send()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Untuk sekolah anak." in answer.text


def test_the_questions_of_the_service_are_asked_and_kept(asking):
    facts = [{"label": "Jumlah lembar", "kind": "number", "is_required": True}, {"label": "Bahasa", "kind": "choice", "options": ["Indonesia", "Inggris"]},
             {"label": "Tanggal lahir", "kind": "date", "is_required": True}]  # fmt: skip
    asked = [Particular.create(service=asking.service, place=place, **each) for place, each in enumerate(facts)]
    names = [f"isian-{each.id}" for each in asked]
    answer = asking.send(**dict(zip(names, ("tiga", "Jawa", "kemarin"), strict=True)))
    assert re.findall(r'<li><a href="#([\w-]+)">', answer.text) == names
    assert 'value="tiga"' in answer.text
    assert asking.send(answer.text, **dict(zip(names, ("3", "Inggris", "2001-02-03"), strict=True))).status_code == 303
    assert asking.only().answers == {str(asked[0].id): "3", str(asked[1].id): "Inggris", str(asked[2].id): "2001-02-03"}


def test_the_identity_number_is_asked_only_where_the_standard_requires_it(asking):
    assert 'name="nik"' not in asking.citizen.get(asking.form).text
    asking.service.asks_nik = True
    asking.service.save()
    assert 'name="nik"' in asking.citizen.get(asking.form).text
    assert 'href="#nik"' in asking.send(nik="123").text


def test_the_other_language_goes_along_through_steps_and_refusals(asking):
    page = asking.citizen.get(asking.form + "&bahasa=en").text
    action = re.search(r'id="permohonan" method="post" action="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "bahasa=en" in action
    answer = asking.send(page, to=action, name="")
    assert '<html lang="en">' in answer.text
    assert asking.send(answer.text, to=action).location == f"/permohonan/{asking.only().number}?bahasa=en"
    assert asking.only().language == "en"


def test_what_is_asked_of_the_form_in_the_wrong_way_is_no_error_of_ours(asking):
    assert asking.citizen.post("/permohonan/baru", {}).status_code == 422
    assert asking.citizen.post("/permohonan/baru", {"service": "\0", "office": "x" * 5000}).status_code == 422
    assert asking.citizen.post("/permohonan/baru/draf", {"service": "\0", "office": "\0", "name": "x"}).status_code == 303
    assert asking.citizen.post("/permohonan/baru/draf", {"service": asking.service.slug, "name": "x" * 100_000}).status_code == 303
    assert asking.citizen.client.put("/permohonan/baru").status_code == 405
    assert asking.citizen.get("/permohonan/baru?layanan=a&layanan=b&cari=%ff%fe&dari=%00/%00&kantor=" + "y" * 3000).status_code in {200, 404}
