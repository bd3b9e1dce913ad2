"""Slots that are held for people who lost theirs to a closure: what they answer, and who is called because no answer came."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, chunked

from portal import audit, outbox
from portal.audit import By
from portal.db import locked, transaction
from portal.offices.models import Closure, Office
from portal.outbox import REACHED, TO_CALL, Letter
from portal.refusals import Refused
from portal.services import appointments, deadlines, requests, routing, situations
from portal.services.deadlines import OFF, Calendars
from portal.services.models import BOOKED, COUNTER, DROPBOX, OPEN, Appointment, ClosureEffect, Service, ServiceRequest, SlotOffer
from portal.services.requests import CHANNEL_CHANGED
from portal.services.routing import Option
from portal.words import Sentence

UNANSWERED = ""
ACCEPTED, CHOSEN, SWITCHED, RESTORED, REPLACED, OVER = "accepted", "chosen", "switched", "restored", "replaced", "over"
CONFIRMED = "slot_accepted"  # of a request's history
LETTER = "offer_unanswered"
NOTICE = 2  # working days before the slot, in which a call still helps
_NO_TIME = 1  # only what is left of today: nobody else will tell them
_FARTHEST = timedelta(days=31)  # the longest row of holidays, and some
_AT_ONCE = 500
_ONE = timedelta(days=1)


def latest(request: ServiceRequest) -> SlotOffer | None:
    """The last offer that a request got, however it was answered, with its closure, the office before and both appointments."""
    lost, held = Appointment.alias(), Appointment.alias()
    found = SlotOffer.select(SlotOffer, lost, held, Closure, Office).join(lost, on=(SlotOffer.lost == lost.id), attr="lost").switch(SlotOffer)
    found = found.join(held, JOIN.LEFT_OUTER, on=(SlotOffer.held == held.id), attr="held").switch(SlotOffer).join(Closure).switch(SlotOffer).join(Office)
    offer: SlotOffer | None = found.where(SlotOffer.request == request.id).order_by(SlotOffer.id.desc()).first()
    return offer


def of(request: ServiceRequest) -> SlotOffer | None:
    """The offer of a request that waits for an answer."""
    offer = latest(request)
    return offer if offer is not None and offer.answer == UNANSWERED else None


def standing(request: ServiceRequest, *, now: datetime) -> SlotOffer | None:
    """The last offer as long as its citizen may still say something else: unanswered, or accepted; never one whose time has come."""
    offer = latest(request) if request.state in OPEN else None
    if offer is None or offer.answer not in (UNANSWERED, ACCEPTED):
        return None
    if offer.held is None:
        return offer if offer.answer == UNANSWERED else None
    return offer if offer.held.state == BOOKED and offer.held.seat is not None and offer.held.starts_at > now else None


def cause(offer: SlotOffer) -> Closure:
    """The closure that took the appointment in the first place; a later one may have moved what was held for it since."""
    found: Closure = Closure.select().join(SlotOffer).where(SlotOffer.request == offer.request_id, SlotOffer.lost == offer.lost_id).order_by(SlotOffer.id).get()
    return found


def answers(held: Iterable[Appointment]) -> dict[int, str]:
    """Of some appointments those that were offered to somebody who lost another, with the answer; one question."""
    ids = [each.id for each in held]
    found = SlotOffer.select(SlotOffer.held, SlotOffer.answer).where(SlotOffer.held.in_(ids or [0])).order_by(SlotOffer.id)
    return dict(found.tuples())


def ways(request: ServiceRequest, *, now: datetime) -> list[Option]:
    """The other channels by which a request may go on at its office, each once, what helps most first."""
    found = situations.ways(request.service, request.office, now)
    fit = routing.channels_of(found, request.office_id) - {request.channel}
    own = {each.channel: each for each in reversed(found) if each.spot.id == request.office_id and each.channel in fit}
    return [each for each in found if own.get(each.channel) is each]


def accept(request: ServiceRequest, *, now: datetime, shown: datetime | None = None, by: By = "", seen: int | None = None) -> SlotOffer:
    """The citizen comes at the held time, or goes on by the channel offered; `shown` is the time that was read, and the newest one counts."""
    with transaction():
        row = requests.held(request)
        offer = _answerable(row, now)
        if shown is not None and (offer.held is None or offer.held.starts_at != shown):
            raise _elsewhere(row, offer)
        if offer.answer == ACCEPTED:
            return offer
        requests.check_unchanged(row, seen)
        if offer.held is None and row.channel == COUNTER:
            raise Refused(Sentence("Waktu baru belum ada. Kami memberi kabar begitu tanggal buka lagi diketahui."))
        told(row, by=by, now=now)
        close(row, ACCEPTED, now=now)
        requests.happened(row, CONFIRMED, by=by, now=now, starts_at=offer.held.starts_at.isoformat() if offer.held else None, channel=row.channel)
        audit.record("offer_accepted", "request", row.id, by=by or "warga", now=now, label=row.number)
    return SlotOffer.get_by_id(offer.id)


def switch(request: ServiceRequest, channel: str, *, now: datetime) -> ServiceRequest:
    """The citizen goes on by another channel that works; the number stays, and the held seat is free for others."""
    with transaction():
        row = requests.held(request)
        if row.state in OPEN and channel == row.channel:
            return row
        _answerable(row, now)
        if channel not in {each.channel for each in ways(row, now=now)}:
            raise Refused(Sentence("Lewat jalan ini permohonan belum dapat dilanjutkan sekarang. Pilih jalan lain."), field="channel")
        appointments.release(row, now=now)
        told(row, by="", now=now)
        close(row, SWITCHED, now=now)
        return _switched(row, channel, now)


def close(request: ServiceRequest, answer: str, *, now: datetime) -> int:
    """Whatever was offered is settled with this answer, and nobody is called about it; how many waited. Called inside the transaction of what settles it."""
    waits = (SlotOffer.request == request.id) & (SlotOffer.answer == UNANSWERED)
    ids = [id for (id,) in SlotOffer.select(SlotOffer.id).where(waits).tuples()]
    if ids:
        SlotOffer.update(answer=answer, answered_at=now).where(SlotOffer.id.in_(ids)).execute()
        overtaken((request.number, id) for id in ids)
    return len(ids)


def overtaken(settled: Iterable[tuple[str, int]]) -> None:
    """Nobody is called any more about offers (number of the request, id) that a later act on a closure has settled: the time that would be read out is gone."""
    outbox.overtake(_key(number, id) for number, id in settled)


def told(request: ServiceRequest, *, by: By, now: datetime) -> None:
    """The citizen has shown that the news of closures arrived: nobody need call about it any more."""
    told_by = ClosureEffect.select(ClosureEffect.letter_key).where(ClosureEffect.request == request.id, ClosureEffect.letter_key != "").tuples()
    offered = SlotOffer.select(SlotOffer.id).where(SlotOffer.request == request.id).tuples()
    keys = [*(key for (key,) in told_by), *(_key(request.number, id) for (id,) in offered)]
    for letter in Letter.select().where(Letter.key.in_(keys or [""]), Letter.state == TO_CALL):
        with suppress(Refused):  # a colleague noted the call at this very moment
            outbox.reached(letter, note="", by=by or "warga", now=now)


def name_unanswered(*, now: datetime) -> int:
    """Whose held slot is two working days away and who has not answered is called, once an offer, or written to where there is no telephone; how many."""
    known = list(_due(_waiting(now), now))
    named = 0
    for some in chunked(known, _AT_ONCE):
        fresh = _unnamed(some)
        if fresh:
            with transaction():
                named += _named(fresh, now)
    return named


@dataclass(frozen=True)
class _Waiting:
    """An offer without an answer, as far as naming its citizen needs it."""

    id: int
    request: int
    number: str
    office: int
    zone: str
    starts_at: datetime
    made_at: datetime


def _answerable(row: ServiceRequest, now: datetime) -> SlotOffer:
    """The offer that an answer is for; Refused says why none is needed any more, and what holds now."""
    if row.state not in OPEN:
        raise Refused(Sentence("Permohonan ini sudah ditutup, jadi tidak ada yang perlu dijawab lagi."))
    if (offer := standing(row, now=now)) is not None:
        return offer
    held = appointments.of(row)
    if held is None:
        raise Refused(Sentence("Tidak ada waktu yang menunggu jawaban pada permohonan ini."))
    if held.starts_at <= now:
        raise Refused(Sentence("Waktu ini sudah lewat. Tulis pesan kepada petugas."))
    when = held.starts_at.astimezone(ZoneInfo(held.office.timezone))
    raise Refused(Sentence("Janji temu Anda sekarang {when}. Tidak ada yang perlu dijawab lagi.", when=when))


def _elsewhere(row: ServiceRequest, offer: SlotOffer) -> Refused:
    """What to say to who answers a page that is out of date."""
    if offer.held is None:
        return Refused(Sentence("Waktu itu tidak berlaku lagi, dan waktu baru belum ada. Kami memberi kabar begitu tanggal buka lagi diketahui."))
    when = offer.held.starts_at.astimezone(ZoneInfo(row.office.timezone))
    return Refused(Sentence("Waktunya sudah berpindah lagi. Yang sekarang disediakan untuk Anda: {when}. Periksa, lalu jawab sekali lagi.", when=when))


def _switched(row: ServiceRequest, channel: str, now: datetime) -> ServiceRequest:
    starts = None if channel in (COUNTER, DROPBOX) else now  # a person or a paper is waited for
    ServiceRequest.update(channel=channel, clock_from=row.clock_from or starts).where(ServiceRequest.id == row.id).execute()
    requests.happened(row, CHANNEL_CHANGED, now=now, was=row.channel, to=channel)
    deadlines.recount([row.id], now=now)
    audit.record("request_channel_changed", "request", row.id, by="warga", now=now, label=row.number, before={"channel": row.channel},
                 after={"channel": channel})  # fmt: skip
    after = ServiceRequest.get_by_id(row.id)
    requests.tell(after, "request_channel", key=str(after.revision), now=now, is_worth_a_call=False, channel=channel, reason="")
    return after


def _waiting(now: datetime) -> list[_Waiting]:
    columns = (SlotOffer.id, ServiceRequest.id, ServiceRequest.number, Office.id, Office.timezone, Appointment.starts_at, SlotOffer.made_at)
    found = SlotOffer.select(*columns).join(Appointment, on=SlotOffer.held).join(Office).switch(SlotOffer).join(ServiceRequest)
    ahead = (Appointment.starts_at > now) & (Appointment.starts_at < now + _FARTHEST) & Appointment.seat.is_null(False)
    return [_Waiting(*row) for row in found.where(SlotOffer.answer == UNANSWERED, ahead).order_by(SlotOffer.id).tuples()]


def _due(waiting: list[_Waiting], now: datetime) -> Iterator[_Waiting]:
    """Those whose slot has no more than so many working days before it, today among them; days on which the office is closed are worked at home."""
    if not waiting:
        return
    calendars = Calendars.of({each.office for each in waiting}, now, max(each.starts_at for each in waiting))
    left: dict[tuple[int, date], int] = {}
    for each in waiting:
        zone = ZoneInfo(each.zone)
        today, day = now.astimezone(zone).date(), each.starts_at.astimezone(zone).date()
        if (each.office, day) not in left:
            days = (today + _ONE * step for step in range((day - today).days))
            left[each.office, day] = sum(calendars.day(each.office, each_day).kind != OFF for each_day in days)
        is_fresh = each.made_at.astimezone(zone).date() == today  # the mail has only just gone out
        if left[each.office, day] <= (_NO_TIME if is_fresh else NOTICE):
            yield each


def _unnamed(some: list[_Waiting]) -> list[_Waiting]:
    """Of these offers those of which nobody was called yet, nor is to be called anyway."""
    effects = ClosureEffect.select(ClosureEffect.request, ClosureEffect.letter_key, ClosureEffect.at).where(
        ClosureEffect.request.in_([each.request for each in some]), ClosureEffect.letter_key != "")  # fmt: skip
    written = defaultdict(list)
    for request, key, at in effects.tuples():
        written[request].append((key, at))
    keys = {each.id: [key for key, at in written[each.request] if at >= each.made_at] for each in some}
    own = {each.id: _key(each.number, each.id) for each in some}
    called = _letters([key for its in keys.values() for key in its], Letter.state.in_((TO_CALL, REACHED)))
    named = _letters(own.values())
    return [each for each in some if own[each.id] not in named and not called.intersection(keys[each.id])]


def _letters(keys: Iterable[str], *which: Any) -> set[str]:
    return {key for (key,) in Letter.select(Letter.key).where(Letter.key.in_([*keys] or [""]), *which).tuples()}


def _named(fresh: list[_Waiting], now: datetime) -> int:
    """Promise the calls and reminders of those that are still unanswered."""
    waits = SlotOffer.select(SlotOffer.id, SlotOffer.lost).where(SlotOffer.id.in_([each.id for each in fresh]), SlotOffer.answer == UNANSWERED)
    still = dict(locked(waits.order_by(SlotOffer.id)).tuples())
    rows = _rows(each.request for each in fresh)
    lost = dict(Appointment.select(Appointment.id, Appointment.starts_at).where(Appointment.id.in_(list(still.values()) or [0])).tuples())
    letters = [requests.letter_of(rows[each.request], LETTER, key=str(each.id), is_called=True, slot=each.starts_at.isoformat(),
                                  was=lost[still[each.id]].isoformat(), zone=each.zone) for each in fresh if each.id in still]  # fmt: skip
    told = [(to, facts, key) for to, facts, key in letters if to.email or to.phone]
    outbox.promise_all(LETTER, told, now=now)
    return len(told)


def _rows(ids: Iterable[int]) -> dict[int, ServiceRequest]:
    found = ServiceRequest.select(ServiceRequest, Service, Office).join(Service).switch(ServiceRequest).join(Office)
    return {row.id: row for row in found.where(ServiceRequest.id.in_(list(ids)))}


def _key(number: str, offer: int) -> str:
    """What the letter about an unanswered offer is kept under; requests.tell writes it so."""
    return f"{LETTER} {number} {offer}"
