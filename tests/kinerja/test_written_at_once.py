"""Devices and people who act on one day at the same moment, with real commits."""

from datetime import timedelta
from itertools import pairwise

import pytest

from portal.audit import Actor
from portal.kinerja import days, logs, routing, submission, validation
from portal.kinerja.models import DayAct, Entry, WorkDay
from portal.offices import corrections
from portal.offices.staff import Posting
from tests import make
from tests.make import ACT, MONDAY, MONDAY_EVENING
from tests.together import at_once

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def team(shared):
    make.work_rules()
    return make.team()


def write(team, starts, ends, key=""):
    return lambda: logs.add(team.author, MONDAY, make.activity(starts, ends, submission_key=key), now=MONDAY_EVENING)


def hand_in(team, key, seen=None):
    row = days.find(team.author, MONDAY)
    return lambda: submission.submit(row, key=key, seen=seen, by=Actor(team.author.name, team.author.id), now=MONDAY_EVENING)


def kept():
    """The rows of activities, and the sums of the one day, which must agree with them."""
    [row], entries = list(WorkDay.select()), list(Entry.select().where(Entry.removed_at.is_null()).order_by(Entry.starts))
    assert (row.entries, row.claimed) == (len(entries), sum(each.ends - each.starts for each in entries))
    assert all(before.ends <= after.starts for before, after in pairwise(entries))
    return row, entries


def test_the_same_form_pressed_eight_times_at_once_is_one_activity_for_all_of_them(team):
    assert at_once(*[write(team, "08:00", "09:00", "k")] * 8) == ["done"] * 8
    assert len(kept()[1]) == 1


def test_the_first_lines_of_a_day_written_at_once_all_stand_in_one_day(team):
    assert at_once(*[write(team, f"{hour:02}:00", f"{hour + 1:02}:00", f"k{hour}") for hour in range(8, 16)]) == ["done"] * 8
    assert len(kept()[1]) == 8


def test_of_two_devices_that_write_overlapping_lines_at_once_one_is_refused(team):
    assert sorted(at_once(write(team, "08:00", "10:00", "a"), write(team, "09:00", "11:00", "b"))) == ["done", "refused"]
    assert len(kept()[1]) == 1


def test_of_two_devices_that_change_one_line_at_once_one_is_told(team):
    entry = make.entry(team.author)

    def change(words):
        return lambda: logs.change(entry, make.activity(description=words), 0, now=MONDAY_EVENING)

    ended = at_once(change("Dari ponsel"), change("Dari laptop"), lambda: logs.remove(entry, 0, now=MONDAY_EVENING))
    assert sorted(ended) == ["done", "refused", "refused"]
    assert Entry.get().revision == 1


def test_a_line_that_is_written_while_the_day_is_submitted_is_in_what_was_submitted_or_refused(team):
    make.entry(team.author)
    written, *submitted = at_once(write(team, "10:00", "11:00"), hand_in(team, "a"), hand_in(team, "b"))
    assert submitted == ["done", "done"]
    row, entries = kept()
    assert (row.state, len(entries)) == ("submitted", 2 if written == "done" else 1)
    assert written in {"done", "refused"}


def test_a_page_that_did_not_show_the_line_of_the_other_device_does_not_submit_it(team):
    make.entry(team.author)
    seen = days.find(team.author, MONDAY).revision
    ended = at_once(write(team, "10:00", "11:00"), hand_in(team, "a", seen))
    assert sorted(ended) == ["done", "refused"]
    row, entries = kept()
    assert (row.state, len(entries)) in {("submitted", 1), ("draft", 2)}


@pytest.mark.parametrize("keys", [["k"] * 8, list("abcdefgh")], ids=["one key", "eight keys"])
def test_a_day_that_is_submitted_eight_times_at_once_is_submitted_once(team, keys):
    make.entry(team.author)
    assert at_once(*[hand_in(team, key) for key in keys]) == ["done"] * 8
    assert DayAct.select().count() == 1
    assert kept()[0].state == "submitted"


def test_a_day_that_is_decided_while_its_author_writes_takes_one_or_the_other(team):
    entry = make.entry(team.author)
    row = make.submitted(team.author)
    outcomes = []

    def decide(decision):
        return lambda: outcomes.extend(validation.decide([(row.id, row.revision)], [], decision, "Lengkapi.", make.decider(team.superior)))

    ended = at_once(decide("approve"), decide("return"), lambda: logs.change(entry, make.activity(description="Lagi"), 0, now=MONDAY_EVENING))
    assert ended[:2] == ["done", "done"]
    assert [bool(each.refusal) for each in outcomes].count(False) == 1
    row, [entry] = kept()
    assert (row.state, entry.state) in {("approved", "approved"), ("returned", None)}
    assert (entry.description == "Lagi") == (ended[2] == "done")
    assert ended[2] == "refused" or row.state == "returned"


def test_what_is_decided_while_it_is_rerouted_is_decided_by_one_who_may(team):
    row, right = make.submitted(team.author), make.person("Yang benar")
    asked = corrections.propose(Posting.get(Posting.person == team.author), right, reason="Saya pindah.", **ACT)
    corrections.settle(asked, accept=True, answer="", day=TUESDAY, **ACT)
    outcomes = []

    def approve(who):
        return lambda: outcomes.extend(validation.decide([(row.id, None)], [], "approve", "", make.decider(who)))

    assert at_once(lambda: routing.reroute([team.author.id], now=MONDAY_EVENING), approve(team.superior), approve(right)) == ["done"] * 3
    kept = WorkDay.get()
    decided = [each for each in outcomes if not each.refusal]
    assert len(decided) <= 1
    assert kept.supervisor_id == (kept.decided_by_id or right.id)
