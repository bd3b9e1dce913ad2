"""Sentences: what a domain says, as a message id with its facts; views and letters put them into a language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """A message in Indonesian (its gettext id) and the facts that fill its {places}; facts may be dates, moments, numbers, sentences."""

    id: str
    facts: tuple[tuple[str, Any], ...] = ()

    def __init__(self, id: str, **facts: Any) -> None:
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "facts", tuple(facts.items()))

    def __str__(self) -> str:
        """Plain Indonesian, for logs and the terminal."""
        return self.id.format(**{name: str(fact) for name, fact in self.facts}) if self.facts else self.id


def later(message: str) -> str:
    """Marks a word for translation that is put into a language where it is shown."""
    return message


@dataclass(frozen=True)
class Brief:
    """A day or moment said as shortly as the reader's day allows: hari ini, besok, Jumat, 3 Desember."""

    when: date | datetime
