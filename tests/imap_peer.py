"""A small mailbox that speaks as much IMAP4rev1 as a reader of letters needs; it refuses, stalls or hangs up as a test asks of it."""

import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.certificates import Certificates

PATIENCE = 30


@dataclass
class Held:
    """One letter in the mailbox."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


class Mailbox:
    """The letters by UID, and how the server shall behave: a step at which it falls silent, hangs up or says no."""

    def __init__(self, *letters: bytes, username: str = "portal@kota.example", password: str = "rahasia") -> None:
        self.letters = {number: Held(raw) for number, raw in enumerate(letters, 1)}
        self.username, self.password = username, password
        self.stalls_at = self.drops_at = self.refuses_at = ""  # connect, login, select, search, fetch, store
        self.claims: dict[int, int] = {}  # by UID a size that is not the letter's
        self.said: list[str] = []
        self.before_store: Callable[[int], None] = lambda uid: None
        self.released = threading.Event()  # what stalls goes on, at the end of a test

    def put(self, raw: bytes) -> int:
        uid = max(self.letters, default=0) + 1
        self.letters[uid] = Held(raw)
        return uid

    def flags(self, uid: int) -> set[str]:
        return self.letters[uid].flags


class _Gone(Exception):
    pass


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: Any

    def handle(self) -> None:
        try:
            if self.server.security == "tls":
                self._wrap()
            self._misbehaves("connect")
            self._say("* OK peer ready")
            while line := self.rfile.readline():
                self._answer(line.decode("latin-1").rstrip("\r\n"))
        except (_Gone, OSError, ValueError):
            return

    def _answer(self, line: str) -> None:
        tag, _, rest = line.partition(" ")
        command, _, given = rest.partition(" ")
        if command.upper() == "UID":
            command, _, given = given.partition(" ")
        name = command.lower()
        self.server.box.said.append(name)
        self._misbehaves(name)
        if name == self.server.box.refuses_at or not hasattr(self, f"_do_{name}"):
            self._say(f"{tag} NO {name} refused")
            return
        done = getattr(self, f"_do_{name}")(given)
        self._say(f"{tag} {done or f'OK {name} done'}")
        if name == "starttls":
            self._wrap()
        if name == "logout":
            raise _Gone

    def _do_capability(self, given: str) -> None:
        self._say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.server.security == "starttls" else ""))

    def _do_starttls(self, given: str) -> None:
        """The secured talk begins after the answer."""

    def _do_login(self, given: str) -> str:
        own = [re.sub(r"\\(.)", r"\1", each) for each in re.findall(r'"((?:[^"\\]|\\.)*)"', given)] or given.split()
        return "" if own in ([self.server.box.username, self.server.box.password],) else "NO [AUTHENTICATIONFAILED] wrong"

    def _do_select(self, given: str) -> str:
        if given.strip('"') != "INBOX":
            return "NO no such folder"
        self._say(f"* {len(self.server.box.letters)} EXISTS")
        return "OK [READ-WRITE] selected"

    def _do_search(self, given: str) -> None:
        found = [str(uid) for uid, held in sorted(self.server.box.letters.items()) if not held.flags & {"\\Answered", "\\Deleted"}]
        assert given.split() == ["UNANSWERED", "UNDELETED"]
        self._say(" ".join(["* SEARCH", *found]))

    def _do_fetch(self, given: str) -> None:
        uid, held = int(given.split()[0]), self.server.box.letters.get(int(given.split()[0]))
        if held is None:
            return
        assert "BODY.PEEK[" in given
        raw = held.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in given else held.raw
        what, size = "BODY[HEADER]" if "HEADER" in given else "BODY[]", self.server.box.claims.get(uid, len(held.raw))
        self.wfile.write(f"* 1 FETCH (UID {uid} FLAGS ({' '.join(held.flags)}) RFC822.SIZE {size} {what} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _do_store(self, given: str) -> None:
        uid, _, flags = given.split(" ", 2)
        self.server.box.before_store(int(uid))
        self.server.box.letters[int(uid)].flags |= set(flags.strip("()").split())

    def _do_logout(self, given: str) -> None:
        self._say("* BYE")

    def _misbehaves(self, step: str) -> None:
        if self.server.box.stalls_at == step:
            self.server.box.released.wait(PATIENCE)
            raise _Gone
        if self.server.box.drops_at == step:
            raise _Gone

    def _wrap(self) -> None:
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def finish(self) -> None:
        self.connection.close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that does not trust us, or went away, is no error of this server."""


@contextmanager
def running(box: Mailbox, *, security: str = "none", certificates: Certificates | None = None) -> Iterator[int]:
    """The mailbox on a port of its own, with none, starttls or tls; the port."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box, server.security = box, security  # type: ignore[attr-defined]
        server.context = _context(certificates) if certificates else None  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            box.released.set()
            server.shutdown()
            thread.join(PATIENCE)


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificates.chain)
    return context
