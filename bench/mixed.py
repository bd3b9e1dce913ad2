"""Mixed load for a long time, and a witness who knows what was done when: python -m bench.mixed; with TEST_POSTGRES set on PostgreSQL, else on SQLite."""

import http.client
import itertools
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from bench import acts, country, found, public, sizes
from bench.installation import Installation, installation
from bench.load import Running, memory_of, server
from portal import clock, db
from portal.offices.models import Office

MINUTES = float(os.environ.get("BENCH_MINUTES", "30"))
ACTS, OFFICES, READERS = 5, 20, 6
_BOUND = 1.0  # seconds for which the last answer may serve; the round trip comes on top, as an answer is judged by when it was asked for
_MOST_GROWTH = 1.15  # of the worker's memory, from a tenth of the time on


@dataclass
class Seen:
    """What one witness saw of one office: when it was asked for, when it had come, and which closure held."""

    slug: str
    what: str
    asked: float
    came: float
    became: int | None  # none: only whether one held is seen
    is_closed: bool


@dataclass
class Witness:
    """All answers of all readers: how many and how fast, which failed, and which told of an office that acts change."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float, seen: Seen | None) -> None:
        with self.lock:
            self.spent.setdefault(what, []).append(seconds)
            if seen is not None:
                self.seen.append(seen)

    def fail(self, what: str, why: object) -> None:
        with self.lock:
            self.errors.append(f"{what}: {why}")


class Reader(threading.Thread):
    """Somebody who reads one page after the other on one connection: boards, searches, office pages, JSON."""

    def __init__(self, number: int, port: int, slugs: list[str], witness: Witness, is_over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.chance, self.port, self.slugs, self.witness, self.is_over = random.Random(number), port, slugs, witness, is_over
        self.words = itertools.islice(public._typed(), number * 997, None)

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.is_over.is_set():
            what, address, headers, read = self._next()
            asked, begun = time.time(), time.monotonic()
            try:
                connection.request("GET", address, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200:
                    raise ValueError(f"{answer.status} at {address}")
                self.witness.note(what, time.monotonic() - begun, read(body, asked, time.time()) if read else None)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.witness.fail(what, repr(error))
                connection.close()
            time.sleep(self.chance.random() * 0.02)

    def _next(self) -> tuple[str, str, dict[str, str], Callable[[bytes, float, float], Seen] | None]:
        """What is asked for next, and how what it says of an office is read."""
        slug = self.chance.choice(self.slugs)
        draw = self.chance.randrange(10)
        if draw < 4:
            return "JSON of an office", f"/api/v1/offices/{slug}", {}, lambda body, asked, came: _of_json(slug, body, asked, came)
        if draw < 6:
            address = f"/?{urlencode({'wilayah': country.SMALL, 'status': 'suspended'})}"
            return "board of a region", address, {}, lambda body, asked, came: _of_board(slug, body, asked, came)
        if draw < 7:
            return "search", f"/?{urlencode({'q': next(self.words)})}", {"HX-Request": "true", "HX-Request-Type": "partial"}, None
        return ("board", "/", {}, None) if draw < 8 else ("office page", f"/kantor/{slug}", {}, None)


def _of_json(slug: str, body: bytes, asked: float, came: float) -> Seen:
    held = json.loads(body)["closures"]
    return Seen(slug, "JSON of an office", asked, came, max(held, default=0), bool(held))


def _of_board(slug: str, body: bytes, asked: float, came: float) -> Seen:
    return Seen(slug, "board of a region", asked, came, None, f'/kantor/{slug}"'.encode() in body)


def stale(seen: list[Seen], done: list[dict[str, Any]]) -> Iterator[tuple[Seen, float]]:
    """What was seen although it held neither when it was asked for, nor within the bound before, nor until it came; with the bound that would excuse it."""
    by_slug: dict[str, list[dict[str, Any]]] = {}
    for act in done:
        by_slug.setdefault(act["slug"], []).append(act)
    for each in seen:
        age = _age(each, by_slug.get(each.slug, []))
        if age > _BOUND:
            yield each, age


def _age(seen: Seen, done: list[dict[str, Any]]) -> float:
    """For how many seconds what was seen had been over when it was asked for; endless where it never was."""
    held = [{"became": 0, "begun": 0.0}, *done]
    overs = [act["done"] for act in done] + [float("inf")]
    ages = [max(seen.asked - over, 0.0) for act, over in zip(held, overs, strict=True) if act["begun"] <= seen.came and _fits(seen, act["became"])]
    return min(ages, default=float("inf"))


def _fits(seen: Seen, became: int) -> bool:
    return seen.is_closed == bool(became) and seen.became in (None, became)


@click.command()
@click.option("--json", "file", type=click.Path(path_type=Path), help="Where the figures go; else into bench/out.")
def main(file: Path | None) -> None:
    """So many minutes; ends as a failure where a request failed, an answer was older than its bound, or memory grew."""
    kind, witness = found.kind(), Witness()
    with installation("mixed") as place:
        log, slugs = place.folder / "acts", _settled(place)
        with server("wsgi:app", place.environment) as running, acts.acting(place.environment, log, rate=ACTS, offices=OFFICES):
            memory = _read_on(running, slugs, witness)
        done = acts.done(log)
    late = list(stale(witness.seen, done))
    rows, is_well = _told(witness, done, late, memory)
    click.echo("\n".join(f"{what}: {figure}" for what, figure in rows))
    for line in [*witness.errors[:20], *(f"stale by {age:.1f} s: {each}" for each, age in late[:20])]:
        click.echo(line, err=True)
    found.keep(file or found.OUT / f"mixed-{kind.lower()}.json", {**found.conditions(kind), "rows": rows})
    sys.exit(0 if is_well else 1)


def _settled(place: Installation) -> list[str]:
    """A city, and the offices on which is acted; they serve by day and night, so that only acts change them."""
    country.settle(sizes.CITY, place.folder, now=clock.now())
    chosen = list(acts.changing(OFFICES))
    Office.update(hours="24/7").where(Office.id.in_([office.id for office in chosen])).execute()
    db.database.close()
    return [office.slug for office in chosen]


def _read_on(running: Running, slugs: list[str], witness: Witness) -> list[float]:
    """Let everybody read; the worker's megabytes over the time."""
    memory = []
    with _readers(running, slugs, witness):
        end = time.monotonic() + MINUTES * 60
        while time.monotonic() < end:
            time.sleep(min(MINUTES * 60 / 20, 30))
            memory.append(memory_of(running.pid))
    return memory


@contextmanager
def _readers(running: Running, slugs: list[str], witness: Witness) -> Iterator[None]:
    is_over = threading.Event()
    readers = [Reader(number, running.port, slugs, witness, is_over) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        is_over.set()
        for reader in readers:
            reader.join(60)


def _told(witness: Witness, done: list[dict[str, Any]], late: list[Any], memory: list[float]) -> tuple[list[tuple[str, str]], bool]:
    """The summary, and whether all was well."""
    settled = memory[len(memory) // 10 :] or memory
    growth = settled[-1] / settled[0]
    rows = [("lasted", f"{MINUTES:g} minutes, {len(done)} acts, {sum(map(len, witness.spent.values()))} answers"), ("failed", str(len(witness.errors)))]
    rows += [(what, _spread(sorted(spent))) for what, spent in sorted(witness.spent.items())]
    rows.append(("older than its bound of 1 s and a round trip", f"{len(late)} of {len(witness.seen)} answers that were checked against what was done when"))
    rows.append(("memory of the worker", f"{settled[0]:.0f} MB after a tenth of the time, {settled[-1]:.0f} MB at the end, at most {max(memory):.0f} MB"))
    is_well = not witness.errors and not late and growth <= _MOST_GROWTH and bool(done) and bool(witness.seen)
    return [*rows, ("all is well", "yes" if is_well else "NO")], is_well


def _spread(spent: list[float]) -> str:
    half, most = spent[len(spent) // 2] * 1000, spent[len(spent) * 99 // 100] * 1000
    return f"{len(spent)} answers, half within {half:.1f} ms, 99 of 100 within {most:.1f} ms"


if __name__ == "__main__":
    main()
