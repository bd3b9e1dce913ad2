"""What the letters of e-kinerja tell, as their templates take it: days and moments read, addresses of the pages to go to."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.words import later

SUBJECTS = {
    "work_digest": later("Log harian Anda yang perlu diselesaikan"),
    "validation_digest": later("Log harian yang menunggu Anda"),
    "day_receipt": later("Tanda terima log harian"),
}
_Address = Callable[..., str]


def read(name: str, facts: dict[str, Any], address: _Address) -> dict[str, Any]:
    """The facts of a letter of e-kinerja; address(endpoint, …) is the full address of a page."""
    return _READERS[name](facts, address)


def _work_digest(facts: dict[str, Any], address: _Address) -> dict[str, Any]:
    days = {name: [(date.fromisoformat(day), address("kinerja.show", day=day)) for day in facts[name]] for name in ("missing", "returned")}
    return {**facts, **days, "due": _moment(facts["due"], facts) if facts["due"] else None}


def _validation_digest(facts: dict[str, Any], address: _Address) -> dict[str, Any]:
    return {**facts, "oldest": date.fromisoformat(facts["oldest"]) if facts["oldest"] else None, "queue": address("validation.queue")}


def _day_receipt(facts: dict[str, Any], address: _Address) -> dict[str, Any]:
    return {**facts, "day": date.fromisoformat(facts["day"]), "at": _moment(facts["at"], facts), "sheet": address("kinerja.show", day=facts["day"])}


def _moment(text: str, facts: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(facts["zone"]))


_READERS: dict[str, Callable[[dict[str, Any], _Address], dict[str, Any]]] = {
    "work_digest": _work_digest,
    "validation_digest": _validation_digest,
    "day_receipt": _day_receipt,
}
