"""A portal as people meet it: the real server on a port of its own, with the demo and one office whose name is as long as names get."""

import csv
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FLASK = str(Path(sys.executable).parent / "flask")
ROOT = Path(__file__).parent.parent.parent
NAMED = "http://127.0.0.1:8000"  # what stands on paper, whatever the port of this run
PATIENCE = 30  # seconds until the server must answer
LONG = "kantor-suku-dinas-dukcapil-jakarta-selatan"
_COLUMNS = {
    "offices": "slug,name,kind,parent,region,address,lat,lon,timezone,hours,phone,email,headcount,desks",
    "closures": "case,office,scope,starts,ends,reopens,reason,online,dropbox,diversion,note,source",
}
_NAME = "Kantor Suku Dinas Kependudukan dan Pencatatan Sipil Kota Administrasi Jakarta Selatan"
_OFFICE = {
    "slug": LONG,
    "name": _NAME,
    "kind": "suku dinas",
    "region": "31.74",
    "address": "Jalan Radio V Nomor 1",
    "phone": "(021) 555 0199",
    "email": f"surat@{LONG}.example",
}
_CLOSURE = {
    "case": "uji", "office": LONG, "scope": "all", "starts": "2020-09-21", "ends": "2020-09-25", "reason": "flood", "online": "yes", "dropbox": "yes",
    "diversion": "Kantor Kecamatan Pasar Minggu",
    "note": "Lantai dasar dan gardu listrik tergenang; berkas sudah diamankan. Warga yang dokumennya sudah jadi dihubungi satu per satu lewat telepon, "
            "dan boleh mengambilnya di kantor pengganti selama jam layanan.",
}  # fmt: skip


@contextmanager
def portal(folder: Path, *, has_long_name: bool = True) -> Iterator[str]:
    """The address of a running portal, a demo, with its installation in a folder; it is stopped afterwards."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment |= {"PORTAL_INSTANCE": str(folder), "PORT": str(port), "PORTAL_DEMO": "yes", "PORTAL_BASE_URL": NAMED}
    _flask("init", environment=environment)
    _flask("demo", environment=environment)
    if has_long_name:
        _add_long_name(folder, environment)
    server = subprocess.Popen([FLASK, "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield _answering(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _add_long_name(folder: Path, environment: dict[str, str]) -> None:
    for kind, row in (("offices", _OFFICE), ("closures", _CLOSURE)):
        file = folder / f"{kind}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            sheet = csv.DictWriter(opened, _COLUMNS[kind].split(","), restval="")
            sheet.writeheader()
            sheet.writerow(row)
        _flask(kind, "import", str(file), environment=environment)


def _flask(*words: str, environment: dict[str, str]) -> None:
    done = subprocess.run([FLASK, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _answering(server: subprocess.Popen[bytes], address: str) -> str:
    for _ in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(address + "/sehat", timeout=PATIENCE):
                return address
        except urllib.error.URLError:
            assert _lives(server), "the server ended before it answered"
    raise AssertionError("the server does not answer")


def _lives(server: subprocess.Popen[bytes]) -> bool:
    """Whether it still runs a tenth of a second later."""
    try:
        server.wait(0.1)
    except subprocess.TimeoutExpired:
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
