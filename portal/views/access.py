"""Who may open what: every route says so beside its address."""

from collections.abc import Callable
from typing import Any

PUBLIC = "public"


def allow(*who: str) -> Callable[[Any], Any]:
    """Mark a view with those who may open it; a house test fails on a route without this."""

    def mark(view: Any) -> Any:
        view.allowed = frozenset(who)
        return view

    return mark
