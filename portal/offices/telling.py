"""What is said of an office: its state in a sentence, how long, and what to do instead. One record, the same words everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.clock import zone_name
from portal.db import Question, among
from portal.offices.closures import REASONS, services_of
from portal.offices.models import Closure, Diversion, DropBox, Office
from portal.offices.partly import Partly, last_of, latest, listing, time_of
from portal.offices.state import LIMITED, OFF_HOURS, OPEN, REMOTE, SUSPENDED, Node, Outlook, Picture, covers
from portal.words import Brief, Sentence, later

STATE_WORDS = {
    OPEN: later("Buka"),
    LIMITED: later("Layanan terbatas"),
    REMOTE: later("Tutup tatap muka"),
    SUSPENDED: later("Tutup total"),
    OFF_HOURS: later("Di luar jam layanan"),
}


@dataclass(frozen=True)
class Way:
    """One way to be served, or to ask: its channel, what to say of it, and where it leads."""

    channel: str  # online, dropbox, email, phone, diverted, counter
    sentence: Sentence
    link: str = ""
    office: str = ""  # the slug of the office that serves instead


@dataclass(frozen=True)
class Told:
    """All that the public is told of one office at a moment."""

    office: dict[str, Any]
    outlook: Outlook
    zone: ZoneInfo
    brief: Sentence | None  # how long, for the plate
    sentence: Sentence
    reasons: list[Sentence]
    notes: list[str]
    ways: list[Way]
    closures: list[Closure] = field(default_factory=list)

    @property
    def state(self) -> str:
        return self.outlook.state

    @property
    def review(self) -> date | None:
        return review_of(self.closures, self.here.date())

    @property
    def periods(self) -> list[Sentence]:
        """From when to when each of its closures holds, for what is printed or passed on."""
        return list(dict.fromkeys(period_of(closure, self.outlook.at) for closure in self.closures))

    @property
    def here(self) -> datetime:
        """The moment on the clocks of the office."""
        return self.outlook.at.astimezone(self.zone)


_DETOURS = Question(lambda: Diversion.select().where(among(Diversion.closure, "closures")).order_by(Diversion.id))
_NAMES = Question(lambda: Office.select(Office.id, Office.slug, Office.name).where(among(Office.id, "offices")))
_BOXES = Question(lambda: DropBox.select().where(among(DropBox.office, "offices"), DropBox.ended_at.is_null()).order_by(DropBox.id))
_CLOSURES = Question(lambda: Closure.select().where(among(Closure.id, "closures")))


@dataclass
class Telling:
    """Closures of some offices with their names, boxes and detours, read once for all."""

    picture: Picture
    at: datetime
    closures: dict[int, Closure]
    detours: dict[int, list[Diversion]]
    names: dict[int, tuple[str, str]]  # office id -> slug, name
    boxes: dict[int, list[DropBox]]
    services: dict[int, dict[str, str]]  # closures that take only services -> their slugs and names

    @classmethod
    def of(cls, picture: Picture, at: datetime, only: Iterable[int] | None = None) -> "Telling":
        """Facts for the offices of a picture, or for those of `only`, at one moment."""
        nodes = [picture.nodes[id] for id in only] if only is not None else list(picture.nodes.values())
        windows = {window.id: window for node in nodes for window in picture.touching(node)}
        detours: dict[int, list[Diversion]] = {}
        for detour in _DETOURS.found(Diversion, closures=windows) if windows else ():
            detours.setdefault(detour.closure_id, []).append(detour)
        wanted = {mark for window in windows.values() for mark in window.marks} | {each.office_id for held in detours.values() for each in held}
        names = {id: (slug, name) for id, slug, name in _NAMES.rows(offices=wanted - {None})} if wanted else {}
        boxes: dict[int, list[DropBox]] = {}
        for box in _BOXES.found(DropBox, offices=[node.id for node in nodes]):
            boxes.setdefault(box.office_id, []).append(box)
        closures = {closure.id: closure for closure in _CLOSURES.found(Closure, closures=windows)} if windows else {}
        singly = [window.id for window in windows.values() if window.services]
        return cls(picture, at, closures, detours, names, boxes, services_of(singly) if singly else {})

    def tell(self, office: dict[str, Any], outlook: Outlook | None = None) -> Told:
        """The public's view of one office: its row as a dict, its outlook worked out unless given."""
        node = self.picture.nodes[office["id"]]
        outlook = outlook or self.picture.outlook(node, self.at)
        zone = node.timetable.zone
        is_shut = outlook.state in {REMOTE, SUSPENDED}  # behind a closed door it does not matter which service is closed besides
        closures = [self.closures[id] for id in outlook.condition.closures if not (is_shut and id in self.services)]
        return Told(office, outlook, zone, self._brief(node, outlook, closures), self._sentence(node, outlook, closures, office["name"]),
                    [Sentence(REASONS[reason]) for reason in dict.fromkeys(closure.reason for closure in closures)],
                    list(dict.fromkeys(closure.note for closure in closures if closure.note)), self._ways(office, outlook, closures), closures)  # fmt: skip

    def _brief(self, node: Node, outlook: Outlook, closures: list[Closure]) -> Sentence | None:
        zone = node.timetable.zone
        if outlook.state == OFF_HOURS:
            return Sentence("buka {when}", when=Brief(outlook.reopens_at.astimezone(zone))) if outlook.reopens_at else None
        if outlook.state in {REMOTE, SUSPENDED, LIMITED} and closures:
            end = outlook.until if outlook.state != LIMITED else latest(closure.ends_at for closure in closures)
            if end is None:
                return _brief_review(closures, self.at.astimezone(zone).date())
            return Sentence("sampai {when}", when=Brief(last_of(end, zone)))
        if outlook.until is None:
            return Sentence("24 jam")
        return Sentence("sampai {when}", when=Brief(outlook.until.astimezone(zone)))

    def _sentence(self, node: Node, outlook: Outlook, closures: list[Closure], name: str) -> Sentence:
        zone = node.timetable.zone
        if outlook.state in {REMOTE, SUSPENDED}:
            return _closed(outlook, closures, zone)
        if outlook.state == OFF_HOURS:
            shut = _off_hours(node, outlook, self.at)
            return Sentence("{first} {second}", first=shut, second=self._partly(node, outlook, name)) if closures else shut
        closes = outlook.until.astimezone(zone) if outlook.until else None
        if outlook.state == LIMITED and closures:
            return self._partly(node, outlook, name)
        if outlook.state == LIMITED:
            reduced = later("Jam layanan dipersingkat: buka sampai {closes}.") if closes else later("Jam layanan dipersingkat.")
            return Sentence(reduced, **({"closes": time_of(closes, self.at)} if closes else {}))
        return Sentence("Buka sampai {closes}.", closes=time_of(closes, self.at)) if closes else Sentence("Buka 24 jam.")

    def _partly(self, node: Node, outlook: Outlook, name: str) -> Sentence:
        said = Partly(self.picture, self.names, self.services).sentence(node, outlook, name)
        open_ends = [closure for id in outlook.condition.closures if (closure := self.closures[id]).ends_at is None]
        if not open_ends:
            return said
        review = review_of(open_ends, outlook.at.astimezone(node.timetable.zone).date())
        again = Sentence("Penutupan ini ditinjau {review}.", review=review) if review else Sentence("Penutupan ini sedang ditinjau kembali.")
        return Sentence("{first} {second}", first=said, second=again)

    def _ways(self, office: dict[str, Any], outlook: Outlook, closures: list[Closure]) -> list[Way]:
        channels = outlook.condition.channels
        ways: list[Way] = []
        if outlook.state == OPEN:
            return ways
        node = self.picture.nodes[office["id"]]
        is_all_but_a_part = any(covers(window, node) for window in self.picture.touching(node) if window.id in outlook.condition.closures)
        if channels.counter and outlook.state == LIMITED and closures and not is_all_but_a_part:  # the sentence names the part that serves
            is_whole = all(closure.id in self.services for closure in closures)
            ways.append(Way("counter", Sentence("Loket tetap buka untuk layanan lain") if is_whole else Sentence("Loket bagian lain tetap buka")))
        day = self.at.astimezone(ZoneInfo(office["timezone"])).date()
        for detour in (each for closure in closures for each in self.detours.get(closure.id, ())):
            if (detour.first_day or day) <= day <= (detour.last_day or day):
                ways.append(self._detour(detour))
        if channels.online and outlook.state != OFF_HOURS:
            is_other = any(window.online is False for window in self.picture.closed_services(node, outlook.at).values())
            ways.append(Way("online", Sentence("Layanan daring lain tetap berjalan") if is_other else Sentence("Layanan daring tetap berjalan")))
        if channels.dropbox:
            boxes = self.boxes.get(office["id"], [])
            said = [Sentence("Kotak surat: {place}", place=box.place) for box in boxes] or [Sentence("Kotak surat di kantor ini")]
            ways += [Way("dropbox", sentence) for sentence in said]
        if channels.email and office["email"]:
            ways.append(Way("email", Sentence("Kirim surat lewat surel: {address}", address=office["email"]), "mailto:" + office["email"]))
        if office["phone"] and outlook.state != OFF_HOURS:
            ways.append(Way("phone", Sentence("Telepon {number}", number=office["phone"]), "tel:" + "".join(c for c in office["phone"] if c in "+0123456789")))
        return ways

    def _detour(self, detour: Diversion) -> Way:
        slug, place = self.names.get(detour.office_id, ("", detour.place))
        services = self.services.get(detour.closure_id, {})
        return Way("diverted", detour_of(services.get(detour.service, detour.service), place, services.values()), office=slug)


def detour_of(service: str, place: str, services: Iterable[str]) -> Sentence:
    """Where one is served instead: for a service, for the services that a closure takes singly, or for all."""
    taken = list(services)
    if service:
        return Sentence("{service}: {place}", service=service, place=place)
    return Sentence("Layanan {services} dilayani di {place}", services=listing(taken), place=place) if taken else Sentence("Dilayani di {place}", place=place)


def window_of(closure: Closure, now: datetime) -> Sentence:
    """From when to when a closure holds, with its weekdays; past its day of review, that it is being reviewed."""
    zone = ZoneInfo(closure.timezone)
    start = _start_of(closure)
    if closure.ends_at is not None:
        end = last_of(closure.ends_at, zone)
        return Sentence("{start}.", start=start) if start == end else Sentence("{start} sampai {end}.", start=start, end=end)
    if review := review_of([closure], now.astimezone(zone).date()):
        return Sentence("Mulai {start} sampai pemberitahuan lebih lanjut, ditinjau {review}.", start=start, review=review)
    if closure.review_on:
        return Sentence("Mulai {start} sampai pemberitahuan lebih lanjut, sedang ditinjau kembali.", start=start)
    return Sentence("Mulai {start} sampai pemberitahuan lebih lanjut.", start=start)


def _start_of(closure: Closure) -> date | datetime:
    """A start as people say it: the day where it holds from its midnight on, even if it ends at an hour."""
    local = closure.starts_at.astimezone(ZoneInfo(closure.timezone))
    return local.date() if closure.is_whole_days or local.time() == time() else local


def period_of(closure: Closure, now: datetime) -> Sentence:
    """The window of a closure as it is said outside its office's own page: days name the zone of their clocks, as moments do anyway."""
    window, end = window_of(closure, now), closure.ends_at and last_of(closure.ends_at, ZoneInfo(closure.timezone))
    if isinstance(_start_of(closure), datetime) or isinstance(end, datetime):
        return window
    return Sentence("{window} Waktu setempat, {zone}.", window=window, zone=zone_name(closure.starts_at.astimezone(ZoneInfo(closure.timezone))))


def _closed(outlook: Outlook, closures: list[Closure], zone: ZoneInfo) -> Sentence:
    is_total = outlook.state == SUSPENDED
    if outlook.until is None:
        return _closed_for_now(closures, outlook.at.astimezone(zone).date(), is_total=is_total)
    last = last_of(outlook.until, zone)
    if outlook.reopens_at is None:
        return Sentence(later("Tutup total sampai {last}.") if is_total else later("Tutup tatap muka sampai {last}."), last=last)
    text = later("Tutup total sampai {last}. Buka lagi {reopens}.") if is_total else later("Tutup tatap muka sampai {last}. Buka lagi {reopens}.")
    return Sentence(text, last=last, reopens=outlook.reopens_at.astimezone(zone))


def _closed_for_now(closures: list[Closure], day: date, *, is_total: bool) -> Sentence:
    """Closed without a date: when that is looked at again, or that it is being looked at; nothing else is promised."""
    if review := review_of(closures, day):
        total = later("Tutup total sampai pemberitahuan lebih lanjut, ditinjau {review}.")
        return Sentence(total if is_total else later("Tutup tatap muka sampai pemberitahuan lebih lanjut, ditinjau {review}."), review=review)
    if any(closure.review_on for closure in closures):
        total = later("Tutup total sampai pemberitahuan lebih lanjut, sedang ditinjau kembali.")
        return Sentence(total if is_total else later("Tutup tatap muka sampai pemberitahuan lebih lanjut, sedang ditinjau kembali."))
    return Sentence("Tutup sampai pemberitahuan lebih lanjut.")


def _brief_review(closures: list[Closure], day: date) -> Sentence | None:
    review = review_of(closures, day)
    if review is None:
        return Sentence("sedang ditinjau") if any(closure.review_on for closure in closures) else None
    return Sentence("ditinjau {when}", when=Brief(review))


def _off_hours(node: Node, outlook: Outlook, at: datetime) -> Sentence:
    today = node.timetable.day(node.timetable.today(at))
    if outlook.reopens_at is None:
        return Sentence("Di luar jam layanan.")
    reopens = outlook.reopens_at.astimezone(node.timetable.zone)
    if today.why and not today.intervals:
        return Sentence("Libur: {why}. Buka lagi {reopens}.", why=today.why, reopens=reopens)
    return Sentence("Di luar jam layanan. Buka {reopens}.", reopens=reopens)


def review_of(closures: Iterable[Closure], day: date) -> date | None:
    """The next day on which closures without an end are looked at again; one that has passed promises nothing any more."""
    return min((closure.review_on for closure in closures if closure.review_on and closure.review_on >= day), default=None)
