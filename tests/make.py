"""What tests need, made in a line; every fact has a default."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from portal import policies
from portal.audit import Actor
from portal.clock import midnight
from portal.kinerja import days, logs, rules, submission
from portal.kinerja.logs import Activity
from portal.kinerja.models import Entry, WorkDay
from portal.kinerja.validation import Decider
from portal.offices import closures, places, postings
from portal.offices.closures import Plan
from portal.offices.models import Closure, Office, Region
from portal.offices.staff import Posting
from portal.people import accounts, passwords, sessions
from portal.people.models import Person, Session
from portal.services import appointments, requests
from portal.services.models import CHANNELS, DISPLACED, Appointment, Particular, Service, ServiceOffice, ServiceRequest, SlotOffer
from portal.services.requests import Asked

_count = itertools.count(1)
ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2020, 9, 19, 13, 14, tzinfo=UTC)  # Saturday 20.14 WIB, when the first closure of the seeds was announced


ACT: dict[str, Any] = {"by": "pengelola", "now": NOW}  # who did it and when, where a test does not care


def local(text: str, zone: str = "Asia/Jakarta") -> datetime:
    """A moment on the clocks of a zone: local("2020-09-22T09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def region(code: str = "31", name: str = "", level: str = "") -> Region:
    found = Region.get_or_none(Region.code == code)
    levels = {2: "provinsi", 5: "kota", 8: "kecamatan", 13: "kelurahan"}
    return found or Region.create(code=code, parent_code=code.rpartition(".")[0] or None, level=level or levels[len(code)], name=name or f"Wilayah {code}")


def office(name: str = "", **facts: Any) -> Office:
    facts.setdefault("timezone", "Asia/Jakarta")
    return places.add(name or f"Kantor {next(_count)}", **{**ACT, **facts})


def unit(parent: Office, name: str = "", **facts: Any) -> Office:
    return office(name or f"{parent.name}: Lantai {next(_count)}", parent=parent, timezone=parent.timezone, **facts)


def plan(*offices: Office, first: str = "2020-09-20", days: int | None = 3, reason: str = "flood", **facts: Any) -> Plan:
    """A closure of whole days, open-ended with days=None."""
    zone = ZoneInfo(offices[0].timezone)
    start = date.fromisoformat(first)
    ends = midnight(start + timedelta(days=days), zone) if days is not None else None
    if ends is None:
        facts.setdefault("review_on", start + timedelta(days=14))
    return Plan(list(offices), reason, midnight(start, zone), ends, **facts)


def closure(*offices: Office, now: datetime = NOW, by: str = "kepala kantor", **facts: Any) -> Closure:
    return closures.declare(plan(*(offices or (office(),)), **facts), by=by, now=now)


def minimum(hours: int = 72, reason: str = "confirmed_case", **scope: Any) -> policies.Policy:
    return policies.set_policy(policies.CLOSURE_MINIMUM, {"hours": hours, "reasons": [reason]}, name="Penutupan karena kasus", legal_basis="Pergub 88/2020",
                               first_day=date(2020, 1, 1), by="admin", now=NOW, **scope)  # fmt: skip


def reduced_hours(text: str = "08:00-13:30", first: date = date(2020, 9, 14), last: date | None = date(2020, 10, 11), **scope: Any) -> policies.Policy:
    return policies.set_policy(policies.REDUCED_HOURS, {"hours": text}, name="Jam pandemi", legal_basis="SE BKD", first_day=first, last_day=last, by="admin",
                               now=NOW, **scope)  # fmt: skip


PASSWORD = "meja lampu kapal jeruk"


def person(name: str = "", identifier: str = "", *, password: str = "", **facts: Any) -> Person:
    """An account; with a password one can sign in."""
    number = next(_count)
    made = accounts.create(identifier or f"19700101200001{number:04}", name or f"Pegawai {number}", **{**ACT, **facts})
    if password:
        made.password_hash = _hashed(password)
        made.save()
    return made


def signed_in(who: Person, *, address: str = "10.0.0.1", now: datetime = NOW) -> Session:
    """A session of somebody who has the usual password."""
    return sessions.sign_in(who.identifier, PASSWORD, address=address, device="Peramban", now=now)


def posting(who: Person, at: Office | None = None, *, under: Person | None = None, first: str = "2020-01-01", last: str = "", **facts: Any) -> Posting:
    """Somebody works somewhere, in dates."""
    until = date.fromisoformat(last) if last else None
    return postings.post(
        who, at or office(), **{**ACT, "position": "Analis", "supervisor": under, "first_day": date.fromisoformat(first), "last_day": until, **facts}
    )


MONDAY = date(2020, 9, 21)  # a working day, within the first closure of the seeds
MONDAY_EVENING = local("2020-09-21T16:00")


class Team:
    """One who works, the superior, and the superior's superior, at one office."""

    def __init__(self, at: Office | None = None, author: Person | None = None) -> None:
        self.office = at or office()
        self.upper, self.superior = person("Ibu Kabag"), person("Pak Kasubbag")
        self.author = author or person("Siti")
        self.colleague = person("Budi")
        posting(self.upper, self.office)
        posting(self.superior, self.office, under=self.upper)
        for each in (self.author, self.colleague):
            posting(each, self.office, under=self.superior)


def team(at: Office | None = None) -> Team:
    return Team(at)


def work_rules() -> None:
    """The usual working week and deadlines."""
    policies.set_usual(rules.USUAL, **ACT)


def activity(starts: str = "08:00", ends: str = "10:00", **facts: Any) -> Activity:
    return Activity(**{"description": "Memeriksa 12 berkas", "starts": starts, "ends": ends, "quantity": "12", "unit": "berkas", **facts})


def entry(who: Person, starts: str = "08:00", ends: str = "10:00", *, day: date = MONDAY, now: datetime = MONDAY_EVENING, **facts: Any) -> Entry:
    """One activity in somebody's day."""
    return logs.add(who, day, activity(starts, ends, **facts), now=now)


def submitted(who: Person, *, day: date = MONDAY, now: datetime = MONDAY_EVENING, key: str = "") -> WorkDay:
    """A submitted day, with an activity where there was none."""
    row = days.find(who, day)
    if row is None or not row.entries:
        entry(who, day=day, now=now)
    row = days.find(who, day)
    assert row is not None
    return submission.submit(row, key=key, seen=row.revision, by=Actor(who.name, who.id), now=now)


def decider(who: Person, now: datetime = MONDAY_EVENING, zone: ZoneInfo = ZONE) -> Decider:
    return Decider(who, Actor(who.name, who.id), now.astimezone(zone).date(), now)


@cache
def _hashed(password: str) -> str:
    return passwords.hashed(password)


def service(name: str = "", *, at: Iterable[Office] = (), particulars: Iterable[dict[str, Any]] = (), **facts: Any) -> Service:
    """A service that these offices give, by every channel, in three working days."""
    number = next(_count)
    made = Service.create(**{"slug": f"layanan-{number}", "name": name or f"Surat keterangan {number}", "working_days": 3, "channels": list(CHANNELS), **facts})
    for each in at:
        ServiceOffice.create(service=made, office=each)
    for place, each in enumerate(particulars):
        Particular.create(**{"service": made, "place": place, "label": f"Isian {place}", **each})
    return made


def asked(of: Service, at: Office, **facts: Any) -> Asked:
    """What the form of a request says: online, with telephone and e-mail."""
    usual = {"channel": "online", "name": "Warga Contoh", "phone": "081200000000", "email": "warga@example.org", "description": "Mohon surat."}
    return Asked(of, at, **{**usual, **facts})


def request(of: Service | None = None, at: Office | None = None, *, now: datetime = NOW, **facts: Any) -> ServiceRequest:
    """A request that was just taken in."""
    place = at or office()
    return requests.submit(asked(of or service(at=[place]), place, **facts), now=now)


def offer(request: ServiceRequest, to: datetime | None = None, *, of: Closure | None = None, at: Office | None = None, now: datetime = NOW) -> SlotOffer:
    """A closure took the appointment of a request; the slot `to` is held for it, at its office or another, or none is known yet."""
    lost, before = appointments.of(request), request.office
    assert lost is not None
    if at is not None:
        ServiceRequest.update(office=at).where(ServiceRequest.id == request.id).execute()
    row = ServiceRequest.get_by_id(request.id)
    held = appointments.book(row, to, now=now) if to is not None else None
    Appointment.update(seat=None, state=DISPLACED, ended_at=now).where(Appointment.id == lost.id).execute()
    closed = of or closure(before, now=now)
    made = SlotOffer.create(request=request, closure=closed, lost=lost, held=held, office_before=before, channel_before=request.channel, made_at=now)
    requests.happened(row, "closure", by="Kepala", now=now, act="announced", closure=closed.id, reason=closed.reason, starts=closed.starts_at.isoformat(),
                      ends=closed.ends_at.isoformat() if closed.ends_at else None, review_on=None, is_whole_days=True,
                      slot={"was": lost.starts_at.isoformat(), "to": held.starts_at.isoformat() if held else None,
                            "way": ("diverted" if at else "after") if held else "none"},
                      **({"office": {"was": before.name, "to": at.name, "slug": at.slug, "zone": at.timezone, "was_zone": before.timezone}}
                         if at else {}))  # fmt: skip
    return made
