"""A day copied into another: what goes along, what stays behind, and what finds no room."""

from datetime import timedelta

import pytest

from portal.kinerja import days, logs
from portal.kinerja.models import ActivityType, Entry, Target
from tests import make
from tests.kinerja.test_logs import written
from tests.make import MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TUESDAY, TUESDAY_EVENING = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)


@pytest.fixture
def author():
    return make.team().author


def test_yesterday_is_copied_where_its_time_is_free_without_evidence_and_decisions(author):
    for starts, ends in (("08:00", "09:00"), ("10:00", "11:00"), ("12:00", "13:00"), ("14:00", "15:00")):
        make.entry(author, starts, ends, evidence_link="https://example.org", description=starts)
    old = days.find(author, MONDAY)
    Entry.update(state="rejected").where(Entry.starts == 720).execute()
    Entry.update(state="approved").where(Entry.starts == 480).execute()
    make.entry(author, "10:30", "12:00", day=TUESDAY, now=TUESDAY_EVENING, description="Sudah ada")
    assert logs.copy_day(author, old, TUESDAY, now=TUESDAY_EVENING) == (2, 1)
    assert [each[2] for each in written(author, TUESDAY)] == ["08:00", "Sudah ada", "14:00"]
    fresh = [each for each in days.entries(days.find(author, TUESDAY)) if each.description != "Sudah ada"]
    assert all((each.evidence_link, each.evidence_id, each.state, each.submission_key) == ("", None, None, None) for each in fresh)
    assert logs.copy_day(author, old, TUESDAY, now=TUESDAY_EVENING) == (0, 3)
    row = days.find(author, TUESDAY)
    assert (row.entries, row.claimed) == (3, 210)


def test_a_copy_never_fills_a_day_beyond_what_it_may_hold(author):
    for number in range(60):
        make.entry(author, f"{number // 6:02}:{number % 6}0", f"{number // 6:02}:{number % 6}9")
    old = days.find(author, MONDAY)
    make.entry(author, "22:00", "23:00", day=TUESDAY, now=TUESDAY_EVENING)
    assert logs.copy_day(author, old, TUESDAY, now=TUESDAY_EVENING) == (59, 1)
    assert days.find(author, TUESDAY).entries == 60


def test_a_copied_activity_keeps_a_target_that_is_still_open_and_loses_one_that_is_not(author):
    facts = {"person": author, "year": 2020, "title": "Layanan", "entered_at": make.NOW, "entered_by": "x"}
    agreed, withdrawn = (Target.create(state=state, **facts) for state in ("agreed", "draft"))
    make.entry(author, target=str(agreed.id))
    make.entry(author, "10:00", "11:00", target=str(withdrawn.id))
    Target.update(state="withdrawn").where(Target.id == withdrawn.id).execute()
    logs.copy_day(author, days.find(author, MONDAY), TUESDAY, now=TUESDAY_EVENING)
    assert [each.target_id for each in days.entries(days.find(author, TUESDAY))] == [agreed.id, None]
    assert logs.open_targets(author, 2020) == {agreed.id}


def test_a_copied_activity_counts_as_its_type_does_by_now(author):
    kind = ActivityType.create(code="V", name="Verifikasi", unit="berkas", minutes=10)
    source = make.entry(author, activity_type=str(kind.id)).work_day
    ActivityType.update(minutes=5).execute()
    logs.copy_day(author, source, TUESDAY, now=TUESDAY_EVENING)
    assert [each.effective for each in days.entries(days.find(author, TUESDAY))] == [60]
