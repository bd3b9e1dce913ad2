"""Slots at counters: cut from the hours in which an office serves, as many seats as it has desks and the cap allows, none of them sold twice."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from peewee import IntegrityError

from portal import policies
from portal.clock import midnight
from portal.db import is_postgres, transaction
from portal.offices import board, tree
from portal.offices.models import Office
from portal.offices.regions import ancestry
from portal.offices.state import Picture
from portal.policies import APPOINTMENTS, CAPACITY_CAP
from portal.refusals import Refused
from portal.services.models import ARRIVED, BOOKED, CALLED_OFF, COUNTER, DOOR, MISSED, Appointment, Service, ServiceRequest
from portal.words import Sentence

USUAL = {"minutes": 15, "days": 14, "share": 50}  # where no policy says otherwise; the share in per cent is of a day's seats for those who lost theirs
_NEXT = 3  # free slots that a refusal names
_AHEAD = 400  # slots after the one that was wanted in which the next free ones are looked for
_INSTANT, _ONE = timedelta(microseconds=1), timedelta(days=1)
_LONGEST = timedelta(hours=24)  # of an appointment


@dataclass(frozen=True)
class Slot:
    """A time at a counter, and how many seats of it are free."""

    starts_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True)
class Capacity:
    """How many people a counter takes at once, and why."""

    seats: int
    reason: Sentence


class Taken(Refused):
    """Somebody else was faster; carries the next free slots."""

    def __init__(self, sentence: Sentence, slots: list[Slot]) -> None:
        super().__init__(sentence, field="slot")
        self.slots = slots


def free(service: Service, office: Office, *, now: datetime, first: date | None = None, most: int = 200, picture: Picture | None = None) -> list[Slot]:
    """The slots with a free seat at an office from a day (today) on, as far ahead as the policy lets book; never one that has begun or lies in a closure.

    A `picture` of its tree from this moment on saves reading it again.
    """
    zone, rules = ZoneInfo(office.timezone), Rules.of(office, picture)
    today = now.astimezone(zone).date()
    length = rules.lengths(today)
    if first is not None and first > today + timedelta(days=length["days"]):
        return []
    since, until = max(now + _INSTANT, midnight(first or today, zone)), midnight(today + timedelta(days=length["days"] + 1), zone)
    held, found, seats = held_at([office.id], since, until)[office.id], [], cache(lambda day: rules.capacity(day).seats)
    painted = picture or board.paint([office.root_id], since, until)
    for starts, ends in times(service.slug, office, painted, since, until, timedelta(minutes=length["minutes"])):
        left = seats(starts.astimezone(zone).date()) - len(overlapping(held, starts, ends))
        if left > 0:
            found.append(Slot(starts, ends, left))
        if len(found) == most:
            break
    return found


def capacity(office: Office, day: date, picture: Picture | None = None) -> Capacity:
    """How many people the counter of an office takes at the same time on a day: its desks, and what the cap on staff leaves."""
    return Rules.of(office, picture).capacity(day)


def book(request: ServiceRequest, starts_at: datetime, *, now: datetime) -> Appointment:
    """Give a request a seat of a slot; Taken with the next free ones where all have gone. Called inside the transaction of what needs it."""
    service, office, zone = request.service, request.office, ZoneInfo(request.office.timezone)
    queue_up([office.id])
    day = starts_at.astimezone(zone).date()
    left = free(service, office, now=now, first=max(day, now.astimezone(zone).date()), most=_AHEAD)
    slot = next((each for each in left if each.starts_at == starts_at), None)
    if slot is not None and (found := _seated(request, slot, capacity(office, day).seats, now)) is not None:
        return found
    raise _taken_by_others([each for each in left if each.starts_at > starts_at] or free(service, office, now=now, most=_NEXT), zone)


def of(request: ServiceRequest) -> Appointment | None:
    """The appointment that a request holds, if any."""
    return Appointment.get_or_none(Appointment.request == request.id, Appointment.seat.is_null(False), Appointment.state == BOOKED)


def release(request: ServiceRequest, *, now: datetime, state: str = CALLED_OFF) -> Appointment | None:
    """Give the seat of a request back to others; the appointment stays on record."""
    held = of(request)
    if held is not None:
        Appointment.update(seat=None, state=state, ended_at=now).where(Appointment.id == held.id).execute()
    return held


def of_day(office: Office, day: date) -> list[Appointment]:
    """The appointments of a day at a counter with their requests and services, by time: awaited ones, kept ones and those that nobody came to."""
    zone = ZoneInfo(office.timezone)
    found = Appointment.select(Appointment, ServiceRequest, Service).join(ServiceRequest).join(Service).where(
        Appointment.office == office.id, Appointment.state.in_((BOOKED, ARRIVED, MISSED)), Appointment.starts_at >= midnight(day, zone),
        Appointment.starts_at < midnight(day + _ONE, zone))  # fmt: skip
    return list(found.order_by(Appointment.starts_at, Appointment.seat, Appointment.id))


def walk_ins(office: Office, day: date) -> list[ServiceRequest]:
    """Who came to a counter on a day without an appointment, in their order."""
    zone = ZoneInfo(office.timezone)
    found = ServiceRequest.select(ServiceRequest, Service).join(Service).where(
        ServiceRequest.office == office.id, ServiceRequest.channel == COUNTER, ServiceRequest.origin == DOOR,
        ServiceRequest.created_at >= midnight(day, zone), ServiceRequest.created_at < midnight(day + _ONE, zone),
        ServiceRequest.id.not_in(Appointment.select(Appointment.request)))  # fmt: skip
    return list(found.order_by(ServiceRequest.created_at, ServiceRequest.id))


@dataclass(frozen=True)
class Rules:
    """The policies over the counter of one office."""

    office: Office
    chain: list[int]
    regions: list[str]
    rules: list[policies.Policy]

    @classmethod
    def of(cls, office: Office, picture: Picture | None = None, rules: list[policies.Policy] | None = None) -> "Rules":
        """Read for one office; with a picture of its tree and the `rules` there are nothing is read."""
        if picture is None:
            chain, regions = tree.chains({office.id})[office.id]
        else:
            chain, regions = [each.id for each in picture.nodes[office.id].upwards()], list(ancestry(office.region_code))
        return cls(office, chain, regions, rules if rules is not None else all_rules())

    def lengths(self, day: date) -> dict[str, Any]:
        """How long an appointment takes, how far ahead one books, and the share of a day for those who lost theirs."""
        return {**USUAL, **(self._holding(APPOINTMENTS, day) or {})}

    def _holding(self, kind: str, day: date) -> dict[str, Any] | None:
        of_kind = [rule for rule in self.rules if rule.kind == kind]
        found = policies.holding(of_kind, office_ids=self.chain, region_codes=self.regions, day=day)
        return found[0].value if found else None

    def capacity(self, day: date) -> Capacity:
        """How many people the counter takes at once on a day."""
        desks, cap, staff = self.office.desks or 1, self._holding(CAPACITY_CAP, day), self.office.headcount
        own = Sentence("{desks} meja.", desks=desks) if self.office.desks else Sentence("1 meja, karena jumlah meja kantor ini belum diisi.")
        if cap is None or not staff:
            return Capacity(desks, own)
        allowed = max(1, cap["percent"] * staff // 100)  # one at least keeps the counter open
        facts = {"percent": cap["percent"], "staff": staff, "allowed": allowed, "desks": desks}
        return Capacity(min(desks, allowed), Sentence("{percent}% dari {staff} pegawai adalah {allowed}; meja ada {desks}.", **facts))


def all_rules() -> list[policies.Policy]:
    """Every policy that says something about counters."""
    return [*policies.of_kind(APPOINTMENTS), *policies.of_kind(CAPACITY_CAP)]


def times(service: str, office: Office, picture: Picture, since: datetime, until: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """The slots for a service (its slug) that fit into the hours in which an office serves; they begin at the opening and touch each other."""
    zone, node = ZoneInfo(office.timezone), picture.nodes[office.id]
    for opens, closes in picture.serving(node, midnight(since.astimezone(zone).date(), zone), until):
        for starts in _begins(opens, closes, length, zone):
            is_closed = service in picture.closed_services(node, starts) or service in picture.closed_services(node, starts + length - _INSTANT)
            if starts >= since and not is_closed:
                yield starts, starts + length


def _begins(opens: datetime, closes: datetime, length: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    """Where slots begin in a stretch; where it runs on over midnight they begin anew, so that a day has the same slots from wherever one looks."""
    while opens < closes:
        ends = min(closes, midnight(opens.astimezone(zone).date() + _ONE, zone))
        while opens + length <= ends:
            yield opens
            opens += length
        opens = ends


def queue_up(offices: Collection[int]) -> None:
    """One booking after the other at these counters until the transaction ends; SQLite's one writer does so already. Requests that name an office go on.

    Who holds a request besides takes the counters first, so that nobody waits for each other.
    """
    if is_postgres():
        Office.select(Office.id).where(Office.id.in_(list(offices) or [0])).order_by(Office.id).for_update("FOR NO KEY UPDATE").tuples().execute()


def hold_open(concerned: Any) -> None:
    """Keep these requests from others likewise, always in one order, after their counters."""
    if is_postgres():
        ServiceRequest.select(ServiceRequest.id).where(concerned).order_by(ServiceRequest.id).for_update("FOR NO KEY UPDATE").tuples().execute()


Held = tuple[datetime, datetime, int]


def held_at(offices: Collection[int], since: datetime, until: datetime | None = None) -> dict[int, list[Held]]:
    """By office the seats that are held, with when, in their order; also those that have begun before."""
    found: dict[int, list[Held]] = {office: [] for office in offices}
    held = Appointment.select(Appointment.office, Appointment.starts_at, Appointment.ends_at, Appointment.seat).where(
        Appointment.office.in_(list(offices) or [0]), Appointment.seat.is_null(False), Appointment.starts_at > since - _LONGEST)  # fmt: skip
    for office, *seat in held.where(*([Appointment.starts_at < until] if until else [])).order_by(Appointment.starts_at).tuples():
        found[office].append((seat[0], seat[1], seat[2]))
    return found


def overlapping(held: list[Held], starts: datetime, ends: datetime) -> set[int]:
    """The seats of a slot that are taken, also by appointments of another length than slots have now."""
    first = bisect_right(held, starts - _LONGEST, key=itemgetter(0))
    return {seat for _, until, seat in held[first : bisect_left(held, ends, key=itemgetter(0))] if until > starts}


def _seated(request: ServiceRequest, slot: Slot, seats: int, now: datetime) -> Appointment | None:
    """The appointment with the first free seat, or nothing where another took it at the same moment: the unique index has the last word."""
    taken = overlapping(held_at([request.office_id], slot.starts_at, slot.ends_at)[request.office_id], slot.starts_at, slot.ends_at)
    seat = next((each for each in range(1, seats + 1) if each not in taken), None)
    facts = {"request": request, "office": request.office, "starts_at": slot.starts_at, "ends_at": slot.ends_at, "seat": seat, "booked_at": now}
    try:
        with transaction():
            return Appointment.create(**facts) if seat is not None else None
    except IntegrityError:
        return None


def _taken_by_others(after: list[Slot], zone: ZoneInfo) -> Taken:
    """What to say where a slot has gone: the next free ones."""
    if not after:
        return Taken(Sentence("Jadwal ini sudah penuh, dan belum ada jadwal lain yang kosong. Coba lagi besok, atau pilih kanal lain."), [])
    return Taken(Sentence("Jadwal ini sudah penuh. Yang berikutnya masih kosong: {when}.", when=after[0].starts_at.astimezone(zone)), after[:_NEXT])
