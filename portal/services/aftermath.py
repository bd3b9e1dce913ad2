"""What a closure did to people: who was affected, reached how and when, what they answered, and who is still to be called."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, SQL, Case, fn

from portal import outbox
from portal.offices.models import Closure, ClosureEvent, Office
from portal.outbox import Letter
from portal.services.figures import veiled
from portal.services.models import ClosureEffect, Service, ServiceRequest, SlotOffer

TO_CALL, FAILED, NOBODY, WAITS, CALLED, MAILED, NEEDLESS = "to_call", "failed", "nobody", "waits", "called", "mailed", "needless"
REACHES = (TO_CALL, FAILED, NOBODY, WAITS, CALLED, MAILED, NEEDLESS)  # in the order in which somebody has something to do
TOLD = (CALLED, MAILED)
_KNOWING = (*TOLD, NEEDLESS)  # needless: it was as before, before anybody could be told otherwise
KINDS = ("slot", "pickup", "box", "counter", "online", "channel", "office", "due", "earlier")  # what hits hardest first
_STATES = {outbox.TO_CALL: TO_CALL, outbox.FAILED: FAILED, outbox.WAITS: WAITS, outbox.REACHED: CALLED, outbox.SENT: MAILED,
           outbox.OVERTAKEN: NEEDLESS}  # fmt: skip
_AT_ONCE = 500


@dataclass(frozen=True)
class Affected:
    """One person at one act: what changed, how the news reached them, and what they answered."""

    effect: ClosureEffect  # with its request, service and office
    letter: Letter | None
    offer: SlotOffer | None

    @property
    def request(self) -> ServiceRequest:
        found: ServiceRequest = self.effect.request
        return found

    @property
    def reach(self) -> str:
        return _STATES.get(self.letter.state, NOBODY) if self.letter else NOBODY

    @property
    def reached_at(self) -> datetime | None:
        """When they were told; none as long as they were not."""
        return (self.letter.sent_at or self.letter.reached_at) if self.letter else None

    @property
    def by(self) -> str:
        """Who told them by telephone."""
        return self.letter.reached_by if self.letter else ""


@dataclass(frozen=True)
class Act:
    """One act on the closure with those whom it touched, by how far the news has come."""

    event: ClosureEvent
    counts: dict[str, int]

    @property
    def affected(self) -> int:
        return sum(self.counts.values())

    @property
    def told(self) -> int:
        return sum(self.counts.get(reach, 0) for reach in TOLD)


@dataclass(frozen=True)
class Coverage:
    """How quickly the news spread: after each time since the act so many of all had been reached."""

    affected: int
    reached: list[timedelta]  # since the act, in order
    lasted: timedelta  # since the act until now

    def after(self, passed: timedelta) -> int:
        """How many had been reached by then."""
        return bisect_right(self.reached, passed)


@dataclass(frozen=True)
class Summary:
    """What may be published: people by what changed for them and by whether they were told; none stands for fewer than five, -1 for five or more held back."""

    affected: int | None
    kinds: dict[str, int | None]
    told: int | None
    untold: int | None


def acts(closure: Closure) -> list[Act]:
    """The acts on a closure in their order, each with its people; two questions."""
    counts: dict[int, dict[str, int]] = {}
    rows = _reached(closure).select(ClosureEffect.event, _reach().alias("reach"), fn.COUNT(ClosureEffect.id)).group_by(ClosureEffect.event, SQL("reach"))
    for event, reach, count in rows.tuples():
        counts.setdefault(event, {})[reach] = count
    events = ClosureEvent.select().where(ClosureEvent.closure == closure).order_by(ClosureEvent.at, ClosureEvent.id)
    return [Act(event, counts.get(event.id, {})) for event in events]


def people(closure: Closure) -> int:
    """How many requests it touched, by whatever act."""
    return int(ClosureEffect.select(fn.COUNT(ClosureEffect.request.distinct())).where(ClosureEffect.closure == closure).scalar())


def news(closure: Closure) -> tuple[int, int]:
    """How many people are told of it, and how many of them somebody still has to call; one question."""
    to_call = Case(None, [(Letter.state == outbox.TO_CALL, ClosureEffect.request)])
    counts = _reached(closure).select(fn.COUNT(ClosureEffect.request.distinct()), fn.COUNT(fn.DISTINCT(to_call)))
    told: tuple[int, int] = counts.where(Letter.state.is_null(False), Letter.state != outbox.OVERTAKEN).tuples().get()
    return told


def answers(closure: Closure) -> dict[str, int]:
    """How many have answered the slot that is held for them, by their answer; empty: not yet. What was replaced by a later offer does not count."""
    rows = SlotOffer.select(SlotOffer.answer, fn.COUNT(SlotOffer.id)).where(SlotOffer.closure == closure, SlotOffer.answer != "replaced")
    return dict(rows.group_by(SlotOffer.answer).tuples())


def listed(closure: Closure, event: int | None = None, reach: str = "", *, number: int = 1, size: int) -> list[Affected]:
    """A page of those affected, whom somebody still has to call first; with one more than the page holds where there are more. Three questions."""
    rank = Case(_reach(), [(name, place) for place, name in enumerate(REACHES)], len(REACHES))
    where = [ClosureEffect.event == event] if event is not None else []
    where += [_reach() == reach] if reach in REACHES else []
    found = _with_facts(closure).where(*where).order_by(rank, ClosureEffect.id).offset((number - 1) * size).limit(size + 1)
    return _affected(found)


def every(closure: Closure) -> Iterator[Affected]:
    """All that are affected, act by act, a few hundred read at a time."""
    last = 0
    while found := _affected(_with_facts(closure).where(ClosureEffect.id > last).order_by(ClosureEffect.id).limit(_AT_ONCE)):
        yield from found
        last = found[-1].effect.id


def numbers(closure: Closure, offices: Collection[int] | None) -> list[str]:
    """The numbers of all that are affected and are now at these offices; None is everywhere."""
    found = ServiceRequest.select(ServiceRequest.number).where(ServiceRequest.id.in_(ClosureEffect.select(ClosureEffect.request).where(
        ClosureEffect.closure == closure)))  # fmt: skip
    found = found if offices is None else found.where(ServiceRequest.office.in_(list(offices) or [0]))
    return [number for (number,) in found.order_by(ServiceRequest.id).tuples()]


def coverage(closure: Closure, event: int | None = None, *, now: datetime) -> Coverage:
    """How the news of an act spread; of all acts together where none is named."""
    where = [_reach() != NEEDLESS, *([ClosureEffect.event == event] if event is not None else [])]
    rows = _reached(closure).select(ClosureEffect.at, Letter.sent_at, Letter.reached_at).where(*where).tuples()
    since, moments = now, []
    for at, sent_at, reached_at in rows:
        since = min(since, at)
        moments.append(max((sent_at or reached_at) - at, timedelta()) if sent_at or reached_at else None)
    return Coverage(len(moments), sorted(moment for moment in moments if moment is not None), now - since)


def summary(closure: Closure) -> Summary:
    """The closure's people in numbers that lead to nobody: none below five, and none that could be had by subtraction; two questions."""
    hardest = ClosureEffect.select(ClosureEffect.request, fn.MIN(_kind()).alias("kind")).where(ClosureEffect.closure == closure).group_by(ClosureEffect.request)
    kinds = {KINDS[kind]: count for kind, count in _counted(hardest, "kind") if kind < len(KINDS)}
    news = _reached(closure).select(ClosureEffect.request, fn.MAX(_untold()).alias("untold")).group_by(ClosureEffect.request)
    told = {0: 0, 1: 0, **dict(_counted(news, "untold"))}
    shown, total = veiled(told), veiled({0: sum(told.values())})[0]
    return Summary(total, veiled(kinds) if total is not None else {}, shown[0], shown[1])


def _counted(rows: Any, name: str) -> list[tuple[int, int]]:
    """How many of the rows of a question have each value of a column."""
    column = getattr(rows.c, name)
    return list(ClosureEffect.select(column, fn.COUNT(SQL("*"))).from_(rows).group_by(column).tuples())


def _kind() -> Any:
    """The place in KINDS of what hits a request hardest at an act, read from the names of its facts."""
    text = ClosureEffect.facts.cast("text")
    return Case(None, [(text.contains(f'"{name}":'), place) for place, name in enumerate(KINDS)], len(KINDS))


def _untold() -> Any:
    return Case(_reach(), [(reach, 0) for reach in _KNOWING], 1)


def _reach() -> Any:
    """How far the news has come: a letter's state in the words of this page."""
    return Case(Letter.state, list(_STATES.items()), NOBODY)


def _reached(closure: Closure) -> Any:
    its_letter = Letter.key == ClosureEffect.letter_key
    return ClosureEffect.select(ClosureEffect.id).join(Letter, JOIN.LEFT_OUTER, on=its_letter).where(ClosureEffect.closure == closure)


def _with_facts(closure: Closure) -> Any:
    found = _reached(closure).select(ClosureEffect, ServiceRequest.id, ServiceRequest.number, ServiceRequest.name, ServiceRequest.office, Service.id,
                                     Service.name, Office.id, Office.name, Office.timezone)  # fmt: skip
    return found.switch(ClosureEffect).join(ServiceRequest).join(Service).switch(ServiceRequest).join(Office, on=(ServiceRequest.office == Office.id))


def _affected(rows: Iterable[ClosureEffect]) -> list[Affected]:
    effects = list(rows)
    letters = {letter.key: letter for letter in Letter.select().where(Letter.key.in_([effect.letter_key for effect in effects] or [""]))}
    offers = _offers(effects)
    return [Affected(effect, letters.get(effect.letter_key), offers.get((effect.request_id, effect.at))) for effect in effects]


def _offers(effects: Collection[ClosureEffect]) -> dict[tuple[int, datetime], SlotOffer]:
    """The slots that these acts had held for people, by request and moment."""
    rows = SlotOffer.select().where(SlotOffer.closure.in_({effect.closure_id for effect in effects} or [0]),
                                    SlotOffer.request.in_({effect.request_id for effect in effects} or [0]))  # fmt: skip
    return {(offer.request_id, offer.made_at): offer for offer in rows.order_by(SlotOffer.id)}
