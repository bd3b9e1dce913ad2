"""News of closures for subscribers: acts only leave their history, the worker gathers it into rounds and tells each subscriber once a round."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from peewee import JOIN, chunked, fn

from portal import outbox
from portal.db import held, locked, transaction
from portal.offices import news, subscriptions
from portal.offices.models import Closure, ClosureEvent, ClosureMark, News, NewsCause, NewsRound, Office, Region, Subscriber, Subscription
from portal.offices.news import Item, Turn
from portal.offices.regions import ancestry
from portal.offices.turning import NEWS_FOR, ended_key, turning
from portal.outbox import IN_TURN, Recipient

QUIET, PATIENCE = timedelta(minutes=2), timedelta(minutes=10)  # a burst of acts becomes one letter; it waits for its end, but not for ever
AT_ONCE = 1000
_MOST, _NAMED = 20, 5  # closures in one letter; places of its reader that it names
_PLACES, _PEOPLE = 400, 5000  # offices and regions, and people who follow them, up to which they are looked for; beyond, all subscribers are gone through


def go(*, now: datetime) -> Iterator[int]:
    """Make the round that is due, and tell the subscribers of all rounds, a thousand in one transaction; how many letters each time.

    A worker that is killed goes on where the last transaction ended; keys keep everybody at one letter a round."""
    gather(now=now)
    for (id,) in list(NewsRound.select(NewsRound.id).where(NewsRound.done_at.is_null()).order_by(NewsRound.id).tuples()):
        reach = Reach.of_round(id)
        while (count := _tell(id, reach, now)) is not None:
            yield count


def gather(*, now: datetime) -> NewsRound | None:
    """Take up what has happened since the last round, if it has come to rest; the new round, where there is one."""
    if not _is_due(_untold(now), turning(now=now), now):
        return None
    with transaction():
        held(NewsRound)  # two workers must not take up the same
        events, turns = _untold(now), turning(now=now)
        if not _is_due(events, turns, now):
            return None
        made = NewsRound.create(made_at=now)
        _keep(made, news.of(events, turns, now=now))
        _take_up(made, events, turns, now)
    return made


def audience(marks: dict[int, bool]) -> int:
    """How many subscribers are told of a closure with these marks (office id -> taken or excepted)."""
    reach = Reach.of({0: marks})
    if reach.is_broad:  # more places than a database takes in one question
        wishes = Subscription.select(Subscription.subscriber, Subscription.office, Subscription.region).where(_told()).tuples().iterator()
        return len({subscriber for subscriber, office, region in wishes if reach.news_for(office, region)})
    return int(Subscription.select(fn.COUNT(fn.DISTINCT(Subscription.subscriber))).where(_told(), reach.condition).scalar() or 0)


@dataclass
class Reach:
    """Whom news concern: by office and by region the closures, by their places in the round."""

    offices: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    regions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of_round(cls, round_id: int) -> "Reach":
        """The reach of all that a round tells: keys are its news."""
        found = {closure: id for id, closure in News.select(News.id, News.closure).where(News.round == round_id).order_by(News.id).tuples()}
        marks: dict[int, dict[int, bool]] = {id: {} for id in found.values()}
        rows = ClosureMark.select(ClosureMark.closure, ClosureMark.office, ClosureMark.is_excepted).join(News, on=News.closure == ClosureMark.closure)
        for closure, office, is_excepted in rows.where(News.round == round_id).tuples():
            marks[found[closure]][office] = not is_excepted
        return cls.of(marks)

    @classmethod
    def of(cls, closures: dict[int, dict[int, bool]]) -> "Reach":
        """The reach of closures by their marks: what each takes with all below it, and what has a part of it taken."""
        reach, marked = cls(), {office for marks in closures.values() for office in marks}
        roots = Office.select(Office.root_id).where(Office.id.in_(list(marked) or [0]))
        trees: dict[int, dict[int, tuple[int | None, str | None]]] = defaultdict(dict)
        for id, parent, root, region in Office.select(Office.id, Office.parent, Office.root_id, Office.region).where(Office.root_id.in_(roots)).tuples():
            trees[root][id] = (parent, region)
        for key, marks in closures.items():
            for tree in trees.values():
                if not tree.keys().isdisjoint(marks):
                    reach._add(key, marks, tree)
        return reach

    def news_for(self, office: int | None, region: str | None) -> list[int]:
        """What somebody is told who wants news of an office or of a region."""
        return (self.offices if office is not None else self.regions).get(office if office is not None else region, [])  # type: ignore[arg-type]

    @property
    def condition(self) -> Any:
        """The subscriptions that are concerned."""
        return Subscription.office.in_(list(self.offices) or [0]) | Subscription.region.in_(list(self.regions) or [""])

    @cached_property
    def is_wide(self) -> bool:
        """Whether so many are concerned that it is quicker to go through all, in their order, than to pick these out each time."""
        return self.is_broad or bool(Subscription.select().where(_told(), self.condition).limit(_PEOPLE + 1).count() > _PEOPLE)

    @property
    def is_broad(self) -> bool:
        return len(self.offices) + len(self.regions) > _PLACES

    def _add(self, key: int, marks: dict[int, bool], tree: dict[int, tuple[int | None, str | None]]) -> None:
        taken: set[int] = set()
        codes: set[str] = set()
        for office, (_, region) in tree.items():
            chain = list(_upwards(office, tree))
            if next((marks[id] for id in chain if id in marks), False):
                taken.add(office)
                codes.update(ancestry(region))
            if marks.get(office):
                taken.update(chain)  # what contains it has a part of it closed
        for id in taken:
            self.offices[id].append(key)
        for code in codes:
            if key not in self.regions[code][-1:]:  # another tree of the same closure may lie in the same region
                self.regions[code].append(key)


def _untold(now: datetime) -> list[ClosureEvent]:
    """Acts that no round has taken up. They are told apart one by one, since one that was begun earlier may become visible later."""
    rows = ClosureEvent.select().join(NewsCause, JOIN.LEFT_OUTER, on=NewsCause.event == ClosureEvent.id)
    fresh = (NewsCause.id.is_null(), ClosureEvent.at > now - NEWS_FOR, ClosureEvent.what != "recorded")
    return list(rows.where(*fresh).order_by(ClosureEvent.at, ClosureEvent.id))


def _is_due(events: list[ClosureEvent], turns: list[Turn], now: datetime) -> bool:
    if not events:
        return bool(turns)
    return events[-1].at <= now - QUIET or events[0].at <= now - PATIENCE


def _keep(made: NewsRound, items: list[Item]) -> None:
    for some in chunked(items, AT_ONCE):
        News.insert_many([{"round": made, "closure": each.closure, "occasion": each.occasion, "facts": each.facts} for each in some]).execute()


def _take_up(made: NewsRound, events: list[ClosureEvent], turns: list[Turn], now: datetime) -> None:
    """Nothing of this is told a second time; an act that reopened is the end of its closure too."""
    closed = {each.closure_id for each in events}
    over = Closure.select().where(Closure.id.in_(list(closed) or [0]), Closure.ends_at <= now)
    keys = {turn.key for turn in turns} | {ended_key(closure) for closure in over}
    known = {key for (key,) in NewsCause.select(NewsCause.key).where(NewsCause.key.in_(list(keys) or [""])).tuples()}
    rows: list[dict[str, Any]] = [{"round": made, "event": each.id, "key": f"event {each.id}"} for each in events]
    rows += [{"round": made, "event": None, "key": key} for key in sorted(keys - known)]
    for some in chunked(rows, AT_ONCE):
        NewsCause.insert_many(some).execute()


def _tell(round_id: int, reach: Reach, now: datetime) -> int | None:
    """Letters for the next subscribers of a round, in one transaction with how far it has come; none where it is through."""
    with transaction():
        row = locked(NewsRound.select().where(NewsRound.id == round_id)).get()
        if row.done_at is not None:
            return None
        wishes = _next(row, reach)
        letters = list(_letters(row, wishes, reach))
        outbox.promise_all(subscriptions.NEWS, letters, now=now, rank=IN_TURN)
        reached = {"reached": wishes[-1][0]} if wishes else {"done_at": now}
        NewsRound.update(reached).where(NewsRound.id == round_id).execute()
    return len(letters) if wishes else None


def _next(row: NewsRound, reach: Reach) -> list[tuple[Any, ...]]:
    """What the next subscribers want: (subscriber, address, language, office, region, its name), all of one together."""
    ahead = [Subscription.subscriber > row.reached, _told(), Subscription.confirmed_at <= row.made_at, *([] if reach.is_wide else [reach.condition])]
    ids = [id for (id,) in Subscription.select(Subscription.subscriber).where(*ahead).distinct().order_by(Subscription.subscriber).limit(AT_ONCE).tuples()]
    if not ids:
        return []
    columns = (Subscription.subscriber, Subscriber.email, Subscriber.language, Subscription.office, Subscription.region,
               fn.COALESCE(Office.name, Region.name))  # fmt: skip
    rows = Subscription.select(*columns).join(Subscriber).switch(Subscription).join(Office, JOIN.LEFT_OUTER).switch(Subscription)
    rows = rows.join(Region, JOIN.LEFT_OUTER, on=Subscription.region == Region.code).where(*ahead, Subscription.subscriber <= ids[-1])
    return list(rows.order_by(Subscription.subscriber, Subscription.id).tuples())


def _letters(row: NewsRound, wishes: list[tuple[Any, ...]], reach: Reach) -> Iterator[tuple[Recipient, dict[str, Any], str]]:
    """One letter a subscriber with all that concerns them, the first twenty by name, and which of their places it concerns."""
    told: dict[int, set[int]] = defaultdict(set)
    places: dict[int, list[str]] = defaultdict(list)
    addresses = {}
    for subscriber, email, language, office, region, name in wishes:
        if found := reach.news_for(office, region):
            addresses[subscriber] = (email, language)
            told[subscriber].update(found)
            places[subscriber].append(name)
    for subscriber, (email, language) in addresses.items():
        concerns = sorted(told[subscriber])
        facts = {"subscriber": subscriber, "places": places[subscriber][:_NAMED], "news": concerns[:_MOST], "more": max(0, len(concerns) - _MOST)}
        yield Recipient(email, email, language=language), facts, subscriptions.letter_key(row.id, subscriber)


def _told() -> Any:
    """The condition on a subscription that its owner has confirmed it, and has not ended it."""
    return Subscription.confirmed_at.is_null(False) & Subscription.ended_at.is_null()


def _upwards(office: int, tree: dict[int, tuple[int | None, str | None]]) -> Iterator[int]:
    node: int | None = office
    while node is not None:
        yield node
        node = tree[node][0]
