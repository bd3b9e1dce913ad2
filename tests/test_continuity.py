"""The stories: each leaves one act in the trail beside its own history, and a refused one leaves neither."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import continuity
from portal.audit import Actor, AuditEntry
from portal.kinerja.models import DayAct, WorkDay
from portal.offices import corrections, postings
from portal.offices.closures import BelowMinimum
from portal.offices.models import Closure, ClosureEvent
from portal.offices.staff import Correction
from portal.people.models import Person
from portal.refusals import Refused
from portal.sheets import Line
from tests import make

pytestmark = pytest.mark.usefixtures("database")
NOW = make.local("2020-09-21T10:00")  # the second day of make.closure(days=3)
HEAD = Actor("Kepala Balai", 7, address="10.0.0.1")
FACTS: dict[str, Any] = {"reason": "Arahan.", "by": HEAD, "now": NOW}
LATER, SOONER = make.local("2020-09-26T00:00"), make.local("2020-09-22T00:00")

STORIES: dict[str, tuple[Callable[[Closure], Closure], dict[str, Any], dict[str, Any]]] = {
    "extended": (lambda closure: continuity.extend(closure, LATER, **FACTS), {"ends_at": "2020-09-22T17:00:00+00:00"}, {"ends_at": LATER.isoformat()}),
    "shortened": (lambda closure: continuity.shorten(closure, SOONER, **FACTS), {"ends_at": "2020-09-22T17:00:00+00:00"}, {"ends_at": SOONER.isoformat()}),
    "reopened": (lambda closure: continuity.reopen(closure, **FACTS), {"ends_at": "2020-09-22T17:00:00+00:00"}, {"ends_at": NOW.isoformat()}),
    "withdrawn": (lambda closure: continuity.withdraw(closure, **FACTS), {"withdrawn_at": None}, {"withdrawn_at": NOW.isoformat()}),
}
REFUSED: dict[str, Callable[[Closure], Closure]] = {
    "extended to an earlier day": lambda closure: continuity.extend(closure, SOONER, **FACTS),
    "shortened to a later day": lambda closure: continuity.shorten(closure, LATER, **FACTS),
    "reopened before it begins": lambda closure: continuity.reopen(closure, **{**FACTS, "now": make.NOW}),
    "withdrawn without a reason": lambda closure: continuity.withdraw(closure, **{**FACTS, "reason": " "}),
    "reopened after its end": lambda closure: continuity.reopen(closure, **{**FACTS, "now": LATER}),
}


def trail() -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.kind == "closure").order_by(AuditEntry.id))


def kept() -> list[Any]:
    return [list(table.select().order_by(table.id).tuples()) for table in (Closure, ClosureEvent, AuditEntry)]


def test_a_closure_leaves_one_act_with_its_actor_offices_and_facts():
    hall, other = make.office(slug="balai"), make.office(slug="dinas")
    closure = continuity.close(make.plan(hall, other, note="Banjir."), by=HEAD, now=make.NOW)
    (entry,) = trail()
    assert (entry.act, entry.object_id, entry.actor, entry.actor_id, entry.address) == ("closure_declared", str(closure.id), "Kepala Balai", 7, "10.0.0.1")
    assert entry.label == "balai, dinas"
    assert (entry.before, entry.after["reason"], entry.after["note"], entry.after["ends_at"]) == (None, "flood", "Banjir.", closure.ends_at.isoformat())
    assert ClosureEvent.get().by == "Kepala Balai"


@pytest.mark.parametrize("story", STORIES)
def test_each_story_leaves_one_act_with_what_was_and_what_became(story: str):
    tell, before, after = STORIES[story]
    closure = make.closure(days=3)
    assert trail() == []
    tell(closure)
    (entry,) = trail()
    assert (entry.act, entry.object_id, entry.actor_id) == (f"closure_{story}", str(closure.id), 7)
    assert entry.before == before
    assert entry.after == after
    assert ClosureEvent.select().where(ClosureEvent.what == story).count() == 1


@pytest.mark.parametrize("story", REFUSED)
def test_a_refused_story_leaves_nothing(story: str):
    closure = make.closure(days=3)
    before = kept()
    with pytest.raises(Refused):
        REFUSED[story](closure)
    assert kept() == before


def test_a_refused_closure_leaves_nothing():
    make.minimum(hours=72, reason="confirmed_case")
    plan = make.plan(make.office(), days=1, reason="confirmed_case")
    before = kept()
    with pytest.raises(BelowMinimum):
        continuity.close(plan, by=HEAD, now=make.NOW)
    assert kept() == before


def test_the_same_submission_twice_is_one_closure_and_one_act():
    plan = make.plan(make.office(), import_key="kunci")
    first = continuity.close(plan, by=HEAD, now=make.NOW)
    assert continuity.close(plan, by=HEAD, now=make.NOW + timedelta(seconds=5)) == first
    assert len(trail()) == 1


def test_a_preview_leaves_nothing():
    office = make.office()
    plan = make.plan(office)
    before = kept()
    found = continuity.preview(plan, now=make.NOW, rows=[office.__data__])
    assert (len(found.told), found.broken) == (1, None)
    assert kept() == before


def proposed(team: make.Team, new: Person) -> Correction:
    posting = postings.main_posting(team.author, make.MONDAY)
    assert posting is not None
    return corrections.propose(posting, new, reason="Bukan atasan saya.", **make.ACT)


def test_once_the_wrong_superior_is_corrected_what_waits_goes_to_the_right_one_with_the_whole_time() -> None:
    make.work_rules()
    team, new = make.team(), make.person("Atasan Baru")
    make.posting(new, team.office, under=team.upper)
    row = make.submitted(team.author)
    tuesday = make.MONDAY_EVENING + timedelta(days=1)
    continuity.settle_supervisor(proposed(team, new), accept=True, answer="", day=tuesday.date(), by=HEAD, now=tuesday)
    moved = WorkDay.get_by_id(row.id)
    assert (moved.state, moved.supervisor_id, moved.upper_id) == ("submitted", new.id, team.upper.id)
    assert moved.escalates_at == make.local("2020-09-26T00:00")
    assert [act for (act,) in DayAct.select(DayAct.act).where(DayAct.work_day == row).order_by(DayAct.id).tuples()] == ["submitted", "rerouted"]


def test_a_correction_that_is_not_accepted_moves_nothing() -> None:
    make.work_rules()
    team, new = make.team(), make.person("Bukan Atasan")
    row = make.submitted(team.author)
    facts: dict[str, Any] = {"day": make.MONDAY, "by": HEAD, "now": make.MONDAY_EVENING}
    continuity.settle_supervisor(proposed(team, new), accept=False, answer="Keliru.", **facts)
    assert WorkDay.get_by_id(row.id).supervisor_id == team.superior.id
    with pytest.raises(Refused):
        continuity.settle_supervisor(proposed(team, new), accept=False, answer="", **facts)


def test_what_waits_for_nobody_goes_to_the_superior_whom_somebody_gets() -> None:
    make.work_rules()
    author, superior, office = make.person(), make.person(), make.office()
    make.posting(author, office)
    make.posting(superior, office)
    row = make.submitted(author)
    assert WorkDay.get_by_id(row.id).supervisor_id is None
    tuesday = make.MONDAY_EVENING + timedelta(days=1)
    facts: dict[str, Any] = {"position": "Analis", "supervisor": superior, "first_day": tuesday.date(), "by": HEAD, "now": tuesday}
    continuity.post(author, office, **facts)
    assert WorkDay.get_by_id(row.id).supervisor_id == superior.id


def test_a_superior_who_gets_a_superior_is_followed_by_what_waits_below() -> None:
    make.work_rules()
    author, superior, above, office = make.person(), make.person(), make.person(), make.office()
    make.posting(superior, office)
    make.posting(author, office, under=superior)
    row = make.submitted(author)
    facts: dict[str, Any] = {"position": "Kepala", "supervisor": above, "first_day": make.MONDAY, "by": HEAD, "now": make.MONDAY_EVENING}
    continuity.post(superior, office, **facts)
    assert WorkDay.get_by_id(row.id).upper_id == above.id


def test_once_a_superiors_account_is_closed_the_one_above_may_decide_at_once_about_what_waits() -> None:
    make.work_rules()
    team = make.team()
    rows = [make.submitted(each) for each in (team.author, team.colleague)]
    continuity.end_account(team.superior, by=HEAD, now=make.MONDAY_EVENING)
    assert not Person.get_by_id(team.superior.id).is_active
    assert [WorkDay.get_by_id(row.id).escalates_at for row in rows] == [make.MONDAY_EVENING] * 2


def test_people_from_a_file_with_other_superiors_send_on_what_waits() -> None:
    make.work_rules()
    team, new = make.team(make.office("Balai", slug="balai")), make.person("Atasan Baru")
    make.posting(new, team.office, under=team.upper)
    rows = [make.submitted(each) for each in (team.author, team.colleague)]
    values = {"nip": team.author.identifier, "name": "Siti", "office": "balai", "supervisor_nip": new.identifier, "starts": str(make.MONDAY)}
    tuesday = make.MONDAY_EVENING + timedelta(days=1)
    continuity.take_people([Line(2, values)], by="impor", now=tuesday, progress=lambda done, total: None)
    moved = [WorkDay.get_by_id(row.id) for row in rows]
    assert [(row.supervisor_id, row.upper_id) for row in moved] == [(new.id, team.upper.id), (team.superior.id, team.upper.id)]
    assert [row.id for row in rows if DayAct.select().where(DayAct.work_day == row, DayAct.act == "rerouted").exists()] == [rows[0].id]


def test_the_same_form_with_other_services_is_a_mistake_and_with_the_same_a_repetition():
    office = make.office()
    plan = make.plan(office, services=("ktp", "akta-lahir"), import_key="form-1-a")
    first = continuity.close(plan, by=HEAD, now=NOW)
    assert continuity.close(plan, by=HEAD, now=NOW) == first
    for other in ((), ("ktp",), ("ktp", "izin")):
        with pytest.raises(Refused):
            continuity.close(make.plan(office, services=other, import_key="form-1-a"), by=HEAD, now=NOW)
    assert AuditEntry.get(AuditEntry.act == "closure_declared").after["services"] == ["akta-lahir", "ktp"]


def test_the_same_form_with_another_end_is_a_mistake_also_after_the_closure_was_made_longer():
    office = make.office()
    plan = make.plan(office, import_key="form-1-a")
    first = continuity.close(plan, by=HEAD, now=NOW)
    continuity.extend(first, make.local("2020-09-28T00:00"), reason="Belum aman.", by=HEAD, now=NOW)
    assert continuity.close(plan, by=HEAD, now=NOW) == first
    with pytest.raises(Refused):
        continuity.close(make.plan(office, days=8, import_key="form-1-a"), by=HEAD, now=NOW)
