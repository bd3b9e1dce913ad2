"""Which way helps a citizen now: for a service, an office and a moment the channels in order, each with its reason; reads neither rows nor the clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from portal.offices.hours import Timetable
from portal.offices.nearby import distance_km
from portal.offices.state import REMOTE, SUSPENDED, Picture, Window
from portal.offices.telling import last_of
from portal.services import shut
from portal.services.models import COUNTER, DROPBOX, EMAIL, ONLINE
from portal.words import Sentence, later

ELSEWHERE = "elsewhere"  # another office; no channel of its own, the request is then made there
CONTACT = "contact"  # a place or contact that a closure names in words; when it can be reached is not known here
_OWN = (ONLINE, COUNTER, DROPBOX, EMAIL)
_ORDER = (*_OWN, ELSEWHERE, CONTACT)
_MOST_NEAR = 3
_LOOKED_AHEAD = 31  # days searched for the next hours of a drop box


@dataclass(frozen=True)
class Box:
    """A drop box that takes the service: where, and when one can reach it (none: at any hour)."""

    id: int
    place: str
    timetable: Timetable | None = None


@dataclass(frozen=True)
class Spot:
    """An office that gives the service, as routing sees it."""

    id: int
    slug: str
    name: str
    address: str = ""
    email: str = ""
    lat: float | None = None
    lon: float | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A service as routing sees it."""

    slug: str
    channels: tuple[str, ...]
    why_not_remote: str = ""


@dataclass(frozen=True)
class Option:
    """One way: by which channel, at which office and place, why in a sentence, whether it works now, and from when it does."""

    channel: str
    spot: Spot
    sentence: Sentence
    works_now: bool
    next_at: datetime | None = None  # none: now; of a contact in words: not known
    place: str = ""
    box: int | None = None
    km: float | None = None
    is_shut: bool = False  # by a closure until then, and not by its hours
    is_diverted: bool = False  # a closure sends people there


@dataclass(frozen=True)
class Situation:
    """All that routing needs to know: the offices that give the service with their picture, and where closures divert it."""

    offer: Offer
    picture: Picture
    spots: dict[int, Spot]
    diversions: dict[int, tuple[tuple[int, datetime | None], ...]]  # closure -> offices that serve this service instead at the moment, and until when
    contacts: dict[int, tuple[str, ...]]  # closure -> places or contacts in words


def options(situation: Situation, office: int, at: datetime) -> list[Option]:
    """The ways to get the service, what helps most first; never none as long as anything is known to open again anywhere."""
    spot = situation.spots[office]
    own, diverted = _own(situation, spot, at), list(_diverted(situation, spot, at))
    near = [] if any(each.works_now for each in own) else _nearest(situation, spot, {each.spot.id for each in diverted}, own, at)
    return sorted([*own, *diverted, *near], key=_helpfulness)


def channels_of(found: Sequence[Option], office: int) -> set[str]:
    """The channels by which a request may be made at an office: those that work now, a counter also for another day, a drop box also outside its hours."""
    own = [each for each in found if each.spot.id == office and each.channel in _OWN]
    return {each.channel for each in own if each.works_now or each.channel == COUNTER or (each.channel == DROPBOX and not each.is_shut)}


def next_service(situation: Situation, office: int, at: datetime) -> datetime | None:
    """From when on the counter of an office serves this service; none where no date is known."""
    node, moment = situation.picture.nodes[office], at
    while True:  # each round passes the end of a closure, and there are only so many
        single = _closed_singly(situation, situation.spots[office], moment)
        outlook = situation.picture.outlook(node, moment) if single is None else None
        if outlook is not None and outlook.condition.channels.counter:
            return moment
        opens = outlook.reopens_at if outlook is not None else single.ends_at  # type: ignore[union-attr]
        if opens is None:
            return None
        moment = opens


def _helpfulness(option: Option) -> tuple[Any, ...]:
    """What works now before what works later, and among those the way that costs least."""
    opens = option.next_at.timestamp() if option.next_at else 0.0
    return (not option.works_now, opens, _ORDER.index(option.channel), not option.is_diverted, option.km is None, option.km or 0.0)


def _own(situation: Situation, spot: Spot, at: datetime) -> list[Option]:
    """The ways at one office itself, in no order."""
    return [*_online(situation, spot, at), *_counter(situation, spot, at), *_boxes(situation, spot, at), *_email(situation, spot, at)]


def _online(situation: Situation, spot: Spot, at: datetime) -> Iterator[Option]:
    opens = _first(situation, spot, at, _is_remote_open) if ONLINE in situation.offer.channels else None
    if opens is None:
        return
    closed = _closed(situation, spot, at)
    if opens <= at:
        said = Sentence("{closed}. Permohonan Anda tetap dikerjakan petugas.", closed=closed) if closed else None
        yield Option(ONLINE, spot, said or Sentence("Tanpa datang ke kantor; kabarnya kami kirim kepada Anda."), works_now=True)
    else:
        when = _here(situation, spot, opens)
        said = Sentence("{closed}. Permohonan daring dapat diajukan lagi {when}.", closed=closed, when=when) if closed else None
        yield Option(ONLINE, spot, said or Sentence("Permohonan daring dapat diajukan lagi {when}.", when=when), works_now=False, next_at=opens)


def _counter(situation: Situation, spot: Spot, at: datetime) -> Iterator[Option]:
    opens = next_service(situation, spot.id, at) if COUNTER in situation.offer.channels else None
    if opens is None:
        return
    if opens <= at:
        yield Option(COUNTER, spot, Sentence("Loket buka sekarang."), works_now=True, place=spot.address)
    else:
        said = Sentence("Loket buka lagi {when}.", when=_here(situation, spot, opens))
        yield Option(COUNTER, spot, said, works_now=False, next_at=opens, place=spot.address)


def _boxes(situation: Situation, spot: Spot, at: datetime) -> Iterator[Option]:
    if DROPBOX not in situation.offer.channels:
        return
    set_up = () if situation.picture.nodes[spot.id].has_dropbox else (Box(0, ""),)  # a closure sets one up, and its notice says where
    for box in spot.boxes or set_up:
        opens = _first(situation, spot, at, _is_box_open, box)
        if opens is not None:
            is_now, is_shut = opens <= at, not _has_box(situation, spot, at)
            yield Option(DROPBOX, spot, _of_box(box, None if is_now else _here(situation, spot, opens)), works_now=is_now, next_at=None if is_now else opens,
                         place=box.place, box=box.id or None, is_shut=is_shut)  # fmt: skip


def _of_box(box: Box, when: datetime | None) -> Sentence:
    if not box.place:
        return Sentence("Kotak surat di kantor ini.") if when is None else Sentence("Kotak surat di kantor ini, mulai {when}.", when=when)
    if when is None:
        return Sentence("Kotak surat: {place}.", place=box.place)
    return Sentence("Kotak surat: {place}. Dapat dicapai lagi {when}.", place=box.place, when=when)


def _email(situation: Situation, spot: Spot, at: datetime) -> Iterator[Option]:
    opens = _first(situation, spot, at, _is_remote_open) if EMAIL in situation.offer.channels and spot.email else None
    if opens is None:
        return
    if opens <= at:
        yield Option(EMAIL, spot, Sentence("Kirim surat ke {address}.", address=spot.email), works_now=True, place=spot.email)
    else:
        said = Sentence("Kirim surat ke {address}, mulai {when}.", address=spot.email, when=_here(situation, spot, opens))
        yield Option(EMAIL, spot, said, works_now=False, next_at=opens, place=spot.email)


def _diverted(situation: Situation, spot: Spot, at: datetime) -> Iterator[Option]:
    """Where the closures that take the service here divert it, as long as they do; never back to where one came from."""
    closures = [window.id for window in _taking(situation, spot, at)]
    for place in dict.fromkeys(place for closure in closures for place in situation.contacts.get(closure, ())):
        yield Option(CONTACT, spot, Sentence("Penutupan ini mengalihkan layanan ke {place}.", place=place), works_now=False, place=place)
    offices = [each for closure in closures for each in situation.diversions.get(closure, ()) if each[0] != spot.id and each[0] in situation.spots]
    for to, until in dict(reversed(offices)).items():
        opens, other = _serves(situation, to, at), situation.spots[to]
        if opens is None or (until is not None and opens >= until):
            continue
        if opens <= at:
            yield replace(_other(spot, other, Sentence("Penutupan ini mengalihkan layanan ke {office}.", office=other.name)), is_diverted=True)
        else:
            when = _here(situation, other, opens)
            said = Sentence("Penutupan ini mengalihkan layanan ke {office}, buka lagi {when}.", office=other.name, when=when)
            yield replace(_other(spot, other, said, opens), is_diverted=True)


def _nearest(situation: Situation, spot: Spot, known: set[int], own: list[Option], at: datetime) -> list[Option]:
    """The nearest offices that serve now; where none does, of the nearest those that serve sooner than this one."""
    others = [other for id, other in situation.spots.items() if id != spot.id and id not in known]
    others.sort(key=lambda other: ((km := _km(spot, other)) is None, km or 0.0, other.name))
    serving = [other for other in others if _serves_now(situation, other, at)][:_MOST_NEAR]
    if serving:
        return [_other(spot, other, Sentence("{office} melayani sekarang.", office=other.name)) for other in serving]
    soonest = min((each.next_at for each in own if each.next_at is not None), default=None)
    found = []
    for other in others if soonest is None else others[:_MOST_NEAR]:
        opens = _serves(situation, other.id, at)
        if opens is not None and (soonest is None or opens < soonest):
            said = Sentence("{office} melayani lagi {when}.", office=other.name, when=_here(situation, other, opens))
            found.append(_other(spot, other, said, opens))
    return sorted(found, key=_helpfulness)[:_MOST_NEAR]


def _other(spot: Spot, other: Spot, sentence: Sentence, opens: datetime | None = None) -> Option:
    return Option(ELSEWHERE, other, sentence, works_now=opens is None, next_at=opens, place=other.address, km=_km(spot, other))


def _serves_now(situation: Situation, other: Spot, at: datetime) -> bool:
    if COUNTER not in situation.offer.channels:
        return any(each.works_now for each in _own(situation, other, at))
    return situation.picture.condition(situation.picture.nodes[other.id], at).channels.counter and _closed_singly(situation, other, at) is None


def _serves(situation: Situation, office: int, at: datetime) -> datetime | None:
    """From when on another office helps: its counter serves, or, of a service that no counter gives, one of its channels works."""
    if COUNTER in situation.offer.channels:
        return next_service(situation, office, at)
    own = _own(situation, situation.spots[office], at)
    return min([each.next_at or at for each in own if each.works_now or each.next_at is not None], default=None)


def _first(situation: Situation, spot: Spot, at: datetime, works: Callable[..., datetime | None], *facts: Any) -> datetime | None:
    """The first moment from now on at which a way works: looked for now, and wherever a closure begins or ends."""
    edges = {edge for window in situation.picture.touching(situation.picture.nodes[spot.id]) for edge in window.edges() if edge > at}
    return next((opens for moment in [at, *sorted(edges)] if (opens := works(situation, spot, moment, *facts)) is not None), None)


def _is_remote_open(situation: Situation, spot: Spot, at: datetime) -> datetime | None:
    """This moment, where no closure takes online and e-mail from the service."""
    return None if shut.is_remote_shut(situation.picture, situation.picture.nodes[spot.id], situation.offer.slug, at) else at


def _is_box_open(situation: Situation, spot: Spot, at: datetime, box: Box) -> datetime | None:
    """When one can next reach a box, where no closure then takes it."""
    opens = _next_hours(box, at)
    return opens if opens is not None and _has_box(situation, spot, opens) else None


def _has_box(situation: Situation, spot: Spot, at: datetime) -> bool:
    return shut.has_box(situation.picture, situation.picture.nodes[spot.id], situation.offer.slug, at)


def _next_hours(box: Box, at: datetime) -> datetime | None:
    if box.timetable is None:
        return at
    for offset in range(_LOOKED_AHEAD):
        full, reduced = box.timetable.spans(box.timetable.today(at) + timedelta(days=offset))
        for start, end in sorted(full + reduced):
            if end > at:
                return max(start, at)
    return None


def _taking(situation: Situation, spot: Spot, at: datetime) -> list[Window]:
    return shut.taking(situation.picture, situation.picture.nodes[spot.id], situation.offer.slug, at)


def _closed_singly(situation: Situation, spot: Spot, at: datetime) -> Window | None:
    """The closure that takes just this service at an office, if one runs."""
    return situation.picture.closed_services(situation.picture.nodes[spot.id], at).get(situation.offer.slug)


def _closed(situation: Situation, spot: Spot, at: datetime) -> Sentence | None:
    """How an office, or this service at it, is closed; nothing where it is not."""
    node = situation.picture.nodes[spot.id]
    outlook, single = situation.picture.outlook(node, at), _closed_singly(situation, spot, at)
    if outlook.state not in _CLOSED and single is None:
        return None
    until = outlook.until if outlook.state in _CLOSED else single.ends_at  # type: ignore[union-attr]
    ending, endless = _CLOSED.get(outlook.state, _SINGLY)
    return Sentence(endless) if until is None else Sentence(ending, last=last_of(until, node.timetable.zone))


_CLOSED = {
    REMOTE: (later("Kantor ini tutup tatap muka sampai {last}"), later("Kantor ini tutup tatap muka sampai pemberitahuan lebih lanjut")),
    SUSPENDED: (later("Kantor ini tutup total sampai {last}"), later("Kantor ini tutup total sampai pemberitahuan lebih lanjut")),
}
_SINGLY = (later("Layanan ini tutup tatap muka sampai {last}"), later("Layanan ini tutup tatap muka sampai pemberitahuan lebih lanjut"))


def _here(situation: Situation, spot: Spot, moment: datetime) -> datetime:
    return moment.astimezone(situation.picture.nodes[spot.id].timetable.zone)


def _km(spot: Spot, other: Spot) -> float | None:
    if None in (spot.lat, spot.lon, other.lat, other.lon):
        return None
    return distance_km(spot.lat, spot.lon, other.lat, other.lon)  # type: ignore[arg-type]
