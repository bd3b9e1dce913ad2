"""Days under acts in any order: two devices, superiors, deputies, clocks and outages; whatever is done, what must hold holds."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from portal.audit import Actor, AuditEntry
from portal.db import database
from portal.kinerja import days, logs, outages, routing, submission, validation
from portal.kinerja.models import EDITABLE, SUBMITTED, DayAct, Entry, WorkDay
from portal.kinerja.working_days import WorkingDays
from portal.offices import corrections, postings
from portal.offices.staff import Acting
from portal.people.models import Person
from portal.refusals import Refused
from tests import make
from tests.kinerja.known import DECISIONS, Known, Line, Page, compare_receipts, content, everything, may_decide, sums
from tests.make import MONDAY

DAYS = [MONDAY, MONDAY + timedelta(days=1)]
DAY, DEVICE = st.sampled_from(DAYS), st.sampled_from(["laptop", "telephone"])
DECISION = st.sampled_from(["approve", "approve", "return", "reject"])
PLACE, PICK = st.sampled_from(["wfo", "wfh", "field"]), st.integers(0, 5)
START, LENGTH = st.integers(14, 40).map(lambda halves: 30 * halves), st.sampled_from([30, 60, 120])
WHO = st.sampled_from(["superior", "superior", "superior", "upper", "upper", "deputy", "right", "author", "author", "stranger"])
FACES = ("superior", "upper", "deputy", "stranger", "right", "author")


class Week(RuleBasedStateMachine):
    """One who works, with two devices, and those above; time only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = database.atomic()
        self.transaction = self.undone.__enter__()
        make.work_rules()
        self.team, self.now, self.known = make.team(), make.MONDAY_EVENING, Known()
        self.author, self.right = self.team.author, make.person("Yang benar")
        make.posting(self.right, self.team.office, under=self.team.upper)
        people = (self.team.superior, self.team.upper, make.person("Plh"), make.person("Orang lain"), self.right, self.author)
        self.people: dict[str, Person] = dict(zip(FACES, people, strict=True))
        self.pages: dict[str, Page] = {}
        self.forms: list[tuple[object, logs.Activity, int]] = []
        self.keys: list[str] = [""]

    @initialize(acts=st.sampled_from([0, 3, 0, 1, 2, 3, 4]))
    def monday_has_begun(self, acts) -> None:
        """Two lines are written; then, as far as it goes: submitted, one line approved, the rest returned, submitted again."""
        for start in (480, 600):
            self.line_is_added("laptop", MONDAY, start, 60, "wfh")
        self.now += timedelta(days=1)
        for number in range(acts):
            if number in {1, 2}:
                self.opened("superior", MONDAY)
                self.page_is_decided("superior", ["approve", "return"][number - 1], picked={0} if number == 1 else None, is_blind=False)
            else:
                self.day_is_submitted_as_it_stands("laptop", MONDAY, is_repeated=False)
        self.opened("telephone", MONDAY)
        self.opened("laptop", MONDAY)

    def teardown(self) -> None:
        self.transaction.rollback()
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *given, **facts):
        """What was done, or nothing where it was refused; a refusal leaves every row as it was."""
        before = everything(), AuditEntry.select().count()
        try:
            return verb(*given, **facts)
        except Refused:
            assert before == (everything(), AuditEntry.select().count())
            return None

    def opened(self, who, day) -> None:
        """A screen shows a day as it stands."""
        row = days.find(self.author, day)
        self.pages[who] = Page(row.id if row else 0, row.revision if row else 0, {each.id: (each.revision, content(each)) for each in days.entries(row)})

    def some(self, *states) -> bool:
        return WorkDay.select().where(WorkDay.state.in_(states)).exists()

    def state_of(self, day_id: int) -> str:
        return WorkDay.get_by_id(day_id).state if day_id else "draft"

    @rule(what=st.sampled_from(["time", "time", "time", "outage", "acting", "acting", "no acting", "correction"]), number=st.integers(0, 5))
    def world_goes_on(self, what, number) -> None:
        if what == "time":
            self.now += timedelta(hours=[0, 1, 3, 8, 30, 120][number])
        elif what == "outage":
            starts = self.now - timedelta(hours=7 * number + 1)
            self.attempt(outages.enter, starts, starts + timedelta(hours=5 * number + 1), "Listrik padam.", by="admin", now=self.now)
        elif what == "acting":
            self.somebody_stands_in(*[("superior", "deputy"), ("superior", "author"), ("upper", "author"), ("superior", "author")][number % 4], number)
        elif what == "no acting":
            for acting in Acting.select().where(Acting.ended_at.is_null()):
                postings.end_acting(acting, by="admin", now=self.now)
        elif number == 0 and self.today() > DAYS[1]:
            self.superior_is_put_right(postings.main_posting(self.author, self.today()))

    def somebody_stands_in(self, of, deputy, lasts) -> None:
        last = self.today() + timedelta(days=lasts)
        facts = {"kind": "Plh", "letter_number": "800/1", "first_day": self.today(), "last_day": last, "by": "admin", "now": self.now}
        self.attempt(postings.act_for, self.people[of], self.people[deputy], **facts)

    def superior_is_put_right(self, posting) -> None:
        if posting.supervisor_id != self.right.id:
            asked = corrections.propose(posting, self.right, reason="Saya pindah.", by="x", now=self.now)
            corrections.settle(asked, accept=True, answer="", day=self.today(), by="admin", now=self.now)
            routing.reroute([self.author.id], now=self.now)

    def today(self):
        return self.now.astimezone(make.ZONE).date()

    # The author, on two devices.

    @rule(device=DEVICE | WHO, day=DAY)
    def page_is_opened(self, device, day) -> None:
        self.opened(device, day)

    @rule(device=DEVICE, day=DAY, start=START, length=LENGTH, place=PLACE)
    def line_is_added(self, device, day, start, length, place) -> None:
        number = len(self.forms)
        typed = make.activity(_time(start), _time(start + length), description=f"Kegiatan {number}", place=place, submission_key=f"k{number}")
        found = days.find(self.author, day)
        before = found.state if found else "draft"
        entry = self.attempt(logs.add, self.author, day, typed, now=self.now)
        self.forms.append((day, typed, entry.id if entry else 0))
        if entry:
            assert before in EDITABLE
            assert (entry.starts, entry.ends, entry.description, entry.place) == (start, start + length, typed.description, place)
            self.known.lines[entry.id] = Line(content(entry))
            self.opened(device, day)

    @precondition(lambda self: self.forms)
    @rule(pick=PICK)
    def line_is_sent_again(self, pick) -> None:
        day, typed, made = self.forms[-1 - pick % len(self.forms)]
        entry = self.attempt(logs.add, self.author, day, typed, now=self.now)
        if made:
            assert entry.id == made
        elif entry:  # refused then, possible now
            self.forms.append((day, typed, entry.id))
            self.forms.remove((day, typed, 0))
            self.known.lines[entry.id] = Line(content(entry))

    @rule(device=DEVICE, pick=PICK, start=START, length=LENGTH, place=PLACE, is_removed=st.booleans())
    def line_is_edited(self, device, pick, start, length, place, is_removed) -> None:
        typed = make.activity(_time(start), _time(start + length), place=place, description=f"Diubah {self.now}")
        change = logs.change if not is_removed or pick % 2 else lambda entry, _, seen, now: logs.remove(entry, seen, now=now) or entry
        self.edit(device, pick, lambda entry, seen: change(entry, typed, seen, now=self.now))

    @rule(day=DAY, pick=PICK, start=START)
    def both_devices_edit_a_line_that_both_show(self, day, pick, start) -> None:
        for device in ("laptop", "telephone"):
            self.opened(device, day)
        for device in ("laptop", "telephone"):
            self.line_is_edited(device, pick, start, 30, "field", is_removed=device == "laptop")

    def edit(self, device, pick, verb) -> None:
        """A device edits a line that it shows; accepted only where the line is still as it is shown."""
        page = self.pages.get(device)
        if page is None or not page.lines:
            return
        id = sorted(page.lines)[pick % len(page.lines)]
        seen, shown = page.lines[id]
        before = self.state_of(page.day)
        if self.attempt(verb, Entry.get_by_id(id), seen):
            line, row = self.known.lines[id], Entry.get_by_id(id)
            became = content(row), row.removed_at is not None
            if became != (line.content, line.is_removed):  # else the same was done before, and nothing is done twice
                assert (line.content, line.is_removed, line.state, before in EDITABLE) == (shown, False, None, True)
                line.content, line.is_removed = became
            self.opened(device, WorkDay.get_by_id(page.day).day)

    @precondition(lambda self: any(line.is_removed for line in self.known.lines.values()))
    @rule(pick=PICK)
    def line_is_brought_back(self, pick) -> None:
        gone = [id for id, line in self.known.lines.items() if line.is_removed]
        if gone:
            entry = Entry.get_by_id(gone[pick % len(gone)])
            self.attempt(logs.restore, entry, now=self.now)
            self.known.lines[entry.id].is_removed = Entry.get_by_id(entry.id).removed_at is not None

    @rule(day=DAY, other=DAY)
    def day_is_copied(self, day, other) -> None:
        source = days.find(self.author, day)
        if source and day != other and (done := self.attempt(logs.copy_day, self.author, source, other, now=self.now)):
            fresh = [each for each in Entry.select() if each.id not in self.known.lines]
            old = [shown[1:] for shown in self.known.live(source.id).values()]
            assert len(fresh) == done[0] and all(content(each)[1:] in old for each in fresh)
            self.known.lines |= {each.id: Line(content(each)) for each in fresh}

    @precondition(lambda self: self.some(*EDITABLE))
    @rule(device=DEVICE, day=DAY, is_repeated=st.booleans())
    def day_is_submitted_as_it_stands(self, device, day, is_repeated) -> None:
        self.opened(device, day)
        self.page_is_submitted(device, is_blind=False, is_repeated=is_repeated)

    @precondition(lambda self: self.some(*EDITABLE))
    @rule(device=DEVICE, is_blind=st.booleans(), is_repeated=st.booleans())
    def page_is_submitted(self, device, is_blind, is_repeated) -> None:
        page = self.pages.get(device)
        if page is None or not page.day:
            return
        before, key = WorkDay.get_by_id(page.day), self.keys[-1] if is_repeated else f"s{len(self.keys)}"
        self.keys.append(key)
        facts = {"key": key, "seen": None if is_blind else page.revision, "by": Actor("Siti", self.author.id), "now": self.now}
        if (done := self.attempt(submission.submit, before, **facts)) and done.state == SUBMITTED != before.state:
            assert before.state in EDITABLE
            assert is_blind or page.shown == self.known.live(page.day)
            assert done.supervisor_id == routing.route(self.author, done.day).supervisor_id

    @precondition(lambda self: self.some(SUBMITTED))
    @rule(who=WHO, decision=DECISION)
    def day_is_decided(self, who, decision) -> None:
        self.opened(who, WorkDay.get(WorkDay.state == SUBMITTED).day)
        self.page_is_decided(who, decision, picked=None, is_blind=False)

    @precondition(lambda self: self.some(SUBMITTED))
    @rule(who=WHO, decision=DECISION, picked=st.sets(PICK, min_size=1, max_size=2))
    def lines_are_decided(self, who, decision, picked) -> None:
        self.opened(who, WorkDay.get(WorkDay.state == SUBMITTED).day)
        self.page_is_decided(who, decision, picked=picked, is_blind=False)

    @rule(who=WHO, decision=DECISION, picked=st.none() | st.sets(PICK, min_size=1, max_size=2), is_blind=st.booleans())
    def page_is_decided(self, who, decision, picked, is_blind) -> None:
        page = self.pages.get(who)
        if page is None or not page.lines:
            return
        ids = None if picked is None else sorted({sorted(page.lines)[each % len(page.lines)] for each in picked})
        seen, before, rows = None if is_blind else page.revision, WorkDay.get_by_id(page.day), everything()
        may = may_decide(self.people[who], before, self.today(), self.now)
        picks = ([(page.day, seen)], []) if ids is None else ([], [(each, seen) for each in ids])
        [outcome] = validation.decide(*picks, decision, "Lengkapi bukti.", make.decider(self.people[who], self.now))
        if outcome.refusal:
            assert rows == everything()
        else:
            assert may and before.state == SUBMITTED and (is_blind or page.shown == self.known.live(page.day))
            if decision != "return":
                self.known.decide(outcome.work_day.id, {"approve": "approved", "reject": "rejected"}[decision], ids)

    @precondition(lambda self: self.some("approved", "rejected"))
    @rule(who=WHO, day=DAY)
    def day_is_unlocked(self, who, day) -> None:
        row = days.find(self.author, day)
        if row and self.attempt(validation.unlock, row, "Salah hitung.", make.decider(self.people[who], self.now)):
            assert who not in {"author", "stranger"} and row.state in {"approved", "rejected"}
            self.known.unlock(row.id)

    @precondition(lambda self: self.today() > MONDAY + timedelta(days=15))
    @rule(who=WHO, day=DAY)
    def closed_day_is_opened(self, who, day) -> None:
        if self.attempt(validation.open_closed, self.author, day, "Sakit lama.", make.decider(self.people[who], self.now)):
            assert who not in {"author", "stranger"}

    # What holds, whatever was done.

    @invariant()
    def every_accepted_edit_is_there_and_nothing_decided_has_changed(self) -> None:
        self.known.compare_lines()

    @invariant()
    def every_change_of_state_has_its_act(self) -> None:
        self.known.compare_states()

    @invariant()
    def sums_are_those_of_the_activities_which_never_overlap(self) -> None:
        for row in WorkDay.select():
            entries = days.entries(row)
            assert {name: getattr(row, name) for name in sums(entries)} == sums(entries)
            assert all(one.ends <= other.starts for one, other in pairwise(entries))

    @invariant()
    def nobody_decides_about_themselves_and_no_receipt_comes_twice(self) -> None:
        assert not DayAct.select().where(DayAct.person == self.author, DayAct.act.in_(DECISIONS)).exists()
        assert not WorkDay.select().where(WorkDay.decided_by == self.author).exists()
        compare_receipts()

    @invariant()
    def deadlines_follow_the_register_and_what_waits_lies_with_the_superior(self) -> None:
        calendar = WorkingDays.of([self.team.office.id], DAYS[0], DAYS[-1])
        for row in WorkDay.select():
            assert (row.due_at, row.due_before) == calendar.due(row.office_id, row.day)
            if row.state == SUBMITTED:
                assert row.supervisor_id == routing.route(self.author, row.day).supervisor_id


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}.{minutes % 60:02}"


@pytest.mark.usefixtures("database")
def test_whatever_is_done_to_a_day_in_whatever_order_nothing_is_lost_and_what_is_approved_stays():
    run_state_machine_as_test(Week, settings=settings(max_examples=settings().max_examples // 5, stateful_step_count=40))
