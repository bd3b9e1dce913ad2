"""Without network: what one has seen is shown as it was, and says when that was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def keeping(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page of a browser that keeps what it has seen."""
    context = browser.new_context(base_url=base_url)
    yield context.new_page()
    context.close()


def seen(page: Page) -> None:
    """The board and an office, with a browser that keeps them."""
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto("/")
    page.goto("/kantor/kantor-wali-kota-jakarta-pusat?bahasa=en")


def test_what_one_has_seen_is_readable_without_network_and_says_when_it_was_true(keeping: Page) -> None:
    page = keeping
    seen(page)
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("status").first).to_contain_text("Tidak ada jaringan. Ini keadaan pada")
    expect(page.locator("h1")).to_be_visible()
    page.goto("/kantor/kantor-wali-kota-jakarta-pusat?bahasa=en")
    expect(page.get_by_role("status").first).to_contain_text("No network. This is how it was on")
    page.context.set_offline(False)
    page.goto("/")
    expect(page.locator(".offline")).to_have_count(0)


def test_nothing_of_a_single_person_is_kept(keeping: Page) -> None:
    page = keeping
    seen(page)
    page.goto("/masuk")
    page.goto("/permohonan/baru")
    kept = page.evaluate("async () => (await (await caches.open('seen-1')).keys()).map((request) => new URL(request.url).pathname)")
    assert {path for path in kept if not path.startswith("/statis/")} == {"/", "/kantor/kantor-wali-kota-jakarta-pusat"}
