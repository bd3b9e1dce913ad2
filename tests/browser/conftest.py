"""One portal and one browser a test process; without chromium the tests are skipped, in CI they fail."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import chromium, live
from tests.browser.usable import accounts

SCREEN = {"width": 1280, "height": 720}
Opening = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live.portal(tmp_path_factory.mktemp("live")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not chromium.EXECUTABLE:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed")
    return {"executable_path": chromium.EXECUTABLE, "args": chromium.ARGUMENTS}


def fresh(context: BrowserContext) -> BrowserContext:
    """Without what keeps pages for a time without network: each test then reads what the portal sends."""
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    return context


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    return fresh(context)


def sign_in(page: Page, account: dict[str, str]) -> None:
    """By keyboard alone: past the menu, two fields, Enter."""
    page.goto("/masuk")
    page.locator("#identifier").focus()
    page.keyboard.type(account["nip"])
    page.keyboard.press("Tab")
    page.keyboard.type(account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/beranda")


@pytest.fixture(scope="session")
def people(base_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The demo's accounts by role."""
    return accounts(tmp_path_factory)


@pytest.fixture(scope="session")
def state_of(browser: Browser, base_url: str, people: dict[str, Any]) -> Callable[[str], Any]:
    """The cookies of a role's account, signed in once for all tests; none for nobody."""
    made: dict[str, Any] = {"": None}

    def signed_in(role: str) -> Any:
        if role not in made:
            context = fresh(browser.new_context(base_url=base_url))
            sign_in(context.new_page(), people[role])
            made[role] = context.storage_state()
            context.close()
        return made[role]

    return signed_in


@pytest.fixture
def opened(browser: Browser, base_url: str, state_of: Callable[[str], Any]) -> Iterator[Opening]:
    """A page of a new browser in which a role's account is signed in: opened("head", java_script_enabled=False)."""
    contexts: list[BrowserContext] = []

    def open_(role: str = "", **facts: Any) -> Page:
        contexts.append(fresh(browser.new_context(base_url=base_url, storage_state=state_of(role), **facts)))
        return contexts[-1].new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def _standing(browser: Browser, base_url: str, state_of: Callable[[str], Any]) -> Iterator[Callable[[str], Page]]:
    pages: dict[str, Page] = {}

    def page_of(role: str) -> Page:
        if role not in pages:
            pages[role] = fresh(browser.new_context(base_url=base_url, storage_state=state_of(role))).new_page()
        return pages[role]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def standing(_standing: Callable[[str], Page]) -> Callable[[str], Page]:
    """The page that a role's account keeps open all the while, for tests that look and leave nothing behind: a new one costs more than most of them."""

    def page_of(role: str = "") -> Page:
        page = _standing(role)
        page.goto("about:blank")
        page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        return page

    return page_of
