"""Activity types: the sorts of work that there are, and how many minutes one unit of each usually takes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal import audit
from portal.audit import By
from portal.db import held, locked, transaction
from portal.kinerja.models import ActivityType
from portal.refusals import Refused, plain
from portal.words import Sentence

MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Sort:
    """What is said about one sort of activity."""

    code: str
    name: str
    unit: str
    minutes: int | None
    needs_evidence: bool = False


def add(sort: Sort, *, by: By, now: datetime) -> ActivityType:
    """A new sort of activity; refused where its code is taken."""
    facts = checked(sort)
    with transaction():
        held(ActivityType)
        if ActivityType.select().where(ActivityType.code == facts["code"]).exists():
            raise Refused(Sentence("Kode {code} sudah dipakai.", code=facts["code"]), field="code")
        made = ActivityType.create(**facts)
        audit.record("activity_type_added", "activity_type", made.id, by=by, now=now, label=made.name, after=facts)
    return made


def change(kind: ActivityType, sort: Sort, *, by: By, now: datetime) -> ActivityType:
    """Other facts for a sort of activity; its code stays, and so do the minutes of what was written already."""
    facts = checked(sort) | {"code": kind.code}
    with transaction():
        kind = locked(ActivityType.select().where(ActivityType.id == kind.id)).get()
        before, after = audit.changes(facts_of(kind), facts)
        if after:
            ActivityType.update(**after).where(ActivityType.id == kind.id).execute()
            audit.record("activity_type_changed", "activity_type", kind.id, by=by, now=now, label=facts["name"], before=before, after=after)
    return ActivityType.get_by_id(kind.id)


def end(kind: ActivityType, *, by: By, now: datetime) -> None:
    """Offer a sort of activity no longer; what was written with it stays as it is."""
    _put(kind, now, "activity_type_ended", by, now)


def restore(kind: ActivityType, *, by: By, now: datetime) -> None:
    """Offer a sort of activity again."""
    _put(kind, None, "activity_type_restored", by, now)


def checked(sort: Sort) -> dict[str, Any]:
    """What a sort of activity says, as it may be kept; refused beside the field."""
    facts = {name: plain(getattr(sort, name), field=name, limit=limit, required=True) for name, limit in (("code", 40), ("name", 200), ("unit", 60))}
    if sort.minutes is None or not 1 <= sort.minutes <= MOST_MINUTES:
        raise Refused(Sentence("Isi bilangan dari 1 sampai {most}.", most=MOST_MINUTES), field="minutes")
    return {**facts, "minutes": sort.minutes, "needs_evidence": sort.needs_evidence}


def facts_of(kind: ActivityType) -> dict[str, Any]:
    """What is on record about a sort of activity."""
    return asdict(Sort(kind.code, kind.name, kind.unit, kind.minutes, kind.needs_evidence))


def _put(kind: ActivityType, ended_at: datetime | None, act: str, by: By, now: datetime) -> None:
    """Ended or in use, noted once however often one presses."""
    with transaction():
        is_other = ActivityType.ended_at.is_null(ended_at is not None)
        if ActivityType.update(ended_at=ended_at).where(ActivityType.id == kind.id, is_other).execute():
            audit.record(act, "activity_type", kind.id, by=by, now=now, label=kind.name)
