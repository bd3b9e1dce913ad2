"""Which requests this browser has opened: it filed them, or its citizen said the telephone's last digits, or came by the mailed link."""

from flask import session

from portal.services.models import ServiceRequest

MOST = 20  # the newest; a browser that opens more lets go of the oldest
_KEPT = "opened"


def is_open(request: ServiceRequest) -> bool:
    """Whether this browser may see and do what only the citizen of a request may."""
    return request.id in session.get(_KEPT, ())


def open_for_this_browser(request: ServiceRequest) -> None:
    """Let this browser see and do from now on what only the citizen of a request may."""
    others = [id for id in session.get(_KEPT, ()) if id != request.id]
    session[_KEPT] = [*others, request.id][-MOST:]


def close_for_this_browser(request: ServiceRequest) -> None:
    """Forget that this browser opened a request: others may use it too."""
    session[_KEPT] = [id for id in session.get(_KEPT, ()) if id != request.id]
