"""Closures: declared, extended, shortened, reopened, withdrawn; each act a row of history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal import policies
from portal.clock import midnight
from portal.db import Question, among, locked, transaction
from portal.offices import board, tree
from portal.offices.models import Closure, ClosureEvent, ClosureMark, ClosureService, Diversion, Office
from portal.refusals import Refused, plain
from portal.words import Sentence, later

REASONS = {
    "confirmed_case": later("Ada pegawai terkonfirmasi positif Covid‑19"),  # with a hyphen that does not break the line
    "pandemic": later("Pembatasan selama pandemi"),
    "disinfection": later("Gedung disterilkan"),
    "flood": later("Banjir"),
    "earthquake": later("Gempa bumi"),
    "fire": later("Kebakaran"),
    "unrest": later("Keadaan tidak aman"),
    "power": later("Listrik padam"),
    "network": later("Gangguan jaringan"),
    "works": later("Perbaikan gedung"),
    "mourning": later("Hari berkabung"),
    "election": later("Pemungutan suara"),
    "ceremony": later("Upacara"),
    "order": later("Perintah pejabat yang berwenang"),
    "other": later("Sebab lain"),
}
ANNOUNCED, ACTIVE, ENDED, WITHDRAWN = "announced", "active", "ended", "withdrawn"


class BelowMinimum(Refused):
    """Shorter than a policy allows; who may override it can, with a reason."""


@dataclass(frozen=True)
class Detour:
    """Who serves instead: an office, or a place or contact in words; for a named service or for all; on dated days or throughout."""

    office: Office | None = None
    place: str = ""
    service: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Plan:
    """The facts of a closure before it is declared. Without an end it needs a day of review; channels left None stay as on any day.

    With services (slugs, and their names where known) it takes only these at its offices, and the channels are those of these services."""

    offices: list[Office]
    reason: str
    starts_at: datetime
    ends_at: datetime | None = None
    excepted: list[Office] = field(default_factory=list)
    services: tuple[str, ...] = ()
    service_names: Mapping[str, str] = field(default_factory=dict)
    is_whole_days: bool = True
    review_on: date | None = None
    is_review_presumed: bool = False
    online: bool | None = None
    dropbox: bool | None = None
    detours: list[Detour] = field(default_factory=list)
    note: str = ""
    internal_note: str = ""
    legal_basis: str = ""
    cases_published: int | None = None
    override_reason: str = ""
    import_key: str | None = None


def declare(plan: Plan, *, by: str, now: datetime, may_override: bool = False, is_fact: bool = False) -> Closure:
    """Close offices for a window; refused below the minimum that a policy sets, unless an override is allowed and explained, or it records a past fact."""
    plan = replace(plan, offices=list(dict.fromkeys(plan.offices)), excepted=list(dict.fromkeys(plan.excepted)))
    zone = _zone_of(plan)
    _check(plan, zone)
    with transaction():
        if not is_fact and not plan.services:  # the minimum is for workplaces: where only a service is closed, people go on working
            _check_minimum(plan.offices, plan.reason, plan.starts_at, plan.ends_at, override=plan.override_reason if may_override else "")
        closure = Closure.create(
            reason=plan.reason, starts_at=plan.starts_at, ends_at=plan.ends_at, timezone=zone, is_whole_days=plan.is_whole_days,
            review_on=None if plan.ends_at else plan.review_on, is_review_presumed=plan.is_review_presumed, online=plan.online, dropbox=plan.dropbox,
            note=plain(plan.note, field="note"), internal_note=plain(plan.internal_note, field="internal_note"),
            legal_basis=plain(plan.legal_basis, field="legal_basis", limit=500), cases_published=plan.cases_published,
            override_reason=plain(plan.override_reason, field="override_reason"), declared_at=now, import_key=plan.import_key)  # fmt: skip
        marks = [(office, False) for office in plan.offices] + [(office, True) for office in plan.excepted]
        ClosureMark.insert_many([{"closure": closure, "office": office, "is_excepted": is_excepted} for office, is_excepted in marks]).execute()
        _mark_services(closure, plan)
        for detour in plan.detours:
            Diversion.create(closure=closure, service=plain(detour.service, field="diversion", limit=200), office=detour.office,
                             place=plain(detour.place, field="diversion", limit=500), first_day=detour.first_day, last_day=detour.last_day)  # fmt: skip
        _record(closure, "recorded" if is_fact and plan.starts_at < now else "announced", by=by, now=now, ends_after=plan.ends_at)
    return closure


def extend(closure: Closure, ends_at: datetime | None, *, reason: str, by: str, now: datetime, review_on: date | None = None, override_reason: str = "",
           may_override: bool = False) -> Closure:  # fmt: skip
    """Keep offices closed longer, or without an end until a new review; the first promise stays in the history."""
    with transaction():
        closure = _running(closure, now)
        before, earliest = closure.ends_at, max(now, closure.starts_at)
        if ends_at is None and (review_on is None or midnight(review_on, ZoneInfo(closure.timezone)) <= earliest):
            raise Refused(Sentence("Tanpa tanggal selesai, tanggal peninjauan yang akan datang wajib diisi."), field="review_on")
        if before is None and ends_at is not None and ends_at <= earliest:
            raise Refused(Sentence("Tanggal baru harus sesudah hari ini dan sesudah penutupan dimulai."), field="ends")
        if before is not None and ends_at is not None and ends_at <= before:
            raise Refused(Sentence("Tanggal baru harus sesudah {end}.", end=last_day(closure)), field="ends")
        if before is None:  # an open end that gets a date promises less than before: the minimum holds as for a shorter one
            _check_shorter(closure, ends_at, override=override_reason if may_override else "")
        closure.review_on, closure.override_reason = None if ends_at else review_on, plain(override_reason, field="override_reason") or closure.override_reason
        return _end(closure, ends_at, "extended", reason=reason, by=by, now=now)


def shorten(closure: Closure, ends_at: datetime, *, reason: str, by: str, now: datetime, override_reason: str = "", may_override: bool = False) -> Closure:
    """Give a closure an earlier end that is still to come; the minimum that a policy sets holds here too."""
    with transaction():
        closure = _running(closure, now)
        if closure.ends_at is not None and ends_at >= closure.ends_at:
            raise Refused(Sentence("Tanggal baru harus sebelum {end}.", end=last_day(closure)), field="ends")
        if ends_at <= max(now, closure.starts_at):
            raise Refused(Sentence("Tanggal baru harus sesudah hari ini dan sesudah penutupan dimulai."), field="ends")
        _check_shorter(closure, ends_at, override=override_reason if may_override else "")
        closure.review_on, closure.override_reason = None, plain(override_reason, field="override_reason") or closure.override_reason
        return _end(closure, ends_at, "shortened", reason=reason, by=by, now=now)


def reopen(closure: Closure, *, reason: str, by: str, now: datetime, override_reason: str = "", may_override: bool = False) -> Closure:
    """End a closure that has begun, at this moment; the minimum that a policy sets holds here too."""
    with transaction():
        closure = _running(closure, now)
        if closure.starts_at >= now:
            raise Refused(Sentence("Penutupan ini belum dimulai. Tarik saja pengumumannya."))
        _check_shorter(closure, now, override=override_reason if may_override else "")
        closure.review_on, closure.override_reason = None, plain(override_reason, field="override_reason") or closure.override_reason
        return _end(closure, now, "reopened", reason=reason, by=by, now=now)


def withdraw(closure: Closure, *, reason: str, by: str, now: datetime) -> Closure:
    """Take a closure back as declared in error: it holds at no moment, and its history says so."""
    with transaction():
        closure = _running(closure, now)
        closure.withdrawn_at = now
        closure.save()
        _record(closure, "withdrawn", by=by, now=now, reason=plain(reason, field="reason", required=True), ends_before=closure.ends_at)
    return closure


def status(closure: Closure, now: datetime) -> str:
    """announced, active, ended or withdrawn."""
    if closure.withdrawn_at:
        return WITHDRAWN
    if closure.ends_at and closure.ends_at <= now:
        return ENDED
    return ANNOUNCED if closure.starts_at > now else ACTIVE


def last_day(closure: Closure) -> date | None:
    """The last local day on which it holds; none for an open end."""
    if closure.ends_at is None:
        return None
    return (closure.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(closure.timezone)).date()


def offices_of(closure: Closure) -> list[Office]:
    """The nodes that it takes."""
    return list(Office.select().join(ClosureMark).where(ClosureMark.closure == closure, ~ClosureMark.is_excepted).order_by(Office.name))


def services_of(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Of closures that take only services: these by slug, with the names they had when it was declared. The others are not among them."""
    found: dict[int, dict[str, str]] = {}
    for closure, service, name in _SERVICES.rows(closures=ids):
        found.setdefault(closure, {})[service] = name
    return found


def _services() -> Any:
    rows = ClosureService.select(ClosureService.closure, ClosureService.service, ClosureService.name)
    return rows.where(among(ClosureService.closure, "closures")).order_by(ClosureService.name, ClosureService.id)


_SERVICES = Question(_services)


def of_key(key: str | None) -> Closure | None:
    """The closure that a submission or a line of an import made before; none where it is new."""
    return Closure.get_or_none(Closure.import_key == key) if key else None


def review_day(starts_at: datetime, zone: ZoneInfo) -> date:
    """The day on which a closure without an end is looked at again, where nobody said another: by policy."""
    rules = policies.holding(policies.of_kind(policies.CLOSURE_REVIEW), office_ids=[], region_codes=[], day=starts_at.astimezone(zone).date())
    return starts_at.astimezone(zone).date() + timedelta(days=rules[0].value["days"] if rules else 14)


def minimum_end(offices: list[Office], reason: str, starts_at: datetime) -> tuple[datetime, policies.Policy] | None:
    """The earliest end that policies allow for these offices, with the policy that sets it; none where no policy does."""
    rules = [rule for rule in policies.of_kind(policies.CLOSURE_MINIMUM) if reason in rule.value["reasons"]]
    if not rules:
        return None
    held = []
    chains = tree.chains({office.id for office in offices})
    for office in offices:
        day = starts_at.astimezone(ZoneInfo(office.timezone)).date()
        held += policies.holding(rules, office_ids=chains[office.id][0], region_codes=chains[office.id][1], day=day)[:1]
    longest = max(held, key=lambda rule: rule.value["hours"], default=None)
    return (starts_at + timedelta(hours=longest.value["hours"]), longest) if longest else None


def _check(plan: Plan, zone: str) -> None:
    if plan.reason not in REASONS:
        raise Refused(Sentence("Sebab {reason} tidak dikenal.", reason=plan.reason), field="reason")
    if plan.ends_at is not None and plan.ends_at <= plan.starts_at:
        raise Refused(Sentence("Tanggal selesai harus sesudah tanggal mulai."), field="ends")
    if plan.ends_at is None and (plan.review_on is None or midnight(plan.review_on, ZoneInfo(zone)) <= plan.starts_at):
        raise Refused(Sentence("Tanpa tanggal selesai, tanggal peninjauan sesudah tanggal mulai wajib diisi."), field="review_on")
    instead = [detour.office for detour in plan.detours if detour.office is not None]
    taken, chains = {office.id for office in plan.offices}, tree.chains({office.id for office in (*plan.excepted, *instead)})
    for office in plan.excepted:
        if office.id in taken or not taken & set(chains[office.id][0]):
            raise Refused(Sentence("{office} bukan bagian dari kantor yang ditutup.", office=office.name), field="except")
    marks = {**dict.fromkeys(taken, True), **{office.id: False for office in plan.excepted}}
    for office in instead:
        if next((marks[id] for id in chains[office.id][0] if id in marks), False):
            raise Refused(Sentence("{office} ikut tutup, jadi tidak dapat menggantikan.", office=office.name), field="diversion")


def _zone_of(plan: Plan) -> str:
    """One act has one zone: its days begin at the same moment everywhere."""
    zones = {office.timezone for office in plan.offices}
    if not zones:
        raise Refused(Sentence("Pilih paling sedikit satu kantor."), field="offices")
    if len(zones) > 1:
        raise Refused(Sentence("Kantor-kantor ini berbeda zona waktu. Umumkan penutupannya per zona."), field="offices")
    return zones.pop()


def _check_minimum(offices: list[Office], reason: str, starts_at: datetime, ends_at: datetime | None, *, override: str) -> None:
    minimum = minimum_end(offices, reason, starts_at)
    if minimum is None or ends_at is None or ends_at >= minimum[0] or override.strip():
        return
    earliest, rule = minimum[0].astimezone(ZoneInfo(offices[0].timezone)), minimum[1]
    raise BelowMinimum(Sentence("{rule} menetapkan paling singkat {hours} jam ({basis}). Paling cepat selesai {end}.", rule=rule.name,
                                hours=rule.value["hours"], basis=rule.legal_basis, end=earliest), field="ends")  # fmt: skip


def _check_shorter(closure: Closure, ends_at: datetime | None, *, override: str) -> None:
    """The minimum for a closure that promises less than before; there is none where it takes only services."""
    if not services_of([closure.id]):
        _check_minimum(offices_of(closure), closure.reason, closure.starts_at, ends_at, override=override)


def _mark_services(closure: Closure, plan: Plan) -> None:
    for service in dict.fromkeys(plan.services):
        slug = plain(service, field="services", limit=200, required=True)
        ClosureService.create(closure=closure, service=slug, name=plain(plan.service_names.get(service, ""), field="services", limit=300) or slug)


def _running(closure: Closure, now: datetime) -> Closure:
    """The closure as it is now, held for this act; one that is over takes no more acts."""
    fresh = locked(Closure.select().where(Closure.id == closure.id)).get()
    if status(fresh, now) == WITHDRAWN:
        raise Refused(Sentence("Penutupan ini sudah ditarik."))
    if status(fresh, now) == ENDED:
        raise Refused(Sentence("Penutupan ini sudah berakhir."))
    return fresh


def _end(closure: Closure, ends_at: datetime | None, what: str, *, reason: str, by: str, now: datetime) -> Closure:
    before, closure.ends_at, closure.is_review_presumed = closure.ends_at, ends_at, False
    if ends_at is not None and midnight(ends_at.astimezone(ZoneInfo(closure.timezone)).date(), ZoneInfo(closure.timezone)) != ends_at:
        closure.is_whole_days = False
    closure.save()
    _record(closure, what, by=by, now=now, reason=plain(reason, field="reason", required=True), ends_before=before, ends_after=ends_at)
    return closure


def _record(closure: Closure, what: str, *, by: str, now: datetime, reason: str = "", ends_before: datetime | None = None,
            ends_after: datetime | None = None) -> None:  # fmt: skip
    ClosureEvent.create(closure=closure, at=now, what=what, by=by, reason=reason, ends_before=ends_before, ends_after=ends_after)
    board.raise_version()
