"""Policies over offices: set, replaced and ended so that the board follows at once, and which of them comes before which."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from portal import policies
from portal.audit import By
from portal.db import transaction
from portal.offices import board, hours, tree
from portal.offices.closures import REASONS
from portal.offices.regions import ancestry
from portal.people import roles
from portal.policies import (
    CLOSURE_MINIMUM,
    CLOSURE_REASONS,
    CLOSURE_REVIEW,
    NEWS_RETENTION,
    OF_SERVICES,
    OF_WORK,
    REDUCED_HOURS,
    SECOND_FACTOR,
    WORK_WEEK,
    Policy,
)
from portal.refusals import Refused
from portal.words import Sentence

KINDS = (REDUCED_HOURS, CLOSURE_MINIMUM, CLOSURE_REVIEW, CLOSURE_REASONS, NEWS_RETENTION, SECOND_FACTOR, *OF_WORK, *OF_SERVICES)
SCOPED = frozenset({REDUCED_HOURS, CLOSURE_MINIMUM, *OF_WORK, *OF_SERVICES})  # the others hold everywhere: nothing asks them of one office
USUAL: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (NEWS_RETENTION, {"days": 30}, "Penyimpanan langganan kabar yang berhenti", "UU 27/2022; sesuaikan dengan jadwal retensi arsip setempat"),
)
_MOST = {"hours": 24 * 60, "days": 366, "minutes": 24 * 60, "percent": 100, "share": 100, "months": 1200}


def set_rule(kind: str, value: dict[str, Any], *, by: By, now: datetime, replaces: Policy | None = None, **facts: Any) -> Policy:
    """Add a policy whose value is checked; the one it replaces ends on the day before. The board follows in the same transaction."""
    if kind not in KINDS:
        raise Refused(Sentence("Jenis {kind} tidak dikenal.", kind=kind[:40]), field="kind")
    if kind not in SCOPED and (facts.get("office_id") or facts.get("region_code")):
        raise Refused(Sentence("Kebijakan ini hanya dapat berlaku di mana saja."), field="scope")
    value = checked_value(kind, value)
    with transaction():
        if replaces is not None:
            policies.end(replaces, facts["first_day"] - timedelta(days=1), by=by, now=now)
        policy = policies.set_policy(kind, value, by=by, now=now, **facts)
        board.raise_version()
    return policy


def end(policy: Policy, last_day: date, *, by: By, now: datetime) -> None:
    """Let a policy end with this day, and the board follow."""
    with transaction():
        policies.end(policy, last_day, by=by, now=now)
        board.raise_version()


def checked_value(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """What a policy of this kind may set; refused beside the part that cannot be."""
    if kind == REDUCED_HOURS and not hours.parse_times(value["hours"]):
        raise Refused(Sentence("Bagian ini wajib diisi."), field="hours")
    for part, known in (("reasons", REASONS), ("roles", roles.ROLES)):
        if part in value and (not value[part] or not set(value[part]) <= set(known)):
            raise Refused(Sentence("Pilih paling sedikit satu."), field=part)
    if kind == WORK_WEEK and (not value["days"] or not set(value["days"]) <= set(hours.DAYS)):
        raise Refused(Sentence("Pilih paling sedikit satu."), field="days")
    for part, most in _MOST.items():
        if isinstance(value.get(part), int) and not 1 <= value[part] <= most:
            raise Refused(Sentence("Isi bilangan dari 1 sampai {most}.", most=most), field=part)
    return value


def offered_reasons(day: date) -> dict[str, str]:
    """The causes that may be chosen for a new closure on a day, with their words: all, unless a policy names some."""
    rules = policies.holding(policies.of_kind(CLOSURE_REASONS), office_ids=[], region_codes=[], day=day)
    return {reason: word for reason, word in REASONS.items() if not rules or reason in rules[0].value["reasons"]}


def overridden(rules: Iterable[Policy]) -> dict[int, list[Policy]]:
    """For each policy those that it comes before, where both hold: wider scopes, and of its own scope those that began earlier."""
    held = list(rules)
    known = tree.chains({rule.office_id for rule in held if rule.office_id is not None})
    found: dict[int, list[Policy]] = {}
    for rule in held:
        scopes = _scopes(rule, known)
        found[rule.id] = [other for other in held if _meet(rule, other) and _place(other) in scopes and _comes_before(rule, other)]
    return found


def _meet(one: Policy, other: Policy) -> bool:
    """Whether two policies speak of the same thing on a common day."""
    if one.id == other.id or one.kind != other.kind or _is_void(one) or _is_void(other):
        return False
    if one.kind == CLOSURE_MINIMUM and not set(one.value["reasons"]) & set(other.value["reasons"]):
        return False
    return (other.last_day is None or one.first_day <= other.last_day) and (one.last_day is None or other.first_day <= one.last_day)


def _comes_before(one: Policy, other: Policy) -> bool:
    return _place(one) != _place(other) or (one.first_day, one.id) > (other.first_day, other.id)


def _is_void(rule: Policy) -> bool:
    return rule.last_day is not None and rule.last_day < rule.first_day


def _place(rule: Policy) -> tuple[int | None, str | None]:
    return rule.office_id, None if rule.office_id is not None else rule.region_code


def _scopes(rule: Policy, chains: dict[int, tuple[list[int], list[str]]]) -> set[tuple[int | None, str | None]]:
    """The scope of a policy and all around it."""
    offices, regions = chains.get(rule.office_id, ([rule.office_id], [])) if rule.office_id is not None else ([], ancestry(rule.region_code))
    return {*((office, None) for office in offices), *((None, region) for region in regions), (None, None)}
