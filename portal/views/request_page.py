"""What the page of a request tells its citizen: the answer first, what is expected of them, how the deadline was counted, what happened and what comes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices import board, listing, telling
from portal.offices.models import Office
from portal.offices.state import Picture
from portal.offices.telling import Told
from portal.services import appointments, catalogue, deadlines, dropbox, following, handling, particulars, personal_data
from portal.services.deadlines import Count
from portal.services.models import (
    CANCELLED,
    CLOSED,
    COUNTER,
    DONE,
    DROPBOX,
    IN_PROGRESS,
    OPEN,
    PAPER,
    READY,
    RECEIVED,
    REFUSED,
    WAITING,
    Appointment,
    RequestEvent,
    RequestFile,
    ServiceRequest,
)
from portal.views import deadline_words, office_services, opened, request_offer, request_words
from portal.views.office_services import Standing
from portal.views.request_offer import HELD, UNHELD, Away, Offered
from portal.words import Sentence, later

ANSWER, FETCH, COME, CHOOSE, DROP, WAIT = "answer", "fetch", "come", "choose", "drop", "wait"
OFFER, HOLD = "offer", "hold"  # a time is held and waits for an answer; none is known yet
_CUSTODY = {
    dropbox.DEPOSITED: later("Anda memasukkan surat ke kotak surat"),
    dropbox.COLLECTED: later("Surat diambil petugas dari kotak surat dan didaftarkan"),
    "": later("Surat dikarantina, tidak dibuka siapa pun"),
    dropbox.UNSEALED: later("Surat dibuka dan dikerjakan petugas"),
}
_SLOT = (handling.STAYED_AWAY, "booked", "rescheduled", "handed_over", "channel_changed")  # what becomes of an appointment
_FILED, _NEW = {"submitted", "booked"}, timedelta(hours=1)  # the page that thanks who has just filed
_SHOWN = 8  # steps of a history; those before stand in a fold


@dataclass(frozen=True)
class Happened:
    """One step of the history as it is shown."""

    sentence: Sentence
    at: datetime
    text: str
    files: list[RequestFile]
    is_mine: bool
    changes: list[Sentence]  # of an act on a closure


def facts(request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """All that requests/show.html shows of a request at a moment; a bounded number of questions however long its history."""
    zone, is_open = ZoneInfo(request.office.timezone), opened.is_open(request)
    here, events = now.astimezone(zone), following.history(request)
    held = appointments.of(request) if request.channel == COUNTER and request.state in OPEN else None
    done = {event.what for event in events}
    offered = request_offer.offered(request, held, events, here)
    what = expected(request, held, done, offered)
    picture = board.paint([request.office.root_id], now, now) if what in _PLACES else None
    away = request_offer.away(request, _PLACES[what], here, picture) if picture is not None else None
    happened = _happened(request, events, zone, is_open)
    count = deadlines.counted(request, now=now) if request.state in OPEN and request.state != READY else None
    return {
        "row": request, "number": request.number, "zone": zone, "here": here, "is_open": is_open, "expected": what, "held": held,
        "headline": headline(request, what, held, here, away, offered), "offered": offered, "away": away,
        "is_deposited": dropbox.DEPOSITED in done, "is_missed": _is_missed(events),
        "is_new": is_open and done <= _FILED and now - request.created_at < _NEW,
        "earlier": happened[:-_SHOWN], "happened": happened[-_SHOWN:],
        "coming": coming(request, what, held, done, count, here), "office": _office(request, what, held, now, picture),
        "requirements": catalogue.requirements([request.service]).get(request.service_id, []) if what in (COME, OFFER, CHOOSE) else [],
        "boxes": _boxes(request) if what == DROP else [], "results": following.results(request) if request.state == DONE else [],
        "asked_text": _last_text(events, "asked") if is_open else "", "closing_text": _last_text(events, request.state) if is_open else "",
        "states": request_words.STATES_TO_CITIZENS, "channels": request_words.CHANNELS, "by_channel": request_words.CHANNEL_IN_SENTENCE, "news": news(request),
        "masked_name": particulars.masked_name(request.name), "masked_phone": particulars.masked_phone(request.phone),
        "masked_email": particulars.masked_email(request.email), "is_late": _is_late(request, here.date()), **_counted(count, zone),
        "wishes": personal_data.wishes(request) if is_open else set()}  # fmt: skip


def headline(
    request: ServiceRequest, what: str, held: Appointment | None, here: datetime, away: Away | None = None, offered: Offered | None = None
) -> Sentence:
    """The answer, as it stands on top."""
    if request.state in CLOSED and request.closed_at is not None:
        return Sentence(_ENDED[request.state], day=request.closed_at.astimezone(here.tzinfo).date())
    if what == FETCH and away is not None and away.is_now:
        return _later(away)
    if what in _PLAIN:
        return Sentence(_PLAIN[what])
    if what in _AT_COUNTER and held is not None:
        is_elsewhere = what == OFFER and offered is not None and offered.is_same_time
        return Sentence(_ELSEWHERE if is_elsewhere else _AT_COUNTER[what], when=held.starts_at.astimezone(here.tzinfo))
    if request.due_on is None:
        return Sentence(_WITHOUT_END[request.state])
    return Sentence(_LATE[request.state] if _is_late(request, here.date()) else _ON_TIME[request.state], day=request.due_on)


def _later(away: Away) -> Sentence:
    """Of a result that cannot be fetched now: from when on it can, as far as that is known."""
    if away.again is None:
        return Sentence("Jangan datang dulu: kantor masih tutup")
    return Sentence("Jangan datang dulu: dapat diambil lagi mulai {when}", when=away.again)


_ENDED = {DONE: later("Selesai {day}"), REFUSED: later("Ditolak {day}"), CANCELLED: later("Dibatalkan {day}")}
_PLAIN = {
    ANSWER: later("Menunggu jawaban Anda"),
    FETCH: later("Hasilnya siap diambil"),
    CHOOSE: later("Pilih waktu kedatangan Anda"),
    DROP: later("Menunggu surat Anda di kotak surat"),
    HOLD: later("Waktu baru Anda menyusul"),
}
_ELSEWHERE = later("Janji temu Anda pindah tempat: {when}")
_AT_COUNTER = {COME: later("Janji temu {when}"), OFFER: later("Waktu baru untuk Anda: {when}")}
_PLACES = {FETCH: COUNTER, DROP: DROPBOX}  # where one is to go without having chosen a time
_WITHOUT_END = {RECEIVED: later("Sudah diterima"), IN_PROGRESS: later("Sedang diproses")}
_ON_TIME = {RECEIVED: later("Sudah diterima, selesai paling lambat {day}"), IN_PROGRESS: later("Sedang diproses, selesai paling lambat {day}")}
_LATE = {RECEIVED: later("Sudah diterima, terlambat sejak {day}"), IN_PROGRESS: later("Sedang diproses, terlambat sejak {day}")}


def expected(request: ServiceRequest, held: Appointment | None, done: Collection[str], offered: Offered | None = None) -> str:
    """What the citizen is to do now; of a closed request its state."""
    if request.state in CLOSED:
        return request.state
    if request.state in (WAITING, READY):
        return ANSWER if request.state == WAITING else FETCH
    if request.channel == COUNTER and offered is not None and offered.kind in _OFFERED:
        return _OFFERED[offered.kind]
    if request.channel == COUNTER and handling.CAME not in done:
        return COME if held is not None else CHOOSE
    return DROP if request.channel == DROPBOX and request.origin != PAPER and dropbox.COLLECTED not in done else WAIT


_OFFERED = {HELD: OFFER, UNHELD: HOLD}


def coming(request: ServiceRequest, what: str, held: Appointment | None, done: Collection[str], count: Count | None, here: datetime) -> list[Sentence]:
    """The steps ahead of an open request, as far as they are known."""
    if request.state in CLOSED:
        return []
    if what == FETCH:
        return [Sentence("Hasil Anda ambil")]
    steps: list[Sentence] = []
    if what == DROP:
        steps += [Sentence(text) for each, text in _CUSTODY.items() if each not in done]
    elif dropbox.COLLECTED in done and dropbox.UNSEALED not in done:
        steps.append(Sentence(_CUSTODY[dropbox.UNSEALED]))
    if what == ANSWER:
        steps.append(Sentence("Anda menjawab, lalu petugas melanjutkan"))
    if held is not None and what in _AT_COUNTER:
        steps.append(Sentence("Janji temu {when}", when=held.starts_at.astimezone(here.tzinfo)))
    return [*steps, *_end(request, count, here.date())]


def _end(request: ServiceRequest, count: Count | None, today: date) -> list[Sentence]:
    """The last step ahead: by when, how late it is, or by when if the citizen answers now; nothing where no deadline runs."""
    if request.due_on is None:
        return []
    if request.state == WAITING:
        due = count.due_on if count is not None else None
        return [Sentence("Selesai, paling lambat {day} bila Anda menjawab hari ini", day=due)] if due is not None else [Sentence("Permohonan selesai")]
    end = later("Selesai, terlambat: batasnya {day}") if _is_late(request, today) else later("Selesai, paling lambat {day}")
    return [Sentence(end, day=request.due_on)]


def news(request: ServiceRequest) -> Sentence:
    """How news of a request reaches its citizen."""
    if request.email:
        return Sentence("Kami kirim kabar ke {email}.", email=particulars.masked_email(request.email))
    if request.phone:
        return Sentence("Kalau ada kabar penting, kami menelepon {phone}.", phone=particulars.masked_phone(request.phone))
    return Sentence("Buka halaman ini lagi untuk melihat kabarnya.")


def _happened(request: ServiceRequest, events: list[RequestEvent], zone: ZoneInfo, is_open: bool) -> list[Happened]:
    files = following.files(request) if is_open else {}
    return [
        Happened(
            request_words.told(event, zone),
            request_words.moment(event.facts, "at", zone) or event.at.astimezone(zone),
            event.text if is_open else "",
            files.get(event.id, []),
            not event.by,
            request_offer.changes(event, zone),
        )
        for event in events
    ]


def _office(request: ServiceRequest, what: str, held: Appointment | None, now: datetime, picture: Picture | None) -> Told | None:
    """The state of the office where one is to go: now for a result, for an appointment at its time, if nobody is served then."""
    if what == FETCH:
        return _told(request, now, picture)
    told = _told(request, held.starts_at) if what in _AT_COUNTER and held is not None and held.starts_at > now else None
    return told if told is not None and not told.outlook.condition.channels.counter else None


def _told(request: ServiceRequest, at: datetime, picture: Picture | None = None) -> Told:
    row = listing.rows_of(Office.id == request.office_id).dicts().get()
    return telling.Telling.of(picture or board.paint([row["root_id"]], at, at), at, [row["id"]]).tell(row)


def _boxes(request: ServiceRequest) -> list[Standing]:
    """The drop boxes of its office that take letters of its service."""
    found = office_services.standing([request.office_id])
    return [each for each in found if not each.services or request.service in each.services]


def _is_missed(events: list[RequestEvent]) -> bool:
    """Whether the last that became of its appointment is that the citizen stayed away."""
    return next((event.what == handling.STAYED_AWAY for event in reversed(events) if event.what in _SLOT), False)


def _last_text(events: list[RequestEvent], what: str) -> str:
    """What was said when this happened last."""
    return next((event.text for event in reversed(events) if event.what == what), "")


def _is_late(request: ServiceRequest, today: date) -> bool:
    return request.state in (RECEIVED, IN_PROGRESS) and request.due_on is not None and request.due_on < today


def _counted(count: Count | None, zone: ZoneInfo) -> dict[str, Any]:
    """The deadline with its days and pauses; nothing where none is counted."""
    closures = deadline_words.closures_of(count)
    is_whole = count is not None and count.due_on is not None
    return {"count": count, "steps": deadline_words.steps(count) if count and is_whole else [],
            "pauses": deadline_words.pauses(count, closures, zone) if count else []}  # fmt: skip
