"""Every page that the public can reach leads only to what answers, and carries no code of its own."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.views.reading import Reading

STARTS = ["/", "/?bahasa=en", "/?q=tidakada", "/?pada=2020-08-24T09:00", "/tidak-ada"]
MOST = 150
BOARD = {"offices", "catalogue", "feeds", "data", "api", "assets", "health", "history", "region_map", "embed", "sitemap"}  # the blueprints of the public board


_found: dict[str, "Answer"] = {}


@dataclass(frozen=True)
class Answer:
    """What the crawler keeps of an answer."""

    status_code: int
    mimetype: str
    text: str


@pytest.fixture
def crawled(client, world):
    """Each address that can be reached from the board, with its answer; crawled once for all tests."""
    if not _found:
        crawl(client)
    return _found


def crawl(client) -> None:
    waiting, kinds = list(STARTS), set()
    while waiting and len(_found) < MOST:
        address = next((each for each in waiting if _kind(each) not in kinds), waiting[0])  # a page of every kind before the others
        waiting.remove(address)
        kinds.add(_kind(address))
        if address not in _found:
            answer = client.get(address)
            _found[address] = Answer(answer.status_code, answer.mimetype, answer.text)
            if answer.mimetype == "text/html":
                waiting += filter(None, (_inner(link) for link in _opened(Reading(answer.text))))


def _opened(page: Reading) -> list[str]:
    """The addresses that a page leads to; not those that only take what is sent."""
    sent = {held["action"] for tag, held in page.tags if tag == "form" and held.get("method", "").lower() == "post" and "action" in held}
    return [link for link in page.links if link not in sent]


def _kind(address: str) -> tuple[str, ...]:
    """What addresses of one kind share: where they begin, and how they end behind a name."""
    parts = urlsplit(address).path.split("/")[1:]
    return (parts[0], *parts[2:])


def _inner(link: str) -> str:
    parts = urlsplit(link)
    is_ours = parts.netloc in {"", "localhost"} and parts.scheme in {"", "http"} and parts.path.startswith("/")
    return (parts.path + ("?" + parts.query if parts.query else "")) if is_ours else ""


def test_no_link_of_any_page_is_dead(crawled):
    assert len(crawled) > 60
    assert {address: answer.status_code for address, answer in crawled.items() if answer.status_code >= 400 and address != "/tidak-ada"} == {}


def test_every_kind_of_public_page_can_be_reached_from_the_board(app, crawled):
    adapter = app.url_map.bind("localhost")
    reached = {adapter.match(urlsplit(address).path)[0] for address in crawled if address != "/tidak-ada"}
    hidden = {"assets.favicon", "health.lives", "health.ready", "feeds.region", "feeds.badge", "api.office", "api.timeline"}
    hidden |= {"sitemap.part", "sitemap.robots", "sitemap.security"}  # described, not linked
    open_to_all = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint.split(".")[0] in BOARD}
    assert open_to_all - reached - hidden == set()


def test_no_page_carries_inline_style_or_script(crawled):
    for address, answer in crawled.items():
        if answer.mimetype in {"text/html", "image/svg+xml"} and not address.startswith("/statis/"):
            for tag, held in Reading(answer.text).tags:
                assert tag != "style", address
                assert "style" not in held, (address, tag, held)
                assert not any(name.startswith(("on", "hx-on")) for name in held), (address, tag, held)
                is_data = held.get("type") == "application/ld+json"  # read by search engines, run by nobody
                assert tag != "script" or is_data or held.get("src", "").startswith("/statis/"), (address, held)
                assert not held.get("href", "").lower().startswith("javascript:"), (address, held)


def test_no_page_loads_anything_from_elsewhere(crawled):
    for address, answer in crawled.items():
        if answer.mimetype == "text/html":
            loaded = [
                held.get("src") or held.get("href", "")
                for tag, held in Reading(answer.text).tags
                if (tag in {"script", "img", "iframe", "use"} and held.get("type") != "application/ld+json")
                or (tag == "link" and held.get("rel") not in {"alternate", "canonical"})
            ]
            assert [each for each in loaded if not each.startswith(("/", "#", "data:"))] == [], address


def test_no_page_has_the_same_id_twice(crawled):
    for address, answer in crawled.items():
        if answer.mimetype == "text/html":
            ids = Reading(answer.text).ids
            assert len(ids) == len(set(ids)), address


def test_every_place_within_a_page_that_is_linked_exists(crawled):
    for address, answer in crawled.items():
        if answer.mimetype == "text/html":
            page = Reading(answer.text)
            assert {link[1:] for link in page.links if link.startswith("#") and len(link) > 1} <= set(page.ids), address


ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|open|closed|close|office|offices|search|page|home|back|next|previous|until|from|today|tomorrow|error|found|please|loading|submit|cancel"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|June|July|August|October|December)\b",
    re.IGNORECASE,
)


def test_no_english_word_stands_on_an_indonesian_screen(crawled):
    for address, answer in crawled.items():
        if answer.mimetype == "text/html" and 'lang="id"' in answer.text[:60]:
            words = re.sub(
                r"\bopen, limited, remote|/api/v1/\S+|from=\S*|to=\S*|\bq, region, state, at, page\b|\bfrom, to, office\b|/umpan\S+|/kantor\S+|[\w.]+@[\w.]+|https?://\S+",
                " ",
                Reading(re.sub("<code>.*?</code>", "", answer.text, flags=re.DOTALL)).words,
            )
            assert ENGLISH.findall(words) == [], address
