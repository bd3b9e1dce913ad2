"""Commands change databases for good: each test has a fresh installation of its own, in processes of their own or through the runner."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal import create_app, db, settings
from portal.settings import Settings
from tests.conftest import new_database
from tests.smtp_peer import Peer

DEMO = "2026-11-23T09:00+07:00"  # when the demo was made that is copied


@contextmanager
def installed(folder: Path, name: str, like: Settings | None = None) -> Iterator[Flask]:
    """An application on a new database of that name, bound meanwhile; with all that another installation holds, where it is to be like that."""
    kept = db.database.obj
    if not db.database.is_closed():
        db.database.close()
    if like:
        shutil.copytree(like.instance, folder, ignore=shutil.ignore_patterns("*.db*"), dirs_exist_ok=True)
    url = new_database(folder, name, like.database_url if like else "")
    yield create_app(settings.load({}, instance=folder, database_url=url, base_url="http://localhost"))
    if not db.database.is_closed():
        db.database.close()
    db.database.initialize(kept)


@pytest.fixture
def installation(tmp_path: Path, app: Flask, worker_id: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application on an empty database, set up by nobody yet; after `flask init` where the test asks that it be ready."""
    like = request.getfixturevalue("pattern") if "ready" in request.fixturenames else None
    with installed(tmp_path, f"command_{worker_id}", like) as made:
        yield made


@pytest.fixture
def flask(installation: Flask):
    """Runs a command as `flask …` does: flask("offices", "import", file)."""

    return running(installation)


def running(app: Flask) -> Callable[..., Any]:
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture(scope="session")
def pattern(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation after `flask init`, to be copied: setting one up takes longer than most tests of one."""
    with installed(tmp_path_factory.mktemp("pattern"), "pattern_" + of_worker(app)) as made:
        assert running(made)("init").exit_code == 0
        return made.config["SETTINGS"]


def of_worker(app: Flask) -> str:
    return str(app.config["SETTINGS"].database_url).rpartition("_")[2].removesuffix(".db")


@pytest.fixture
def ready(pattern: Settings, flask):
    """The same after `flask init`."""
    return flask


@pytest.fixture(scope="session")
def demo_pattern(pattern: Settings, app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation after `flask demo`, to be copied: the demo takes seconds to make."""
    with installed(tmp_path_factory.mktemp("demo"), "demo_" + of_worker(app), pattern) as made, time_machine.travel(datetime.fromisoformat(DEMO), tick=False):
        said = running(made)("demo")
        assert said.exit_code == 0, said.output
        return made.config["SETTINGS"]


@pytest.fixture
def demo(demo_pattern: Settings, tmp_path: Path, at: Callable[[str], Any], worker_id: str) -> Iterator[Callable[..., Any]]:
    """Runs a command where the demo was made a moment ago."""
    at(DEMO)
    with installed(tmp_path, f"command_{worker_id}", demo_pattern) as made:
        yield running(made)


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def mailing(ready, installation):
    """Gives the installation a mail server for a while: with mailing(port): …"""

    @contextmanager
    def given(port: int):
        kept = installation.config["SETTINGS"]
        installation.config["SETTINGS"] = replace(kept, mail_server="localhost", mail_port=port, mail_security="none")
        yield ready
        installation.config["SETTINGS"] = kept

    return given
