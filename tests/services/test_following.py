"""What citizens do with their own request: each act once, in its order, with its letter and its trace."""

from datetime import timedelta

import pytest

from portal.audit import AuditEntry
from portal.files import take
from portal.outbox import Letter
from portal.refusals import NotFound, Refused
from portal.services import appointments, following, handling
from portal.services.models import CANCELLED, IN_PROGRESS, Appointment, Pause, RequestEvent, RequestFile, ServiceRequest
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-21T09:00")
OFFICER = make.Actor("Sari", 1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def office(database):
    return make.office(desks=1)


@pytest.fixture
def made(office):
    return make.request(make.service(at=[office]), office, now=NOW)


@pytest.fixture
def booked(office):
    service = make.service(at=[office])
    return make.request(service, office, channel="counter", slot=appointments.free(service, office, now=NOW)[0].starts_at, now=NOW)


def again(request):
    return ServiceRequest.get_by_id(request.id)


def events(request):
    return [what for (what,) in RequestEvent.select(RequestEvent.what).where(RequestEvent.request == request.id).order_by(RequestEvent.id).tuples()]


def test_a_message_waits_for_an_officer_and_changes_nothing_else(made):
    state, revision = again(made).state, again(made).revision
    row = following.write(made, "Kapan selesai?", now=NOW)
    assert (row.state, row.news_at, row.revision) == (state, NOW, revision + 1)
    handling.reply(made, "Besok.", by=OFFICER, now=NOW)
    assert again(made).news_at is None


def test_an_answer_ends_the_pause_and_the_days_go_on(made):
    handling.ask(made, "Foto KTP.", by=OFFICER, now=NOW)
    later = NOW + timedelta(days=2)
    row = following.write(made, "Ini.", now=later)
    assert row.state == IN_PROGRESS
    assert Pause.get().until == later
    assert events(made)[-1] == "answered"
    assert row.due_on > made.due_on


def test_a_second_answer_is_a_message(made):
    handling.ask(made, "Foto KTP.", by=OFFICER, now=NOW)
    following.write(made, "Ini.", now=NOW, key="a")
    following.write(made, "Ini juga.", now=NOW, key="b")
    assert events(made)[-2:] == ["answered", "message"]


def test_the_same_message_is_one_however_often_it_is_sent(made):
    for _ in range(3):
        following.write(made, "Halo", now=NOW, key="satu")
    following.write(made, "Halo", now=NOW, key="dua")
    assert events(made).count("message") == 2


def test_a_key_that_no_form_of_ours_makes_keeps_nobody_from_writing(made):
    following.write(made, "Halo", now=NOW, key="satu\0dua")
    assert RequestEvent.get(RequestEvent.what == "message").facts == {"key": ""}


def test_a_message_may_be_a_file_alone_but_not_nothing(made):
    with pytest.raises(Refused, match="wajib diisi"):
        following.write(made, "  ", now=NOW)
    following.write(made, "", now=NOW, files=(take(PDF, "ktp.pdf", now=NOW),))
    assert [each.attachment.name for each in next(iter(following.files(made).values()))] == ["ktp.pdf"]


def test_after_twenty_messages_without_an_answer_one_waits(made):
    for number in range(20):
        following.write(made, f"Pesan {number}", now=NOW)
    with pytest.raises(Refused, match="menunggu jawaban"):
        following.write(made, "Satu lagi", now=NOW)
    handling.reply(made, "Sabar.", by=OFFICER, now=NOW)
    following.write(made, "Terima kasih", now=NOW)


def test_a_request_is_cancelled_once_with_letter_and_trace_and_the_seat_is_free(booked):
    slot = appointments.of(booked).starts_at
    for _ in range(2):
        following.cancel(booked, now=NOW, reason="Sudah selesai sendiri")
    row = again(booked)
    assert (row.state, row.closed_at, row.number) == (CANCELLED, NOW, booked.number)
    assert events(booked).count(CANCELLED) == 1
    assert Letter.select().where(Letter.name == "request_cancelled").count() == 1
    assert AuditEntry.select().where(AuditEntry.act == "request_cancelled").count() == 1
    assert slot in [each.starts_at for each in appointments.free(booked.service, booked.office, now=NOW)]


def test_what_is_settled_is_cancelled_no_more(made):
    handling.refuse(made, "Di luar wilayah", by=OFFICER, now=NOW)
    with pytest.raises(Refused, match="sudah ditutup"):
        following.cancel(made, now=NOW)


def test_another_time_gives_the_old_seat_back(booked):
    old, new = appointments.of(booked).starts_at, appointments.free(booked.service, booked.office, now=NOW)[1].starts_at
    following.reschedule(booked, new, now=NOW)
    assert appointments.of(booked).starts_at == new
    assert old in [each.starts_at for each in appointments.free(booked.service, booked.office, now=NOW)]
    assert Appointment.select().where(Appointment.request == booked.id).count() == 2


def test_the_same_time_again_changes_nothing(booked):
    held = appointments.of(booked)
    assert following.reschedule(booked, held.starts_at, now=NOW).id == held.id
    assert "rescheduled" not in events(booked)


def test_where_the_new_time_is_taken_the_old_one_stays(booked):
    other = make.request(booked.service, booked.office, channel="counter", now=NOW,
                         slot=appointments.free(booked.service, booked.office, now=NOW)[0].starts_at)  # fmt: skip
    held = appointments.of(booked).starts_at
    with pytest.raises(appointments.Taken):
        following.reschedule(booked, appointments.of(other).starts_at, now=NOW)
    assert appointments.of(booked).starts_at == held


def test_an_appointment_that_has_begun_is_not_moved(booked):
    later = appointments.of(booked).starts_at
    with pytest.raises(Refused, match="sudah lewat"):
        following.reschedule(booked, later + timedelta(days=1), now=later)


def test_a_file_for_officers_alone_and_one_of_another_request_do_not_exist_for_the_citizen(made, booked):
    handling.note(made, "Untuk rekan", by=OFFICER, now=NOW, files=(take(PDF, "dalam.pdf", now=NOW),))
    handling.reply(booked, "Ini", by=OFFICER, now=NOW, files=(take(PDF, "lain.pdf", now=NOW),))
    for each in RequestFile.select():
        with pytest.raises(NotFound):
            following.file(made, each.id)
    assert following.files(made) == {}
    assert "note" not in [event.what for event in following.history(made)]


def test_a_result_is_a_file_of_its_own(made):
    handling.reply(made, "Contoh", by=OFFICER, now=NOW, files=(take(PDF, "contoh.pdf", now=NOW),))
    handling.finish(made, by=OFFICER, now=NOW, files=(take(PDF, "hasil.pdf", now=NOW),))
    assert [each.attachment.name for each in following.results(made)] == ["hasil.pdf"]


def test_a_message_and_a_cancellation_sent_twice_at_the_same_moment_are_one_each(shared):
    made = make.request(now=NOW)
    writes, cancels = (lambda: following.write(made, "Halo", now=NOW, key="satu")), (lambda: following.cancel(made, now=NOW))
    assert at_once(writes, writes, cancels, cancels) == ["done"] * 4
    assert (events(made).count("message"), events(made).count(CANCELLED)) == (1, 1)
