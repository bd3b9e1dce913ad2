"""Where a closure sends those who come: one place for all services, and others for single ones."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from portal.offices.closures import Detour
from portal.offices.models import Office
from portal.offices.nearby import distance_km
from portal.refusals import Refused, plain
from portal.services import catalogue
from portal.services.models import Service
from portal.views.forms import Form
from portal.words import Sentence

_MOST, _LOOKED_AT, _SHOWN = 50, 400, 8  # services diverted singly; offices looked at, and offered for one of them


@dataclass(frozen=True)
class Row:
    """A service and where it is served instead, as typed, with names of offices that give it."""

    service: str
    to: str
    givers: list[str]


@dataclass(frozen=True)
class Choice:
    """The services one may divert singly, and the rows of the form: those filled in, and an empty one."""

    services: list[tuple[str, str]]
    rows: list[Row]


def choice(form: Form, given: Mapping[str, str], offices: Collection[int]) -> Choice:
    """What the form offers; where only some services close, these."""
    closing = set(form.all("services")) & set(given)
    services = [(slug, name) for slug, name in given.items() if not closing or slug in closing]
    typed = [(service, to) for service, to in _typed(form) if service in given or to]
    givers = _givers({service for service, _ in typed if service in given}, offices)
    rows = [Row(service, to, givers.get(service, [])) for service, to in typed]
    return Choice(services, [*rows, Row("", "", [])] if len(rows) < _MOST else rows)


def detours(form: Form, given: Mapping[str, str]) -> list[Detour]:
    """The diversions that were typed: an office by its slug or its name, else a place or contact in words."""
    rows = _typed(form)
    if len(rows) > _MOST:
        raise Refused(Sentence("Paling banyak {most} layanan dialihkan sendiri-sendiri.", most=_MOST), field="divert_service")
    closing = form.all("services")
    for service, to in rows:
        _check(service, to, given, closing)
    general = form["diversion"].strip()
    named = _offices({to for _, to in [*rows, ("", general)] if to})
    told = [("", general)] if general else []
    return [_detour(given.get(service, ""), to, named) for service, to in [*told, *rows]]


def _typed(form: Form) -> list[tuple[str, str]]:
    """Services with their places as they stand beside each other; rows with nothing in them are none."""
    services, places = form.values.get("divert_service", []), form.values.get("divert_to", [])
    length = max(len(services), len(places))
    rows = zip([*services, *[""] * (length - len(services))], [*places, *[""] * (length - len(places))], strict=True)
    return [(service, to.strip()) for service, to in rows if service or to.strip()]


def _check(service: str, to: str, given: Mapping[str, str], closing: Collection[str]) -> None:
    if not service:
        raise Refused(Sentence("Pilih layanan yang dialihkan ke {place}.", place=to[:60]), field="divert_service")
    if service not in given:
        raise Refused(Sentence("Layanan {service} tidak diberikan di kantor yang dipilih.", service=service[:60]), field="divert_service")
    if closing and service not in closing:
        raise Refused(Sentence("{service} tidak ikut tutup, jadi tidak perlu dialihkan.", service=given[service]), field="divert_service")
    if not to:
        raise Refused(Sentence("Isi di mana {service} dilayani.", service=given[service]), field="divert_service")


def _detour(service: str, to: str, named: Mapping[str, Office]) -> Detour:
    if to in named:
        return Detour(office=named[to], service=service)
    return Detour(place=plain(to, field="divert_service" if service else "diversion", limit=500), service=service)


def _offices(texts: Iterable[str]) -> dict[str, Office]:
    """Offices by what was typed, where it is the slug or the name of exactly one."""
    wanted = {text for text in texts if text.isprintable()}
    found: dict[str, list[Office]] = {}
    for office in Office.select().where(Office.slug.in_(wanted) | Office.name.in_(wanted)) if wanted else ():
        for text in {office.slug, office.name} & wanted:
            found.setdefault(text, []).append(office)
    return {text: offices[0] for text, offices in found.items() if len(offices) == 1}


def _givers(slugs: Collection[str], offices: Collection[int]) -> dict[str, list[str]]:
    """Names of offices that give each of these services and do not close, the nearest first; three questions however many services."""
    services = list(Service.select().where(Service.slug.in_(list(slugs)), Service.ended_at.is_null())) if slugs else []
    if not services:
        return {}
    marks = catalogue.marks(services)
    closing = list(Office.select().where(Office.id.in_(list(offices) or [0])))
    gives = reduce(or_, [catalogue.giving_by(each.kinds, marks[each.id]) for each in services])
    others = list(Office.select().where(gives, Office.root_id.not_in([office.root_id for office in closing] or [0])).order_by(Office.name).limit(_LOOKED_AT))
    others.sort(key=lambda other: _apart(closing[0], other) if closing else 0.0)
    return {each.slug: [other.name for other in others if catalogue.gives(each, other, marks[each.id])][:_SHOWN] for each in services}


def _apart(one: Office, other: Office) -> float:
    """How far apart; what is not known comes last."""
    return distance_km(one.lat, one.lon, other.lat, other.lon) if None not in (one.lat, one.lon, other.lat, other.lon) else float("inf")
