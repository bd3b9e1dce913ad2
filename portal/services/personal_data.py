"""The personal data of requests: kept as long as a policy says, given to the citizen or taken away when asked; each act leaves a trace (UU 27/2022)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from peewee import chunked

from portal import audit, policies
from portal.audit import By
from portal.db import locked, transaction
from portal.files import Attachment
from portal.offices.tree import chains
from portal.outbox import FAILED, TO_CALL, WAITS, Letter
from portal.policies import REQUEST_RETENTION
from portal.refusals import Refused, plain
from portal.services import offers, particulars, requests
from portal.services.models import CLOSED, Appointment, BoxItem, InboundLetter, Particular, RequestEvent, RequestFile, ServiceRequest
from portal.words import Sentence

DATA_ASKED, REDACTED, HANDED_OUT = "data_asked", "redacted", "handed_out"
KINDS = COPY, ERASURE = "copy", "erasure"
GONE = "—"  # what stands where a name stood
_AT_ONCE, _OFFICES_AT_ONCE, _LETTERS_AT_ONCE = 200, 500, 500  # in one transaction or question
_A_ROUND = 1000  # requests; the worker comes again


def handed_out(request: ServiceRequest, *, by: By, now: datetime) -> dict[str, Any]:
    """All that is kept about a citizen in a request, for the citizen alone: an officer hands it out, and the trail says who did."""
    with transaction():
        row = requests.find(request.number)
        events = RequestEvent.select().where(RequestEvent.request == row.id, ~RequestEvent.is_internal).order_by(RequestEvent.id)
        files = RequestFile.select(RequestFile, Attachment).join(Attachment).where(RequestFile.request == row.id, ~RequestFile.is_internal)
        held, labels = Appointment.select().where(Appointment.request == row.id), dict(_labels(row))
        requests.happened(row, HANDED_OUT, by=by, now=now, is_internal=True)
        audit.record("request_data_handed_out", "request", row.id, by=by, now=now, label=row.number)
        return {
            "number": row.number, "service": row.service.name, "office": row.office.name, "channel": row.channel, "state": row.state,
            "created_at": row.created_at.isoformat(), "name": row.name, "phone": row.phone, "email": row.email, "nik": particulars.open_nik(row),
            "description": row.description, "answers": {labels.get(id, str(id)): text for id, text in particulars.read(row).items()},
            "history": [{"at": each.at.isoformat(), "what": each.what, "text": each.text} for each in events],
            "appointments": [{"starts_at": each.starts_at.isoformat(), "state": each.state} for each in held.order_by(Appointment.id)],
            "files": [{"name": each.attachment.name, "size": each.attachment.size, "is_result": each.is_result} for each in files.order_by(RequestFile.id)],
        }  # fmt: skip


def wish(request: ServiceRequest, kind: str, *, now: datetime) -> ServiceRequest:
    """The citizen asks for a copy of their data, or that it goes; an officer sees it as news. What was asked and waits is not asked twice."""
    with transaction():
        row = requests.held(request)
        if kind not in KINDS:
            raise Refused(Sentence("Pilih salah satu."), field="kind")
        if row.redacted_at is not None:
            raise Refused(Sentence("Data pribadi permohonan ini sudah dihapus."), field="kind")
        if kind not in wishes(row):
            ServiceRequest.update(news_at=now).where(ServiceRequest.id == row.id).execute()
            requests.happened(row, DATA_ASKED, now=now, kind=kind)
    return ServiceRequest.get_by_id(row.id)


def wishes(request: ServiceRequest) -> set[str]:
    """What the citizen asked for about their data and has not been given yet."""
    found: set[str] = set()
    its = (RequestEvent.request == request.id, RequestEvent.what.in_((DATA_ASKED, HANDED_OUT, REDACTED)))
    for what, facts in RequestEvent.select(RequestEvent.what, RequestEvent.facts).where(*its).order_by(RequestEvent.id).tuples():
        found = found | {facts["kind"]} if what == DATA_ASKED else found - {COPY} if what == HANDED_OUT else set()
    return found


def erase(request: ServiceRequest, reason: str, *, by: By, now: datetime) -> None:
    """Take the personal data of a closed request away, as its citizen asked; number, dates, office and service stay, for the figures and the archive."""
    with transaction():
        row, reason = requests.held(request), plain(reason, field="reason", limit=500, required=True)
        if row.state not in CLOSED:
            raise Refused(Sentence("Permohonan ini masih berjalan. Selesaikan atau batalkan dulu."), field="reason")
        if row.redacted_at is not None:
            raise Refused(Sentence("Data pribadi permohonan ini sudah dihapus."), field="reason")
        _redact([row.id], now=now)
        requests.happened(row, REDACTED, by=by, now=now, is_internal=True)
        audit.record("request_erased", "request", row.id, by=by, now=now, label=row.number, after={"reason": reason})


def retain(*, now: datetime) -> int:
    """Take away personal data that the policy keeps no longer, a thousand requests a time; how many lost theirs. Without a policy all is kept."""
    rules = policies.of_kind(REQUEST_RETENTION)
    due = list(islice(_outlived(rules, now), _A_ROUND)) if rules else []
    for some in chunked(due, _AT_ONCE):
        with transaction():
            numbers = _redact(some, now=now)
            audit.record_all("request_retention_ended", "request", ((id, number, None, None) for id, number in numbers), by="retention", now=now)
    if rules:
        _forget_senders(rules, now)
    return len(due)


def months_before(now: datetime, months: int) -> datetime:
    """The same moment so many months earlier, at the latest the last of that month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _months(offices: Iterable[int], rules: list[policies.Policy], day: date) -> dict[int, int | None]:
    """How many months each office keeps personal data."""
    found: dict[int, int | None] = {}
    for office, (nodes, regions) in chains(set(offices)).items():
        held = policies.holding(rules, office_ids=nodes, region_codes=regions, day=day)
        found[office] = held[0].value["months"] if held else None
    return found


def _outlived(rules: list[policies.Policy], now: datetime) -> Iterator[int]:
    """Closed requests whose office keeps personal data no longer."""
    closed = (ServiceRequest.state.in_(CLOSED), ServiceRequest.redacted_at.is_null())
    shortest = months_before(now, min(rule.value["months"] for rule in rules))
    offices = [id for (id,) in ServiceRequest.select(ServiceRequest.office).where(*closed, ServiceRequest.closed_at < shortest).distinct().tuples()]
    alike: dict[int, list[int]] = defaultdict(list)
    for office, months in _months(offices, rules, now.date()).items():
        if months is not None:
            alike[months].append(office)
    for months, its in alike.items():
        for some in chunked(its, _OFFICES_AT_ONCE):
            before = (ServiceRequest.office.in_(some), ServiceRequest.closed_at < months_before(now, months))
            found = ServiceRequest.select(ServiceRequest.id).where(*closed, *before).order_by(ServiceRequest.closed_at).limit(_A_ROUND)
            yield from (id for (id,) in found.tuples())


def _redact(ids: list[int], *, now: datetime) -> list[tuple[int, str]]:
    """What names or describes somebody goes: in the request, in what was written, in its files, in its letters. Of which requests, with their numbers."""
    held = locked(ServiceRequest.select(ServiceRequest.id, ServiceRequest.number).where(ServiceRequest.id.in_(ids), ServiceRequest.redacted_at.is_null()))
    found = list(held.tuples())
    ids, numbers = [id for id, _ in found], {number for _, number in found}
    empty: dict[str, Any] = {"name": GONE, "phone": "", "email": "", "nik": None, "nik_mark": None, "description": "", "answers": {}, "pickup_place": "",
                             "news_at": None, "redacted_at": now}  # fmt: skip
    ServiceRequest.update(**empty).where(ServiceRequest.id.in_(ids)).execute()
    RequestEvent.update(text="").where(RequestEvent.request.in_(ids)).execute()
    BoxItem.update(note="").where(BoxItem.request.in_(ids)).execute()
    InboundLetter.update(sender="", subject="", detail="").where(InboundLetter.request.in_(ids)).execute()
    files = [id for (id,) in RequestFile.select(RequestFile.attachment).where(RequestFile.request.in_(ids)).tuples()]
    RequestFile.delete().where(RequestFile.request.in_(ids)).execute()
    Attachment.delete().where(Attachment.id.in_(files or [0])).execute()  # the sweep takes their content from the disk
    _redact_letters(numbers)
    return found


def _forget_senders(rules: list[policies.Policy], now: datetime) -> None:
    """Of letters by e-mail that became no request stays that they came: they are nobody's case, so the shortest of the policies holds."""
    before = months_before(now, min(rule.value["months"] for rule in rules))
    old = (InboundLetter.request.is_null(), InboundLetter.received_at < before, (InboundLetter.sender != "") | (InboundLetter.subject != ""))
    InboundLetter.update(sender="", subject="").where(*old).execute()


def _redact_letters(numbers: set[str]) -> None:
    """Of letters that went out stays that they did; one that has not reached anybody yet has nobody to reach any more."""
    ours = Letter.name.startswith("request_") | (Letter.name == offers.LETTER)
    keys = Letter.select(Letter.id, Letter.key).where(ours).tuples().iterator()
    ids = [id for id, key in keys if numbers & set(key.split(" ")[1:2])]  # by key: the name of the letter, the number, and what else
    for some in chunked(ids, _LETTERS_AT_ONCE):
        Letter.delete().where(Letter.id.in_(some), Letter.state.in_((WAITS, TO_CALL, FAILED))).execute()
        nothing: dict[str, Any] = {"recipient": GONE, "email": "", "phone": "", "facts": {}, "problem": "", "detail": "", "note": ""}
        Letter.update(**nothing).where(Letter.id.in_(some)).execute()


def _labels(row: ServiceRequest) -> Iterable[tuple[int, str]]:
    return Particular.select(Particular.id, Particular.label).where(Particular.service == row.service_id).tuples()
