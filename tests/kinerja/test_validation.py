"""What a superior decides: the same checks for one as for many, and nothing changes afterwards but visibly."""

from datetime import date, timedelta

import pytest

from portal.audit import AuditEntry
from portal.kinerja import days, logs, validation
from portal.kinerja.models import DayAct, Entry, WorkDay
from portal.offices import postings
from portal.refusals import NotFound
from tests import make
from tests.kinerja.refusing import refused
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.offices.staff import stand_in

pytestmark = pytest.mark.usefixtures("database")
TUESDAY, TUESDAY_EVENING = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)
AFTER_THREE_DAYS = make.local("2020-09-25T00:00")
WHY = "Lengkapi bukti dukung."


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def state(row):
    known = WorkDay.get_by_id(row.id)
    return known.state, [each.state for each in days.entries(known)]


def decide(decision, by, *rows, reason=WHY, entries=(), seen=None, now=MONDAY_EVENING):
    """Refusals by row, as the sentences that are shown."""
    picked = [(each.id, seen) for each in rows], [(each.id, seen) for each in entries]
    return [str(each.refusal or "") for each in validation.decide(*picked, decision, reason, make.decider(by, now))]


def acts(row):
    return [each.act for each in DayAct.select().where(DayAct.work_day == row).order_by(DayAct.id)]


def test_an_approved_day_is_approved_with_all_its_activities_and_says_by_whom(team):
    make.entry(team.author, "10:00", "11:00")
    make.entry(team.author)
    row = make.submitted(team.author)
    assert decide("approve", team.superior, row) == [""]
    assert state(row) == ("approved", ["approved", "approved"])
    kept = WorkDay.get_by_id(row.id)
    assert (kept.decided_by_id, kept.acting_for_id, kept.decided_at, kept.approved, kept.reason) == (team.superior.id, None, MONDAY_EVENING, 180, "")
    assert acts(row) == ["submitted", "approved"]
    assert AuditEntry.get(AuditEntry.act == "day_approved").actor_id == team.superior.id


def test_a_returned_day_goes_back_to_its_author_with_the_reason(team):
    row = make.submitted(team.author)
    decide("return", team.superior, row)
    assert state(row) == ("returned", [None])
    assert WorkDay.get_by_id(row.id).reason == WHY
    assert DayAct.get(DayAct.act == "returned").reason == WHY
    assert make.entry(team.author, "13:00", "14:00")


def test_a_rejected_day_is_final_and_its_activities_carry_the_reason(team):
    row = make.submitted(team.author)
    decide("reject", team.superior, row)
    assert state(row) == ("rejected", ["rejected"])
    assert days.entries(row)[0].remark == WHY
    assert (WorkDay.get_by_id(row.id).effective, WorkDay.get_by_id(row.id).claimed) == (0, 120)
    refused("", make.entry, team.author, "13:00", "14:00")
    assert "Ditolak" in decide("approve", team.superior, row)[0]


@pytest.mark.parametrize("reason", ["", "  \n"])
@pytest.mark.parametrize("decision", ["return", "reject"])
def test_returning_and_rejecting_need_a_reason_and_approving_does_not(team, decision, reason):
    row = make.submitted(team.author)
    refused("reason", decide, decision, team.superior, row, reason=reason)
    assert decide("approve", team.superior, row, reason=reason) == [""]


def test_a_decision_that_there_is_not_or_about_nothing_is_refused(team):
    row = make.submitted(team.author)
    refused("decision", decide, "unlock", team.superior, row)
    refused("decision", decide, "", team.superior, row)
    refused("day", decide, "approve", team.superior)
    refused("reason", decide, "return", team.superior, row, reason="x" * 501)
    refused("reason", decide, "return", team.superior, row, reason="a\0")


def test_a_day_that_is_none_is_refused_before_anything_is_decided(team):
    row = make.submitted(team.author)
    with pytest.raises(NotFound):
        validation.decide([(row.id, None), (999_999, None)], [], "approve", "", make.decider(team.superior))
    assert state(row) == ("submitted", [None])


def test_strangers_do_not_decide_whoever_they_are(team):
    row, former = make.submitted(team.author), make.person("Mantan atasan")
    make.posting(team.author, under=former, first="2020-01-01", last="2020-09-18", is_main=False)
    acting = stand_in(team.superior, make.person("Plh yang diakhiri"), first=MONDAY, last=MONDAY)
    postings.end_acting(acting, **ACT)
    early = stand_in(team.superior, make.person("Plh besok"), first=TUESDAY, last=TUESDAY)
    strangers = [team.colleague, make.team().superior, make.team().upper, former, acting.deputy, early.deputy, make.person()]
    for each in strangers:
        assert decide("approve", each, row) == ["Anda tidak memvalidasi log pegawai ini."]
    assert state(row) == ("submitted", [None])


def test_nobody_decides_their_own_day_not_even_as_deputy_of_the_own_superior(team):
    for superior in (team.superior, team.upper):
        stand_in(superior, team.author, first=MONDAY, last=MONDAY)
    row, colleagues = make.submitted(team.author), make.submitted(team.colleague)
    assert decide("approve", team.author, row, colleagues) == ["Anda tidak memvalidasi log pegawai ini.", ""]
    assert (state(row)[0], state(colleagues)[0]) == ("submitted", "approved")


def test_a_deputy_decides_in_the_superiors_place_and_the_records_say_so(team):
    row, deputy = make.submitted(team.author), make.person("Plh")
    stand_in(team.superior, deputy, first=MONDAY, last=MONDAY)
    assert decide("approve", deputy, row) == [""]
    kept, act, entry = WorkDay.get_by_id(row.id), DayAct.get(DayAct.act == "approved"), AuditEntry.get(AuditEntry.act == "day_approved")
    assert (kept.decided_by_id, kept.acting_for_id) == (act.person_id, act.acting_for_id) == (deputy.id, team.superior.id)
    assert (entry.actor_id, entry.acting_for_id) == (deputy.id, team.superior.id)


def test_the_superiors_superior_waits_three_working_days_and_then_decides(team):
    row = make.submitted(team.author)
    assert decide("approve", team.upper, row, now=AFTER_THREE_DAYS - timedelta(seconds=1)) == ["Log ini masih menunggu atasan langsungnya."]
    assert decide("approve", team.upper, row, now=AFTER_THREE_DAYS) == [""]
    assert (WorkDay.get_by_id(row.id).decided_by_id, WorkDay.get_by_id(row.id).acting_for_id) == (team.upper.id, None)


def test_nothing_is_decided_by_waiting(team):
    row = make.submitted(team.author)
    assert decide("approve", team.superior, row, now=make.local("2021-09-21T09:00")) == [""]
    assert acts(row) == ["submitted", "approved"]


def test_what_changed_since_the_page_was_opened_is_not_decided(team):
    row = make.submitted(team.author)
    seen = row.revision
    decide("return", team.superior, row, seen=seen)
    [entry] = days.entries(row)
    logs.change(entry, make.activity(ends="09:00"), entry.revision, now=MONDAY_EVENING)
    again = make.submitted(team.author)
    assert "berubah" in decide("approve", team.superior, row, seen=seen)[0]
    assert "berubah" in decide("approve", team.superior, entries=[entry], seen=seen)[0]
    assert decide("approve", team.superior, row, seen=again.revision) == [""]


@pytest.mark.parametrize("first", ["approve", "return", "reject"])
def test_what_is_decided_is_not_decided_again(team, first):
    row = make.submitted(team.author)
    decide(first, team.superior, row)
    for second in ("approve", "return", "reject"):
        assert "tidak menunggu lagi" in decide(second, team.superior, row)[0]


def test_many_are_decided_at_once_with_the_same_checks_and_each_has_its_own_outcome(team):
    good, own, strange = make.submitted(team.author), make.submitted(team.superior), make.submitted(make.team().author)
    decided, draft = make.submitted(team.author, day=date(2020, 9, 18)), make.entry(team.colleague).work_day
    decide("reject", team.superior, decided)
    found = decide("approve", team.superior, good, own, strange, decided, draft)
    assert [bool(each) for each in found] == [False, True, True, True, True]
    assert [state(each)[0] for each in (good, own, strange, decided, draft)] == ["approved", "submitted", "submitted", "rejected", "draft"]


def test_rejected_activities_stay_rejected_when_the_day_is_approved_in_bulk(team):
    first, second = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = make.submitted(team.author)
    assert decide("reject", team.superior, entries=[first]) == [""]
    assert state(row) == ("submitted", ["rejected", None])
    assert decide("approve", team.superior, row) == [""]
    assert state(row) == ("approved", ["rejected", "approved"])
    assert "tidak menunggu lagi" in decide("approve", team.superior, entries=[first, second])[0]


def test_single_activities_are_decided_and_the_last_one_settles_the_day(team):
    first, second = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = make.submitted(team.author)
    decide("approve", team.superior, entries=[first])
    assert (state(row), WorkDay.get_by_id(row.id).approved) == (("submitted", ["approved", None]), 120)
    assert "sudah diputuskan" in decide("reject", team.superior, entries=[first])[0]
    assert "sudah diputuskan" in decide("return", team.superior, entries=[first])[0]
    decide("reject", team.superior, entries=[second])
    assert (state(row), acts(row)) == (("approved", ["approved", "rejected"]), ["submitted", "entry_approved", "entry_rejected"])


def test_a_day_whose_every_activity_was_rejected_is_rejected(team):
    both = [make.entry(team.author), make.entry(team.author, "10:00", "11:00")]
    row = make.submitted(team.author)
    assert decide("reject", team.superior, entries=both) == [""]
    assert state(row) == ("rejected", ["rejected", "rejected"])


def test_a_day_is_returned_because_of_one_activity_which_carries_the_reason(team):
    first, second = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = make.submitted(team.author)
    decide("return", team.superior, entries=[second])
    assert [Entry.get_by_id(each.id).remark for each in (first, second)] == ["", WHY]
    assert state(row) == ("returned", [None, None])


def test_activities_of_several_days_are_decided_day_by_day_and_those_of_a_whole_day_only_once(team):
    mine, other, strange = make.entry(team.author), make.entry(team.colleague), make.entry(make.team().author)
    rows = [make.submitted(each.work_day.person) for each in (mine, other, strange)]
    found = decide("approve", team.superior, rows[0], entries=[mine, other, strange])
    assert [bool(each) for each in found] == [False, False, True]
    assert [state(each)[0] for each in rows] == ["approved", "approved", "submitted"]


def test_an_activity_that_is_removed_or_of_nobody_is_not_decided(team):
    gone = make.entry(team.author, "13:00", "14:00")
    logs.remove(gone, gone.revision, now=MONDAY_EVENING)
    row = make.submitted(team.author)
    assert "sudah diputuskan" in decide("approve", team.superior, entries=[gone])[0]
    refused("day", validation.decide, [], [(999_999, None)], "approve", "", make.decider(team.superior))
    assert state(row) == ("submitted", [None])


def test_approved_activities_do_not_change_after_the_rest_was_returned(team):
    first, second = make.entry(team.author), make.entry(team.author, "10:00", "11:00")
    row = make.submitted(team.author)
    decide("approve", team.superior, entries=[first])
    decide("return", team.superior, row)
    refused("", logs.change, first, make.activity(ends="09:00"), first.revision, now=MONDAY_EVENING)
    refused("", logs.remove, first, first.revision, now=MONDAY_EVENING)
    logs.change(second, make.activity("10:00", "10:30"), second.revision, now=MONDAY_EVENING)
    assert state(row) == ("returned", ["approved", None])


def test_a_decision_tells_the_revision_that_the_day_has_now(team):
    row = make.submitted(team.author)
    [outcome] = validation.decide([(row.id, row.revision)], [], "return", WHY, make.decider(team.superior))
    assert outcome.work_day.__data__ == WorkDay.get_by_id(row.id).__data__
