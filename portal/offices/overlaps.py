"""Closures that hold at the same offices in the same days: each stands beside the others, none erases another."""

from collections.abc import Collection, Mapping
from itertools import chain

from peewee import fn

from portal.offices import board
from portal.offices.closures import Plan
from portal.offices.models import Closure, ClosureEvent, Office


def overlapping(plan: Plan) -> list[Closure]:
    """Closures not withdrawn that take a node which a plan takes, in days that it takes; earliest first, in a few queries however many offices."""
    trees = {office.root_id for office in plan.offices}
    windows = [window for window in board.closures_of(list(trees), plan.starts_at) if plan.ends_at is None or window.starts_at < plan.ends_at]
    if not windows:
        return []
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id.in_(trees)).tuples())
    wanted = {**{office.id: True for office in plan.offices}, **{office.id: False for office in plan.excepted}}
    taken = [id for id in parents if _takes(wanted, id, parents)]
    found = [window.id for window in windows if any(_takes(window.marks, id, parents) for id in taken)]
    return list(Closure.select().where(Closure.id.in_(found or [0])).order_by(Closure.starts_at, Closure.id))


def latest_acts(closures: Collection[Closure]) -> set[int]:
    """Of each closure the last thing that was done to it, as the id of its event: what a reader knew of them."""
    rows = ClosureEvent.select(fn.MAX(ClosureEvent.id)).where(ClosureEvent.closure.in_([each.id for each in closures] or [0]))
    return set(chain.from_iterable(rows.group_by(ClosureEvent.closure).tuples()))


def _takes(marks: Mapping[int, bool], id: int | None, parents: Mapping[int, int | None]) -> bool:
    """The nearest mark on a node or above it decides."""
    while id is not None and id not in marks:
        id = parents.get(id)
    return id is not None and marks[id]
