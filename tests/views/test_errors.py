"""When the portal itself fails: a page that says so, a problem document, and nothing of the inside."""

import pytest

from portal import db
from tests.views.staff import fields_of

PAGES = ["/", "/kantor/kantor-satu", "/kantor/kantor-satu/lencana.svg", "/umpan.atom"]


@pytest.fixture(params=["unreachable", "no database", "without tables"])
def broken_database(request, tmp_path, client):
    """The portal bound to a database that cannot serve."""
    path = {"unreachable": tmp_path / "nowhere" / "portal.db", "no database": tmp_path / "text.db", "without tables": tmp_path / "empty.db"}[request.param]
    if request.param == "no database":
        path.write_text("this is no database\n" * 100)
    kept = db.database.obj
    db.use(f"sqlite:///{path}")
    yield request.param
    if not db.database.is_closed():
        db.database.close()
    db.database.initialize(kept)


@pytest.mark.parametrize("address", PAGES)
def test_without_its_database_the_portal_says_so(client, broken_database, address):
    answer = client.get(address)
    assert answer.status_code == 503
    assert "Portal sedang tidak dapat dipakai" in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_database_programs_get_a_problem_document(client, broken_database):
    answer = client.get("/api/v1/offices")
    assert (answer.status_code, answer.mimetype, answer.get_json()["status"]) == (503, "application/problem+json", 503)


def test_what_was_sent_while_the_database_failed_can_be_sent_again_but_no_password(client, broken_database):
    typed = {"description": "Menulis <laporan>", "starts": "08:00", "submission_key": "a1", "csrf_token": "t"}
    with client.session_transaction() as held:
        held["_user_id"] = "a session that cannot be looked up"
    answer = client.post("/kinerja/2020-09-21", data=typed)
    assert answer.status_code == 503
    assert fields_of(answer.text, "lagi") == {name: [value] for name, value in typed.items()}
    assert "rahasia sekali" not in client.post("/masuk", data={"identifier": "1", "password": "rahasia sekali"}).text


def test_the_process_lives_and_is_not_ready_without_its_database(client, broken_database):
    assert client.get("/sehat").status_code == 200
    answer = client.get("/siap")
    assert answer.status_code == 503
    assert answer.get_json()["reasons"]


def test_style_comes_without_the_database(client, app, broken_database):
    assert client.get(f"/statis/{app.extensions['assets']['portal.css'].mark}/portal.css").status_code == 200


def test_the_portal_recovers_with_its_database(client, app, tmp_path):
    kept = db.database.obj
    db.use(f"sqlite:///{tmp_path}/nowhere/portal.db")
    assert client.get("/").status_code == 503
    db.database.initialize(kept)
    assert client.get("/").status_code == 200


@pytest.fixture
def broken_view(app, monkeypatch):
    def fails() -> str:
        raise RuntimeError("rahasia")

    fails.allowed = app.view_functions["offices.board"].allowed
    monkeypatch.setitem(app.view_functions, "offices.board", fails)
    monkeypatch.setitem(app.view_functions, "api.offices", fails)


def test_an_unexpected_failure_shows_nothing_of_the_inside(client, broken_view):
    page, document = client.get("/"), client.get("/api/v1/offices")
    assert page.status_code == document.status_code == 500
    assert document.mimetype == "application/problem+json"
    assert "Ada yang salah pada kami" in page.text
    assert "rahasia" not in page.text + document.text
    assert page.headers["Content-Security-Policy"]


def test_a_failure_is_told_in_the_readers_language(client, broken_view):
    assert "Ada yang salah pada kami" not in client.get("/?bahasa=en").text
