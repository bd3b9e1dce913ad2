"""Sorts of work, and the minutes that one unit of each usually takes."""

import pytest

from portal.audit import AuditEntry
from portal.kinerja import activity_types, days, logs
from portal.kinerja.activity_types import Sort
from portal.kinerja.models import ActivityType, Entry
from tests import make
from tests.kinerja.refusing import refused
from tests.make import ACT, MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
FILES = Sort("BERKAS", "Memeriksa berkas", "berkas", 10)


def test_a_sort_is_kept_with_its_minutes_and_stands_in_the_trail():
    kind = activity_types.add(FILES, **ACT)
    assert activity_types.facts_of(ActivityType.get()) == {
        "code": "BERKAS",
        "name": "Memeriksa berkas",
        "unit": "berkas",
        "minutes": 10,
        "needs_evidence": False,
    }
    assert AuditEntry.select().where(AuditEntry.act == "activity_type_added", AuditEntry.object_id == str(kind.id)).count() == 1


def test_a_code_stands_for_one_sort_also_when_that_has_ended():
    activity_types.end(activity_types.add(FILES, **ACT), **ACT)
    assert "sudah dipakai" in refused("code", activity_types.add, FILES, **ACT)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": ""}, "code"),
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"minutes": None}, "minutes"),
        ({"name": "a" * 201}, "name"),
    ],
)
def test_a_sort_says_all_that_is_needed(facts, field):
    sort = Sort(**{**vars(FILES), **facts})
    refused(field, activity_types.add, sort, **ACT)


def test_other_minutes_hold_for_what_is_written_from_then_on():
    make.work_rules()
    kind, author = activity_types.add(FILES, **ACT), make.team().author
    old = make.entry(author, activity_type=str(kind.id), quantity="6")
    activity_types.change(kind, Sort("LAIN", "Memeriksa berkas", "berkas", 5), **ACT)
    new = make.entry(author, "10:00", "12:00", activity_type=str(kind.id), quantity="6")
    assert (Entry.get_by_id(old.id).effective, new.effective) == (60, 30)
    assert days.find(author, MONDAY).effective == 90
    assert ActivityType.get().code == "BERKAS"


def test_a_change_that_changes_nothing_leaves_no_trace():
    kind = activity_types.add(FILES, **ACT)
    activity_types.change(kind, FILES, **ACT)
    assert AuditEntry.select().where(AuditEntry.act == "activity_type_changed").count() == 0


def test_an_ended_sort_keeps_what_was_written_with_it_and_can_come_back():
    kind, author = activity_types.add(FILES, **ACT), make.team().author
    entry = make.entry(author, activity_type=str(kind.id))
    for _ in range(2):
        activity_types.end(kind, **ACT)
    assert ActivityType.get().ended_at == make.NOW
    assert logs.change(entry, make.activity(activity_type=str(kind.id)), entry.revision, now=MONDAY_EVENING).activity_type_id == kind.id
    activity_types.restore(kind, **ACT)
    assert ActivityType.get().ended_at is None
    acts = [act for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.kind == "activity_type").order_by(AuditEntry.id).tuples()]
    assert acts == ["activity_type_added", "activity_type_ended", "activity_type_restored"]
