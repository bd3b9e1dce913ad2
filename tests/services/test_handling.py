"""What officers do with a request: each act with its letter, its trace, and what it leaves as it was."""

from datetime import timedelta

import pytest

from portal.audit import Actor, AuditEntry
from portal.outbox import TO_CALL, Letter
from portal.people import accounts
from portal.refusals import Refused
from portal.services import appointments, following, handling, personal_data
from portal.services.models import DONE, IN_PROGRESS, PAPER, READY, WAITING, Pause, RequestEvent, ServiceRequest
from tests import make

MONDAY = make.local("2020-09-21T09:00")


@pytest.fixture
def place(database):
    make.region("31.71")
    return make.office("Kantor Uji", region="31.71")


@pytest.fixture
def row(place):
    return make.request(make.service(at=[place], complaints="Inspektorat"), place, now=MONDAY)


def acts(days: float = 0, name: str = "Laras", who: int | None = None) -> dict:
    return {"by": Actor(name, who or 900), "now": MONDAY + timedelta(days=days)}


def fresh(row) -> ServiceRequest:
    return ServiceRequest.get_by_id(row.id)


def letters(row) -> list[str]:
    return [letter.name for letter in Letter.select().order_by(Letter.id) if letter.facts["number"] == row.number]


def test_each_act_leaves_an_event_an_audit_row_and_a_new_revision(row):
    seen = row.revision
    handling.ask(row, "Foto?", **acts())
    handling.heard(row, "Sudah dikirim.", **acts())
    handling.ready(row, "Loket 1", **acts())
    handling.finish(row, **acts())
    handling.reopen(row, "Salah nama.", **acts())
    handling.refuse(row, "Bukan wilayah kami.", **acts())
    what = [event.what for event in RequestEvent.select().where(RequestEvent.request == row.id).order_by(RequestEvent.id)]
    assert what == ["submitted", "asked", "heard", "ready", "done", "reopened", "refused"]
    assert [entry.act for entry in AuditEntry.select().where(AuditEntry.label == row.number).order_by(AuditEntry.id)] == [
        "request_filed", *(f"request_{each}" for each in what[1:])]  # fmt: skip
    assert fresh(row).revision == seen + 6
    assert letters(row) == ["request_received", "request_asked", "request_ready", "request_done", "request_reopened", "request_refused"]


def test_the_days_that_a_citizen_took_are_not_counted_when_a_request_is_finished_without_an_answer(row):
    assert fresh(row).due_on.isoformat() == "2020-09-24"
    handling.ask(row, "Foto?", **acts())
    handling.finish(row, **acts(days=9))
    assert fresh(row).due_on.isoformat() == "2020-10-05"  # asked on Monday 21, finished on Wednesday 30: the days between are the citizen's
    assert Pause.get().until == MONDAY + timedelta(days=9)


def test_what_the_citizen_said_is_seen_to_by_an_answer_and_by_nothing_else(row):
    colleague = make.person("Bayu")
    for act in (
        lambda: handling.claim(row, colleague, **acts()),
        lambda: handling.assign(row, None, **acts()),
        lambda: handling.note(row, "Lihat dulu.", **acts()),
        lambda: handling.change_channel(row, "email", "Lewat surel saja.", **acts()),
        lambda: handling.came(row, **acts()),
    ):
        following.write(row, "Halo?", now=MONDAY)
        act()
        assert fresh(row).news_at is not None
    for act in (
        lambda: handling.reply(row, "Halo.", **acts()),
        lambda: handling.ask(row, "Foto?", **acts()),
        lambda: handling.heard(row, "Ya.", **acts()),
        lambda: handling.heed(row, **acts()),
        lambda: handling.ready(row, "Loket", **acts()),
        lambda: handling.finish(row, **acts()),
    ):
        following.write(row, "Halo?", now=MONDAY)
        act()
        assert fresh(row).news_at is None


@pytest.mark.parametrize("act", [
    lambda row, **facts: handling.finish(row, **facts), lambda row, **facts: handling.ready(row, "Loket", **facts),
    lambda row, **facts: handling.refuse(row, "Tidak.", **facts), lambda row, **facts: handling.ask(row, "Foto?", **facts),
    lambda row, **facts: handling.reply(row, "Halo.", **facts), lambda row, **facts: handling.assign(row, None, **facts),
    lambda row, **facts: handling.change_channel(row, "email", "Lewat surel.", **facts),
])  # fmt: skip
def test_an_act_from_a_page_that_is_out_of_date_changes_nothing(row, act):
    handling.claim(row, make.person("Bayu"), **acts())
    before = fresh(row)
    with pytest.raises(Refused, match="berubah sejak halaman ini dibuka"):
        act(row, seen=row.revision, **acts())
    assert fresh(row).__data__ == before.__data__


def test_a_request_can_be_claimed_once_and_claiming_it_again_oneself_is_nothing_new(row):
    mine, other = make.person("Laras"), make.person("Bayu")
    handling.claim(row, mine, **acts())
    revision = fresh(row).revision
    assert handling.claim(row, mine, **acts()).revision == revision
    with pytest.raises(Refused, match="Laras"):
        handling.claim(row, other, **acts())


def test_who_left_neither_address_nor_telephone_cannot_be_asked_or_answered(place):
    row = make.request(make.service(at=[place]), place, now=MONDAY, phone="", email="", origin=PAPER)
    for act in (handling.ask, handling.reply):
        with pytest.raises(Refused) as refused:
            act(row, "Foto?", **acts())
        assert refused.value.field == "text"
    assert fresh(row).state == row.state
    assert handling.finish(row, **acts()).state == DONE


def test_who_has_only_a_telephone_is_called_for_what_is_worth_a_call(place):
    row = make.request(make.service(at=[place]), place, now=MONDAY, email="")
    handling.ready(row, "Loket 1", **acts())
    handling.finish(row, **acts())
    assert [(letter.name, letter.state) for letter in Letter.select()] == [("request_ready", TO_CALL)]


def test_handed_over_the_appointment_is_free_again_and_the_number_stays(place):
    other = make.office("Kantor Lain", region="31.71")
    service = make.service(at=[place, other])
    slot = make.local("2020-09-22T10:00")
    row = make.request(service, place, now=MONDAY, channel="counter", slot=slot)
    after = handling.hand_over(row, other, "Domisili di sana.", **acts())
    assert (after.number, after.office_id, after.assignee_id) == (row.number, other.id, None)
    assert appointments.of(row) is None
    with pytest.raises(Refused):
        handling.hand_over(row, make.office(), "Coba.", **acts())


def test_a_closed_request_refuses_every_act_but_reopening_and_words(row):
    handling.finish(row, **acts(name="Bayu"))
    for act in (
        lambda: handling.claim(row, make.person(), **acts()),
        lambda: handling.ask(row, "Foto?", **acts()),
        lambda: handling.finish(row, **acts()),
        lambda: handling.came(row, **acts()),
    ):
        with pytest.raises(Refused, match="sudah ditutup Bayu"):
            act()
    handling.reply(row, "Sama-sama.", **acts())
    handling.note(row, "Selesai baik.", **acts())
    assert fresh(row).state == DONE


def test_after_three_months_one_asks_anew(row):
    handling.finish(row, **acts())
    with pytest.raises(Refused, match="terlalu lama"):
        handling.reopen(row, "Salah.", **acts(days=91))
    assert handling.reopen(row, "Salah.", **acts(days=89)).state == IN_PROGRESS


def test_the_days_that_a_citizen_took_are_not_counted_when_the_result_is_announced_without_an_answer(row):
    handling.ask(row, "Foto?", **acts())
    handling.ready(row, "Loket 1", **acts(days=9))
    handling.finish(row, **acts(days=9.1))
    assert fresh(row).due_on.isoformat() == "2020-10-05"


def test_a_request_whose_personal_data_are_gone_is_not_taken_up_again(row):
    handling.finish(row, **acts())
    personal_data.erase(row, "Diminta pemohon.", **acts(days=1))
    with pytest.raises(Refused, match="sudah dihapus"):
        handling.reopen(row, "Salah nama.", **acts(days=2))
    assert fresh(row).state == DONE


def test_who_came_is_written_down_once_however_often_it_is_pressed(row):
    handling.change_channel(row, "counter", "Tanda tangan di loket.", **acts())
    for _ in range(2):
        handling.came(row, **acts())
    told = RequestEvent.select().where(RequestEvent.request == row.id, RequestEvent.what == "came")
    assert told.count() == 1


def test_what_somebody_had_in_work_whose_account_has_ended_can_be_claimed(row):
    gone, colleague = make.person("Bayu"), make.person("Laras")
    handling.claim(row, gone, **acts())
    with pytest.raises(Refused, match="Bayu"):
        handling.claim(row, colleague, **acts())
    accounts.end(gone, **acts())
    assert handling.claim(row, colleague, **acts()).assignee_id == colleague.id


def test_a_second_question_does_not_start_a_second_pause(row):
    handling.ask(row, "Foto?", **acts())
    handling.ask(row, "Dan kartu keluarga?", **acts(days=1))
    assert Pause.select().count() == 1
    assert fresh(row).state == WAITING
    handling.ready(row, "Loket", **acts(days=2))
    assert fresh(row).state == READY
    assert Pause.get().until == MONDAY + timedelta(days=2)
