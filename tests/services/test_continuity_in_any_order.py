"""Whatever citizens, officers and heads do in whatever order around closures: nobody is lost, told twice or sent to a closed door."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from portal import db
from tests.services.carried import Carried, Ground

SHARES = ("first", "second", "third", "fourth")  # of the runs, so that several processes do them at once


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("share", SHARES)
def test_no_order_of_acts_around_closures_loses_anybody(share):
    runs = max(200, settings().max_examples) // (10 if db.is_postgres() else 1)
    acts = type(f"Carried{share.capitalize()}", (Carried,), {"ground": Ground.made()})
    run_state_machine_as_test(acts, settings=settings(max_examples=runs, stateful_step_count=12))
