"""Handing a day to the superior: once, with a receipt, and locked from then on."""

from datetime import date, timedelta

import pytest

from portal import numbers
from portal.attendance import leave
from portal.audit import Actor, AuditEntry
from portal.kinerja import days, logs, submission, validation
from portal.kinerja.models import DayAct, Entry, Outage, WorkDay
from portal.offices.staff import Posting
from portal.outbox import Letter
from portal.people import accounts
from portal.refusals import NotFound
from tests import make
from tests.kinerja.refusing import refused
from tests.make import ACT, MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def hand_in(row, *, key="", seen=None, now=MONDAY_EVENING, **facts):
    return submission.submit(row, key=key, seen=seen, by=Actor(row.person.name, row.person_id, address="10.0.0.1"), now=now, **facts)


def acts(row):
    return [each.act for each in DayAct.select().where(DayAct.work_day == row).order_by(DayAct.id)]


def decide(row, decision, by, reason="Lengkapi bukti.", entries=None):
    picked = ([(row.id, None)], []) if entries is None else ([], [(each.id, None) for each in entries])
    found = validation.decide(*picked, decision, reason, make.decider(by))
    assert [each.refusal for each in found] == [None] * len(found)
    return WorkDay.get_by_id(row.id)


def test_a_submitted_day_is_locked_and_has_a_receipt_that_says_when(team):
    make.entry(team.author)
    row = hand_in(days.find(team.author, MONDAY), key="k")
    kept = days.find(team.author, MONDAY)
    assert (kept.state, kept.submitted_at, kept.first_submitted_at) == ("submitted", MONDAY_EVENING, MONDAY_EVENING)
    assert (kept.supervisor_id, kept.upper_id, kept.office_id) == (team.superior.id, team.upper.id, team.office.id)
    assert numbers.read(kept.receipt) == kept.receipt == row.receipt
    act = DayAct.get()
    assert (act.act, act.person_id, act.at, act.receipt, act.submission_key) == ("submitted", team.author.id, MONDAY_EVENING, kept.receipt, "k")


def test_the_trail_keeps_what_was_submitted_by_a_digest_of_its_content(team):
    row = make.submitted(team.author)
    entry = AuditEntry.get(AuditEntry.act == "day_submitted")
    assert (entry.actor_id, entry.object_id, entry.after["receipt"], entry.after["claimed"]) == (team.author.id, str(row.id), row.receipt, 120)
    assert entry.after["digest"] == submission.content_digest(days.entries(row))
    Entry.update(description="Diganti diam-diam").execute()
    assert entry.after["digest"] != submission.content_digest(days.entries(row))


def test_pressed_twice_with_the_same_key_or_with_another_it_is_submitted_once(team):
    row = make.submitted(team.author, key="k")
    again = [hand_in(row, key=key, seen=row.revision, now=MONDAY_EVENING + timedelta(minutes=1)) for key in ("k", "l", "")]
    assert {each.receipt for each in again} == {row.receipt}
    assert days.find(team.author, MONDAY).submitted_at == MONDAY_EVENING
    assert acts(row) == ["submitted"]


def test_a_press_that_arrives_again_after_the_day_was_returned_does_not_submit_it_anew(team):
    row = decide(make.submitted(team.author, key="k"), "return", team.superior)
    assert hand_in(row, key="k").state == "returned"
    assert hand_in(row, key="fresh").state == "submitted"
    assert acts(row) == ["submitted", "returned", "submitted"]


def test_a_press_that_arrives_again_after_the_day_was_approved_answers_with_the_receipt(team):
    row = decide(make.submitted(team.author, key="k"), "approve", team.superior)
    assert hand_in(row, key="k").receipt == row.receipt
    assert "tidak berubah lagi" in refused("", hand_in, row, key="another")


def test_a_page_that_has_not_seen_the_latest_edit_does_not_submit_it(team):
    make.entry(team.author)
    seen = days.find(team.author, MONDAY).revision
    make.entry(team.author, "10:00", "11:00")
    assert "berubah" in refused("", hand_in, days.find(team.author, MONDAY), key="k", seen=seen)
    assert hand_in(days.find(team.author, MONDAY), key="k", seen=seen + 1).state == "submitted"


def test_an_empty_day_is_not_submitted_nor_one_whose_every_activity_was_removed(team):
    row = days.writable(team.author, MONDAY, now=MONDAY_EVENING)
    assert "Belum ada kegiatan" in refused("", hand_in, row)
    entry = make.entry(team.author)
    logs.remove(entry, entry.revision, now=MONDAY_EVENING)
    assert "Belum ada kegiatan" in refused("", hand_in, row)


def test_a_returned_day_of_which_only_rejected_activities_are_left_is_not_submitted(team):
    rejected, other = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = decide(make.submitted(team.author), "reject", team.superior, entries=[rejected])
    row = decide(row, "return", team.superior)
    logs.remove(other, other.revision, now=MONDAY_EVENING)
    assert "Belum ada kegiatan" in refused("", hand_in, row)


def test_a_returned_day_of_which_only_approved_activities_are_left_can_be_handed_in_and_approved(team):
    approved, other = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = decide(make.submitted(team.author), "approve", team.superior, entries=[approved])
    row = decide(row, "return", team.superior)
    logs.remove(other, other.revision, now=MONDAY_EVENING)
    assert hand_in(row).state == "submitted"
    assert decide(row, "approve", team.superior).state == "approved"


def test_a_returned_day_is_edited_and_submitted_again_with_a_new_receipt_and_keeps_its_first_time(team):
    row = make.submitted(team.author)
    decide(row, "return", team.superior)
    [entry] = days.entries(row)
    logs.change(entry, make.activity(description="Dengan bukti"), entry.revision, now=MONDAY_EVENING)
    later = MONDAY_EVENING + timedelta(days=4)
    again = hand_in(days.find(team.author, MONDAY), now=later)
    assert again.receipt != row.receipt
    assert (again.first_submitted_at, again.submitted_at) == (MONDAY_EVENING, later)
    assert not submission.is_late(again)
    assert [each.receipt for each in DayAct.select().where(DayAct.act == "submitted").order_by(DayAct.id)] == [row.receipt, again.receipt]


@pytest.mark.parametrize(("moment", "late"), [("2020-09-22T23:59:59", False), ("2020-09-23T00:00:00", True), ("2020-09-30T12:00:00", True)])
def test_late_is_from_the_deadline_on_and_is_marked_not_refused(team, moment, late):
    row = make.submitted(team.author, now=make.local(moment))
    assert row.state == "submitted"
    assert submission.is_late(row) == late


def test_without_a_rule_nobody_is_late():
    row = make.submitted(make.team().author, now=make.local("2021-09-21T12:00"))
    assert row.due_at is None
    assert not submission.is_late(row)


def test_a_draft_is_not_late_however_old(team):
    make.entry(team.author)
    assert not submission.is_late(days.find(team.author, MONDAY))


def test_leave_an_outage_or_another_office_that_came_to_light_after_the_first_line_moves_the_deadline(team):
    for each in (team.author, team.colleague, team.superior):
        make.entry(each)
    leave.enter(team.author, "sick", TUESDAY, TUESDAY, **ACT)
    Posting.update(office=make.office(timezone="Asia/Jayapura")).where(Posting.person == team.colleague).execute()
    assert make.submitted(team.author).due_at == make.local("2020-09-24T00:00")
    assert make.submitted(team.colleague).due_at == make.local("2020-09-23T00:00", "Asia/Jayapura")
    Outage.create(starts_at=make.local("2020-09-22T20:00"), ends_at=make.local("2020-09-23T01:00"), state="confirmed", entered_at=make.NOW, entered_by="x")
    row = make.submitted(team.superior, now=make.local("2020-09-24T10:00"))
    assert (row.due_at, row.due_before) == (make.local("2020-09-25T00:00"), make.local("2020-09-23T00:00"))
    assert not submission.is_late(row)


def test_after_the_month_has_closed_a_day_is_not_submitted_until_a_superior_opens_it(team):
    make.entry(team.author)
    row, october = days.find(team.author, MONDAY), make.local("2020-10-08T09:00")
    assert "sudah ditutup" in refused("", hand_in, row, now=october)
    validation.open_closed(team.author, MONDAY, "Sakit.", make.decider(team.superior, october))
    assert submission.is_late(hand_in(row, now=october))


def test_a_day_whose_posting_was_taken_away_meanwhile_waits_and_says_why(team):
    make.entry(team.author)
    Posting.update(last_day=date(2020, 9, 18)).where(Posting.person == team.author).execute()
    with pytest.raises(NotFound, match="tidak tercatat"):
        hand_in(days.find(team.author, MONDAY))


def test_who_has_no_superior_may_submit_and_the_day_waits(team):
    row = make.submitted(team.upper)
    assert (row.state, row.supervisor_id, row.upper_id) == ("submitted", None, None)


def test_a_superior_whose_account_has_ended_lets_the_day_go_up_at_once(team):
    accounts.end(team.superior, **ACT)
    assert make.submitted(team.author).escalates_at == MONDAY_EVENING


def test_receipts_are_never_the_same(team):
    rows = [make.submitted(each) for each in (team.author, team.colleague, team.superior, make.team().author)]
    assert len({each.receipt for each in rows}) == 4


def test_the_receipt_comes_by_mail_to_who_asks_for_it_and_has_an_address(team):
    team.author.email = "siti@kantor.example"
    team.author.save()
    make.entry(team.author)
    hand_in(days.find(team.author, MONDAY), wants_letter=True)
    make.entry(team.colleague)
    hand_in(days.find(team.colleague, MONDAY), wants_letter=True)  # no address
    make.submitted(team.superior)
    letter = Letter.get()
    assert (letter.email, Letter.select().count()) == ("siti@kantor.example", 1)
    assert letter.facts["receipt"] == days.find(team.author, MONDAY).receipt


@pytest.mark.parametrize("key", ["k\0", "k" * 101])
def test_a_key_that_cannot_be_kept_is_refused(team, key):
    make.entry(team.author)
    refused("submission_key", hand_in, days.find(team.author, MONDAY), key=key)
