"""Who has looked at what of a request: an auditor can ask, so each look leaves its mark."""

from datetime import datetime

from portal import audit
from portal.audit import Actor, AuditEntry
from portal.db import transaction
from portal.services import particulars
from portal.services.models import ServiceRequest

SEEN, NIK_SEEN, ANSWERS_SEEN = "request_seen", "nik_seen", "request_answers_seen"
LISTED, SEARCHED = "requests_listed", "nik_searched"


def looked_at(request: ServiceRequest, *, by: Actor, since: datetime, now: datetime) -> None:
    """Somebody has opened the page of a request: marked once a day and person, the day beginning at `since`."""
    if _is_marked(request, by, since):
        return
    with transaction():
        if not _is_marked(request, by, since):
            audit.record(SEEN, "request", request.id, by=by, now=now, label=request.number)


def nik(request: ServiceRequest, *, by: Actor, now: datetime) -> str:
    """The identity number of a request, for who then stands in the trail as having read it; each time anew."""
    with transaction():
        audit.record(NIK_SEEN, "request", request.id, by=by, now=now, label=request.number)
    return particulars.open_nik(request)


def answers(request: ServiceRequest, *, by: Actor, now: datetime) -> dict[int, str]:
    """All answers of a request, the sealed ones too; marked each time."""
    with transaction():
        audit.record(ANSWERS_SEEN, "request", request.id, by=by, now=now, label=request.number)
    return particulars.read(request)


def plain_answers(request: ServiceRequest) -> dict[int, str]:
    """The answers that everybody may read who may see the request; of sealed ones only that there is one (an empty text)."""
    return {int(id): "" if isinstance(answer, dict) else str(answer) for id, answer in request.answers.items()}


def taken_along(numbers: list[str], *, by: Actor, now: datetime) -> None:
    """A list was printed or saved with the names and telephone numbers of these requests."""
    with transaction():
        audit.record(LISTED, "requests", "", by=by, now=now, after={"count": len(numbers), "numbers": numbers})


def searched(*, by: Actor, now: datetime) -> None:
    """Somebody looked for the requests of an identity number; which one stands nowhere."""
    with transaction():
        audit.record(SEARCHED, "requests", "", by=by, now=now)


def _is_marked(request: ServiceRequest, by: Actor, since: datetime) -> bool:
    mine = (AuditEntry.object_id == str(request.id)) & (AuditEntry.kind == "request") & (AuditEntry.act == SEEN)
    return bool(AuditEntry.select().where(mine, AuditEntry.actor_id == by.person_id, AuditEntry.at >= since).exists())
