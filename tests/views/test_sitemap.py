"""What machines find: every public page by its address in every language, nothing private, and whom to tell of a hole."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from portal.settings import SettingsError, load
from portal.views import sitemap
from portal.views.access import PUBLIC
from tests import make
from tests.views.world import HALL, public_addresses

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def parts(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
    return [each.text for each in tree.findall("s:sitemap/s:loc", NAMES)]


def pages(client, address):
    tree = ElementTree.fromstring(client.get(urlsplit(address).path).data)
    return {each.findtext("s:loc", "", NAMES): each for each in tree.findall("s:url", NAMES)}


def listed(client):
    return {address: each for part in parts(client) for address, each in pages(client, part).items()}


def test_every_page_that_is_listed_answers_under_that_very_address(client, world):
    found = listed(client)
    assert len(found) > 60
    for address in found:
        path = address.removeprefix("http://localhost")
        answer = client.get(path)
        assert answer.status_code == 200, address
        assert f'rel="canonical" href="{address}"' in answer.text.replace("&amp;", "&"), address


def test_every_office_and_closure_is_listed_in_both_languages_each_naming_both(client, world):
    found = listed(client)
    for address in [*(f"/kantor/{office.slug}" for office in world.offices()), *(f"/pengumuman/{closure.id}" for closure in world.closures())]:
        both = [f"http://localhost{address}", f"http://localhost{address}?bahasa=en"]
        for each in both:
            assert [(link.get("hreflang"), link.get("href")) for link in found[each].findall("x:link", NAMES)] == [("id", both[0]), ("en", both[1])]


def test_an_office_changed_when_a_closure_of_it_did(client, world):
    found = listed(client)
    assert found[f"http://localhost/kantor/{HALL}"].findtext("s:lastmod", "", NAMES) == "2020-09-19T13:14:00Z"
    assert found[f"http://localhost/kantor/{world.station.slug}"].find("s:lastmod", NAMES) is None


def test_a_part_holds_a_bounded_number_and_new_offices_move_none(client, world, monkeypatch):
    monkeypatch.setattr(sitemap, "SIZE", 4)
    before = {part: set(pages(client, part)) for part in parts(client)}
    make.office("Kantor baru")
    after = {part: set(pages(client, part)) for part in parts(client)}
    assert max(len(held) for part, held in after.items() if "halaman" not in part) <= 8
    assert all(before[part] <= after[part] for part in before)
    assert sitemap.SIZE * 2 <= 10_000


@pytest.mark.parametrize("name", ["kantor-99", "kantor-", "kantor--1", "kantor-0x", "penutupan-9", "apa", "kantor-٠"])
def test_a_part_that_is_not_named_does_not_exist(client, world, name):
    assert client.get(f"/sitemap/{name}.xml").status_code == 404


def test_robots_keep_out_of_what_is_private_and_may_read_all_that_is_public(app, client, world):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    rules = RobotFileParser()
    rules.parse([line for line in text.splitlines() if "*" not in line or line == "User-agent: *"])
    open_to_all = [*public_addresses(world).values(), "/angka", "/kepuasan", "/robots.txt", "/data/kantor.csv", "/statis/x/portal.css"]
    assert [each for each in open_to_all if not rules.can_fetch("any", each)] == []
    private = {rule.rule for rule in app.url_map.iter_rules() if PUBLIC not in app.view_functions[rule.endpoint].allowed}
    private -= {rule.rule for rule in app.url_map.iter_rules() if PUBLIC in app.view_functions[rule.endpoint].allowed}  # a form that is sent to its own page
    assert [each for each in private if rules.can_fetch("any", re.sub("<.*?>", "1", each))] == []


def test_robots_are_spared_pages_without_end(client, world):
    text = client.get("/robots.txt").text
    assert "Disallow: /*?q=" in text and "Disallow: /*&pada=" in text


def security(client):
    return dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())


@pytest.mark.parametrize("moment", ["2020-09-22T09:00+07:00", "2020-09-22T23:59+07:00", "2028-02-29T00:00+07:00"])
def test_whom_to_tell_holds_for_months_to_come_but_less_than_a_year(client, at, moment):
    now = at(moment) or datetime.fromisoformat(moment)
    ends = datetime.fromisoformat(security(client)["Expires"])
    assert timedelta(days=150) < ends - now < timedelta(days=365)


def test_whom_to_tell_is_who_was_named_else_the_sender_of_letters_else_the_portal(app, client, at, monkeypatch, tmp_path):
    at("2020-09-22T09:00+07:00")
    assert security(client)["Contact"] == "http://localhost/data"
    usual = {"instance": tmp_path, "secret_key": "x", "base_url": "http://localhost"}
    for facts, said in [
        ({"mail_from": "Portal <surat@kota.example>"}, "mailto:surat@kota.example"),
        ({"mail_from": "surat@kota.example", "security_contact": "aman@kota.example"}, "mailto:aman@kota.example"),
        ({"security_contact": "https://kota.example/aman"}, "https://kota.example/aman"),
    ]:
        monkeypatch.setitem(app.config, "SETTINGS", load({}, **usual, **facts))
        assert security(client)["Contact"] == said
    assert security(client)["Canonical"] == "http://localhost/.well-known/security.txt"


@pytest.mark.parametrize("contact", ["http://kota.example", "aman", "a@b@c", "javascript:alert(1)", "aman@kota.example\nX: y"])
def test_a_contact_that_nobody_can_reach_stops_the_start(tmp_path, contact):
    with pytest.raises(SettingsError, match="SECURITY_CONTACT"):
        load({}, instance=tmp_path, secret_key="x", security_contact=contact)
