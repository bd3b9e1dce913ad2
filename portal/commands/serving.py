"""The processes of a running portal, the server and the worker, started and ended together."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

_PATIENCE = 15
_HERE = Path(sys.executable).parent


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=4, show_default=True)
@with_appcontext
def serve(host: str, threads: int) -> None:
    """The server and the worker together; one Ctrl-C ends both cleanly, and the end of one ends the other as a failure."""
    port = current_app.config["SETTINGS"].port
    _refuse_taken(host, port)
    children: list[subprocess.Popen[bytes]] = []
    is_asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        is_asked.set()
        _terminate(children)

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, stop)
    # Each in a group of its own: Ctrl-C then reaches this process alone. The server, told twice, would hang for ten seconds.
    for command in (server(host, port, threads), [str(_HERE / "flask"), "deliver"]):
        children.append(subprocess.Popen(command, process_group=0))
    click.echo(f"Tetap Melayani: {current_app.config['SETTINGS'].base_url} (Ctrl-C stops it)")
    first = _first_end(children, is_asked)
    _terminate(children)
    for child in children:
        _ended(child)
    sys.exit(0 if is_asked.is_set() else max(first, 1))


def server(host: str, port: int, threads: int) -> list[str]:
    """The command of the server alone."""
    return [str(_HERE / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--blocking-threads", str(threads),
            "--blocking-threads-idle-timeout", "600", "--log-level", "warning", "--workers-kill-timeout", str(_PATIENCE - 5), "wsgi:app"]  # fmt: skip


def _refuse_taken(host: str, port: int) -> None:
    """Ends the start where another process listens: the server would share its port with it, and each answer come from either."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise click.ClickException(f"Port {port} of {host} cannot be used: {error.strerror}. PORT= chooses another.") from None


def _first_end(children: list[subprocess.Popen[bytes]], is_asked: threading.Event) -> int:
    """Waits until one child ends or somebody asks for the end; the child's exit code, or 0."""
    while not is_asked.wait(0.2):
        ended = [child.returncode for child in children if child.poll() is not None]
        if ended:
            return ended[0]
    return 0


def _terminate(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()


def _ended(child: subprocess.Popen[bytes]) -> None:
    """Waits for a child, not for ever, and sweeps what a killed one left behind."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(_PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


COMMANDS = (serve,)
