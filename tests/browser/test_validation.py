"""Validation in a real browser: by keyboard alone, on a phone, without script, for everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening
from tests.browser.pages import in_language
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
QUEUE = "/validasi"
TICKED = ".queue input[name=day]:checked"


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def waiting(page: Page) -> int:
    found = re.match(r"\d+", page.locator("h1").inner_text())
    return int(found[0]) if found else 0


def test_the_queue_is_walked_ticked_and_opened_by_its_keys(opened: Opening) -> None:
    page = opened("supervisor")
    page.goto(QUEUE)
    press(page, "jjkxjx")
    rows = page.locator(".queue > li")
    expect(page.locator(TICKED)).to_have_count(2)
    expect(rows.nth(0)).to_have_class("on")
    expect(rows.nth(1)).to_have_class("on")
    expect(page.locator("#chosen")).to_have_text("2 hari dipilih")
    press(page, "xo")
    expect(page.locator(TICKED)).to_have_count(1)
    expect(rows.nth(1).locator("table")).to_be_visible()
    press(page, "o")
    expect(rows.nth(1).locator("table")).to_be_hidden()
    press(page, "?")
    expect(page.locator("#keys dl")).to_be_visible()


def test_no_key_acts_while_one_types_and_enter_in_the_reason_never_approves(opened: Opening) -> None:
    page = opened("supervisor")
    page.goto(QUEUE)
    before = waiting(page)
    press(page, "jr")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("ajkxor?")
    expect(page.locator("#reason")).to_have_value("ajkxor?")
    expect(page.locator(TICKED)).to_have_count(1)
    page.locator("#reason").fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_contain_text("Tulis alasannya")
    expect(page.locator(TICKED)).to_have_count(1)
    assert waiting(page) == before


def test_the_keys_can_be_turned_off_and_stay_off(opened: Opening) -> None:
    page = opened("supervisor")
    page.goto(QUEUE)
    press(page, "?")
    page.locator("#keys-on").focus()
    page.keyboard.press("Space")
    page.reload()
    press(page, "jx")
    expect(page.locator(TICKED)).to_have_count(0)
    page.locator("#keys summary").click()
    expect(page.locator("#keys-on")).not_to_be_checked()


def test_the_current_day_is_returned_and_another_approved_with_the_keyboard_alone(opened: Opening) -> None:
    page = opened("supervisor")
    page.goto(QUEUE)
    before = waiting(page)
    press(page, "jr")
    page.keyboard.type("Lengkapi bukti dukung.")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("1 hari dikembalikan kepada pegawai.")
    press(page, "ja")
    expect(page.locator(".note")).to_contain_text("1 pilihan disetujui.")
    assert waiting(page) == before - 2


def test_without_script_a_day_is_ticked_opened_and_approved(opened: Opening) -> None:
    page = opened("supervisor", java_script_enabled=False)
    page.goto(QUEUE)
    before = waiting(page)
    page.get_by_role("link", name="Pilih semua").click()
    expect(page.locator(TICKED)).to_have_count(before)
    page.goto(QUEUE)
    page.locator(".queue summary").first.click()
    expect(page.locator(".queue table").first).to_be_visible()
    page.locator(".queue input[name=day]").first.check()
    page.get_by_role("button", name="Setujui").click()
    expect(page.locator(".note")).to_contain_text("1 pilihan disetujui.")
    assert waiting(page) == before - 1


def test_on_a_phone_the_bar_leaves_the_last_day_to_be_reached_and_is_never_half_the_screen(opened: Opening) -> None:
    page = opened("supervisor", viewport={"width": 360, "height": 640}, has_touch=True)
    page.goto(QUEUE)
    page.locator(".bulk summary").click()
    bar = page.locator(".bulk").bounding_box()
    assert bar is not None
    assert bar["height"] < 320
    page.locator(".queue > li").last.scroll_into_view_if_needed()
    last = page.locator(".queue > li > .tick").last
    last.click()
    expect(page.locator(".queue input[name=day]").last).to_be_checked()


def _queue(page: Page, language: str) -> None:
    page.goto(in_language(QUEUE, language))


def _refused(page: Page, language: str) -> None:
    _queue(page, language)
    page.locator(".bulk summary").click()
    page.locator("button[value=return]").click()
    page.locator(".errors").wait_for()


def _day(page: Page, language: str) -> None:
    _queue(page, language)
    page.goto(page.locator(".queue a[href^='/validasi/']").first.get_attribute("href") or "")
    page.locator("#percakapan").wait_for()


def _message(page: Page, language: str) -> None:
    _day(page, language)
    page.locator("#pesan-text").evaluate("field => { field.removeAttribute('maxlength'); field.value = 'a'.repeat(2001) }")
    page.locator("#pesan button").click()
    page.locator(".errors").wait_for()


PAGES: dict[str, Callable[[Page, str], None]] = {"queue": _queue, "refused": _refused, "day": _day, "message refused": _message}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_in_either_theme_on_a_phone_and_on_a_desk(standing: Opening, name: str, language: str) -> None:
    page = standing("supervisor")
    PAGES[name](page, language)
    everybody_can_use(page, language)
