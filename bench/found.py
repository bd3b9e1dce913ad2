"""What was found out: a row for each question with its goal, told as it is found and kept as JSON."""

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bench import sizes
from bench.load import CLIENTS, Measured, press

OUT = Path(os.environ.get("BENCH_OUT", Path(__file__).parent / "out"))
_MARKS = {True: "met", False: "NOT MET", None: ""}


@dataclass(frozen=True)
class Row:
    """One question: the figure as it is read, what was to be reached, whether it was, and what else belongs to it."""

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None
    beside: str = ""


@dataclass
class Found:
    """All rows of a run on one database; ratios are to the bare view as it was measured last."""

    database: str
    hello_address: str
    rows: list[Row] = field(default_factory=list)
    hellos: list[float] = field(default_factory=list)
    failed: int = 0

    def hello(self) -> float:
        """Measure the bare view again: the machine may have another mood than a minute ago."""
        self.hellos.append(press(self.hello_address, seconds=sizes.SECONDS).rate)
        click.echo(f"  hello: {self.hellos[-1]:.0f}/s")
        return self.hellos[-1]

    def ratio(self, what: str, seen: Measured, *, goal: float | None = None, beside: str = "", is_else_met: bool = True) -> None:
        """How fast something is against the bare view; `is_else_met` says whether the rest of its goal was met."""
        ratio = seen.rate / self.hellos[-1]
        self.failed += seen.failed
        figures = f"{seen.rate:.0f}/s, p99 {seen.p99:.1f} ms, {seen.failed} failed"
        self.tell(what, f"{ratio:.3g} × hello", "" if goal is None else f"≥ {goal} × hello", None if goal is None else ratio >= goal and is_else_met,
                  "; ".join(each for each in (figures, beside) if each))  # fmt: skip

    def in_hellos(self, what: str, seconds: float, *, goal: float | None = None, beside: str = "") -> float:
        """How many hellos' time something took."""
        hellos = seconds * self.hellos[-1]
        self.tell(what, f"{hellos:.0f} hellos' time", "" if goal is None else f"≤ {goal:.0f} hellos' time", None if goal is None else hellos <= goal,
                  f"{seconds * 1000:.1f} ms" + (f"; {beside}" if beside else ""))  # fmt: skip
        return hellos

    def tell(self, what: str, figure: str, goal: str = "", is_met: bool | None = None, beside: str = "") -> None:
        self.rows.append(Row(what, figure, goal, is_met, beside))
        click.echo(f"{what}: {figure}" + (f" (goal {goal}: {_MARKS[is_met]})" if goal else "") + (f"; {beside}" if beside else ""))

    def table(self) -> str:
        """The rows under each other, as text."""
        lines = [("what", "figure", "goal", "")] + [(row.what, row.figure, row.goal, _MARKS[row.is_met]) for row in self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)

    def write(self, path: Path) -> None:
        pressed = {"clients": CLIENTS, "rounds": 2 * sizes.ROUNDS, "hello": statistics.median(self.hellos), "hellos": [round(each) for each in self.hellos]}
        keep(path, {**conditions(self.database), **pressed, "rows": [asdict(row) for row in self.rows]})


def keep(path: Path, figures: dict[str, Any]) -> None:
    """Figures as JSON, in a folder that is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def conditions(database: str) -> dict[str, Any]:
    """On what and when something was measured."""
    return {"database": database, "at": datetime.now(UTC).isoformat(timespec="minutes"), "cores": os.cpu_count(), "python": platform.python_version(),
            "is_quick": sizes.IS_QUICK}  # fmt: skip


def kind() -> str:
    """The database of this run."""
    return "PostgreSQL" if os.environ.get("TEST_POSTGRES") else "SQLite"
