"""Writes docs/speed.md from the figures that the benchmark and the trial under mixed load have left in bench/out: python -m bench.page."""

import json
from typing import Any

from bench.found import OUT
from bench.load import ROOT

PAGE = ROOT / "docs" / "speed.md"
_HEAD = """# How fast this build is

This page is made by `python -m bench.page` from what `make bench` and `make bench-load` have measured; nobody types its figures.

Absolute figures say more about a machine than about a portal. What counts is the ratio to a bare Flask view that returns one word, on the same
server ([granian](https://github.com/emmett-framework/granian), one worker process, four threads), pressed by the same crowd
([wrk](https://github.com/wg/wrk), {clients} clients that ask again as soon as they are answered, on the same machine), within the same minutes.
"""
_HOW = """## How it is measured

- `make bench` makes an installation for each row below with the portal's own verbs and imports, starts it as it is served, and presses it.
  `BENCH_QUICK=1 make bench` takes a few minutes and says whether the harness works, not how fast the portal is. `bench/sizes.py` has all sizes.
- **Public pages** are asked for compressed, of the current version. A *304* is the answer to a reader who has the page already.
- **The first board after a change** is asked for by a reader with a cookie, who never gets the last body while a new one is made; the middle of
  {rounds} changes. *Hellos' time*: in how long the bare view answers so many.
- **Search as one types**: each beginning of each name once, as the page asks while one types; nothing of it is kept.
- **Acts that the public sees** come from another process. As it needs its share of the cores, the board's speed is compared with its speed while the
  same acts happen to another installation on the same machine.
- **Submitting a day** is one transaction with the audit row, the receipt and the letter, written to disk (`synchronous=FULL`, `fsync=on`) before it is
  acknowledged; afterwards the days are counted in the database.
- **Closing an office** goes by the form that a head sends, in the very process that serves the public meanwhile.
- **Slow bodies** are forms that send a byte a second through nginx with the configuration of `deploy/`, without TLS.
- **Memory** is that of the worker process after everything above it in the table.
"""


def main() -> None:
    runs = [json.loads(path.read_text(encoding="utf-8")) for name in ("sqlite", "postgresql") if (path := OUT / f"{name}.json").exists()]
    mixed = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(OUT.glob("mixed-*.json"))]
    if not runs:
        raise SystemExit("nothing has been measured yet: make bench")
    PAGE.write_text(page(runs, mixed), encoding="utf-8")


def page(runs: list[dict[str, Any]], mixed: list[dict[str, Any]]) -> str:
    """The page as Markdown."""
    parts = [_HEAD.format(clients=runs[0]["clients"]), *map(_run, runs), *map(_mixed, mixed), _HOW.format(rounds=runs[0]["rounds"])]
    return "\n".join(parts)


def _run(run: dict[str, Any]) -> str:
    rows = "\n".join(f"| {row['what']} | {row['figure']} | {_goal(row)} | {_beside(row)} |" for row in run["rows"])
    bare = f"The bare view: {run['hello']:.0f} a second ({min(run['hellos'])} to {max(run['hellos'])} within the run)."
    return f"## On {run['database']}\n\n{_conditions(run)} {bare}\n\n| what | figure | goal | besides |\n|---|---|---|---|\n{rows}\n"


_WHY = {  # said beside what was not reached
    "first board": "each of its 25 questions is a round trip on PostgreSQL; a faster bare view makes the same milliseconds more hellos",
    "search": "the index is asked two or three times for words that a sixteenth of these made-up offices have; then Flask and the page",
    "day sheet": "Flask, session, guard and compression alone take a third of it, the page's forms the rest; nothing of a private page is kept",
    "inbox": "thirty rows with their acts; nothing of a private page is kept",
    "validation": "150 kB: thirty days with all that was done on them, so that none has to be opened; nothing of a private page is kept",
    "board under": "the processes of the acts share the two cores with the server and the crowd",
    "submit": "one transaction with audit, receipt and letter, written to disk, behind Flask, session and guard; the bare view writes nothing",
    "board while": "one process closes and answers, and Python runs one thread at a time",
    "memory": "after the largest closing Python gives little back to the system",
    "growth": "the smaller closing lasts a quarter of a second: the figure wavers between 0.6 and 1.4",
}


def _beside(row: dict[str, Any]) -> str:
    """What stands beside a figure; where the goal was not reached also why."""
    why = next((reason for begins, reason in _WHY.items() if row["what"].startswith(begins)), "") if row["is_met"] is False else ""
    return "; ".join(filter(None, (row["beside"], why)))


def _goal(row: dict[str, Any]) -> str:
    return row["goal"] + {True: ": met", False: ": **not met**", None: ""}[row["is_met"]]


def _conditions(run: dict[str, Any]) -> str:
    quick = " A quick look with small sizes: these figures show that the harness works, no more." if run["is_quick"] else ""
    return f"Measured {run['at'][:10]} on {run['cores']} shared cores with Python {run['python']}.{quick}"


def _mixed(run: dict[str, Any]) -> str:
    rows = "\n".join(f"| {what} | {figure} |" for what, figure in run["rows"])
    return f"## Under mixed load, on {run['database']}\n\n{_conditions(run)}\n\n| what | figure |\n|---|---|\n{rows}\n"


if __name__ == "__main__":
    main()
