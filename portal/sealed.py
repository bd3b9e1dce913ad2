"""What must not be readable in the database: sealed under the newest key of the installation's ring, found again by fingerprint."""

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LENGTH = 32
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Unreadable(Exception):
    """A sealed text that no key of the ring, or not at this place, opens."""


class RingError(Exception):
    """The file of sealing keys cannot be used; the text is one clear line."""


@dataclass(frozen=True)
class Key:
    """A key that seals; the oldest follows from the secret of the installation and stands in no file."""

    secret: bytes = field(repr=False)
    made_at: datetime = _BEFORE_ALL

    @property
    def mark(self) -> str:
        """What stands in front of each text that it has sealed; it tells nothing about the key."""
        return hashlib.sha256(self.secret).hexdigest()[:8]


@dataclass
class _Ring:
    path: Path = Path()
    # One value, so that no thread ever sees the keys of one file with the stamp of another.
    held: tuple[tuple[int, ...] | None, dict[str, Key]] = (None, {})


_own: dict[str, bytes] = {}
_ring = _Ring()


def use(secret: str, ring_file: Path) -> None:
    """Derive the first keys of this installation from its secret and read the later ones from its ring; RingError where that is not possible."""
    for purpose in ("seal", "fingerprint"):
        _own[purpose] = HKDF(hashes.SHA256(), _LENGTH, salt=None, info=b"tetap-melayani " + purpose.encode()).derive(secret.encode())
    _ring.path = ring_file
    _read()


def seal(text: str, *, about: str) -> str:
    """The text encrypted and bound to what it is `about`; it opens nowhere else. The key's mark stands in front."""
    key, nonce = ring()[-1], os.urandom(12)
    closed = AESGCM(key.secret).encrypt(nonce, text.encode(), about.encode())
    return f"{key.mark}:{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(sealed: str, *, about: str) -> str:
    """The text again; Unreadable where key or place differ, or a bit was changed."""
    mark, _, body = sealed.partition(":")
    # Another process may have made the key since the ring was read.
    key = _ring.held[1].get(mark) or {each.mark: each for each in ring()}.get(mark)
    if key is None:
        raise Unreadable
    try:
        raw = base64.urlsafe_b64decode(body)
        return AESGCM(key.secret).decrypt(raw[:12], raw[12:], about.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Unreadable from None


def mark_of(sealed: str) -> str:
    """The mark of the key that sealed a text."""
    return sealed.partition(":")[0]


# Fingerprints stay under the secret and are not rotated: rows are looked up by them, links already mailed are known by them, and of most the text
# that a new one would have to be made from is kept nowhere.
def fingerprint(text: str) -> str:
    """The same for the same text, and no way back without the key."""
    return hmac.new(_own["fingerprint"], text.encode(), hashlib.sha256).hexdigest()


def ring() -> list[Key]:
    """The keys that open, the oldest first and the one that seals last, as the file has them this moment."""
    with _one_line():
        if _stamp() != _ring.held[0]:
            _read()
    return list(_ring.held[1].values())


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else changes the ring meanwhile; RingError at once where somebody does. A process that dies lets go."""
    with _owned(_ring.path.with_name(_ring.path.name + ".lock")) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RingError(f"{_ring.path}: another process is changing the keys.") from None
        yield


def add_key(*, now: datetime) -> Key:
    """A new key, the one that seals from now on: it is on the disk before anything is sealed with it."""
    made = Key(os.urandom(_LENGTH), now)
    _write([*ring()[1:], made])
    return made


def drop_keys(marks: set[str]) -> None:
    """Forget keys that nothing bears any more; what they sealed opens never again. The first one and the last stay."""
    held = ring()
    _write([key for key in held[1:] if key.mark not in marks or key == held[-1]])


def _read() -> None:
    first, stamp, later = Key(_own["seal"]), None, []
    with _one_line(), suppress(FileNotFoundError), _ring.path.open("rb") as file:
        state = os.fstat(file.fileno())
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise RingError(f"{_ring.path}: others may read these keys; chmod 600 {_ring.path}")
        stamp, later = _stamped(state), [_parsed(line) for line in file.read().splitlines() or [b""]]
    _ring.held = (stamp, {key.mark: key for key in (first, *later)})


def _parsed(line: bytes) -> Key:
    with suppress(ValueError):
        moment, secret = line.decode("ascii").split()
        made = Key(base64.urlsafe_b64decode(secret), datetime.fromisoformat(moment).astimezone(UTC))
        if len(made.secret) == _LENGTH:
            return made
    raise RingError(f"{_ring.path}: this is no ring of sealing keys; put back the one that belongs to the database.")


def _write(later: list[Key]) -> None:
    """Beside, then renamed: whoever looks finds the old ring or the new one, whole, also after a power cut."""
    beside = _ring.path.with_name(_ring.path.name + ".new")
    lines = [f"{key.made_at.isoformat()} {base64.urlsafe_b64encode(key.secret).decode()}\n" for key in later]
    with _one_line():
        beside.unlink(missing_ok=True)
        with _owned(beside) as out:
            os.write(out, "".join(lines).encode())
            os.fsync(out)
        beside.replace(_ring.path)
        with _opened(_ring.path.parent, os.O_RDONLY) as folder:
            os.fsync(folder)
    _read()


@contextmanager
def _owned(path: Path) -> Iterator[int]:
    """A file that the account of the folder may open and nobody else, also where root runs the command."""
    with _opened(path, os.O_WRONLY | os.O_CREAT) as number:
        if os.geteuid() == 0:
            folder = path.parent.stat()
            os.fchown(number, folder.st_uid, folder.st_gid)
        yield number


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    with _one_line():
        number = os.open(path, flags, 0o600)
    try:
        yield number
    finally:
        os.close(number)


def _stamp() -> tuple[int, ...] | None:
    with suppress(FileNotFoundError):
        return _stamped(_ring.path.stat())
    return None


def _stamped(state: os.stat_result) -> tuple[int, ...]:
    return state.st_ino, state.st_ctime_ns, state.st_size


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RingError(f"{_ring.path}: {error.strerror}") from None
