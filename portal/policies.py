"""Dated rules with a scope and a legal basis: what holds here, on that day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from peewee import IntegerField, JSONField, TextField

from portal import audit
from portal.audit import By
from portal.db import Day, Moment, Question, Table, locked, slot, transaction
from portal.refusals import Refused, plain
from portal.words import Sentence

REDUCED_HOURS = "reduced_hours"  # {"hours": "08:00-13:30"}
CLOSURE_MINIMUM = "closure_minimum"  # {"hours": 72, "reasons": ["confirmed_case"]}
CLOSURE_REVIEW = "closure_review"  # {"days": 14}
CLOSURE_REASONS = "closure_reasons"  # {"reasons": ["flood", …]}: those offered to choose from
SECOND_FACTOR = "second_factor"  # {"roles": ["admin", "ppk"]}
WORK_WEEK = "work_week"  # {"minutes": 450, "days": ["Mo", "Tu", …]}
LOG_DEADLINE = "log_deadline"  # {"days": 1}: working days after the day, in which it is submitted on time
VALIDATION_DEADLINE = "validation_deadline"  # {"days": 3}: working days after the submission, then the superior's superior may decide
MONTH_CLOSING = "month_closing"  # {"days": 5}: working days of the next month, then the month is closed
OBJECTION_DEADLINE = "objection_deadline"  # {"days": 5}: working days after a decision, in which one may object
APPOINTMENTS = (
    "appointments"  # {"minutes": 15, "days": 14, "share": 50}: how long a slot is, how far ahead one books, per cent of a day for those who lost theirs
)
CAPACITY_CAP = "capacity_cap"  # {"percent": 25}: of the staff may be in the office at the same time
LETTER_QUARANTINE = "letter_quarantine"  # {"hours": 24}: letters from a drop box lie so long before anybody opens them
REQUEST_RETENTION = "request_retention"  # {"months": 24}: after its end a request keeps its personal data so long
NEWS_RETENTION = "news_retention"  # {"days": 30}: unconfirmed and ended subscriptions, and the letters with news, are kept so long
OF_SERVICES = (APPOINTMENTS, CAPACITY_CAP, LETTER_QUARANTINE, REQUEST_RETENTION)
OF_WORK = (WORK_WEEK, LOG_DEADLINE, VALIDATION_DEADLINE, MONTH_CLOSING, OBJECTION_DEADLINE)

_USUAL_SINCE = date(2020, 1, 1)


class Policy(Table):
    """One rule: what it sets (kind, value), where (an office or a region and all below; neither: everywhere), from when to when, on what basis."""

    kind = TextField(index=True)
    value = JSONField()
    office_id = IntegerField(null=True)
    region_code = TextField(null=True)
    first_day = Day()
    last_day = Day(null=True)
    name = TextField()
    legal_basis = TextField()
    set_at = Moment()
    set_by = TextField()


_OF_KIND = Question(lambda: Policy.select().where(Policy.kind == slot("kind")).order_by(Policy.first_day.desc(), Policy.id.desc()))


def set_policy(kind: str, value: dict[str, Any], *, name: str, legal_basis: str, first_day: date, by: By, now: datetime, last_day: date | None = None,
               office_id: int | None = None, region_code: str | None = None) -> Policy:  # fmt: skip
    """Add a rule; the same one set again is kept once."""
    if last_day is not None and last_day < first_day:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="last_day")
    name, legal_basis = plain(name, field="name", limit=200, required=True), plain(legal_basis, field="legal_basis", limit=500, required=True)
    facts = {"kind": kind, "office_id": office_id, "region_code": region_code, "first_day": first_day, "last_day": last_day, "name": name,
             "legal_basis": legal_basis}  # fmt: skip
    with transaction():
        same = [each for each in Policy.select().where(Policy.kind == kind) if all(getattr(each, fact) == facts[fact] for fact in facts)]
        kept = next((each for each in same if each.value == value), None)
        if kept is not None:
            return kept
        policy = Policy.create(**facts, value=value, set_at=now, set_by=str(by))
        audit.record("policy_set", "policy", policy.id, by=by, now=now, label=name, after={**facts, "value": value})
    return policy


def set_usual(usual: Iterable[tuple[str, dict[str, Any], str, str]], *, by: By, now: datetime) -> None:
    """A new installation begins with the usual rules (kind, value, name, basis), for the administrator to replace; a kind that ever had one is left alone."""
    known = {kind for (kind,) in Policy.select(Policy.kind).distinct().tuples()}
    for kind, value, name, basis in usual:
        if kind not in known:
            set_policy(kind, value, name=name, legal_basis=basis, first_day=_USUAL_SINCE, by=by, now=now)


def end(policy: Policy, last_day: date, *, by: By, now: datetime) -> Policy:
    """Let a rule end with this day; a day before its first takes it back whole. What held before stays on record."""
    with transaction():
        policy = locked(Policy.select().where(Policy.id == policy.id)).get()
        if policy.last_day is not None and policy.last_day <= last_day:
            raise Refused(Sentence("Kebijakan ini sudah berakhir {day}.", day=policy.last_day), field="last_day")
        before, policy.last_day = policy.last_day, last_day
        policy.save(only=[Policy.last_day])
        audit.record("policy_ended", "policy", policy.id, by=by, now=now, label=policy.name, before={"last_day": before}, after={"last_day": last_day})
    return policy


def of_kind(kind: str) -> list[Policy]:
    """All rules of a kind, the latest first."""
    return _OF_KIND.found(Policy, kind=kind)


def holding(rules: Iterable[Policy], *, office_ids: Iterable[int], region_codes: Iterable[str], day: date | None = None) -> list[Policy]:
    """Those of `rules` that hold for an office, the nearest scope first: office_ids and region_codes run from the office upwards."""
    rank: dict[tuple[str, int | str | None], int] = {}
    for office in office_ids:
        rank["office", office] = len(rank)
    for region in region_codes:
        rank["region", region] = len(rank)
    rank["region", None] = len(rank)
    here = [each for each in rules if _place(each) in rank and (day is None or (each.first_day <= day and (each.last_day is None or day <= each.last_day)))]
    return sorted(here, key=lambda each: rank[_place(each)])


def _place(rule: Policy) -> tuple[str, int | str | None]:
    return ("office", rule.office_id) if rule.office_id is not None else ("region", rule.region_code)
