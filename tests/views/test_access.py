"""Who is let through, who is asked to sign in, and what happens to what they had typed; cookies, tokens and caches."""

from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from portal import clock, create_app, db, settings
from portal.people import passwords, roles, second_factor, sessions
from portal.people.models import Session
from portal.policies import set_policy
from tests import make
from tests.views.staff import PASSWORD, Browser, fields_of, person
from tests.views.world import public_addresses


@pytest.fixture
def head(app, world):
    """The head of the hall, with a browser that is signed in."""
    return Browser(app, person(roles.HEAD, world.hall, password=PASSWORD, name="Kepala Hall"))


def expire(browser: Browser) -> None:
    Session.update(seen_at=clock.now() - sessions.IDLE - timedelta(minutes=1)).where(Session.id == browser.session.id).execute()


def grow_stale(browser: Browser) -> None:
    """The password was last given more than a quarter of an hour ago."""
    Session.update(confirmed_at=clock.now() - sessions.FRESH - timedelta(minutes=1)).where(Session.id == browser.session.id).execute()


def typed(world) -> dict[str, object]:
    dates = {"starts": "2020-10-01", "ends": "2020-10-02"}
    return {
        "offices": [world.hall.slug, world.floor.slug],
        "reason": "flood",
        **dates,
        "note": "Lantai <b>dasar</b> & gudang",
        "action": "declare",
        "submission_key": "satu",
    }


def test_a_stranger_is_sent_to_sign_in_and_then_to_where_they_were_going(app, world):
    person(roles.HEAD, world.hall, password=PASSWORD)
    stranger = Browser(app)
    sent = stranger.get("/penutupan/baru?kantor=x&bahasa=en")
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["Location"]).query)["next"] == ["/penutupan/baru?kantor=x&bahasa=en"]


def test_what_was_typed_survives_signing_in_again_and_is_sent_on_a_second_press(head, world):
    expire(head)
    asked = head.post("/penutupan/baru", typed(world))
    assert asked.status_code == 401
    assert "tidak hilang" in asked.text
    resumed = head.client.post("/masuk", data={**fields_of(asked.text, "masuk"), "identifier": head.session.person.identifier, "password": PASSWORD})
    assert "Lantai &lt;b&gt;dasar&lt;/b&gt; &amp; gudang" in resumed.text
    kept = fields_of(resumed.text, "lanjut")
    assert kept["offices"] == [world.hall.slug, world.floor.slug]
    done = head.client.post("/penutupan/baru", data=kept)
    assert done.status_code == 303
    assert "Lantai &lt;b&gt;dasar&lt;/b&gt; &amp; gudang" in head.get(done.headers["Location"]).text


def test_what_was_typed_survives_a_wrong_password_and_the_second_factor(app, head, world):
    import pyotp

    secret = second_factor.new_secret()
    second_factor.start(head.session.person, secret, pyotp.TOTP(secret).at(clock.now()), by="tests", now=clock.now())
    expire(head)
    page = head.post("/penutupan/baru", typed(world)).text
    who = {"identifier": head.session.person.identifier}
    page = head.client.post("/masuk", data={**fields_of(page, "masuk"), **who, "password": "salah sama sekali"}).text
    page = head.client.post("/masuk", data={**fields_of(page, "masuk"), **who, "password": PASSWORD}).text
    page = head.client.post("/masuk/kode", data={**fields_of(page, "kode"), "code": "000000"}).text
    page = head.client.post("/masuk/kode", data={**fields_of(page, "kode"), "code": pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))}).text
    assert fields_of(page, "lanjut")["note"] == ["Lantai <b>dasar</b> & gudang"]


def test_files_that_could_not_be_kept_are_named(head):
    import io

    expire(head)
    asked = head.post("/akun", {"phone": "021", "paper": (io.BytesIO(b"x"), "surat tugas.pdf")}, content_type="multipart/form-data")
    assert "surat tugas.pdf" in asked.text


def test_a_password_that_was_typed_is_never_carried_along(head):
    expire(head)
    asked = head.post("/akun/kata-sandi", {"old": PASSWORD, "password": "rahasia sekali ini"})
    assert asked.status_code == 401
    assert "carried" not in fields_of(asked.text, "masuk")
    assert "rahasia" not in asked.text


@pytest.mark.parametrize("headers", [{"Origin": "https://jahat.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_that_another_site_sent_is_not_kept_for_the_next_sign_in(head, world, headers):
    expire(head)
    asked = head.post("/penutupan/baru", typed(world), headers=headers)
    assert asked.status_code == 401
    assert "carried" not in fields_of(asked.text, "masuk")


def test_a_carried_form_that_somebody_changed_leads_to_the_home_page_only(head):
    answer = Browser(head.client.application).post(
        "/masuk", {"identifier": head.session.person.identifier, "password": PASSWORD, "carried": "eyJwYXRoIjoiLyJ9.x.y"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/beranda")


def test_after_signing_in_again_one_returns_to_the_page_of_a_form_that_has_no_page_of_its_own(head, world):
    expire(head)
    address = f"http://localhost/penutupan/{world.main.id}?bahasa=en"
    asked = head.post(f"/penutupan/{world.main.id}/tarik", {"reason": "x"}, headers={"Referer": address})
    assert fields_of(asked.text, "masuk")["next"] == [f"/penutupan/{world.main.id}?bahasa=en"]
    expire(head)
    asked = head.post(f"/penutupan/{world.main.id}/tarik", {"reason": "x"}, headers={"Referer": "https://jahat.example/x"})
    assert fields_of(asked.text, "masuk")["next"] == ["/beranda"]


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org/",
        "https:example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/%0a/x\n",
        "javascript:alert(1)",
        "",
        "beranda",
        "/a\\b",
        "//[",
        "/\\[",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(app, database, target):
    who = person(password=PASSWORD)
    answer = Browser(app).post("/masuk", {"identifier": who.identifier, "password": PASSWORD, "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/beranda")


@pytest.mark.parametrize("token", [None, "", "salah", "IjAwIg.aaaa.bbbb"])
def test_a_form_without_its_token_is_refused_with_what_to_do(app, head, token):
    fields = {} if token is None else {"csrf_token": token}
    for browser, address in ((head, "/akun"), (Browser(app), "/masuk")):
        answer = browser.client.post(address, data={"identifier": "x", "password": "y", **fields})
        assert answer.status_code == 400
        assert "muat ulang halamannya" in answer.text


def test_a_form_that_was_opened_before_the_last_sign_in_is_shown_once_more_with_a_new_token(head, world):
    fields = {**typed(world), "csrf_token": Browser(head.client.application).token}
    shown = head.client.post("/penutupan/baru", data=fields, headers={"Origin": "http://localhost"})
    assert shown.status_code == 400
    assert head.client.post("/penutupan/baru", data=fields_of(shown.text, "lanjut")).status_code == 303
    assert "lanjut" not in head.client.post("/penutupan/baru", data=fields, headers={"Origin": "https://jahat.example"}).text


def test_before_a_sensitive_act_the_password_is_asked_again_and_what_was_typed_goes_on(head):
    grow_stale(head)
    asked = head.post("/akun", {"email": "baru@kantor.example", "phone": "", "language": "id"})
    assert asked.status_code == 401
    resumed = head.client.post("/masuk/pastikan", data={**fields_of(asked.text, "pastikan"), "password": PASSWORD})
    assert head.client.post("/akun", data=fields_of(resumed.text, "lanjut")).status_code == 303
    assert "baru@kantor.example" in head.get("/akun").text


def test_nobody_is_asked_again_within_a_quarter_of_an_hour(head):
    assert head.get("/akun/faktor-kedua").status_code == 200
    grow_stale(head)
    asked = head.get("/akun/faktor-kedua")
    assert asked.headers["Location"] == "/masuk/pastikan?next=/akun/faktor-kedua"


def test_where_a_policy_asks_for_a_second_factor_it_is_set_up_before_anything_else(head):
    set_policy(second_factor.POLICY, {"roles": ["head"]}, name="Dua langkah", legal_basis="uji", first_day=make.NOW.date(), by="tests", now=make.NOW)
    for address in ("/beranda", "/penutupan/baru", "/akun"):
        assert head.get(address).headers["Location"] == "/akun/faktor-kedua"
    assert head.post("/akun", {"email": ""}).headers["Location"] == "/akun/faktor-kedua"
    assert head.get("/akun/faktor-kedua").status_code == 200
    grow_stale(head)
    assert head.get("/akun/faktor-kedua", follow_redirects=True).request.path == "/masuk/pastikan"
    assert head.client.post("/keluar", data={"csrf_token": head.token}).status_code == 303


def test_private_pages_are_kept_by_no_cache(head, world):
    for address in ("/beranda", "/akun", "/penutupan", f"/penutupan/{world.main.id}", "/masuk/kode", "/admin"):
        assert "no-store" in head.get(address).headers["Cache-Control"]
    assert "no-store" in Browser(head.client.application).get("/masuk").headers["Cache-Control"]


def test_public_pages_set_no_cookie_and_look_the_same_to_those_who_are_signed_in(app, head, world):
    stranger = Browser(app)
    for address in public_addresses(world).values():
        mine, theirs = head.get(address), stranger.get(address)
        assert "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("Vary", "")
        assert mine.data == theirs.data


@pytest.mark.parametrize(("base_url", "name", "is_secure"), [("https://portal.example", "__Host-sesi", True), ("http://localhost", "sesi", False)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_bound_to_https_where_there_is_https(tmp_path, base_url, name, is_secure):
    held = db.database.obj
    try:
        made = create_app(settings.load({}, instance=tmp_path, database_url="sqlite:///:memory:", secret_key="tests", base_url=base_url))
    finally:
        db.database.initialize(held)
    cookie = cookie_of(made, base_url)
    assert cookie.startswith(f"{name}=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert ("secure" in parts) is is_secure
    assert not any(part.startswith("domain") for part in parts)


def cookie_of(app: Flask, base_url: str) -> str:
    from flask import session

    with app.test_request_context(base_url=base_url):
        session["x"] = 1
        answer = app.response_class()
        app.session_interface.save_session(app, session._get_current_object(), answer)
    return str(answer.headers["Set-Cookie"])


def test_an_address_that_is_none_is_no_error(app, head):
    assert head.get("/masuk?next=//[").headers["Location"] == "/beranda"
    for headers in ({"Referer": "http://[x"}, {"Origin": "http://[x"}):
        assert Browser(app).post("/akun", {"phone": "021"}, headers=headers).status_code == 401


def test_who_gives_the_password_while_many_sign_in_is_asked_to_press_once_more(head, monkeypatch):
    def refuse(*args, **facts):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "matches", refuse)
    for address, fields in (("/masuk/pastikan", {"password": PASSWORD}), ("/akun/kata-sandi", {"old": PASSWORD, "password": "gunung laut langit padi"})):
        answer = head.post(address, fields)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "sekali lagi" in answer.text


def test_a_second_factor_is_owed_from_the_first_local_minute_of_its_policy(app, world, monkeypatch):
    day = date(2030, 1, 1)
    set_policy("second_factor", {"roles": ["head"]}, name="Faktor kedua", legal_basis="SE", first_day=day, by="tests", now=clock.now())
    monkeypatch.setattr(clock, "now", lambda: datetime(2029, 12, 31, 17, 1, tzinfo=clock.UTC))  # 00.01 WIB
    browser = Browser(app, person(roles.HEAD, world.hall))
    assert browser.get("/beranda").headers["Location"] == "/akun/faktor-kedua"
