"""The virus scanner, where an installation has one: clamd, asked over its INSTREAM command."""

import socket
import struct
import time
from contextlib import suppress

PATIENCE = 20.0  # seconds for the whole question
_CHUNK = 65_536
_LONGEST_REPLY = 4096


class Unanswered(Exception):
    """The scanner is away, is too slow, or would not judge; the text says why."""


def virus_in(content: bytes, *, at: str) -> str:
    """The name of the virus that clamd finds, or nothing; Unanswered where it does not say."""
    try:
        reply = _ask(content, _address(at), until=time.monotonic() + PATIENCE)
    except OSError as error:
        raise Unanswered(f"clamd at {at}: {error}") from None
    verdict = reply.partition(b"\0")[0].decode("utf-8", "replace").strip().removeprefix("stream: ")
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if verdict != "OK":
        raise Unanswered(f"clamd at {at}: {verdict or 'no answer'}")
    return ""


def _ask(content: bytes, address: tuple[str, int], *, until: float) -> bytes:
    with socket.create_connection(address, timeout=PATIENCE) as peer:
        with suppress(BrokenPipeError, ConnectionResetError):  # it says why it hangs up, and that is read below
            peer.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                peer.settimeout(_left(until))
                peer.sendall(struct.pack("!L", len(chunk)) + chunk)
            peer.sendall(struct.pack("!L", 0))
        reply = b""
        while b"\0" not in reply and len(reply) < _LONGEST_REPLY:
            peer.settimeout(_left(until))
            if not (part := peer.recv(_LONGEST_REPLY)):
                break
            reply += part
        return reply


def _address(setting: str) -> tuple[str, int]:
    """Host and port of host:port, [::1]:3310 too."""
    host, _, port = setting.rpartition(":")
    return host.strip("[]"), int(port)


def _left(until: float) -> float:
    """Seconds that are left; TimeoutError where none are."""
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError("timed out")
    return left
