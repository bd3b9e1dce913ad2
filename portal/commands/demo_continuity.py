"""The demo's closure that carries people with it: declared yesterday evening, answered by some, prolonged just now; not at the office of the accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal import continuity
from portal.audit import Actor
from portal.clock import midnight
from portal.commands import demo_requests
from portal.offices.closures import Detour, Plan
from portal.offices.models import Closure, Office
from portal.people.models import Person
from portal.services import appointments, catalogue, following, handling, offers, requests
from portal.services.models import ONLINE, Service, ServiceRequest
from portal.services.requests import Asked
from portal.sheets import Line, read

_DATA = Path(__file__).parent / "demo_data" / "affected.csv"
_COLUMNS = ("contact", "service", "channel", "ahead", "hour", "description", "story", "answer")
_BY = "flask demo"
_OFFICE, _OTHER = "kantor-wali-kota-jakarta-timur", "kantor-wali-kota-jakarta-utara"
_DIVERTED = "perekaman-ktp-el"  # to the other office
_FIRST = 61  # the number of the first of these people; those before are in the inbox of the accounts
_MOST = 2000  # slots in which the next working days are found
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class _Place:
    """The office with the next days on which its counter serves, and who serves there."""

    office: Office
    days: list[date]
    officer: Person

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.timezone)

    @property
    def by(self) -> Actor:
        return Actor(self.officer.name, self.officer.id)


def make(officer: Person, now: datetime) -> None:
    """Fourteen people with an appointment, a request in progress or a result, at an office that closes for three days on which it serves, then for four."""
    place = _place(officer, now)
    evening = datetime.combine(now.astimezone(place.zone).date() - _DAY, time(18, 30), place.zone)
    lines = read(_DATA, required=_COLUMNS)
    asked = [(line["answer"], _lived(line, _FIRST + step, place, evening - 2 * _DAY - 43 * step * _MINUTE)) for step, line in enumerate(lines)]
    closure = _closed(place, evening)
    _answer(asked, ("online", "other"), evening + _HOUR)
    demo_requests.settle_letters(officer, now)
    continuity.extend(closure, midnight(place.days[3] + _DAY, place.zone), reason="Air belum surut.", by=_BY, now=now)
    _answer(asked, ("accept",), now)
    offers.name_unanswered(now=now)
    demo_requests.settle_letters(officer, evening)


def _place(officer: Person, now: datetime) -> _Place:
    office = Office.get(Office.slug == _OFFICE)
    zone = ZoneInfo(office.timezone)
    slots = appointments.free(catalogue.find(_DIVERTED), office, now=now, first=now.astimezone(zone).date() + _DAY, most=_MOST)
    return _Place(office, sorted({slot.starts_at.astimezone(zone).date() for slot in slots}), officer)


def _lived(line: Line, number: int, place: _Place, at: datetime) -> ServiceRequest:
    """What somebody asked for, and how far it had come before the closure."""
    service = catalogue.find(line["service"])
    phone = f"0812000000{number:02}" if line["contact"] in ("phone", "both") else ""
    email = f"warga{number:02}@example.org" if line["contact"] in ("email", "both") else ""
    answers = {each.id: demo_requests.answer(each) for each in catalogue.particulars(service)}
    asked = Asked(service, place.office, line["channel"], f"Warga Contoh {number}", phone, email, demo_requests.NO_NIK if service.asks_nik else "",
                  line["description"], answers, slot=_slot(line, service, place, at), submission_key=f"demo-{number}")  # fmt: skip
    row = requests.submit(asked, now=at)
    if line["story"] == "claim":
        handling.claim(row, place.officer, by=place.by, now=at + 15 * _HOUR)
    elif line["story"] == "ready":
        handling.ready(row, "Loket 2, lantai dasar, hari kerja 08.00–14.00", by=place.by, now=at + 15 * _HOUR)
    return row


def _slot(line: Line, service: Service, place: _Place, at: datetime) -> datetime | None:
    """The first free time from an hour on, so many days ahead."""
    if not line["ahead"]:
        return None
    wanted = datetime.combine(place.days[int(line["ahead"]) - 1], time.fromisoformat(line["hour"]), place.zone)
    found = appointments.free(service, place.office, now=at, first=wanted.date())
    return next(slot.starts_at for slot in found if slot.starts_at >= wanted)


def _closed(place: _Place, at: datetime) -> Closure:
    """From midnight on; the counter's work of one service goes to another office, the drop box stands in the water."""
    other = Detour(Office.get(Office.slug == _OTHER), service=catalogue.find(_DIVERTED).name)
    plan = Plan([place.office], "flood", midnight(at.date() + _DAY, place.zone), midnight(place.days[2] + _DAY, place.zone), online=True, dropbox=False,
                detours=[other], note="Lantai dasar tergenang; berkas sudah diamankan.")  # fmt: skip
    return continuity.close(plan, by=_BY, now=at)


def _answer(asked: list[tuple[str, ServiceRequest]], answers: tuple[str, ...], at: datetime) -> None:
    for answer, row in asked:
        if answer in answers:
            _ANSWERS[answer](row, at)


def _choose(row: ServiceRequest, at: datetime) -> None:
    """A time on another day than the one that is held."""
    held = appointments.of(row)
    assert held is not None
    later = appointments.free(row.service, row.office, now=at, first=held.starts_at.date() + 2 * _DAY, most=1)
    following.reschedule(row, later[0].starts_at, now=at)


_ANSWERS: dict[str, Callable[[ServiceRequest, datetime], object]] = {
    "accept": lambda row, at: offers.accept(row, now=at),
    "online": lambda row, at: offers.switch(row, ONLINE, now=at),
    "other": _choose,
}
