"""What the whole portal does when an office closes, closes longer or reopens, and when superiors change: each story in one transaction, top to bottom."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from peewee import IntegrityError, fn

from portal import audit
from portal.audit import By
from portal.db import transaction
from portal.kinerja import routing
from portal.offices import announcing, board, closures, corrections, overlaps, people_import, postings, published, telling
from portal.offices.closures import BelowMinimum, Plan
from portal.offices.imports import Outcome, Progress
from portal.offices.models import Closure, ClosureEvent, Office
from portal.offices.staff import Correction, Posting
from portal.offices.state import Window
from portal.offices.telling import Told
from portal.people import accounts
from portal.people.models import Person
from portal.refusals import Refused
from portal.services import carrying, moving, reach
from portal.services.carrying import Effect
from portal.services.reach import Reach
from portal.sheets import Line
from portal.words import Sentence


def close(plan: Plan, *, by: By, now: datetime, may_override: bool = False) -> Closure:
    """Close offices, with all that follows from it; the same submission twice is one closure."""
    try:
        with transaction():
            return _same(plan) or _closed(plan, by, now, may_override)
    except IntegrityError:  # the same form was sent twice at the same moment, and the other one was faster
        if (faster := _same(plan)) is None:
            raise
        return faster


def _same(plan: Plan) -> Closure | None:
    """The closure that this very form has made already; another one under its key is no repetition but a mistake that must be seen."""
    made = closures.of_key(plan.import_key)
    if made is None:
        return None
    ends_at = ClosureEvent.select(ClosureEvent.ends_after).where(ClosureEvent.closure == made.id).order_by(ClosureEvent.id).get().ends_after  # as declared
    before = (made.reason, made.starts_at, ends_at, {office.id for office in closures.offices_of(made)}, set(_services(made)))
    if before != (plan.reason, plan.starts_at, plan.ends_at, {office.id for office in plan.offices}, set(plan.services)):
        raise Refused(Sentence("Formulir ini sudah dipakai untuk penutupan {number}. Buka formulir baru untuk penutupan lain.", number=str(made.id)))
    return made


@dataclass(frozen=True)
class Preview:
    """What would follow from a plan: what the public would read, the rule it breaks, who is touched and how, and what others have declared there."""

    told: list[Told]
    broken: Refused | None
    effects: list[Effect]
    others: list[Closure]
    subscribers: int


def preview(plan: Plan, *, now: datetime, rows: list[dict[str, object]]) -> Preview:
    """What would follow from a plan, the public's words for these offices (rows as dicts) among it; nothing is kept."""
    broken = None
    with transaction() as trial:
        plan = replace(plan, import_key=None)
        marks = {**{office.id: True for office in plan.offices}, **{office.id: False for office in plan.excepted}}
        try:
            closure = closures.declare(plan, by="preview", now=now)
        except BelowMinimum as refusal:
            broken = refusal
            closure = closures.declare(plan, by="preview", now=now, is_fact=True)
        at = now if plan.starts_at <= now and (plan.ends_at is None or now < plan.ends_at) else plan.starts_at
        picture = board.paint({row["root_id"] for row in rows}, at, at)  # type: ignore[misc]
        teller = telling.Telling.of(picture, at, [row["id"] for row in rows])  # type: ignore[misc]
        told = [teller.tell(row) for row in rows]
        effects = [effect for effect in carrying.planned(Reach.of(closure, _last(closure), None, now=now)) if effect.facts]
        trial.rollback()
    return Preview(told, broken, effects, overlaps.overlapping(plan), announcing.audience(marks))


def extend(closure: Closure, ends_at: datetime | None, *, reason: str, by: By, now: datetime, review_on: date | None = None, override_reason: str = "",
           may_override: bool = False) -> Closure:  # fmt: skip
    """Keep offices closed longer."""
    with transaction():
        before = _before(closure)
        longer = closures.extend(closure, ends_at, reason=reason, by=str(by), now=now, review_on=review_on, override_reason=override_reason,
                                 may_override=may_override)  # fmt: skip
        return _recorded("closure_extended", longer, before, by, now)


def shorten(closure: Closure, ends_at: datetime, *, reason: str, by: By, now: datetime, override_reason: str = "", may_override: bool = False) -> Closure:
    """Give a closure an earlier end."""
    with transaction():
        before = _before(closure)
        shorter = closures.shorten(closure, ends_at, reason=reason, by=str(by), now=now, override_reason=override_reason, may_override=may_override)
        return _recorded("closure_shortened", shorter, before, by, now)


def reopen(closure: Closure, *, reason: str, by: By, now: datetime, override_reason: str = "", may_override: bool = False) -> Closure:
    """Open offices again at this moment."""
    with transaction():
        before = _before(closure)
        reopened = closures.reopen(closure, reason=reason, by=str(by), now=now, override_reason=override_reason, may_override=may_override)
        return _recorded("closure_reopened", reopened, before, by, now)


def withdraw(closure: Closure, *, reason: str, by: By, now: datetime) -> Closure:
    """Take a closure back as declared in error."""
    with transaction():
        before = _before(closure)
        return _recorded("closure_withdrawn", closures.withdraw(closure, reason=reason, by=str(by), now=now), before, by, now)


def settle_supervisor(correction: Correction, *, accept: bool, answer: str, day: date, by: By, now: datetime) -> None:
    """Decide about a proposed superior; once it is accepted, the days that wait go to the new one, with the whole time to decide."""
    with transaction():
        corrections.settle(correction, accept=accept, answer=answer, day=day, by=by, now=now)
        if accept:
            _reroute(correction.posting.person, now)


def post(person: Person, office: Office, *, by: By, now: datetime, **facts: Any) -> Posting:
    """A person works at an office from a day on; days that wait go to those who vouch for them by then."""
    with transaction():
        posting = postings.post(person, office, by=by, now=now, **facts)
        _reroute(person, now)
    return posting


def end_posting(posting: Posting, last_day: date, *, by: By, now: datetime) -> None:
    """Somebody works at an office until this day; days that wait stay with those who vouch for them by then."""
    with transaction():
        postings.end_posting(posting, last_day, by=by, now=now)
        _reroute(posting.person, now)


def end_account(person: Person, *, by: By, now: datetime) -> None:
    """Close an account; about days that wait for its person the superior's superior may decide at once."""
    with transaction():
        accounts.end(person, by=by, now=now)
        _reroute(person, now)


def take_people(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """People with their postings and superiors from a file; days that wait go to those who vouch for them by then."""
    with transaction():
        outcome = people_import.take_people(lines, by=by, now=now, progress=progress)
        routing.reroute_all(now=now.astimezone(UTC))
    return outcome


def take_closures(lines: list[Line], *, by: By, now: datetime, **facts: Any) -> Outcome:
    """Closures from a file, taken as facts; whoever is touched by one that holds or is to come goes with it as if it had been declared here."""
    with transaction():
        last = ClosureEvent.select(fn.MAX(ClosureEvent.id)).scalar() or 0
        outcome = published.take_closures(lines, by=by, now=now, **facts)
        fresh = ClosureEvent.select(ClosureEvent, Closure).join(Closure).where(ClosureEvent.id > last).order_by(ClosureEvent.id)
        events = [event for event in fresh if _reaches_on(event, now)]
        reach.hold([office for event in events for office in closures.offices_of(event.closure)])  # all in the one order in which everybody takes them
        for event in events:
            reach.hold(closures.offices_of(event.closure), closure=event.closure)
            is_new, window = event.what in ("announced", "recorded"), board.window_of(event.closure)
            _carry(event.closure, None if is_new or window is None else replace(window, ends_at=event.ends_before), by, now)
    return outcome


def _reaches_on(event: ClosureEvent, now: datetime) -> bool:
    """Whether the closure of an act holds or is to come, or would have without the act."""
    ends_at = event.closure.ends_at
    return ends_at is None or ends_at > now or (event.ends_before is not None and event.ends_before > now)


def _reroute(person: Person, now: datetime) -> None:
    """Days of this person, and those that wait for this person: their superior's superior may be another."""
    routing.reroute({person.id, *routing.waiting_for(person)}, now=now)


def _closed(plan: Plan, by: By, now: datetime, may_override: bool) -> Closure:
    reach.hold(plan.offices, [detour.office for detour in plan.detours if detour.office is not None])
    closure = closures.declare(plan, by=str(by), now=now, may_override=may_override)
    offices = ", ".join(office.slug for office in plan.offices)
    audit.record("closure_declared", "closure", closure.id, by=by, now=now, label=offices, after=_facts(closure))
    _carry(closure, None, by, now)
    return closure


_Before = tuple[dict[str, object], Window | None]


def _before(closure: Closure) -> _Before:
    """A closure as it stands, and everything that it touches kept from others."""
    reach.hold(closures.offices_of(closure), closure=closure)
    return _facts(Closure.get_by_id(closure.id)), board.window_of(closure)


def _recorded(act: str, closure: Closure, before: _Before, by: By, now: datetime) -> Closure:
    facts, window = before
    was, became = audit.changes(facts, _facts(closure))
    audit.record(act, "closure", closure.id, by=by, now=now, before=was, after=became)
    _carry(closure, window, by, now)
    return closure


def _carry(closure: Closure, was: Window | None, by: By, now: datetime) -> None:
    """Everybody whom the act touches goes with it; `was` is the closure's window before."""
    found = Reach.of(closure, _last(closure), was, now=now)
    moving.carry_out(found, carrying.planned(found), by=by)


def _last(closure: Closure) -> ClosureEvent:
    """The act that was done to a closure just now."""
    return ClosureEvent.select().where(ClosureEvent.closure == closure.id).order_by(ClosureEvent.id.desc()).get()


def _facts(closure: Closure) -> dict[str, object]:
    names = ("reason", "starts_at", "ends_at", "review_on", "online", "dropbox", "note", "internal_note", "legal_basis", "override_reason", "withdrawn_at")
    facts = {name: value.isoformat() if hasattr(value := getattr(closure, name), "isoformat") else value for name in names}
    return {**facts, "services": _services(closure)}


def _services(closure: Closure) -> list[str]:
    return sorted(closures.services_of([closure.id]).get(closure.id, ()))
