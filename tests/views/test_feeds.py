import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from portal.offices import closures
from tests import make

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)


def titles(client, address: str) -> set[str]:
    return {entry.findtext("a:title", "", ATOM) for entry in feed(client, address).iterfind("a:entry", ATOM)}


def test_the_feed_of_everything_holds_past_running_coming_and_withdrawn_closures(client, world):
    found = feed(client, "/umpan.atom")
    ids = [entry.findtext("a:id", "", ATOM) for entry in found.iterfind("a:entry", ATOM)]
    assert ids == [each for each in dict.fromkeys(ids) if each]
    assert {each.rpartition("-")[2] for each in ids} == {str(closure.id) for closure in world.closures()}


def test_every_entry_has_what_a_feed_reader_needs(client, world):
    found = feed(client, "/umpan.atom")
    assert found.findtext("a:id", "", ATOM)
    assert found.findtext("a:author/a:name", "", ATOM)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
    for entry in found.iterfind("a:entry", ATOM):
        assert entry.findtext("a:title", "", ATOM)
        assert moment.fullmatch(entry.findtext("a:updated", "", ATOM))
        assert moment.fullmatch(entry.findtext("a:published", "", ATOM))
        assert entry.find("a:link[@rel='alternate']", ATOM).attrib["href"].startswith("http://localhost/pengumuman/")
        assert entry.find("a:link[@rel='related']", ATOM).attrib["href"].startswith("http://localhost/kantor/")


def test_a_feed_is_as_new_as_its_newest_entry(client, world):
    found = feed(client, "/umpan.atom")
    assert found.findtext("a:updated", "", ATOM) == max(entry.findtext("a:updated", "", ATOM) for entry in found.iterfind("a:entry", ATOM))


def test_a_regions_feed_holds_only_closures_of_its_offices(client, world):
    assert titles(client, "/umpan/31.74.atom") == {world.neighbour.name}
    assert titles(client, "/umpan/51.atom") == {f"Ditarik: {world.denpasar.name}"}


def test_an_offices_feed_holds_only_its_own(client, world):
    assert titles(client, f"/kantor/{world.hall.slug}/umpan.atom") == {world.hall.name}


@pytest.mark.parametrize("address", ["/umpan/99.atom", "/umpan/xyz.atom", "/umpan/%00.atom", "/kantor/tidak-ada/umpan.atom"])
def test_a_feed_of_nothing_is_not_found(client, world, address):
    assert client.get(address).status_code == 404


def test_a_withdrawn_closure_says_so_in_the_feed(client, world):
    assert f"Ditarik: {world.denpasar.name}" in titles(client, "/umpan.atom")


def test_an_act_brings_its_entry_to_the_top_under_the_same_id(client, world):
    before = [entry.findtext("a:id", "", ATOM) for entry in feed(client, "/umpan.atom").iterfind("a:entry", ATOM)]
    later = world.main.ends_at + timedelta(days=1)
    closures.extend(world.main, later, reason="Belum aman.", by="kepala", now=make.local("2020-09-22T08:59"))
    after = [entry.findtext("a:id", "", ATOM) for entry in feed(client, "/umpan.atom").iterfind("a:entry", ATOM)]
    assert after[0].endswith(f"closure-{world.main.id}")
    assert sorted(before) == sorted(after)


@pytest.mark.parametrize(
    ("moment", "word"), [("2020-09-22T09:00", "Tutup tatap muka"), ("2020-09-23T09:00", "Buka"), ("2020-09-23T20:00", "Di luar jam layanan")]
)
def test_the_badge_says_the_state_in_a_word(client, world, moment, word):
    answer = client.get(f"/kantor/{world.hall.slug}/lencana.svg?pada={moment}")
    assert answer.mimetype == "image/svg+xml"
    picture = ElementTree.fromstring(answer.data)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.attrib["aria-label"] == f"{world.hall.name}: {word}"


def test_the_badge_stays_well_formed_with_any_name(client, world):
    picture = ElementTree.fromstring(client.get(f"/kantor/{world.station.slug}/lencana.svg").data)
    assert picture.attrib["aria-label"].startswith("Pos Siaga <Banjir> & Kebakaran:")
    assert client.get(f"/kantor/{world.station.slug}/lencana.svg").headers["Cross-Origin-Resource-Policy"] == "cross-origin"
