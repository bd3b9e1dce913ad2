"""People without an account bring several files at once, which stay with them while the form is corrected and when its session has ended."""

import io
import re
from dataclasses import replace

import pytest

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
def citizen(portal, database, at):
    at(NOW)
    return Browser(portal)


def bring(browser, *brought, has_token=True, headers=None, **fields):
    """A form of somebody without an account, with files as (content, name)."""
    held = [(io.BytesIO(content), name) for content, name in brought]
    return browser.post(
        "/uji/warga", {"description": "Surat", "files": held, **fields}, content_type="multipart/form-data", has_token=has_token, headers=headers or {}
    )


def kept_in(answer):
    """The files that a form says it has already, by name, with their tokens."""
    names = re.findall(r'name="files_kept"[^>]*value="([^"]*)" checked><span><b>([^<]*)</b>', answer.text)
    return {name: token for token, name in names}


def test_somebody_without_an_account_sends_several_files_at_once(citizen):
    assert bring(citizen, (pictures.PDF, "ktp.pdf"), (pictures.picture(), "rumah.jpg")).status_code == 303
    rows = Attachment.select().order_by(Attachment.id)
    assert [(row.name, row.mimetype, row.added_by_id) for row in rows] == [
        ("ktp.pdf", "application/pdf", files.NOBODY),
        ("rumah.jpg", "image/jpeg", files.NOBODY),
    ]


def test_files_stay_while_the_form_is_corrected_and_go_when_unticked(citizen):
    answer = bring(citizen, (pictures.PDF, "ktp.pdf"), (pictures.picture(), "rumah.jpg"), description="")
    assert answer.status_code == 422
    kept = kept_in(answer)
    assert list(kept) == ["ktp.pdf", "rumah.jpg"]
    again = bring(citizen, (pictures.picture(size=(9, 9)), "pagar.jpg"), files_kept=[kept["rumah.jpg"]], description="")
    assert list(kept_in(again)) == ["rumah.jpg", "pagar.jpg"]
    assert bring(citizen, files_kept=list(kept_in(again).values())).status_code == 303
    assert [row.name for row in Attachment.select().order_by(Attachment.id)] == ["rumah.jpg", "pagar.jpg"]


def test_what_cannot_be_kept_is_named_and_the_others_need_not_be_sent_again(citizen):
    answer = bring(citizen, (pictures.PDF, "ktp.pdf"), (pictures.HTML, "<b>jahat.jpg"), (b"", "kosong.pdf"))
    assert answer.status_code == 422
    error = re.search(r'id="files-e">([^<]*)<', answer.text)[1]
    assert "“&lt;b&gt;jahat.jpg”: Berkas ini bukan foto" in error
    assert "“kosong.pdf”: Berkas ini kosong" in error
    assert list(kept_in(answer)) == ["ktp.pdf"]
    assert not Attachment.select().exists()


def test_too_many_files_are_refused_and_those_that_fit_are_kept(citizen):
    seven = [(pictures.picture(size=(n, n)), f"foto {n}.jpg") for n in range(1, 8)]
    answer = bring(citizen, *seven)
    assert answer.status_code == 422
    assert "Paling banyak 5 berkas. Tidak ikut: foto 6.jpg, foto 7.jpg." in answer.text
    kept = kept_in(answer)
    assert list(kept) == [f"foto {n}.jpg" for n in range(1, 6)]
    assert "Tidak ikut: lagi.jpg" in bring(citizen, (pictures.picture(size=(9, 9)), "lagi.jpg"), files_kept=list(kept.values())).text
    assert bring(citizen, files_kept=list(kept.values())).status_code == 303


def test_the_same_file_twice_is_one(citizen):
    answer = bring(citizen, (pictures.PDF, "ktp.pdf"), (pictures.PDF, "ktp lagi.pdf"), description="")
    kept = kept_in(answer)
    assert list(kept) == ["ktp.pdf"]
    assert bring(citizen, (pictures.PDF, "ktp.pdf"), files_kept=list(kept.values())).status_code == 303
    assert Attachment.select().count() == 1


def test_several_files_may_be_as_large_as_each_may_be_and_one_that_is_larger_is_named(citizen):
    large = pictures.PDF[:-6] + b"\0" * (9 * files.MEGABYTE) + b"%%EOF\n"
    answer = bring(citizen, *((large + b"%d" % n, f"{n}.pdf") for n in range(5)), description="")
    assert list(kept_in(answer)) == [f"{n}.pdf" for n in range(5)]
    answer = bring(citizen, (pictures.PDF, "ktp.pdf"), (large + b"\0" * 40 * files.MEGABYTE, "film.pdf"))
    assert answer.status_code == 422
    assert "“film.pdf”: Berkas ini terlalu besar" in answer.text
    assert list(kept_in(answer)) == ["ktp.pdf"]


def test_a_body_without_end_is_refused_before_it_is_read(citizen):
    sent = io.BytesIO(b"--x")
    length = {"CONTENT_LENGTH": str(200 * files.MEGABYTE)}
    answer = citizen.client.post("/uji/warga", input_stream=sent, content_type="multipart/form-data; boundary=x", environ_overrides=length)
    assert answer.status_code == 413
    assert sent.tell() == 0
    assert "Paling banyak 5 berkas, masing-masing 10 MB" in answer.text


def test_the_files_of_one_browser_are_of_no_use_to_another(citizen, portal):
    token = kept_in(bring(citizen, (pictures.PDF, "ktp.pdf"), description=""))["ktp.pdf"]
    for other in (Browser(portal), Browser(portal, person())):
        assert bring(other, files_kept=[token]).status_code == 303
    assert not Attachment.select().exists()


def test_too_many_files_from_one_address_are_refused_for_a_while(citizen, portal):
    portal.config["SETTINGS"], before = replace(portal.config["SETTINGS"], limit_uploads=2), portal.config["SETTINGS"]
    try:
        answer = bring(citizen, *((pictures.picture(size=(n, n)), f"{n}.jpg") for n in range(1, 4)))
    finally:
        portal.config["SETTINGS"] = before
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert list(kept_in(answer)) == ["1.jpg", "2.jpg"]


def test_a_form_whose_session_has_ended_comes_back_as_typed_with_its_files_and_goes_through_once_more(citizen):
    before = kept_in(bring(citizen, (pictures.PDF, "ktp.pdf"), description=""))
    citizen.client.delete_cookie("sesi")
    citizen.client.set_cookie("lain", "ada")
    answer = bring(
        citizen, (pictures.picture(), "rumah.jpg"), description="Surat <b>penting</b>", files_kept=list(before.values()), submission_key="K1", has_token=False
    )
    assert answer.status_code == 422
    assert "sudah lama terbuka. Isian Anda masih ada: kirim sekali lagi" in answer.text
    fields = fields_of(answer.text, "warga")
    assert (fields["description"], fields["submission_key"]) == (["Surat <b>penting</b>"], ["K1"])
    assert list(kept_in(answer)) == ["ktp.pdf", "rumah.jpg"]
    assert not Attachment.select().exists()
    assert citizen.client.post("/uji/warga", data=fields, content_type="multipart/form-data").status_code == 303
    assert [row.name for row in Attachment.select().order_by(Attachment.id)] == ["ktp.pdf", "rumah.jpg"]


def test_who_has_sent_files_sees_the_same_public_pages_as_everybody(citizen, portal):
    bring(citizen, (pictures.PDF, "ktp.pdf"), description="")
    for address in ("/", "/data"):
        answer = citizen.get(address)
        assert answer.status_code == 200
        assert "Cookie" not in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers
        assert answer.data == portal.test_client().get(address).data


def test_files_that_cannot_be_kept_are_named_also_where_something_else_was_wrong_first(citizen):
    answer = bring(citizen, (pictures.HTML, "jahat.jpg"), (pictures.PDF, "ktp.pdf"), website="x")
    assert {'href="#website"', 'href="#files"'} <= set(re.findall(r'href="#\w+"', answer.text))
    assert list(kept_in(answer)) == ["ktp.pdf"]


def test_a_browser_that_refuses_cookies_is_told_so(citizen):
    citizen.client.delete_cookie("sesi")
    assert "menolak kuki" in bring(citizen, has_token=False).text


@pytest.mark.parametrize("headers", [{"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
def test_a_form_from_a_strangers_site_is_refused_and_never_shown_again(citizen, headers):
    answer = bring(citizen, (pictures.PDF, "ktp.pdf"), description="Rahasia", headers=headers, has_token=False)
    assert answer.status_code == 400
    assert "Rahasia" not in answer.text
    assert "files_kept" not in answer.text


def test_files_of_another_browser_are_not_taken_over_by_one_that_has_files_of_its_own(citizen, portal):
    token = kept_in(bring(citizen, (pictures.PDF, "ktp.pdf"), description=""))["ktp.pdf"]
    other = Browser(portal)
    bring(other, (pictures.picture(), "rumah.jpg"), description="")
    with other.client.session_transaction() as held:
        del held["csrf_token"]
    assert kept_in(bring(other, files_kept=[token], has_token=False)) == {}


@pytest.mark.parametrize("parts", [1500, 3])
def test_a_form_of_too_many_or_too_large_parts_is_refused_and_is_no_fault(citizen, parts):
    answer = bring(citizen, **{f"part{n}": "x" * (5_000_000 // parts) for n in range(parts)})
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b'--x\r\nContent-Disposition: form-data; name="files"; filename="a', b"\0" * 5000])
def test_a_form_that_is_cut_off_is_refused_and_is_no_fault(citizen, body):
    answer = citizen.client.post("/uji/warga", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in {400, 413, 422}
