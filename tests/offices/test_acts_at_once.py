"""Acts of two people at the same moment, on a database of their own, with real commits."""

from itertools import pairwise
from typing import Any

import pytest

from portal import db
from portal.offices import board, closures, places
from portal.offices.models import Closure, ClosureEvent
from portal.refusals import Refused
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-21T10:00")
FACTS: dict[str, Any] = {"by": "seseorang", "now": NOW, "reason": "Arahan."}


def whats(closure: Closure) -> list[str]:
    return [event.what for event in ClosureEvent.select().where(ClosureEvent.closure == closure).order_by(ClosureEvent.id)]


@pytest.mark.usefixtures("shared")
def test_of_two_who_end_a_closure_at_once_one_does_it_and_the_other_is_refused():
    closure = make.closure(days=5)
    ended = at_once(lambda: closures.reopen(closure, **FACTS), lambda: closures.withdraw(closure, **FACTS))
    assert sorted(ended) == ["done", "refused"]
    assert len(whats(closure)) == 2
    kept = Closure.get_by_id(closure.id)
    assert (kept.withdrawn_at is None) == (kept.ends_at == NOW)


@pytest.mark.usefixtures("shared")
def test_of_several_extensions_at_once_the_latest_end_holds_and_the_history_tells_each():
    closure = make.closure(days=3)
    ends = [make.local(f"2020-09-{day}T00:00") for day in (25, 26, 27, 28)]
    ended = at_once(*[lambda end=end: closures.extend(closure, end, **FACTS) for end in ends])
    assert set(ended) <= {"done", "refused"}
    assert Closure.get_by_id(closure.id).ends_at == ends[-1]
    acts = list(ClosureEvent.select().where(ClosureEvent.closure == closure).order_by(ClosureEvent.id))
    assert len(acts) == 1 + ended.count("done")
    assert all(before.ends_after == after.ends_before for before, after in pairwise(acts))


@pytest.mark.usefixtures("shared")
def test_acts_on_different_closures_at_once_all_happen_and_the_version_counts_each():
    held = [make.closure(days=5) for _ in range(4)]
    version = board.version()
    assert at_once(*[lambda closure=closure: closures.reopen(closure, **FACTS) for closure in held]) == ["done"] * 4
    assert board.version() == version + 4


@pytest.mark.usefixtures("shared")
def test_a_refused_act_leaves_nothing_of_an_office_made_in_it():
    version = board.version()
    with pytest.raises(Refused), db.transaction():
        places.add("Kantor Sementara", timezone="Asia/Jakarta", **make.ACT)
        places.add("", timezone="Asia/Jakarta", **make.ACT)
    assert board.version() == version
