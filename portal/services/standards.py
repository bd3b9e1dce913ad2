"""The standard of service that the catalogue keeps of each service: it comes into being, is changed, and ends."""

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from portal import audit
from portal.audit import By
from portal.db import held, transaction
from portal.offices import board, places
from portal.offices.models import Office
from portal.refusals import Refused, plain
from portal.services import particulars
from portal.services.models import CHANNELS, COUNTER, Particular, Requirement, Service, ServiceOffice
from portal.words import Sentence

ORIGINAL, COPY, EITHER, NONE = "original", "copy", "either", "none"
FORMS = (ORIGINAL, COPY, EITHER, NONE)
TEXT, LONG_TEXT, DATE, NUMBER, CHOICE = "text", "long_text", "date", "number", "choice"
QUESTION_KINDS = (TEXT, LONG_TEXT, DATE, NUMBER, CHOICE)
MOST_DAYS = 250  # about a year of working days
_TEXTS = {"name": 200, "summary": 300, "product": 300, "procedure": 5000, "cost": 500, "legal_basis": 2000, "complaints": 1000, "why_not_remote": 1000}
_MOST_LINES, _LONGEST = 60, 300


@dataclass(frozen=True)
class Need:
    """One thing to bring or to attach, and whether as an original, a copy, either of them, or as something to know."""

    text: str
    form: str = NONE


@dataclass(frozen=True)
class Ask:
    """One more thing that the form of a service asks."""

    label: str
    kind: str = TEXT
    hint: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = False
    is_sensitive: bool = False


@dataclass(frozen=True)
class Standard:
    """What the catalogue says about a service (UU 25/2009, article 21); offices by slug."""

    name: str
    summary: str = ""
    product: str = ""
    needs: tuple[Need, ...] = ()
    procedure: str = ""
    working_days: int | None = None
    cost: str = ""
    legal_basis: str = ""
    complaints: str = ""
    kinds: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    channels: tuple[str, ...] = CHANNELS
    why_not_remote: str = ""
    asks_nik: bool = False
    asks: tuple[Ask, ...] = ()


def add(standard: Standard, *, slug: str = "", by: By, now: datetime) -> Service:
    """A new service in the catalogue; refused where its address is taken."""
    fit = checked(standard)
    with transaction():
        held(Service)
        service = Service.create(slug=_free(slug, fit.name), **_row(fit))
        _write(service, fit, now)
        audit.record("service_added", "service", service.id, by=by, now=now, label=service.name, after={"slug": service.slug, **asdict(fit)})
        board.raise_version()
    return service


def change(service: Service, standard: Standard, *, by: By, now: datetime) -> bool:
    """Another standard for a service, whose address stays; whether anything differs. What was asked before is worked on by what it was asked with."""
    fit = checked(standard)
    with transaction():
        held(Service)
        service = Service.get_by_id(service.id)  # as it stands now, not as it was when the page was opened
        before, after = audit.changes(asdict(of([service])[service.id]), asdict(fit))
        if after:
            Service.update(**_row(fit)).where(Service.id == service.id).execute()
            _write(service, fit, now)
            audit.record("service_changed", "service", service.id, by=by, now=now, label=fit.name, before=before, after=after)
            board.raise_version()
    return bool(after)


def end(service: Service, *, by: By, now: datetime) -> None:
    """The service is given no more; what was asked for already goes on."""
    _put(service, now, "service_ended", by, now)


def restore(service: Service, *, by: By, now: datetime) -> None:
    """The service is given again."""
    _put(service, None, "service_restored", by, now)


def of(services: Collection[Service]) -> dict[int, Standard]:
    """The standards of services; three questions however many services."""
    ids = [each.id for each in services] or [0]
    needs, asks, given = _needs(ids), _asks(ids), _given(ids)
    found = {}
    for each in services:
        texts = {name: getattr(each, name) for name in _TEXTS}
        marks = given.get(each.id, [])
        found[each.id] = Standard(
            **texts, working_days=each.working_days, kinds=tuple(each.kinds), channels=tuple(each.channels), asks_nik=each.asks_nik,
            needs=tuple(needs.get(each.id, ())), asks=tuple(asks.get(each.id, ())), offices=tuple(slug for slug, is_given in marks if is_given),
            excepted=tuple(slug for slug, is_given in marks if not is_given))  # fmt: skip
    return found


def checked(standard: Standard) -> Standard:
    """The same as it may be kept; Refused beside the field that cannot be."""
    texts: dict[str, Any] = {name: plain(getattr(standard, name), field=name, limit=limit, required=name == "name") for name, limit in _TEXTS.items()}
    if standard.working_days is not None and not 1 <= standard.working_days <= MOST_DAYS:
        raise Refused(Sentence("Isi bilangan dari 1 sampai {most}, atau kosongkan.", most=MOST_DAYS), field="working_days")
    channels = tuple(channel for channel in CHANNELS if channel in standard.channels)
    if not channels or set(standard.channels) - set(CHANNELS):
        raise Refused(Sentence("Pilih paling sedikit satu jalan untuk mengajukan."), field="channels")
    if channels == (COUNTER,) and not texts["why_not_remote"]:
        raise Refused(Sentence("Tulis mengapa layanan ini hanya dapat di loket. Warga membacanya."), field="why_not_remote")
    both = sorted(set(standard.offices) & set(standard.excepted))
    if both:
        raise Refused(Sentence("{office} disebut memberi dan tidak memberi layanan ini.", office=both[0]), field="offices")
    return replace(
        standard, **texts, channels=channels, kinds=_lines(standard.kinds, "kinds"), needs=tuple(_need(each) for each in _few(standard.needs, "needs")),
        asks=_distinct(tuple(_ask(each) for each in _few(standard.asks, "asks"))), offices=tuple(sorted(set(standard.offices))),
        excepted=tuple(sorted(set(standard.excepted))))  # fmt: skip


def unknown(slugs: Iterable[str]) -> list[str]:
    """Those of these slugs that no office has."""
    wanted = list(dict.fromkeys(slugs))
    known = {slug for (slug,) in Office.select(Office.slug).where(Office.slug.in_(wanted or [""])).tuples()}
    return [slug for slug in wanted if slug not in known]


def checked_slug(slug: str) -> str:
    """A slug as it may stand in an address."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 120:
        raise Refused(Sentence("Alamat halaman hanya berisi huruf kecil, angka dan tanda hubung. Contoh: surat-keterangan-domisili."), field="slug")
    return slug


def _free(slug: str, name: str) -> str:
    wanted = checked_slug(slug.strip() or places.slug_of(name))
    if Service.select().where(Service.slug == wanted).exists():
        raise Refused(Sentence("Alamat {slug} sudah dipakai layanan lain.", slug=wanted), field="slug" if slug.strip() else "name")
    return wanted


def _need(need: Need) -> Need:
    if need.form not in FORMS:
        raise Refused(Sentence("Pilih asli, salinan atau salah satunya."), field="needs")
    return Need(plain(need.text, field="needs", limit=_LONGEST, required=True), need.form)


def _ask(ask: Ask) -> Ask:
    if ask.kind not in QUESTION_KINDS:
        raise Refused(Sentence("Pilih bentuk jawabannya."), field="asks")
    options = _lines(ask.options, "asks") if ask.kind == CHOICE else ()
    if ask.kind == CHOICE and len(options) < 2:
        raise Refused(Sentence("Tulis paling sedikit dua pilihan untuk {label}.", label=ask.label), field="asks")
    if any("|" in text for text in (ask.label, ask.hint, *ask.options)):  # it parts them in the catalogue's CSV
        raise Refused(Sentence("Tanda | tidak dapat dipakai dalam pertanyaan."), field="asks")
    label, hint = plain(ask.label, field="asks", limit=_LONGEST, required=True), plain(ask.hint, field="asks", limit=_LONGEST)
    return replace(ask, label=label, hint=hint, options=options)


def _distinct(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Questions by their words: two alike could not be told from each other."""
    labels = [ask.label.casefold() for ask in asks]
    for label, ask in zip(labels, asks, strict=True):
        if labels.count(label) > 1:
            raise Refused(Sentence("Pertanyaan {label} ada dua kali.", label=ask.label), field="asks")
    return asks


def _lines(texts: Iterable[str], field: str) -> tuple[str, ...]:
    """Short texts without repetition, in their order."""
    return tuple(dict.fromkeys(plain(text, field=field, limit=100, required=True) for text in _few(tuple(texts), field)))


def _few(many: tuple[Any, ...], field: str) -> tuple[Any, ...]:
    if len(many) > _MOST_LINES:
        raise Refused(Sentence("Terlalu banyak: paling banyak {most} baris.", most=_MOST_LINES), field=field)
    return many


def _row(standard: Standard) -> dict[str, Any]:
    """The columns of a service."""
    texts = {name: getattr(standard, name) for name in _TEXTS}
    return {**texts, "working_days": standard.working_days, "kinds": list(standard.kinds), "channels": list(standard.channels), "asks_nik": standard.asks_nik}


def _write(service: Service, standard: Standard, now: datetime) -> None:
    """The rows that hang on a service, as the standard says."""
    Requirement.delete().where(Requirement.service == service.id).execute()
    for place, need in enumerate(standard.needs):
        Requirement.create(service=service, place=place, text=need.text, form=need.form)
    _write_offices(service, standard)
    _write_asks(service, standard, now)


def _write_offices(service: Service, standard: Standard) -> None:
    slugs = dict.fromkeys(standard.offices, True) | dict.fromkeys(standard.excepted, False)
    rows = dict(Office.select(Office.slug, Office.id).where(Office.slug.in_(list(slugs) or [""])).tuples())
    for slug in slugs:
        if slug not in rows:
            raise Refused(Sentence("Kantor {slug} tidak dikenal.", slug=slug[:60]), field="offices" if slugs[slug] else "excepted")
    ServiceOffice.delete().where(ServiceOffice.service == service.id).execute()
    for slug, is_given in slugs.items():
        ServiceOffice.create(service=service, office=rows[slug], is_given=is_given)


def _write_asks(service: Service, standard: Standard, now: datetime) -> None:
    """Questions keep their row while words and kind stay; others end with the answers that they got, and new ones begin."""
    known = {(row.label, row.kind): row for row in Particular.select().where(Particular.service == service.id, Particular.ended_at.is_null())}
    for place, ask in enumerate(standard.asks):
        row = known.pop((ask.label, ask.kind), None) or Particular(service=service, label=ask.label, kind=ask.kind)
        if ask.is_sensitive and row.id is not None and not row.is_sensitive:
            particulars.seal_given(row)
        row.place, row.hint, row.options = place, ask.hint, list(ask.options)
        row.is_required, row.is_sensitive = ask.is_required, ask.is_sensitive
        row.save()
    Particular.update(ended_at=now).where(Particular.id.in_([row.id for row in known.values()] or [0])).execute()


def _put(service: Service, ended_at: datetime | None, act: str, by: By, now: datetime) -> None:
    """Ended or given, noted once however often one presses."""
    with transaction():
        is_other = Service.ended_at.is_null(ended_at is not None)
        if Service.update(ended_at=ended_at).where(Service.id == service.id, is_other).execute():
            audit.record(act, "service", service.id, by=by, now=now, label=service.name)
            board.raise_version()


def _needs(ids: list[int]) -> dict[int, list[Need]]:
    found: dict[int, list[Need]] = {}
    rows = Requirement.select(Requirement.service, Requirement.text, Requirement.form).where(Requirement.service.in_(ids))
    for service, text, form in rows.order_by(Requirement.place, Requirement.id).tuples():
        found.setdefault(service, []).append(Need(text, form))
    return found


def _asks(ids: list[int]) -> dict[int, list[Ask]]:
    found: dict[int, list[Ask]] = {}
    for row in Particular.select().where(Particular.service.in_(ids), Particular.ended_at.is_null()).order_by(Particular.place, Particular.id):
        ask = Ask(row.label, row.kind, row.hint, tuple(row.options), row.is_required, row.is_sensitive)
        found.setdefault(row.service_id, []).append(ask)
    return found


def _given(ids: list[int]) -> dict[int, list[tuple[str, bool]]]:
    """By service the offices that are named, by slug: whether each gives it."""
    found: dict[int, list[tuple[str, bool]]] = {}
    rows = ServiceOffice.select(ServiceOffice.service, Office.slug, ServiceOffice.is_given).join(Office).where(ServiceOffice.service.in_(ids))
    for service, slug, is_given in rows.order_by(Office.slug).tuples():
        found.setdefault(service, []).append((slug, is_given))
    return found
