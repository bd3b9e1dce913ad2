"""Pages that everybody can use: accessibility rules, narrow phones, fingers, keyboards."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening
from tests.browser.pages import PAGES, in_language
from tests.browser.usable import OPEN_FOLDS, WIDER_THAN_PAGE, everybody_can_use

pytestmark = pytest.mark.browser
STYLE = "text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); document.adoptedStyleSheets.push(sheet) }"
GREY = "main * { color: #777 !important; background: #888 !important }"
_FOCUS = """() => { const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    const line = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    return {what: it.id || it.className || it.tagName, isSeen: box.left >= 0 && box.width > 0, line} }"""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_in_either_theme_on_a_phone_and_on_a_desk(standing: Opening, name: str, language: str) -> None:
    page = standing()
    page.goto(in_language(PAGES[name], language))
    everybody_can_use(page, language)


def test_a_field_without_a_name_would_have_been_found(standing: Opening) -> None:
    page = standing()
    page.goto("/data")
    page.evaluate("() => document.querySelector('main').append(document.createElement('textarea'))")
    with pytest.raises(AssertionError, match=r"360 px, light: .*label"):
        everybody_can_use(page, "id")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_colour_that_is_wrong_only_there_would_have_been_found(standing: Opening, width: int, theme: str) -> None:
    page = standing()
    page.goto("/data")
    page.evaluate(STYLE, f"@media (width: {width}px) and (prefers-color-scheme: {theme}) {{ {GREY} }}")
    with pytest.raises(AssertionError, match=rf"{width} px, {theme}: .*color-contrast"):
        everybody_can_use(page, "id")


def test_a_theme_that_hides_something_would_have_been_found(standing: Opening) -> None:
    page = standing()
    page.goto("/data")
    page.evaluate(STYLE, "@media (width: 1280px) and (prefers-color-scheme: dark) { main h1 { visibility: hidden !important } }")
    with pytest.raises(AssertionError, match=r"1280 px: the dark theme changes more"):
        everybody_can_use(page, "id")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_phone(standing: Opening, name: str) -> None:
    page = standing()
    page.set_viewport_size({"width": 320, "height": 640})
    for language in ("id", "en"):
        page.goto(in_language(PAGES[name], language))
        page.evaluate(OPEN_FOLDS)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, page.evaluate(WIDER_THAN_PAGE)


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
