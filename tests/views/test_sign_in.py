"""The sign-in pages: password, code, recovery, links, leaving."""

import re
from datetime import timedelta

import pyotp
import pytest

from portal import clock, outbox, sealed
from portal.audit import AuditEntry
from portal.people import accounts, second_factor, throttle
from portal.people.models import Session
from tests.views.staff import PASSWORD, Browser, fields_of, person


@pytest.fixture
def ana(app, database):
    return person(password=PASSWORD, name="Ana", email="ana@kantor.example")


@pytest.fixture
def secret(ana):
    made = second_factor.new_secret()
    second_factor.start(ana, made, pyotp.TOTP(made).at(clock.now()), by="tests", now=clock.now())
    return made


def enter(browser, who, password=PASSWORD, **fields):
    return browser.post("/masuk", {"identifier": who.identifier, "password": password, **fields})


def link_in(letter) -> str:
    return "/masuk/tautan/" + sealed.unseal(letter.facts["token"], about=f"link {letter.facts['link']}")


def test_the_right_password_leads_home_or_to_where_one_was_going(app, ana):
    assert enter(Browser(app), ana).headers["Location"] == "/beranda"
    assert enter(Browser(app), ana, next="/akun?x=1").headers["Location"] == "/akun?x=1"


def test_a_wrong_password_and_nobodys_account_get_the_same_answer_with_the_name_still_there(app, ana):
    wrong = enter(Browser(app), ana, "salah sama sekali")
    unknown = Browser(app).post("/masuk", {"identifier": "tidak-ada", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 422
    assert [re.findall(r'class="err"[^>]*>([^<]*)', page.text) for page in (wrong, unknown)] == [["NIP atau kata sandi salah. Periksa keduanya."]] * 2
    assert fields_of(wrong.text, "masuk")["identifier"] == [ana.identifier]
    assert "salah sama sekali" not in wrong.text


@pytest.mark.parametrize("identifier", ["", "\0", "x" * 100_000, "' OR 1=1 --", "\ud83d"])
def test_whatever_is_typed_as_a_name_is_refused_and_never_an_error(app, database, identifier):
    assert Browser(app).post("/masuk", {"identifier": identifier.encode("utf-8", "ignore"), "password": "x"}).status_code == 422


def test_too_many_tries_are_told_when_to_come_back(app, ana):
    browser = Browser(app)
    answers = [enter(browser, ana, "salah sama sekali") for _ in range(throttle.ON_ONE_ACCOUNT_FROM_ONE_ADDRESS + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [422, 429]
    assert answers[-1].headers["Retry-After"] == "600"


def test_who_is_signed_in_is_not_asked_again(app, ana):
    browser = Browser(app, ana)
    assert browser.get("/masuk?next=/akun").headers["Location"] == "/akun"


def test_signing_in_takes_a_new_session_and_leaves_nothing_of_the_old_cookie(app, ana):
    browser = Browser(app)
    with browser.client.session_transaction() as held:
        held["planted"] = "x"
    enter(browser, ana)
    with browser.client.session_transaction() as held:
        assert "planted" not in held
        assert held["_user_id"]


def test_signing_out_ends_the_session_itself_so_that_a_copied_cookie_is_worth_nothing(app, ana):
    browser, copied = Browser(app, ana), Browser(app)
    with browser.client.session_transaction() as mine, copied.client.session_transaction() as theirs:
        theirs.update(mine)
    assert copied.get("/akun").status_code == 200
    assert browser.post("/keluar").headers["Location"] == "/masuk"
    assert Session.get_by_id(browser.session.id).ended_at is not None
    assert copied.get("/akun").status_code == 303
    assert browser.get("/akun").status_code == 303


def test_signing_out_twice_is_no_error(app, ana):
    browser = Browser(app, ana)
    browser.post("/keluar")
    assert Browser(app).post("/keluar").headers["Location"] == "/masuk"


def test_a_closed_account_opens_nothing_though_its_session_was_running(app, ana):
    browser = Browser(app, ana)
    accounts.end(ana, by="tests", now=clock.now())
    assert browser.get("/beranda").status_code == 303
    assert enter(Browser(app), ana).status_code == 422


def test_with_a_second_factor_the_password_alone_opens_nothing(app, ana, secret):
    browser = Browser(app)
    asked = enter(browser, ana, next="/akun")
    assert asked.headers["Location"] == "/masuk/kode?next=/akun"
    assert browser.get("/akun").headers["Location"].startswith("/masuk/kode")
    assert browser.client.post("/masuk/kode", data={**fields_of(browser.get("/masuk/kode").text, "kode"), "code": "abc"}).status_code == 422
    right = {**fields_of(browser.get("/masuk/kode?next=/akun").text, "kode"), "code": pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))}
    assert browser.client.post("/masuk/kode", data=right).headers["Location"] == "/akun"
    assert browser.get("/akun").status_code == 200


def test_a_recovery_code_stands_in_for_the_phone_once(app, ana):
    made = second_factor.new_secret()
    recovery = second_factor.start(ana, made, pyotp.TOTP(made).at(clock.now()), by="tests", now=clock.now())[0]
    statuses = []
    for _ in range(2):
        browser = Browser(app)
        enter(browser, ana)
        code = {**fields_of(browser.get("/masuk/kode").text, "kode"), "code": recovery}
        statuses.append(browser.client.post("/masuk/kode", data=code).status_code)
    assert statuses == [303, 422]


def test_one_may_leave_before_the_code(app, ana, secret):
    browser = Browser(app)
    enter(browser, ana)
    page = browser.get("/masuk/kode").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert browser.client.post("/keluar", data={"csrf_token": token[1]}).status_code == 303
    assert browser.get("/masuk/kode").headers["Location"] == "/masuk"


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(app, ana):
    known, unknown = (Browser(app).post("/masuk/lupa", {"identifier": name}) for name in (ana.identifier, "tidak-ada"))
    assert known.status_code == unknown.status_code == 200
    assert "Bila akun itu ada" in known.text and known.text == unknown.text
    assert outbox.Letter.select().where(outbox.Letter.name == accounts.RESET).count() == 1
    assert AuditEntry.get(AuditEntry.act == "reset_promised").address == "127.0.0.1"


def test_a_link_sets_a_password_once(app, ana):
    accounts.ask_reset(ana.identifier, by="tests", now=clock.now())
    address = link_in(outbox.Letter.get(outbox.Letter.name == accounts.RESET))
    browser = Browser(app)
    assert browser.get(address).status_code == 200
    short = browser.post(address, {"password": "pendek"})
    assert short.status_code == 422 and "12 huruf" in short.text
    done = browser.post(address, {"password": "gunung laut langit padi"})
    assert done.status_code == 303
    assert "sudah tersimpan" in browser.get(done.headers["Location"]).text
    assert enter(Browser(app), ana, "gunung laut langit padi").status_code == 303
    assert browser.get(address).status_code == 400
    assert browser.post(address, {"password": "gunung laut langit padi"}).status_code in {400, 422}


def test_an_unknown_link_says_what_to_do(app, database):
    answer = Browser(app).get("/masuk/tautan/tidak-ada")
    assert answer.status_code == 400
    assert "Minta yang baru" in answer.text


def test_the_pages_of_signing_in_speak_english_too(app, database):
    page = Browser(app).get("/masuk?bahasa=en").text
    assert 'lang="en"' in page and "Password" in page
