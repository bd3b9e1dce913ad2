"""My account: my facts and devices, and never another's."""

import re

import pyotp
import pytest

from portal import clock
from portal.offices.staff import Correction
from portal.people import roles
from portal.people.models import Person, RecoveryCode, Session
from portal.views.account import device_words
from tests import make
from tests.views.staff import PASSWORD, Browser, person, post, session_of


@pytest.fixture
def ana(app, database):
    return Browser(app, person(password=PASSWORD, name="Ana", email="ana@kantor.example"))


@pytest.fixture
def budi(app, database):
    return Browser(app, person(password=PASSWORD, name="Budi"))


def me(browser: Browser) -> Person:
    return Person.get_by_id(browser.session.person_id)


def lives(session: Session) -> bool:
    return Session.get_by_id(session.id).ended_at is None


def test_one_changes_ones_own_facts_and_sees_that_they_are_kept(ana):
    done = ana.post("/akun", {"email": "ana@kantor.example", "phone": "021 555", "language": "en"})
    assert done.status_code == 303
    assert "Saved." in ana.get(done.headers["Location"]).text
    assert (me(ana).phone, me(ana).language) == ("021 555", "en")


def test_a_wrong_address_is_refused_beside_its_field_with_what_was_typed(ana):
    answer = ana.post("/akun", {"email": "bukan surel", "phone": "021", "language": "id"})
    assert answer.status_code == 422
    assert 'value="bukan surel"' in answer.text and 'id="email-e"' in answer.text
    assert me(ana).email == "ana@kantor.example"


def test_staff_pages_speak_the_language_of_the_person_unless_the_address_says_otherwise(app, world):
    browser = Browser(app, person(roles.HEAD, world.hall, language="en"))
    page = browser.get("/beranda").text
    assert 'lang="en"' in page
    assert 'href="/akun"' in page
    assert 'href="/?bahasa=en"' in page
    assert 'href="/beranda?bahasa=id"' in page
    indonesian = browser.get("/beranda?bahasa=id").text
    assert 'lang="id"' in indonesian
    assert 'href="/akun?bahasa=id"' in indonesian
    assert 'lang="id"' in browser.get("/").text


def test_another_device_of_mine_is_signed_out_and_somebody_elses_is_not(ana, budi):
    other = session_of(me(ana))
    ana.post(f"/akun/perangkat/{budi.session.id}/keluar")
    assert lives(budi.session)
    ana.post(f"/akun/perangkat/{other.id}/keluar")
    assert not lives(other)
    assert ana.post("/akun/perangkat/99999999999999999999/keluar").status_code == 303


def test_all_other_devices_are_signed_out_but_this_one_and_those_of_others(ana, budi):
    other = session_of(me(ana))
    ana.post("/akun/perangkat/keluar")
    assert [lives(each) for each in (ana.session, other, budi.session)] == [True, False, True]


def test_a_page_of_an_account_shows_only_its_owner(ana, budi):
    page = ana.get("/akun").text
    assert "ana@kantor.example" in page
    assert me(budi).identifier not in page


def test_a_new_password_needs_the_old_one_and_signs_the_other_devices_out(ana):
    other = session_of(me(ana))
    wrong = ana.post("/akun/kata-sandi", {"old": "salah sekali ini", "password": "gunung laut langit padi"})
    assert wrong.status_code == 422 and 'id="old-e"' in wrong.text
    weak = ana.post("/akun/kata-sandi", {"old": PASSWORD, "password": "12345"})
    assert weak.status_code == 422 and 'id="password-e"' in weak.text
    assert lives(other)
    assert ana.post("/akun/kata-sandi", {"old": PASSWORD, "password": "gunung laut langit padi"}).status_code == 303
    assert (lives(ana.session), lives(other)) == (True, False)


def test_the_second_factor_is_on_only_once_a_code_shows_that_the_phone_has_it(ana):
    secret = re.search(r"<figcaption[^>]*>([A-Z2-7]{32})<", ana.get("/akun/faktor-kedua").text)[1]
    again = ana.post("/akun/faktor-kedua", {"code": "000000"})
    assert again.status_code == 422 and secret in again.text
    assert me(ana).totp_secret is None
    shown = ana.post("/akun/faktor-kedua", {"code": pyotp.TOTP(secret).at(clock.now())})
    assert len(re.findall(r'class="mono">[0-9a-f]{10}<', shown.text)) == 8
    assert me(ana).totp_secret and secret not in me(ana).totp_secret
    assert "no-store" in shown.headers["Cache-Control"]
    assert ana.post("/akun/faktor-kedua/lepas").status_code == 303
    assert me(ana).totp_secret is None
    assert not RecoveryCode.select().where(RecoveryCode.person == me(ana)).exists()


def test_a_wrong_superior_is_reported_and_everything_goes_on_meanwhile(app, database, budi):
    employee = person()
    wrong = person(name="Atasan Lama")
    post(employee, make.office(), supervisor=wrong)
    browser = Browser(app, employee)
    unknown = browser.post("/akun/atasan", {"proposed": "tidak-ada", "reason": "Pindah."})
    assert unknown.status_code == 422 and "Pindah." in unknown.text
    assert browser.post("/akun/atasan", {"proposed": me(budi).identifier, "reason": "Pindah."}).status_code == 303
    assert Correction.get().proposed == me(budi)
    page = browser.get("/akun").text
    assert "Atasan Lama" in page and "menunggu keputusan" in page
    assert budi.post("/akun/atasan", {"proposed": employee.identifier, "reason": "x"}).status_code == 403


@pytest.mark.parametrize(("agent", "words"), [
    ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36", ["Chrome", "Android"]),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1", ["Safari", "iPhone"]),
    ("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", ["Firefox", "Windows"]),
    ("curl/8", []),
])  # fmt: skip
def test_a_device_is_named_as_people_name_it(agent, words):
    assert device_words(agent) == words
