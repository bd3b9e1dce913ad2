"""What the page of a request tells of a closure: the time that was lost and the one that is held, what may be chosen instead, when not to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices.closures import REASONS
from portal.offices.state import Node, Picture
from portal.services import offers, shut
from portal.services.models import COUNTER, Appointment, RequestEvent, ServiceRequest
from portal.services.routing import Option
from portal.services.shut import Spans
from portal.views import effect_words
from portal.words import Sentence, later

CLOSURE = "closure"  # of a request's history
HELD, UNHELD, REMOTE, KEPT = "held", "unheld", "remote", "kept"


@dataclass(frozen=True)
class Offered:
    """What became of a lost appointment: a time is held and waits for an answer, none is known yet, another channel goes on, or the time was accepted."""

    kind: str
    lost: datetime
    lost_at: str  # the office, where it is another now
    reason: Sentence
    slot: str  # what the answer is for
    ways: list[Option]
    earlier: datetime | None
    is_same_time: bool = False  # only the place is another


@dataclass(frozen=True)
class Away:
    """That a way is shut, now or soon: in which words, and from when it serves again, as far as that is known."""

    is_now: bool
    window: Sentence
    again: datetime | None


def offered(request: ServiceRequest, held: Appointment | None, events: list[RequestEvent], here: datetime) -> Offered | None:
    """What a closure offers to the citizen of a request now; nothing where none does."""
    offer = offers.standing(request, now=here)
    if offer is None or (offer.held is not None and (held is None or held.id != offer.held_id)):
        return None
    before = offer.office_before
    return Offered(
        _kind(request, offer.answer, held),
        offer.lost.starts_at.astimezone(ZoneInfo(before.timezone)),
        before.name if before.id != request.office_id else "",
        reason_of(offers.cause(offer).reason),
        held.starts_at.isoformat() if held is not None else "",
        offers.ways(request, now=here),
        _earlier(events, held, here),
        held is not None and before.id != request.office_id and held.starts_at == offer.lost.starts_at and before.timezone == request.office.timezone,
    )


def away(request: ServiceRequest, channel: str, here: datetime, picture: Picture) -> Away | None:
    """Whether closures shut the way to a counter or a drop box, now or in days that are announced; asked of what is declared, so that it ends by itself."""
    office, slug = request.office, request.service.slug
    node = picture.nodes[office.id]
    spans = shut.spans(picture, node, slug, channel, here)
    if not spans:
        return None
    (since, until), zone = spans[0], ZoneInfo(office.timezone)
    is_now = since <= here
    begins = _began(picture, node, slug, channel, here) if is_now else since
    window = effect_words.window(begins.isoformat(), until.isoformat() if until else None, None, zone, is_running=is_now)
    again = _again(picture, node, spans) if channel == COUNTER else until
    return Away(is_now, window, again.astimezone(zone) if again else None)


def changes(event: RequestEvent, zone: ZoneInfo) -> list[Sentence]:
    """What an act on a closure changed, addressed to the citizen; nothing for other events."""
    return effect_words.to_citizen(event.facts, zone) if event.what == CLOSURE else []


def reason_of(code: str) -> Sentence:
    """Why an office is closed, in a few words."""
    return Sentence(REASONS.get(code, _OTHER))


_OTHER = later("Sebab lain")


def _kind(request: ServiceRequest, answer: str, held: Appointment | None) -> str:
    if answer == offers.ACCEPTED:
        return KEPT
    if held is not None:
        return HELD
    return UNHELD if request.channel == COUNTER else REMOTE


def _earlier(events: list[RequestEvent], held: Appointment | None, here: datetime) -> datetime | None:
    """From when on the citizen may choose an earlier time, where the last act on a closure made that possible."""
    facts: Mapping[str, Any] = next((event.facts for event in reversed(events) if event.what == CLOSURE), {})
    if not facts.get("earlier"):
        return None
    first = max(datetime.fromisoformat(facts["earlier"]), here).astimezone(here.tzinfo)
    return first if held is None or first < held.starts_at else None


def _began(picture: Picture, node: Node, slug: str, channel: str, here: datetime) -> datetime:
    """Since when a way is shut that is shut now, as far back as its closures were declared without a gap."""
    starts = [window.starts_at for window in shut.taking(picture, node, slug, here)]
    return min(starts, default=here)


def _again(picture: Picture, node: Node, spans: Spans) -> datetime | None:
    """When the counter serves after the first of these times: at its end, or as soon as it opens then."""
    moment = spans[0][1]
    for since, until in spans:
        if moment is None or since > moment:
            break
        outlook = picture.outlook(node, until) if until is not None else None
        moment = None if outlook is None else outlook.at if outlook.condition.channels.counter else outlook.reopens_at
    return moment
