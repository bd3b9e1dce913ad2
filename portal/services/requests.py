"""A citizen's case: asked once however often the form is sent, found by its number, with all that happens to it in its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from portal import audit, files, numbers, outbox, sealed
from portal.audit import By
from portal.db import locked, transaction
from portal.files import Stored
from portal.offices.models import Office
from portal.outbox import Recipient
from portal.people.models import Person
from portal.refusals import NotFound, Refused, plain
from portal.services import appointments, catalogue, deadlines, particulars, routing, situations
from portal.services.models import CHANNELS, COUNTER, DROPBOX, MAIL, PAPER, RECEIVED, WEB, RequestEvent, RequestFile, Service, ServiceRequest
from portal.words import Sentence

SUBMITTED, BOOKED, CHANNEL_CHANGED = "submitted", "booked", "channel_changed"
CITIZEN = 0  # who adds a file without having an account
_LONGEST_KEY = 100


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, as it was typed."""

    service: Service
    office: Office
    channel: str
    name: str = ""
    phone: str = ""
    email: str = ""
    nik: str = ""
    description: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    files: tuple[Stored, ...] = ()
    slot: datetime | None = None
    language: str = "id"
    submission_key: str | None = None
    origin: str = WEB
    filed_by: Person | None = None
    is_brief: bool = False  # noted in a line at the counter, or out of an envelope: how to reach the citizen, and answers, may be missing


class Unknown(NotFound):
    """A number that is typed right, and that nobody has."""


class Unfit(Refused):
    """Several things that are wrong with a form, each beside its field; reads as the first of them."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__(refusals[0].sentence, field=refusals[0].field)
        self.refusals = refusals


def submit(asked: Asked, *, by: By = "", now: datetime) -> ServiceRequest:
    """Take a request in; the same submission key, however often and from wherever, is one request."""
    if (known := of_key(asked.submission_key)) is not None:
        return known
    fit = checked(asked, now=now)
    try:
        with transaction():
            return of_key(fit.submission_key) or _taken_in(fit, by=by, now=now)
    except IntegrityError:  # the same form was sent twice at the same moment, and the other one was faster
        if (faster := of_key(fit.submission_key)) is None:
            raise
        return faster


def of_key(key: str | None) -> ServiceRequest | None:
    """The request that a form has made already."""
    kept = _kept_key(key)
    return ServiceRequest.get_or_none(ServiceRequest.submission_key == kept) if kept else None


def find(typed: str) -> ServiceRequest:
    """The request of a number, however it is typed; NotFound says that it is mistyped, Unknown that nobody has it."""
    number = numbers.read(typed) if "\0" not in typed else None
    if number is None:
        raise NotFound(Sentence("Nomor ini salah ketik: satu huruf atau angka tidak cocok. Periksa sekali lagi."), field="number")
    found = (
        ServiceRequest.select(ServiceRequest, Service, Office).join(Service).switch(ServiceRequest).join(Office).where(ServiceRequest.number == number).first()
    )
    if found is None:
        raise Unknown(Sentence("Tidak ada permohonan dengan nomor ini."), field="number")
    return found


def held(request: ServiceRequest) -> ServiceRequest:
    """The row as it stands now, kept from others until the transaction ends."""
    return locked(ServiceRequest.select().where(ServiceRequest.id == request.id)).get()


def checked(asked: Asked, *, now: datetime) -> Asked:
    """The same with everything in the form in which it is kept; Unfit names all that is wrong at once."""
    wrong: list[Refused] = []

    def fit(check: Any, *given: Any, **facts: Any) -> Any:
        try:
            return check(*given, **facts)
        except Refused as refusal:
            wrong.append(refusal)
            return None

    wanted = [] if asked.is_brief else catalogue.particulars(asked.service)
    given = {each.id: fit(particulars.answer, each, asked.answers.get(each.id, "")) for each in wanted}
    values = {
        "channel": fit(_channel, asked, now),
        "name": fit(plain, asked.name, field="name", limit=200, required=True),
        "phone": fit(particulars.phone, asked.phone),
        "email": fit(particulars.email, asked.email),
        "nik": fit(particulars.nik, asked.nik) if asked.service.asks_nik else "",
        "description": fit(plain, asked.description, field="description", limit=particulars.MOST_TEXT),
        "answers": {id: answer for id, answer in given.items() if answer},
        "submission_key": _kept_key(asked.submission_key),
    }
    fit(_check_contact, asked)
    if wrong:
        raise Unfit(wrong)
    return replace(asked, **values)


def check_unchanged(row: ServiceRequest, seen: int | None) -> None:
    """Refused where something happened to a request since the page with this revision was opened."""
    if seen is not None and seen != row.revision:
        raise Refused(Sentence("Permohonan ini berubah sejak halaman ini dibuka. Lihat riwayatnya, lalu kirim sekali lagi bila masih perlu."))


def tell(request: ServiceRequest, letter: str, *, key: str, now: datetime, is_worth_a_call: bool = True, **facts: Any) -> None:
    """Promise the citizen a letter about this request; who gave no address is called, where that is worth a call."""
    if request.email or (request.phone and is_worth_a_call):
        to, told, name = letter_of(request, letter, key=key, **facts)
        outbox.promise(letter, to, told, key=name, now=now)


def letter_of(request: ServiceRequest, letter: str, *, key: str, is_called: bool = False, **facts: Any) -> tuple[Recipient, dict[str, Any], str]:
    """To whom a letter about a request goes, what it tells and its key; some are called although they gave an address."""
    address = "" if is_called and request.phone else request.email
    to = Recipient(request.name, address, request.phone, request.language, office_id=request.office_id)
    told = {"number": request.number, "service": request.service.name, "office": request.office.name, "slug": request.office.slug,
            "zone": request.office.timezone, **facts}  # fmt: skip
    return to, told, f"{letter} {request.number} {key}"


def happened(request: ServiceRequest, what: str, *, by: By = "", now: datetime, text: str = "", is_internal: bool = False, **facts: Any) -> RequestEvent:
    """Write down what happened; the page of whoever looked before is out of date from now on."""
    ServiceRequest.update(revision=ServiceRequest.revision + 1).where(ServiceRequest.id == request.id).execute()
    return RequestEvent.create(request=request, at=now, what=what, by=str(by), by_id=getattr(by, "person_id", None), text=text, facts=facts,
                               is_internal=is_internal)  # fmt: skip


def attach(request: ServiceRequest, stored: tuple[Stored, ...], event: RequestEvent, *, by_id: int = CITIZEN, now: datetime, is_result: bool = False,
           is_internal: bool = False) -> None:  # fmt: skip
    """Hang files on a request and the event that brought them."""
    for each in stored:
        attachment = files.record(each, by_id=by_id, now=now)
        RequestFile.create(request=request, event=event, attachment=attachment, is_result=is_result, is_internal=is_internal)


def token(request: ServiceRequest) -> str:
    """What a mailed link carries, so that its reader need not say the telephone number; it opens this request and no other."""
    return token_of(request.number)


def token_of(number: str) -> str:
    """The same where only the number is at hand."""
    return sealed.fingerprint(f"follow {number}")[:32]


def _kept_key(typed: str | None) -> str | None:
    """A submission key as a row keeps it: without signs that no database takes, which no page of ours has made."""
    return "".join(sign for sign in typed or "" if sign.isprintable())[:_LONGEST_KEY] or None


def _taken_in(asked: Asked, *, by: By, now: datetime) -> ServiceRequest:
    number = numbers.new()
    request = ServiceRequest.create(
        number=number, submission_key=asked.submission_key, service=asked.service, office=asked.office, channel=asked.channel, origin=asked.origin,
        state=RECEIVED, name=asked.name, phone=asked.phone, email=asked.email, language=asked.language, description=asked.description,
        answers=particulars.kept(number, catalogue.particulars(asked.service), asked.answers), filed_by=asked.filed_by, created_at=now,
        working_days=asked.service.working_days, clock_from=None if asked.channel in (COUNTER, DROPBOX) else now,
        **particulars.seal_nik(number, asked.nik))  # fmt: skip
    event = happened(request, SUBMITTED, by=by, now=now, channel=asked.channel, origin=asked.origin)
    attach(request, asked.files, event, by_id=asked.filed_by.id if asked.filed_by else CITIZEN, now=now)
    when = _appointment(request, asked, now)
    deadlines.recount([request.id], now=now)
    audit.record("request_filed", "request", request.id, by=by or "warga", now=now, label=number,
                 after={"service": asked.service.slug, "office": asked.office.slug, "channel": asked.channel, "origin": asked.origin})  # fmt: skip
    tell(
        request, "request_received", key="", now=now, is_worth_a_call=False, channel=asked.channel, origin=asked.origin, slot=when.isoformat() if when else None
    )
    return ServiceRequest.get_by_id(request.id)


def _appointment(request: ServiceRequest, asked: Asked, now: datetime) -> datetime | None:
    """The slot that was chosen, held for this request from now on."""
    if asked.channel != COUNTER or asked.slot is None:
        return None
    held = appointments.book(request, asked.slot, now=now)
    happened(request, BOOKED, now=now, starts_at=held.starts_at.isoformat())
    return held.starts_at


def _channel(asked: Asked, now: datetime) -> str:
    """A channel by which this service can be asked for at this office now, or at its next time."""
    if not catalogue.is_served(asked.service, asked.office, now):
        raise Refused(Sentence("{office} tidak memberi layanan ini. Pilih kantor lain.", office=asked.office.name), field="office")
    if asked.channel not in CHANNELS:
        raise Refused(Sentence("Pilih lewat mana permohonan ini diajukan."), field="channel")
    if asked.filed_by is not None or asked.origin in (PAPER, MAIL):  # who stands there, and what has arrived, asks nobody for a way in
        return asked.channel
    found = situations.ways(asked.service, asked.office, now)
    if asked.channel not in routing.channels_of(found, asked.office.id):
        raise Refused(Sentence("Lewat jalan ini permohonan belum dapat diajukan sekarang. Pilih jalan lain."), field="channel")
    if asked.channel == COUNTER and asked.slot is None:
        raise Refused(Sentence("Pilih hari dan jam kedatangan."), field="slot")
    return asked.channel


def _check_contact(asked: Asked) -> None:
    """One way at least to tell the citizen; only a paper letter, and who stands there, may come without."""
    if not asked.phone.strip() and not asked.email.strip() and asked.origin != PAPER and not asked.is_brief:
        raise Refused(Sentence("Isi nomor telepon atau surel, supaya kami dapat memberi kabar."), field="phone")
