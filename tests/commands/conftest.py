"""Commands change databases for good: each test has a fresh installation of its own, in processes of their own or through the runner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app, db, settings
from tests.conftest import new_database
from tests.smtp_peer import Peer


@pytest.fixture
def installation(tmp_path: Path, request: pytest.FixtureRequest, app: Flask) -> Iterator[Flask]:
    """An application on an empty database, set up by nobody yet."""
    kept = db.database.obj
    if not db.database.is_closed():
        db.database.close()
    url = new_database(tmp_path, f"command_{app.config['SETTINGS'].database_url.rpartition('/')[2].removesuffix('.db')}")
    yield create_app(settings.load({}, instance=tmp_path, database_url=url, base_url="http://localhost"))
    if not db.database.is_closed():
        db.database.close()
    db.database.initialize(kept)


@pytest.fixture
def flask(installation: Flask):
    """Runs a command as `flask …` does: flask("offices", "import", file)."""

    def run(*words: object):
        return installation.test_cli_runner().invoke(args=[str(word) for word in words])

    return run


@pytest.fixture
def ready(flask):
    """The same after `flask init`."""
    assert flask("init").exit_code == 0
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
