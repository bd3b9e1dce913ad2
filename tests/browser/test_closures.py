"""A closure in a real browser: declaring one that meets others, its pages for everybody and for the staff, the calls that follow; everybody can use them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import in_language
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
OFFICE = "kantor-wali-kota-jakarta-timur"


@pytest.fixture(scope="module")
def number(browser, base_url) -> str:
    """The closure of the demo that touches people, as the page of its office names it."""
    page = browser.new_page(base_url=base_url)
    page.goto(f"/kantor/{OFFICE}")
    address = page.locator("a[href^='/pengumuman/']").first.get_attribute("href")
    page.close()
    return address.rpartition("/")[2]


PAGES = {
    "for everybody": ("", "/pengumuman/{number}"),
    "press note": ("", "/pengumuman/{number}/siaran-pers"),
    "subscribing": ("", f"/langganan?kantor={OFFICE}"),
    "for the staff": ("admin", "/penutupan/{number}"),
    "aftermath": ("admin", "/penutupan/{number}/dampak?kabar=to_call"),
    "calls": ("admin", "/surat/telepon"),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_pages_of_a_closure(standing: Callable[[str], Page], number: str, name: str, language: str) -> None:
    role, address = PAGES[name]
    page = standing(role)
    page.goto(in_language(address.format(number=number), language))
    everybody_can_use(page, language)


def test_everybody_can_use_the_form_with_who_is_touched_and_which_closures_overlap(standing: Callable[[str], Page]) -> None:
    page = standing("admin")
    page.goto(in_language("/penutupan/baru", "id"))
    page.fill("[name=cari]", "Wali Kota Jakarta Timur")
    page.locator("button", has_text=re.compile("^Cari$")).click()
    page.check(f"#office-{OFFICE}")
    page.select_option("[name=reason]", "confirmed_case")
    expect(page.locator("#others a")).not_to_have_count(0)
    everybody_can_use(page, "id")
