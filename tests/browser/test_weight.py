"""What a first visit costs, measured in the browser: bytes, requests, movement, complaints."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.pages import PAGES, THEN, in_language

pytestmark = pytest.mark.browser
FIRST_VIEW, LATER_VIEW, REQUESTS = 40_000, 15_000, 5
_SHIFT = """window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(each => window.shift += each.value))
    .observe({type: 'layout-shift', buffered: true});"""


class Traffic:
    """What a page loads: addresses, and bytes as they cross the network, headers included."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.bytes = 0.0
        network = page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", lambda event: self.addresses.append(event["request"]["url"]))
        network.on("Network.loadingFinished", self._add)
        network.send("Network.enable")

    def _add(self, event: dict[str, float]) -> None:
        self.bytes += event["encodedDataLength"]


def icon_bytes(page: Page, traffic: Traffic) -> int:
    """The page's own icon, which a browser without a window leaves out: it counts all the same."""
    address = page.evaluate("() => document.querySelector('link[rel=icon]').href")
    if address in traffic.addresses:
        return 0
    traffic.addresses.append(address)
    answer = page.request.get(address)
    return len(answer.body()) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items())


@pytest.mark.parametrize("query", ["", f"?{THEN}", "?bahasa=en"])
def test_the_first_view_of_the_board_is_light(page: Page, base_url: str, query: str) -> None:
    traffic = Traffic(page)
    page.goto("/" + query, wait_until="networkidle")
    size = traffic.bytes + icon_bytes(page, traffic)
    assert size <= FIRST_VIEW, traffic.addresses
    assert len(traffic.addresses) <= REQUESTS, traffic.addresses
    assert all(address.startswith(base_url + "/") for address in traffic.addresses)


@pytest.mark.parametrize("name", ["region", "office closed", "notice", "data", "map", "services", "service", "board of a service"])
def test_a_later_page_is_lighter(page: Page, name: str) -> None:
    page.goto("/", wait_until="networkidle")
    traffic = Traffic(page)
    page.goto(PAGES[name], wait_until="networkidle")
    assert 0 < traffic.bytes <= LATER_VIEW, traffic.addresses


@pytest.mark.parametrize(("name", "width"), [(name, (360, 1280)[place % 2]) for place, name in enumerate(PAGES)])  # each page at one of the two
def test_nothing_moves_while_a_page_loads(context: BrowserContext, name: str, width: int) -> None:
    context.add_init_script(_SHIFT)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    # A busy machine paints between two pieces of a page now and then; what a page moves by itself, it moves every time.
    assert any(_moved(page, name) == 0 for _ in range(4))


def _moved(page: Page, name: str) -> float:
    """How far things moved while a page was loaded."""
    page.goto(PAGES[name], wait_until="networkidle")
    return float(page.evaluate("() => window.shift"))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "no such page"])
def test_the_browser_has_nothing_to_complain_of(page: Page, name: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for language in ("id", "en"):
        page.goto(in_language(PAGES[name], language), wait_until="networkidle")
    assert complaints == []
