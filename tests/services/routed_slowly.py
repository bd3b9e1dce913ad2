"""The ways to a service worked out slowly and plainly: what the quick ones are measured against."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.offices import hours
from portal.services import routing
from portal.services.models import CHANNELS
from tests.offices import slowly
from tests.offices.slowly import FIRST, SERVICES, Place, Shut, World

Told = tuple[str, int, bool, datetime | None]  # channel, place (or box, or what a contact says), works now, from when
_AHEAD = 16


@dataclass
class Post:
    """A drop box that takes the service: at a place, on all days within these minutes, or at any hour."""

    id: int
    place: int
    minutes: list[tuple[int, int]] | None


@dataclass
class Case:
    """A world, one service in it, the place where it is asked for, and where closures divert it."""

    world: World
    service: str
    channels: tuple[str, ...]
    here: Place
    posts: list[Post]
    mailed: set[int]  # places with an address for letters
    diverted: dict[int, list[tuple[int, datetime | None]]]
    contacts: dict[int, list[str]]
    near: list[Place]  # by distance

    def taking(self, place: Place, at: datetime) -> list[Shut]:
        return [shut for shut in self.world.running(at) if shut.concerns(place) and (not shut.services or self.service in shut.services)]

    def counter(self, place: Place, at: datetime) -> bool:
        return self.world.counter(place, at) and self.service not in self.world.services(place, at)

    def remote(self, place: Place, at: datetime) -> bool:
        return all(shut.online is not False for shut in self.taking(place, at))

    def has_box(self, place: Place, at: datetime) -> bool:
        said = [shut.dropbox for shut in self.taking(place, at) if shut.dropbox is not None]
        return False not in said if said else place.has_box

    def post(self, post: Post, place: Place, at: datetime) -> bool:
        local = at.astimezone(place.zone)
        minute = local.hour * 60 + local.minute
        return self.has_box(place, at) and (post.minutes is None or any(start <= minute < end for start, end in post.minutes))

    def first(self, works: Callable[[datetime], bool], at: datetime) -> datetime | None:
        """The first of all moments at which anything changes."""
        return next((moment for moment in [at, *(edge for edge in self.edges if edge > at)] if works(moment)), None)

    @cached_property
    def edges(self) -> list[datetime]:
        minutes = {minute for post in self.posts for pair in post.minutes or [] for minute in pair}
        days = (FIRST + timedelta(days=offset) for offset in range(-2, _AHEAD))
        of_boxes = {datetime.combine(day, time(), self.here.zone) + timedelta(minutes=minute) for day in days for minute in minutes}
        return sorted({*self.world.edges(_AHEAD), *of_boxes})

    def own(self, place: Place, at: datetime) -> list[Told]:
        """What the place itself offers."""
        ways: list[tuple[str, int, Callable[[datetime], bool]]] = []
        if "counter" in self.channels:
            ways.append(("counter", place.id, lambda moment: self.counter(place, moment)))
        if "online" in self.channels:
            ways.append(("online", place.id, lambda moment: self.remote(place, moment)))
        if "email" in self.channels and place.id in self.mailed:
            ways.append(("email", place.id, lambda moment: self.remote(place, moment)))
        if "dropbox" in self.channels and place.has_box:
            ways += [("dropbox", post.id, lambda moment, post=post: self.post(post, place, moment)) for post in self.posts if post.place == place.id]
        if "dropbox" in self.channels and not place.has_box:
            ways.append(("dropbox", 0, lambda moment: self.has_box(place, moment)))
        found = ((channel, id, self.first(works, at)) for channel, id, works in ways)
        return [(channel, id, opens == at, None if opens == at else opens) for channel, id, opens in found if opens is not None]

    def serves(self, place: Place, at: datetime) -> datetime | None:
        """From when on it helps those who come from elsewhere."""
        ways = [each for each in self.own(place, at) if each[0] == "counter" or "counter" not in self.channels]
        return min((at if is_now else opens for *_, is_now, opens in ways if is_now or opens), default=None)

    def ways(self, at: datetime) -> set[Told]:
        """All of them."""
        own, closures = self.own(self.here, at), [shut.id for shut in self.taking(self.here, at)]
        found: set[Told] = set(own) | {("contact", self.here.id, False, None) for id in closures if self.contacts.get(id)}
        known = set()
        by_id = {place.id: place for place in self.world.places}
        for id in closures:
            for to, until in self.diverted.get(id, []):
                opens = self.serves(by_id[to], at) if to != self.here.id and to not in known else None
                if opens is not None and (until is None or opens < until):
                    known.add(to)
                    found.add(("elsewhere", to, opens == at, None if opens == at else opens))
        return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    world = draw(slowly.worlds())
    ids = [place.id for place in world.places]
    minutes = st.sampled_from([None, None, [(480, 960)], [(0, 1440)], [(420, 600), (660, 1020)]])
    with_box = [place.id for place in world.places if place.has_box]
    posts = [Post(number, draw(st.sampled_from(with_box)), draw(minutes)) for number in range(1, draw(st.integers(0, 3)) + 1)] if with_box else []
    ends = {shut.id: shut.ends for shut in world.shuts}
    diverted: dict[int, list[tuple[int, datetime | None]]] = {}
    for id, to in draw(st.lists(st.tuples(st.sampled_from(sorted(ends)), st.sampled_from(ids)), max_size=4, unique=True)) if ends else []:
        diverted.setdefault(id, []).append((to, ends[id]))
    contacts = {id: ["Balai warga"] for id in draw(st.sets(st.sampled_from(sorted(ends)), max_size=2))} if ends else {}
    channels = tuple(draw(st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True)))
    here = draw(st.sampled_from(world.places))
    near = draw(st.permutations([place for place in world.places if place is not here]))
    return Case(world, draw(st.sampled_from(SERVICES)), channels, here, posts, draw(st.sets(st.sampled_from(ids))), diverted, contacts, near)


def situation(case: Case) -> routing.Situation:
    """The same case as the portal sees it; who is near stands a tenth of a degree further each."""
    order = [case.here.id, *(place.id for place in case.near)]
    spots = {place.id: _spot(case, place, order.index(place.id)) for place in case.world.places}
    diversions = {id: tuple(its) for id, its in case.diverted.items()}
    contacts = {id: tuple(its) for id, its in case.contacts.items()}
    return routing.Situation(routing.Offer(case.service, case.channels), slowly.picture(case.world), spots, diversions, contacts)


def _spot(case: Case, place: Place, far: int) -> routing.Spot:
    boxes = tuple(routing.Box(post.id, f"kotak {post.id}", _timetable(post, place.zone)) for post in case.posts if post.place == place.id)
    mail = "surat@kantor.example" if place.id in case.mailed else ""
    return routing.Spot(place.id, f"kantor-{place.id}", f"Kantor {place.id}", "", mail, -6.2, 106.8 + far / 10, boxes)


def _timetable(post: Post, zone: ZoneInfo) -> hours.Timetable | None:
    return hours.Timetable(hours.parse("Mo-Su,PH " + slowly.times(post.minutes)), zone) if post.minutes else None
