"""Searching the board: as one types, and plainly."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import THEN

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def names(page: Page) -> list[str]:
    return [text.partition("\n")[0] for text in page.locator("#results .rows a").all_inner_texts()]  # below it stands where it lies


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_results_follow_the_typing_without_a_new_page_and_leave_the_cursor_where_it_is(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => window.isSamePage = true")
    page.locator("#q").press_sequentially("gambir")
    expect(page.locator("#h-all")).to_contain_text("gambir")
    assert "Kantor Kecamatan Gambir" in names(page)
    assert page.evaluate("() => window.isSamePage && document.activeElement.id") == "q"
    assert asked(page)["q"] == ["gambir"]


def test_the_moment_and_the_language_stay_while_one_types(page: Page) -> None:
    page.goto(f"/?{THEN}&bahasa=en")
    page.locator("#q").press_sequentially("gading")
    expect(page.locator("#results .state")).to_have_count(1)
    assert asked(page) == {"q": ["gading"], "pada": ["2020-09-22T09:00"], "bahasa": ["en"]}


def test_emptying_the_box_brings_the_whole_board_back(page: Page) -> None:
    page.goto("/?q=gambir")
    page.locator("#q").fill("")
    expect(page.locator("#results .where")).to_be_visible()


def test_back_from_an_office_gives_a_whole_page_with_the_search(page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("gambir")
    page.wait_for_url("**q=gambir*")
    page.locator("#results .rows a", has_text="Kantor Kecamatan Gambir").first.click()
    expect(page.locator("h1")).to_have_text("Kantor Kecamatan Gambir")
    page.go_back()
    expect(page.locator("header.top")).to_be_visible()
    expect(page.locator("#q")).to_have_value("gambir")
    assert "Kantor Kecamatan Gambir" in names(page)


def test_the_same_search_works_without_script(page: Page, plain_page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("kantor kecamatan g")
    expect(page.locator("#h-all")).to_contain_text("kantor kecamatan g")
    plain_page.goto("/")
    plain_page.locator("#q").fill("kantor kecamatan g")
    plain_page.locator("#q").press("Enter")
    assert names(plain_page) == names(page) != []
    assert asked(plain_page)["q"] == asked(page)["q"]
