"""A letter by e-mail is a request, or joins one; what machines write, and what comes twice, is neither."""

from datetime import timedelta

import pytest

from portal import files
from portal.outbox import Letter
from portal.refusals import NotFound
from portal.services import following, handling, mailbox
from portal.services.mailbox import IGNORED, REPLY, REQUEST, TURNED_AWAY
from portal.services.models import MAIL, InboundLetter, RequestEvent, RequestFile, ServiceRequest
from tests import make
from tests.pictures import PDF, PROGRAM, ZIP, png_saying
from tests.services.writing import PHOTO, letter, raw
from tests.together import at_once

NOW = make.local("2020-09-18T10:12")
OFFICER = make.Actor("Sari Petugas", 1)


@pytest.fixture
def house(database, tmp_path):
    files.use(tmp_path, limit=10, count=5)
    return _house()


def _house():
    office = make.office("Kantor Pusat", email="layanan@kota.example")
    service = make.service("Surat lain", at=[office], particulars=[{"is_required": True}])
    return mailbox.House(service, office, frozenset({"portal@kota.example"}), "portal.example")


def take(made, house, now=NOW):
    return mailbox.take(made if isinstance(made, bytes) else made.as_bytes(), house, now=now)


def told(name):
    return list(Letter.select().where(Letter.name == name))


def test_a_letter_becomes_a_request_whose_number_its_sender_gets(house):
    noted = take(letter("Mohon surat.\nTerima kasih.", files={"kk.pdf": PDF}), house)
    request = noted.request
    assert (noted.outcome, request.channel, request.origin, request.office_id) == (REQUEST, "email", MAIL, house.office.id)
    assert (request.name, request.email, request.description) == ("Siti Aminah", "siti@warga.example.org", "Surat domisili\n\nMohon surat.\nTerima kasih.")
    assert request.clock_from == NOW and request.due_on is not None
    assert [each.attachment.name for each in RequestFile.select()] == ["kk.pdf"]
    [received] = told("request_received")
    assert (received.email, received.facts["number"]) == ("siti@warga.example.org", request.number)


def test_the_same_letter_however_often_it_is_fetched_is_one(house):
    first, second = take(letter(), house), take(letter("Lain isinya."), house)
    assert first == second
    assert ServiceRequest.select().count() == InboundLetter.select().count() == len(told("request_received")) == 1


def test_two_workers_that_take_one_letter_at_once_make_one_request(shared, tmp_path):
    files.use(tmp_path, limit=10, count=5)
    house, made = _house(), letter(files={"kk.pdf": PDF}).as_bytes()
    assert at_once(*[lambda: mailbox.take(made, house, now=NOW)] * 6) == ["done"] * 6
    assert ServiceRequest.select().count() == InboundLetter.select().count() == RequestFile.select().count() == 1


def test_an_office_that_the_letter_was_sent_to_gets_it_if_it_gives_the_service(house):
    other = make.office(email="Kelurahan@kota.example")
    make.ServiceOffice.create(service=house.service, office=other)
    stranger = make.office(email="pajak@kota.example")
    assert take(letter(to="kelurahan@kota.example"), house).request.office_id == other.id
    assert take(letter(to=stranger.email, mark="<2@x>"), house).request.office_id == house.office.id


@pytest.mark.parametrize("where", ["subject", "text", "quoted"])
def test_an_answer_joins_its_request_wherever_the_number_stands(house, where):
    request = take(letter(), house).request
    handling.ask(request, "Mohon kirim KK.", by=OFFICER, now=NOW)
    said = {"subject": {"subject": f"Re: Petugas meminta sesuatu ({request.number})"}, "text": {"text": f"Untuk {request.number.lower()}: ini KK saya."},
            "quoted": {"text": f"Ini KK saya.\n\nPada Jumat Tetap Melayani menulis:\n> Permohonan {request.number}"}}[where]  # fmt: skip
    noted = take(letter(**{"text": "Ini KK saya.", **said}, mark="<2@x>", files={"kk.pdf": PDF}), house, NOW + timedelta(hours=1))
    assert (noted.outcome, noted.request) == (REPLY, request)
    now = ServiceRequest.get_by_id(request.id)
    assert (now.state, now.news_at) == ("in_progress", NOW + timedelta(hours=1))
    event = RequestEvent.select().order_by(RequestEvent.id.desc()).first()
    assert event.what == following.ANSWERED and "ini kk saya" in event.text.lower() and ">" not in event.text
    assert RequestFile.get().event_id == event.id
    assert len(told("request_received")) == 1


def test_nobody_elses_letter_joins_a_request(house):
    request = take(letter(), house).request
    noted = take(letter(subject=f"Re: {request.number}", sender="Orang <lain@warga.example.org>", mark="<2@x>"), house)
    assert noted.outcome == REQUEST and noted.request != request
    assert ServiceRequest.get_by_id(request.id).news_at is None


def test_a_number_that_is_mistyped_or_unknown_makes_a_new_request(house):
    assert take(letter(subject="Re: 7KQ4-M2XT-9BD"), house).outcome == REQUEST
    assert take(letter(subject="Re: AAAA-AAAA-AAA", mark="<2@x>"), house).outcome == REQUEST


@pytest.mark.parametrize(
    "made",
    [letter(Auto_Submitted="auto-replied"), letter(sender="mailer-daemon@x.example"), letter(sender="portal@kota.example"),
     letter(mark="<letter-7.1600000000@portal.example>"), letter(sender="")],
)  # fmt: skip
def test_machines_and_our_own_letters_are_noted_and_not_answered(house, made):
    assert take(made, house).outcome == IGNORED
    assert ServiceRequest.select().count() == Letter.select().count() == 0


def test_an_answer_to_our_letter_is_not_taken_for_our_own(house):
    assert take(letter(In_Reply_To="<letter-7.1600000000@portal.example>"), house).outcome == REQUEST


def test_a_machine_that_answers_every_answer_is_stopped_and_people_are_not(house):
    outcomes = [take(letter(mark=f"<{count}@x>"), house).outcome for count in range(25)]
    assert outcomes == [REQUEST] * 20 + [TURNED_AWAY] * 5
    assert take(letter(sender="lain@warga.example.org", mark="<a@x>"), house).outcome == REQUEST
    assert take(letter(mark="<b@x>"), house, NOW + timedelta(hours=2)).outcome == REQUEST


def test_what_cannot_be_kept_is_told_by_name_and_the_rest_is_kept(house):
    bomb, many = png_saying(60_000, 60_000), {f"foto{count}.jpg": PHOTO for count in range(5)}
    sent = {"program.exe": PROGRAM, "arsip.zip": ZIP, "besar.png": bomb, **many, "satu-lagi.pdf": PDF}
    noted = take(letter(files=sent), house)
    assert noted.outcome == REQUEST
    assert RequestFile.select().count() == 5
    [left_out] = told("request_files_left_out")
    assert left_out.facts["files"] == ["program.exe", "arsip.zip", "besar.png", "satu-lagi.pdf"]
    assert (left_out.facts["most"], left_out.facts["megabytes"], left_out.facts["more"]) == (5, 10, 0)


def test_of_two_hundred_attachments_five_are_kept_and_the_others_are_counted(house):
    take(letter(files={f"f{count:03}.pdf": PDF + str(count).encode() for count in range(200)}), house)
    assert RequestFile.select().count() == 5
    [left_out] = told("request_files_left_out")
    assert (len(left_out.facts["files"]), left_out.facts["more"]) == (20, 175)


def test_a_letter_full_of_bad_files_is_not_searched_to_its_end(house, monkeypatch):
    looked_at = []
    monkeypatch.setattr(files, "take", lambda content, name, now: looked_at.append(name) or (_ for _ in ()).throw(ValueError))
    take(letter(files={f"f{count}.exe": PROGRAM for count in range(200)}), house)
    assert len(looked_at) == 20


@pytest.mark.parametrize(
    "made",
    [
        letter(subject="S" * 3000),
        letter(subject="Surat \U0001f3e0 \u202ebalik"),
        letter("Mohon \U0001f64f\u202e surat \u200b"),
        letter("x" * 20_000),
        letter("", subject=""),
        letter("", html="<p>Mohon surat</p>"),
        letter(sender='"\u202eSiti\t" <siti@warga.example.org>'),
        raw(b"From: siti@warga.example.org", b"Subject: \x00\x1b\xff", body=b"Mohon \x00\x01 surat \xff"),
        raw(b"From: " + "Bu Siti \u00e9".encode() + b" <siti@warga.example.org>", b"Message-ID: <\x00>"),
    ],
)
def test_odd_letters_of_people_are_requests_all_the_same(house, made):
    noted = take(made, house)
    assert noted.outcome == REQUEST, noted.detail
    assert InboundLetter.get_by_id(noted.id).request.email == "siti@warga.example.org"


@pytest.mark.parametrize("made", [b"", b"\0" * 100, raw(b"From: x"), raw(b'Content-Type: multipart/mixed; boundary="x"', body=b"--x\r\n" * 5000)])
def test_rubbish_is_noted_and_makes_nothing(house, made):
    assert take(made, house).outcome == IGNORED
    assert ServiceRequest.select().count() == 0


def test_a_letter_that_cannot_be_read_is_noted_once(house):
    made = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (each, each) for each in range(60))
    assert take(made, house) == take(made, house)
    assert InboundLetter.get().outcome == TURNED_AWAY


def test_an_address_that_nobody_can_answer_is_turned_away(house):
    noted = take(letter(sender="siti@-rusak-"), house)
    assert (noted.outcome, noted.request) == (TURNED_AWAY, None)
    assert ServiceRequest.select().count() == RequestFile.select().count() == 0


def test_what_was_not_read_at_all_is_noted_once(database):
    first = mailbox.turn_away("<1@x>", "siti@warga.example.org", "Surat", "too large", now=NOW)
    assert mailbox.turn_away("<1@x>", "", "", "failed", now=NOW) == first


def test_where_letters_go_is_named_by_a_service_and_an_office_that_gives_it(house):
    assert mailbox.house(house.service.slug, house.office.slug) == mailbox.House(house.service, house.office)
    for service, office in ((house.service.slug, "tidak-ada"), ("tidak-ada", house.office.slug), (house.service.slug, make.office().slug)):
        with pytest.raises(NotFound):
            mailbox.house(service, office)
