"""What officers do with a request: take it, pass it on, ask the citizen, give the result or refuse; each act once, with its letter and its trace."""

from datetime import datetime, timedelta
from typing import Any

from portal import audit
from portal.audit import Actor
from portal.db import transaction
from portal.files import Stored
from portal.offices.models import Office
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.services import appointments, catalogue, deadlines, offers, requests
from portal.services.models import (
    ARRIVED,
    CHANNELS,
    CLOSED,
    COUNTER,
    DONE,
    DROPBOX,
    IN_PROGRESS,
    MISSED,
    OPEN,
    READY,
    RECEIVED,
    REFUSED,
    WAITING,
    Appointment,
    Pause,
    RequestEvent,
    ServiceRequest,
)
from portal.services.particulars import MOST_TEXT
from portal.services.requests import CHANNEL_CHANGED
from portal.words import Sentence

CLAIMED, ASSIGNED, HANDED_OVER, ASKED, REPLY, NOTE = "claimed", "assigned", "handed_over", "asked", "reply", "note"
CAME, STAYED_AWAY, REOPENED, HEARD, HEEDED = "came", "stayed_away", "reopened", "heard", "heeded"
_ANSWERS = frozenset({ASKED, REPLY, HEARD, HEEDED, READY, DONE, REFUSED, REOPENED})  # after these, what the citizen said last is seen to
_AGAIN = timedelta(days=90)  # after its end a request is reopened rather than asked anew


def claim(request: ServiceRequest, officer: Person, *, by: Actor, now: datetime) -> ServiceRequest:
    """Take a request into work; Refused where a colleague has it already who still works here."""
    with transaction():
        row = _open(request)
        if row.assignee_id not in (None, officer.id) and row.assignee.ended_at is None:
            raise Refused(Sentence("Permohonan ini sudah dikerjakan {colleague}.", colleague=row.assignee.name))
        if row.assignee_id == officer.id:
            return row
        return _changed(row, CLAIMED, by=by, now=now, assignee=officer, state=IN_PROGRESS if row.state == RECEIVED else row.state)


def assign(request: ServiceRequest, officer: Person | None, *, by: Actor, now: datetime, seen: int | None = None) -> ServiceRequest:
    """Give a request to a colleague, or to nobody."""
    with transaction():
        row = _open(request, seen)
        if row.assignee_id == (officer.id if officer else None):
            return row
        return _changed(row, ASSIGNED, by=by, now=now, is_internal=True, to=officer.name if officer else "", assignee=officer)


def hand_over(request: ServiceRequest, office: Office, reason: str, *, by: Actor, now: datetime, seen: int | None = None) -> ServiceRequest:
    """Pass a request on to another office that serves it; number and history stay, an appointment here is given back, and the citizen is told."""
    with transaction():
        appointments.queue_up([office.id])  # before the request, as closures do: nothing enters an office while it is being closed
        row, reason = _open(request, seen), plain(reason, field="reason", limit=MOST_TEXT, required=True)
        if office.id == row.office_id or not catalogue.is_served(row.service, office, now):
            raise Refused(
                Sentence("{office} tidak dapat menerima permohonan ini. Pilih kantor lain yang memberi layanan ini.", office=office.name), field="office"
            )
        before = row.office
        appointments.release(row, now=now)
        offers.close(row, offers.OVER, now=now)
        row = _changed(row, HANDED_OVER, by=by, now=now, text=reason, was=before.name, to=office.name, office=office, assignee=None)
        deadlines.recount([row.id], now=now)
        requests.tell(row, "request_moved", key=str(row.revision), now=now, was=before.name, reason=reason)
    return row


def ask(request: ServiceRequest, text: str, *, by: Actor, now: datetime, files: tuple[Stored, ...] = (), seen: int | None = None) -> ServiceRequest:
    """Ask the citizen for something; the working days stand still until the answer."""
    with transaction():
        row, text = _open(request, seen), plain(text, field="text", limit=MOST_TEXT, required=True)
        _check_reachable(row)
        if not Pause.select().where(Pause.request == row.id, Pause.until.is_null()).exists():
            Pause.create(request=row, since=now)
        row = _changed(row, ASKED, by=by, now=now, text=text, files=files, state=WAITING)
        deadlines.recount([row.id], now=now)
        requests.tell(row, "request_asked", key=str(row.revision), now=now, text=text)
    return row


def heard(request: ServiceRequest, text: str, *, by: Actor, now: datetime, files: tuple[Stored, ...] = (), seen: int | None = None) -> ServiceRequest:
    """Write down what the citizen answered by telephone or at the counter; the working days go on."""
    with transaction():
        row, text = _open(request, seen), plain(text, field="text", limit=MOST_TEXT, required=True)
        _end_pause(row, now)
        row = _changed(row, HEARD, by=by, now=now, text=text, files=files, state=IN_PROGRESS if row.state == WAITING else row.state)
        deadlines.recount([row.id], now=now)
    return row


def heed(request: ServiceRequest, *, by: Actor, now: datetime, seen: int | None = None) -> ServiceRequest:
    """What the citizen wrote is read and needs no answer."""
    with transaction():
        row = _held(request, seen)
        return row if row.news_at is None else _changed(row, HEEDED, by=by, now=now, is_internal=True)


def reply(request: ServiceRequest, text: str, *, by: Actor, now: datetime, files: tuple[Stored, ...] = (), seen: int | None = None) -> ServiceRequest:
    """Write to the citizen; nothing else changes."""
    with transaction():
        row, text = _held(request, seen), plain(text, field="text", limit=MOST_TEXT, required=True)
        _check_reachable(row)
        row = _changed(row, REPLY, by=by, now=now, text=text, files=files)
        requests.tell(row, "request_reply", key=str(row.revision), now=now, text=text)
    return row


def note(request: ServiceRequest, text: str, *, by: Actor, now: datetime, files: tuple[Stored, ...] = ()) -> ServiceRequest:
    """Write something down for colleagues alone."""
    with transaction():
        row, text = requests.held(request), plain(text, field="text", limit=MOST_TEXT, required=True)
        return _changed(row, NOTE, by=by, now=now, text=text, files=files, is_internal=True)


def ready(request: ServiceRequest, place: str, *, by: Actor, now: datetime, text: str = "", seen: int | None = None) -> ServiceRequest:
    """The result waits to be fetched at a place, with its hours in words."""
    with transaction():
        row = _open(request, seen)
        place = plain(place, field="place", limit=300, required=True)
        text = plain(text, field="text", limit=MOST_TEXT)
        _end_pause(row, now)
        deadlines.recount([row.id], now=now)
        row = _changed(row, READY, by=by, now=now, text=text, place=place, state=READY, pickup_place=place)
        requests.tell(row, "request_ready", key=str(row.revision), now=now, place=place, text=text)
    return row


def finish(request: ServiceRequest, *, by: Actor, now: datetime, text: str = "", files: tuple[Stored, ...] = (), seen: int | None = None) -> ServiceRequest:
    """The citizen has what was asked for: a result as files, or handed over; the request is closed."""
    with transaction():
        row = _open(request, seen)
        row = _closed(row, DONE, by, now, plain(text, field="text", limit=MOST_TEXT), files)
        requests.tell(row, "request_done", key=str(row.revision), now=now, is_worth_a_call=bool(files), text=text.strip(), has_result=bool(files))
    return row


def refuse(request: ServiceRequest, reason: str, *, by: Actor, now: datetime, objection: str = "", files: tuple[Stored, ...] = (),
           seen: int | None = None) -> ServiceRequest:  # fmt: skip
    """Refuse a request with its reason; the letter says how to object (UU 25/2009, article 36: complaints), as the service does where nothing else is said."""
    with transaction():
        row, reason = _open(request, seen), plain(reason, field="text", limit=MOST_TEXT, required=True)
        complaints = plain(objection, field="objection", limit=1000) or row.service.complaints
        row = _closed(row, REFUSED, by, now, reason, files, complaints=complaints)
        requests.tell(row, "request_refused", key=str(row.revision), now=now, text=reason, complaints=complaints)
    return row


def reopen(request: ServiceRequest, reason: str, *, by: Actor, now: datetime, seen: int | None = None) -> ServiceRequest:
    """Take a closed request up again; its working days go on from now."""
    with transaction():
        row, reason = _held(request, seen), plain(reason, field="text", limit=MOST_TEXT, required=True)
        if row.state not in CLOSED:
            raise Refused(Sentence("Permohonan ini masih berjalan."))
        if row.redacted_at is not None:
            raise Refused(Sentence("Data pribadi permohonan ini sudah dihapus. Minta pemohon mengajukan yang baru."))
        if row.closed_at is not None and row.closed_at < now - _AGAIN:
            raise Refused(Sentence("Permohonan ini sudah terlalu lama selesai. Minta pemohon mengajukan yang baru."))
        row = _changed(row, REOPENED, by=by, now=now, text=reason, was=row.state, state=IN_PROGRESS, closed_at=None, clock_from=now)
        deadlines.recount([row.id], now=now)
        requests.tell(row, "request_reopened", key=str(row.revision), now=now, text=reason)
    return row


def change_channel(request: ServiceRequest, channel: str, reason: str, *, by: Actor, now: datetime, seen: int | None = None) -> ServiceRequest:
    """Serve a request by another channel from now on; its number stays, and a seat at the counter is given back."""
    with transaction():
        row, reason = _open(request, seen), plain(reason, field="reason", limit=MOST_TEXT, required=True)
        if channel not in CHANNELS or channel not in row.service.channels:
            raise Refused(Sentence("Layanan ini tidak diberikan lewat kanal itu."), field="channel")
        if channel == row.channel:
            return row
        appointments.release(row, now=now)
        offers.close(row, offers.SWITCHED, now=now)
        starts = None if channel in (COUNTER, DROPBOX) else now  # a person or a paper is waited for
        row = _changed(row, CHANNEL_CHANGED, by=by, now=now, text=reason, was=row.channel, to=channel, channel=channel, clock_from=row.clock_from or starts)
        deadlines.recount([row.id], now=now)
        requests.tell(row, "request_channel", key=str(row.revision), now=now, channel=channel, reason=reason)
    return row


def came(request: ServiceRequest, *, by: Actor, now: datetime) -> ServiceRequest:
    """The citizen stands at the counter: the appointment is kept, and the working days begin."""
    with transaction():
        row = _open(request)
        held = appointments.of(row)
        if held is None and _has_come(row):
            return row
        if held is not None:
            Appointment.update(state=ARRIVED).where(Appointment.id == held.id).execute()
        offers.told(row, by=by, now=now)
        offers.close(row, offers.ACCEPTED if held is not None else offers.OVER, now=now)
        row = _changed(row, CAME, by=by, now=now, clock_from=row.clock_from or now, state=IN_PROGRESS if row.state == RECEIVED else row.state)
        deadlines.recount([row.id], now=now)
    return row


def stayed_away(request: ServiceRequest, *, by: Actor, now: datetime) -> ServiceRequest:
    """Nobody came to an appointment: it is over, the request stays, and the citizen is asked for another time."""
    with transaction():
        row = _open(request)
        if (held := appointments.of(row)) is None or held.starts_at > now:
            raise Refused(Sentence("Tidak ada janji temu yang sudah lewat pada permohonan ini."))
        appointments.release(row, now=now, state=MISSED)
        offers.close(row, offers.OVER, now=now)
        row = _changed(row, STAYED_AWAY, by=by, now=now, starts_at=held.starts_at.isoformat())
        requests.tell(row, "request_missed", key=str(row.revision), now=now, slot=held.starts_at.isoformat())
    return row


def _held(request: ServiceRequest, seen: int | None) -> ServiceRequest:
    """The row, held; Refused where something happened to it since the page with this revision was opened."""
    row = requests.held(request)
    requests.check_unchanged(row, seen)
    return row


def _open(request: ServiceRequest, seen: int | None = None) -> ServiceRequest:
    """The same; Refused where the request is closed already, which says more than that it changed."""
    row = requests.held(request)
    if row.state not in OPEN:
        closing = RequestEvent.select(RequestEvent.by).where(RequestEvent.request == row.id, RequestEvent.what == row.state).order_by(RequestEvent.id.desc())
        if colleague := closing.scalar():
            raise Refused(Sentence("Permohonan ini sudah ditutup {colleague}. Buka lagi dulu bila perlu.", colleague=colleague))
        raise Refused(Sentence("Permohonan ini sudah ditutup. Buka lagi dulu bila perlu."))
    requests.check_unchanged(row, seen)
    return row


def _has_come(row: ServiceRequest) -> bool:
    """Whether the citizen stood at the counter since the channel was last changed: pressed twice, they came once."""
    told = RequestEvent.select(RequestEvent.what).where(RequestEvent.request == row.id, RequestEvent.what.in_((CAME, CHANNEL_CHANGED, REOPENED)))
    return bool(row.clock_from is not None and told.order_by(RequestEvent.id.desc()).scalar() == CAME)


def _check_reachable(row: ServiceRequest) -> None:
    if not row.email and not row.phone:
        raise Refused(Sentence("Pemohon ini tidak meninggalkan surel atau nomor telepon."), field="text")


def _closed(row: ServiceRequest, state: str, by: Actor, now: datetime, text: str, files: tuple[Stored, ...], **facts: Any) -> ServiceRequest:
    if _end_pause(row, now):
        deadlines.recount([row.id], now=now)  # the days that the citizen took are not the office's, also in its figures
    held = appointments.of(row)
    if held is not None and held.starts_at > now:
        appointments.release(row, now=now)
    offers.close(row, offers.OVER, now=now)
    return _changed(row, state, by=by, now=now, text=text, files=files, are_results=True, state=state, closed_at=now, **facts)


def _end_pause(row: ServiceRequest, now: datetime) -> int:
    """End the pause, if there is one; how many ended."""
    return Pause.update(until=now).where(Pause.request == row.id, Pause.until.is_null()).execute()


_COLUMNS = frozenset({"assignee", "office", "channel", "state", "closed_at", "clock_from", "pickup_place"})


def _changed(row: ServiceRequest, what: str, *, by: Actor, now: datetime, text: str = "", files: tuple[Stored, ...] = (), is_internal: bool = False,
             are_results: bool = False, **facts: Any) -> ServiceRequest:  # fmt: skip
    """Write an act: the columns it changes, its event, its files, its audit row."""
    values = {name: facts.pop(name) for name in list(facts) if name in _COLUMNS}
    if what in _ANSWERS:
        values["news_at"] = None
    before = {name: _plain(getattr(row, name)) for name in values if name != "news_at"}
    if values:
        ServiceRequest.update(**values).where(ServiceRequest.id == row.id).execute()
    event: RequestEvent = requests.happened(row, what, by=by, now=now, text=text, is_internal=is_internal, **facts)
    requests.attach(row, files, event, by_id=by.person_id or requests.CITIZEN, now=now, is_result=are_results, is_internal=is_internal)
    was, became = audit.changes(before, {name: _plain(value) for name, value in values.items() if name != "news_at"})
    audit.record(f"request_{what}", "request", row.id, by=by, now=now, label=row.number, before=was, after=became)
    return ServiceRequest.get_by_id(row.id)


def _plain(value: Any) -> Any:
    """A column as the trail keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return getattr(value, "slug", None) or getattr(value, "identifier", value)
