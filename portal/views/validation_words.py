"""The activities of days in words: put together once a page, so that a queue of many days stays quick to draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from portal.kinerja import targets
from portal.kinerja.logs import PLACES
from portal.kinerja.models import REJECTED, Target
from portal.kinerja.targets import Progress
from portal.views.language import hours_words, number, say
from portal.words import Sentence, later

_EXTRA = later("Tugas tambahan")
Row = dict[str, Any]


@dataclass(slots=True)
class Told:
    """One activity as a superior reads it."""

    id: int
    description: str
    span: str
    about: str  # the target it serves with its progress, its type, and where it was done
    amount: str
    minutes: str
    effective: str
    link: str
    host: str  # the site that the link leads to, so that one knows before one follows it
    file: str
    is_bare: bool  # without the evidence that its type needs
    state: str
    remark: str


class Words:
    """What the activities of some days have in common, said once."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Reads the progress of the targets that these activities serve: one question, none where they serve none."""
        known = {each["target"]: each for each in rows if each["target"]}
        lines = [Target(id=id, person=each["author"], unit=each["target_unit"], origin_id=each["origin_id"]) for id, each in known.items()]
        done = targets.progress(lines) if lines else {}
        self._targets = {id: _target(each, done.get(each["origin_id"] or id, Progress())) for id, each in known.items()} | {None: say(_EXTRA)}
        self._places = {place: say(word) for place, word in PLACES.items()}

    def told(self, each: Row) -> Told:
        about = (self._targets[each["target"]], each["type"], self._places.get(each["place"], ""))
        is_bare = bool(each["needs_evidence"] and not each["evidence_link"] and not each["evidence"])
        return Told(
            each["id"],
            each["description"],
            span(each["starts"], each["ends"]),
            " · ".join(filter(None, about)),
            f"{number(each['quantity'])} {each['unit']}",
            number(each["ends"] - each["starts"]),
            number(0 if each["state"] == REJECTED else each["effective"]),
            each["evidence_link"],
            urlsplit(each["evidence_link"]).hostname or "",
            each["file"] or "",
            is_bare,
            each["state"] or "",
            each["remark"],
        )


def gaps(rows: list[Row]) -> str:
    """The times between activities that nothing was written for."""
    return ", ".join(span(before["ends"], after["starts"]) for before, after in pairwise(rows) if before["ends"] < after["starts"])


def span(starts: int, ends: int) -> str:
    """08.00–10.00."""
    return hours_words(f"{starts // 60:02}.{starts % 60:02}–{ends // 60:02}.{ends % 60:02}")


def _target(each: Row, done: Progress) -> str:
    """A target, and how far it has come this year."""
    if each["amount"]:
        facts = {"done": done.quantity, "amount": each["amount"], "unit": each["target_unit"]}
        told = say(Sentence("{done} dari {amount} {unit} tahun ini", **facts))
        return f"{each['title']} ({told})"
    if done.minutes:
        told = say(Sentence("{count} menit disetujui tahun ini", count=done.minutes))
        return f"{each['title']} ({told})"
    return str(each["title"])
