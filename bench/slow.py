"""Two hundred clients whose bodies hang, before the nginx of deploy/, and what the public notices of them."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from bench import sizes
from bench.found import Found
from bench.load import BROWSER, ROOT, Measured, Running, free_port, press

_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
_WHAT = "board while {count} slow bodies hang, behind nginx"
_GOAL = "no failed request, p99 ≤ 3 ×"
_BODY = b"POST /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n\r\nidentifier="


def measure(found: Found, running: Running, folder: Path) -> None:
    """The board through nginx without and with them."""
    what = _WHAT.format(count=sizes.SLOW)
    if _NGINX is None:
        found.tell(what, "not measured here: no nginx", _GOAL)
        return
    with _nginx(running.port, folder) as address:
        still = press(address, seconds=sizes.SECONDS, headers=BROWSER)
        with _hanging(address) as held:
            seen = press(address, seconds=sizes.SECONDS, headers=BROWSER)
            still_held = held()
    _tell(found, what, still, seen, still_held)


def _tell(found: Found, what: str, still: Measured, seen: Measured, held: int) -> None:
    found.failed += seen.failed
    growth = seen.p99 / max(still.p99, 0.01)
    found.tell(what, f"{seen.failed} failed, p99 {growth:.2f} ×", _GOAL, seen.failed == 0 and growth <= 3 and held == sizes.SLOW,
               f"{seen.rate:.0f}/s, p99 {seen.p99:.1f} ms; without them {still.rate:.0f}/s, p99 {still.p99:.1f} ms; {held} hung to the end")  # fmt: skip


@contextmanager
def _hanging(address: str) -> Iterator:
    """Clients who send their body a byte a second; yields how to count those still connected."""
    port, is_over = int(address.rpartition(":")[2].rstrip("/")), Event()
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(sizes.SLOW)]
    gone: set[int] = set()

    def trickle() -> None:
        while not is_over.wait(1):
            for number, client in enumerate(clients):
                try:
                    client.send(b"x")
                except OSError:
                    gone.add(number)

    for client in clients:
        client.sendall(_BODY)
    sender = Thread(target=trickle)
    sender.start()
    try:
        yield lambda: sizes.SLOW - len(gone)
    finally:
        is_over.set()
        sender.join()
        for client in clients:
            client.close()


@contextmanager
def _nginx(portal: int, folder: Path) -> Iterator[str]:
    """nginx as deploy/ has it, but for names and TLS, before the portal."""
    home, port = folder / "nginx", free_port()
    home.mkdir(exist_ok=True)
    (home / "nginx.conf").write_text(_configuration(portal, port, home), encoding="utf-8")
    started = subprocess.Popen([str(_NGINX), "-e", str(home / "errors"), "-p", str(home), "-c", str(home / "nginx.conf")])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        started.terminate()
        started.wait(30)


def _configuration(portal: int, port: int, home: Path) -> str:
    """deploy/nginx.conf without its redirection and its TLS, which need a name and a certificate."""
    own = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    own = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", own, flags=re.DOTALL)
    own = re.sub(r"^ *(ssl_\w+|listen \[::\]:443|server_name) .*\n|^ *listen \[::\].*\n", "", own, flags=re.MULTILINE)
    own = re.sub(r"listen 443.*;", f"listen 127.0.0.1:{port};", own).replace("127.0.0.1:8000", f"127.0.0.1:{portal}")
    own = own.replace("/var/log/nginx/tetap-melayani.log", str(home / "access"))
    places = "".join(f"{name}_temp_path {home}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    owner = "user root;\n" if home.owner() == "root" else ""
    return f"{owner}daemon off;\npid {home}/pid;\nworker_processes 1;\nevents {{ worker_connections 1024; }}\nhttp {{\n{places}{own}\n}}\n"


def _wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return
        time.sleep(0.05)
    raise SystemExit("nginx does not answer")
