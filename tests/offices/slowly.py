"""The state of an office worked out slowly and plainly, from the words of the contract: what the quick one is measured against."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.offices import hours, state

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SERVICES = ("akta-lahir", "ktp")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
FIRST = date(2020, 12, 29)  # the New Year falls into every world


@dataclass
class Place:
    """An office with all that decides its hours; times are pairs of minutes."""

    id: int
    above: "Place | None"
    zone: ZoneInfo
    week: list[list[tuple[int, int]]]
    holiday_hours: list[tuple[int, int]]
    holidays: set[date]
    specials: list[tuple[date, date, list[tuple[int, int]]]]
    cuts: list[tuple[date, date | None, list[tuple[int, int]]]]
    has_box: bool

    def line(self) -> list["Place"]:
        """Itself and all above it."""
        return [self, *(self.above.line() if self.above else [])]

    def own_counter(self, at: datetime) -> tuple[bool, bool]:
        """Whether it would serve were nothing closed, and whether with hours that a policy cut."""
        local = at.astimezone(self.zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        for first, last, special in self.specials:
            if first <= day <= last:
                return any(start <= minute < end for start, end in special), False
        usual = self.holiday_hours if day in self.holidays else self.week[day.weekday()]
        inside = any(start <= minute < end for start, end in usual)
        for first, last, left in self.cuts:
            if first <= day and (last is None or day <= last):
                is_cut = any(not any(begin <= each < finish for begin, finish in left) for start, end in usual for each in range(start, end))
                return inside and any(start <= minute < end for start, end in left), is_cut
        return inside, False


@dataclass
class Shut:
    """A closure: which offices it marks as taken (True) or excepted (False), when, and what it says of channels."""

    id: int
    starts: datetime
    ends: datetime | None
    marks: dict[int, bool]
    online: bool | None
    dropbox: bool | None
    detours: list[tuple[datetime | None, datetime | None]]
    services: frozenset[str] = frozenset()

    def takes(self, place: Place) -> bool:
        """A closure of single services takes no place."""
        return not self.services and self.concerns(place)

    def concerns(self, place: Place) -> bool:
        """The nearest mark on the way up decides."""
        for each in place.line():
            if each.id in self.marks:
                return self.marks[each.id]
        return False


@dataclass
class World:
    """One tree of places and all their closures."""

    places: list[Place]
    shuts: list[Shut]

    def below(self, place: Place) -> list[Place]:
        return [each for each in self.places if each is not place and place in each.line()]

    def running(self, at: datetime) -> list[Shut]:
        return [each for each in self.shuts if each.starts <= at and (each.ends is None or at < each.ends)]

    def parts_left_open(self, place: Place, at: datetime) -> list[Place]:
        takers = [shut for shut in self.running(at) if shut.takes(place)]
        return [part for part in self.below(place) if any(shut.marks.get(part.id) is False for shut in takers)]

    def is_taken(self, place: Place, at: datetime) -> bool:
        return any(shut.takes(place) for shut in self.running(at))

    def is_wholly_closed(self, place: Place, at: datetime) -> bool:
        return self.is_taken(place, at) and all(self.is_wholly_closed(part, at) for part in self.parts_left_open(place, at))

    def counter(self, place: Place, at: datetime) -> bool:
        if self.is_taken(place, at):
            return any(self.counter(part, at) for part in self.parts_left_open(place, at))
        return place.own_counter(at)[0]

    def said(self, place: Place, at: datetime) -> tuple[str, tuple[bool, bool, bool, bool], frozenset[int]]:
        """State, channels (counter, online, drop box, e-mail), and the closures that have a part in it."""
        running = self.running(at)
        concern = [shut for shut in running if any(shut.concerns(each) for each in [place, *self.below(place)])]
        takers = [shut for shut in running if shut.takes(place)]
        online = not any(shut.online is False for shut in takers)
        boxes = [shut.dropbox for shut in takers if shut.dropbox is not None]
        box = (False not in boxes) if boxes else place.has_box
        concerned = frozenset(shut.id for shut in concern)
        if self.is_wholly_closed(place, at):
            diverted = any((since is None or since <= at) and (until is None or at < until) for shut in takers for since, until in shut.detours)
            return ("remote" if online or box or diverted else "suspended"), (False, online, box, online), concerned
        if not self.counter(place, at):
            return "off_hours", (False, online, box, online), concerned
        is_cut = not takers and place.own_counter(at)[1]
        return ("limited" if concern or is_cut else "open"), (True, online, box, online), concerned

    def services(self, place: Place, at: datetime) -> dict[str, tuple[datetime | None, bool, bool | None]]:
        """What is closed singly here: how long, whether online serves it still, and what is said of the drop box for it."""
        found = {}
        for service in SERVICES:
            shuts = [shut for shut in self.running(at) if service in shut.services and shut.concerns(place)]
            if shuts:
                ends = [shut.ends for shut in shuts]
                boxes = [shut.dropbox for shut in shuts if shut.dropbox is not None]
                online = all(shut.online is not False for shut in shuts)
                found[service] = (None if None in ends else max(ends), online, (False not in boxes) if boxes else None)
        return found

    def edges(self, days: int) -> list[datetime]:
        """Every moment at which anything can change."""
        found = {moment for shut in self.shuts for pair in [(shut.starts, shut.ends), *shut.detours] for moment in pair if moment}
        for place in self.places:
            dated = [hours for *_, hours in [*place.specials, *place.cuts]]
            minutes = {minute for intervals in [*place.week, place.holiday_hours, *dated] for pair in intervals for minute in pair}
            for day in (FIRST + timedelta(days=offset) for offset in range(-2, days)):
                found |= {datetime.combine(day, time(), place.zone) + timedelta(minutes=minute) for minute in {0, *minutes}}
        return sorted(found)


def picture(world: World) -> state.Picture:
    """The same world as the portal sees it."""
    nodes: dict[int, state.Node] = {}
    for place in world.places:
        timetable = hours.Timetable(
            hours.parse(written(place)),
            place.zone,
            dict.fromkeys(place.holidays, "Libur"),
            tuple(hours.Special(first, last, tuple(times), "") for first, last, times in place.specials),
            tuple(hours.Reduction(first, last, tuple(times), "SE") for first, last, times in place.cuts),
        )
        nodes[place.id] = state.Node(place.id, timetable, nodes[place.above.id] if place.above else None, place.has_box)
    windows = [
        state.Window(shut.id, shut.starts, shut.ends, shut.marks, shut.online, shut.dropbox, tuple(state.Detour(*each) for each in shut.detours), shut.services)
        for shut in world.shuts
    ]
    return state.Picture(nodes, windows)


def written(place: Place) -> str:
    """Its week as a file would say it."""
    return "; ".join(f"{day} {times(intervals)}" for day, intervals in zip((*DAYS, "PH"), [*place.week, place.holiday_hours], strict=True))


def times(intervals: list[tuple[int, int]]) -> str:
    return ",".join(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in intervals) or "off"


_quarters = st.integers(0, 96).map(lambda quarter: quarter * 15)
intervals = st.lists(_quarters, unique=True, max_size=4).map(sorted).map(lambda edges: [pair for number, pair in enumerate(pairwise(edges)) if number % 2 == 0])
_usual = st.one_of(st.sampled_from([[], [(0, 1440)], [(480, 960)], [(480, 720), (780, 960)]]), intervals)
days = st.integers(-1, 7).map(lambda offset: FIRST + timedelta(days=offset))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A tree at most four deep in one zone, closed here and there over the New Year."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    holidays = draw(st.sets(days, max_size=2)) | {date(2021, 1, 1)}
    places: list[Place] = []
    for id in range(1, draw(st.integers(1, 7)) + 1):
        above = draw(st.sampled_from([each for each in places if len(each.line()) < 4])) if places else None
        week = draw(st.one_of(_usual.map(lambda usual: [usual] * 7), st.lists(_usual, min_size=7, max_size=7)))
        specials = [(*sorted((draw(days), draw(days))), draw(_usual)) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
        cuts = [(draw(days), draw(st.one_of(st.none(), days)), draw(_usual)) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
        places.append(Place(id, above, zone, week, draw(_usual), holidays, specials, cuts, draw(st.booleans())))
    return World(places, [draw(_shuts(id, zone, [each.id for each in places])) for id in range(1, draw(st.integers(0, 4)) + 1)])


@st.composite
def _shuts(draw: st.DrawFn, id: int, zone: ZoneInfo, ids: list[int]) -> Shut:
    starts = _moment(draw, zone)
    length = draw(
        st.one_of(
            st.none(), st.sampled_from([1, 2, 3]).map(lambda days: timedelta(days=days)), st.integers(1, 4000).map(lambda minutes: timedelta(minutes=minutes))
        )
    )
    marks = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from([True, True, False]), min_size=1, max_size=5))
    said = st.sampled_from([None, True, False, False])
    detours = [
        tuple(datetime.combine(day, time(), zone) if day else None for day in (draw(st.none() | days), draw(st.none() | days)))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]
    services = draw(st.sampled_from([(), (), SERVICES[:1], SERVICES[1:], SERVICES]).map(frozenset))
    return Shut(id, starts, starts + length if length else None, marks, draw(said), draw(said), detours, services)


def _moment(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    minute = draw(st.one_of(st.just(0), st.integers(0, 1439)))
    return datetime.combine(draw(days), time(minute // 60, minute % 60), zone)
