"""Numbers that people read out and type: ten random characters of Crockford's base 32 and a check character, in groups."""

import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", **dict.fromkeys("-‐‑‒–—", "")})  # telephones write longer dashes of their own accord
_LENGTH = 10


def new() -> str:
    """A fresh number, as 7KQ4-M2XT-9BD."""
    return grouped(with_check("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))))


def read(typed: str) -> str | None:
    """The number that was typed, however it was: in any case, with dashes, spaces or neither, O for 0, I and L for 1; nothing where it is none."""
    signs = "".join(typed.split()).upper().translate(_MEANT)
    if len(signs) != _LENGTH + 1 or not set(signs) <= set(_SIGNS) or with_check(signs[:_LENGTH]) != signs:
        return None
    return grouped(signs)


def with_check(signs: str) -> str:
    """The characters with the one that shows every wrong character and most swapped ones: positions weigh differently."""
    total = sum((2 * place + 1) * _SIGNS.index(sign) for place, sign in enumerate(signs, start=1))
    return signs + _SIGNS[total % len(_SIGNS)]


def grouped(signs: str) -> str:
    return "-".join((signs[:4], signs[4:8], signs[8:]))
