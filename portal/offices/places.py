"""Places: offices come into being, take their place in a tree, and change their hours."""

import re
import unicodedata
from typing import Any
from zoneinfo import available_timezones

from portal.db import transaction
from portal.offices import board, hours, search
from portal.offices.models import DropBox, Office
from portal.refusals import Refused, plain
from portal.words import Sentence


def slug_of(name: str) -> str:
    """A name as it stands in an address: lower case, digits and dashes."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:120] or "kantor"


def free_slug(name: str) -> str:
    """The slug of a name, with a number behind it where it is taken."""
    wanted = slug_of(name)
    taken = {slug for slug, in Office.select(Office.slug).where(Office.slug.startswith(wanted)).tuples()}
    return wanted if wanted not in taken else next(f"{wanted}-{count}" for count in range(2, len(taken) + 3) if f"{wanted}-{count}" not in taken)


def add(name: str, *, timezone: str, slug: str = "", parent: Office | None = None, opening: str | None = None, **facts: Any) -> Office:
    """A new office; below a parent and without hours of its own it follows the parent's."""
    with transaction():
        office = Office.create(
            slug=slug or free_slug(name), name=plain(name, field="name", limit=300, required=True), parent=parent, timezone=checked_zone(timezone),
            hours=checked_hours(opening) if opening else parent.hours if parent else hours.DEFAULT, has_own_hours=bool(opening) or parent is None, **facts)  # fmt: skip
        office.root_id = parent.root_id if parent else office.id
        office.save()
        search.index([(office.id, office.name, office.kind, office.region_code)])
        board.raise_version()
    return office


def add_drop_box(office: Office, place: str, opening: str = "") -> DropBox:
    """A box for letters at an office."""
    with transaction():
        box = DropBox.create(office=office, place=plain(place, field="place", limit=300, required=True), hours=checked_hours(opening) if opening else "")
        board.raise_version()
    return box


def set_hours(office: Office, opening: str | None) -> None:
    """Give an office hours of its own, or none: it then follows the node above; so do all below that follow it."""
    with transaction():
        parent = office.parent
        office.has_own_hours = bool(opening) or parent is None
        office.hours = checked_hours(opening) if opening else parent.hours if parent else hours.DEFAULT
        office.save()
        _pass_on(office)
        board.raise_version()


def checked_hours(text: str) -> str:
    hours.parse(text)
    return text


def checked_zone(name: str) -> str:
    if name not in available_timezones():
        raise Refused(Sentence("Zona waktu {name} tidak dikenal. Contoh: Asia/Jakarta.", name=name), field="timezone")
    return name


def _pass_on(office: Office) -> None:
    for below in Office.select().where(Office.parent == office, ~Office.has_own_hours):
        below.hours = office.hours
        below.save()
        _pass_on(below)
