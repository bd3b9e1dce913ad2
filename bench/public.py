"""Pages that anybody may read: how fast they are while nothing changes, right after a change, while changes rain, and as one types a search."""

import http.client
import itertools
import statistics
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench import acts, country, sizes
from bench.found import Found
from bench.installation import Installation
from bench.load import BROWSER, Measured, Running, press
from portal import clock, continuity, db
from portal.offices.models import Office

_KNOWN = {"Accept-Encoding": "gzip", "Cookie": "known=1"}  # with a cookie one never gets the last body while a new one is made


def measure(found: Found, running: Running, *, name: str, goal: float | None = 3) -> None:
    """Board, 304, office page, JSON, badge."""
    found.hello()
    slug = Office.select(Office.slug).where(Office.parent.is_null()).order_by(Office.id.desc()).limit(1).scalar()
    tag, size = _tag(running.address + "/")
    found.ratio(f"board{name}", _pressed(running, "/"), goal=goal, beside=f"{size / 1000:.1f} kB compressed")
    found.ratio(f"board{name}: 304", _pressed(running, "/", f"If-None-Match: {tag}"), goal=goal)
    for page, address in (("office page", f"/kantor/{slug}"), ("JSON of an office", f"/api/v1/offices/{slug}"), ("badge", f"/kantor/{slug}/lencana.svg")):
        found.ratio(f"{page}{name}", _pressed(running, address), goal=goal)


def after_a_change(found: Found, running: Running, *, name: str, goal: float | None = None, before: float = 0) -> float:
    """The first answer after each of some changes; in hellos' time. `before`: seconds that it took in a smaller country."""
    office = Office.select().where(Office.region.startswith(country.SMALL)).order_by(Office.id).offset(1).first()
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    spent = []
    for _ in range(sizes.ROUNDS):
        closure = country.close(office, now=clock.now())
        spent.append(_seconds(connection))
        continuity.withdraw(closure, reason="Keliru.", by=country.BY, now=clock.now())
        spent.append(_seconds(connection))
    connection.close()
    db.database.close()
    middle = statistics.median(spent)
    beside = f"median of {len(spent)}, slowest {max(spent) * 1000:.0f} ms"
    if before:
        times = f"{middle / before:.2f} × the time with {sizes.CITY}"
        found.tell(f"first board after a change{name}", times, "≤ 2 ×", middle <= 2 * before, f"{middle * 1000:.1f} ms; {beside}")
    else:
        found.in_hellos(f"first board after a change{name}", middle, goal=goal, beside=beside)
    return middle


def search(found: Found, running: Running, folder: Path, *, name: str, goal: float | None = None) -> None:
    """Words as one types them, letter by letter, each asked for once: nothing of it is kept anywhere."""
    path = folder / "typed"
    path.write_text("".join(f"/?{urlencode({'q': typed})}\t\t\n" for typed in itertools.islice(_typed(), 40_000)), encoding="utf-8")
    found.hello()
    found.ratio(f"search as one types{name}", press(running.address, seconds=sizes.SECONDS, script="prepared.lua", words=(str(path), "partial")), goal=goal)


def under_acts(found: Found, place: Installation, running: Running, elsewhere: dict[str, str]) -> None:
    """The board while offices get other telephone numbers all the time, and while one after the other closes and opens."""
    still = _pressed(running, "/")
    _under(found, place, running, elsewhere, still, acts.CALLING, f"board under {sizes.ACTS} acts a second")
    _under(found, place, running, elsewhere, still, acts.CLOSING, "board while one process closes and opens offices without a pause")


def _under(found: Found, place: Installation, running: Running, elsewhere: dict[str, str], still: Measured, kind: str, what: str) -> None:
    """Against the machine as busy with the same acts on another installation: what the acts take of its cores is not what the public pays."""
    seen = {}
    for name, environment in (("there", elsewhere), ("here", place.environment)):
        log = place.folder / f"acts-{kind}-{name}"
        with acts.acting(environment, log, kind=kind, rate=sizes.ACTS):
            seen[name] = (_pressed(running, "/"), acts.pace(log))
    (there, paced_there), (here, paced) = seen["there"], seen["here"]
    found.failed += here.failed
    share, growth = here.rate / there.rate, here.p99 / max(there.p99, 0.01)
    goal = "≥ 0.9 ×, p99 ≤ 2 ×" if kind == acts.CALLING else ""
    is_met = (share >= 0.9 and growth <= 2 and not here.failed) if goal else None
    found.tell(what, f"{share:.2f} × the speed, p99 {growth:.2f} ×", goal, is_met,
               f"{paced:.0f} acts/s here: {_figures(here)}; {paced_there:.0f} acts/s on another installation of this machine: {_figures(there)}; "
               f"no acts at all: {_figures(still)}")  # fmt: skip


def _figures(seen: Measured) -> str:
    return f"{seen.rate:.0f}/s, p99 {seen.p99:.1f} ms, {seen.failed} failed"


def _pressed(running: Running, path: str, *headers: str) -> Measured:
    with urllib.request.urlopen(urllib.request.Request(running.address + path, headers={"Accept-Encoding": "gzip"}), timeout=60):
        pass  # what is measured is the current version, not its making
    return press(running.address + path, seconds=sizes.SECONDS, headers=(*BROWSER, *headers))


def _tag(address: str) -> tuple[str, int]:
    """The tag and the size of an answer as it travels."""
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "gzip"}), timeout=60) as answer:
        return answer.headers["ETag"], len(answer.read())


def _seconds(connection: http.client.HTTPConnection) -> float:
    begun = time.monotonic()
    connection.request("GET", "/", headers=_KNOWN)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"the board answers {answer.status}")
    return time.monotonic() - begun


def _typed() -> Iterator[str]:
    """The beginnings of names, as they stand in the field while one types; each different from all before."""
    seen: set[str] = set()
    for number in itertools.count():
        for before in ("", "kantor ", "kelurahan ", "kec ", "kab "):
            name = before + country.name_of(number * 7).lower()
            for length in range(len(before) + 3, len(name) + 1):
                if name[:length].strip() not in seen:
                    seen.add(name[:length].strip())
                    yield name[:length].strip()
