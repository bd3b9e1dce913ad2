"""Carries out what an act on a closure changes: new seats before old ones are given up, requests, history, trail and letters; each person once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from peewee import chunked

from portal import audit, outbox
from portal.audit import By
from portal.db import Question, Table, slot
from portal.outbox import Recipient
from portal.services import offers, untold
from portal.services.carrying import Effect
from portal.services.models import BOOKED, CALLED_OFF, DISPLACED, Appointment, ClosureEffect, RequestEvent, ServiceRequest, SlotOffer
from portal.services.reach import Reach

LETTER = "request_closure"
CARRIED = "closure"  # the event in a request's history
_AT_ONCE = 500
_SHOWN = ("office", "channel")  # what the trail says of a request; the rest follows from the closure


def _insertion(table: type[Table], names: str, **usual: Any) -> Question:
    """A row of a table, of which these columns are given."""
    return Question(lambda: table.insert({**{getattr(table, name): slot(name) for name in names.split()}, **usual}))


_SEAT = _insertion(Appointment, "request office starts_at ends_at seat state booked_at")
_ASK = _insertion(SlotOffer, "request closure lost held office_before channel_before made_at", answer="")
_HAPPENED = _insertion(RequestEvent, "request at what by by_id text facts is_internal")
_KEEP = _insertion(ClosureEffect, "closure event request at facts letter_key revision")


def carry_out(reach: Reach, effects: list[Effect], *, by: By) -> None:
    """Write all of it, in a number of questions that grows with thousands of people and not with each; inside the transaction of the act."""
    seats = _hold_seats(reach, effects)
    _give_up(reach, effects)
    _offer(reach, effects, seats)
    _change(effects)
    told = [effect for effect in effects if effect.facts]
    stories = untold.stories(told)
    _write_down(reach, told, by)
    _promise(reach, told, stories)


def letter_key(reach: Reach, effect: Effect) -> str:
    """What the letter to a request about this act is known by; empty where nobody can be told."""
    return f"{LETTER} {effect.number} {reach.event.id}" if effect.email or effect.phone else ""


def _hold_seats(reach: Reach, effects: list[Effect]) -> dict[int, int]:
    """The new appointments, by request."""
    seated = [effect for effect in effects if effect.seat is not None]
    last = Appointment.select(Appointment.id).order_by(Appointment.id.desc()).limit(1).scalar() or 0
    wanted = {(each.seat.office, each.seat.starts_at, each.seat.number) for each in seated if each.seat is not None}
    freed = [each for each in effects if each.lost is not None and (each.lost.office_id, each.lost.starts_at, each.lost.seat) in wanted]
    _give_up(reach, freed)  # a seat that goes from one to the next: one row of it at a time
    rows = [{"request": each.id, "office": each.seat.office, "starts_at": each.seat.starts_at, "ends_at": each.seat.ends_at, "seat": each.seat.number,
             "state": BOOKED, "booked_at": reach.now} for each in seated if each.seat is not None]  # fmt: skip
    _SEAT.run_all(rows)
    found: dict[int, int] = {}
    for ids in _ids(seated):
        fresh = Appointment.select(Appointment.request, Appointment.id).where(
            Appointment.id > last, Appointment.request.in_(ids), Appointment.seat.is_null(False))  # fmt: skip
        found |= dict(fresh.tuples())
    return found


def _give_up(reach: Reach, effects: list[Effect]) -> None:
    """Old seats are free for others; the rows stay."""
    for state, lost in ((DISPLACED, [e for e in effects if e.lost and e.is_offered]), (CALLED_OFF, [e for e in effects if e.lost and not e.is_offered])):
        for some in chunked([effect.lost.id for effect in lost if effect.lost], _AT_ONCE):
            Appointment.update(seat=None, state=state, ended_at=reach.now).where(Appointment.id.in_(some)).execute()


def _offer(reach: Reach, effects: list[Effect], seats: dict[int, int]) -> None:
    """What becomes of the offers that were open, and the new ones."""
    answered: dict[str, list[int]] = defaultdict(list)
    for effect in effects:
        if effect.answer and effect.offer is not None:
            answered[effect.answer].append(effect.offer.id)
    for answer, ids in answered.items():
        for some in chunked(ids, _AT_ONCE):
            SlotOffer.update(answer=answer, answered_at=reach.now).where(SlotOffer.id.in_(some)).execute()
    offers.overtaken((effect.number, effect.offer.id) for effect in effects if effect.answer and effect.offer is not None)
    _ASK.run_all(_offered(reach, effect, seats) for effect in effects if effect.is_offered)


def _offered(reach: Reach, effect: Effect, seats: dict[int, int]) -> dict[str, Any]:
    before = effect.offer
    return {"request": effect.id, "closure": reach.closure.id, "lost": before.lost_id if before else effect.lost.id,  # type: ignore[union-attr]
            "held": seats.get(effect.id), "office_before": before.office_before_id if before else effect.request.office_id,
            "channel_before": before.channel_before if before else effect.request.channel, "made_at": reach.now}  # fmt: skip


def _change(effects: list[Effect]) -> None:
    """The columns of requests, those that become the same together."""
    alike: dict[Any, list[int]] = defaultdict(list)
    for effect in effects:
        alike[tuple(sorted(effect.columns.items())), bool(effect.facts)].append(effect.id)
    for (columns, is_told), ids in alike.items():
        values = {**dict(columns), **({"revision": ServiceRequest.revision + 1} if is_told else {})}
        for some in chunked(ids, _AT_ONCE):
            ServiceRequest.update(**values).where(ServiceRequest.id.in_(some)).execute()


def _write_down(reach: Reach, told: list[Effect], by: By) -> None:
    """The history of each request, what the closure changed for it, and the trail."""
    person = getattr(by, "person_id", None)
    events = ({"request": each.id, "at": reach.now, "what": CARRIED, "by": str(by), "by_id": person, "text": "", "facts": each.facts, "is_internal": False}
              for each in told)  # fmt: skip
    kept = ({"closure": reach.closure.id, "event": reach.event.id, "request": each.id, "at": reach.now, "facts": each.facts,
             "letter_key": letter_key(reach, each), "revision": each.request.revision + 1} for each in told)  # fmt: skip
    _HAPPENED.run_all(events)
    _KEEP.run_all(kept)
    moved = ((each.id, each.number, *_trail(each)) for each in told if any(name in each.facts for name in _SHOWN))
    audit.record_all("request_carried", "request", moved, by=by, now=reach.now)


def _trail(effect: Effect) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [name for name in _SHOWN if name in effect.facts]
    return {name: effect.facts[name]["was"] for name in changed}, {name: effect.facts[name]["to"] for name in changed}


def _promise(reach: Reach, told: list[Effect], stories: dict[int, dict[str, Any]]) -> None:
    """A letter to each; who gave no address is called once, with the whole story, and not at all where nothing of it is left."""
    untold.take_over(list(stories), reach.event)
    outbox.promise_all(LETTER, _letters(reach, (effect for effect in told if letter_key(reach, effect)), stories), now=reach.now)
    outbox.overtake(letter_key(reach, effect) for effect in told if stories.get(effect.id) == {})


def _letters(reach: Reach, told: Iterable[Effect], stories: dict[int, dict[str, Any]]) -> Iterator[tuple[Recipient, dict[str, Any], str]]:
    for effect in told:
        request, office = effect.request, reach.offices[effect.at_office]
        to = Recipient(request.name, request.email, request.phone, request.language, office_id=office.id)
        facts = {"number": effect.number, "service": effect.service, "office": office.name, "slug": office.slug, "zone": office.timezone}
        yield to, {**facts, **(stories.get(effect.id) or effect.facts)}, letter_key(reach, effect)


def _ids(effects: Collection[Effect]) -> Iterator[list[int]]:
    yield from chunked([effect.id for effect in effects], _AT_ONCE)
