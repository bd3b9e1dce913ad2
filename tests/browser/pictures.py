"""The README's pictures, taken anew from this build: python -m tests.browser.pictures."""

import csv
import struct
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium, live
from tests.browser.pages import THEN
from tests.browser.test_staff import sign_in

FOLDER = live.ROOT / "docs" / "pictures"
MOST = 120_000  # bytes
_SHOTS = {  # name: address, width, height, theme
    "board-1280-light": ("/?pada=2020-09-18T09:00", 1280, 960, "light"),
    "board-360-dark": (f"/?{THEN}", 360, 760, "dark"),
    "office-360-light": (f"/kantor/kantor-wali-kota-jakarta-pusat?{THEN}", 360, 760, "light"),
    "request-form-360-light": ("/permohonan/baru?layanan=surat-keterangan-domisili&kantor=kantor-wali-kota-jakarta-pusat", 360, 760, "light"),
    "notice": (f"/kantor/kantor-wali-kota-jakarta-pusat/pengumuman?{THEN}", 820, 900, "light"),
}
_STAFF_SHOTS = {  # name: who, where it begins, what is pressed there, width, height
    "day-sheet-1280-light": ("employee", "/beranda", "main .tasks a", 1280, 960),
    "validation-1280-light": ("supervisor", "/validasi", "main .queue summary", 1280, 820),
    "inbox-1280-light": ("officer", "/beranda", ".nav a[href='/loket']", 1280, 820),
}


def take(browser: Browser, base_url: str, name: str) -> bytes:
    """One picture, packed small."""
    address, width, height, theme = _SHOTS[name]
    page = browser.new_page(base_url=base_url, viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
    page.goto(address, wait_until="networkidle")
    shot = page.locator(".sheet").screenshot() if name == "notice" else page.screenshot()
    page.close()
    return repacked(shot)


def take_inside(browser: Browser, base_url: str, name: str, accounts: dict[str, dict[str, str]]) -> bytes:
    """One picture of what somebody sees who has signed in."""
    role, address, pressed, width, height = _STAFF_SHOTS[name]
    page = browser.new_page(base_url=base_url, viewport={"width": width, "height": height}, color_scheme="light")
    sign_in(page, accounts[role])
    page.goto(address)
    page.locator(pressed).first.click()
    page.wait_for_load_state("networkidle")
    shot = page.screenshot()
    page.close()
    return repacked(shot)


def repacked(picture: bytes) -> bytes:
    """The same PNG with its 256 commonest colours, each other pixel in the nearest of them; a third of the size."""
    width, height = struct.unpack(">II", picture[16:24])
    pixels = [row[at : at + 3] for row in _rows(picture, width * 3) for at in range(0, width * 3, 3)]
    counted = Counter(pixels)
    palette = [colour for colour, _ in counted.most_common(256)]
    place = {colour: min(range(len(palette)), key=lambda each: _distance(palette[each], colour)) for colour in counted}
    indexed = bytes(place[pixel] for pixel in pixels)
    body = b"".join(b"\0" + indexed[at : at + width] for at in range(0, len(indexed), width))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b""))
    return picture[:8] + b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _rows(picture: bytes, width: int) -> Iterator[bytes]:
    """The rows of an opaque PNG in true colour, without the filters that it was packed with."""
    packed, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        packed += picture[at + 8 : at + 8 + length] if picture[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, above = zlib.decompress(packed), bytes(width)
    for start in range(0, len(raw), width + 1):
        above = _plain(raw[start], bytearray(raw[start + 1 : start + 1 + width]), above)
        yield above


def _plain(kind: int, row: bytearray, above: bytes) -> bytes:
    for at in range(len(row)):
        left, up, corner = (row[at - 3], above[at], above[at - 3]) if at >= 3 else (0, above[at], 0)
        row[at] = (row[at] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    """The neighbour nearest to left + up - corner, as the PNG specification orders them."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, live.portal(Path(folder), has_long_name=False) as base_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.EXECUTABLE, args=[*chromium.ARGUMENTS, "--disable-lcd-text"]
        )  # grey letters pack better than coloured ones
        pictures = {name: take(browser, base_url, name) for name in _SHOTS}
        with (Path(folder) / "demo_accounts.csv").open(encoding="utf-8") as opened:
            accounts = {row["role"]: row for row in csv.DictReader(opened)}
        pictures |= {name: take_inside(browser, base_url, name, accounts) for name in _STAFF_SHOTS}
        browser.close()
    for name, picture in pictures.items():
        (FOLDER / f"{name}.png").write_bytes(picture)
        print(f"{name}.png: {len(picture) / 1000:.0f} kB")  # noqa: T201
    return int(any(len(picture) > MOST for picture in pictures.values()))


if __name__ == "__main__":
    sys.exit(main())
