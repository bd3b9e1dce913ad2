"""The desk in a real browser: a request from the telephone to its end by keyboard alone, and pages that everybody can use."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opening
from tests.browser.pages import in_language
from tests.browser.usable import everybody_can_use

pytestmark = pytest.mark.browser
FORM = "/loket/baru?layanan=surat-keterangan-domisili&kantor=kantor-wali-kota-jakarta-pusat"


def filed(page: Page) -> str:
    """A request that somebody has told on the telephone, written down without the mouse; its address."""
    page.goto(FORM)
    page.locator("input[name=origin]").first.focus()
    page.keyboard.press("Space")
    page.locator("input[name=channel][value=online]").focus()
    page.keyboard.press("Space")
    page.locator("#name").focus()
    page.keyboard.type("Warga Telepon")
    page.keyboard.press("Tab")
    page.keyboard.type("081277776666")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/loket/[0-9A-Z-]{13}\?sudah=baru"))
    return page.url.partition("?")[0]


def test_a_request_is_filed_claimed_and_finished_with_the_keyboard_alone(opened: Opening) -> None:
    page = opened("officer")
    address = filed(page)
    expect(page.locator("[role=status]")).to_contain_text("Sebutkan nomornya")
    page.locator("#f-ambil button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1 + .lead")).to_contain_text("Dikerjakan")
    page.locator("summary", has_text="Catatan untuk rekan").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Sudah saya hubungi.")
    page.locator("#f-catatan .actions button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".line.said")).to_contain_text("Sudah saya hubungi.")
    page.locator("#selesai-text").focus()
    page.keyboard.type("Suratnya sudah diserahkan.")
    page.locator("#f-selesai .actions button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1 + .lead")).to_contain_text("Sudah selesai")
    page.goto("/loket?q=" + address.rpartition("/")[2].lower().replace("-", " "))
    expect(page.locator(".t-desk tbody tr")).to_have_count(1)


def test_a_ready_answer_goes_into_the_field_and_what_was_typed_stays(opened: Opening) -> None:
    page = opened("officer")
    page.goto("/loket/jawaban")
    page.fill("#title", "Foto KTP")
    page.select_option("#use", "ask")
    page.fill("#text", "Yth. {nama}, mohon kirim foto KTP.")
    page.locator("#jawaban button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    address = filed(page)
    page.goto(address)
    page.locator("summary", has_text="Minta sesuatu kepada pemohon").click()
    page.fill("#minta-text", "Selamat pagi.")
    page.select_option("#minta-canned", label="Foto KTP")
    page.locator("#f-minta [name=sisip]").click()
    expect(page.locator("#minta-text")).to_have_value("Selamat pagi.\n\nYth. Warga Telepon, mohon kirim foto KTP.")
    assert page.url == address
    page.locator("#f-minta .actions button").click()
    expect(page.locator("h1 + .lead")).to_contain_text("Menunggu warga")


def test_several_are_claimed_without_script(opened: Opening) -> None:
    page = opened("officer", java_script_enabled=False)
    for _ in range(2):
        filed_without_script(page)
    page.goto("/loket?q=081277776666")
    before = page.locator("input[name=permohonan]").count()
    page.goto("/loket?q=081277776666&pilih=semua")
    expect(page.locator("input[name=permohonan]:checked")).to_have_count(before)
    page.locator("button[value=ambil]").click()
    expect(page.locator("h1")).to_be_visible()
    page.goto("/loket?saring=saya")
    expect(page.locator(".t-desk tbody tr").first).to_be_visible()


def filed_without_script(page: Page) -> None:
    page.goto(FORM)
    page.check("input[name=origin][value=phone]")
    page.check("input[name=channel][value=online]")
    page.fill("#name", "Warga Tanpa Skrip")
    page.fill("#phone", "081277776666")
    page.locator("#catat .actions button").click()
    page.wait_for_url(re.compile(r"sudah=baru"))


@pytest.fixture(scope="module")
def one(browser, state_of, base_url) -> str:
    """The address of a request with something in its history."""
    context = browser.new_context(base_url=base_url, storage_state=state_of("officer"))
    address = filed(context.new_page())
    context.close()
    return address


PAGES: dict[str, Callable[[str], str]] = {
    "inbox": lambda one: "/loket",
    "nothing found": lambda one: "/loket?q=zzzz",
    "request": lambda one: one,
    "filing": lambda one: FORM,
    "choosing": lambda one: "/loket/baru",
    "ready answers": lambda one: "/loket/jawaban",
    "paper": lambda one: "/loket/cetak",
    "counter": lambda one: "/loket/janji",
    "boxes": lambda one: "/loket/kotak",
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_desk(standing: Callable[[str], Page], one: str, name: str, language: str) -> None:
    page = standing("officer")
    page.goto(in_language(PAGES[name](one), language))
    everybody_can_use(page, language)
