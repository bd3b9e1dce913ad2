"""An installation of its own for the benchmark: a folder, a database, the settings under which servers and others come to it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench.load import plain_environment
from portal import create_app, db, settings
from tests.conftest import new_database


@dataclass(frozen=True)
class Installation:
    """Bound to this process as well: its rows can be made with the portal's own verbs."""

    app: Flask
    folder: Path
    url: str
    own: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return plain_environment(**self.own)

    def copy(self, name: str) -> dict[str, str]:
        """The environment of another installation with the same rows: what happens there happens to the machine, not to this one."""
        db.database.close()
        return plain_environment(**{**self.own, "DATABASE_URL": new_database(self.folder, name, like=self.url)})


@contextmanager
def installation(name: str) -> Iterator[Installation]:
    """An empty one with its tables."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as home:
        own = {"INSTANCE": home, "DATABASE_URL": new_database(Path(home), f"bench_{name}"), "SECRET_KEY": "bench"}
        app = create_app(settings.load({f"PORTAL_{name}": value for name, value in own.items()}))
        db.migrate()
        try:
            yield Installation(app, Path(home), own["DATABASE_URL"], own)
        finally:
            db.database.close()
