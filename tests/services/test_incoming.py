"""Letters are read without trust: broken, hostile and endless ones too."""

import time
from contextlib import suppress

import pytest

from portal.refusals import is_storable
from portal.services.incoming import Incoming, Unreadable, words_of
from tests.pictures import PDF
from tests.services.writing import PHOTO, letter, raw

FROM = b"From: Siti <siti@warga.example.org>"


def read(made):
    return Incoming(made if isinstance(made, bytes) else made.as_bytes())


def names(made):
    return [each.name for each in read(made).files]


def test_a_letter_tells_who_wrote_it_to_whom_and_what():
    found = read(letter(to="Kantor <A@kota.example>, b@kota.example", Cc="c@kota.example"))
    assert (found.name, found.sender, found.subject, found.text) == ("Siti Aminah", "siti@warga.example.org", "Surat domisili", "Mohon surat domisili.")
    assert found.addresses == ["a@kota.example", "b@kota.example", "c@kota.example"]
    assert found.mark == "<1@warga.example.org>"


def test_who_has_no_name_is_called_by_the_address():
    assert read(letter(sender="siti@warga.example.org")).name == "siti"


@pytest.mark.parametrize("subject", ["Re: Surat", "RE: Fwd: Surat", "Balas: Surat", "Re[2]: Surat", "Bls: re: Surat"])
def test_a_subject_stands_without_what_mail_programs_put_before_it(subject):
    assert read(letter(subject=subject)).subject == "Surat"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Ini KK saya.\n\nPada Sel, 22 Sep 2020 pukul 09.00 Tetap Melayani <x@y.example> menulis:\n> Mohon kirim KK.", "Ini KK saya."),
        ("Ini KK saya.\n\nPada Sel, 22 Sep 2020 pukul 09.00 Tetap Melayani\n<x@y.example> menulis:\n> Mohon kirim KK.", "Ini KK saya."),
        ("Pada Sel, 22 Sep 2020 X menulis:\n> Mohon kirim KK.\nIni KK saya.", "Ini KK saya."),
        ("Ini KK saya.\n-----Original Message-----\nFrom: x\nMohon kirim KK.", "Ini KK saya."),
        ("Ini KK saya.\n________________________________\nDari: x\nMohon kirim KK.", "Ini KK saya."),
        ("> Mohon kirim KK.", "> Mohon kirim KK."),
        ("Pada hari ini saya menulis surat.", "Pada hari ini saya menulis surat."),
    ],
)
def test_what_is_quoted_is_left_out_wherever_the_answer_stands(text, own):
    assert read(letter(text)).text == own


def test_a_letter_of_html_alone_is_read_as_words():
    page = (
        "<html><head><title>T</title><style>p{color:red}</style></head><body><p>Mohon&nbsp;surat</p><script>x()</script><br>terima kasih<!-- x > y --></body>"
    )
    assert read(letter("", html=page)).text == "Mohon surat\n\nterima kasih"


def test_the_words_in_html_are_read_where_the_plain_ones_are_empty():
    assert read(letter(" \n", html="<p>Mohon surat</p>")).text == "Mohon surat"


@pytest.mark.parametrize(
    ("page", "said"),
    [("3 < 4 dan 5 > 4", "3 < 4 dan 5 > 4"), ("a<b", "a<b"), ("<p", "<p"), ("<!-- tak berakhir", ""), ("<style>tak berakhir", ""),
     ("<blockquote>lama</blockquote>", "> lama"), ("&lt;b&gt;", "<b>"), ("<style/>ada", "ada"), ("x<o:p></o:p>y", "xy")],
)  # fmt: skip
def test_broken_pages_are_read_as_far_as_they_can(page, said):
    assert words_of(page) == said


@pytest.mark.parametrize("page", ["<" * 100_000, "<!--" * 25_000, "<a " * 33_000, "<style>" * 14_000, "<![CDATA[" * 11_000, "&" * 100_000, "&#" * 50_000])
def test_a_page_of_broken_marks_takes_no_longer_than_any_other(page):
    before = time.process_time()
    words_of(page)
    assert time.process_time() - before < 2


def test_pictures_within_the_text_are_files_too_and_signatures_are_not():
    made = letter(html="<p>Foto: <img src='cid:a'></p>", files={"kk.pdf": PDF})
    made.add_attachment(b"sig", maintype="application", subtype="pgp-signature", filename="signature.asc")
    page = made.get_body(("html",))
    page.add_related(PHOTO, "image", "jpeg", cid="<a>", filename="foto.jpg")
    found = list(read(made).files)
    assert [(each.name, each.content) for each in found] == [("foto.jpg", PHOTO), ("kk.pdf", PDF)]


def test_a_letter_enclosed_in_a_letter_is_a_file_that_cannot_be_kept():
    made = letter()
    made.add_attachment(letter("Rahasia orang lain."))
    found = read(made)
    assert [(each.name, each.content) for each in found.files] == [("pesan terlampir", b"")]
    assert found.text == "Mohon surat domisili."


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "no"}, ""),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"X_Loop": "kota"}, "automatic"),
        ({"List_Id": "<x.example>"}, "automatic"),
        ({"Precedence": "bulk"}, "bounce"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"sender": "MAILER-DAEMON@x.example"}, "machine"),
        ({"sender": "noreply@x.example"}, "machine"),
        ({"sender": "no-reply@x.example"}, "machine"),
        ({"sender": "noreply.budi@x.example"}, "machine"),
        ({"sender": "noreplyana@x.example"}, ""),
        ({"sender": "bukan alamat"}, "no sender"),
        ({"sender": ""}, "no sender"),
        ({}, ""),
    ],
)
def test_what_machines_write_is_told_from_what_people_write(headers, why):
    assert read(letter(**headers)).why_automatic() == why


def test_a_report_of_a_mail_server_is_a_bounce():
    assert read(raw(FROM, b'Content-Type: multipart/report; boundary="x"', body=b"--x--")).why_automatic() == "bounce"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (b"text/plain; charset=iso-8859-1", "Caf\u00e9"),
        (b"text/plain; charset=tidak-ada", "Caf\u00e9"),
        (b"text/plain; charset=utf-8", "Caf\u00e9"),
        (b"text/plain; charset=punycode", "Caf\u00e9"),
        (b"text/plain; charset=zlib", "Caf\u00e9"),
        (b"text/plain; charset=us-ascii", "Caf\u00e9"),
        (b"text/plain", "Caf\u00e9"),
    ],
)
def test_a_wrong_alphabet_loses_no_words(said, text):
    assert read(raw(FROM, b"Content-Type: " + said, b"Content-Transfer-Encoding: 8bit", body="Caf\u00e9".encode("latin-1"))).text == text


@pytest.mark.parametrize(
    "header",
    [b"Subject: " + "Surat \u00e9 \U0001f3e0".encode(), b"Subject: =?utf-8?q?=00=1b_surat?=", b"Subject: =?tidak-ada?b?//8=?=", b"Subject: \x00\xff surat",
     b"Subject: =?utf-8?b?4oCuc3VyYXTigKw=?=", b"Subject", b": x", b"Subject: " + b"S" * 3000, b"Subject: " + b"(" * 3000, b"From: " + b"(" * 5000,
     b"To: " + b"a@b.example," * 5000, b"Content-Type: multipart/mixed", b"Content-Type: ////; ;;==", b"Content-Type: text/plain; charset*0*=x''%ff",
     b"Message-ID: <" + b"x" * 5000, b"Content-Transfer-Encoding: rot13", b"Date: kemarin", b"MIME-Version: 9"],
)  # fmt: skip
def test_broken_headers_leave_a_letter_that_can_be_kept(header):
    found = read(raw(FROM, header))
    said = [found.subject, found.text, found.name, found.sender, found.mark, found.why_automatic(), *found.addresses, *(each.name for each in found.files)]
    assert all(is_storable(each) for each in said)
    assert len(found.subject) <= 300 and len(found.mark) <= 250


@pytest.mark.parametrize("header", [b"Subject: ", b"From: ", b"To: ", b"Content-Type: ", b"Message-ID: <"])
@pytest.mark.parametrize("sign", [b"(", b"<", b'"', b"=?utf-8?q?", b"a@b,", b"\\", b";x=y"])
def test_a_header_without_end_takes_no_longer_than_any_other(header, sign):
    before = time.process_time()
    with suppress(Unreadable):
        found = read(raw(FROM, header + sign * 50_000))
        assert all(len(each) < 5000 for each in (found.subject, found.text, found.mark, found.why_automatic(), *found.addresses))
    assert time.process_time() - before < 3


def test_parts_within_parts_without_end_are_not_read():
    body = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (each, each) for each in range(1000))
    with pytest.raises(Unreadable):
        read(FROM + b"\r\n" + body)


def test_nothing_and_rubbish_are_letters_without_a_sender():
    for each in (b"", b"\0" * 1000, b"\xff\xfe" * 1000, bytes(range(256)) * 10):
        assert read(each).why_automatic() == "no sender"


def test_a_letter_without_a_message_id_is_told_by_its_content():
    first, second = read(letter("satu", mark="")), read(letter("dua", mark=""))
    assert first.mark != second.mark
    assert first.mark == read(letter("satu", mark="")).mark


def test_the_name_of_a_file_can_be_printed():
    assert names(letter(files={"k\u202efdp.exe": PDF, "\0": PDF})) == ["kfdp.exe", "lampiran"]
