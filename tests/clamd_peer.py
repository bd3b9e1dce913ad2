"""A tiny clamd in a thread: it reads INSTREAM as clamd does and answers, or misbehaves, as a test asks of it."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNATURE = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
PATIENCE = 30  # seconds until a peer must have come to its end


class Peer:
    """What it was sent, and how it shall behave: another reply, or silence."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.reply = b""
        self.is_silent = self.hangs_up = False
        self.most = 0  # bytes after which it hangs up with a word, as StreamMaxLength has it
        self.stopping = threading.Event()

    def serve(self, listener: socket.socket) -> None:
        while not self.stopping.is_set():
            connection, _ = listener.accept()
            with connection:
                if not self.stopping.is_set() and not self.hangs_up:
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!L", sent.read(4))[0]:
                content += sent.read(length)
                if self.most and len(content) > self.most:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                    return
            self.seen.append(content)
            if self.is_silent:
                self.stopping.wait(PATIENCE)
                return
            verdict = b"stream: Eicar-Signature FOUND\0" if SIGNATURE in content else b"stream: OK\0"
            connection.sendall(self.reply or verdict)


@contextmanager
def running(peer: Peer) -> Iterator[str]:
    """The peer on a port of its own; its host:port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        thread = threading.Thread(target=peer.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{address[1]}"
        finally:
            peer.stopping.set()
            socket.create_connection(address, timeout=PATIENCE).close()
            thread.join(PATIENCE)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
