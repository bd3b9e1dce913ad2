"""What is printed and hung on a door."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening
from tests.browser.live import LONG
from tests.browser.pages import THEN, in_language

pytestmark = pytest.mark.browser
NOTICES = [
    f"/kantor/{LONG}/pengumuman?{THEN}",
    f"/kantor/kantor-wali-kota-jakarta-pusat/pengumuman?{THEN}",
    "/kantor/kantor-dinas-kesehatan-dki-jakarta/pengumuman?pada=2020-09-18T10:00",
    "/kantor/kantor-kecamatan-jatinegara/pengumuman",
    "/kantor/kantor-kecamatan-cilincing/pengumuman",
    "/kantor/balai-kota-dki-jakarta/pengumuman",
]


def sheets(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("address", NOTICES)
def test_the_notice_for_the_door_fits_one_sheet_of_a4(standing: Opening, address: str, language: str) -> None:
    page = standing()
    page.goto(in_language(address, language))
    printed = page.pdf(prefer_css_page_size=True)
    assert sheets(printed) == 1
    width, height = (float(side) * 25.4 / 72 for side in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)[0])
    assert (round(width), round(height)) == (210, 297)


def test_paper_shows_the_notice_and_nothing_of_the_screen_around_it(page: Page) -> None:
    page.goto(NOTICES[0])
    page.emulate_media(media="print")
    assert page.locator(".sheet h1").is_visible()
    assert not any(page.locator(part).is_visible() for part in ("header.top", ".crumbs", "footer", ".noprint"))


def test_an_office_page_takes_several_sheets(page: Page) -> None:
    page.goto(f"/kantor/kantor-wali-kota-jakarta-pusat?{THEN}")
    page.evaluate("() => document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert sheets(page.pdf(prefer_css_page_size=True)) > 1
