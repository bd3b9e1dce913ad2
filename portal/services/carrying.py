"""What an act on a closure changes for each open request: its appointment, channel and office, when its result can be fetched, its deadline. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal.offices.models import Closure, Office
from portal.services import deadlines, shut
from portal.services.models import COUNTER, DROPBOX, IN_PROGRESS, ONLINE, PAPER, READY, RECEIVED, Appointment, ServiceRequest, SlotOffer
from portal.services.offers import REPLACED, RESTORED
from portal.services.reach import Carried, Reach
from portal.services.seating import Seat
from portal.services.shut import Spans

AFTER, DIVERTED, BY_ONLINE, NONE, AGAIN, HELD = "after", "diverted", "online", "none", "restored", "held"  # what became of a slot
_SOONER = ("shortened", "reopened", "withdrawn")
_SOON = timedelta(days=1)  # what begins no later than this is carried out at once


@dataclass
class Effect:
    """What an act changes for one request: the facts that are told, and the rows that follow from it."""

    request: ServiceRequest
    service: str
    office: str  # the names, as they stand afterwards
    facts: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)  # of the request
    lost: Appointment | None = None  # gives up its seat
    seat: Seat | None = None  # held from now on
    offer: SlotOffer | None = None  # the open one before
    answer: str = ""  # what becomes of that
    is_offered: bool = False  # the citizen is asked

    @property
    def id(self) -> int:
        return self.request.id

    @property
    def number(self) -> str:
        return self.request.number

    @property
    def name(self) -> str:
        return self.request.name

    @property
    def state(self) -> str:
        return self.request.state

    @property
    def channel(self) -> str:
        return str(self.columns.get("channel", self.request.channel))

    @property
    def email(self) -> str:
        return self.request.email

    @property
    def phone(self) -> str:
        return self.request.phone

    @property
    def at_office(self) -> int:
        """The id of its office from now on."""
        office: Any = self.columns.get("office", self.request.office_id)
        return int(office)

    @property
    def has_mail(self) -> bool:
        return bool(self.request.email)


def planned(reach: Reach) -> list[Effect]:
    """What an act changes, for each request that it changes anything for, in the order of their appointments; seats are held one after the other."""
    first_come = sorted(reach.requests, key=lambda request: (held.starts_at if (held := reach.held.get(request.id)) else reach.now, request.id))
    effects = [_effect(reach, request) for request in first_come]
    _count_again(effects, reach.now)
    told = common(reach.closure, reach.event.what)
    for effect in effects:
        if effect.facts:
            effect.facts = {**told, **effect.facts}
    return [effect for effect in effects if effect.facts or effect.columns]


def common(closure: Closure, act: str) -> dict[str, Any]:
    """What everybody is told: which closure, what was done to it, and from when to when it holds."""
    act = "announced" if act == "recorded" else act
    return {"act": act, "closure": closure.id, "reason": closure.reason, "starts": _text(closure.starts_at), "ends": _text(closure.ends_at),
            "review_on": _text(closure.review_on), "is_whole_days": closure.is_whole_days}  # fmt: skip


def counts(effects: Sequence[Effect]) -> dict[str, int]:
    """How many people an act touches, by what changes for them; who is touched twice counts in both."""
    told = [effect.facts for effect in effects if effect.facts]
    return {
        "people": len(told),
        "slots": sum("slot" in facts for facts in told),
        "channels": sum(("channel" in facts or "office" in facts or "online" in facts) and "slot" not in facts for facts in told),
        "pickups": sum("pickup" in facts for facts in told),
        "boxes": sum("box" in facts for facts in told),
        "dues": sum("due" in facts for facts in told),
        "unmailed": sum(bool(effect.facts) and not effect.has_mail for effect in effects),
    }


def _effect(reach: Reach, request: ServiceRequest) -> Effect:
    effect = Effect(request, reach.service(request).name, reach.offices[request.office_id].name, offer=reach.offers.get(request.id))
    held = reach.held.get(request.id)
    if reach.event.what == "withdrawn" and _undo(reach, effect, held):
        return effect
    if held is not None and shut.overlaps(reach.shut(held.office_id, reach.service(request).slug, COUNTER), held.starts_at, held.ends_at):
        _move(reach, effect, held)
        return effect
    if effect.offer is not None:
        _look_at_offer(reach, effect, effect.offer)
    if "slot" not in effect.facts and (held is None or request.state == READY):
        _look_at_ways(reach, effect)
    return effect


def _move(reach: Reach, effect: Effect, held: Appointment) -> None:
    """A slot that lies in the closure is given up, another one held; where there is none, the request goes on online or waits for a date."""
    chosen = effect.offer.lost.starts_at if effect.offer is not None else held.starts_at
    effect.lost, effect.is_offered, effect.answer = held, True, REPLACED if effect.offer is not None else ""
    effect.facts["slot"] = {"was": _text(held.starts_at), "to": None, "way": NONE}
    diverted = reach.diverted(effect.request, held.starts_at, COUNTER)
    if diverted is not None and _seat(reach, effect, diverted[0], chosen, held.starts_at, DIVERTED, last=diverted[1]):
        _to_office(reach, effect, diverted[0])
    elif not _seat(reach, effect, reach.offices[effect.request.office_id], chosen, held.starts_at, AFTER) and _goes_online(reach, effect, held.ends_at):
        effect.facts["slot"]["way"] = BY_ONLINE
        _to_channel(effect, ONLINE, reach.now)


def _seat(reach: Reach, effect: Effect, office: Office, chosen: datetime, lost: datetime, way: str, *, last: date | None = None) -> bool:
    """Hold a seat at an office from the day that was lost on, tomorrow at the soonest."""
    first = max(reach.tomorrow(office.id), reach.day(office.id, lost))
    effect.seat = reach.counter(office.id).next(reach.service(effect.request).slug, chosen, first, last)
    if effect.seat is not None:
        effect.facts["slot"] |= {"to": _text(effect.seat.starts_at), "way": way}
    return effect.seat is not None


def _undo(reach: Reach, effect: Effect, held: Appointment | None) -> bool:
    """What a withdrawn closure took is given back: the chosen slot where that is possible, and what nobody has touched since; whether anything was."""
    offer, request = effect.offer, effect.request
    before = reach.carried.get(request.id)
    if before is not None and offer is not None and (seat := _same_seat(reach, request, offer, held)) is not None:
        effect.lost, effect.seat, effect.answer = held, seat, RESTORED
        effect.facts["slot"] = {"was": _text(held.starts_at if held else offer.lost.starts_at), "to": _text(seat.starts_at), "way": AGAIN}
        _to_office(reach, effect, reach.offices[offer.office_before_id])
        _to_channel(effect, offer.channel_before, reach.now, undone_from=offer.made_at)
        return True
    if offer is None and before is not None and before.revision == request.revision and "slot" not in before.facts:
        _undo_ways(reach, effect, before)
    return bool(effect.facts)


def _same_seat(reach: Reach, request: ServiceRequest, offer: SlotOffer, held: Appointment | None) -> Seat | None:
    """The slot that was chosen, held again; none where it is past, taken, shut by another closure, held anyway, or where others went on with the work."""
    slug, counter = reach.service(request).slug, reach.counter(offer.office_before_id)
    goes_on = request.channel != offer.channel_before and request.state != RECEIVED
    is_held = held is not None and (held.office_id, held.starts_at) == (offer.office_before_id, offer.lost.starts_at)
    if (
        goes_on
        or is_held
        or offer.lost.starts_at <= reach.now
        or shut.overlaps(reach.shut(offer.office_before_id, slug, COUNTER), offer.lost.starts_at, offer.lost.ends_at)
    ):
        return None
    seat = counter.again(slug, offer.lost.starts_at)
    if seat is not None and held is not None:
        reach.counter(held.office_id).give_back(held.starts_at, held.ends_at, held.seat)
    return seat


def _undo_ways(reach: Reach, effect: Effect, before: Carried) -> None:
    """Channel and office as they were, where no other closure shuts them."""
    slug, request = reach.service(effect.request).slug, effect.request
    channel, office = before.facts.get("channel", {}).get("was"), before.facts.get("office", {}).get("was_id")
    if channel is not None and not _is_soon(reach.shut(request.office_id, slug, channel), reach.now):
        _to_channel(effect, channel, reach.now, undone_from=before.since)
    if office in reach.offices and not _is_soon(reach.shut(office, slug, ONLINE), reach.now):
        _to_office(reach, effect, reach.offices[office])


def _look_at_offer(reach: Reach, effect: Effect, offer: SlotOffer) -> None:
    """A slot that is held stays; one that could not be held is, as soon as a day is known; an earlier one is offered where it opens sooner."""
    if offer.held is None and effect.request.channel == COUNTER:
        effect.facts["slot"] = {"was": _text(offer.lost.starts_at), "to": None, "way": HELD}
        if _seat(reach, effect, reach.offices[effect.request.office_id], offer.lost.starts_at, offer.lost.starts_at, HELD):
            _hold_for(effect, offer)
        else:
            del effect.facts["slot"]
    elif reach.event.what in _SOONER and offer.closure_id == reach.closure.id and effect.request.office_id == offer.office_before_id:
        first = reach.counter(offer.office_before_id).first(reach.service(effect.request).slug, reach.tomorrow(offer.office_before_id))
        if first is not None and (offer.held is None or reach.day(offer.office_before_id, first) < reach.day(offer.office_before_id, offer.held.starts_at)):
            effect.facts |= {"earlier": _text(first), **({"goes_on": True} if offer.held is None else {})}


def _hold_for(effect: Effect, offer: SlotOffer) -> None:
    """A time that could not be held before is offered; the very one that was lost is nothing new, and nobody is asked about it."""
    seat = effect.seat
    if seat is not None and (seat.office, seat.starts_at) == (offer.lost.office_id, offer.lost.starts_at):
        effect.answer, effect.facts["slot"]["way"] = RESTORED, AGAIN
    else:
        effect.is_offered, effect.answer = True, REPLACED


def _look_at_ways(reach: Reach, effect: Effect) -> None:
    """Requests without an appointment: results to be fetched, letters to be brought, times to be chosen, work that goes on."""
    request = effect.request
    if request.state == READY:
        spans = reach.changed(request, COUNTER)
        _say(effect, "pickup", spans, again=reach.again(request, spans))
    elif request.channel == DROPBOX and request.clock_from is None and request.origin != PAPER:
        spans = reach.changed(request, DROPBOX)
        _say(effect, "box", spans)
        if _is_soon(spans, reach.now) and request.id not in reach.deposited and _goes_online(reach, effect, reach.now + _SOON):
            _to_channel(effect, ONLINE, reach.now)
    elif request.channel == COUNTER and request.clock_from is None:
        spans = reach.changed(request, COUNTER)
        if effect.offer is None or not _is_endless(spans):  # who waits until a time can be held has nothing to choose before
            _say(effect, "counter", spans, again=reach.again(request, spans))
    else:
        spans = reach.changed(request, ONLINE)
        if request.channel not in (COUNTER, DROPBOX):
            _say(effect, "online", spans)
        if _is_soon(spans, reach.now) and (diverted := reach.diverted(request, max(reach.now, spans[0][0]), ONLINE)) is not None:  # type: ignore[index]
            _to_office(reach, effect, diverted[0])


def _goes_online(reach: Reach, effect: Effect, until: datetime) -> bool:
    """Whether the request can go on online, from now until a moment at least."""
    service = reach.service(effect.request)
    spans = reach.shut(effect.request.office_id, service.slug, ONLINE)
    return ONLINE in service.channels and not shut.overlaps(spans, reach.now, max(until, reach.now + _SOON))


def _is_soon(spans: Spans | None, now: datetime) -> bool:
    return bool(spans) and any(since <= now + _SOON and (until is None or until > now) for since, until in spans or ())


def _is_endless(spans: Spans | None) -> bool:
    return bool(spans) and any(until is None for _, until in spans or ())


def _say(effect: Effect, what: str, spans: Spans | None, *, again: datetime | None = None) -> None:
    if spans is not None:
        effect.facts[what] = {"shut": [[_text(since), _text(until)] for since, until in spans], **({"again": _text(again)} if again else {})}


def _to_channel(effect: Effect, channel: str, now: datetime, *, undone_from: datetime | None = None) -> None:
    """Another channel: where the working days waited for a paper or a visit they begin; where a closure had let them begin and is undone, they wait again."""
    begun = effect.request.clock_from
    if channel == effect.request.channel:
        return
    effect.facts["channel"] = {"was": effect.request.channel, "to": channel}
    effect.columns["channel"] = channel
    if begun is None and channel not in (COUNTER, DROPBOX):
        effect.columns["clock_from"] = now
    elif begun is not None and undone_from is not None and begun >= undone_from:
        effect.columns["clock_from"] = None


def _to_office(reach: Reach, effect: Effect, office: Office) -> None:
    before = reach.offices[effect.request.office_id]
    if office.id == before.id:
        return
    effect.facts["office"] = {"was": before.name, "to": office.name, "slug": office.slug, "zone": office.timezone, "was_id": before.id,
                              "was_zone": before.timezone}  # fmt: skip
    effect.columns |= {"office": office.id, "assignee": None}
    effect.office = office.name


def _count_again(effects: list[Effect], now: datetime) -> None:
    """The deadlines as they are by now, told where work on them runs."""
    rows: list[deadlines.Maybe] = [
        (each.id, each.at_office, each.request.working_days, each.columns.get("clock_from", each.request.clock_from), each.request.due_on) for each in effects
    ]
    dues = deadlines.foreseen(rows, now=now)
    for effect in effects:
        before, due = effect.request.due_on, dues.get(effect.id)
        if due != before:
            effect.columns["due_on"] = due
            if effect.state in (RECEIVED, IN_PROGRESS) and before is not None:
                effect.facts["due"] = {"was": _text(before), "to": _text(due)}


def _text(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
