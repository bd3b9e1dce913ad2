"""Every page of e-kinerja is usable by everybody: both languages, both themes, on a phone and on a desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from portal import clock
from tests.browser.conftest import Opening
from tests.browser.pages import in_language
from tests.browser.test_weight import LATER_VIEW, Traffic
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
Visit = Callable[[Page, str], Any]


def at(address: str) -> Visit:
    return lambda page, language: page.goto(in_language(address, language))


def sheet(mark: str, then: str = "") -> Visit:
    """The demo employee's latest day that shows something, or a page that hangs on that day."""

    def visit(page: Page, language: str) -> None:
        for back in range(60):
            address = f"/kinerja/{clock.now().date() - timedelta(days=back)}"
            page.goto(address)
            if page.locator(mark).count():
                page.goto(in_language(address + then, language))
                return
        raise AssertionError(f"the demo employee has no day with {mark}")

    return visit


def through(address: str, link: str) -> Visit:
    """The page behind the first such link of another."""

    def visit(page: Page, language: str) -> None:
        page.goto(address)
        found = page.locator(link).first.get_attribute("href")
        assert found is not None
        page.goto(in_language(found, language))

    return visit


def changed_line(page: Page, language: str) -> None:
    """The page on which an activity is changed, with what is refused."""
    sheet("#dikembalikan")(page, language)
    address = page.locator(".lines a[hx-get]").first.get_attribute("href")
    assert address is not None
    page.goto(in_language(address, language))
    page.fill("[name=ends]", "01.00")
    page.locator("form[id$=ubah] > .actions button").first.click()
    page.locator(".errors").wait_for()


def refused_type(page: Page, language: str) -> None:
    page.goto(in_language("/admin/kinerja/jenis/baru", language))
    page.evaluate("() => document.querySelectorAll('main form').forEach(form => { form.noValidate = true })")
    page.locator("main form .actions button").first.click()
    page.locator(".errors").wait_for()


PAGES: dict[str, tuple[str, Visit]] = {
    "home of an employee": ("employee", at("/beranda")),
    "home of a superior": ("supervisor", at("/beranda")),
    "sheet of today": ("employee", at("/kinerja")),
    "sheet submitted": ("employee", sheet("#diajukan")),
    "sheet returned": ("employee", sheet("#dikembalikan")),
    "sheet approved": ("employee", sheet("#diputuskan")),
    "sheet with a rejected activity": ("employee", sheet("#diputuskan ~ .lines .fix")),
    "activity changed": ("employee", changed_line),
    "receipt": ("employee", sheet("#diputuskan", "/tanda-terima")),
    "own recap": ("employee", at("/kinerja/rekap")),
    "own targets": ("employee", at("/kinerja/rencana")),
    "target revised": ("employee", through("/kinerja/rencana", "main a[href*='/rencana/baris/']")),
    "outages for all": ("employee", at("/kinerja/gangguan")),
    "validation": ("supervisor", at("/validasi")),
    "one day": ("supervisor", through("/validasi", ".queue .links a")),
    "recap of my people": ("supervisor", at("/validasi/rekap")),
    "recap of one person": ("supervisor", through("/validasi/rekap", "main .t-cards a")),
    "targets to agree": ("supervisor", at("/validasi/rencana")),
    "objections": ("supervisor", at("/validasi/keberatan")),
    "recap of an office": ("head", at("/admin/kinerja/rekap")),
    "closing of a month": ("head", through("/admin/kinerja/rekap", "main a[href*='/tutup']")),
    "e-kinerja administered": ("admin", at("/admin/kinerja")),
    "recap of all offices": ("admin", at("/admin/kinerja/rekap")),
    "activity types": ("admin", at("/admin/kinerja/jenis")),
    "new activity type": ("admin", at("/admin/kinerja/jenis/baru")),
    "activity type refused": ("admin", refused_type),
    "outages": ("admin", at("/admin/kinerja/gangguan")),
    "new outage": ("admin", at("/admin/kinerja/gangguan/baru")),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_in_either_theme_on_a_phone_and_on_a_desk(standing: Opening, name: str, language: str) -> None:
    role, visit = PAGES[name]
    page = standing(role)
    visit(page, language)
    everybody_can_use(page, language)


@pytest.mark.parametrize("name", ["recap of my people", "recap of an office", "own targets"])
def test_a_page_of_work_is_light(opened: Opening, name: str) -> None:
    role, visit = PAGES[name]
    page = opened(role)
    page.goto("/beranda", wait_until="networkidle")
    traffic = Traffic(page)
    visit(page, "id")
    page.wait_for_load_state("networkidle")
    assert 0 < traffic.bytes <= LATER_VIEW, traffic.addresses


def test_the_button_of_a_file_is_as_tall_as_a_finger(standing: Opening) -> None:
    page = standing("employee")
    sheet("#kegiatan")(page, "id")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('#evidence'), '::file-selector-button').minHeight)") >= 44
