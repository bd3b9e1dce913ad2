"""The services that a closure may take singly: those given at its offices or at their parts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.offices.models import Office
from portal.refusals import Refused
from portal.services import catalogue
from portal.views.forms import Form
from portal.words import Sentence

_FEW, _SHOWN = 8, 40


@dataclass(frozen=True)
class Choice:
    """What the form offers: slug and name of services, how many more there are, and whether one has to search among them."""

    shown: list[tuple[str, str]]
    more: int = 0
    is_long: bool = False


def choice(form: Form, given: Mapping[str, str]) -> Choice:
    """The services to tick of those given; where they are many, those that were ticked before those that have the words searched for."""
    if len(given) <= _FEW:
        return Choice(list(given.items()))
    words = form["cari_layanan"][:200].casefold().split()
    ticked = [(slug, given[slug]) for slug in form.all("services") if slug in given]
    found = [each for each in given.items() if each not in ticked and all(word in each[1].casefold() for word in words)]
    return Choice([*ticked, *found[:_SHOWN]], max(0, len(found) - _SHOWN), is_long=True)


def ticked(slugs: list[str], given: Mapping[str, str]) -> dict[str, str]:
    """Services by slug with their names; refused where one is not among those given."""
    for slug in slugs:
        if slug not in given:
            raise Refused(Sentence("Layanan {service} tidak diberikan di kantor yang dipilih.", service=slug[:60]), field="services")
    return {slug: given[slug] for slug in slugs}


def given_at(offices: Collection[int]) -> dict[str, str]:
    """Slugs and names of the services of these offices and of all below them, by name."""
    if not offices:
        return {}
    roots = Office.select(Office.root_id).where(Office.id.in_(list(offices)))
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id.in_(roots)).tuples())
    return {service.slug: service.name for service in catalogue.given_at([id for id in parents if _is_within(id, offices, parents)])}


def _is_within(id: int | None, offices: Collection[int], parents: dict[int, int | None]) -> bool:
    while id is not None and id not in offices:
        id = parents[id]
    return id is not None
