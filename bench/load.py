"""Servers to measure and the load on them: granian as in production, wrk as the crowd."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
CLIENTS = 64
BROWSER = ("Accept-Encoding: gzip",)
_PATIENCE, _LONGEST = 60, 3600


@dataclass(frozen=True)
class Measured:
    """What a load brought: answers a second, those that were no success, and the slowest of a hundred in milliseconds."""

    rate: float
    answers: int
    failed: int
    p99: float


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, its process, and the seconds from its start to its first answer."""

    address: str
    pid: int
    began: float

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@dataclass
class Pressing:
    """A load that goes on while something else happens; what it brought is known afterwards."""

    measured: Measured = field(default_factory=lambda: Measured(0, 0, 0, 0))


@contextmanager
def server(target: str, environment: dict[str, str], *, threads: int = 4) -> Iterator[Running]:
    """A server with one worker process, as `flask serve` starts it."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port), "--blocking-threads", str(threads),
               "--blocking-threads-idle-timeout", "600", "--log-level", "warning", target]  # fmt: skip
    begun = time.monotonic()
    started = subprocess.Popen(command, cwd=ROOT, env={**environment, "PORT": str(port)})
    try:
        _wait_for(f"http://127.0.0.1:{port}", started)
        yield Running(f"http://127.0.0.1:{port}", started.pid, time.monotonic() - begun)
    finally:
        started.terminate()
        started.wait(_PATIENCE)


def press(address: str, *, seconds: int = 8, clients: int = CLIENTS, script: str = "", words: tuple[str, ...] = (), headers: tuple[str, ...] = ()) -> Measured:
    """So many clients who ask again as soon as they are answered; a script may say what each sends."""
    command = _wrk(address, seconds, clients, script, headers)
    return _read(subprocess.run([*command, *(["--", *words] if words else [])], capture_output=True, text=True, check=True).stdout)


@contextmanager
def pressing(address: str, *, clients: int = CLIENTS, headers: tuple[str, ...] = ()) -> Iterator[Pressing]:
    """The same for as long as something else takes."""
    crowd = subprocess.Popen(_wrk(address, _LONGEST, clients, "", headers), stdout=subprocess.PIPE, text=True)
    found = Pressing()
    try:
        yield found
    finally:
        crowd.send_signal(signal.SIGINT)
        found.measured = _read(crowd.communicate(timeout=_PATIENCE)[0])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def memory_of(pid: int) -> float:
    """Resident megabytes of the largest process below one."""
    rows = [line.split() for line in subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]]
    family = {pid}
    for _ in rows:
        family |= {int(child) for child, parent, _ in rows if int(parent) in family}
    return max(int(rss) for child, _, rss in rows if int(child) in family) / 1024


def plain_environment(**own: str) -> dict[str, str]:
    """The environment without settings of another installation, with those given (named without their prefix)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {f"PORTAL_{name}": value for name, value in own.items()}


def _wrk(address: str, seconds: int, clients: int, script: str, headers: tuple[str, ...]) -> list[str]:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("bench needs wrk (Debian: apt-get install wrk)")
    more = [each for header in headers for each in ("-H", header)] + (["-s", str(HERE / script)] if script else [])
    return [wrk, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency", *more, address]


def _read(said: str) -> Measured:
    """What wrk says at its end."""
    numbers = re.findall(r"(?:connect|read|write|timeout) (\d+)|responses: (\d+)|^failed (\d+)$", said, re.MULTILINE)
    failed = sum(int(number) for found in numbers for number in found if number)
    return Measured(_number(r"Requests/sec:\s+([\d.]+)", said), int(_number(r"(\d+) requests in", said)), failed, _milliseconds(said))


def _wait_for(address: str, started: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and started.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.02)
    raise SystemExit(f"{address} does not answer")


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def _milliseconds(text: str) -> float:
    found = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]] if found else 0.0
