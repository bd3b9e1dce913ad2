"""The catalogue: which services there are, which offices give them, and by which channels."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from peewee import Value

from portal.offices.closures import services_of
from portal.offices.models import Closure, ClosureMark, Diversion, Office
from portal.offices.search import folded
from portal.refusals import NotFound
from portal.services.models import Particular, Requirement, Service, ServiceOffice
from portal.words import Sentence

Marks = tuple[tuple[int, bool], ...]  # offices that a service names, and whether each gives it
_LONGEST_SEARCH = 200


def find(slug: str) -> Service:
    """The service of an address; NotFound where there is none, or it is given no more."""
    found = known(slug)
    if found is None:
        raise NotFound(Sentence("Layanan ini tidak ada dalam daftar."))
    return found


def known(slug: str) -> Service | None:
    """The service of an address, or none."""
    return Service.get_or_none(Service.slug == slug, Service.ended_at.is_null()) if slug and "\0" not in slug else None


def listed() -> list[Service]:
    """All services that are given somewhere, by name."""
    return list(Service.select().where(Service.ended_at.is_null()).order_by(Service.name, Service.id))


def matching(text: str) -> list[Service]:
    """Services of which each word of a search begins a word of name, summary or product, by name; none for no words."""
    words = folded(text[:_LONGEST_SEARCH])
    holds = [Service.name.contains(word) | Service.summary.contains(word) | Service.product.contains(word) for word in words]
    found = Service.select().where(Service.ended_at.is_null(), *holds).order_by(Service.name, Service.id) if words else []
    return [service for service in found if _begins(words, folded(f"{service.name} {service.summary} {service.product}"))]


def given_at(offices: Collection[int]) -> list[Service]:
    """Services that at least one of these offices gives, by name; three questions however many offices."""
    marks = _marks(ServiceOffice.office.in_(list(offices) or [0]))
    rows = dict(Office.select(Office.id, Office.kind).where(Office.id.in_(list(offices) or [0])).tuples())
    return [service for service in listed() if any(_gives(service, id, kind, marks) for id, kind in rows.items())] if any(rows.values()) or marks else []


def is_given(service: Service, office: Office) -> bool:
    """Whether an office gives a service: named itself, or of a kind that does."""
    return _gives(service, office.id, office.kind, _marks((ServiceOffice.office == office.id) & (ServiceOffice.service == service.id)))


def is_served(service: Service, office: Office, at: datetime) -> bool:
    """Whether an office serves a service at a moment: it gives it, or a closure that holds sends there those who want it."""
    return is_given(service, office) or _stands_in(service, office, at)


def _stands_in(service: Service, office: Office, at: datetime) -> bool:
    """Whether a closure over an office that gives a service diverts it to this one: who closes an office knows who stands in for it."""
    day = at.astimezone(ZoneInfo(office.timezone)).date()
    holds = (Closure.starts_at <= at) & (Closure.ends_at.is_null() | (Closure.ends_at > at)) & Closure.withdrawn_at.is_null()
    today = (Diversion.first_day.is_null() | (Diversion.first_day <= day)) & (Diversion.last_day.is_null() | (Diversion.last_day >= day))
    to_it = (Diversion.office == office.id) & Diversion.service.in_(["", service.slug, service.name])
    found = [id for (id,) in Diversion.select(Diversion.closure).join(Closure).where(to_it, today, holds).tuples()]
    only = services_of(found) if found else {}
    found = [id for id in found if service.slug in only.get(id, {service.slug})]
    taken = ClosureMark.select(Office.root_id).join(Office).where(ClosureMark.closure.in_(found), ~ClosureMark.is_excepted)
    return bool(found) and Office.select().where(Office.root_id.in_(taken), giving(service)).exists()


def giving(service: Service) -> Any:
    """The condition on Office that holds for those that give a service."""
    of = ServiceOffice.select(ServiceOffice.office).where(ServiceOffice.service == service.id)
    return _of_kinds(service.kinds, of.where(ServiceOffice.is_given), of.where(~ServiceOffice.is_given))


def giving_by(kinds: Collection[str], marks: Marks) -> Any:
    """The same for kinds and marks that are known."""
    named, excepted = ([id for id, is_given in marks if is_given is wanted] or [0] for wanted in (True, False))
    return _of_kinds(kinds, named, excepted)


def marks(services: Collection[Service]) -> dict[int, Marks]:
    """By service the offices that are named, and whether each gives it."""
    found: dict[int, Marks] = {each.id: () for each in services}
    for (service, office), is_given in sorted(_marks(ServiceOffice.service.in_(list(found) or [0])).items()):
        found[service] = (*found[service], (office, is_given))
    return found


def gives(service: Service, office: Office, marks: Marks) -> bool:
    """Whether an office gives a service whose marks are known."""
    return dict(marks).get(office.id, bool(office.kind) and office.kind in service.kinds)


def requirements(services: Iterable[Service]) -> dict[int, list[Requirement]]:
    """What each service requires, in order."""
    return _by_service(Requirement.select().where(Requirement.service.in_([each.id for each in services] or [0])).order_by(Requirement.place, Requirement.id))


def particulars(service: Service) -> list[Particular]:
    """What the form of a service asks beyond name and contact, in order."""
    return list(Particular.select().where(Particular.service == service.id, Particular.ended_at.is_null()).order_by(Particular.place, Particular.id))


def _of_kinds(kinds: Collection[str], named: Any, excepted: Any) -> Any:
    of_kind = reduce(or_, [Office.kind == kind for kind in kinds], Value(False))
    return (of_kind & Office.id.not_in(excepted)) | Office.id.in_(named)


def _begins(words: list[str], held: list[str]) -> bool:
    return all(any(each.startswith(word) for each in held) for word in words)


def _marks(where: Any) -> dict[tuple[int, int], bool]:
    rows = ServiceOffice.select(ServiceOffice.service, ServiceOffice.office, ServiceOffice.is_given).where(where).tuples()
    return {(service, office): is_given for service, office, is_given in rows}


def _gives(service: Service, office: int, kind: str, marks: dict[tuple[int, int], bool]) -> bool:
    return marks.get((service.id, office), bool(kind) and kind in service.kinds)


def _by_service(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.service_id, []).append(row)
    return found
