"""Wrong superiors: an employee says who the right one is, and an administrator settles it."""

from datetime import date, datetime

from portal import audit
from portal.audit import By
from portal.db import held, locked, transaction
from portal.offices.hierarchy import ONE_DAY
from portal.offices.postings import post, refuse_cycle
from portal.offices.staff import Correction, Posting
from portal.people.models import Person
from portal.refusals import Refused, plain
from portal.words import Sentence


def propose(posting: Posting, proposed: Person, *, reason: str, by: By, now: datetime) -> Correction:
    """The employee says who the superior really is; until it is settled everything goes on as before."""
    with transaction():
        locked(Posting.select().where(Posting.id == posting.id)).get()
        if Correction.select().where(Correction.posting == posting, Correction.settled_at.is_null()).exists():
            raise Refused(Sentence("Usulan Anda yang sebelumnya masih menunggu keputusan."), field="proposed")
        if proposed.id in {posting.supervisor_id, posting.person_id} or not proposed.is_active:
            raise Refused(Sentence("Pilih orang lain sebagai atasan."), field="proposed")
        asked = Correction.create(posting=posting, proposed=proposed, reason=plain(reason, field="reason", limit=500, required=True), asked_at=now)
        audit.record("supervisor_proposed", "person", posting.person_id, by=by, now=now, label=posting.person.name, after={"supervisor": proposed.identifier})
    return asked


def settle(correction: Correction, *, accept: bool, answer: str, day: date, by: By, now: datetime) -> None:
    """Decide about a proposed superior; accepted it holds from this day on, and the posting before stays in the record."""
    with transaction():
        correction = locked(Correction.select().where(Correction.id == correction.id)).get()
        if correction.settled_at is not None:
            raise Refused(Sentence("Usulan ini sudah diputuskan."))
        answer = plain(answer, field="answer", limit=500, required=not accept)
        posting = correction.posting
        before = posting.supervisor.identifier if posting.supervisor else None
        if accept:
            _change_supervisor(posting, correction.proposed, day, by=by, now=now)
        Correction.update(settled_at=now, is_accepted=accept, answer=answer).where(Correction.id == correction.id).execute()
        audit.record("supervisor_settled", "person", posting.person_id, by=by, now=now, label=posting.person.name,
                     before={"supervisor": before}, after={"accepted": accept, "supervisor": correction.proposed.identifier if accept else before})  # fmt: skip


def _change_supervisor(posting: Posting, supervisor: Person, day: date, *, by: By, now: datetime) -> None:
    if posting.last_day is not None and posting.last_day < day:
        raise Refused(Sentence("Penempatan ini sudah berakhir {day}.", day=posting.last_day))
    held(Posting)
    if posting.first_day >= day:
        refuse_cycle(posting.person, supervisor, posting.first_day, posting.last_day)
        Posting.update(supervisor=supervisor).where(Posting.id == posting.id).execute()
        return
    last = posting.last_day
    Posting.update(last_day=day - ONE_DAY).where(Posting.id == posting.id).execute()
    post(posting.person, posting.office, position=posting.position, supervisor=supervisor, first_day=day, last_day=last, is_main=posting.is_main,
         by=by, now=now)  # fmt: skip
