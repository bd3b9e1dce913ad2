"""When a closure shuts a way to a service: its counter, online and e-mail, its drop box. Reads neither rows nor the clock."""

from collections.abc import Iterable
from datetime import datetime

from portal.offices.state import REMOTE, SUSPENDED, Node, Picture, Window, reaches
from portal.services.models import COUNTER, DROPBOX

Span = tuple[datetime, datetime | None]  # none: no end is known
Spans = tuple[Span, ...]


def taking(picture: Picture, node: Node, service: str, at: datetime) -> list[Window]:
    """The closures that take a service (its slug) at an office at a moment: with the office, or singly."""
    active = (window for window in picture.touching(node) if window.is_active(at) and reaches(window, node))
    return [window for window in active if not window.services or service in window.services]


def is_counter_shut(picture: Picture, node: Node, service: str, at: datetime) -> bool:
    """Whether a closure keeps the counter from this service; outside its hours a counter is not shut."""
    return picture.condition(node, at).state in (REMOTE, SUSPENDED) or service in picture.closed_services(node, at)


def is_remote_shut(picture: Picture, node: Node, service: str, at: datetime) -> bool:
    """Whether a closure takes online and e-mail from this service."""
    return any(window.online is False for window in taking(picture, node, service, at))


def has_box(picture: Picture, node: Node, service: str, at: datetime) -> bool:
    """Whether letters for this service can be dropped here as far as closures go: one may take the box away, or set one up."""
    said = [window.dropbox for window in taking(picture, node, service, at) if window.dropbox is not None]
    return all(said) if said else node.has_dropbox


def spans(picture: Picture, node: Node, service: str, channel: str, since: datetime) -> Spans:
    """From a moment on the times in which closures shut a channel to a service at an office, in order and apart."""
    edges = sorted({edge for window in picture.touching(node) for edge in window.edges() if edge > since})
    found: list[Span] = []
    for begins, ends in zip([since, *edges], [*edges, None], strict=True):
        if _is_shut(picture, node, service, channel, begins):
            joins = found and found[-1][1] == begins
            found[-1:] = [(found[-1][0], ends)] if joins else [*found[-1:], (begins, ends)]
    return tuple(found)


def overlaps(shut: Iterable[Span], begins: datetime, ends: datetime) -> bool:
    """Whether any part of a time lies in one of these."""
    return any(since < ends and (until is None or until > begins) for since, until in shut)


def after(shut: Iterable[Span], moment: datetime) -> Spans:
    """What of these times is still to come."""
    return tuple((max(since, moment), until) for since, until in shut if until is None or until > moment)


def _is_shut(picture: Picture, node: Node, service: str, channel: str, at: datetime) -> bool:
    if channel == COUNTER:
        return is_counter_shut(picture, node, service, at)
    return not has_box(picture, node, service, at) if channel == DROPBOX else is_remote_shut(picture, node, service, at)
