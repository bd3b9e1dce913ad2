"""All that the database keeps of requests around closures, read plainly after each step, and what must be true of it."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.db import Question
from portal.offices.models import Closure, ClosureEvent, Office
from portal.outbox import OVERTAKEN, TO_CALL, WAITS, Letter
from portal.services import appointments, deadlines
from portal.services.models import ARRIVED, BOOKED, COUNTER, OPEN, READY, Appointment, ClosureEffect, RequestEvent, Service, ServiceRequest, SlotOffer
from tests.services.closed_slowly import Closed, is_other

_TABLES = (ServiceRequest, Appointment, SlotOffer, ClosureEffect, RequestEvent, Letter, Closure, ClosureEvent)
_ROWS = {table: (Question(lambda table=table: table.select().order_by(table.id)), namedtuple(table.__name__, [f.name for f in table._meta.sorted_fields]))
         for table in _TABLES}  # fmt: skip
_GROWING = (RequestEvent, ClosureEvent)  # rows that nobody ever writes again
_CHANGING = {Appointment: {"seat", "state", "ended_at"}, SlotOffer: {"answer", "answered_at"}, ClosureEffect: {"letter_key"}}
_TELLING = {"slot", "office", "channel", "pickup", "box", "counter", "online", "due", "earlier"}


@dataclass
class Kept:
    """The rows after a step."""

    rows: dict[Any, list[Any]]
    closed: Closed

    @classmethod
    def now(cls) -> "Kept":
        return cls({table: [made(*row) for row in asked.rows()] for table, (asked, made) in _ROWS.items()}, Closed.now())

    @cached_property
    def requests(self) -> dict[int, Any]:
        return {row.id: row for row in self.rows[ServiceRequest]}

    @property
    def effects(self) -> list[Any]:
        return self.rows[ClosureEffect]

    @cached_property
    def slots(self) -> dict[int, Any]:
        """The appointment of each request that is awaited; there is one at most."""
        awaited = [row for row in self.rows[Appointment] if row.state == BOOKED and row.seat is not None]
        found = {row.request: row for row in awaited}
        assert len(found) == len(awaited), "two seats for one request"
        return found

    @cached_property
    def offers(self) -> dict[int, Any]:
        """The open offer of each request; there is one at most."""
        waiting = [row for row in self.rows[SlotOffer] if row.answer == ""]
        found = {row.request: row for row in waiting}
        assert len(found) == len(waiting), "two open offers for one request"
        return found

    @cached_property
    def appointments(self) -> dict[int, Any]:
        return {row.id: row for row in self.rows[Appointment]}

    def assert_same(self) -> None:
        """Nothing was written since."""
        assert Kept.now().rows == self.rows

    def check(self, now: datetime) -> None:
        """What holds after every step, whoever acted."""
        self._check_seats()
        services, zones = self.closed.services, {id: ZoneInfo(zone) for id, zone in self.closed.zones.items()}
        for id, slot in self.slots.items():
            request = self.requests[id]
            today = midnight(now.astimezone(zones[slot.office]).date(), zones[slot.office])
            if request.state in OPEN and slot.starts_at >= today:
                assert slot.office == request.office and request.channel == COUNTER
                assert not self.closed.takes_slot(slot.office, services[request.service], slot.starts_at, slot.ends_at), (
                    "an appointment before a closed counter"
                )
        for id, offer in self.offers.items():
            assert self.requests[id].state in OPEN
            assert offer.held is None or self.slots[id].id == offer.held, "what is offered is held"

    def _check_seats(self) -> None:
        held = [row for row in self.rows[Appointment] if row.seat is not None]
        desks = self.closed.desks
        for row in held:
            assert row.state in (BOOKED, ARRIVED) and 1 <= row.seat <= desks[row.office]
            beside = [each for each in held if each.office == row.office and each.starts_at < row.ends_at and row.starts_at < each.ends_at]
            assert len({each.seat for each in beside}) == len(beside) <= desks[row.office], "two people have one seat"

    def check_grown(self, before: "Kept") -> None:
        """Nothing that was is gone or another; numbers stay."""
        for table in _GROWING:
            assert self.rows[table][: len(before.rows[table])] == before.rows[table]
        for table, free in _CHANGING.items():
            for was, row in zip(before.rows[table], self.rows[table], strict=False):
                assert {name for name, value in row._asdict().items() if value != getattr(was, name)} <= free
            assert len(self.rows[table]) >= len(before.rows[table])
        for letter, after in zip(before.rows[Letter], self.rows[Letter], strict=False):
            assert (letter.key, letter.facts) == (after.key, after.facts)
        for id, request in before.requests.items():
            assert self.requests[id].number == request.number and self.requests[id].service == request.service
            assert self.requests[id].revision >= request.revision


def check_untold(before: Kept, after: Kept) -> None:
    """An act that is none on a closure leaves closures, and what was told of them, alone."""
    after.check_grown(before)
    assert after.effects == before.effects and after.rows[ClosureEvent] == before.rows[ClosureEvent]
    assert _letters(after) == _letters(before)


def check_told(before: Kept, after: Kept, closure: Closure, now: datetime) -> None:
    """One act on a closure: whom it changed anything for has it in the history and in one letter, as the rows say; the others were left alone."""
    after.check_grown(before)
    (event,) = after.rows[ClosureEvent][len(before.rows[ClosureEvent]) :]
    effects = after.effects[len(before.effects) :]
    told = {effect.request: effect for effect in effects}
    assert len(told) == len(effects) and all((effect.event, effect.closure) == (event.id, closure.id) for effect in effects)
    events = after.rows[RequestEvent][len(before.rows[RequestEvent]) :]
    assert sorted((each.what, each.request, each.facts) for each in events) == sorted(("closure", id, effect.facts) for id, effect in told.items())
    assert set(after.requests) == set(before.requests)
    letters = after.rows[Letter][len(before.rows[Letter]) :]
    assert sorted(letter.key for letter in letters) == sorted(effect.letter_key for effect in effects if effect.letter_key)
    by_key = {letter.key: letter for letter in letters}
    for id in after.requests:
        _check_one(before, after, id, told.get(id), by_key, now)
    _check_stay(before, after, event.what)
    if event.what == "withdrawn":
        _check_freed(after, closure, {effect.request for effect in after.effects if effect.closure == closure.id}, now)
    assert deadlines.recount(after.requests, now=now) == 0, "a deadline that was not counted anew"


def _check_one(before: Kept, after: Kept, id: int, effect: Any, letters: dict[str, Any], now: datetime) -> None:
    was, request = before.requests[id], after.requests[id]
    changed = _changed(before, after, id)
    if effect is None:
        assert changed <= {"due_on", "quietly"} and was.revision == request.revision, f"nobody told {changed}"
        assert "due_on" not in changed or was.state in ("ready", "waiting") or was.due_on is None
    else:
        facts = effect.facts
        assert request.revision == was.revision + 1 == effect.revision
        assert set(facts) & _TELLING, f"told of nothing, although {changed} changed"
        assert set(facts) - _TELLING - {"goes_on"} == {"act", "closure", "reason", "starts", "ends", "review_on", "is_whole_days"}
        _check_facts(before, after, id, facts)
        assert bool(effect.letter_key) == bool(request.email or request.phone)
        if effect.letter_key:
            letter = letters[effect.letter_key]
            if _is_waiting(before, id):  # for a call, which tells the whole story now, or nothing where all came back
                assert letter.state in (TO_CALL, OVERTAKEN) and set(letter.facts) & _TELLING
                assert not _is_waiting(after, id, but=letter.key), "two calls wait for one person"
            else:
                assert letter.state == (WAITS if request.email else TO_CALL) and facts.items() <= letter.facts.items()
            assert letter.facts["number"] == request.number and letter.office_id == request.office
    _check_ways(before, after, id, effect.facts if effect is not None else {}, now)


def _is_waiting(kept: Kept, id: int, but: str = "") -> bool:
    """Whether a call about a closure waits for a request, other than one."""
    keys = {effect.letter_key for effect in kept.effects if effect.request == id} - {but, ""}
    return any(letter.key in keys and letter.state == TO_CALL for letter in kept.rows[Letter])


def _changed(before: Kept, after: Kept, id: int) -> set[str]:
    """The columns of a request that changed, its slot among them."""
    was, request = before.requests[id], after.requests[id]
    found = {name for name, value in request._asdict().items() if value != getattr(was, name)} - {"revision", "assignee", "clock_from"}
    slots = [each.slots[id].id if id in each.slots else None for each in (before, after)]
    return found | ({"slot"} if slots[0] != slots[1] else set())


def _check_facts(before: Kept, after: Kept, id: int, facts: dict[str, Any]) -> None:
    """What is said is so, and is something else than before."""
    was, request, changed = before.requests[id], after.requests[id], _changed(before, after, id)
    slot, offer = after.slots.get(id), before.offers.get(id)
    assert ("slot" in facts) >= ("slot" in changed) and ("channel" in facts) == ("channel" in changed) and ("office" in facts) == ("office" in changed)
    if "slot" in facts:
        told = facts["slot"]
        gone = before.slots.get(id) or before.appointments[offer.lost]
        assert told["was"] == gone.starts_at.isoformat() and told["to"] == (slot.starts_at.isoformat() if slot else None)
        assert (told["way"] in ("none", "online")) == (slot is None) and (told["way"] == "online") <= (request.channel == "online")
        assert (told["to"], request.office) != (told["was"], was.office) or id not in before.slots, "told that a slot moves to where it was"
    if "office" in facts:
        assert (facts["office"]["was_id"], facts["office"]["to"]) == (was.office, Office.get_by_id(request.office).name)
    if "channel" in facts:
        assert facts["channel"] == {"was": was.channel, "to": request.channel}
    if "due" in facts:
        assert [facts["due"][each] for each in ("was", "to")] == [day.isoformat() if isinstance(day, date) else None for day in (was.due_on, request.due_on)]
        assert was.due_on != request.due_on
    elif "due_on" in changed:
        assert was.state in ("ready", "waiting") or was.due_on is None


def _check_ways(before: Kept, after: Kept, id: int, facts: dict[str, Any], now: datetime) -> None:
    """Who waits for something without an appointment is told when it is shut if, and only if, that is otherwise than before."""
    was = before.requests[id]
    if was.state not in OPEN:
        assert not facts
        return
    slug = before.closed.services[was.service]
    ways = {"pickup": "counter", "counter": "counter", "box": "box", "online": "online"}
    for fact, channel in ways.items():
        assert fact not in facts or is_other(before.closed, after.closed, channel, was.office, slug, now), f"told {fact} without a change"
    is_waiting = was.state == READY and "slot" not in facts and "office" not in facts
    if is_waiting and is_other(before.closed, after.closed, "counter", was.office, slug, now):
        assert "pickup" in facts, "a result whose owner was not told when it can be fetched"


def _check_stay(before: Kept, after: Kept, act: str) -> None:
    """A slot that is possible stays; only a withdrawal moves one back, and never one that its citizen has accepted."""
    slugs = after.closed.services
    for id, slot in before.slots.items():
        if after.slots.get(id) != slot:
            is_shut = after.closed.takes_slot(slot.office, slugs[before.requests[id].service], slot.starts_at, slot.ends_at)
            assert is_shut or (act == "withdrawn" and id in before.offers), "a slot that could have stayed"


def _check_freed(after: Kept, closure: Closure, touched: set[int], now: datetime) -> None:
    """After a withdrawal nobody is held elsewhere whose own slot is free again."""
    for id, offer in after.offers.items():
        if (id in touched or offer.closure == closure.id) and offer.held is not None:
            lost, request = after.appointments[offer.lost], after.requests[id]
            free = appointments.free(Service.get_by_id(request.service), Office.get_by_id(offer.office_before), now=now)
            is_it = (after.slots[id].office, after.slots[id].starts_at) == (offer.office_before, lost.starts_at)
            assert is_it or lost.starts_at not in {each.starts_at for each in free}, "a held slot that was not given back"


def _letters(kept: Kept) -> list[str]:
    return [letter.key for letter in kept.rows[Letter] if letter.name == "request_closure"]
