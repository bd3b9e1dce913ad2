"""The staff side in a real browser: by keyboard alone, with and without script, on a narrow phone, for everybody."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from tests.browser.conftest import Opening, sign_in
from tests.browser.pages import in_language
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
NEW = "/penutupan/baru"
HALL = "Kantor Wali Kota Jakarta Pusat"
SOON, LATER = (clock.now().date() + timedelta(days=each) for each in (40, 41))


def focus(page: Page, target: str) -> None:
    """Tab until something has the focus, as one does without a mouse."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def type_day(page: Page, name: str, day: date) -> None:
    """A day typed into a date field as its parts stand (month, day, year)."""
    focus(page, f"#{name}")
    page.keyboard.type(f"{day:%m%d%Y}")


def withdraw(page: Page) -> None:
    """Take back what a test declared."""
    page.locator("#tarik-reason").evaluate("field => field.closest('details').open = true")
    page.fill("#tarik-reason", "Percobaan.")
    page.click("#tarik button")
    expect(page.locator("main")).to_contain_text("Pengumuman ini ditarik")


def test_a_closure_is_declared_with_the_keyboard_alone_and_the_preview_follows_the_fields(opened: Opening) -> None:
    page = opened("head")
    page.goto(NEW)
    page.evaluate("() => window.isSamePage = true")
    expect(page.locator("#chosen input")).to_be_checked()
    focus(page, "#reason")
    page.keyboard.type("Banjir")
    type_day(page, "starts", SOON)
    type_day(page, "ends", LATER)
    focus(page, "#note")
    page.keyboard.type("Lantai dasar tergenang.")
    page.keyboard.press("Tab")
    expect(page.locator("#preview")).to_contain_text("Lantai dasar tergenang.")
    expect(page.locator("#preview")).to_contain_text("Tutup tatap muka")
    expect(page.locator("#starts-w")).to_contain_text(str(SOON.year))
    assert page.evaluate("() => window.isSamePage")
    focus(page, "#preview button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/penutupan/\d+$"))
    expect(page.locator("h1")).to_have_text(HALL)
    withdraw(page)


def test_the_same_closure_is_declared_without_script(opened: Opening) -> None:
    page = opened("head", java_script_enabled=False)
    page.goto(NEW)
    page.select_option("#reason", "flood")
    page.fill("#starts", SOON.isoformat())
    page.fill("#ends", LATER.isoformat())
    page.fill("#diversion", "Tenda di halaman")
    page.locator("#diversion").press("Enter")
    expect(page.locator("#preview")).to_contain_text("Tenda di halaman")
    assert page.url.endswith("#pratinjau")
    page.locator("#preview button").click()
    page.wait_for_url(re.compile(r"/penutupan/\d+$"))
    page.locator("summary", has_text="Tarik pengumuman").click()
    page.fill("#tarik-reason", "Percobaan.")
    page.locator("#tarik button").click()
    expect(page.locator("main")).to_contain_text("Pengumuman ini ditarik")


def test_offices_are_found_as_one_types_and_what_was_chosen_stays(opened: Opening) -> None:
    page = opened("admin")
    page.goto(NEW)
    page.locator("#cari").press_sequentially("gambir")
    page.get_by_label("Kantor Kecamatan Gambir").check()
    page.locator("#cari").fill("")
    page.locator("#cari").press_sequentially("menteng")
    expect(page.get_by_label("Kantor Kecamatan Menteng")).to_be_visible()
    expect(page.get_by_label("Kantor Kecamatan Gambir")).to_be_checked()
    assert page.evaluate("() => document.activeElement.id") == "cari"


def test_the_same_search_works_without_script(opened: Opening) -> None:
    page = opened("admin", java_script_enabled=False)
    page.goto(NEW)
    page.fill("#cari", "gambir")
    page.locator("#cari").press("Enter")
    page.get_by_label("Kantor Kecamatan Gambir").check()
    page.fill("#cari", "menteng")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_label("Kantor Kecamatan Gambir")).to_be_checked()
    expect(page.get_by_label("Kantor Kecamatan Menteng")).to_be_visible()
    assert "csrf" not in page.url


def test_a_reason_fills_in_the_form_and_leaves_alone_what_was_typed(opened: Opening) -> None:
    page = opened("head")
    page.goto(NEW)
    page.fill("#starts", SOON.isoformat())
    page.select_option("#reason", "confirmed_case")
    expect(page.locator("#ends")).to_have_value((SOON + timedelta(days=2)).isoformat())
    expect(page.locator("#dropbox")).to_have_value("yes")
    expect(page.locator("#note")).to_have_value(re.compile("disterilkan"))
    page.fill("#note", "Catatan saya.")
    page.select_option("#reason", "flood")
    expect(page.locator("#dropbox")).to_have_value("no")
    expect(page.locator("#ends")).to_have_value("")
    expect(page.locator("#note")).to_have_value("Catatan saya.")


def test_the_parts_of_a_complex_are_ticked_with_the_keyboard_and_keep_their_place(opened: Opening) -> None:
    page = opened("admin")
    page.goto(NEW)
    page.select_option("#reason", "flood")
    page.fill("#ends", LATER.isoformat())
    page.locator("#cari").press_sequentially("balai kota dki jakarta")
    page.get_by_label("Balai Kota DKI Jakarta", exact=True).check()
    page.locator("#parts summary").click()
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    expect(page.locator("#parts input:checked")).to_have_count(2)
    expect(page.locator("#preview")).to_contain_text("Siapa yang terkena")
    assert page.evaluate("() => document.activeElement.name") == "except"


def test_without_script_a_reason_fills_in_the_form_by_a_button_and_a_region_brings_its_offices(opened: Opening) -> None:
    page = opened("admin", java_script_enabled=False)
    page.goto(NEW)
    page.fill("#cari", "jakarta pusat")
    page.locator("#cari").press("Enter")
    page.get_by_role("button", name=re.compile("Tambahkan semua kantor di Jakarta Pusat")).click()
    expect(page.locator("#chosen summary")).to_contain_text("kantor dipilih")
    page.select_option("#reason", "confirmed_case")
    page.get_by_role("button", name="Isikan usulan menurut sebab").click()
    expect(page.locator("#dropbox")).to_have_value("yes")
    page.locator("form#penutupan > .actions button").click()
    expect(page.locator("#affected")).to_be_visible()


def test_the_rest_of_the_menu_opens_by_keyboard_and_leads_out(opened: Opening, people: dict[str, Any]) -> None:
    page = opened()
    sign_in(page, people["officer"])
    focus(page, ".more summary")
    page.keyboard.press("Enter")
    focus(page, ".more button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/masuk")
    page.goto("/beranda")
    assert "/masuk" in page.url


def _filled(page: Page, language: str, ends: date) -> None:
    page.goto(in_language(NEW, language))
    page.select_option("#reason", "confirmed_case")
    page.fill("#starts", SOON.isoformat())
    page.fill("#ends", ends.isoformat())
    page.locator("form#penutupan > .actions button").click()
    page.wait_for_url("**#pratinjau")


def _refused(page: Page, language: str) -> None:
    _filled(page, language, SOON)
    page.locator("#preview button").click()
    page.locator(".errors").wait_for()


def _not_entered(page: Page, language: str) -> None:
    page.goto(in_language("/masuk", language))
    page.fill("#identifier", "tidak-ada")
    page.fill("#password", "salah")
    page.click("#masuk button")
    page.locator(".errors").wait_for()


def _shown(page: Page, language: str) -> None:
    page.goto(in_language("/penutupan", language))
    page.locator(".rows a").first.click()
    page.locator(".line").wait_for()


PAGES: dict[str, tuple[str, Callable[[Page, str], Any]]] = {
    "sign in": ("", lambda page, language: page.goto(in_language("/masuk", language))),
    "sign in refused": ("", _not_entered),
    "new password": ("", lambda page, language: page.goto(in_language("/masuk/lupa", language))),
    "home of a head": ("head", lambda page, language: page.goto(in_language("/beranda", language))),
    "home of an administrator": ("admin", lambda page, language: page.goto(in_language("/beranda", language))),
    "account": ("head", lambda page, language: page.goto(in_language("/akun", language))),
    "second factor": ("head", lambda page, language: page.goto(in_language("/akun/faktor-kedua", language))),
    "closures": ("head", lambda page, language: page.goto(in_language("/penutupan", language))),
    "declaring": ("head", lambda page, language: page.goto(in_language(NEW, language))),
    "previewed": ("head", lambda page, language: _filled(page, language, SOON + timedelta(days=4))),
    "refused": ("head", _refused),
    "closure": ("admin", _shown),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_in_either_theme_on_a_phone_and_on_a_desk(standing: Opening, name: str, language: str) -> None:
    role, visit = PAGES[name]
    page = standing(role)
    visit(page, language)
    everybody_can_use(page, language)
