import gzip

import pytest

from portal.offices import closures
from portal.people import roles
from tests import make
from tests.views.staff import Browser, person
from tests.views.world import public_addresses

KINDS = list(
    {
        "offices.board",
        "offices.office",
        "offices.notice",
        "data.reuse",
        "feeds.everything",
        "history.region",
        "region_map.show",
        "feeds.region",
        "feeds.office",
        "feeds.calendar",
        "feeds.badge",
        "api.offices",
        "api.office",
        "api.timeline",
        "api.closures",
        "api.description",
    }
)
KINDS.sort()


def ask(client, world, endpoint: str, **headers: str):
    return client.get(public_addresses(world)[endpoint], headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("endpoint", KINDS)
def test_no_public_page_sets_a_cookie(client, world, endpoint):
    answer = ask(client, world, endpoint)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("endpoint", KINDS)
def test_every_public_answer_may_be_kept_but_must_be_asked_about(client, world, endpoint):
    answer = ask(client, world, endpoint)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert {"Accept-Encoding", "HX-Request", "HX-Request-Type"} <= set(answer.vary)


@pytest.mark.parametrize("endpoint", KINDS)
def test_what_did_not_change_is_304_in_either_encoding(client, world, endpoint):
    tags = set()
    for encoding in ("identity", "gzip"):
        first = ask(client, world, endpoint, Accept_Encoding=encoding)
        tags.add(first.headers["ETag"])
        again = ask(client, world, endpoint, Accept_Encoding=encoding, If_None_Match=first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "Accept-Encoding" in again.vary
    big = len(ask(client, world, endpoint, Accept_Encoding="identity").data) > 500
    assert len(tags) == (2 if big else 1)


@pytest.mark.parametrize("endpoint", KINDS)
def test_the_compressed_answer_is_the_plain_one(client, world, endpoint):
    plain, packed = ask(client, world, endpoint, Accept_Encoding="identity"), ask(client, world, endpoint, Accept_Encoding="gzip")
    body = gzip.decompress(packed.data) if packed.headers.get("Content-Encoding") == "gzip" else packed.data
    assert body == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize("endpoint", KINDS)
def test_head_answers_as_get_without_a_body(client, world, endpoint):
    address = public_addresses(world)[endpoint]
    got, headed = client.get(address), client.head(address)
    assert (headed.status_code, headed.data) == (200, b"")
    assert {name: headed.headers[name] for name in ("ETag", "Content-Type", "Content-Length")} == {
        name: got.headers[name] for name in ("ETag", "Content-Type", "Content-Length")
    }


@pytest.mark.parametrize("endpoint", [*KINDS, "missing"])
def test_every_answer_has_the_headers_that_protect_the_reader(client, world, endpoint):
    answer = client.get({**public_addresses(world), "missing": "/tidak-ada"}[endpoint])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("asked", "is_packed"),
    [
        ("gzip", True),
        ("gzip, br", True),
        ("*", True),
        ("br;q=1, gzip;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("identity;q=0", False),
        ("*;q=0", False),
        ("", False),
        ("zzz;q=x", False),
        (",,,", False),
    ],
)
def test_an_answer_is_compressed_only_for_who_takes_it(client, world, asked, is_packed):
    answer = client.get("/", headers={"Accept-Encoding": asked})
    assert answer.status_code == 200
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed


def test_an_act_changes_the_tag_of_the_board(client, world):
    before = client.get("/").headers["ETag"]
    closures.withdraw(world.main, reason="Keliru.", by="kepala", now=make.local("2020-09-22T08:59"))
    assert client.get("/", headers={"If-None-Match": before}).status_code == 200


def test_the_languages_have_tags_of_their_own(client, world):
    assert client.get("/").headers["ETag"] != client.get("/?bahasa=en").headers["ETag"]


def test_a_fragment_never_has_the_tag_of_its_page(client, world):
    part = client.get("/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.headers["ETag"] != client.get("/").headers["ETag"]


@pytest.mark.parametrize(("tags", "status"), [("*", 304), ('"anders"', 200), ("kein Tag", 200), ('W/"x", ' * 500, 200)])
def test_an_odd_tag_is_no_crash(client, world, tags, status):
    assert client.get("/", headers={"If-None-Match": tags}).status_code == status


@pytest.mark.parametrize("wanted", ["bytes=0-10", "bytes=-1", "bytes=99999999-", "zeilen=1-2", "bytes=x"])
def test_a_part_of_a_page_is_the_page(client, world, wanted):
    answer = client.get("/", headers={"Range": wanted})
    assert answer.status_code == 200
    assert answer.text.rstrip().endswith("</html>")


def test_style_and_script_may_be_kept_for_ever_under_an_address_of_their_content(client, world):
    address = next(held["href"] for tag, held in _tags(client.get("/").text) if tag == "link" and held.get("rel") == "stylesheet")
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    mark, name = address.split("/")[-2:]
    assert client.get(f"/statis/{mark[::-1]}x/{name}").status_code == 404
    assert client.get(client.get("/favicon.ico").headers["Location"]).mimetype == "image/svg+xml"


def test_the_language_is_in_the_address_and_in_the_page(client, world):
    assert '<html lang="id"' in client.get("/", headers={"Accept-Language": "en"}).text
    assert '<html lang="en"' in client.get("/?bahasa=en").text
    assert '<html lang="id"' in client.get("/?bahasa=xx").text


@pytest.mark.parametrize("endpoint", ["offices.board", "offices.office", "offices.notice", "data.reuse"])
def test_every_link_of_an_english_page_stays_english(client, world, endpoint):
    page = client.get(public_addresses(world)[endpoint] + "?bahasa=en")
    inner = [held["href"] for tag, held in _tags(page.text) if tag == "a" and held.get("href", "").startswith("/") and "hreflang" not in held]
    pages = [link for link in inner if not link.startswith(("/api/", "/statis/"))]
    assert pages
    assert [link for link in pages if "bahasa=en" not in link] == []


def _tags(html: str):
    from tests.views.reading import Reading

    return Reading(html).tags


def test_a_page_for_one_person_is_compressed_too_and_kept_by_nobody(app, world):
    answer = Browser(app, person(roles.EMPLOYEE, world.hall)).get("/kinerja", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 15_000 < len(gzip.decompress(answer.data)) * 4
