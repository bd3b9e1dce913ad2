"""How names of offices are typed: words without case and accents, abbreviations, words joined or split, one wrong letter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from string import ascii_lowercase

from portal.offices.abbreviations import KINDS, LONGEST, MEANT, Words

_MOST_WORDS, _LONGEST_WORD, _SHORTEST_WRONG = 8, 40, 4


def folded(text: str) -> list[str]:
    """The words of a text without case and accents."""
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return [word[:_LONGEST_WORD] for word in re.findall(r"[^\W_]+", text.casefold())]


def core(words: Iterable[str]) -> list[str]:
    """The words of a name that tell it from others of its kind."""
    words = list(words)
    return [word for word in words if word not in KINDS] or words


def joined(words: Sequence[str]) -> list[str]:
    """Neighbouring words written as one, and all of them: people write karanganyar and karang anyar alike."""
    pairs = [first + second for first, second in pairwise(words)]
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in [*pairs, *(["".join(words)] if len(words) > 2 else [])]))


@dataclass(frozen=True)
class Part:
    """One or more words as typed, with what they may stand for."""

    typed: Words
    meant: tuple[Words, ...] = ()

    @property
    def likeliest(self) -> Words:
        return self.meant[0] if self.meant else self.typed

    @property
    def is_kind(self) -> bool:
        return all(word in KINDS for word in self.likeliest)


@dataclass(frozen=True)
class Typed:
    """What somebody looks for."""

    parts: tuple[Part, ...]

    @cached_property
    def said(self) -> list[str]:
        """The words that are likeliest meant, in order."""
        return [word for part in self.parts for word in part.likeliest]

    @cached_property
    def words(self) -> set[str]:
        """Every word that is typed or may be meant, joined ones too."""
        typed = [word for part in self.parts for word in part.typed]
        meant = {word for part in self.parts for each in part.meant for word in each}
        return {*typed, *meant, *joined(typed), *joined(core(typed)), *joined(self.said), *joined(core(self.said))}

    @cached_property
    def keys(self) -> list[str]:
        """Cores of names that the first words may be: karang anyar sawah besar may name Karang, Karang Anyar, Karang Anyar Sawah and so on."""
        named = core(self.said)
        return ["".join(named[:length])[:_LONGEST_WORD] for length in range(1, len(named) + 1)]

    @cached_property
    def kinds(self) -> set[str]:
        """The kinds of office that are named."""
        return {word for part in self.parts if part.is_kind for each in (part.meant or (part.typed,)) for word in each} - {"kantor"}


def read(text: str) -> Typed | None:
    """What a search text says; none where it holds no word."""
    words = tuple(folded(text[:400])[:_MOST_WORDS])
    if len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha() and words[-1:] not in MEANT:
        words = words[:-1]  # the first letter of a word that is still being typed
    parts, start = [], 0
    while start < len(words):
        length = next((most for most in range(min(LONGEST, len(words) - start), 1, -1) if words[start : start + most] in MEANT), 1)
        typed = words[start : start + length]
        if MEANT.get(typed) != [] or len(words) == 1:  # «no» before a number says nothing
            parts.append(Part(typed, tuple(MEANT.get(typed, ()))))
        start += length
    return Typed(tuple(parts)) if parts else None


def near_misses(word: str) -> set[str]:
    """All words that one wrong, missing, doubled or exchanged letter away from a word; none for short ones, which would mean anything."""
    if len(word) < _SHORTEST_WRONG or not word.isascii() or word.isdigit():
        return set()
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in cuts if right}
    exchanged = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    return (missing | exchanged | other | more) - {word}
