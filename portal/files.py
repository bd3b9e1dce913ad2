"""Attachments: checked, named by content, on disk."""

import errno
import hashlib
import logging
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import IO

from peewee import IntegerField, TextField, chunked

from portal import contents, scanner
from portal.db import Moment, Table
from portal.refusals import NotFound, Refused
from portal.words import Sentence

MEGABYTE = 1_048_576
NOBODY = 0  # in place of a person's id: somebody without an account added it
_RESERVE = 200 * MEGABYTE  # attachments never take the last of a disk: anybody may send them, and the rows need it more
_YOUNG = timedelta(days=1)  # a file that no row names yet may belong to a form that is still being corrected
_SWEEP_EVERY = timedelta(hours=1)
_SWEPT = ".swept"
_AT_ONCE = 500  # names in one question to the database
_LONGEST_NAME = 200  # bytes: file systems end at 255
_UNFIT = '<>:"|?*'  # no file on Windows may be called so
_ENDINGS = frozenset(ending for endings in contents.KINDS.values() for ending in endings)
log = logging.getLogger("portal")


class Attachment(Table):
    """A file that somebody added: its content by digest, what its owner calls it. Several rows may name one content."""

    digest = TextField(index=True)
    name = TextField()
    mimetype = TextField()
    size = IntegerField()
    added_at = Moment()
    added_by_id = IntegerField()  # a person, or NOBODY


@dataclass(frozen=True)
class Stored:
    """A file that is checked and on disk, and that no row names yet; what no row names within a day goes."""

    digest: str
    name: str
    mimetype: str
    size: int


@dataclass
class _Place:
    folder: Path = Path("uploads")
    limit: int = 10
    count: int = 5
    clamd: str = ""


_here = _Place()


def use(folder: Path, *, limit: int, count: int = 5, clamd: str = "") -> None:
    """Keep files in a folder, none larger than so many MB, so many a form, each looked at by the scanner at host:port if there is one."""
    _here.folder, _here.limit, _here.count, _here.clamd = folder, limit, count, clamd


def limit() -> int:
    """How large a file may be, in MB."""
    return _here.limit


def count() -> int:
    """How many files a form may bring that takes several."""
    return _here.count


def take(content: bytes | IO[bytes], name: str, *, now: datetime, field: str = "") -> Stored:
    """Check a file and put it on disk, before any transaction; Refused where it is not one that may be kept, or cannot be kept now."""
    sent = _whole(content, field)
    _scan(sent, field)
    kept, mimetype = contents.harmless(sent, field=field)
    digest = hashlib.sha256(kept).hexdigest()
    try:
        _keep(kept, _path(digest), now)
    except OSError:
        log.exception("no attachment can be kept in %s", _here.folder)
        raise Refused(Sentence("Berkas belum dapat disimpan karena gangguan di portal. Coba lagi beberapa menit lagi."), field=field) from None
    return Stored(digest, clean_name(name, mimetype), mimetype, len(kept))


def record(stored: Stored, *, by_id: int = NOBODY, now: datetime) -> Attachment:
    """Name what is on disk in a row, inside the transaction of what it is attached to; Refused where it was swept away meanwhile.

    `by_id` is the person who added it; without one it was somebody without an account.
    """
    if not _path(stored.digest).exists():
        raise Refused(Sentence("Berkas {name} sudah tidak tersimpan. Unggah sekali lagi.", name=stored.name))
    return Attachment.create(digest=stored.digest, name=stored.name, mimetype=stored.mimetype, size=stored.size, added_at=now, added_by_id=by_id)


def path_of(attachment: Attachment) -> Path:
    """Where the content is; NotFound where the disk has lost it."""
    path = _path(attachment.digest)
    if not path.exists():
        log.error("the content of attachment %s is missing: %s", attachment.id, path)
        raise NotFound(Sentence("Berkas {name} tidak ada lagi di penyimpanan. Beri tahu pengelola portal.", name=attachment.name))
    return path


def sweep(*, now: datetime) -> int:
    """Remove what no row names and is older than a day, once an hour whoever asks; how many files went."""
    try:
        # A database without any attachment is a new one, or the wrong one: then the folder is not all rubbish.
        return _sweep(now) if _is_due(now) and Attachment.select().exists() else 0
    except OSError:
        log.exception("%s cannot be swept", _here.folder)
        return 0


def clean_name(name: str, mimetype: str) -> str:
    """What its owner calls a file, as it may be shown and saved: no folders, no marks that cannot be seen, the ending of what it is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join("-" if sign in _UNFIT else sign for sign in last if unicodedata.category(sign)[0] != "C")
    shown = " ".join(shown.split())
    ending = PurePath(shown).suffix
    stem = shown.removesuffix(ending) if ending.lower() in _ENDINGS else shown
    ours = contents.KINDS[mimetype][0]
    bounded = stem.encode()[: _LONGEST_NAME - len(ours)].decode(errors="ignore")
    return (bounded.strip(" .") or "berkas") + ours


def _whole(content: bytes | IO[bytes], field: str) -> bytes:
    most = _here.limit * MEGABYTE
    sent = content if isinstance(content, bytes) else content.read(most + 1)
    if not sent:
        raise Refused(Sentence("Berkas ini kosong. Pilih berkas lain."), field=field)
    if len(sent) > most:
        raise Refused(Sentence("Berkas ini terlalu besar: paling banyak {limit} MB. Perkecil dulu, lalu unggah lagi.", limit=_here.limit), field=field)
    return sent


def _scan(sent: bytes, field: str) -> None:
    """Refused where the scanner finds a virus, and where there is one that does not answer."""
    if not _here.clamd:
        return
    try:
        virus = scanner.virus_in(sent, at=_here.clamd)
    except scanner.Unanswered as error:
        log.error("no attachment can be scanned: %s", error)
        raise Refused(Sentence("Berkas belum dapat diperiksa dari virus. Coba lagi beberapa menit lagi."), field=field) from None
    if virus:
        log.warning("an attachment was refused, it holds %s", virus)
        raise Refused(Sentence("Berkas ini mengandung virus, jadi tidak disimpan. Periksa dulu perangkat Anda."), field=field)


def _keep(content: bytes, path: Path, now: datetime) -> None:
    """Write beside and rename: whoever looks finds the whole file or none, also after a power cut."""
    _here.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if shutil.disk_usage(path.parent).free < _RESERVE:
        raise OSError(errno.ENOSPC, "what room is left is for the database")
    number, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.utime(beside, (now.timestamp(),) * 2)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    for folder in (path.parent, _here.folder):
        _settle(folder)


def _settle(folder: Path) -> None:
    """What was renamed in a folder is on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _path(digest: str) -> Path:
    return _here.folder / digest[:2] / digest


def _is_due(now: datetime) -> bool:
    """Whether nobody has swept within the hour; then it counts as swept."""
    mark = _here.folder / _SWEPT
    if not _here.folder.is_dir() or (mark.exists() and 0 <= now.timestamp() - mark.stat().st_mtime < _SWEEP_EVERY.total_seconds()):
        return False
    mark.touch(mode=0o600)
    os.utime(mark, (now.timestamp(),) * 2)
    return True


def _sweep(now: datetime) -> int:
    removed = 0
    for paths in chunked(_old_files(now), _AT_ONCE):
        named = {digest for (digest,) in Attachment.select(Attachment.digest).where(Attachment.digest.in_([path.name for path in paths])).tuples()}
        for path in paths:
            if path.name not in named and _is_old(path, now):  # asked again: somebody may just have sent the same file
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _old_files(now: datetime) -> Iterator[Path]:
    for folder in _here.folder.glob("[0-9a-f][0-9a-f]"):
        yield from (path for path in folder.iterdir() if _is_old(path, now))


def _is_old(path: Path, now: datetime) -> bool:
    with suppress(FileNotFoundError):  # another worker was faster
        return path.stat().st_mtime < (now - _YOUNG).timestamp()
    return False
