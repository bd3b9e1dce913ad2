"""What the portal keeps about citizens: handed to them, taken away as they asked, and let go of in time."""

import json
from datetime import timedelta

import pytest

from portal import files, outbox, policies
from portal.audit import AuditEntry
from portal.db import database as held_by
from portal.files import Attachment
from portal.outbox import Letter
from portal.policies import REQUEST_RETENTION
from portal.refusals import Refused
from portal.services import following, handling, offers, personal_data
from portal.services.models import InboundLetter, RequestEvent, RequestFile, ServiceRequest
from portal.services.rules import USUAL
from tests import make

pytestmark = pytest.mark.usefixtures("database")
BY = {"by": make.Actor("Sari Petugas", 77), "now": make.NOW}
NIK = "3171234567890123"
SAID = ("Dewi Anggraini", "081298765432", "dewi.anggraini@example.org", NIK, "Jalan Kenanga 7", "Siti Aminah", "kakak saya sakit", "ktp-dewi.pdf", "titip")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def told():
    """A closed request in which somebody said much about herself, everywhere it can be said."""
    office = make.office()
    service = make.service(at=[office], asks_nik=True, particulars=[{"label": "Nama ibu", "is_sensitive": True}, {"label": "Alamat"}])
    mother, street = personal_data._labels(make.request(service, office, channel="online", nik=NIK))
    file = files.take(PDF, "ktp-dewi.pdf", now=make.NOW)
    row = make.request(service, office, name=SAID[0], phone=SAID[1], email=SAID[2], nik=NIK, description="kakak saya sakit",
                       answers={mother[0]: "Siti Aminah", street[0]: "Jalan Kenanga 7"}, files=(file,))  # fmt: skip
    following.write(row, "Alamat saya Jalan Kenanga 7", now=make.NOW)
    handling.reply(ServiceRequest.get_by_id(row.id), "Baik, Ibu Dewi Anggraini", **BY)
    sent = Letter.get(Letter.name == "request_received", Letter.recipient == SAID[0])
    Letter.update(state="failed", problem="refused", detail="550 dewi.anggraini@example.org").where(Letter.id == sent.id).execute()
    outbox.resend(Letter.get_by_id(sent.id), **BY)
    outbox.sent(Letter.get_by_id(sent.id), now=make.NOW)
    InboundLetter.create(message_id="<1@mail>", received_at=make.NOW, sender=SAID[2], subject="Dewi Anggraini", outcome="reply", request=row)
    handling.refuse(ServiceRequest.get_by_id(row.id), "Berkas Dewi Anggraini kurang.", objection="", **BY)
    return ServiceRequest.get_by_id(row.id)


def everything() -> str:
    """All that stands in the database."""
    rows = []
    for table in held_by.get_tables():
        rows += held_by.execute_sql(f'SELECT * FROM "{table}"').fetchall()
    return "\n".join(str(row) for row in rows)


def test_after_erasure_nothing_in_the_whole_database_names_her(told):
    others = everything().count(personal_data.particulars.nik_mark(NIK))
    personal_data.erase(told, "Permintaan pemohon", **BY)
    left = everything()
    assert [each for each in (*SAID, "Anggraini", "Kenanga") if each in left] == []
    assert left.count(personal_data.particulars.nik_mark(NIK)) == others - 1  # the other request of hers keeps its own
    assert not RequestFile.select().exists()
    assert not Attachment.select().exists()


def test_the_call_about_an_unanswered_slot_names_nobody_either_once_she_is_erased():
    monday = make.local("2020-09-21T07:00")
    office = make.office("Balai Kota", opening="Mo-Fr 08:00-12:00")
    card = make.service(at=[office])
    row = make.request(card, office, channel="counter", slot=make.local("2020-09-22T10:00"), now=make.NOW, name=SAID[0], phone="", email=SAID[2])
    make.offer(row, make.local("2020-09-23T10:00"))
    assert offers.name_unanswered(now=monday) == 1
    following.cancel(ServiceRequest.get_by_id(row.id), now=monday)
    personal_data.erase(ServiceRequest.get_by_id(row.id), "Permintaan pemohon", by=BY["by"], now=monday)
    assert [letter.name for letter in Letter.select().where((Letter.recipient == SAID[0]) | (Letter.email == SAID[2]))] == []


def test_the_case_itself_stays_with_its_number_its_dates_and_its_history(told):
    events = RequestEvent.select().where(RequestEvent.request == told.id).count()
    personal_data.erase(told, "Permintaan pemohon", **BY)
    row = ServiceRequest.get_by_id(told.id)
    assert (row.number, row.state, row.office_id, row.service_id, row.created_at, row.closed_at) == (
        told.number, told.state, told.office_id, told.service_id, told.created_at, told.closed_at)  # fmt: skip
    assert (row.name, row.redacted_at) == ("—", make.NOW)
    assert RequestEvent.select().where(RequestEvent.request == told.id).count() == events + 1
    entry = AuditEntry.get(AuditEntry.act == "request_erased")
    assert (entry.label, entry.actor, entry.after) == (told.number, "Sari Petugas", {"reason": "Permintaan pemohon"})


def test_before_erasure_the_trail_and_the_letters_keys_name_nobody_either(told):
    """The trail is never changed: what stands in it once stands in it for ever."""
    trail = "\n".join(str(entry.__data__) for entry in AuditEntry.select()) + "\n".join(letter.key for letter in Letter.select())
    assert [each for each in SAID if each in trail] == []


def test_letters_of_others_and_letters_that_went_out_stay_and_those_on_their_way_go(told):
    other = make.request(told.service, told.office, nik=NIK)
    personal_data.erase(told, "Permintaan pemohon", **BY)
    assert {(letter.name, letter.recipient, letter.state) for letter in Letter.select() if told.number in letter.key} == {("request_received", "—", "sent")}
    assert [letter.email for letter in Letter.select() if other.number in letter.key] == ["warga@example.org"]


def test_only_what_is_closed_is_erased_and_only_once(told):
    going = make.request(told.service, told.office, nik=NIK)
    with pytest.raises(Refused, match="masih berjalan"):
        personal_data.erase(going, "Permintaan pemohon", **BY)
    with pytest.raises(Refused):
        personal_data.erase(told, " ", **BY)
    personal_data.erase(told, "Permintaan pemohon", **BY)
    with pytest.raises(Refused, match="sudah dihapus"):
        personal_data.erase(told, "Permintaan pemohon", **BY)


def test_a_copy_holds_all_that_was_said_opened_and_nothing_that_officers_wrote_for_each_other(told):
    handling.note(told, "Pemohon ini sering menelepon.", **BY)
    copy = json.loads(json.dumps(personal_data.handed_out(told, **BY)))
    assert [copy[name] for name in ("name", "phone", "email", "nik")] == list(SAID[:4])
    assert copy["answers"] == {"Nama ibu": "Siti Aminah", "Alamat": "Jalan Kenanga 7"}
    assert [file["name"] for file in copy["files"]] == ["ktp-dewi.pdf"]
    assert "Alamat saya Jalan Kenanga 7" in [each["text"] for each in copy["history"]]
    assert "sering menelepon" not in str(copy)
    assert AuditEntry.get(AuditEntry.act == "request_data_handed_out").label == told.number


def test_a_wish_is_news_for_the_desk_once_and_is_settled_by_what_was_asked_for(told):
    ServiceRequest.update(news_at=None).where(ServiceRequest.id == told.id).execute()
    for kind in ("copy", "copy", "erasure"):
        personal_data.wish(told, kind, now=make.NOW)
    assert ServiceRequest.get_by_id(told.id).news_at == make.NOW
    assert RequestEvent.select().where(RequestEvent.what == "data_asked").count() == 2
    personal_data.handed_out(told, **BY)
    assert personal_data.wishes(told) == {"erasure"}
    personal_data.erase(told, "Permintaan pemohon", **BY)
    assert personal_data.wishes(told) == set()
    for kind in ("copy", "erasure", "lain"):
        with pytest.raises(Refused):
            personal_data.wish(told, kind, now=make.NOW)


def keeping(months, **scope):
    policies.set_policy(REQUEST_RETENTION, {"months": months}, name="Penyimpanan", legal_basis="JRA", first_day=make.NOW.date(), **{**make.ACT, **scope})


def closed(office, months):
    row = make.request(at=office)
    at = personal_data.months_before(make.NOW, months) - timedelta(hours=1)
    ServiceRequest.update(state="done", closed_at=at).where(ServiceRequest.id == row.id).execute()
    return row


def redacted(row):
    return ServiceRequest.get_by_id(row.id).redacted_at is not None


def test_each_office_keeps_as_long_as_its_own_policy_says():
    short, long = make.office(), make.office()
    keeping(24)
    keeping(6, office_id=short.id)
    rows = [closed(short, 5), closed(short, 6), closed(long, 6), closed(long, 24)]
    going = make.request(at=short, now=make.NOW - timedelta(days=4000))
    assert personal_data.retain(now=make.NOW) == 2
    assert [redacted(row) for row in rows] == [False, True, False, True]
    assert not redacted(going)  # what is somebody's work is not history yet
    assert personal_data.retain(now=make.NOW) == 0
    assert AuditEntry.select().where(AuditEntry.act == "request_retention_ended").count() == 2


def test_who_wrote_a_letter_that_became_no_request_is_forgotten_by_the_shortest_policy():
    keeping(24)
    keeping(6, office_id=make.office().id)
    for id, months in enumerate((5, 7)):
        at = personal_data.months_before(make.NOW, months)
        InboundLetter.create(message_id=f"<{id}@mail>", received_at=at, sender="dewi@example.org", subject="Lowongan", outcome="ignored", detail="automatic")
    personal_data.retain(now=make.NOW)
    told = InboundLetter.select(InboundLetter.message_id, InboundLetter.sender, InboundLetter.subject, InboundLetter.detail).order_by(InboundLetter.id)
    assert list(told.tuples()) == [("<0@mail>", "dewi@example.org", "Lowongan", "automatic"), ("<1@mail>", "", "", "automatic")]


def test_many_that_must_stay_hide_none_that_may_go(monkeypatch):
    monkeypatch.setattr(personal_data, "_A_ROUND", 2)
    keeping(6)
    archive, usual = make.office(), make.office()
    keeping(120, office_id=archive.id)
    for _ in range(3):
        closed(archive, 60)
    rows = [closed(usual, 7) for _ in range(3)]
    assert [personal_data.retain(now=make.NOW) for _ in range(3)] == [2, 1, 0]
    assert all(redacted(row) for row in rows)


def test_without_a_policy_all_is_kept_and_the_usual_one_lets_go_some_day():
    row = closed(make.office(), 600)
    assert personal_data.retain(now=make.NOW) == 0
    policies.set_usual(USUAL, **make.ACT)
    assert personal_data.retain(now=make.NOW) == 1
    assert redacted(row)


@pytest.mark.parametrize(("moment", "months", "before"), [
    ("2020-03-31T10:00", 1, "2020-02-29T10:00"), ("2020-01-31T10:00", 1, "2019-12-31T10:00"),
    ("2020-12-31T10:00", 12, "2019-12-31T10:00"), ("2021-01-15T10:00", 13, "2019-12-15T10:00"),
])  # fmt: skip
def test_months_are_counted_on_the_calendar(moment, months, before):
    assert personal_data.months_before(make.local(moment), months) == make.local(before)
