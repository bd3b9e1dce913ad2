"""Commands change databases for good: each test has a fresh installation of its own, in processes of their own or through the runner."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app, db, settings
from portal.settings import Settings
from tests.conftest import copy_database, new_database
from tests.smtp_peer import Peer


@contextmanager
def installed(folder: Path, name: str) -> Iterator[Flask]:
    """An application on a new database of that name, bound meanwhile."""
    kept = db.database.obj
    if not db.database.is_closed():
        db.database.close()
    yield create_app(settings.load({}, instance=folder, database_url=new_database(folder, name), base_url="http://localhost"))
    if not db.database.is_closed():
        db.database.close()
    db.database.initialize(kept)


@pytest.fixture
def installation(tmp_path: Path, app: Flask, worker_id: str) -> Iterator[Flask]:
    """An application on an empty database, set up by nobody yet."""
    with installed(tmp_path, f"command_{worker_id}") as made:
        yield made


@pytest.fixture
def flask(installation: Flask):
    """Runs a command as `flask …` does: flask("offices", "import", file)."""

    def run(*words: object):
        return installation.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


@pytest.fixture(scope="session")
def pattern(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation after `flask init`, to be copied: setting one up takes longer than most tests of one."""
    folder = tmp_path_factory.mktemp("pattern")
    with installed(folder, "pattern_" + app.config["SETTINGS"].database_url.rpartition("_")[2].removesuffix(".db")) as made:
        assert made.test_cli_runner().invoke(args=["init"]).exit_code == 0
        return made.config["SETTINGS"]


@pytest.fixture
def ready(pattern: Settings, installation: Flask, flask):
    """The same after `flask init`."""
    chosen = installation.config["SETTINGS"]
    shutil.copy(pattern.instance / "secret.key", chosen.instance)
    copy_database(pattern.database_url, chosen.database_url)
    return flask


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
