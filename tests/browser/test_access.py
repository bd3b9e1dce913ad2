"""Pages that everybody can use: accessibility rules, narrow phones, fingers, keyboards."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages import PAGES, in_language
from tests.browser.usable import AXE, CHECK, OPEN_FOLDS, SMALL_TARGETS, TAGS, WIDER_THAN_PAGE

pytestmark = pytest.mark.browser
_FOCUS = """() => { const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    const line = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    return {what: it.id || it.className || it.tagName, isSeen: box.left >= 0 && box.width > 0, line} }"""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme_on_a_phone_and_on_a_desk(page: Page, name: str, language: str) -> None:
    page.goto(in_language(PAGES[name], language))
    page.evaluate(OPEN_FOLDS)
    page.evaluate(AXE)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            assert page.evaluate(CHECK, TAGS) == [], f"{width} px, {theme}"


def test_axe_would_have_found_a_field_without_a_name(page: Page) -> None:
    page.goto("/")
    page.evaluate("() => document.querySelector('label[for=q]').remove()")
    page.evaluate(AXE)
    assert [found.split(":")[0] for found in page.evaluate(CHECK, TAGS)] == ["label"]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_phone(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for language in ("id", "en"):
        page.goto(in_language(PAGES[name], language))
        page.evaluate(OPEN_FOLDS)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, page.evaluate(WIDER_THAN_PAGE)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_whatever_one_presses_is_as_large_as_a_finger(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(PAGES[name])
    page.evaluate(OPEN_FOLDS)
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_keyboard_reaches_the_search_past_the_menu_in_two_steps(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["what"] == "skip"
    assert page.evaluate(_FOCUS)["isSeen"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["what"] == "q"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_shows_where_it_is_at_every_stop(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto("/")
    for _ in range(30):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        assert stop["isSeen"] and stop["line"] >= 2, stop
