"""The letter after an act on a closure: the whole story in order of importance, one thing to do, one link; fit to be read out; in both languages."""

import re

import pytest

from portal import outbox
from portal.outbox import Letter, Recipient
from portal.services import requests
from portal.views import mail, request_letters
from tests import make
from tests.views.mailing import still

__all__ = ["still"]
NOW = make.local("2020-09-19T09:00")
USUAL = {"number": "7KQ4-M2XT-9BD", "service": "Surat domisili", "office": "Kantor Lama", "slug": "kantor-lama", "zone": "Asia/Jakarta"}
ACT = {"act": "announced", "closure": 1, "reason": "flood", "starts": "2020-09-19T17:00:00+00:00", "ends": "2020-09-22T17:00:00+00:00", "review_on": None,
       "is_whole_days": True}  # fmt: skip
WAS, TO = "2020-09-22T02:00:00+00:00", "2020-09-23T02:00:00+00:00"
SHUT = [["2020-09-19T17:00:00+00:00", "2020-09-22T17:00:00+00:00"]]
OFFICE = {"was": "Kantor Lama", "to": "Kantor Baru", "slug": "kantor-baru", "zone": "Asia/Makassar", "was_zone": "Asia/Jakarta", "was_id": 1}
ONLINE = {"channel": {"was": "counter", "to": "online"}}
TOLD = {  # what changed, the subject, and what there is to do, beyond what the change itself says
    "after": ({"slot": {"was": WAS, "to": TO, "way": "after"}}, "Waktu baru untuk janji temu Anda", "Tanpa jawaban pun waktu itu tetap milik Anda."),
    "diverted": ({"slot": {"was": WAS, "to": TO, "way": "diverted"}, "office": OFFICE}, "Waktu dan tempat baru untuk janji temu Anda", "Cocok? Pastikan"),
    "elsewhere": (
        {"slot": {"was": WAS, "to": WAS, "way": "diverted"}, "office": {**OFFICE, "zone": "Asia/Jakarta"}},
        "Tempat baru untuk janji temu Anda",
        "hari dan jamnya tetap. Waktu itu sudah kami sediakan untuk Anda.",
    ),
    "online": ({"slot": {"was": WAS, "to": None, "way": "online"}, **ONLINE}, "Permohonan Anda dilanjutkan secara daring", "Kalau lebih suka kanal lain"),
    "none": ({"slot": {"was": WAS, "to": None, "way": "none"}}, "Janji temu Anda ditunda, waktu baru menyusul", "Kalau tidak mau menunggu"),
    "held": ({"slot": {"was": WAS, "to": TO, "way": "held"}}, "Waktu baru untuk janji temu Anda", "Cocok? Pastikan"),
    "restored": ({"slot": {"was": TO, "to": WAS, "way": "restored"}}, "Janji temu Anda kembali ke waktu semula", "Tidak cocok lagi?"),
    "earlier": ({"earlier": TO}, "Anda boleh datang lebih awal", "Mau lebih awal?"),
    "earlier online": ({"earlier": TO, "goes_on": True}, "Anda boleh datang lebih awal", "permohonan tetap berjalan"),
    "pickup": ({"pickup": {"shut": SHUT}}, "Jangan datang dulu untuk mengambil hasil Anda", "tersimpan dan dapat diambil sesudahnya"),
    "pickup from": ({"pickup": {"shut": SHUT, "again": TO}}, "Jangan datang dulu untuk mengambil hasil Anda", "Dapat diambil lagi mulai"),
    "counter from": ({"counter": {"shut": SHUT, "again": TO}}, "Loket tutup: pilih waktu sesudahnya", "Loket melayani lagi mulai"),
    "pickup again": ({"pickup": {"shut": []}}, "Hasil Anda dapat diambil lagi", "Bawa nomor permohonan ini."),
    "office": ({"office": OFFICE}, "Permohonan Anda dilayani kantor lain", "Anda tidak perlu melakukan apa-apa. Nomor permohonan Anda tetap."),
    "to the counter": ({"channel": {"was": "online", "to": "counter"}}, "Permohonan Anda dilayani lewat kanal lain", "Pilih waktu kedatangan"),
    "to a box": ({"channel": {"was": "counter", "to": "dropbox"}}, "Permohonan Anda dilayani lewat kanal lain", "dengan nomor permohonan ini di amplop"),
    "from a box": ({"channel": {"was": "dropbox", "to": "online"}, "box": {"shut": SHUT}}, "Permohonan Anda dilayani lewat kanal lain", "Kirim isi atau foto"),
    "box": ({"box": {"shut": SHUT}}, "Kotak surat sementara tidak dapat dipakai", "Anda tidak perlu melakukan apa-apa."),
    "box again": ({"box": {"shut": []}}, "Kotak surat dapat dipakai lagi", "dengan nomor permohonan ini di amplop"),
    "remote": ({"online": {"shut": SHUT}}, "Permohonan Anda dilanjutkan sesudah layanan daring berjalan lagi", "Nomor permohonan Anda tetap."),
    "remote again": ({"online": {"shut": []}}, "Permohonan Anda dilanjutkan", "Nomor permohonan Anda tetap."),
    "counter": ({"counter": {"shut": SHUT}}, "Loket tutup: pilih waktu sesudahnya", "Pilih waktu kedatangan"),
    "counter again": ({"counter": {"shut": []}}, "Loket buka lagi: Anda dapat memilih waktu", "Pilih waktu kedatangan"),
    "due": ({"due": {"was": "2020-09-24", "to": "2020-09-29"}}, "Batas waktu permohonan Anda bergeser", "Nomor permohonan Anda tetap."),
}
ACTS = {
    "announced": "Loket Kantor Lama tutup dari Minggu, 20 September 2020 sampai Selasa, 22 September 2020 karena banjir.",
    "extended": "Penutupan loket Kantor Lama karena banjir diperpanjang: sekarang dari Minggu, 20 September 2020 sampai Selasa, 22 September 2020.",
    "shortened": "Penutupan loket Kantor Lama dipersingkat: sekarang dari Minggu, 20 September 2020 sampai Selasa, 22 September 2020.",
    "reopened": "Loket Kantor Lama buka lagi, lebih awal dari rencana.",
    "withdrawn": "Pengumuman penutupan loket Kantor Lama kami tarik: kantor melayani seperti biasa.",
}


def written(app, facts, *, email="warga@example.org", language="id", name="request_closure", shows_secrets=True):
    """The letter in words, with line ends as spaces."""
    to = Recipient("Siti Aminah", email, "081200000000", language)
    letter = outbox.promise(name, to, {**USUAL, **facts}, key=f"{name} {language} {facts}", now=NOW)
    with app.app_context():
        found = mail.written(letter, shows_secrets=shows_secrets)
    Letter.delete().execute()
    return found


@pytest.mark.parametrize("what", TOLD)
def test_each_change_has_its_subject_its_sentence_and_what_to_do_in_both_languages(app, database, what):
    facts, subject, to_do = TOLD[what]
    said = written(app, {**ACT, **facts})
    assert said.subject == f"{subject} (7KQ4-M2XT-9BD)"
    assert to_do in said.text and ACTS["announced"] in said.text
    english = written(app, {**ACT, **facts}, language="en")
    for each in (said, english):
        assert "{" not in each.text and "None" not in each.text
        assert each.text.count("/permohonan/7KQ4-M2XT-9BD?") == 1 == each.html.count('<a href="http://localhost/permohonan/')
    assert english.subject != said.subject and not set(said.text.split("\n")[2:6]) & set(english.text.split("\n")[2:6]) - {""}


@pytest.mark.parametrize("act", ACTS)
def test_the_letter_begins_with_why_and_until_when(app, database, act):
    said = written(app, {**ACT, "act": act, **TOLD["due"][0]}).text
    assert [line for line in said.split("\n") if line][:2] == ["Yth. Siti Aminah,", ACTS[act]]


def test_without_an_end_the_day_of_review_is_named(app, database):
    said = written(app, {**ACT, "ends": None, "review_on": "2020-10-01", **TOLD["none"][0]}).text
    assert "tutup mulai Minggu, 20 September 2020 sampai pemberitahuan lebih lanjut (ditinjau Kamis, 1 Oktober 2020) karena banjir." in said


def test_the_order_is_why_then_the_trip_then_the_deadline_then_what_to_do_then_the_link(app, database):
    facts = {**ACT, **TOLD["after"][0], "due": {"was": "2020-09-24", "to": "2020-09-29"}}
    said = written(app, facts).text
    places = [said.index(each) for each in ("Yth. Siti Aminah", "Loket Kantor Lama", "7KQ4", "Janji temu Anda", "Paling lambat", "Cocok?", "?kunci=")]
    assert places == sorted(places)
    assert all(line == line.strip() for line in said.split("\n") if line != "-- ") and "\n\n\n" not in said
    assert f"?kunci={requests.token_of('7KQ4-M2XT-9BD')}" in said


def test_a_time_at_another_office_stands_on_its_own_clocks_and_the_closed_one_on_its_old(app, database):
    said = written(app, {**ACT, **TOLD["diverted"][0], "zone": "Asia/Makassar"}).text
    assert ACTS["announced"] in said
    assert "Selasa, 22 September 2020 pukul 09.00 WIB dipindah ke Rabu, 23 September 2020 pukul 10.00 WITA di Kantor Baru." in said


@pytest.mark.parametrize("what", ["after", "none", "online", "restored", "earlier", "pickup", "counter", "from a box"])
def test_read_out_on_the_telephone_nobody_is_sent_to_a_link_below(app, database, what):
    for name in ("id", "en"):
        said = written(app, {**ACT, **TOLD[what][0]}, email="", language=name, shows_secrets=False).text
        assert not re.search("tautan|link below", said) and "kunci=" not in said
    assert "http://localhost/permohonan/7KQ4-M2XT-9BD" in said


def test_a_deadline_that_stands_still_until_somebody_comes_names_no_reopening(app, database):
    facts = {**ACT, "act": "withdrawn", **TOLD["restored"][0], "channel": {"was": "online", "to": "counter"}, "due": {"was": "2020-09-24", "to": None}}
    said = written(app, facts).text
    assert "Batas waktunya dihitung sejak Anda atau surat Anda datang." in said and "hari buka lagi diketahui" not in said


def test_what_runs_already_in_the_middle_of_a_day_is_told_by_its_end(app, database):
    facts = {**ACT, "act": "extended", "pickup": {"shut": [["2020-09-21T10:00:00+07:00", "2020-09-25T00:00:00+07:00"]]}}
    assert "Hasil Anda tidak dapat diambil sampai Kamis, 24 September 2020." in written(app, facts).text


def test_facts_that_nobody_foresaw_still_make_a_letter(app, database):
    said = written(app, {**ACT, "act": "baru", "reason": "meteor"})
    assert said.subject.startswith("Kabar penutupan kantor untuk permohonan Anda") and "karena sebab lain." in said.text


@pytest.mark.parametrize("email", ["warga@example.org", ""])
def test_the_question_to_who_has_not_answered_names_both_times_and_how_to_answer(app, database, email):
    facts = {"slot": TO, "was": WAS}
    said = written(app, facts, email=email, name="offer_unanswered", shows_secrets=bool(email))
    assert said.subject == "Apakah waktu baru Anda cocok? (7KQ4-M2XT-9BD)"
    assert "Janji temu Anda Selasa, 22 September 2020 pukul 09.00 WIB tidak dapat dilayani karena kantor tutup." in said.text
    assert "Rabu, 23 September 2020 pukul 09.00 WIB di Kantor Lama." in said.text
    assert ("lewat tautan di bawah" in said.text) == bool(email) == ("kunci=" in said.text)
    assert ("katakan sekarang" in said.text) != bool(email)
    assert "will" not in said.text and "tetap" not in written(app, facts, email=email, language="en", name="offer_unanswered").text


@pytest.mark.parametrize(("name", "is_awaited"), [("after", True), ("none", True), ("online", True), ("counter", True), ("pickup", False), ("due", False)])
def test_the_call_list_waits_for_an_answer_only_where_there_is_one_to_give(name, is_awaited):
    assert request_letters.awaits_answer("request_closure", {**USUAL, **ACT, **TOLD[name][0]}) is is_awaited
