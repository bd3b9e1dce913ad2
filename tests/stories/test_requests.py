"""Citizens at an office in each of its states, by each channel, with and without e-mail: from the board to the number and to the end."""

from io import BytesIO

import pytest

from portal import clock
from portal.audit import Actor
from portal.services import dropbox, mailbox
from portal.services.mailbox import House
from tests import make
from tests.stories.asking import PDF, Town, to_call
from tests.views.reading import Reading

MARKS = dict.fromkeys(("requirements", "procedure", "time", "cost", "product", "competence", "conduct", "complaints", "facilities"), "4")


@pytest.fixture
def town(app, client, at) -> Town:
    at("2020-09-18T10:00+07:00")  # a Friday on which offices serve
    return Town(app)


def test_at_an_open_office_online_with_e_mail_from_the_board_to_the_result_and_the_survey(town, client, at):
    board = Reading(client.get("/").text)
    assert f"/kantor/{town.office.slug}" in board.links
    assert "Surat keterangan domisili" in Reading(client.get(f"/kantor/{town.office.slug}").text).words
    siti = town.citizen(email="siti@example.org")
    number = siti.asks(town.service, town.office)
    assert siti.letters() == ["request_received"] and number in siti.latest()
    assert "paling lambat Rabu, 23 September" in siti.read()  # three working days from Friday

    at("2020-09-21T09:00+07:00")
    assert town.officer.finds(number)
    town.officer.acts(number, "ambil")
    town.officer.acts(number, "minta", text="Mohon unggah kartu keluarga.")
    assert "Mohon unggah kartu keluarga." in siti.latest()
    at("2020-09-22T20:30+07:00")
    assert "Mohon unggah kartu keluarga." in siti.follows_the_link()
    siti.does("pesan", text="Ini kartu keluarga saya.")
    at("2020-09-23T10:00+07:00")
    assert "Ini kartu keluarga saya." in town.officer.read(f"/loket/{number}")
    town.officer.acts(number, "selesai", text="Surat sudah ditandatangani.", **{"files-selesai": (BytesIO(PDF), "surat.pdf")})
    assert "Selesai" in siti.follows_the_link() and siti.downloads().data.startswith(b"%PDF")
    siti.does("survei", "/survei", **MARKS)
    assert siti.letters() == ["request_received", "request_asked", "request_done"]
    assert to_call() == []


def test_at_a_limited_office_by_the_counter_with_a_telephone_alone(town, client, at):
    make.reduced_hours()
    assert "Layanan terbatas" in Reading(client.get(f"/kantor/{town.office.slug}").text).words
    budi = town.citizen()
    slot = budi.slots(town.service, town.office)[-1]
    number = budi.asks(town.service, town.office, "counter", slot=slot)
    assert town.row(budi).clock_from is None
    at(slot)
    town.officer.acts(number, "datang")
    town.officer.acts(number, "siap", place="Loket 2, hari kerja 08.00–13.00")
    assert to_call() == ["request_ready"]
    assert "Warga Contoh" in town.officer.calls() and "081200000077" in town.officer.open("/surat/telepon")
    budi.takes_another_device()
    assert "0812" not in budi.read().replace("0812 ••••", "")
    budi.does("buka", digits="0077")
    assert "Loket 2, hari kerja 08.00–13.00" in budi.read()
    town.officer.acts(number, "selesai", text="")
    assert "Selesai" in budi.read()


def test_at_an_office_that_serves_from_a_distance_by_the_drop_box_with_both(town, client, at):
    make.closure(town.office, reason="confirmed_case", online=True, dropbox=True, first="2020-09-18", days=5, now=make.local("2020-09-17T20:00"))
    siti = town.citizen(email="siti@example.org")
    refused = siti.sends(siti.form(town.service, town.office), "permohonan", channel="counter", description="Untuk sekolah.", **siti.contact)
    assert refused.status_code == 422 and "Untuk sekolah." in refused.text
    number = siti.asks(town.service, town.office, "dropbox")
    label = siti.open(f"/permohonan/{number}/label")
    assert number in label and "<svg" in label and "lobi Blok A" in label and "Warga Contoh" not in label
    officer = Actor(town.officer.person.name, town.officer.person.id)
    now = at("2020-09-18T15:00+07:00")
    pickup = dropbox.open_box(town.box, now, "Laras", "Bayu", 1, by=officer, now=now)
    item = dropbox.match(pickup, number, by=officer, now=now)
    assert "request_collected" in siti.letters()
    now = at("2020-09-24T09:00+07:00")
    dropbox.unseal([item], by=officer, now=now)
    town.officer.acts(number, "selesai", text="Surat terlampir.", **{"files-selesai": (BytesIO(PDF), "surat.pdf")})
    siti.follows_the_link()
    assert siti.downloads().status_code == 200
    assert siti.letters() == ["request_received", "request_collected", "request_done"]


def test_at_a_suspended_office_one_is_led_to_another_and_served_there(town, client, at):
    make.closure(town.office, online=False, dropbox=False, first="2020-09-18", days=3, now=make.local("2020-09-17T20:00"))
    budi = town.citizen(email="budi@example.org")
    page = Reading(budi.open(budi.form(town.service, town.office)))
    assert "Kantor Tetangga" in page.words
    for channel in ("online", "dropbox", "email"):
        answer = budi.browser.post("/permohonan/baru", {"service": town.service.slug, "office": town.office.slug, "channel": channel, **budi.contact})
        assert answer.status_code == 422
    number = budi.asks(town.service, town.other)
    assert town.neighbour.finds(number) and not town.officer.finds(number)
    town.neighbour.acts(number, "ambil")
    at("2020-09-21T11:00+07:00")
    town.neighbour.acts(number, "serahkan", office=town.office.slug, reason="Alamat Anda di wilayah Kantor Wali Kota.")
    assert "request_moved" in budi.letters() and "Alamat Anda di wilayah Kantor Wali Kota." in budi.latest()
    assert town.officer.finds(number)
    town.officer.acts(number, "tolak", text="Surat sewa tidak dapat dibaca.")
    assert "Inspektorat, telepon 1500" in budi.latest()
    assert "Ditolak" in budi.follows_the_link() and "Surat sewa tidak dapat dibaca." in budi.read()


def test_at_night_online_with_a_telephone_alone_every_word_comes_by_a_call(town, client, at):
    at("2020-09-18T22:40+07:00")
    ibu = town.citizen()
    number = ibu.asks(town.service, town.office)
    assert "paling lambat Rabu, 23 September" in ibu.read() and to_call() == []
    at("2020-09-21T08:30+07:00")
    town.officer.acts(number, "minta", text="Mohon bawa surat pengantar RT.")
    assert to_call() == ["request_asked"] and "Mohon bawa surat pengantar RT." in town.officer.calls()
    town.officer.acts(number, "jawab", text="Surat pengantar dititipkan di loket.")
    town.officer.acts(number, "selesai", text="Surat keterangan diserahkan.")
    ibu.takes_another_device()
    found = ibu.sends("/lacak", "lacak", number=number.lower().replace("-", " "))
    assert found.headers["Location"].endswith(number)
    ibu.does("buka", digits="0077")
    assert "Surat keterangan diserahkan." in ibu.read()


def test_a_letter_by_e_mail_becomes_a_request_and_the_answers_join_it(town, at):
    house = House(town.service, town.office)

    def arrives(mark: str, subject: str, text: str) -> None:
        head = f"From: Dewi <dewi@example.org>\r\nTo: surat@kantor.example\r\nMessage-ID: <{mark}@example.org>\r\nSubject: {subject}\r\n"
        mailbox.take(f"{head}Date: Fri, 18 Sep 2020 10:00:00 +0700\r\n\r\n{text}\r\n".encode(), house, now=clock.now())

    dewi = town.citizen(email="dewi@example.org")
    arrives("m1", "Surat domisili", "Mohon surat keterangan domisili.")
    assert dewi.letters() == ["request_received"]
    dewi.number = make.requests.ServiceRequest.get().number
    town.officer.acts(dewi.number, "minta", text="Mohon kirim kartu keluarga.")
    arrives("m2", f"Re: permohonan {dewi.number}", "Ini kartu keluarga saya.")
    assert "Ini kartu keluarga saya." in town.officer.read(f"/loket/{dewi.number}")
    town.officer.acts(dewi.number, "selesai", text="Surat terlampir.", **{"files-selesai": (BytesIO(PDF), "surat.pdf")})
    dewi.follows_the_link()
    assert dewi.downloads().status_code == 200


def test_an_appointment_is_moved_missed_and_the_request_taken_back(town, at):
    budi = town.citizen(email="budi@example.org")
    slots = budi.slots(town.service, town.office)
    number = budi.asks(town.service, town.office, "counter", slot=slots[0])
    budi.does("jadwal", "/jadwal", slot=slots[5])
    assert "request_rescheduled" in budi.letters()
    at(slots[9])
    town.officer.acts(number, "tidak-datang")
    assert "request_missed" in budi.letters()
    budi.follows_the_link()
    budi.does("batal", reason="Sudah tidak perlu.")
    assert "Dibatalkan" in budi.read() and "request_cancelled" in budi.letters()
    assert not town.officer.finds(number)


def test_whoever_leaves_neither_telephone_nor_e_mail_is_asked_for_one_and_loses_nothing(town):
    nobody = town.citizen(phone="")
    answer = nobody.sends(nobody.form(town.service, town.office), "permohonan", channel="online", description="Untuk sekolah anak.", **nobody.contact)
    assert answer.status_code == 422 and "Untuk sekolah anak." in answer.text
    assert "supaya kami dapat memberi kabar" in Reading(answer.text).words
