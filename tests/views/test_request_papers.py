"""The papers of a request: a receipt to keep and a label for the envelope, which tell strangers nothing."""

from tests.views.staff import Browser


def test_the_receipt_names_what_where_and_when_and_hides_the_person_from_others(asking, app):
    asking.send(channel="counter", slot="2020-09-18T08:00:00+07:00")
    number = asking.only().number
    own, others = asking.citizen.get(f"/permohonan/{number}/bukti").text, Browser(app).get(f"/permohonan/{number}/bukti").text
    for page in (own, others):
        assert number in page
        assert "Jumat, 18 September 2020 pukul 08.00 WIB" in page
        assert "Surat pengantar RT" in page
        assert "<svg" in page
    assert "Warga Contoh" in own
    assert "081200000000" in own
    assert "Warga Contoh" not in others
    assert "081200000000" not in others
    assert "warga@example.org" not in others


def test_the_label_has_the_number_and_where_the_box_is_and_nobodys_name(asking):
    asking.send(channel="dropbox")
    number = asking.only().number
    page = asking.citizen.get(f"/permohonan/{number}/label").text
    assert f'<p class="number">{number}</p>' in page
    assert "lobi Blok A" in page
    assert "Senin–Jumat 08.00–13.30" in page
    assert "Kantor Kecamatan Uji" in page
    assert "Surat keterangan uji" in page
    assert 'class="qr"' in page
    for private in ("Warga", "0812", "example.org", "sekolah"):
        assert private not in page


def test_papers_need_a_number_that_exists_and_a_label_a_letter(asking):
    assert asking.citizen.get("/permohonan/0000-0000-000/bukti").status_code == 404
    assert asking.citizen.get("/permohonan/%00/label").status_code == 404
    asking.send()
    assert asking.citizen.get(f"/permohonan/{asking.only().number}/label").status_code == 404


def test_no_search_engine_keeps_a_paper(asking):
    asking.send(channel="dropbox")
    for paper in ("bukti", "label"):
        assert '<meta name="robots" content="noindex, nofollow">' in asking.citizen.get(f"/permohonan/{asking.only().number}/{paper}").text
