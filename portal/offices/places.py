"""Places: offices come into being, take their place in a tree, and change their hours."""

import re
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from portal import audit
from portal.audit import By
from portal.db import locked, transaction
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
    taken = {slug for (slug,) in Office.select(Office.slug).where(Office.slug.startswith(wanted)).tuples()}
    return wanted if wanted not in taken else next(f"{wanted}-{count}" for count in range(2, len(taken) + 3) if f"{wanted}-{count}" not in taken)


FACTS = ("name", "kind", "address", "phone", "email", "timezone", "region", "lat", "lon", "headcount", "desks")
_LONGEST = {"name": 300, "kind": 100, "address": 500, "phone": 60}


def add(name: str, *, timezone: str, by: By, now: datetime, slug: str = "", parent: Office | None = None, opening: str | None = None, **facts: Any) -> Office:
    """A new office; below a parent it lies in the parent's region and keeps the parent's hours unless it has its own."""
    if parent is not None and not facts.get("region"):
        facts["region"] = parent.region_code
    with transaction():
        office = Office.create(
            slug=slug or free_slug(name), name=plain(name, field="name", limit=300, required=True), parent=parent, timezone=checked_zone(timezone),
            hours=checked_hours(opening) if opening else parent.hours if parent else hours.DEFAULT,
            has_own_hours=bool(opening) or parent is None, **facts)  # fmt: skip
        office.root_id = parent.root_id if parent else office.id
        office.save()
        search.index([(office.id, office.name, office.kind, office.region_code)])
        audit.record("office_added", "office", office.id, by=by, now=now, label=office.name, after=_plain(facts) | {"slug": office.slug, "hours": office.hours})
        board.raise_version(of_places=True)
    return office


def change(office: Office, *, by: By, now: datetime, **facts: Any) -> Office:
    """Correct the facts of an office, as FACTS names them; the slug stays, because links hold on to it."""
    with transaction():
        office = locked(Office.select().where(Office.id == office.id)).get()
        facts = checked_facts(**facts)
        before, after = audit.changes({name: getattr(office, name) for name in facts}, facts)
        if after:
            for name, value in after.items():
                setattr(office, name, value)
            office.save(only=[getattr(Office, name) for name in after])
            search.index([(office.id, office.name, office.kind, office.region_code)])
            audit.record("office_changed", "office", office.id, by=by, now=now, label=office.name, before=_plain(before), after=_plain(after))
            board.raise_version(of_places=True)
    return office


def checked_facts(**facts: Any) -> dict[str, Any]:
    """The facts of an office as they may be kept; refused beside the field that cannot be."""
    for name in facts.keys() & _LONGEST.keys():
        facts[name] = plain(facts[name], field=name, limit=_LONGEST[name], required=name == "name")
    if "timezone" in facts:
        checked_zone(facts["timezone"])
    for name, most in (("lat", 90), ("lon", 180)):
        if facts.get(name) is not None and not -most <= facts[name] <= most:
            raise Refused(Sentence("{value} bukan koordinat.", value=str(facts[name])), field=name)
    for name in ("headcount", "desks"):
        if facts.get(name) is not None and not 0 <= facts[name] < 1_000_000:
            raise Refused(Sentence("{value} bukan bilangan.", value=str(facts[name])), field=name)
    if facts.get("email"):
        try:
            facts["email"] = validate_email(facts["email"].strip(), check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise Refused(Sentence("Alamat surel ini tidak dapat dibaca."), field="email") from None
    return facts


def add_drop_box(office: Office, place: str, opening: str = "", *, by: By, now: datetime) -> DropBox:
    """A box for letters at an office."""
    with transaction():
        place = plain(place, field="place", limit=300, required=True)
        if DropBox.select().where(DropBox.office == office, DropBox.place == place, DropBox.ended_at.is_null()).exists():
            raise Refused(Sentence("Kotak surat di tempat ini sudah tercatat."), field="place")
        box = DropBox.create(office=office, place=place, hours=checked_hours(opening) if opening else "")
        audit.record("drop_box_added", "office", office.id, by=by, now=now, label=office.name, after={"place": box.place, "hours": box.hours})
        board.raise_version(of_places=True)
    return box


def set_drop_box_hours(box: DropBox, opening: str, *, by: By, now: datetime) -> None:
    """The hours in which one can reach a box; none: at any hour."""
    with transaction():
        box = locked(DropBox.select().where(DropBox.id == box.id)).get()
        opening = checked_hours(opening) if opening else ""
        if box.ended_at is not None:
            raise Refused(Sentence("Kotak surat ini sudah ditiadakan."))
        if box.hours != opening:
            DropBox.update(hours=opening).where(DropBox.id == box.id).execute()
            audit.record("drop_box_hours_set", "office", box.office_id, by=by, now=now, label=box.place, before={"hours": box.hours}, after={"hours": opening})
            board.raise_version(of_places=True)


def end_drop_box(box: DropBox, *, by: By, now: datetime) -> None:
    """The box is taken down; the row stays."""
    with transaction():
        if not DropBox.update(ended_at=now).where(DropBox.id == box.id, DropBox.ended_at.is_null()).execute():
            raise Refused(Sentence("Kotak surat ini sudah ditiadakan."))
        audit.record("drop_box_ended", "office", box.office_id, by=by, now=now, label=box.office.name, before={"place": box.place, "hours": box.hours})
        board.raise_version(of_places=True)


def set_hours(office: Office, opening: str | None, *, by: By, now: datetime) -> None:
    """Give an office hours of its own, or none: it then follows the node above; so do all below that follow it."""
    with transaction():
        parent, before = office.parent, {"hours": office.hours, "has_own_hours": office.has_own_hours}
        office.has_own_hours = bool(opening) or parent is None
        office.hours = checked_hours(opening) if opening else parent.hours if parent else hours.DEFAULT
        office.save(only=[Office.hours, Office.has_own_hours])
        pass_on_hours(office)
        was, became = audit.changes(before, {"hours": office.hours, "has_own_hours": office.has_own_hours})
        audit.record("office_hours_set", "office", office.id, by=by, now=now, label=office.name, before=was, after=became)
        board.raise_version(of_places=True)


def pass_on_hours(office: Office) -> None:
    """All below an office that follow it, through others that follow it, take its hours."""
    followers: dict[int, list[int]] = {}
    for id, parent in Office.select(Office.id, Office.parent).where(Office.root_id == office.root_id, ~Office.has_own_hours).tuples():
        followers.setdefault(parent, []).append(id)
    below, found = [office.id], []
    while below:
        below = [id for each in below for id in followers.get(each, ())]
        found += below
    if found:
        Office.update(hours=office.hours).where(Office.id.in_(found)).execute()


def checked_hours(text: str) -> str:
    hours.parse(text)
    return text


def checked_zone(name: str) -> str:
    if name not in _zones():
        raise Refused(Sentence("Zona waktu {name} tidak dikenal. Contoh: Asia/Jakarta.", name=name), field="timezone")
    return name


@cache
def _zones() -> set[str]:
    """The names of all zones: Python walks its folders for them each time, and an import asks for every row."""
    return available_timezones()


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as the trail keeps them: a region by its code."""
    return {name: getattr(value, "code", value) for name, value in facts.items()}
