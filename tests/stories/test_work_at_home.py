"""A week in which the mayor's office is closed for three days: Siti logs her work at home, and it counts."""

import csv
import io
import re

import pytest

from tests import make
from tests.stories.working import Someone, Workplace
from tests.views.reading import Reading

LINES = [("08:00", "09:30", "Memeriksa berkas domisili"), ("09:30", "11:30", "Menjawab surat elektronik"), ("12:30", "14:00", "Rapat daring"),
         ("14:00", "15:00", "Menyusun laporan"), ("15:00", "16:30", "Menelepon pemohon")]  # fmt: skip
CLOSED, OPEN = ("2020-09-21", "2020-09-22"), "2020-09-23"


@pytest.fixture
def here(app, client, at) -> Workplace:
    """The office of the seeds, closed from Sunday 20 to Tuesday 22 September 2020."""
    at("2020-09-19T20:14+07:00")
    found = Workplace(app, make.office("Kantor Wali Kota Jakarta Pusat"))
    make.closure(found.office, reason="confirmed_case", online=True)
    return found


def log_the_week(siti: Someone, at) -> None:
    """Two days at home while the office is closed, and one more at home though it is open again."""
    for day in (*CLOSED, OPEN):
        at(f"{day}T16:35+07:00")
        address, is_closed = f"/kinerja/{day}", day in CLOSED
        assert siti.fields(address, "kegiatan")["place"] == ["wfh" if is_closed else "wfo"]
        assert ("Kantor tutup" in siti.read(address)) == is_closed
        siti.writes(day, *LINES, place="wfh")
        assert "Nomor tanda terima" in siti.hands_in(day)
        assert not siti.has_form(address, "kegiatan")


def test_a_week_with_three_closed_days_is_logged_at_home_validated_and_stands_in_the_months_sheet(here, at):
    siti, kasubbag = here.siti, here.kasubbag
    at("2020-09-20T10:00+07:00")
    assert "Bukan hari kerja" in siti.read("/kinerja")  # a Sunday: nothing needs to be written
    log_the_week(siti, at)

    at("2020-09-24T08:30+07:00")
    *at_home, wednesday = kasubbag.waiting()
    assert len(at_home) == 2
    kasubbag.decides("approve", *at_home)
    assert "Di rumah, padahal kantor tidak ditutup" in kasubbag.read("/validasi")
    kasubbag.decides("return", wednesday, reason="Rabu kantor sudah buka. Periksa tempatnya.")
    assert kasubbag.waiting() == []

    returned = siti.read(f"/kinerja/{OPEN}")
    assert "Dikembalikan oleh Pak Kasubbag" in returned and "Rabu kantor sudah buka." in returned
    for address in lines(siti, OPEN):
        siti.does(address, f"e{address.rpartition('/')[2]}-ubah", place="wfo")
    siti.hands_in(OPEN)
    kasubbag.decides("approve", *kasubbag.waiting())
    assert "Disetujui oleh Pak Kasubbag" in siti.read(f"/kinerja/{OPEN}")
    month_says(siti)


def lines(who: Someone, day: str) -> list[str]:
    """The addresses at which the lines of a day are changed."""
    return sorted({link for link in Reading(who.open(f"/kinerja/{day}")).links if re.fullmatch(rf"/kinerja/{day}/\d+", link)})


def month_says(siti: Someone) -> None:
    """Three approved days, two of them at home, in the file that one may take along."""
    sheet = list(csv.DictReader(io.StringIO(siti.browser.get("/kinerja/rekap/2020-09.csv").text.lstrip("\ufeff"))))
    kept = {row["day"]: row for row in sheet if row["state"] == "approved"}
    assert list(kept) == [*CLOSED, OPEN]
    assert [(row["effective_wfh"], row["effective_wfo"]) for row in kept.values()] == [("450", "0"), ("450", "0"), ("0", "450")]
    assert kept[OPEN]["returned"] == "1"
