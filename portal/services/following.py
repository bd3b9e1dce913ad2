"""What citizens do with their own request: answer, write, choose another time, take it back. Each asks once who they are; that is for the page to see to."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from portal import audit
from portal.audit import By
from portal.db import transaction
from portal.files import Attachment, Stored
from portal.refusals import NotFound, Refused, plain
from portal.services import appointments, deadlines, offers, requests
from portal.services.models import CANCELLED, CLOSED, COUNTER, IN_PROGRESS, MOVED, OPEN, WAITING, Appointment, Pause, RequestEvent, RequestFile, ServiceRequest
from portal.services.particulars import MOST_TEXT
from portal.words import Sentence

MESSAGE, ANSWERED, RESCHEDULED = "message", "answered", "rescheduled"
_MOST_OPEN = 20  # messages in a row that nobody has answered: more than that is no conversation


def write(request: ServiceRequest, text: str, *, now: datetime, files: tuple[Stored, ...] = (), key: str = "") -> ServiceRequest:
    """A message to the officer; where something was asked for it is the answer, and the working days go on. The same key is one message."""
    with transaction():
        row, key = requests.held(request), key if key.isprintable() else ""
        if key and _has_key(row, key):
            return row
        text = plain(text, field="text", limit=MOST_TEXT, required=not files)
        if row.redacted_at is not None:
            raise Refused(Sentence("Isi permohonan ini sudah dihapus sesuai jadwal penyimpanan. Ajukan yang baru bila perlu."))
        if _unanswered(row) >= _MOST_OPEN:
            raise Refused(Sentence("Pesan Anda sudah banyak yang menunggu jawaban. Tunggu petugas menjawab dulu."), field="text")
        answers = row.state == WAITING
        ServiceRequest.update(news_at=now, **({"state": IN_PROGRESS} if answers else {})).where(ServiceRequest.id == row.id).execute()
        event = requests.happened(row, ANSWERED if answers else MESSAGE, now=now, text=text, key=key)
        requests.attach(row, files, event, now=now)
        if answers:
            Pause.update(until=now).where(Pause.request == row.id, Pause.until.is_null()).execute()
            deadlines.recount([row.id], now=now)
    return ServiceRequest.get_by_id(row.id)


def cancel(request: ServiceRequest, *, now: datetime, reason: str = "") -> ServiceRequest:
    """The citizen takes the request back; the seat is free for others, and the history stays."""
    with transaction():
        row, reason = requests.held(request), plain(reason, field="reason", limit=MOST_TEXT)
        if row.state == CANCELLED:
            return row
        if row.state in CLOSED:
            raise Refused(Sentence("Permohonan ini sudah ditutup, jadi tidak dapat dibatalkan lagi."))
        appointments.release(row, now=now)
        offers.told(row, by="", now=now)
        offers.close(row, offers.OVER, now=now)
        Pause.update(until=now).where(Pause.request == row.id, Pause.until.is_null()).execute()
        ServiceRequest.update(state=CANCELLED, closed_at=now, news_at=None).where(ServiceRequest.id == row.id).execute()
        requests.happened(row, CANCELLED, now=now, text=reason)
        audit.record("request_cancelled", "request", row.id, by="warga", now=now, label=row.number, before={"state": row.state}, after={"state": CANCELLED})
        requests.tell(row, "request_cancelled", key="", now=now, is_worth_a_call=False)
    return ServiceRequest.get_by_id(row.id)


def reschedule(request: ServiceRequest, starts_at: datetime, *, now: datetime, by: By = "", seen: int | None = None) -> Appointment:
    """Another time at the counter: the new seat is held before the old one is given back; where it is taken, the old one stays."""
    with transaction():
        row = _queued(request)
        before = appointments.of(row)
        if before is not None and before.starts_at == starts_at:
            return _kept(row, before, by, now)
        requests.check_unchanged(row, seen)
        if before is not None and before.starts_at <= now:
            raise Refused(Sentence("Janji temu ini sudah lewat. Tulis pesan kepada petugas."), field="slot")
        after = appointments.book(row, starts_at, now=now)
        if before is not None:
            Appointment.update(seat=None, state=MOVED, ended_at=now).where(Appointment.id == before.id).execute()
        offers.told(row, by=by, now=now)
        offers.close(row, offers.CHOSEN, now=now)
        _told_of(row, before, after, by, now)
    return after


def history(request: ServiceRequest) -> list[RequestEvent]:
    """What happened to a request, in order, without what officers wrote for each other."""
    return list(RequestEvent.select().where(RequestEvent.request == request.id, ~RequestEvent.is_internal).order_by(RequestEvent.id))


def files(request: ServiceRequest) -> dict[int, list[RequestFile]]:
    """The files of a request that its citizen may see, by the event that brought them."""
    found: dict[int, list[RequestFile]] = defaultdict(list)
    for each in _files(request):
        found[each.event_id].append(each)
    return found


def file(request: ServiceRequest, number: int) -> RequestFile:
    """One file of a request, by its number; NotFound where it is another's, or for officers alone."""
    found = _files(request).where(RequestFile.id == number).first() if number < 2**31 else None
    if found is None:
        raise NotFound(Sentence("Berkas ini tidak ada."))
    return found


def _queued(request: ServiceRequest) -> ServiceRequest:
    """The row of a request that may get a time, held behind the queue of its counter: whoever books takes the two in this order."""
    office = ServiceRequest.select(ServiceRequest.office).where(ServiceRequest.id == request.id).scalar()
    appointments.queue_up([office])
    row = requests.held(request)
    if row.office_id != office:
        raise Refused(Sentence("Permohonan ini baru saja dialihkan ke kantor lain. Buka halamannya lagi, lalu pilih waktunya."), field="slot")
    if row.state not in OPEN or row.channel != COUNTER:
        raise Refused(Sentence("Permohonan ini tidak memakai janji temu."), field="slot")
    return row


def _kept(row: ServiceRequest, before: Appointment, by: By, now: datetime) -> Appointment:
    """The time that one has already; chosen from the list it is accepted, where it was only offered."""
    if offers.of(row) is not None:
        offers.accept(row, now=now, by=by)
    return before


def _told_of(row: ServiceRequest, before: Appointment | None, after: Appointment, by: By, now: datetime) -> None:
    """The event of another time, its letter and its audit row."""
    was, to = before.starts_at.isoformat() if before else None, after.starts_at.isoformat()
    requests.happened(row, RESCHEDULED, by=by, now=now, was=was, starts_at=to)
    requests.tell(row, "request_rescheduled", key=str(row.revision), now=now, is_worth_a_call=False, slot=to)
    audit.record("request_rescheduled", "request", row.id, by=by or "warga", now=now, label=row.number, before={"slot": was}, after={"slot": to})


def _files(request: ServiceRequest) -> Any:
    seen = RequestFile.select(RequestFile, Attachment).join(Attachment).where(RequestFile.request == request.id, ~RequestFile.is_internal)
    return seen.order_by(RequestFile.id)


def results(request: ServiceRequest) -> list[RequestFile]:
    """The files that are the result of a request."""
    return list(_files(request).where(RequestFile.is_result))


def _has_key(row: ServiceRequest, key: str) -> bool:
    """Whether this very message was taken before."""
    recent = RequestEvent.select(RequestEvent.facts).where(RequestEvent.request == row.id, RequestEvent.what.in_([MESSAGE, ANSWERED]))
    return any(facts.get("key") == key for (facts,) in recent.order_by(RequestEvent.id.desc()).limit(_MOST_OPEN + 1).tuples())


def _unanswered(row: ServiceRequest) -> int:
    """How many messages the citizen has written since an officer last did anything."""
    last = (
        RequestEvent.select(RequestEvent.id).where(RequestEvent.request == row.id, RequestEvent.by_id.is_null(False)).order_by(RequestEvent.id.desc()).scalar()
    )
    return RequestEvent.select().where(RequestEvent.request == row.id, RequestEvent.what == MESSAGE, RequestEvent.id > (last or 0)).count()
