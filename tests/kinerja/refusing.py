"""Acts that the rules of e-kinerja refuse, and that must leave no trace."""

from typing import Any

import pytest

from portal.audit import AuditEntry
from portal.kinerja.models import DayAct, Entry, WorkDay
from portal.refusals import Refused


def refused(field: str, act: Any, *facts: Any, **more: Any) -> str:
    """The act is refused at this field and leaves every day as it was; with which words."""
    before = _all()
    with pytest.raises(Refused) as caught:
        act(*facts, **more)
    assert caught.value.field == field
    assert before == _all()
    return str(caught.value)


def _all() -> tuple[Any, ...]:
    return *(list(table.select().order_by(table.id).dicts()) for table in (WorkDay, Entry, DayAct)), AuditEntry.select().count()
