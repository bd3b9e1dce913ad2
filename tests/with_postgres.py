"""Runs a command with a PostgreSQL server of its own: python -m tests.with_postgres COMMAND …; the server's address is in TEST_POSTGRES."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest version's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


def main(command: list[str]) -> int:
    folder = programs()
    if folder is None:
        print("PostgreSQL is not installed; its tests are skipped.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="portal-postgres-") as home:
        if as_owner:
            shutil.chown(home, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = f"{home}/data"
        subprocess.run([*as_owner, folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
                       check=True, stdout=subprocess.DEVNULL, cwd=home)  # fmt: skip
        options = f"-h 127.0.0.1 -p {port} -k {home} -c fsync={os.environ.get('POSTGRES_FSYNC', 'off')} -c full_page_writes=off -c max_connections=260"
        subprocess.run(
            [*as_owner, folder / "pg_ctl", "-D", data, "-w", "-l", f"{home}/log", "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=home
        )
        try:
            return subprocess.run(command, env={**os.environ, "TEST_POSTGRES": f"postgresql://postgres@127.0.0.1:{port}"}, check=False).returncode
        finally:
            subprocess.run([*as_owner, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd=home)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
