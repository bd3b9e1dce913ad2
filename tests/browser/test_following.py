"""Following in a real browser: by number and keyboard, without a program on the page, and on a telephone."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening
from tests.browser.test_requests import FORM, fill, sent, tab_to
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser


def filed(opened: Opening) -> str:
    """The number of a request that somebody else's browser has made."""
    page = opened()
    page.goto(FORM)
    page.check("[value=online]")
    fill(page)
    return sent(page)


def asked_for(page: Page, number: str) -> None:
    """From the number to the page of its request, by keyboard alone."""
    page.goto("/lacak")
    tab_to(page, "#number")
    page.keyboard.type(number.lower().replace("-", " "))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/permohonan/{number}")


def test_from_a_number_to_a_message_by_keyboard_alone(opened: Opening) -> None:
    number, page = filed(opened), opened()
    asked_for(page, number)
    assert "081200000000" not in page.content()
    tab_to(page, "#buka-digits")
    page.keyboard.type("0000")
    page.keyboard.press("Enter")
    page.locator("#tutup").wait_for()
    tab_to(page, "#pesan-text")
    page.keyboard.type("Apakah sudah diterima?")
    tab_to(page, "#pesan button")
    page.keyboard.press("Enter")
    page.locator(".line", has_text="Apakah sudah diterima?").wait_for()


def test_everybody_can_follow_a_request_and_take_it_back(opened: Opening) -> None:
    number, page = filed(opened), opened()
    page.goto("/lacak")
    everybody_can_use(page, "id")
    page.goto(f"/permohonan/{number}?bahasa=en")
    everybody_can_use(page, "en")
    page.fill("#batal-digits", "1111")
    page.click("#batal button")
    page.locator(".errors").wait_for()
    everybody_can_use(page, "en")
    page.fill("#batal-digits", "0000")
    page.click("#batal button")
    page.wait_for_url(f"**/permohonan/{number}?bahasa=en")
    assert page.inner_text("h1").startswith("Cancelled")


def test_everybody_can_read_how_satisfied_others_are(opened: Opening) -> None:
    page = opened()
    page.goto("/kepuasan")
    everybody_can_use(page, "id")
