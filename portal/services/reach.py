"""Reads once what an act on a closure reaches: the open requests of its trees, their appointments and offers, the offices before and after, who stands in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from portal.clock import midnight
from portal.offices import board
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office
from portal.offices.state import Picture, Window
from portal.services import appointments, dropbox, shut
from portal.services.models import BOOKED, DROPBOX, OPEN, Appointment, ClosureEffect, RequestEvent, Service, ServiceRequest, SlotOffer
from portal.services.seating import Counter
from portal.services.shut import Spans

_ONE = timedelta(days=1)
_UNDONE = ("slot", "channel", "office")  # what a closure that is withdrawn may give back
_COLUMNS = tuple(getattr(ServiceRequest, name) for name in (
    "id", "number", "revision", "service", "office", "channel", "state", "origin", "name", "email", "phone", "language", "working_days", "clock_from",
    "due_on"))  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """What closures that are withdrawn now have changed for one request since a moment, while nothing else happened to it; and its revision after that."""

    since: datetime
    revision: int
    facts: dict[str, Any]

    def then(self, effect: ClosureEffect) -> "Carried":
        """With the next act: as things were before the first of those between which nobody touched the request."""
        if effect.revision != self.revision + 1:
            return Carried(effect.at, effect.revision, effect.facts)
        return Carried(self.since, effect.revision, {**effect.facts, **{name: self.facts[name] for name in _UNDONE if name in self.facts}})


@dataclass
class Reach:
    """An act on a closure with all that it may change, in a bounded number of questions however many people."""

    closure: Closure
    event: ClosureEvent
    now: datetime
    since: datetime  # the midnight before: who was to come this morning is told as well
    before: Picture
    after: Picture
    offices: dict[int, Office]
    services: dict[int, Service]
    requests: list[ServiceRequest]
    held: dict[int, Appointment]  # by request
    offers: dict[int, SlotOffer]  # open ones, by request
    deposited: set[int]  # whose letters lie in a drop box
    carried: dict[int, Carried]  # where one is withdrawn: what it and others before it had changed, by request
    detours: dict[int, list[Diversion]]
    _counters: dict[int, Counter] = field(default_factory=dict)
    _spans: dict[Any, Spans] = field(default_factory=dict)
    _again: dict[tuple[int, datetime], datetime | None] = field(default_factory=dict)

    @classmethod
    def of(cls, closure: Closure, event: ClosureEvent, was: Window | None, *, now: datetime) -> "Reach":
        """Of an act that is done already; `was` is the window of the closure before it, none for a new one."""
        since = midnight(now.astimezone(ZoneInfo(closure.timezone)).date(), ZoneInfo(closure.timezone))
        roots, is_undone = _roots(closure), event.what == "withdrawn"
        concerned = _concerned(closure, roots, is_undone=is_undone)
        requests = list(ServiceRequest.select(*_COLUMNS).where(concerned).order_by(ServiceRequest.id))
        offers, carried, detours = _offers(concerned), _carried(closure, roots) if is_undone else {}, _detours(roots, since)
        named = [each.office_id for its in detours.values() for each in its if each.office_id]
        left = [each.facts["office"]["was_id"] for each in carried.values() if "office" in each.facts]
        known = {*named, *left, *(request.office_id for request in requests), *(offer.office_before_id for offer in offers.values())}
        offices = {office.id: office for office in Office.select().where(Office.id.in_(list(known) or [0]))}
        after = board.paint({*roots, *(office.root_id for office in offices.values())}, since, now)
        before = Picture(after.nodes, [window for window in after.windows if window.id != closure.id] + ([was] if was else []))
        pictures = (before, after)  # what takes a part of an office may shut the last of it that was open
        taken = {id for id in offices if any(window.id == closure.id for each in pictures for window in each.touching(each.nodes[id]))}
        moved = {*carried, *(id for id, offer in offers.items() if offer.closure_id == closure.id)}
        return cls(closure, event, now, since, before, after, offices, {each.id: each for each in Service.select()},
                   [request for request in requests if request.office_id in taken or request.id in moved],
                   _held({request.office_id for request in requests}, since), offers, _deposited(concerned), carried, detours)  # fmt: skip

    def service(self, request: ServiceRequest) -> Service:
        return self.services[request.service_id]

    def shut(self, office: int, service: str, channel: str) -> Spans:
        """When closures shut a channel to a service at an office, from this morning on."""
        return self._shut("after", office, service, channel)

    def changed(self, request: ServiceRequest, channel: str) -> Spans | None:
        """When a channel is shut for a request, today's whole time among it, if this act has changed what is ahead; an empty one: it is open again."""
        slug = self.service(request).slug
        before, after = (self._shut(which, request.office_id, slug, channel) for which in ("before", "after"))
        if shut.after(before, self.now) == shut.after(after, self.now):
            return None
        return tuple((since, until) for since, until in after if until is None or until > self.now)

    def again(self, request: ServiceRequest, spans: Spans | None) -> datetime | None:
        """When the counter serves a request first after these times; none where nothing is shut, or no date is known."""
        until = spans[-1][1] if spans else None
        if until is None:
            return None
        key = request.office_id, until
        if key not in self._again:
            outlook = self.after.outlook(self.after.nodes[request.office_id], until)
            self._again[key] = until if outlook.condition.channels.counter else outlook.reopens_at
        return self._again[key]

    def counter(self, office: int) -> Counter:
        """The counter of an office, on which seats can be held one after the other."""
        if not self._counters:
            seats, rules = appointments.held_at(self.offices, self.since), appointments.all_rules()
            self._counters = {id: Counter(each, self.after, appointments.Rules.of(each, self.after, rules), seats[id]) for id, each in self.offices.items()}
        return self._counters[office]

    def tomorrow(self, office: int) -> date:
        """The first day on which somebody who reads it today can come."""
        return self.day(office, self.now) + _ONE

    def day(self, office: int, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.offices[office].timezone)).date()

    def diverted(self, request: ServiceRequest, at: datetime, channel: str) -> tuple[Office, date | None] | None:
        """The office to which closures that hold at a moment divert a request, if its channel works there, and the last day of that."""
        service = self.service(request)
        for window in shut.taking(self.after, self.after.nodes[request.office_id], service.slug, at):
            for each in self.detours.get(window.id, ()):
                day, other = self.day(request.office_id, at), each.office_id
                is_meant = each.service in ("", service.slug, service.name) and (each.first_day or day) <= day <= (each.last_day or day)
                if is_meant and other and other != request.office_id and not shut.overlaps(self.shut(other, service.slug, channel), at, at + _ONE):
                    ends = [self.day(other, window.ends_at - timedelta(microseconds=1))] if window.ends_at else []
                    return self.offices[other], min([*ends, *([each.last_day] if each.last_day else [])], default=None)
        return None

    def _shut(self, which: str, office: int, service: str, channel: str) -> Spans:
        picture = self.after if which == "after" else self.before
        node, key = picture.nodes[office], (which, office, service, channel)
        if key not in self._spans:
            self._spans[key] = shut.spans(picture, node, service, channel, self.since)
        return self._spans[key]


def hold(offices: Collection[Office], detours: Iterable[Office] = (), *, closure: Closure | None = None) -> None:
    """Keep counters and open requests from others until the transaction ends: who books waits, and then sees the closure."""
    roots = {office.root_id for office in offices}
    over = ClosureMark.select(ClosureMark.closure).join(Office).where(Office.root_id.in_(list(roots)))
    taken = [id for (id,) in Office.select(Office.id).where(Office.root_id.in_(list(roots))).tuples()]
    instead = [id for (id,) in Diversion.select(Diversion.office).where(Diversion.closure.in_(over), Diversion.office.is_null(False)).tuples()]
    told = ClosureEffect.select(ClosureEffect.request).where(ClosureEffect.closure.in_(_undone(closure, roots) if closure else [0]))
    before = SlotOffer.select(SlotOffer.office_before).where(SlotOffer.request.in_(told), SlotOffer.answer == "").distinct().tuples()
    appointments.queue_up({*taken, *instead, *(office.id for office in detours), *(id for (id,) in before)})
    appointments.hold_open(_concerned(closure, roots))


def _roots(closure: Closure) -> set[int]:
    marked = ClosureMark.select(ClosureMark.office).where(ClosureMark.closure == closure.id)
    return {root for (root,) in Office.select(Office.root_id).where(Office.id.in_(marked)).distinct().tuples()}


def _concerned(closure: Closure | None, roots: Collection[int], *, is_undone: bool = True) -> Any:
    """Open requests in these trees, and those that this closure, or one that is withdrawn, has moved out of them."""
    concerned = ServiceRequest.office.in_(Office.select(Office.id).where(Office.root_id.in_(list(roots) or [0])))
    if closure is not None:
        concerned |= ServiceRequest.id.in_(SlotOffer.select(SlotOffer.request).where(SlotOffer.closure == closure.id, SlotOffer.answer == ""))
        if is_undone:
            concerned |= ServiceRequest.id.in_(ClosureEffect.select(ClosureEffect.request).where(ClosureEffect.closure.in_(_undone(closure, roots))))
    return concerned & ServiceRequest.state.in_(OPEN)


def _held(offices: Collection[int], since: datetime) -> dict[int, Appointment]:
    """The appointments at these offices from a moment on, by request."""
    found = Appointment.select().where(Appointment.office.in_(list(offices) or [0]), Appointment.seat.is_null(False), Appointment.state == BOOKED,
                                       Appointment.starts_at >= since)  # fmt: skip
    return {each.request_id: each for each in found.order_by(Appointment.id)}


def _offers(concerned: Any) -> dict[int, SlotOffer]:
    lost, held = Appointment.alias(), Appointment.alias()
    found = SlotOffer.select(SlotOffer, lost, held).join(lost, on=SlotOffer.lost == lost.id).switch(SlotOffer)
    found = found.join(held, JOIN.LEFT_OUTER, on=SlotOffer.held == held.id)
    theirs = SlotOffer.request.in_(ServiceRequest.select(ServiceRequest.id).where(concerned))
    return {offer.request_id: offer for offer in found.where(SlotOffer.answer == "", theirs).order_by(SlotOffer.id)}


def _deposited(concerned: Any) -> set[int]:
    waiting = ServiceRequest.select(ServiceRequest.id).where(concerned, ServiceRequest.channel == DROPBOX, ServiceRequest.clock_from.is_null())
    told = RequestEvent.select(RequestEvent.request).where(RequestEvent.what == dropbox.DEPOSITED, RequestEvent.request.in_(waiting))
    return {id for (id,) in told.tuples()}


def _undone(closure: Closure, roots: Collection[int]) -> Any:
    """A closure that is withdrawn, and those withdrawn before over these trees: what they took another may have kept from being given back until now."""
    over = ClosureMark.select(ClosureMark.closure).join(Office).where(Office.root_id.in_(list(roots) or [0]))
    return Closure.select(Closure.id).where((Closure.id == closure.id) | (Closure.id.in_(over) & Closure.withdrawn_at.is_null(False)))


def _carried(closure: Closure, roots: Collection[int]) -> dict[int, Carried]:
    found: dict[int, Carried] = {}
    for each in ClosureEffect.select().where(ClosureEffect.closure.in_(_undone(closure, roots))).order_by(ClosureEffect.id):
        before = found.get(each.request_id)
        found[each.request_id] = before.then(each) if before else Carried(each.at, each.revision, each.facts)
    return found


def _detours(roots: Collection[int], since: datetime) -> dict[int, list[Diversion]]:
    """Where closures over these trees divert, those to come included."""
    over = ClosureMark.select(ClosureMark.closure).join(Office).where(Office.root_id.in_(list(roots) or [0]))
    runs = (Closure.ends_at.is_null() | (Closure.ends_at > since)) & Closure.withdrawn_at.is_null()
    found: dict[int, list[Diversion]] = defaultdict(list)
    for each in Diversion.select().join(Closure).where(Diversion.closure.in_(over), runs).order_by(Diversion.id):
        found[each.closure_id].append(each)
    return found
