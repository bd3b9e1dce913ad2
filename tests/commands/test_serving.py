"""The server and the worker as real processes: they answer together and end together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
PATIENCE = 30


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen, str]]:
    """`flask serve` on a fresh installation, once it is ready, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | {"PORTAL_INSTANCE": str(tmp_path), "PORT": str(port)}
    subprocess.run([FLASK, "init"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([FLASK, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def wait_until_ready(process: subprocess.Popen, address: str) -> None:
    for _ in range(PATIENCE * 5):
        try:
            with urlopen(address + "/siap", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.2)
    pytest.fail(f"not ready; exit code {process.poll()}")


def children(process: subprocess.Popen) -> dict[str, int]:
    """The processes below: the worker's and the server's ids."""
    found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True).stdout
    return {"worker" if "deliver" in line else "server": int(line.split()[0]) for line in found.splitlines()}


def is_answered(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_server_and_worker_cleanly(serving, how):
    process, address = serving
    below = children(process)
    assert set(below) == {"server", "worker"}
    process.send_signal(how)
    assert process.wait(PATIENCE) == 0
    assert not is_answered(address + "/sehat")
    assert [pid for pid in below.values() if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize("which", ["worker", "server"])
def test_where_one_of_the_two_dies_the_other_ends_and_the_start_is_a_failure(serving, which):
    process, address = serving
    os.kill(children(process)[which], signal.SIGKILL)
    assert process.wait(PATIENCE) != 0
    assert not is_answered(address + "/sehat")


def test_a_port_on_which_another_portal_listens_stops_the_start_with_one_line(tmp_path):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the server does: a second one could listen beside it
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = {**os.environ, "PORTAL_INSTANCE": str(tmp_path), "PORT": str(port)}
        ran = subprocess.run([FLASK, "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert ran.returncode != 0
    assert ran.stderr.strip().count("\n") == 0
    assert f"Port {port} of 127.0.0.1 cannot be used" in ran.stderr


def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path):
    environment = {**os.environ, "PORTAL_INSTANCE": str(tmp_path), "PORTAL_TIMEZONE": "Jakarta"}
    ran = subprocess.run([FLASK, "init"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert ran.stderr.strip().count("\n") == 0
    assert "PORTAL_TIMEZONE" in ran.stderr
