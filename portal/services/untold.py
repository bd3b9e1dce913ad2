"""News that nobody has called about yet when newer news comes: one call tells the whole story, from what the person last knew."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import chunked

from portal import outbox
from portal.db import locked
from portal.offices.models import ClosureEvent
from portal.outbox import TO_CALL, Letter
from portal.services.carrying import AFTER, DIVERTED, HELD, Effect
from portal.services.models import ClosureEffect

_MOVES = ("slot", "channel", "due", "office")  # facts of what was and what is
_SIDES = ("was", "was_id", "was_zone")  # what such a fact says of before
_SHUT = ("pickup", "box", "counter", "online")
_TELLING = (*_MOVES, *_SHUT, "earlier")
_AT_ONCE = 500
Facts = Mapping[str, Any]


def stories(told: Sequence[Effect]) -> dict[int, dict[str, Any]]:
    """By request, of those who wait for a call: all that they have to be told by now, perhaps nothing. No colleague can note their calls meanwhile."""
    found: dict[int, dict[str, Any]] = {}
    for some in chunked(told, _AT_ONCE):
        by_number = {effect.number: effect for effect in some}
        waiting = _waiting([effect.id for effect in some])
        known = _known({by_number[letter.facts["number"]].id for letter in waiting}, [letter.key for letter in waiting])
        for letter in waiting:
            effect = by_number[letter.facts["number"]]
            found[effect.id] = whole(letter.facts, effect.facts, known[effect.id], office=effect.at_office)
    return found


def take_over(requests: Sequence[int], event: ClosureEvent) -> None:
    """The calls that wait for these requests are overtaken; what they would have told is told by the letter of this act, as the effects say from now on."""
    newer = ClosureEffect.alias()
    key = newer.select(newer.letter_key).where(newer.event == event.id, newer.request == ClosureEffect.request)
    for some in chunked(requests, _AT_ONCE):
        keys = [letter.key for letter in _waiting(some)]
        outbox.overtake(keys)
        ClosureEffect.update(letter_key=key).where(ClosureEffect.letter_key.in_(keys), ClosureEffect.request.in_(some)).execute()


def whole(before: Facts, after: Facts, known: Facts, *, office: int) -> dict[str, Any]:
    """What was to be told and what has changed since, as one change; nothing where it all came back. `known` are the shut times that were told earlier."""
    untold = {name: before[name] for name in (*_MOVES, *_SHUT) if isinstance(before.get(name), dict)}  # the office's name alone tells no move
    story = {**untold, **after}
    for name in set(_MOVES) & untold.keys() & after.keys():
        story[name] = {**after[name], **{side: untold[name][side] for side in _SIDES if side in untold[name]}}
    for name in [name for name in story if _is_back(name, story, known, office)]:
        del story[name]
    if "slot" in story and story["slot"]["way"] in (AFTER, DIVERTED, HELD) and "slot" in untold and story["slot"]["to"]:
        story["slot"] = {**story["slot"], "way": DIVERTED if "office" in story else AFTER}
    if before.get("act") == "announced" and after["act"] != "withdrawn" and before.get("closure") == after["closure"]:
        story["act"] = "announced"  # of a closure that nobody told them of nothing was extended
    return story if any(name in story for name in _TELLING) else {}


def _is_back(name: str, story: Facts, known: Facts, office: int) -> bool:
    """Whether it is as the person knows it."""
    fact = story[name]
    if name == "office":
        return bool(fact["was_id"] == office)
    if name == "slot":
        is_elsewhere = "office" in story and not _is_back("office", story, known, office)
        return bool(fact["to"]) and datetime.fromisoformat(fact["to"]) == datetime.fromisoformat(fact["was"]) and not is_elsewhere
    if name in _SHUT:
        return bool(fact["shut"] == known.get(name, []))
    return name in _MOVES and fact["was"] == fact["to"]


def _waiting(requests: Sequence[int]) -> list[Letter]:
    """The calls about closures that wait for these requests, the oldest first."""
    keys = ClosureEffect.select(ClosureEffect.letter_key).where(ClosureEffect.request.in_(requests), ClosureEffect.letter_key != "")
    return list(locked(Letter.select().where(Letter.key.in_(keys), Letter.state == TO_CALL).order_by(Letter.id)))


def _known(requests: set[int], untold: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The shut times that each was told last, by what is shut."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    effects = ClosureEffect.select(ClosureEffect.request, ClosureEffect.facts).where(ClosureEffect.request.in_(list(requests) or [0]))
    for request, facts in effects.where(ClosureEffect.letter_key.not_in([*untold] or [""])).order_by(ClosureEffect.id).tuples():
        found[request] |= {name: facts[name]["shut"] for name in _SHUT if name in facts}
    return found
