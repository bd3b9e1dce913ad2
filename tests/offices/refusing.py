"""Acts that the rules refuse, and that must leave no trace."""

import pytest

from portal.offices import board, closures
from portal.offices.models import Closure, ClosureEvent, ClosureMark
from portal.refusals import Refused
from tests import make


def declare(plan, **facts):
    return closures.declare(plan, by="kepala kantor", now=make.NOW, **facts)


def refused(field: str, act, *facts, **more) -> Refused:
    """The act is refused at this field, and leaves no trace."""
    before = (board.version(), ClosureEvent.select().count(), Closure.select().count(), ClosureMark.select().count(), list(Closure.select().dicts()))
    with pytest.raises(Refused) as caught:
        act(*facts, **more)
    assert caught.value.field == field
    assert before == (board.version(), ClosureEvent.select().count(), Closure.select().count(), ClosureMark.select().count(), list(Closure.select().dicts()))
    return caught.value
