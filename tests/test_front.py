"""Public pages before Flask: made once a version, never older than a second, turned by the clock, and nothing private among them."""

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from peewee import OperationalError
from werkzeug.test import Client, EnvironBuilder

import portal
from portal import continuity, front
from portal.db import is_postgres
from portal.front import Front
from portal.offices import board
from portal.views.access import PUBLIC
from tests import make

BEGAN = "2020-09-21T10:00+07:00"  # a Monday


class Shop:
    """A portal with the layer in front of it, and a count of what Flask was asked."""

    def __init__(self, app: Flask) -> None:
        self.flask, self.asked, self.cookies = app.wsgi_app, 0, set()
        self.front = Front(self.serve, portal.lasts(app), self.note)
        self.client, self.lines = Client(self.front), []

    def serve(self, environ: dict[str, Any], start: Any) -> Any:
        self.asked += 1
        self.cookies.add(environ.get("HTTP_COOKIE", ""))
        return self.flask(environ, start)

    def note(self, environ: dict[str, Any], status: str, size: int, seconds: float) -> None:
        self.lines.append((environ["PATH_INFO"], status[:3]))

    def get(self, address: str, **facts: Any) -> Any:
        return self.client.get(address, base_url="http://localhost", **facts)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Moves the layer's own clock on: later(seconds)."""
    ticks = [1000.0]
    monkeypatch.setattr("portal.front.time.monotonic", lambda: ticks[0])
    yield lambda seconds: ticks.__setitem__(0, ticks[0] + seconds)


@pytest.fixture
def shop(app: Flask, database: None, at: Any, later: Any) -> Shop:
    at(BEGAN)
    make.office("Balai Kota", slug="balai", opening="Mo-Fr 08:00-16:00")
    board.raise_version()
    return Shop(app)


def closed() -> None:
    hall = board.Office.get(board.Office.slug == "balai")
    continuity.close(make.plan(hall, first="2020-09-21", days=2), by="kepala", now=make.local("2020-09-21T10:00"))


def test_a_page_is_made_once_for_everybody_until_something_changes(shop):
    first, second = shop.get("/kantor/balai"), shop.get("/kantor/balai")
    assert (first.status_code, second.data, shop.asked) == (200, first.data, 1)
    assert second.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_a_closure_is_seen_by_the_next_reader(shop, later):
    assert b"Tutup tatap muka" not in shop.get("/kantor/balai").data
    later(5)
    closed()
    assert b"Tutup tatap muka" in shop.get("/kantor/balai").data


def test_within_the_second_after_it_was_made_the_last_page_serves_and_then_no_more(shop, later):
    shop.get("/kantor/balai")
    closed()
    later(0.5)
    assert b"Tutup tatap muka" not in shop.get("/kantor/balai").data
    later(0.6)
    assert b"Tutup tatap muka" in shop.get("/kantor/balai").data


def test_who_may_have_acted_sees_the_act_at_once(shop):
    shop.get("/kantor/balai")
    closed()
    shop.client.set_cookie("session", "abc", domain="localhost")
    assert b"Tutup tatap muka" in shop.get("/kantor/balai").data
    assert shop.cookies == {""}


def test_an_office_opens_and_closes_without_any_act(shop, at):
    at("2020-09-21T07:59+07:00")
    assert b"Di luar jam" in shop.get("/kantor/balai").data
    at("2020-09-21T08:00+07:00")
    shop.front._kept.bodies.clear()
    assert b"Buka sampai" in shop.get("/kantor/balai").data


def test_an_office_that_reopens_within_a_second_is_open_to_the_next_reader_in_it(shop, at):
    closed()
    reopened = at("2020-09-21T11:00:00.700+07:00")
    continuity.reopen(board.Closure.get(), reason="Aman.", by="kepala", now=reopened)
    at("2020-09-21T11:00:00.900+07:00")
    assert b"Buka sampai" in shop.get("/kantor/balai").data


def test_the_turn_of_the_clock_alone_makes_a_page_anew(shop, at, later):
    at("2020-09-21T15:59+07:00")
    assert b"Buka sampai" in shop.get("/kantor/balai").data
    later(2)
    at("2020-09-21T16:00+07:00")
    assert b"Buka sampai 16.00" not in shop.get("/kantor/balai").data
    assert shop.asked == 2


def test_only_public_pages_can_last(app):
    lasting = {rule.endpoint for rule in app.url_map.iter_rules() if getattr(app.view_functions[rule.endpoint], "is_lasting", False)}
    assert {"offices.board", "offices.office", "api.office", "feeds.badge"} <= lasting
    assert [name for name in lasting if PUBLIC not in app.view_functions[name].allowed] == []


@pytest.mark.parametrize("address", ["/?q=balai", "/?pada=2020-09-22T09:00", "/?wilayah=31&wilayah=32", "/masuk", "/lacak", "/sehat", "/api/v1/offices"])
def test_what_has_no_end_or_belongs_to_one_reader_is_asked_of_flask_each_time(shop, address):
    assert {shop.get(address).status_code for _ in range(2)} == {200}
    assert shop.asked == 2


def test_an_answer_that_sets_a_cookie_or_fails_is_never_kept(app, database, shop):
    assert [shop.get("/kantor/tidak-ada").status_code for _ in range(2)] == [404, 404]
    assert shop.asked == 2
    setting = Front(lambda environ, start: start("200 OK", [("Cache-Control", "public"), ("Set-Cookie", "a=b")]) or [b"x"], lambda path, query: True)
    assert Client(setting).get("/").data == b"x"
    assert not setting._kept.bodies


def test_each_encoding_has_a_tag_of_its_own_and_who_has_it_gets_no_body(shop):
    plain, packed = shop.get("/"), shop.get("/", headers={"Accept-Encoding": "gzip"})
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again = shop.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data, again.headers.get("Content-Length")) == (304, b"", None)
    assert shop.get("/", headers={"If-None-Match": packed.headers["ETag"]}).status_code == 200
    assert shop.client.head("/", base_url="http://localhost").data == b""


def test_many_who_ask_at_once_wait_for_one_that_is_being_made():
    made, goes_on = [], threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> Any:
        made.append(environ["PATH_INFO"])
        goes_on.wait(5)
        start("200 OK", [("Cache-Control", "public")])
        return [b"papan"]

    layer = Front(slow, lambda path, query: True)
    layer._epoch = lambda *, is_fresh: (1, make.NOW)
    read: list[bytes] = []
    ask = lambda: read.append(b"".join(layer(EnvironBuilder(path="/").get_environ(), lambda *given: None)))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    goes_on.set()
    for thread in threads:
        thread.join()
    assert (len(made), read) == (1, [b"papan"] * 6)


def read_from(layer: Front) -> bytes:
    return b"".join(layer(EnvironBuilder(path="/").get_environ(), lambda *given: None))


@pytest.mark.parametrize(("age", "told"), [(0.8, b"lama"), (0.9, b"baru"), (1.1, b"baru")])
def test_one_reader_makes_the_page_anew_before_the_last_one_is_too_old(later, age, told):
    pages, epochs = iter([b"lama", b"baru"]), iter([(1, make.NOW), (2, make.NOW)])
    layer = Front(lambda environ, start: start("200 OK", [("Cache-Control", "public")]) or [next(pages)], lambda path, query: True)
    layer._epoch = lambda *, is_fresh: next(epochs)
    read_from(layer)
    later(age)
    assert read_from(layer) == told


def test_while_one_reader_makes_the_page_anew_nobody_else_waits(later):
    meanwhile, epochs = [], iter([(1, make.NOW), (2, make.NOW), (2, make.NOW)])

    def page(environ: dict[str, Any], start: Any) -> Any:
        body = b"lama"
        if later_on:
            meanwhile.append(read_from(layer))
            body = b"baru"
        start("200 OK", [("Cache-Control", "public")])
        return [body]

    layer, later_on = Front(page, lambda path, query: True), False
    layer._epoch = lambda *, is_fresh: next(epochs)
    read_from(layer)
    later_on = True
    later(0.9)
    assert (read_from(layer), meanwhile) == (b"baru", [b"lama"])


def test_what_nobody_asks_for_makes_room(monkeypatch, shop):
    monkeypatch.setattr(front, "_MOST_BYTES", 30_000)
    for code in range(10, 40):
        shop.get(f"/layanan?hal={code}")
    kept = shop.front._kept
    assert kept.size == sum(body.size for body in kept.bodies.values()) <= 30_000
    assert 0 < len(kept.bodies) < 30


def test_a_database_that_is_away_is_for_flask_to_say(monkeypatch, shop, later):
    shop.get("/")
    later(2)  # on PostgreSQL the version is asked for once a second

    def away() -> int:
        raise OperationalError("away")

    monkeypatch.setattr(board, "version", away)
    before = shop.asked
    shop.get("/")
    assert shop.asked == before + 1


def test_the_log_names_public_pages_and_of_private_ones_no_address(shop, app, caplog):
    portal._noted(0, {"REQUEST_METHOD": "GET", "PATH_INFO": "/permohonan/7KQ4-M2XT-9BD", front.REQUEST_ID: "1"}, "200 OK", -1, 0.01)
    assert shop.get("/").status_code == shop.get("/masuk").status_code == 200
    assert shop.lines == [("/", "200"), ("/masuk", "200")]
    assert "7KQ4" not in caplog.text


@pytest.fixture
def busy(app: Flask, shared: None, at: Any, later: Any) -> Shop:
    """A portal whose acts are really committed, and whose version was read this very moment though its pages are a while old."""
    at(BEGAN)
    make.office("Balai Kota", slug="balai", opening="Mo-Fr 08:00-16:00")
    made = Shop(app)
    made.get("/kantor/balai")
    later(2)
    made.get("/kantor/balai/lencana.svg")
    return made


def test_what_this_process_has_done_is_seen_by_the_next_reader(busy):
    closed()
    assert b"Tutup tatap muka" in busy.get("/kantor/balai").data


def test_what_another_process_has_done_is_seen_before_anybody_could_tell_the_difference(busy, later):
    hall = board.Office.get(board.Office.slug == "balai")
    board.Office.update(name="Aula").where(board.Office.id == hall.id).execute()
    board.raise_version()  # outside a transaction of this process
    assert b"Aula" not in busy.get("/kantor/balai").data
    later(1.01 if is_postgres() else 0.021)
    assert b"Aula" in busy.get("/kantor/balai").data


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux places threads")
def test_threads_that_answer_share_the_core_they_are_given(app):
    core, placed = sorted(os.sched_getaffinity(0))[-1], []
    layer = Front(lambda environ, start: placed.append(os.sched_getaffinity(0)) or [], lambda path, query: False, core=core)
    thread = threading.Thread(target=lambda: [layer(EnvironBuilder(path="/masuk").get_environ(), lambda *_: None) for _ in range(2)])
    thread.start()
    thread.join(10)
    assert placed == [{core}] * 2
    assert portal._core() in {None, *os.sched_getaffinity(0)}


@pytest.mark.parametrize(
    ("forwarded", "proxies", "reader"),
    [("", 1, "10.0.0.1"), ("1.2.3.4", 1, "1.2.3.4"), ("9.9.9.9, 1.2.3.4", 1, "1.2.3.4"), ("9.9.9.9", 0, "10.0.0.1"), ("1.2.3.4", 2, "10.0.0.1")],
)
def test_the_log_names_the_reader_as_the_trusted_proxies_do(forwarded, proxies, reader):
    assert portal._reader({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}, proxies) == reader
    assert portal._reader({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded, "werkzeug.proxy_fix.orig": {}}, proxies) == "10.0.0.1"
