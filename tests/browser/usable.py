"""What makes a page usable by everybody, asked of a page in a real browser."""

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
IS_TRIAL = os.environ.get("HYPOTHESIS") == "trial"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # all that can be wrong with colours alone
CHECK = """async only => (await axe.run(document, {runOnly: only, resultTypes: ['violations']})).violations
    .map(found => found.id + ': ' + found.nodes.map(node => node.html.slice(0, 200)).join(' | '))"""
OPEN_FOLDS = "() => document.querySelectorAll('details').forEach(fold => fold.open = true)"
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden], [tabindex="-1"])')].filter(each => {
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    const isInText = style.display === 'inline' && each.parentElement.textContent.trim() !== each.textContent.trim();
    return box.width && !isInText && (box.height < 43.9 || box.width < 43.9);
}).map(each => { const box = each.getBoundingClientRect(); return `${each.outerHTML.slice(0, 120)} ${box.width.toFixed()} x ${box.height.toFixed()}` })"""
WIDER_THAN_PAGE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 120))"""
SHAPE = """() => [document.documentElement.scrollHeight,
    [...document.querySelectorAll('body *')].filter(each => each.checkVisibility({visibilityProperty: true})).length]"""
LOW_CHOICES = "() => [...document.querySelectorAll('label.pick')].map(each => each.getBoundingClientRect().height).filter(height => height && height < 43.9)"


def everybody_can_use(page: Page, language: str) -> None:
    """On a phone and on a desk: nothing wider than the page, nothing smaller than a finger, nothing that axe finds, and no colour in either theme.

    All of axe runs in the light theme. The dark one must stand in the same shape; then its colours are all that can be at fault.
    In English a page has the same elements in the same colours and other words: a trial asks all of it, the suite what words can break."""
    assert page.locator("html").get_attribute("lang") == language
    page.evaluate(OPEN_FOLDS)
    page.evaluate(AXE)
    is_asked_all = language == "id" or IS_TRIAL
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, page.evaluate(WIDER_THAN_PAGE)
        small = [each for each in page.evaluate(SMALL_TARGETS) if 'type="checkbox"' not in each and 'type="radio"' not in each]  # one presses their label
        assert not small, small
        assert page.evaluate(LOW_CHOICES) == []
        if is_asked_all or width == 360:
            found = page.evaluate(CHECK, EVERYTHING)
            assert not found, f"{width} px, light: {found}"
        if is_asked_all:
            _stands_in_the_dark(page, width)


def _stands_in_the_dark(page: Page, width: int) -> None:
    shape = page.evaluate(SHAPE)
    page.emulate_media(color_scheme="dark")
    found = page.evaluate(CHECK, COLOURS)
    assert not found, f"{width} px, dark: {found}"
    assert page.evaluate(SHAPE) == shape, f"{width} px: the dark theme changes more than colours"


def accounts(folders: pytest.TempPathFactory) -> dict[str, Any]:
    """The demo's accounts by role."""
    file = next(folders.getbasetemp().glob("live*/demo_accounts.csv"))
    with file.open(encoding="utf-8") as opened:
        return {row["role"]: row for row in csv.DictReader(opened)}
