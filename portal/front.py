"""Answers public pages before Flask does, from bodies that were made once a board version and once more whenever the clock alone turns a state.

Only answers of views that are marked as lasting enter, and each is asked for without any cookie: nothing private can.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import getrandbits
from typing import Any

from peewee import InterfaceError, PeeweeException

from portal import clock, db
from portal.db import is_postgres, ready_connection
from portal.offices import board
from portal.offices.moments import Moments

REQUEST_ID = "portal.request_id"
_MOST_BYTES = 24_000_000
_LARGEST = 1_000_000
_COALESCED = 1.0  # seconds for which the last body may serve after it was made
_UNREAD = 0.02  # seconds for which the version read last is taken to hold, while no transaction of this process has ended: SQLite hands over to another thread
_AHEAD = 0.85  # seconds after which the first reader makes it anew; the others need not wait as long as the last one may serve
_PATIENCE = 5.0  # seconds for which one waits for another's rebuild
_OWN = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")  # of one reader; nothing kept is made from these
_PASSED_BY = ("HTTP_HX_REQUEST", "HTTP_SAVE_DATA", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_MATCH")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Key = tuple[str, str, str, bool]
Epoch = tuple[int, datetime]


@dataclass(frozen=True)
class Body:
    """An answer as it is sent, when it was made and what held then."""

    status: str
    headers: Headers
    bare: Headers  # where the reader has the body already
    body: bytes
    tag: str
    epoch: Epoch
    made: float

    @property
    def size(self) -> int:
        return len(self.body) + 1000


@dataclass
class _Kept:
    """Bodies by address, those not asked for longest out first; and who rebuilds which just now."""

    bodies: "OrderedDict[Key, Body]" = field(default_factory=OrderedDict)
    size: int = 0
    flights: dict[Key, threading.Event] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> Body | None:
        found = self.bodies.get(key)
        if found is not None:
            with suppress(KeyError):  # another thread has just thrown it out
                self.bodies.move_to_end(key)
        return found

    def put(self, key: Key, body: Body) -> None:
        with self.lock:
            self._drop(key)
            self.bodies[key] = body
            self.size += body.size
            while self.size > _MOST_BYTES:
                self._drop(next(iter(self.bodies)))

    def take_off(self, key: Key) -> threading.Event | None:
        """The rebuild that runs already, or none: then it is the caller's."""
        with self.lock:
            if key in self.flights:
                return self.flights[key]
            self.flights[key] = threading.Event()
            return None

    def land(self, key: Key) -> None:
        with self.lock:
            self.flights.pop(key).set()

    def _drop(self, key: Key) -> None:
        gone = self.bodies.pop(key, None)
        self.size -= gone.size if gone is not None else 0


class Front:
    """The outermost layer: what is kept and still holds is sent at once, all else goes on to Flask."""

    def __init__(self, serve: Callable[..., Iterable[bytes]], lasts: Callable[[str, str], bool],
                 note: Callable[[Environ, str, int, float], None] | None = None, core: int | None = None) -> None:  # fmt: skip
        """In front of an application. `lasts` says of a path and a query whether the answer follows from them, the version and the moment alone;
        `note` takes each answer for the access log: what was asked, its status, its size (-1: not known) and the seconds it took;
        `core` is the one on which all threads that ask this layer go on to run."""
        self._serve, self._lasts, self._note, self._kept, self._moments = serve, lasts, note, _Kept(), Moments()
        self._read_at, self._version, self._finished, self._core, self._placed = 0.0, 0, -1, core, threading.local()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if self._core is not None and not hasattr(self._placed, "core"):
            self._placed.core = self._core
            with suppress(OSError):  # somebody has taken that core away
                os.sched_setaffinity(0, {self._core})
        began, environ[REQUEST_ID] = time.monotonic(), f"{getrandbits(64):016x}"
        body = self._body(environ) if _may_be_kept(environ) else None
        if body is None:
            return self._serve(environ, self._noted(environ, start, began))
        is_known = body.tag != "" and body.tag in environ.get("HTTP_IF_NONE_MATCH", "")
        status, sent = ("304 NOT MODIFIED", b"") if is_known else (body.status, body.body)
        start(status, [*(body.bare if is_known else body.headers), ("X-Request-Id", environ[REQUEST_ID])])
        if self._note is not None:
            self._note(environ, status, len(sent), time.monotonic() - began)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [sent]

    def _body(self, environ: Environ) -> Body | None:
        """What is kept for an address if it holds, or has just been made; none where Flask has to answer this reader itself."""
        key = (environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""), _takes_gzip(environ))
        kept, is_known = self._kept.get(key), "HTTP_COOKIE" in environ  # who may have acted just now never waits to see it
        if kept is None and not self._lasts(key[1], key[2]):
            return None
        try:
            epoch = self._epoch(is_fresh=is_known)
        except (PeeweeException, InterfaceError, OSError):
            return None  # Flask says what is wrong with the database
        age = time.monotonic() - kept.made if kept is not None and not is_known else _COALESCED
        if kept is not None and (kept.epoch == epoch or age < _AHEAD):
            return kept
        running = self._kept.take_off(key)
        if running is None:
            try:
                return self._made(key, environ, epoch)
            finally:
                self._kept.land(key)
        if age < _COALESCED:
            return kept
        running.wait(_PATIENCE)
        fresh = self._kept.get(key)
        return fresh if fresh is not None and fresh.epoch >= epoch else None

    def _epoch(self, *, is_fresh: bool) -> Epoch:
        """What every kept answer depends on: the version of the board, and the last moment at which the clock turned something."""
        finished = db.finished()
        if is_fresh or finished != self._finished or time.monotonic() - self._read_at > (_COALESCED if is_postgres() else _UNREAD):
            ready_connection()
            read_at, self._version = time.monotonic(), board.version()
            self._finished, self._read_at = finished, read_at
        return self._version, self._moments.last(clock.now(), self._version)

    def _made(self, key: Key, environ: Environ, epoch: Epoch) -> Body:
        """Ask Flask as a reader without any past would; kept where it is an answer for everybody."""
        made, asked = time.monotonic(), {name: value for name, value in environ.items() if name not in _OWN}
        asked["REQUEST_METHOD"] = "GET"
        told: list[Any] = []
        answer = self._serve(asked, lambda status, headers, error=None: told.extend((status, headers)))
        try:
            sent = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        named = {name.lower(): value for name, value in told[1]}
        is_for_all = told[0].startswith("200") and named.get("cache-control", "").startswith("public") and "set-cookie" not in named
        body = Body(told[0], list(told[1]), _without_body(told[1]), sent, named.get("etag", "") if is_for_all else "", epoch, made)
        if is_for_all and len(sent) <= _LARGEST:
            self._kept.put(key, body)
        return body

    def _noted(self, environ: Environ, start: Start, began: float) -> Start:
        """Start an answer of Flask's with its number, and a line in the log."""

        def begin(status: str, headers: Headers, error: Any = None) -> Any:
            if self._note is not None:
                self._note(environ, status, -1, time.monotonic() - began)
            return start(status, [*headers, ("X-Request-Id", environ[REQUEST_ID])], *([error] if error else []))

        return begin


def _may_be_kept(environ: Environ) -> bool:
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and not any(name in environ for name in _PASSED_BY)


def _takes_gzip(environ: Environ) -> bool:
    said = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in said and "gzip;q=0" not in said.replace(" ", "")


def _without_body(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in ("content-length", "content-type", "content-encoding")]
