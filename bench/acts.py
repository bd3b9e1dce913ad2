"""Acts that the public sees, at a steady pace until told to end, with a line of what was done when: python -m bench.acts KIND RATE OFFICES."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from bench import country
from bench.load import ROOT
from portal import clock, continuity, create_app
from portal.offices import places
from portal.offices.models import Closure, Office

CLOSING, CALLING = "closing", "calling"


class Acting:
    """Acts on some offices in turn."""

    def __init__(self, kind: str, offices: list[Office]) -> None:
        self.offices, self.closed, self.turn = offices, dict[int, int](), 0
        self._do = {CLOSING: self._close, CALLING: self._call}[kind]

    def act(self) -> None:
        """The next act; its line says since when the public may see it and from when it must."""
        office = self.offices[self.turn % len(self.offices)]
        self.turn += 1
        begun = time.time()
        became = self._do(office)
        click.echo(json.dumps({"slug": office.slug, "became": became, "begun": begun, "done": time.time()}))

    def _close(self, office: Office) -> int:
        """An open office closes, a closed one has its closure withdrawn; the closure that holds now, or 0."""
        running = self.closed.pop(office.id, 0)
        if running:
            continuity.withdraw(Closure.get_by_id(running), reason="Keliru.", by=country.BY, now=clock.now())
            return 0
        self.closed[office.id] = country.close(office, now=clock.now()).id
        return self.closed[office.id]

    def _call(self, office: Office) -> int:
        """An office has another telephone number."""
        places.change(office, by=country.BY, now=clock.now(), phone=f"021 {self.turn}")
        return self.turn


@contextmanager
def acting(environment: dict[str, str], log: Path, *, kind: str = CLOSING, rate: float, offices: int = 20) -> Iterator[None]:
    """A process that acts at this pace meanwhile."""
    with log.open("w", encoding="utf-8") as lines:
        started = subprocess.Popen([sys.executable, "-m", "bench.acts", kind, str(rate), str(offices)], cwd=ROOT, env=environment, stdout=lines)
        try:
            while log.stat().st_size == 0 and started.poll() is None:
                time.sleep(0.05)
            yield
        finally:
            started.send_signal(signal.SIGTERM)
            if started.wait(60):
                raise SystemExit("the process that acts has failed")


def done(log: Path) -> list[dict[str, Any]]:
    """The acts of a log; a last line that is being written does not count."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]


def pace(log: Path) -> float:
    """Acts a second."""
    acts = done(log)
    return (len(acts) - 1) / (acts[-1]["done"] - acts[0]["done"]) if len(acts) > 1 else 0.0


def changing(count: int) -> Any:
    """The offices on which is acted."""
    return Office.select().where(Office.region.startswith(country.SMALL), Office.parent.is_null()).order_by(Office.id.desc()).limit(count)


def main(kind: str, rate: float, count: int) -> None:
    create_app()
    is_asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        is_asked.set()

    signal.signal(signal.SIGTERM, stop)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    acting = Acting(kind, list(changing(count)))
    begun = time.monotonic()
    while not is_asked.wait(max(begun + acting.turn / rate - time.monotonic(), 0)):
        acting.act()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
