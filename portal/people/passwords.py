"""Passwords: what may be one, and how they are checked without the portal standing still."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.refusals import Refused
from portal.words import Sentence

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's m=19 MiB, t=2, p=1
PLACES, PLACES_OF_STRANGERS = 3, 2  # the other threads go on answering pages
_queue = ThreadPoolExecutor(1, "hashing")  # one core at most, first come first served
_places, _places_of_strangers = BoundedSemaphore(PLACES), BoundedSemaphore(PLACES_OF_STRANGERS)
_NOBODY = _hasher.hash("nobody has this password")
_COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


class Busy(Exception):
    """So many sign in at this moment that this one should come again in a second."""


def checked(password: str, *, about: tuple[str, ...] = ()) -> str:
    """A password that is long enough, not a common one, and not made of what everybody knows `about` its owner."""
    if len(password) < SHORTEST:
        raise Refused(Sentence("Kata sandi paling sedikit {length} huruf. Beberapa kata berurutan mudah diingat.", length=SHORTEST), field="password")
    if len(password) > LONGEST:
        raise Refused(Sentence("Kata sandi paling banyak {length} huruf.", length=LONGEST), field="password")
    bare = password.casefold()
    left = bare
    for part in sorted({part for each in about for part in re.split(r"[\W_]+", each.casefold()) if len(part) > 3}, key=len, reverse=True):
        left = left.replace(part, "")
    if bare in _COMMON or _stem(bare) in _COMMON or len(set(bare)) < 5 or len(left) < 6:
        raise Refused(Sentence("Kata sandi ini mudah ditebak. Pakai beberapa kata yang tidak berhubungan dengan Anda."), field="password")
    return password


def hashed(password: str) -> str:
    """A password as it is kept; it waits its turn with those who sign in."""
    return _queue.submit(_hasher.hash, password).result()


def matches(password: str, kept: str | None, *, is_known: bool = False) -> bool:
    """Whether a password is the kept one; as slow for nobody's as for somebody's. Busy where too many wait; strangers leave a place for those who are known."""
    with _place(_places), nullcontext() if is_known else _place(_places_of_strangers):
        return _queue.submit(_verify, password[:LONGEST], kept or _NOBODY).result() and bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@contextmanager
def _place(places: BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        places.release()


def _stem(bare: str) -> str:
    """A password without the figures and signs around it, and once where it repeats itself: passwordpassword1 is password."""
    core = bare.strip("0123456789!@#$%^&*?._- ")
    return core[: (core + core).find(core, 1)] if core else core


def _verify(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
