"""What a visitor has typed into the form of a request and not sent yet: kept a day for one browser alone, sealed, without files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal import sealed
from portal.db import transaction
from portal.refusals import Refused
from portal.sealed import Unreadable
from portal.services import requests
from portal.services.models import RequestDraft
from portal.words import Sentence

KEPT_FOR = timedelta(days=1)
_MOST_SIGNS = 60_000


@dataclass(frozen=True)
class Place:
    """Whose draft it is and of which form: a secret of one browser, the service and the office as they stand in the address."""

    owner: str = field(repr=False)
    service: str
    office: str

    @property
    def key(self) -> str:
        """The mark of the row: it leads back neither to the browser nor to what is asked."""
        return sealed.fingerprint(json.dumps(["draft", self.owner, self.service, self.office]))


@dataclass(frozen=True)
class Draft:
    """What was typed by field, or the number that its form was given; and when."""

    typed: dict[str, str]
    number: str
    saved_at: datetime


def keep(place: Place, typed: Mapping[str, str], *, submission_key: str = "", now: datetime) -> datetime | None:
    """Keep what stands in a form in place of what was kept of it before; nothing of a form that was sent already, or of one without a word in it."""
    if requests.of_key(submission_key) is not None or not any(typed.values()):
        return None
    if sum(map(len, typed.values())) > _MOST_SIGNS:
        raise Refused(Sentence("Isian ini terlalu panjang untuk disimpan sebagai draf."))
    _write(place, {"typed": dict(typed)}, now)
    return now


def sent(place: Place, number: str, *, now: datetime) -> None:
    """What was typed is let go of; for a day the browser can still be told which number its form was given, where the answer never reached it."""
    _write(place, {"number": number}, now)


def of(place: Place, *, now: datetime) -> Draft | None:
    """What is kept of a form, if anything."""
    row = RequestDraft.get_or_none(RequestDraft.key == place.key, RequestDraft.saved_at > now - KEPT_FOR)
    if row is None:
        return None
    try:
        held = json.loads(sealed.unseal(row.typed, about=f"draft {row.key}"))
    except Unreadable:  # its key is gone: for a draft that is no loss worth an error
        return None
    return Draft(held.get("typed", {}), held.get("number", ""), row.saved_at)


def discard(place: Place) -> None:
    """Let go of what is kept of a form."""
    RequestDraft.delete().where(RequestDraft.key == place.key).execute()


def exists(place: Place) -> bool:
    """Whether anything is kept of a form."""
    return RequestDraft.select().where(RequestDraft.key == place.key).exists()


def sweep(*, now: datetime) -> int:
    """Remove drafts of which nobody has written for a day; how many."""
    return RequestDraft.delete().where(RequestDraft.saved_at <= now - KEPT_FOR).execute()


def _write(place: Place, held: dict[str, object], now: datetime) -> None:
    typed = sealed.seal(json.dumps(held), about=f"draft {place.key}")
    with transaction():
        row = {"key": place.key, "typed": typed, "saved_at": now}
        RequestDraft.insert(row).on_conflict(conflict_target=[RequestDraft.key], update={"typed": typed, "saved_at": now}).execute()
