"""Asking in a real browser: by keyboard alone, on a telephone and on a desk, over a connection that breaks."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opening
from tests.browser.test_weight import _SHIFT, LATER_VIEW, Traffic
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
SERVICE, OFFICE = "surat-keterangan-domisili", "kantor-wali-kota-jakarta-pusat"
SERVICES, OFFICES = "/permohonan/baru", f"/permohonan/baru?layanan={SERVICE}"
FORM = f"{OFFICES}&kantor={OFFICE}"
NUMBER = re.compile(r"/permohonan/(\w{4}-\w{4}-\w{3})")
PDF = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"}


def tab_to(page: Page, selector: str) -> None:
    """On and on with the key that goes from one to the next, until the focus is there."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no key leads to {selector}")


def fill(page: Page) -> None:
    page.fill("#name", "Warga Contoh")
    page.fill("#phone", "081200000000")


def sent(page: Page) -> str:
    """The number to which the form leads."""
    page.click("#permohonan .actions button >> nth=0")
    page.wait_for_url(NUMBER)
    return NUMBER.search(page.url)[1]  # type: ignore[index]


def test_from_the_board_to_a_number_by_keyboard_alone(opened: Opening) -> None:
    page = opened()
    page.goto("/")
    tab_to(page, "nav a[href$='/permohonan/baru']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/permohonan/baru")
    tab_to(page, "#cari")
    page.keyboard.type("domisili")
    page.keyboard.press("Enter")
    page.locator("#services li").nth(1).wait_for(state="detached")
    tab_to(page, f"a[href*='layanan={SERVICE}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**layanan=**")
    tab_to(page, "#cari")
    page.keyboard.type("kantor wali kota jakarta pusat")
    page.keyboard.press("Enter")
    page.locator("#offices li").nth(19).wait_for(state="detached")
    tab_to(page, f"a[href*='kantor={OFFICE}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**kantor=**")
    tab_to(page, "#name")
    page.keyboard.type("Warga Contoh")
    page.keyboard.press("Tab")
    page.keyboard.type("0812 0000 0000")
    page.keyboard.press("Enter")
    page.wait_for_url(NUMBER)


@pytest.mark.parametrize(("address", "language"), [(SERVICES, "en"), (OFFICES, "id")])
def test_everybody_can_choose(standing: Callable[..., Page], address: str, language: str) -> None:
    page = standing()
    page.goto(address + ("&" if "?" in address else "?") + f"bahasa={language}")
    everybody_can_use(page, language)


def test_everybody_can_mend_what_was_refused_and_is_led_to_it(opened: Opening) -> None:
    page = opened()
    page.goto(FORM)
    assert not page.is_visible("#slot")  # it is there for those who come to the counter
    page.check("[value=counter]")
    assert page.is_visible("#slot")
    page.set_input_files("#files", [PDF])
    page.click("#permohonan .actions button >> nth=0")
    page.wait_for_selector(".errors")
    assert page.evaluate("() => document.activeElement.className") == "errors"
    assert page.locator(".errors a").count() == 3  # the slot, the name, and a way to be told
    page.click(".errors a >> nth=0")
    assert page.evaluate("() => document.activeElement.id") == "slot"
    assert page.is_checked("#files_kept1")
    everybody_can_use(page, "id")


def test_everybody_can_read_the_receipt_and_the_label(opened: Opening) -> None:
    page = opened()
    page.goto(FORM)
    page.check("[value=dropbox]")
    fill(page)
    number = sent(page)
    page.goto(f"/permohonan/{number}/bukti")
    everybody_can_use(page, "id")
    page.goto(f"/permohonan/{number}/label?bahasa=en")
    everybody_can_use(page, "en")
    page.emulate_media(media="print")
    box = page.locator(".label-sheet").bounding_box()
    assert box is not None
    assert box["width"] <= 89 / 25.4 * 96 + 1
    assert box["height"] <= 132 / 25.4 * 96 + 1


def test_a_file_that_is_too_large_and_a_connection_that_breaks_cost_nothing(opened: Opening) -> None:
    page = opened()
    page.goto(FORM)
    fill(page)
    page.set_input_files("#files", [PDF])
    page.evaluate("() => { document.getElementById('permohonan').dataset.limit = '0.00001' }")
    page.click("#permohonan .actions button >> nth=0")
    assert "surat.pdf" in page.inner_text(".unsent")  # too large: told before a byte of it is sent
    page.evaluate("() => { document.getElementById('permohonan').dataset.limit = '10' }")
    page.context.set_offline(True)
    page.click("#permohonan .actions button >> nth=0")
    page.locator(".unsent", has_text="Sambungan terputus").wait_for()
    assert "tidak akan ganda" in page.inner_text(".unsent")
    page.context.set_offline(False)
    first = sent(page)
    page.goto(FORM)
    assert first in page.inner_text(".note")


def test_what_one_types_is_there_when_one_comes_back(opened: Opening) -> None:
    page = opened()
    page.goto(FORM)
    page.locator("#description").press_sequentially("Untuk sekolah")
    page.wait_for_selector("#draf span")
    assert "Draf tersimpan pukul" in page.inner_text("#draf")
    page.reload()
    assert page.input_value("#description") == "Untuk sekolah"
    page.click("#draf button")
    page.wait_for_selector("#draf:not(:has(span))", state="attached")
    assert page.input_value("#description") == ""


def test_the_form_is_light_and_nothing_moves_while_it_loads(opened: Opening) -> None:
    page = opened()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.add_init_script(_SHIFT)
    page.goto("/", wait_until="networkidle")
    traffic = Traffic(page)
    page.goto(FORM, wait_until="networkidle")
    assert 0 < traffic.bytes <= LATER_VIEW, traffic.addresses
    assert page.evaluate("() => window.shift") == 0
    page.set_viewport_size({"width": 360, "height": 900})
    page.reload(wait_until="networkidle")
    assert page.evaluate("() => window.shift") == 0
    assert complaints == []
