"""What is said of an office of which a part or a service is closed while the rest serves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices.state import Node, Outlook, Picture, Window, covers, reaches
from portal.words import Sentence, later

_MARGIN = timedelta(microseconds=1)
_PARTS_SHUT = {  # whether an end is known, whether the rest serves now, whether it closes before that end
    (True, True, True): later("{parts} tutup sampai {end}. Bagian lain buka sampai {closes}."),
    (True, True, False): later("{parts} tutup sampai {end}. Bagian lain melayani."),
    (True, False, True): later("{parts} tutup sampai {end}."),
    (True, False, False): later("{parts} tutup sampai {end}."),
    (False, True, False): later("{parts} tutup sampai pemberitahuan lebih lanjut. Bagian lain melayani."),
    (False, False, False): later("{parts} tutup sampai pemberitahuan lebih lanjut."),
}
_SERVICES_SHUT = {
    (True, True, True): later("Layanan {services} tutup sampai {end}. Layanan lain buka sampai {closes}."),
    (True, True, False): later("Layanan {services} tutup sampai {end}. Layanan lain tetap buka."),
    (True, False, True): later("Layanan {services} tutup sampai {end}."),
    (True, False, False): later("Layanan {services} tutup sampai {end}."),
    (False, True, False): later("Layanan {services} tutup sampai pemberitahuan lebih lanjut. Layanan lain tetap buka."),
    (False, False, False): later("Layanan {services} tutup sampai pemberitahuan lebih lanjut."),
}


@dataclass(frozen=True)
class Partly:
    """Closures of a picture with the names of the offices that they mark and of the services that they take."""

    picture: Picture
    names: dict[int, tuple[str, str]]  # office id -> slug, name
    services: dict[int, dict[str, str]]  # closures that take only services -> their slugs and names

    def sentence(self, node: Node, outlook: Outlook, name: str) -> Sentence:
        """Which parts and services are closed and what still serves; where all but an exception is closed, what the exception is."""
        windows = [window for window in self.picture.touching(node) if window.id in outlook.condition.closures]
        groups = self._closed_services(node, outlook, [window for window in windows if window.services], name)
        said = self._closed_parts(node, outlook, [window for window in windows if not window.services], name, is_last=not groups)
        for number, (end, services) in enumerate(groups, 1):
            key, facts = self._until(node, outlook, end, is_last=number == len(groups))
            said.append(Sentence(_SERVICES_SHUT[key], services=services, **facts))
        return reduce(lambda first, second: Sentence("{first} {second}", first=first, second=second), said)

    def _closed_parts(self, node: Node, outlook: Outlook, windows: list[Window], name: str, *, is_last: bool) -> list[Sentence]:
        if not windows:
            return []
        covering = [window for window in windows if covers(window, node)]
        parts = Listing(self._below(node, covering or windows, name, is_taken=not covering))
        end = latest(window.ends_at for window in windows)
        key, facts = self._until(node, outlook, end, is_last=is_last)
        if covering:
            text = later("Hanya {parts} yang buka, sampai {end}.") if end else later("Hanya {parts} yang buka, sampai pemberitahuan lebih lanjut.")
            return [Sentence(text, parts=parts, **facts)]
        return [Sentence(_PARTS_SHUT[key], parts=parts, **facts)]

    def _closed_services(self, node: Node, outlook: Outlook, windows: list[Window], name: str) -> list[tuple[datetime | None, Any]]:
        """Services that are closed singly, those that end together in one listing, the earliest end first; with the part where it is one below."""
        groups: dict[tuple[datetime | None, tuple[str, ...]], set[str]] = defaultdict(set)
        names = {slug: each for named in self.services.values() for slug, each in named.items()}
        for service, window in self.picture.closed_services(node, outlook.at).items():
            groups[window.ends_at, ()].add(names[service])
        for window in windows:
            if not reaches(window, node):
                groups[window.ends_at, self._below(node, [window], name, is_taken=True)].update(self.services[window.id].values())
        found = []
        for end, parts in sorted(groups, key=lambda group: (group[0] is None, group[0] or outlook.at, group[1])):
            services = listing(groups[end, parts])
            found.append((end, Sentence("{services} di {parts}", services=services, parts=Listing(parts)) if parts else services))
        return found

    def _below(self, node: Node, windows: list[Window], name: str, *, is_taken: bool) -> tuple[str, ...]:
        """Names of the parts below a node that closures take, or leave open."""
        wanted = {mark for window in windows for mark, taken in window.marks.items() if taken == is_taken}
        below = [mark for mark in sorted(wanted) if mark in self.picture.nodes and self.picture.nodes[mark].is_below(node)]
        return tuple(self.names[mark][1].removeprefix(name + ": ") for mark in below)

    def _until(self, node: Node, outlook: Outlook, end: datetime | None, *, is_last: bool) -> tuple[tuple[bool, bool, bool], dict[str, Any]]:
        """How a sentence of a closed part ends, and its facts; only the last says what of the rest serves."""
        zone = node.timetable.zone
        closes = outlook.until.astimezone(zone) if is_last and end and outlook.until and outlook.until < end else None  # at its end nothing closes
        facts = {**({"end": last_of(end, zone)} if end else {}), **({"closes": time_of(closes, outlook.at)} if closes else {})}
        return (bool(end), is_last and outlook.condition.channels.counter, bool(closes)), facts


@dataclass(frozen=True)
class Listing:
    """Names in a row, joined as the language does."""

    names: tuple[str, ...]


def listing(names: Iterable[str]) -> Listing:
    """Services in a row, behind the word that many of them begin with."""
    return Listing(tuple(sorted(name.removeprefix("Layanan ") for name in names)))


def last_of(end: datetime, zone: ZoneInfo) -> date | datetime:
    """An end as people say it: the last whole day before a midnight, else the moment."""
    local = end.astimezone(zone)
    return (local - _MARGIN).date() if (local.hour, local.minute, local.second) == (0, 0, 0) else local


def latest(ends: Iterable[datetime | None]) -> datetime | None:
    """The last of some ends; none where one of them is open."""
    held = list(ends)
    return None if None in held else max(end for end in held if end is not None)


def time_of(moment: datetime | None, at: datetime) -> Any:
    """Only the time where it is today, else day and time."""
    if moment is None:
        return None
    return moment.timetz().replace(tzinfo=None) if (moment - _MARGIN).date() == at.astimezone(moment.tzinfo).date() and moment.hour else moment
