"""Pages of people who are signed in, how many questions each asks the database, and the day's end, when everybody submits at once."""

from dataclasses import replace
from pathlib import Path

from bench import sizes
from bench.crowd import Crowd, submitted_at
from bench.found import Found
from bench.load import Running, press
from portal import db
from tests.house.test_queries import counted

_MOST_QUESTIONS = 12


def pages(found: Found, crowd: Crowd, running: Running, folder: Path) -> None:
    """Day sheet, inbox page of 30, validation page of 30."""
    found.hello()
    superiors = list(crowd.superiors())[1:]
    for name, page, who in (("day sheet", f"/kinerja/{crowd.day}", range(0, crowd.count, 7)), ("inbox, page of 30", "/loket", superiors),
                            ("validation, page of 30", "/validasi", superiors)):  # fmt: skip
        asked = _questions(crowd, page, who[0])
        crowd.visits(folder / "visits", page, who)
        seen = press(running.address, seconds=sizes.SECONDS, script="prepared.lua", words=(str(folder / "visits"), "again"))
        found.ratio(name, seen, goal=0.1, beside=f"{asked} queries (goal ≤ {_MOST_QUESTIONS})", is_else_met=asked <= _MOST_QUESTIONS)


def burst(found: Found, crowd: Crowd, running: Running, folder: Path) -> None:
    """Everybody submits at once; none may fail, and each answered one must be in the database."""
    found.hello()
    crowd.submissions(folder / "submissions")
    seen = press(running.address, seconds=sizes.BURST, script="prepared.lua", words=(str(folder / "submissions"),))
    moments = sorted(submitted_at(crowd.day).values())
    db.database.close()
    lasted = (moments[-1] - moments[0]).total_seconds() if moments else 0
    lost = max(min(seen.answers, crowd.count) - len(moments), 0)
    found.failed += lost
    found.ratio("submit a day (5 entries, audit, letter), 64 clients", replace(seen, rate=len(moments) / max(lasted, 0.001)),
                goal=0.03 if db.is_postgres() else 0.06, is_else_met=not lost and not seen.failed,
                beside=f"{seen.answers} answered, {len(moments)} of {crowd.count} days kept, {lost} lost")  # fmt: skip


def _questions(crowd: Crowd, page: str, number: int) -> int:
    """How many questions a page asks; the second time, as each process asks some once."""
    cookie, _ = crowd.ways_in(number)
    client = crowd.app.test_client(use_cookies=False)
    for _ in range(2):
        with counted() as asked:
            answer = client.get(page, headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise SystemExit(f"{page} answers {answer.status_code}")
    db.database.close()
    return len(asked)
