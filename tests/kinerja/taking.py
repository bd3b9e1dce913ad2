"""Files of e-kinerja as an import takes them: written in a line, taken, refused by line and column."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.offices import imports
from portal.offices.imports import Outcome
from portal.sheets import Problems, read
from tests.make import ACT


class File:
    """One sort of file in a folder: its columns, and the verb that takes it."""

    def __init__(self, folder: Path, columns: tuple[str, ...], take: Callable[..., Outcome]) -> None:
        self.path, self.columns, self.take = folder / "berkas.csv", columns, take

    def taken(self, *rows: str, is_dry: bool = False) -> Outcome:
        self.path.write_text("\n".join([",".join(self.columns), *rows]) + "\n", encoding="utf-8")
        return imports.run(self.take, read(self.path, required=self.columns), is_dry=is_dry, progress=lambda done, total: None, **ACT)

    def counts(self, *rows: str, **facts: Any) -> tuple[int, int, int]:
        outcome = self.taken(*rows, **facts)
        return outcome.added, outcome.changed, outcome.same

    def places(self, *rows: str) -> list[tuple[int, str]]:
        """Where the file is refused."""
        with pytest.raises(Problems) as caught:
            self.taken(*rows)
        return sorted((problem.line, problem.column) for problem in caught.value.problems)
