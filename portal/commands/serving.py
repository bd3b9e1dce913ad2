"""The processes of a running portal: the server and the worker."""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import clock, heartbeat
from portal.db import database, ready_connection

WORKER = "worker"
_PATIENCE = 15


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@with_appcontext
def deliver(once: bool) -> None:
    """The worker: does in the background what is due, and shows that it lives."""
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stopping.set())
    while True:
        ready_connection()
        heartbeat.beat(WORKER, now=clock.now())
        if once or stopping.wait(heartbeat.EVERY.total_seconds()):
            break
    database.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=4, show_default=True)
@with_appcontext
def serve(host: str, threads: int) -> None:
    """The server and the worker together; one Ctrl-C ends both, and the end of one ends the other."""
    port = current_app.config["SETTINGS"].port
    here = os.path.dirname(sys.executable)
    server = [f"{here}/granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--blocking-threads", str(threads),
              "--blocking-threads-idle-timeout", "600", "--log-level", "warning", "--workers-kill-timeout", str(_PATIENCE - 5), "wsgi:app"]  # fmt: skip
    children = [subprocess.Popen(command) for command in (server, [f"{here}/flask", "deliver"])]

    def stop(number: int, frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    click.echo(f"Tetap Melayani: {current_app.config['SETTINGS'].base_url} (Ctrl-C stops it)")
    code = _first_end(children)
    stop(0, None)
    for child in children:
        _ended(child)
    sys.exit(max(code, 0))


def _first_end(children: list[subprocess.Popen[bytes]]) -> int:
    """Waits until one child ends; its exit code."""
    while True:
        pid, status = os.wait()
        for child in children:
            if child.pid == pid:
                child.returncode = os.waitstatus_to_exitcode(status)
                return child.returncode


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()


COMMANDS = (deliver, serve)
