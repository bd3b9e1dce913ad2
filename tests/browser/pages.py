"""The public pages that every browser test visits, each with what is particular about it."""

from tests.browser.live import LONG

THEN = "pada=2020-09-22T09:00"
PAGES = {
    "board": "/",
    "board of another day": f"/?{THEN}",
    "region": "/?wilayah=31.71",
    "search": "/?q=gambir",
    "search without result": "/?q=xyzzy",
    "office closed": f"/kantor/kantor-wali-kota-jakarta-pusat?{THEN}",
    "office partly open": "/kantor/kantor-dinas-kesehatan-dki-jakarta?pada=2020-09-18T10:00",
    "office with a long name": f"/kantor/{LONG}?{THEN}",
    "notice": f"/kantor/{LONG}/pengumuman?{THEN}",
    "no such page": "/kantor/tidak-ada",
    "data": "/data",
    "history": "/wilayah/31/riwayat",
    "map": f"/wilayah/31/peta?{THEN}",
    "frame": f"/sematan?{THEN}",
    "figures": "/angka",
    "services": "/layanan",
    "service": "/layanan/surat-keterangan-domisili",
    "service at the counter alone": "/layanan/perekaman-ktp-el?q=menteng",
    "board of a service": "/?layanan=surat-keterangan-domisili",
}


def in_language(address: str, language: str) -> str:
    return address + ("&" if "?" in address else "?") + f"bahasa={language}"
