from datetime import date
from typing import Any

import pytest

from portal import policies
from portal.offices import board, closures, listing
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office
from portal.sheets import Problems
from tests import make
from tests.offices.taking import Take, closure, everything, wrong

pytestmark = pytest.mark.usefixtures("database")


def test_a_closure_is_taken_as_said_with_both_its_days(take: Take):
    make.office("Kantor A", timezone="Asia/Jayapura")
    take("closures", [closure(online="no", dropbox="yes", diversion="Aula kecamatan", note="Banjir", source="Berita")])
    made = Closure.get()
    assert (made.starts_at, made.ends_at) == (make.local("2020-09-20T00:00", "Asia/Jayapura"), make.local("2020-09-23T00:00", "Asia/Jayapura"))
    assert (made.online, made.dropbox, made.note, made.internal_note) == (False, True, "Banjir", "Berita")
    assert Diversion.get().place == "Aula kecamatan"
    picture = board.paint([Office.get().root_id], made.starts_at, made.ends_at)
    channels = picture.condition(next(iter(picture.nodes.values())), made.starts_at).channels
    assert (channels.online, channels.email, channels.dropbox) == (False, False, True)


def test_a_diversion_that_names_an_office_leads_there_else_it_stays_words(take: Take):
    make.office("Kantor A")
    beside = make.office("Kantor B")
    make.office("Kembar")
    make.office("Kembar")
    take("closures", [closure(diversion="kantor  b"), closure(case="S2", starts="2020-09-19", diversion=beside.slug), closure(case="S3", diversion="Kembar")])
    assert list(Diversion.select(Diversion.office, Diversion.place).order_by(Diversion.id).tuples()) == [(beside.id, ""), (beside.id, ""), (None, "Kembar")]


def test_a_closure_without_an_end_is_reviewed_after_fourteen_days_and_marked_as_presumed(take: Take):
    make.office("Kantor A")
    take("closures", [closure(ends="")])
    made = Closure.get()
    assert (made.ends_at, made.review_on, made.is_review_presumed) == (None, date(2020, 10, 4), True)
    take("closures", [closure(ends="2020-09-25")])
    made = Closure.get()
    assert (made.ends_at, made.review_on, made.is_review_presumed) == (make.local("2020-09-26T00:00"), None, False)


def test_the_days_until_a_review_are_a_policy(take: Take):
    policies.set_policy(policies.CLOSURE_REVIEW, {"days": 7}, name="Tinjauan", legal_basis="-", first_day=date(2020, 1, 1), by="admin", now=make.NOW)
    make.office("Kantor A")
    take("closures", [closure(ends="")])
    assert Closure.get().review_on == date(2020, 9, 27)


def test_another_end_in_a_later_file_becomes_history(take: Take):
    make.office("Kantor A")
    take("closures", [closure()])
    done = take("closures", [closure(ends="2020-09-25")])
    assert (done.added, done.changed) == (0, 1)
    take("closures", [closure(ends="2020-09-23")])
    take("closures", [closure(ends="")])
    acts = ClosureEvent.select(ClosureEvent.what, ClosureEvent.ends_after).order_by(ClosureEvent.id).tuples()
    ends = [make.local(f"2020-09-{day}T00:00") for day in (23, 26, 24)]
    assert list(acts) == [("announced", ends[0]), ("extended", ends[1]), ("shortened", ends[2]), ("extended", None)]
    assert Closure.get().review_on == date(2020, 10, 4)


@pytest.mark.parametrize("act", ["extend", "reopen", "withdraw"])
def test_a_file_taken_again_does_not_undo_what_a_person_did_meanwhile(take: Take, act: str):
    make.office("Kantor A")
    take("closures", [closure()])
    facts: dict[str, Any] = {"reason": "Arahan.", "by": "kepala", "now": make.local("2020-09-21T09:00")}
    acts = {
        "extend": lambda made: closures.extend(made, make.local("2020-09-30T00:00"), **facts),
        "reopen": lambda made: closures.reopen(made, **facts),
        "withdraw": lambda made: closures.withdraw(made, **facts),
    }
    acts[act](Closure.get())
    before = everything()
    assert take("closures", [closure()]).same == 1
    assert everything() == before


def test_a_scope_becomes_a_unit_once_and_keeps_to_its_office(take: Take):
    make.region("31")
    top = make.office("Kantor A", region="31", opening="Mo-Su 07:00-15:00", timezone="Asia/Makassar")
    take("closures", [closure(scope="Loket Pajak"), closure(case="S2", starts="2020-09-21", scope="loket  pajak")])
    unit = Office.get(Office.parent == top.id)
    assert (unit.name, unit.hours, unit.timezone, unit.region_code) == ("Kantor A: Loket Pajak", "Mo-Su 07:00-15:00", "Asia/Makassar", "31")
    assert Office.select().count() == 2
    assert {mark.office_id for mark in ClosureMark.select()} == {unit.id}


def test_unknown_offices_are_errors_unless_they_may_be_made(take: Take):
    assert wrong(take, "closures", [closure("Antah"), closure("Berantah", case="S2")]) == [(2, "office"), (3, "office")]
    done = take("closures", [closure("Antah"), closure("antah ", case="S2")], create_offices=True, default_zone="Asia/Jayapura")
    assert done.added == 2
    made = Office.get()
    assert (made.name, made.hours, made.timezone) == ("Antah", "Mo-Fr 08:00-16:00", "Asia/Jayapura")


def test_an_ambiguous_name_is_an_error_that_lists_the_candidates_and_a_slug_settles_it(take: Take):
    first, second = make.office("Balai Desa Sukamaju"), make.office("Balai Desa Sukamaju")
    with pytest.raises(Problems) as caught:
        take("closures", [closure("balai desa sukamaju")])
    [problem] = caught.value.problems
    assert (problem.line, problem.column) == (2, "office")
    assert first.slug in str(problem.sentence)
    assert second.slug in str(problem.sentence)
    take("closures", [closure(second.slug)])
    assert ClosureMark.get().office_id == second.id


def test_an_office_whose_name_is_its_slug_is_no_ambiguity(take: Take):
    made = make.office("samsat")
    assert made.slug == "samsat"
    assert take("closures", [closure("samsat")]).added == 1


def test_a_name_means_the_office_before_a_unit_of_the_same_name(take: Take):
    top = make.office("Loket Satu")
    make.unit(make.office(), "Loket Satu")
    take("closures", [closure("Loket Satu")])
    assert ClosureMark.get().office_id == top.id


def test_every_error_in_closures_is_told_with_its_line_and_column(take: Take):
    make.office("Kantor A")
    lines = [
        closure(""),
        closure(starts="2020-02-30"),
        closure(starts=""),
        closure(ends="kapan-kapan"),
        closure(ends="2020-09-19"),
        closure(reason="malas"),
        closure(online="ya", dropbox="mungkin", starts="0001-01-01"),
        closure(note="x" * 2001),
        closure(source="x" * 2001, case="S8"),
        closure(diversion="Kantor A", case="S9"),
        closure(reopens="besok"),
    ]
    assert wrong(take, "closures", lines) == [
        (2, "office"),
        (3, "starts"),
        (4, "starts"),
        (5, "ends"),
        (6, "ends"),
        (7, "reason"),
        (8, "dropbox"),
        (8, "online"),
        (8, "starts"),
        (9, "note"),
        (10, "source"),
        (11, "diversion"),
        (12, "reopens"),
    ]


def test_a_bad_closure_of_a_new_office_does_not_hide_the_errors_after_it(take: Take):
    lines = [closure("Baru", note="x" * 2001), closure("Baru", case="S2"), closure("Baru", case="S3", ends="x")]
    assert wrong(take, "closures", lines, create_offices=True) == [(2, "note"), (4, "ends")]


def test_the_same_closure_twice_in_one_file_is_an_error_at_the_second(take: Take):
    make.office("Kantor A")
    assert wrong(take, "closures", [closure(), closure(ends="2020-09-25"), closure("kantor-a")]) == [(3, "case"), (4, "case")]


def test_facts_below_the_minimum_are_warned_of_never_refused(take: Take):
    make.minimum(72, reason="flood")
    make.office("Kantor A")
    done = take("closures", [closure(ends="2020-09-20"), closure(case="S2", reopens="2020-09-22")])
    assert [(warning.line, warning.column) for warning in done.warnings] == [(2, "ends"), (3, "reopens")]
    assert done.added == 2


def test_the_strip_and_the_calendar_hold_closures_that_came_from_files(take: Take):
    make.office("Kantor A")
    take("closures", [closure()])
    assert len(listing.closures_between(make.local("2020-01-01T00:00"), make.local("2021-01-01T00:00"))) == 1


def test_a_closure_that_began_before_it_came_in_is_recorded_not_announced(take: Take):
    take("closures", [closure(starts="2020-09-01", ends="2020-09-03"), closure(case="S2", starts="2020-12-01", ends="2020-12-03")], create_offices=True)
    assert [event.what for event in ClosureEvent.select().order_by(ClosureEvent.id)] == ["recorded", "announced"]
