"""One database a test process, SQLite or PostgreSQL; each test in a transaction that is rolled back."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal import create_app, db, settings
from portal.views import limits

hypothesis_settings.register_profile(
    "suite", deadline=None, max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis_settings.register_profile("trial", deadline=None, max_examples=2000, suppress_health_check=list(HealthCheck))
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS", "suite"))


def new_database(folder: Path, name: str) -> str:
    """The address of a fresh, empty database: a file, or one of the test server's."""
    server = os.environ.get("TEST_POSTGRES")
    if not server:
        return f"sqlite:///{folder / name}.db"
    import psycopg

    with psycopg.connect(server + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


def copy_database(pattern: str, into: str) -> None:
    """Puts all that one of those databases holds into another; nobody may be connected to either."""
    if into.startswith("sqlite:"):
        shutil.copyfile(pattern.removeprefix("sqlite:///"), into.removeprefix("sqlite:///"))
        return
    import psycopg

    server, _, name = into.rpartition("/")
    with psycopg.connect(server + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{pattern.rpartition("/")[2]}"')


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what may ask the database runs; a test without an application has said all it can say in the run on SQLite.

    Every fixture that leads to a database begins with `app`, so that a test must name its fixtures and not fetch them."""
    if os.environ.get("TEST_POSTGRES"):
        asks = {item: "app" in getattr(item, "fixturenames", ("app",)) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
        items[:] = [item for item in items if asks[item]]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("instance")
    url = new_database(folder, "suite_" + os.environ.get("PYTEST_XDIST_WORKER", "main"))
    made = create_app(settings.load({}, instance=folder, database_url=url, secret_key="tests", base_url="http://localhost"))
    made.testing = True
    db.migrate()
    db.database.close()
    return made


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    db.ready_connection()
    with app.app_context():
        limits.forget()
    with db.database.atomic() as transaction:
        yield
        transaction.rollback()


@pytest.fixture
def client(app: Flask, database: None) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def at() -> Iterator[Callable[[str], Any]]:
    """Stops the clock: at("2020-09-22T09:00+07:00")."""
    running: list[Any] = []

    def stop_at(moment: str) -> datetime:
        while running:
            running.pop().stop()
        traveller = time_machine.travel(datetime.fromisoformat(moment), tick=False)
        traveller.start()
        running.append(traveller)
        return datetime.fromisoformat(moment)

    yield stop_at
    while running:
        running.pop().stop()


@pytest.fixture
def shared(app: Flask, tmp_path: Path, worker_id: str) -> Iterator[None]:
    """A database that threads share, beside the one of the suite."""
    db.database.close()
    before = db.database.obj
    made = db.use(new_database(tmp_path, f"at_once_{worker_id}"))
    try:
        db.migrate()
        yield
    finally:
        made.close()
        db.database.initialize(before)


@pytest.fixture
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
