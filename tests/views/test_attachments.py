"""A form takes a file, keeps it while it is corrected, and the file leaves so that no browser runs it."""

import io
import re
from datetime import datetime, timedelta

import pytest
from werkzeug.http import parse_options_header

from portal import files
from portal.files import Attachment
from tests import pictures
from tests.views import filing
from tests.views.staff import Browser, fields_of, person

NOW = "2020-09-22T09:00+07:00"


@pytest.fixture(scope="module")
def portal(app):
    return filing.portal_with_files(app)


@pytest.fixture
def clerk(portal, database, at):
    at(NOW)
    return Browser(portal, person())


def send(clerk, content=None, name="foto.jpg", **fields):
    brought = {"evidence": (io.BytesIO(content), name)} if content is not None else {}
    return clerk.post("/uji", {"description": "Rapat", **fields, **brought}, content_type="multipart/form-data")


def sent_back(clerk, content, name="foto.jpg", mimetype="image/jpeg"):
    """The answer to one who asks for the file that was just sent."""
    files.record(files.Stored(files.take(content, "x", now=datetime.fromisoformat(NOW)).digest, name, mimetype, 1), by_id=1, now=datetime.fromisoformat(NOW))
    return clerk.get(f"/uji/{Attachment.select().order_by(Attachment.id.desc()).get().id}")


def test_a_file_comes_with_a_form_and_is_given_back(clerk):
    answer = send(clerk, pictures.PDF, "Laporan Juni.pdf")
    assert answer.status_code == 303
    back = clerk.get(answer.location)
    assert back.data == pictures.PDF
    assert back.headers["Content-Disposition"] == 'attachment; filename="Laporan Juni.pdf"'
    assert back.headers["Content-Type"] == "application/pdf"


def test_a_form_without_a_file_brings_none(clerk):
    assert send(clerk).location == "/uji"
    assert send(clerk, b"", "").location == "/uji"
    assert not Attachment.select().exists()


def test_what_may_not_be_kept_is_refused_beside_its_field_and_what_was_typed_stays(clerk):
    answer = send(clerk, pictures.HTML, "foto.jpg", description="Rapat <b>penting</b>")
    assert answer.status_code == 422
    assert 'href="#evidence"' in answer.text
    assert re.search(r'id="evidence-e">Berkas ini bukan foto', answer.text)
    assert fields_of(answer.text, "uji")["description"] == ["Rapat <b>penting</b>"]
    assert "evidence_kept" not in answer.text


def test_a_file_that_was_sent_need_not_be_sent_again_when_something_else_was_wrong(clerk):
    answer = send(clerk, pictures.from_a_telephone(), "bukti.jpg", description="")
    assert answer.status_code == 422
    assert "bukti.jpg" in answer.text
    fields = fields_of(answer.text, "uji")
    once_more = send(clerk, description="Rapat", evidence_kept=fields["evidence_kept"][0])
    assert once_more.status_code == 303
    assert clerk.get(once_more.location).headers["Content-Disposition"] == "inline; filename=bukti.jpg"


def test_a_file_that_is_chosen_anew_or_left_out_takes_the_place_of_the_one_before(clerk):
    token = fields_of(send(clerk, pictures.picture(), description="").text, "uji")["evidence_kept"][0]
    assert clerk.get(send(clerk, pictures.PDF, "baru.pdf", evidence_kept=token).location).data == pictures.PDF
    assert send(clerk).location == "/uji"


def test_the_mark_of_a_kept_file_is_of_no_use_to_another_or_when_forged_or_old(clerk, portal, at):
    token = fields_of(send(clerk, pictures.picture(), description="").text, "uji")["evidence_kept"][0]
    other = Browser(portal, person())
    assert send(other, evidence_kept=token).location == "/uji"
    assert send(clerk, evidence_kept=token[:-2]).location == "/uji"
    assert send(clerk, evidence_kept="x" * 5000).location == "/uji"
    at((datetime.fromisoformat(NOW) + timedelta(hours=13)).isoformat())
    assert send(Browser(portal, clerk.session.person), evidence_kept=token).location == "/uji"
    assert not Attachment.select().exists()


def test_pictures_are_shown_and_all_else_is_saved_and_neither_can_run(clerk):
    for content, name, mimetype, way in ((pictures.picture(), "f.jpg", "image/jpeg", "inline"), (pictures.PDF, "l.pdf", "application/pdf", "attachment")):
        answer = sent_back(clerk, content, name, mimetype)
        assert answer.headers["Content-Disposition"].startswith(way)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers.getlist("Cache-Control") == ["no-store"]
        assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers.keys())


@pytest.mark.parametrize("name", ["🌊 banjir.jpg", "Rekap “Juni”, 50%; akhir.jpg", "naïve'.jpg", "a" * 196 + ".jpg", "文件.jpg"])
def test_a_name_arrives_as_it_was_given(clerk, name):
    header = sent_back(clerk, pictures.picture(), name).headers["Content-Disposition"]
    assert header.isascii()
    assert parse_options_header(header)[1]["filename"] == name


def test_a_file_that_the_disk_has_lost_is_not_found(clerk):
    answer = send(clerk, pictures.picture(size=(3, 3)))
    files.path_of(Attachment.get()).unlink()
    lost = clerk.get(answer.location)
    assert lost.status_code == 404
    assert "foto.jpg" in lost.text


def test_a_file_over_the_limit_is_refused_beside_its_field(clerk):
    answer = send(clerk, pictures.PDF + b"\0" * 11 * files.MEGABYTE, "besar.pdf")
    assert answer.status_code == 422
    assert "paling banyak 10 MB" in answer.text
    assert send(clerk, pictures.PDF + b"\0" * 32 * files.MEGABYTE, "besar.pdf").status_code == 413


def test_only_forms_that_take_files_and_people_who_have_signed_in_may_send_much(clerk, portal):
    large = {"evidence": (io.BytesIO(b"x" * 2_000_000), "x.pdf")}
    assert clerk.post("/uji/kecil", dict(large), content_type="multipart/form-data").status_code == 413
    large = {"evidence": (io.BytesIO(b"x" * 2_000_000), "x.pdf")}
    assert Browser(portal).post("/uji", large, content_type="multipart/form-data").status_code == 413


def test_the_field_says_what_a_file_may_be(clerk):
    page = clerk.get("/uji").text
    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in page
    assert "paling besar 10 MB" in page


def test_a_size_is_said_as_people_say_it(portal):
    from portal.views.attachments import file_size

    with portal.test_request_context():
        assert [file_size(size) for size in (1, 340 * 1024, 1_258_291, 10 * files.MEGABYTE)] == ["1 kB", "340 kB", "1,2 MB", "10 MB"]
