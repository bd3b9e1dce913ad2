"""A real mail server in a thread: it takes letters, or refuses, stalls, drops or hangs up, as a test asks of it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.certificates import Certificates

PATIENCE = 30  # seconds until a peer must have seen what a test waits for


@dataclass(frozen=True)
class Accepted:
    """One letter that the server took."""

    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """The text or the HTML of the letter."""
        return str(next(part for part in self.message.walk() if part.get_content_type() == f"text/{kind}").get_content())


class Peer:
    """What the server did, and how it shall behave: a reply by recipient or for all, a step at which it falls silent, hangs up or drops."""

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.connections = 0
        self.rejects: dict[str, str] = {}  # recipient: reply
        self.reply_to_all = self.reply_to_content = self.reply_to_sender = ""
        self.stalls_at = self.drops_at = ""  # connect, rcpt, data
        self.most_per_connection = 0
        self.before_answer: Callable[[Accepted], None] = lambda letter: None  # in the server's thread, the letter taken, the answer not given
        self._changed = threading.Condition()

    def wait_for(self, count: int) -> None:
        """Until so many letters were accepted."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.accepted) >= count, PATIENCE), f"{len(self.accepted)} of {count} letters came"

    def take(self, letter: Accepted) -> None:
        with self._changed:
            self.accepted.append(letter)
            self._changed.notify_all()
        self.before_answer(letter)


class _Handler:
    """aiosmtpd's hooks."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, sender: str, options: list[str]) -> str:  # noqa: N802
        if self.peer.reply_to_sender:
            return self.peer.reply_to_sender
        envelope.mail_from = sender
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, recipient: str, options: list[str]) -> str:  # noqa: N802
        await _misbehave(self.peer, "rcpt", server)
        reply = self.peer.rejects.get(recipient) or self.peer.reply_to_all
        if not reply:
            envelope.rcpt_tos.append(recipient)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        await _misbehave(self.peer, "data", server)
        if self.peer.reply_to_content:
            return self.peer.reply_to_content
        self.peer.take(Accepted(envelope.rcpt_tos[0], envelope.original_content))
        session.taken = getattr(session, "taken", 0) + 1
        return "250 taken"


class _Server(SMTP):
    """aiosmtpd's server, which may be rude before it greets and closes a connection that has served long enough."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.peer.connections += 1
        super().connection_made(transport)

    async def push(self, status: Any) -> None:
        if str(status).startswith("220 ") and "TLS" not in str(status):
            await _misbehave(self.event_handler.peer, "connect", self)
        await super().push(status)

    async def smtp_NOOP(self, arg: str) -> None:  # noqa: N802
        most = self.event_handler.peer.most_per_connection
        if most and getattr(self.session, "taken", 0) >= most:
            await super().push("421 too many letters")
            self.transport.close()
        else:
            await super().smtp_NOOP(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.event_handler.peer.drops_at == "message":
            await super().push("354 go on")
            await self._reader.readline()
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


async def _misbehave(peer: Peer, step: str, server: SMTP) -> None:
    if peer.stalls_at == step:
        await asyncio.Event().wait()  # until the connection is lost
    if peer.drops_at == step:
        server.transport.abort()
        await asyncio.Event().wait()


@contextmanager
def running(peer: Peer, *, security: str = "none", certificates: Certificates | None = None) -> Iterator[int]:
    """The peer on a port of its own, with none, starttls or tls; the port."""
    context = _context(certificates.chain) if certificates else None
    starttls = context if security == "starttls" else None
    loop = asyncio.new_event_loop()

    def factory() -> SMTP:
        return _Server(_Handler(peer), tls_context=starttls, require_starttls=starttls is not None, hostname="peer.example", loop=loop)

    thread = threading.Thread(target=loop.run_forever, daemon=True)  # in a thread of its own: a browser's driver may have a loop in this one
    thread.start()
    opening = loop.create_server(factory, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(PATIENCE)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _hang_up(server: asyncio.Server) -> None:
    """End what still serves or stalls."""
    server.close()
    serving = asyncio.all_tasks() - {asyncio.current_task()}
    for task in serving:
        task.cancel()
    await asyncio.gather(*serving, return_exceptions=True)


def _context(chain: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*chain)
    return context
