"""The day sheet in a real browser: a day of five lines by keyboard alone, typing that is kept, two pages at once, and everybody can use it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal import clock
from tests.browser.conftest import Opening
from tests.browser.pages import in_language
from tests.browser.test_weight import LATER_VIEW, Traffic
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
MOST_KEYS = 120  # beside the descriptions' own letters
LINES = (
    ("Menjawab surat warga lewat surel", "8", "930", "9"),
    ("Verifikasi berkas permohonan domisili", "9.30", "1130", "12"),
    ("Rapat daring pengalihan loket", "1230", "14", "1"),
    ("Memilah kotak surat bersama petugas jaga", "14", "15", "14"),
    ("Menyusun laporan mingguan", "15", "16", "1"),
)


class Keyboard:
    """A keyboard that counts: letters of descriptions are the work itself, all other keys are what the page costs."""

    def __init__(self, page: Page) -> None:
        self._page, self.count = page, 0

    def press(self, key: str) -> None:
        self.count += 1
        self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.count += len(text)
        self._page.keyboard.type(text)

    def describe(self, text: str) -> None:
        self._page.keyboard.type(text)


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.name || document.activeElement.form?.id || document.activeElement.tagName"))


def open_day(page: Page) -> str:
    """The latest day of the demo employee that is empty and may be filled in."""
    for back in range(1, 40):
        address = f"/kinerja/{clock.now().date() - timedelta(days=back)}"
        page.goto(address)
        if page.locator("#kegiatan").count() and not page.locator("#ajukan").count() and not page.locator(".lines").count():
            return address
    raise AssertionError("the demo employee has no empty day")


def test_a_day_of_five_lines_is_typed_and_submitted_with_few_keys(opened: Opening, record_property: Callable[[str, Any], None]) -> None:
    page = opened("employee")
    open_day(page)
    keys = Keyboard(page)
    for description, starts, ends, quantity in LINES:
        expect(page.locator("#description")).to_be_focused()
        keys.describe(description)
        keys.press("Tab")
        before = page.locator("#starts").input_value()
        if before.replace(".", "") != starts.replace(".", "").rjust(2, "0").ljust(4, "0"):
            keys.type(starts)
        keys.press("Tab")
        keys.type(ends)
        keys.press("Tab")
        keys.type(quantity)
        if not page.locator("#unit").input_value():
            keys.press("Tab")
            keys.type("berkas")
        keys.press("Enter")
        expect(page.locator(".lines tbody th b", has_text=description)).to_be_visible()
    while focused(page) != "ajukan":
        keys.press("Tab")
        assert keys.count < 2 * MOST_KEYS, "the keyboard does not reach the button"
    keys.press("Enter")
    expect(page.locator("#diajukan")).to_contain_text(re.compile("Nomor tanda terima: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}"))
    expect(page.locator(".lines tbody tr")).to_have_count(len(LINES))
    record_property("keys of a five-line day", keys.count)
    assert keys.count < MOST_KEYS


def test_what_one_types_is_kept_and_is_there_when_the_page_opens_again(opened: Opening) -> None:
    page = opened("employee")
    address = open_day(page)
    page.locator("#description").press_sequentially("Belum selesai")
    expect(page.locator("#ketikan")).to_contain_text("Ketikan tersimpan")
    again = opened("employee")
    again.goto(address)
    expect(again.locator("#description")).to_have_value("Belum selesai")
    expect(again.locator("#kegiatan .note")).to_contain_text("yang belum disimpan")
    forget(again)


def test_two_pages_never_overwrite_each_other_unseen(opened: Opening) -> None:
    one, other = opened("employee"), opened("employee")
    address = open_day(one)
    other.goto(address)
    one.locator("#description").press_sequentially("Ditulis di ponsel")
    expect(one.locator("#ketikan")).to_contain_text("Ketikan tersimpan")
    other.locator("#description").press_sequentially("Ditulis di komputer")
    expect(other.locator("#ketikan")).to_contain_text("Ditulis di ponsel")
    expect(other.locator("#ketikan")).to_contain_text("Ditulis di komputer")
    other.get_by_role("button", name="Pakai yang di sini").click()
    expect(other.locator("#description")).to_have_value("Ditulis di komputer")
    forget(other)


def forget(page: Page) -> None:
    """Empty the form again, so that the next test finds the day as it was."""
    page.locator("#description").fill("x")
    page.locator("#description").press("Backspace")
    page.locator("#ends").fill("")
    page.locator("#quantity").fill("")
    with page.expect_response(re.compile("ketikan")):
        page.locator("#unit").press_sequentially("k")


def test_a_line_is_changed_where_it_stands_taken_out_and_brought_back(opened: Opening) -> None:
    page = opened("employee")
    open_day(page)
    add(page, "Baris percobaan")
    page.locator(".lines a[hx-get]").click()
    field = page.locator(".open-line [name=description]")
    expect(field).to_be_focused()
    field.fill("Baris yang diubah")
    field.press("Enter")
    expect(page.locator(".lines tbody th b")).to_have_text("Baris yang diubah")
    page.locator(".lines a[hx-get]").click()
    page.get_by_role("button", name="Hapus kegiatan").click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator(".lines tbody th b")).to_have_text("Baris yang diubah")
    page.locator(".lines a[hx-get]").click()
    page.get_by_role("button", name="Hapus kegiatan").click()
    expect(page.locator(".lines")).to_have_count(0)


def add(page: Page, description: str) -> None:
    page.fill("#description", description)
    page.fill("#starts", "08.00")
    page.fill("#ends", "09.00")
    page.fill("#quantity", "1")
    page.fill("#unit", "kali")
    page.locator("#quantity").press("Enter")
    expect(page.locator(".lines tbody th b", has_text=description)).to_be_visible()


def test_an_activity_that_was_written_before_fills_the_fields_beside_it(opened: Opening) -> None:
    page = opened("employee")
    open_day(page)
    known = page.locator("#saran option").first
    unit = known.get_attribute("data-unit")
    page.fill("#unit", "")
    page.evaluate("() => delete document.querySelector('#unit').dataset.touched")
    page.fill("#description", known.get_attribute("value") or "")
    expect(page.locator("#unit")).to_have_value(unit or "")
    forget(page)


def test_typing_that_cannot_be_kept_says_so_and_a_link_leads_to_signing_in(opened: Opening) -> None:
    page = opened("employee")
    open_day(page)
    add(page, "Baris sementara")
    page.context.clear_cookies()
    page.locator("#description").press_sequentially("Sesi sudah berakhir")
    expect(page.locator("#ketikan .err")).to_contain_text("belum tersimpan")
    page.locator(".lines a[hx-get]").click()
    page.wait_for_url("**/masuk?**")


def _empty(page: Page, language: str) -> None:
    address = open_day(page)
    page.goto(in_language(address, language))


def _refused(page: Page, language: str) -> None:
    _empty(page, language)
    page.fill("#description", "Jam terbalik")
    page.fill("#starts", "10")
    page.fill("#ends", "9")
    page.fill("#quantity", "1")
    page.fill("#unit", "kali")
    page.locator("#quantity").press("Enter")
    page.locator(".errors").wait_for()


def _filled(page: Page, language: str) -> None:
    for back in range(1, 40):
        page.goto(in_language(f"/kinerja/{clock.now().date() - timedelta(days=back)}", language))
        if page.locator(".lines").count():
            return
    raise AssertionError("the demo employee has written nothing")


def _receipt(page: Page, language: str) -> None:
    for back in range(1, 40):
        answer = page.goto(in_language(f"/kinerja/{clock.now().date() - timedelta(days=back)}/tanda-terima", language))
        if answer is not None and answer.status == 200:
            return
    raise AssertionError("the demo employee has submitted nothing")


PAGES: dict[str, Callable[[Page, str], None]] = {"empty": _empty, "refused": _refused, "filled": _filled, "receipt": _receipt}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_sheet_in_either_theme_on_a_phone_and_on_a_desk(standing: Opening, name: str, language: str) -> None:
    page = standing("employee")
    PAGES[name](page, language)
    everybody_can_use(page, language)


def test_a_sheet_is_a_light_page_and_the_browser_has_nothing_to_complain_of(opened: Opening) -> None:
    page = opened("employee")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = open_day(page)
    traffic = Traffic(page)
    page.goto(address, wait_until="networkidle")
    assert 0 < traffic.bytes <= LATER_VIEW, traffic.addresses
    assert [each for each in complaints if "404" not in each] == []
