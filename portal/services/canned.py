"""Sentences that officers send often: kept by those who answer for an office, offered to all who serve it or what is below it."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from peewee import JOIN

from portal import audit
from portal.audit import Actor
from portal.db import transaction
from portal.offices import postings
from portal.offices.models import Office
from portal.refusals import NotFound, Refused, plain
from portal.services.models import CannedAnswer, ServiceRequest
from portal.services.particulars import MOST_TEXT
from portal.words import Sentence, later

MESSAGE, ASK, READY, DONE, REFUSE = "message", "ask", "ready", "done", "refuse"
USES = {
    MESSAGE: later("Membalas"),
    ASK: later("Meminta sesuatu"),
    READY: later("Siap diambil"),
    DONE: later("Menyelesaikan"),
    REFUSE: later("Menolak"),
}
PLACES = ("nama", "nomor", "layanan", "kantor")  # in braces; filled when the answer is inserted


def offered(request: ServiceRequest) -> list[CannedAnswer]:
    """What may be inserted at a request: answers of its office, of those above it, and those of everywhere."""
    chain = [request.office_id, *postings.above(request.office)]
    running = CannedAnswer.select().where(CannedAnswer.ended_at.is_null(), CannedAnswer.office.in_(chain) | CannedAnswer.office.is_null())
    return list(running.order_by(CannedAnswer.title, CannedAnswer.id))


def kept(offices: Collection[int] | None) -> list[CannedAnswer]:
    """What those keep who answer for these offices, and what holds everywhere, with the office of each; by title."""
    found = CannedAnswer.select(CannedAnswer, Office).join(Office, JOIN.LEFT_OUTER).where(CannedAnswer.ended_at.is_null())
    if offices is not None:
        found = found.where(CannedAnswer.office.in_(list(offices) or [0]) | CannedAnswer.office.is_null())
    return list(found.order_by(CannedAnswer.title, CannedAnswer.id))


def find(id: int, offices: Collection[int] | None) -> CannedAnswer:
    """One that these offices keep; NotFound for others, also for those of everywhere, which only who answers for all may change."""
    found = CannedAnswer.get_or_none(CannedAnswer.id == id, CannedAnswer.ended_at.is_null()) if id < 2**31 else None
    if found is None or not _is_theirs(found.office_id, offices):
        raise NotFound(Sentence("Jawaban siap pakai ini tidak ada."))
    return found


def add(title: str, text: str, use: str, office: Office | None, *, offices: Collection[int] | None, by: Actor, now: datetime) -> CannedAnswer:
    """Keep a new answer for an office and all below it, or for everywhere; Refused for offices that one does not answer for."""
    facts = _checked(title, text, use)
    _check_place(office, offices)
    with transaction():
        made = CannedAnswer.create(**facts, office=office)
        audit.record("canned_answer_added", "canned_answer", made.id, by=by, now=now, label=made.title, after=_told(made, office))
    return made


def change(answer: CannedAnswer, title: str, text: str, use: str, *, by: Actor, now: datetime) -> None:
    """Say it differently; what was sent stays as it was sent."""
    facts = _checked(title, text, use)
    before = {name: getattr(answer, name) for name in facts}
    was, became = audit.changes(before, facts)
    if became:
        with transaction():
            CannedAnswer.update(**facts).where(CannedAnswer.id == answer.id).execute()
            audit.record("canned_answer_changed", "canned_answer", answer.id, by=by, now=now, label=facts["title"], before=was, after=became)


def end(answer: CannedAnswer, *, by: Actor, now: datetime) -> None:
    """Offer it no more."""
    with transaction():
        if CannedAnswer.update(ended_at=now).where(CannedAnswer.id == answer.id, CannedAnswer.ended_at.is_null()).execute():
            audit.record("canned_answer_ended", "canned_answer", answer.id, by=by, now=now, label=answer.title)


def filled(answer: CannedAnswer, request: ServiceRequest) -> str:
    """The answer with the name, number, service and office of a request in its places; other braces stay as they are."""
    facts = {"nama": request.name, "nomor": request.number, "layanan": request.service.name, "kantor": request.office.name}
    return re.sub(r"\{(nama|nomor|layanan|kantor)\}", lambda found: facts[found[1]], answer.text)


def _checked(title: str, text: str, use: str) -> dict[str, Any]:
    if use not in USES:
        raise Refused(Sentence("Pilih untuk apa jawaban ini dipakai."), field="use")
    return {"title": plain(title, field="title", limit=100, required=True), "text": plain(text, field="text", limit=MOST_TEXT, required=True), "use": use}


def _check_place(office: Office | None, offices: Collection[int] | None) -> None:
    if not _is_theirs(office.id if office else None, offices):
        raise Refused(Sentence("Pilih salah satu kantor Anda."), field="office")


def _is_theirs(office: int | None, offices: Collection[int] | None) -> bool:
    return offices is None or office in offices


def _told(answer: CannedAnswer, office: Office | None) -> dict[str, Any]:
    return {"title": answer.title, "text": answer.text, "use": answer.use, "office": office.slug if office else None}
