"""To whom a request may be passed on: colleagues who serve its office, and other offices that give its service."""

from collections.abc import Iterable
from typing import Any

from peewee import Case

from portal.db import Question, among
from portal.offices import postings
from portal.offices.models import Office
from portal.offices.nearby import distance_km
from portal.offices.staff import Grant
from portal.people import roles
from portal.people.models import Person
from portal.refusals import Refused
from portal.services import catalogue
from portal.services.models import ServiceRequest
from portal.words import Sentence

_MOST_PEOPLE, _MOST_OFFICES = 200, 30


def colleagues(office: Office) -> list[Person]:
    """Who serves the requests of an office: its officers and head, those of the nodes above it, and those of everywhere; by name."""
    return _serving([office.id, *postings.above(office)])


def colleagues_of(offices: Iterable[int] | None) -> list[Person]:
    """Who serves any of these offices (None: all), for a choice that is checked request by request afterwards."""
    return _serving(offices)


def colleague(request: ServiceRequest, identifier: str) -> Person | None:
    """The colleague of an identifier, nobody for none; Refused where that person does not serve the office of the request."""
    if not identifier:
        return None
    found = next((each for each in colleagues(request.office) if each.identifier == identifier), None)
    if found is None:
        raise Refused(Sentence("Pegawai ini tidak melayani {office}. Pilih yang lain.", office=request.office.name), field="officer")
    return found


def takers(request: ServiceRequest) -> list[tuple[Office, float | None]]:
    """Other offices that give the service, the nearest first with their distance in km, then those without a place on the map by name."""
    here = request.office
    others = Office.select().where(catalogue.giving(request.service), Office.id != here.id)
    if here.lat is None or here.lon is None:
        return [(each, None) for each in others.order_by(Case(None, [(Office.region == here.region_code, 0)], 1), Office.name).limit(_MOST_OFFICES)]
    squared = (Office.lat - here.lat) * (Office.lat - here.lat) + (Office.lon - here.lon) * (Office.lon - here.lon)
    found = others.order_by(Office.lat.is_null(), squared, Office.name).limit(_MOST_OFFICES)
    return [(each, distance_km(here.lat, here.lon, each.lat, each.lon) if None not in (each.lat, each.lon) else None) for each in found]


def _serving(offices: Iterable[int] | None) -> list[Person]:
    return _EVERYWHERE.found(Person) if offices is None else _THERE.found(Person, offices=sorted(offices))


def _holders(over: Any = None) -> Any:
    holds = Grant.role.in_([roles.OFFICER, roles.HEAD]) & Grant.revoked_at.is_null()
    people = Grant.select(Grant.person).where(holds if over is None else holds & over)
    return Person.select().where(Person.id.in_(people), Person.ended_at.is_null()).order_by(Person.name, Person.id).limit(_MOST_PEOPLE)


_EVERYWHERE = Question(_holders)
_THERE = Question(lambda: _holders(among(Grant.office, "offices") | Grant.office.is_null()))
