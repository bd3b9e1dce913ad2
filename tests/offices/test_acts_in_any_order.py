"""Closures under acts in any order: whatever is done, what must hold holds."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.db import database
from portal.offices import board, closures
from portal.offices.models import Closure, ClosureEvent, ClosureMark
from portal.refusals import Refused
from tests import make

HOURS = st.integers(-30, 120).map(lambda hours: timedelta(hours=hours))


class Acts(RuleBasedStateMachine):
    """Two offices and a unit; time only goes forward."""

    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.undone = database.atomic()
        self.transaction = self.undone.__enter__()
        self.now: datetime = make.NOW
        self.offices = [make.office(), make.office()]
        self.offices.append(make.unit(self.offices[0]))
        self.grown: list[tuple[object, ...]] = []
        self.version = board.version()
        make.minimum(24)

    def teardown(self) -> None:
        self.transaction.rollback()
        self.undone.__exit__(None, None, None)

    def act(self, verb, *given, **facts) -> Closure | None:
        """What was done, or nothing where it was refused; a refusal leaves the version as it was."""
        before = board.version()
        try:
            done = verb(*given, by="kepala", now=self.now, **facts)
        except Refused:
            assert board.version() == before
            return None
        assert board.version() == before + 1
        return done

    @rule(passed=st.integers(1, 50))
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(hours=passed)

    @rule(target=known, taken=st.sets(st.integers(0, 2), min_size=1), excepted=st.sets(st.just(2)), starts=HOURS, length=st.none() | HOURS,
          reason=st.sampled_from(["flood", "confirmed_case"]), online=st.sampled_from([None, False]))  # fmt: skip
    def declare(self, taken, excepted, starts, length, reason, online) -> int | None:
        start = self.now + starts
        plan = closures.Plan([self.offices[each] for each in sorted(taken)], reason, start, None if length is None else start + length, online=online,
                             excepted=[self.offices[each] for each in excepted], review_on=start.date() + timedelta(days=3))  # fmt: skip
        done = self.act(closures.declare, plan)
        return done.id if done else None

    @rule(id=known, ends=st.none() | HOURS, days=st.integers(-2, 9))
    def extend(self, id, ends, days) -> None:
        review: date = self.now.date() + timedelta(days=days)
        self.on(id, closures.extend, *([None] if ends is None else [self.now + ends]), reason="Belum aman.", review_on=review)

    @rule(id=known, ends=HOURS, may_override=st.booleans())
    def shorten(self, id, ends, may_override) -> None:
        self.on(id, closures.shorten, self.now + ends, reason="Lebih cepat.", override_reason="Aman.", may_override=may_override)

    @rule(id=known)
    def reopen(self, id) -> None:
        self.on(id, closures.reopen, reason="Aman.")

    @rule(id=known)
    def withdraw(self, id) -> None:
        self.on(id, closures.withdraw, reason="Salah.")

    def on(self, id, verb, *given, **facts) -> None:
        if id is None:
            return
        before = Closure.get_by_id(id)
        done = self.act(verb, before, *given, **facts)
        if closures.status(before, self.now) in {closures.ENDED, closures.WITHDRAWN}:
            assert done is None

    @invariant()
    def history_only_grows(self) -> None:
        events = list(ClosureEvent.select().order_by(ClosureEvent.id).tuples())
        assert events[: len(self.grown)] == self.grown
        self.grown = events

    @invariant()
    def every_closure_ends_after_it_begins_or_has_a_review(self) -> None:
        for closure in Closure.select():
            assert closure.review_on if closure.ends_at is None else closure.ends_at > closure.starts_at and closure.review_on is None

    @invariant()
    def the_last_act_says_the_end_that_holds(self) -> None:
        last = {event.closure_id: event for event in ClosureEvent.select().order_by(ClosureEvent.id)}
        for closure in Closure.select():
            event = last[closure.id]
            assert (event.what == "withdrawn") == (closure.withdrawn_at is not None)
            assert closure.ends_at == (event.ends_before if event.what == "withdrawn" else event.ends_after)

    @invariant()
    def an_office_is_closed_when_a_closure_of_it_holds_and_only_then(self) -> None:
        picture = board.paint([each.id for each in self.offices[:2]], self.now, self.now)
        holding = [closure for closure in Closure.select() if closures.status(closure, self.now) == closures.ACTIVE]
        marks = {(mark.closure_id, mark.office_id): not mark.is_excepted for mark in ClosureMark.select()}
        top, beside, unit = self.offices
        for office, above in ((top, None), (beside, None), (unit, top)):
            taken = [marks.get((each.id, office.id), marks.get((each.id, above.id), False) if above else False) for each in holding]
            condition = picture.condition(picture.nodes[office.id], self.now)
            assert any(taken) or condition.state not in {"remote", "suspended"}
            if office is not top:
                assert any(taken) == (condition.state in {"remote", "suspended"})


@pytest.mark.usefixtures("database")
def test_whatever_is_done_in_whatever_order_histories_grow_and_states_agree():
    run_state_machine_as_test(Acts, settings=settings(max_examples=settings().max_examples // 4, stateful_step_count=15))
