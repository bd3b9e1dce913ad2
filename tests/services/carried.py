"""Citizens, officers and heads of offices in any order, around closures; after every step what must hold is held against the rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from portal import continuity
from portal.audit import Actor
from portal.clock import midnight
from portal.db import database
from portal.offices import closures
from portal.offices.closures import Detour, Plan
from portal.offices.models import Closure, DropBox, Office
from portal.people.models import Person
from portal.refusals import Refused
from portal.services import following, handling, offers, requests
from portal.services.models import Service, ServiceRequest
from tests import make
from tests.services.kept import Kept, check_told, check_untold

HEAD, OFFICER = Actor("Kepala Kantor", 7), Actor("Sari Petugas", 1)
FRIDAY_IS = 4
FRIDAY = make.local("2020-09-18T07:00")
DAYS = st.sampled_from([3, 3, 4, 3, 0, 1, 2, 5, -1])  # from a Friday: mostly the Monday after, on which most have an appointment
HOURS = st.sampled_from([0, 0, 0, 8, 8.5, 7])
LENGTHS = st.sampled_from([24, 48, 72, None, 24, 1, 33, 96])
PICKS = st.integers(0, 7)


@dataclass
class Ground:
    """The small country: two offices in one zone, a part of the first, and one far in the east; two services."""

    offices: list[Office]
    services: list[Service]
    officer: Person

    def ask(self, office: int, service: int, channel: str, now: datetime, slot: datetime | None = None, **contact: Any) -> ServiceRequest:
        """At the counter, by an officer, so that no way in is looked for."""
        usual = {"email": "warga@example.org", "filed_by": self.officer, **contact}
        return requests.submit(make.asked(self.services[service], self.offices[office], channel=channel, slot=slot, **usual), now=now)

    @classmethod
    def made(cls) -> "Ground":
        hall = make.office("Balai Kota", opening="Mo-Fr 08:00-09:00", desks=2)
        annex = make.office("Gedung Lain", opening="Mo-Fr 08:30-09:00", desks=1)
        floor = make.unit(hall, "Lantai 2", opening="Mo-Fr 08:00-08:30", desks=1)
        east = make.office("Kantor Timur", opening="Mo-Fr 08:00-09:00", desks=1, timezone="Asia/Jayapura")
        DropBox.create(office=hall, place="Lobi")
        offices = [hall, annex, floor, east]
        card = make.service("Kartu keluarga", at=offices, channels=["counter", "dropbox"], working_days=2)
        letter = make.service("Surat", at=offices, working_days=3)
        ground = cls(offices, [card, letter], make.person("Sari Petugas"))
        for office, service, at in ((0, 0, "21T08:00"), (0, 1, "21T08:00"), (0, 1, "21T08:15"), (1, 1, "22T08:30"), (2, 0, "21T08:00"), (3, 1, "21T08:00")):
            ground.ask(office, service, "counter", FRIDAY, make.local(f"2020-09-{at}", offices[office].timezone))
        waits = ground.ask(0, 1, "online", FRIDAY)
        handling.ready(waits, "Loket 3", by=OFFICER, now=FRIDAY)
        ground.ask(0, 1, "online", FRIDAY)
        ground.ask(0, 1, "dropbox", FRIDAY)
        return ground


class Carried(RuleBasedStateMachine):
    """Time only goes forward; each example is undone at its end."""

    ground: Ground  # made once, before the examples

    def __init__(self) -> None:
        super().__init__()
        self.undone = database.atomic()
        self.transaction = self.undone.__enter__()
        self.now: datetime = FRIDAY
        self.acted: list[int] = []
        self.kept = Kept.now()

    def teardown(self) -> None:
        self.transaction.rollback()
        self.undone.__exit__(None, None, None)

    # The people

    @rule(office=st.integers(0, 3), service=st.integers(0, 1), channel=st.sampled_from(["counter", "counter", "online", "dropbox"]), pick=PICKS,
          has_mail=st.booleans(), has_phone=st.booleans())  # fmt: skip
    def ask(self, office, service, channel, pick, has_mail, has_phone) -> None:
        contact = {"email": "warga@example.org" if has_mail else "", "phone": "081200000000" if has_phone else "", "origin": "door", "is_brief": True}
        self.other(self.ground.ask, office, service, channel, slot=self.slot(pick, office), now=self.now, **contact)

    @precondition(lambda self: self.kept.requests)
    @rule(pick=PICKS, what=st.sampled_from(["accept", "choose", "online", "dropbox", "cancel"]), slot=PICKS)
    def citizen(self, pick, what, slot) -> None:
        asked = sorted(self.kept.offers)
        request = ServiceRequest.get_by_id(asked[pick % len(asked)]) if asked and pick < 6 else self.picked(pick)
        if what == "accept":
            self.other(offers.accept, request, now=self.now)
        elif what == "cancel":
            self.other(following.cancel, request, now=self.now)
        elif what == "choose":
            self.other(following.reschedule, request, self.slot(slot, request.office_id), now=self.now)
        else:
            self.other(offers.switch, request, what, now=self.now)

    @precondition(lambda self: self.kept.requests)
    @rule(
        pick=PICKS,
        what=st.sampled_from(["ready", "ready", "claim", "came", "stayed_away", "finish", "hand_over", "counter", "reopen"]),
        office=st.integers(0, 3),
    )
    def officer(self, pick, what, office) -> None:
        request, usual = self.picked(pick), {"by": OFFICER, "now": self.now}
        acts: dict[str, Any] = {
            "ready": (handling.ready, request, "Loket 3"), "claim": (handling.claim, request, self.ground.officer), "came": (handling.came, request),
            "stayed_away": (handling.stayed_away, request), "finish": (handling.finish, request), "reopen": (handling.reopen, request, "Salah."),
            "hand_over": (handling.hand_over, request, self.ground.offices[office], "Salah alamat."),
            "counter": (handling.change_channel, request, "counter", "Perlu datang.")}  # fmt: skip
        self.other(*acts[what], **usual)

    @rule(hours=st.sampled_from([1, 13, 24, 26, 49, 72]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # The closures

    @rule(taken=st.sampled_from([(0,), (0,), (0, 1), (1,), (2,), (1, 2), (3,)]), day=DAYS, hours=HOURS, length=LENGTHS,
          service=st.sampled_from([None, None, None, 0, 1]), online=st.sampled_from([None, None, False]), dropbox=st.sampled_from([None, True, False]),
          diverted=st.sampled_from([None, None, 0, 1, 3]), is_excepted=st.booleans(), is_previewed=st.integers(0, 7))  # fmt: skip
    def close(self, taken, day, hours, length, service, online, dropbox, diverted, is_excepted, is_previewed) -> None:
        offices = [self.ground.offices[each] for each in taken]
        zone = ZoneInfo(offices[0].timezone)
        start = midnight(self.now.astimezone(zone).date() + timedelta(days=day), zone) + timedelta(hours=hours)
        slugs = (self.ground.services[service].slug,) if service is not None else ()
        plan = Plan(offices, "flood", start, start + timedelta(hours=length) if length else None, services=slugs, online=online, dropbox=dropbox,
                    excepted=[self.ground.offices[2]] if is_excepted and taken == (0,) else [], is_whole_days=False,
                    detours=[Detour(self.ground.offices[diverted])] if diverted is not None else [],
                    review_on=start.date() + timedelta(days=3), import_key=f"k{len(self.acted)}")  # fmt: skip
        foreseen = self.foreseen(plan) if is_previewed == 0 else None
        closure = self.act(continuity.close, plan, by=HEAD)
        if closure is not None:
            self.acted.append(closure.id)
            again = continuity.close(plan, by=HEAD, now=self.now)
            assert again == closure
            self.kept.assert_same()
            if foreseen is not None:
                told = {each.request: {**each.facts, "closure": 0} for each in self.kept.effects if each.closure == closure.id}
                assert told == foreseen

    @precondition(lambda self: self.acted)
    @rule(pick=PICKS, length=LENGTHS)
    def extend(self, pick, length) -> None:
        before = self.declared(pick)
        since: datetime = max(self.now, before.starts_at)
        review: date = since.date() + timedelta(days=4)
        self.change(before, continuity.extend, None if length is None else (before.ends_at or since) + timedelta(hours=length), review_on=review)

    @precondition(lambda self: self.acted)
    @rule(pick=PICKS, part=st.sampled_from([2, 3, 4, 24]))
    def shorten(self, pick, part) -> None:
        before = self.declared(pick)
        since = max(self.now, before.starts_at)
        self.change(before, continuity.shorten, since + ((before.ends_at or since + timedelta(days=3)) - since) / part)

    @precondition(lambda self: self.acted)
    @rule(pick=PICKS, verb=st.sampled_from([continuity.reopen, continuity.withdraw, continuity.withdraw]))
    def end(self, pick, verb) -> None:
        before = self.declared(pick)
        if self.change(before, verb) is not None:
            assert self.change(before, verb) is None

    def declared(self, pick: int) -> Closure:
        """One of the closures that were declared, the last ones most often."""
        found: Closure = Closure.get_by_id(self.acted[-1 - pick % min(len(self.acted), 3)])
        return found

    def change(self, before: Closure, verb: Any, *given: Any, **facts: Any) -> Closure | None:
        """An act on a closure, refused where that is over."""
        is_over = closures.status(Closure.get_by_id(before.id), self.now) in {closures.ENDED, closures.WITHDRAWN}
        done = self.act(verb, before, *given, reason="Berubah.", by=HEAD, **facts)
        assert not (is_over and done is not None)
        return done

    def foreseen(self, plan: Plan) -> dict[int, Any] | None:
        """What the preview says would be told to whom; it leaves nothing behind."""
        try:
            found = continuity.preview(plan, now=self.now, rows=[])
        except Refused:
            return None
        finally:
            self.kept.assert_same()
        return {each.id: {**each.facts, "closure": 0} for each in found.effects}

    def act(self, verb: Any, *given: Any, **facts: Any) -> Closure | None:
        """An act on a closure: refused it changes nothing, done it carries everybody with it, and tells them."""
        try:
            done: Closure = verb(*given, now=self.now, **facts)
        except Refused:
            self.kept.assert_same()
            return None
        before, self.kept = self.kept, Kept.now()
        check_told(before, self.kept, done, self.now)
        return done

    def other(self, verb: Any, *given: Any, **facts: Any) -> None:
        """An act that is none on a closure: done or refused, nobody is told of a closure."""
        try:
            verb(*given, **facts)
        except Refused:
            self.kept.assert_same()
            return
        before, self.kept = self.kept, Kept.now()
        check_untold(before, self.kept)

    def slot(self, pick: int, office: int) -> datetime:
        """Some quarter of an hour on one of the next days; the counter may have it."""
        zone = ZoneInfo(next((each.timezone for each in self.ground.offices if each.id == office), "Asia/Jakarta"))
        day = midnight(self.now.astimezone(zone).date() + timedelta(days=pick // 3 + (3 if self.now.weekday() == FRIDAY_IS else 1)), zone)
        return day + timedelta(hours=8, minutes=15 * (pick % 3))

    def picked(self, pick: int) -> ServiceRequest:
        ids = sorted(self.kept.requests)
        found: ServiceRequest = ServiceRequest.get_by_id(ids[pick % len(ids)])
        return found

    @invariant()
    def what_must_hold_holds(self) -> None:
        self.kept.check(self.now)
