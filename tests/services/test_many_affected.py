"""A closure over many people asks the database as often as one over few; the trial goes up to ten thousand."""

import pytest

from portal import db
from portal.outbox import Letter
from portal.services.models import ClosureEffect
from tests.house.test_queries import counted
from tests.services.crowds import Crowded

pytestmark = pytest.mark.usefixtures("database")


def asked_for(people: int, places: int) -> dict[str, int]:
    """How often each act asks, preview first; nothing of it stays."""
    found: dict[str, int] = {}
    with db.database.atomic() as undone:
        for name, act in Crowded(people, places).acts():
            with counted() as asked:
                act()
            found[name] = len(asked)
        assert ClosureEffect.select().count() == 3 * people == Letter.select().where(Letter.name == "request_closure").count()
        undone.rollback()
    return found


def test_no_act_on_a_closure_asks_more_often_where_it_touches_more_people_or_offices():
    few, many = asked_for(10, places=2), asked_for(100, places=18)
    assert many == few
    assert max(few.values()) < 65
