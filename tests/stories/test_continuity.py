"""Forty-eight people whose office closes, closes for longer and opens early: what each of them sees and gets, and what the office and the public see."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from portal.outbox import SENT, Letter
from portal.services.models import ServiceRequest
from tests.stories.affected import HALL, PLACE, Hall, link_of, mailed, text_of
from tests.views.reading import Reading

WEEKDAYS = {14: "Senin", 16: "Rabu", 17: "Kamis", 18: "Jumat", 20: "Minggu", 21: "Senin", 22: "Selasa", 23: "Rabu", 24: "Kamis", 25: "Jumat", 28: "Senin"}
WHY = "karena ada pegawai terkonfirmasi positif Covid‑19"

# Who lost a time: the time, the one held when the closure is declared, the answer, the one after the longer closure, and the one at last.
TURNS = {
    "J1": ("21 08.00", "23 08.00", "", "24 08.00", "24 08.00"),
    "J2": ("21 08.30", "23 08.30", "accepts", "24 09.00", "24 09.00"),  # whom the longer closure takes the accepted time
    "J3": ("21 09.00", "23 09.00", "goes online", "", ""),
    "J4": ("21 09.30", "23 09.30", "", "24 09.30", "24 09.30"),
    "J5": ("21 10.00", "24 10.00", "accepts", "24 10.00", "24 10.00"),
    "J6": ("21 10.30", "24 10.30", "", "24 10.30", "24 10.30"),
    "J7": ("22 08.00", "24 08.00", "chooses", "25 12.00", "25 12.00"),
    "J8": ("22 08.30", "24 08.30", "", "24 08.30", "24 08.30"),
    "J9": ("22 09.00", "25 09.00", "accepts later", "25 09.00", "25 09.00"),
    "J10": ("22 09.30", "25 09.30", "", "25 09.30", "24 11.00"),  # who comes earlier once the office opens early
    "J11": ("22 10.00", "25 10.00", "", "25 10.00", "25 10.00"),
    "J12": ("22 10.30", "25 10.30", "", "25 10.30", "25 10.30"),
}
# Three working days from a day of September: until when, until when with the closure, with the longer one, and once it has ended early.
DUES = {16: (21, 23, 24, 23), 17: (22, 24, 25, 24), 18: (23, 25, 28, 25)}
FILED = {f"P{number}": (16, 17, 18)[number % 3] for number in range(1, 32)}
CHANNELS = {"P26": "email", "P27": "email", "P28": "email", "P29": "dropbox", "P30": "dropbox", "P31": "dropbox"}
WAITING = [f"H{number}" for number in range(1, 6)]
UNMAILED = {"J4", "P3", "H5"}
FINISHED, ASKED = {"P1", "P2"}, "P4"


@dataclass
class Expected:
    """What an act brings: by whom a letter or a call with which subject and words, and for all how their page begins and what it says."""

    letters: dict[str, tuple[str, str]] = field(default_factory=dict)
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)


def on(day: int, today: int = 0) -> str:
    """«besok, Rabu, 23 September» to a reader of a day, «Rabu, 23 September 2020» in a letter."""
    near = {0: "hari ini, ", 1: "besok, "}.get(day - today, "") if today else ""
    return f"{near}{WEEKDAYS[day]}, {day} September{'' if today else ' 2020'}"


def when(turn: str, today: int = 0) -> str:
    day, hour = turn.split()
    return f"{on(int(day), today)} pukul {hour} WIB"


def moved(turn: str, to: str) -> tuple[str, str]:
    return "Waktu baru untuk janji temu Anda", f"Janji temu Anda {when(turn)} dipindah ke {when(to)}. Waktu itu sudah kami sediakan untuk Anda."


def later(before: int, after: int) -> tuple[str, str]:
    return "Batas waktu permohonan Anda bergeser", f"Paling lambat selesai {on(after)}, semula {on(before)}."


def away(last: int, first: int = 20) -> tuple[str, str]:
    return "Jangan datang dulu untuk mengambil hasil Anda", f"Hasil Anda tidak dapat diambil dari {on(first)} sampai {on(last)}."


def at_work(due: int, pause: str, today: int) -> tuple[str, str]:
    return f"Sedang diproses, selesai paling lambat {on(due, today)}", pause


def kept(turn: str, today: int) -> tuple[str, str]:
    return f"Janji temu {when(turn, today)}", "Waktu ini sudah Anda pastikan."


def held(lost: str, turn: str, today: int) -> tuple[str, str]:
    """The page of somebody who has not answered."""
    said = f"Janji temu Anda {when(lost, today)} tidak dapat dilayani karena kantor tutup"
    return f"Waktu baru untuk Anda: {when(turn, today)}", said


def declared() -> Expected:
    """On Saturday, for three days from Sunday on."""
    found = Expected()
    for key, (lost, turn, *_) in TURNS.items():
        found.letters[key], found.pages[key] = moved(lost, turn), held(lost, turn, 19)
    for key, day in FILED.items():
        found.letters[key] = later(*DUES[day][:2])
        found.pages[key] = at_work(DUES[day][1], "Jeda 2 hari kerja: penutupan 20–22 Sep.", 19)
    for key in WAITING:
        found.letters[key] = away(22)
        found.pages[key] = "Hasilnya siap diambil", f"dapat diambil lagi mulai {when('23 08.00', 19)}"
    return found


def extended() -> Expected:
    """On Tuesday, by a day: whose new time lies in it is told again, whose deadline moves, and whose result waits."""
    found = Expected()
    found.letters = {key: moved(TURNS[key][1], TURNS[key][3]) for key in ("J1", "J2", "J4")} | {"J3": later(25, 28)}
    found.pages = {key: held(turn[0], turn[3], 22) for key, turn in TURNS.items() if turn[3]}
    found.pages |= {"J2": held("23 08.30", "24 09.00", 22), "J5": kept("24 10.00", 22), "J7": (f"Janji temu {when('25 12.00', 22)}", "Pilih waktu lain"),
                    "J3": (f"Sudah diterima, selesai paling lambat {on(28, 22)}", "Jeda 2 hari kerja: penutupan 20–23 Sep.")}  # fmt: skip
    for key, day in FILED.items():
        found.letters[key] = later(*DUES[day][1:3])
        found.pages[key] = at_work(DUES[day][2], "Jeda 3 hari kerja: penutupan 20–23 Sep.", 22)
    for key in WAITING:
        found.letters[key] = away(23, 22)
        found.pages[key] = f"Jangan datang dulu: dapat diambil lagi mulai {when('24 08.00', 22)}", "kantor tutup"
    return _without_the_settled(found, 22)


def reopened() -> Expected:
    """On Wednesday morning, a day early: an earlier time is offered to who has not answered, and nobody is moved."""
    found = Expected()
    found.pages = {key: held(turn[0], turn[3], 23) for key, turn in TURNS.items() if turn[3]}
    found.pages |= {"J2": held("23 08.30", "24 09.00", 23), "J5": kept("24 10.00", 23), "J9": kept("25 09.00", 23),
                    "J7": (f"Janji temu {when('25 12.00', 23)}", "Pilih waktu lain"),
                    "J3": (f"Sudah diterima, selesai paling lambat {on(25, 23)}", "Jeda 1 hari kerja: penutupan 20–23 Sep.")}  # fmt: skip
    found.letters["J3"] = later(28, 25)
    for key in ("J10", "J11", "J12"):
        found.letters[key] = "Anda boleh datang lebih awal", f"Anda boleh memilih waktu mulai {when('24 11.00')}. Kalau tidak, janji temu Anda tetap."
        found.pages[key] = found.pages[key][0], f"Anda boleh memilih waktu mulai {when('24 11.00', 23)}; kalau tidak, waktu ini tetap."
    for key, day in FILED.items():
        found.letters[key] = later(*DUES[day][2:])
        found.pages[key] = at_work(DUES[day][3], "Jeda 2 hari kerja: penutupan 20–23 Sep.", 23)
    del found.letters["P3"]  # called on Monday and not since: by now all is as it was said then
    for key in WAITING:
        found.letters[key] = "Hasil Anda dapat diambil lagi", "Hasil Anda dapat diambil lagi seperti biasa."
        found.pages[key] = "Hasilnya siap diambil", f"Ambil di {PLACE}."
    return _without_the_settled(found, 23)


def _without_the_settled(found: Expected, today: int) -> Expected:
    """Who has a result already, and who is asked for something, has nothing to be told."""
    for key in (*FINISHED, ASKED):
        del found.letters[key]
    found.pages |= {key: (f"Selesai {on(21, today)}", "Permohonan ini selesai.") for key in FINISHED}
    found.pages[ASKED] = "Menunggu jawaban Anda", "Petugas meminta sesuatu dari Anda."
    return found


@pytest.fixture
def hall(app, client, at):
    at("2020-09-19T20:14+07:00")
    with mailed(app) as peer:
        made = Hall(app, peer)
        for key, (lost, *_) in TURNS.items():
            made.books(key, int(lost[:2]), lost[3:].replace(".", ":"), has_mail=key not in UNMAILED)
        for key, day in FILED.items():
            made.asks(key, day, CHANNELS.get(key, "online"), has_mail=key not in UNMAILED)
        for key in WAITING:
            made.waits_to_be_fetched(key, has_mail=key not in UNMAILED)
        Letter.update(state=SENT).execute()  # what was written before has gone out
        yield made


def check(hall: Hall, expected: Expected, calls: set[str]) -> None:
    """Each of the forty-eight got what is expected, once and no more, and sees it, from outside and inside."""
    letters = hall.works_off()
    assert {key: len(some) for key, some in letters.items()} == dict.fromkeys(expected.letters.keys() - UNMAILED, 1)
    called = hall.calls()
    assert called.keys() == calls
    assert len(hall.people) == 48
    for key, one in hall.people.items():
        link = link_of(letters[key][0]) if key in letters else ""
        if key in expected.letters:
            subject, says = (f"{expected.letters[key][0]} ({one.number})", expected.letters[key][1])
            words = text_of(letters[key][0]) if link else called[key]
            assert subject == letters[key][0].message["Subject"] if link else subject in words, key
            assert words.count(says) == 1 and one.number in words, (key, words)
        see(one, link, *expected.pages[key])


def see(one: Any, link: str, headline: str, says: str) -> None:
    """The page of a request: to its citizen, by the mailed link, and to whoever has the number."""
    if link or one.key in UNMAILED:
        one.enters(link)
    inside, there = one.read(), f"Permohonan {one.number} {headline}"
    assert there in inside and says in inside and "Buka permohonan ini" not in inside, (one.key, inside)
    if one.key in FILED and int(one.key[1:]) > 3:
        return  # of those who wait for a paper three are looked at from outside: the page is made the same way
    anybody = Reading(one.app.test_client().get(f"/permohonan/{one.number}").text).words
    assert there in anybody and says in anybody, (one.key, anybody)
    assert one.contact["name"] not in anybody and one.contact["phone"] not in anybody


def counters(hall: Hall, column: int, *days: int) -> None:
    """The counter's days show who comes when, and nobody else."""
    for day in days:
        turns = sorted((turn[column], key) for key, turn in TURNS.items() if turn[column].startswith(str(day)))
        words = hall.officer.read(f"/loket/janji/2020-09-{day}")
        assert f"{len(turns)} janji temu" in words
        places = [words.index(f"{turn[3:]} Warga {key} ") for turn, key in turns]
        assert places == sorted(places)


def public(client: Any, at: str, state: str, sentence: str, board: str, feed: str) -> None:
    """Page, notice, interface and board say the same of a moment, and the feeds that people follow tell the closure as it is by now."""
    fact = client.get(f"/api/v1/offices/{HALL}?at={at}").get_json()
    assert fact["state"] == state and fact["sentence"] == sentence
    assert sentence in Reading(client.get(f"/kantor/{HALL}?pada={at}").text).words
    assert sentence.rpartition("besok, ")[2].partition(" pukul")[0] in Reading(client.get(f"/kantor/{HALL}/pengumuman?pada={at}").text).words
    assert board in Reading(client.get(f"/?pada={at}").text).words
    for address in (f"/kantor/{HALL}/umpan.atom", "/umpan/31.71.atom"):
        assert feed in Reading(client.get(address).text).words


def test_everybody_is_carried_through_a_closure_a_longer_one_and_an_early_reopening(hall, client, at):
    numbers = {row.number for row in ServiceRequest.select()}
    closure = declares(hall)
    check(hall, declared(), UNMAILED)
    desk(hall)
    door(hall, closure)
    opens = "Buka lagi besok, Rabu, 23 September pukul 08.00 WIB."
    public(client, "2020-09-22T09:00", "remote", f"Tutup tatap muka sampai hari ini, Selasa, 22 September. {opens}", opens, f"sampai {on(22)}.")
    at("2020-09-21T10:00+07:00")
    answers(hall)

    at("2020-09-22T09:00+07:00")
    hall.acts(closure, "perpanjang", ends="2020-09-23", reason="Belum aman.")
    check(hall, extended(), UNMAILED | {"J6", "J8"})
    named(hall, 3, "J6", "J8")
    counters(hall, 3, 24, 25)
    opens = "Buka lagi besok, Kamis, 24 September pukul 08.00 WIB."
    public(client, "2020-09-23T09:00", "remote", f"Tutup tatap muka sampai hari ini, Rabu, 23 September. {opens}", opens, f"sampai {on(23)}.")
    hall.people["J9"].does("terima")

    at("2020-09-23T07:30+07:00")
    hall.acts(closure, "buka", reason="Sudah aman.")
    check(hall, reopened(), (UNMAILED - {"P3"}) | {"J1", "J2", "J6", "J8", "J10", "J11", "J12"})
    named(hall, 3, "J1", "J2", "J6", "J8", "J10", "J11", "J12")
    comes_earlier(hall)
    public(client, "2020-09-23T09:00", "limited", "Jam layanan dipersingkat: buka sampai pukul 13.30.", "Semua kantor melayani seperti biasa",
           f"sampai {on(23)} pukul 07.30 WIB.")  # fmt: skip
    assert {row.number for row in ServiceRequest.select()} == numbers
    (fact,) = client.get("/api/v1/closures").get_json()
    assert [act["what"] for act in fact["history"]] == ["announced", "extended", "reopened"]


def declares(hall: Hall) -> str:
    """The head looks first, at whom it touches, and declares: the closure's page."""
    words, form = hall.previews(starts="2020-09-20", ends="2020-09-22")
    for said in ("48 pemohon", "12 Janji temu pada masa tutup", "5 Hasil siap diambil", "31 Batas waktu yang bergeser", "3 Tanpa surel"):
        assert said in words
    assert hall.works_off() == {} and hall.calls() == {}
    return str(hall.head.browser.post("/penutupan/baru", {**form, "action": "declare"}).headers["Location"])


def desk(hall: Hall) -> None:
    """Those who serve see it: the inbox by its new deadlines, the counter's days, and a request with what happened to it."""
    assert hall.officer.read("/loket").index(hall.people["P3"].number) < hall.officer.read("/loket").index(hall.people["P1"].number)
    counters(hall, 1, 23, 24, 25)
    words = hall.officer.read(f"/loket/{hall.people['J1'].number}")
    assert f"Janji temu {when('21 08.00', 19)} dipindah ke {when('23 08.00', 19)}" in words


def door(hall: Hall, closure: str) -> None:
    """The sheet for the door that the head prints the evening before says why and until when."""
    link = next(link for link in Reading(hall.head.open(closure)).links if "/pengumuman" in link and HALL in link)
    words = Reading(hall.app.test_client().get(link).text).words
    assert f"Tutup tatap muka {on(20)} sampai {on(22)}." in words and f"Buka lagi {when('23 08.00')}" in words
    assert "terkonfirmasi positif" in words


def answers(hall: Hall) -> None:
    """On Monday some answer on the page that the letter leads to, those without e-mail are called, and the office works at home."""
    for key in ("J2", "J5"):
        hall.people[key].does("terima")
    hall.people["J7"].does("jadwal", "/jadwal", slot="2020-09-25T12:00")
    hall.people["J3"].does("kanal", "/kanal", channel="online")
    for key in sorted(UNMAILED):
        hall.has_called(key)
    for key in sorted(FINISHED):
        hall.officer.acts(hall.people[key].number, "selesai", text="Surat terlampir.")
    hall.officer.acts(hall.people[ASKED].number, "minta", text="Mohon unggah kartu keluarga.")
    assert sorted(hall.works_off()) == ["J3", "J7", "P1", "P2", "P4"]
    assert hall.calls().keys() == {"J1"}


def comes_earlier(hall: Hall) -> None:
    """One chooses the earlier time, and is called no more."""
    hall.people["J10"].does("jadwal", "/jadwal", slot="2020-09-24T11:00")
    assert hall.calls().keys() == (UNMAILED - {"P3"}) | {"J1", "J2", "J6", "J8", "J11", "J12"}
    counters(hall, 4, 24, 25)


def named(hall: Hall, column: int, *keys: str) -> None:
    """Whom the office calls because no answer came, two working days before: each with the time that is held now and no other."""
    called = hall.calls()
    for key in keys:
        assert called[key].count("Kami sudah menyediakan gantinya: ") == 1, called[key]
        assert f"Kami sudah menyediakan gantinya: {when(TURNS[key][column])} di Kantor Wali Kota Jakarta Pusat" in called[key], called[key]
