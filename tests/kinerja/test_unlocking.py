"""After a decision, and after the month has closed, nothing changes but by a visible act of those above."""

from datetime import date, timedelta

import pytest

from portal.audit import AuditEntry
from portal.kinerja import logs, submission, validation
from portal.kinerja.models import DayAct, WorkDay
from portal.offices import corrections, postings
from portal.refusals import NotFound
from tests import make
from tests.kinerja.refusing import refused
from tests.kinerja.test_validation import acts, decide, state
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.offices.staff import stand_in

pytestmark = pytest.mark.usefixtures("database")
TUESDAY, TUESDAY_EVENING = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def unlock(row, by, reason="Salah hitung.", now=TUESDAY_EVENING):
    return validation.unlock(row, reason, make.decider(by, now))


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decided_day_is_unlocked_by_the_superiors_superior_with_a_reason_that_stands_in_the_trail(team, decision):
    row = make.submitted(team.author)
    decide(decision, team.superior, row)
    for each in (team.author, team.superior, team.colleague, make.team().upper):
        assert "atasan dari atasan" in refused("", unlock, row, each)
    refused("reason", unlock, row, team.upper, reason=" ")
    given = unlock(row, team.upper)
    assert given.__data__ == WorkDay.get_by_id(row.id).__data__
    assert (given.state, given.reason, given.opened_at, given.approved) == ("returned", "Salah hitung.", TUESDAY_EVENING, 0)
    assert acts(row)[-1] == "unlocked"
    trail = AuditEntry.get(AuditEntry.act == "day_unlocked")
    assert trail.before["entries"][0][2] == "Memeriksa 12 berkas"
    assert trail.before["state"] == ("approved" if decision == "approve" else "rejected")


def test_an_unlocked_day_is_corrected_submitted_and_approved_anew_and_rejected_activities_stay_so(team):
    first, second = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = make.submitted(team.author)
    decide("reject", team.superior, entries=[second])
    decide("approve", team.superior, row)
    unlock(row, team.upper)
    logs.change(first, make.activity(ends="09:00"), first.revision, now=TUESDAY_EVENING)
    refused("", logs.change, second, make.activity("10:00", "10:30"), second.revision, now=TUESDAY_EVENING)
    row = make.submitted(team.author, now=TUESDAY_EVENING)
    assert decide("approve", team.superior, row) == [""]
    kept = WorkDay.get_by_id(row.id)
    assert (state(row), kept.approved, kept.opened_at) == (("approved", ["approved", "rejected"]), 60, None)
    assert acts(row) == ["submitted", "entry_rejected", "approved", "unlocked", "submitted", "approved"]


def test_only_a_decided_day_is_unlocked(team):
    row = make.submitted(team.author)
    assert "belum diputuskan" in refused("", unlock, row, team.upper)
    decide("return", team.superior, row)
    refused("", unlock, row, team.upper)


def test_a_superior_who_stands_in_for_the_own_superior_does_not_unlock_what_is_the_own_decision(team):
    row = make.submitted(team.author)
    decide("approve", team.superior, row)
    stand_in(team.upper, team.superior, first=MONDAY, last=TUESDAY)
    refused("", unlock, row, team.superior)
    stand_in(team.upper, team.author, first=MONDAY, last=TUESDAY)
    refused("", unlock, row, team.author)


def test_a_deputy_of_the_superiors_superior_unlocks_in_that_ones_place(team):
    row, deputy = make.submitted(team.author), make.person()
    decide("approve", team.superior, row)
    stand_in(team.upper, deputy, first=TUESDAY, last=TUESDAY)
    unlock(row, deputy)
    act = DayAct.get(DayAct.act == "unlocked")
    assert (act.person_id, act.acting_for_id) == (deputy.id, team.upper.id)


OCTOBER = make.local("2020-10-08T09:00")


def open_closed(team, by, *, day=MONDAY, now=OCTOBER, reason="Sakit lama."):
    return validation.open_closed(team.author, day, reason, make.decider(by, now))


def test_a_superior_opens_a_day_of_a_closed_month_which_is_then_written_submitted_and_approved(team):
    refused("", make.entry, team.author, now=OCTOBER)
    row = open_closed(team, team.superior)
    assert (row.state, row.opened_at, row.supervisor_id) == ("draft", OCTOBER, team.superior.id)
    assert row.__data__ == WorkDay.get_by_id(row.id).__data__
    row = make.submitted(team.author, now=OCTOBER)
    assert submission.is_late(row)
    assert decide("approve", team.superior, row, now=OCTOBER) == [""]
    assert (WorkDay.get_by_id(row.id).opened_at, acts(row)) == (None, ["opened", "submitted", "approved"])


def test_a_closed_day_is_opened_by_nobody_but_those_above(team):
    for each in (team.author, team.colleague, make.team().superior):
        refused("", open_closed, team, each)
    refused("reason", open_closed, team, team.superior, reason="")
    with pytest.raises(NotFound):
        open_closed(team, team.superior, day=date(2020, 10, 9))
    assert WorkDay.select().count() == 0
    assert open_closed(team, team.upper).opened_at == OCTOBER


def test_a_submitted_or_decided_day_is_not_opened(team):
    row = make.submitted(team.author)
    refused("", open_closed, team, team.superior)
    decide("approve", team.superior, row)
    refused("", open_closed, team, team.superior)


def test_a_returned_day_is_opened_by_the_superior_that_the_postings_name_now(team):
    row, right = make.submitted(team.author), make.person("Yang benar")
    decide("return", team.superior, row)
    asked = corrections.propose(postings.main_posting(team.author, MONDAY), right, reason="Saya pindah.", **ACT)
    corrections.settle(asked, accept=True, answer="", day=TUESDAY, **ACT)
    refused("", open_closed, team, team.superior)
    assert open_closed(team, right).supervisor_id == right.id


def test_a_superiors_superior_who_stands_in_for_the_superior_still_unlocks_and_as_oneself(team):
    row = make.submitted(team.author)
    decide("approve", team.superior, row)
    stand_in(team.superior, team.upper, first=MONDAY, last=TUESDAY)
    unlock(row, team.upper)
    act = DayAct.get(DayAct.act == "unlocked")
    assert (WorkDay.get_by_id(row.id).state, act.person_id, act.acting_for_id) == ("returned", team.upper.id, None)


def test_what_is_returned_after_the_month_has_closed_can_be_mended(team):
    make.entry(team.author)
    row = make.submitted(team.author)
    closed = MONDAY_EVENING + timedelta(days=45)
    decide("return", team.superior, row, reason="Lengkapi buktinya.", now=closed)
    make.entry(team.author, "13:00", "14:00", now=closed)
    assert make.submitted(team.author, now=closed).state == "submitted"
