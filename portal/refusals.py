"""What a domain says no with."""

import unicodedata

from portal.words import Sentence


class Refused(Exception):
    """An act that the rules do not allow; carries the sentence for the person and, where it can, the field."""

    def __init__(self, sentence: Sentence, *, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class NotFound(Refused):
    """What was asked for does not exist."""


_UNKEPT = "\ufffe\uffff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # no letters, and marks that turn what others wrote around


def is_storable(text: str) -> bool:
    """Whether a text has no control characters but line ends and tabs, no halves of letters and no U+FFFE or U+FFFF: both databases and XML can keep it."""
    return all(letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _UNKEPT) for letter in text)


def plain(text: str, *, field: str, limit: int = 2000, required: bool = False) -> str:
    """Text as it may be kept: trimmed, without control characters, of bounded length; else Refused."""
    text = text.replace("\r\n", "\n").strip()
    if required and not text:
        raise Refused(Sentence("Bagian ini wajib diisi."), field=field)
    if len(text) > limit:
        raise Refused(Sentence("Terlalu panjang: paling banyak {limit} huruf.", limit=limit), field=field)
    if not is_storable(text):
        raise Refused(Sentence("Ada tanda yang tidak dapat disimpan."), field=field)
    return text
