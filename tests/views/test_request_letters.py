"""What citizens are written about their requests, and what of it never stands in a letter."""

import re
from datetime import timedelta

import pytest

from portal import outbox
from portal.outbox import TO_CALL, Letter
from portal.services import appointments, following, handling, requests
from portal.views import mail, request_letters
from tests import make
from tests.smtp_peer import running
from tests.views.mailing import delivers, letter, peer, still
from tests.views.reading import Reading

__all__ = ["delivers", "peer", "still"]
OFFICER = make.Actor("Sari Petugas", 1)
NOW = make.local("2020-09-22T09:00")
NIK = "3171012345670001"


@pytest.fixture
def service(database):
    return make.service("Surat domisili", at=[make.office("Kantor Wali Kota", desks=2)], asks_nik=True, complaints="Inspektorat, telepon 1500-000")


@pytest.fixture
def place(service):
    return make.Office.get(make.Office.name == "Kantor Wali Kota")


@pytest.fixture
def made(service, place):
    return make.request(service, place, nik=NIK, description="Rahasia: rumah di RT 03", now=NOW)


def written(app, name, *, shows_secrets=True):
    """The last letter of a kind in words."""
    with app.app_context():
        return mail.written(Letter.select().where(Letter.name == name).order_by(Letter.id.desc()).get(), shows_secrets=shows_secrets)


def test_each_letter_that_requests_promise_can_be_written(app, made):
    """Every verb that writes to a citizen is carried out once; each letter is there, and whole."""
    service, place = made.service, made.office
    other = make.office("Kantor Camat", desks=1)
    make.ServiceOffice.create(service=service, office=other)
    first, second, *_ = appointments.free(service, place, now=NOW)
    handling.ask(made, "Foto KTP.", by=OFFICER, now=NOW)
    handling.reply(made, "Terima kasih.", by=OFFICER, now=NOW)
    handling.ready(made, "Loket 3", by=OFFICER, now=NOW)
    handling.finish(made, by=OFFICER, now=NOW)
    handling.reopen(made, "Ada salah ketik.", by=OFFICER, now=NOW)
    handling.change_channel(made, "email", "Kantor tutup.", by=OFFICER, now=NOW)
    handling.hand_over(made, other, "Wilayah lain.", by=OFFICER, now=NOW)
    handling.refuse(made, "Di luar wilayah.", by=OFFICER, now=NOW)
    booked = make.request(service, place, channel="counter", slot=first.starts_at, now=NOW)
    following.reschedule(booked, second.starts_at, now=NOW)
    handling.stayed_away(booked, by=OFFICER, now=second.starts_at + timedelta(hours=1))
    following.cancel(booked, now=NOW)
    promised = {letter.name for letter in Letter.select()}
    assert promised == set(request_letters.SUBJECTS) - {
        "request_collected",
        "request_files_left_out",
        "request_closure",
        "offer_unanswered",
    }  # drop boxes, e-mail, closures
    for name in promised:
        said = written(app, name)
        assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}\)$", said.subject)
        for secret in (NIK, "Rahasia", "081200000000", "Sari"):
            assert secret not in said.text + said.html


def test_a_letter_reaches_the_mail_server_with_the_link_that_opens_the_request(delivers, peer, made):
    with running(peer) as port:
        assert delivers(port, Letter.get(Letter.name == "request_received")) is None
    (taken,) = peer.accepted
    assert taken.message["Subject"] == f"Permohonan Anda sudah kami terima ({made.number})"
    link = f"http://localhost/permohonan/{made.number}?kunci={requests.token(made)}"
    assert link in taken.part("plain")
    assert link in Reading(taken.part("html")).links


def test_a_letter_read_on_the_screen_names_the_page_without_what_opens_it(app, made):
    said = written(app, "request_received", shows_secrets=False)
    assert f"http://localhost/permohonan/{made.number}\n" in said.text
    assert "kunci" not in said.text + said.html


def test_the_link_of_a_mail_opens_its_request(app, client, made):
    link = re.search(r"http://localhost(/permohonan/\S+)", written(app, "request_received").text)[1]
    assert client.get(link).headers["Location"] == f"/permohonan/{made.number}"
    assert "terbuka di peramban ini" in client.get(f"/permohonan/{made.number}").text


def test_the_link_of_an_english_mail_leads_to_the_english_page(app, service, place):
    made = make.request(service, place, language="en", now=NOW)
    said = written(app, "request_received")
    assert said.subject.startswith("We have received your request")
    assert f"/permohonan/{made.number}?kunci={requests.token(made)}&bahasa=en" in said.text


@pytest.mark.parametrize("typed", [NIK, "3171 0123 4567 0001", "3171.0123.4567.0001", "3171-0123-4567-0001"])
def test_an_identity_number_that_an_officer_typed_stays_out_of_the_mail(app, made, typed):
    handling.ask(made, f"NIK {typed} tidak cocok; telepon 0812 0000 0000.", by=OFFICER, now=NOW)
    said = written(app, "request_asked").text
    assert "NIK •••• tidak cocok; telepon 0812 0000 0000." in said


def test_a_letter_about_an_appointment_names_its_moment_on_the_clocks_of_the_office(app, database):
    east = make.office("Kantor Jayapura", timezone="Asia/Jayapura")
    service = make.service(at=[east])
    slot = appointments.free(service, east, now=NOW)[-1]
    make.request(service, east, channel="counter", slot=slot.starts_at, now=NOW)
    assert re.search(r"Datang \w+, \d+ \w+ 2020 pukul \d\d\.\d\d WIT\.", written(app, "request_received").text)


def test_the_letter_of_a_result_leads_to_the_survey_too(app, made):
    handling.finish(made, by=OFFICER, now=NOW)
    said = written(app, "request_done").text
    assert f"/permohonan/{made.number}/survei?kunci={requests.token(made)}" in said
    assert "diunduh" not in said


def test_who_has_no_address_is_called_about_what_cannot_wait(app, service, place):
    made = make.request(service, place, email="", now=NOW)
    handling.ask(made, "Foto KTP.", by=OFFICER, now=NOW)
    (call,) = Letter.select()
    assert (call.name, call.state, call.phone) == ("request_asked", TO_CALL, "081200000000")
    said = written(app, "request_asked", shows_secrets=False)
    assert "Foto KTP." in said.text and made.number in said.text


def test_a_text_with_markup_stays_text(app, made):
    handling.reply(made, "<b>x</b> & {{ 1 }}\nbaris kedua", by=OFFICER, now=NOW)
    said = written(app, "request_reply")
    assert "<b>x</b> & {{ 1 }}" in said.text
    assert "&lt;b&gt;x&lt;/b&gt; &amp; {{ 1 }}<br>baris kedua" in said.html


def test_a_letter_whose_number_is_missing_is_named_as_unreadable(app, database):
    broken = letter("request_reply")
    outbox.Letter.update(facts={"text": "x"}).where(outbox.Letter.id == broken.id).execute()
    with app.app_context(), pytest.raises(mail.Undelivered) as refused:
        mail.written(outbox.Letter.get_by_id(broken.id), shows_secrets=True)
    assert refused.value.is_final
