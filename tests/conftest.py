"""One database a test process, SQLite or PostgreSQL; each test in a transaction that is rolled back."""

import gc
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal import create_app, db, settings
from portal.people import passwords
from portal.views import limits
from tests.views.world import MORNING, World

hypothesis_settings.register_profile(
    "suite", deadline=None, max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis_settings.register_profile("trial", deadline=None, max_examples=2000, suppress_health_check=list(HealthCheck))
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS", "suite"))
_HASHER, _NOBODY = passwords._hasher, passwords._NOBODY


def new_database(folder: Path, name: str, like: str = "") -> str:
    """The address of a fresh database, a file or one of the test server's: empty, or with all that another one holds to which nobody is connected."""
    server = os.environ.get("TEST_POSTGRES")
    if not server:
        if like:
            shutil.copyfile(like.removeprefix("sqlite:///"), folder / f"{name}.db")
        return f"sqlite:///{folder / name}.db"
    import psycopg

    template = f' TEMPLATE "{like.rpartition("/")[2]}"' if like else ""
    with psycopg.connect(server + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return f"{server}/{name}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what may ask the database runs; a test without an application has said all it can say in the run on SQLite.

    Every fixture that leads to a database begins with `app`, so that a test must name its fixtures and not fetch them."""
    if os.environ.get("TEST_POSTGRES"):
        asks = {item: "app" in getattr(item, "fixturenames", ("app",)) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
        items[:] = [item for item in items if asks[item]]


def pytest_collection_finish() -> None:
    """Thousands of collected tests live to the end: going through them again and again, to find nothing to throw away, was a twelfth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def really_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in production."""
    monkeypatch.setattr(passwords, "_hasher", _HASHER)
    monkeypatch.setattr(passwords, "_NOBODY", _NOBODY)


@pytest.fixture(scope="session", autouse=True)
def quickly_hashed() -> None:
    """Hashing is made to take long, and hundreds of tests sign in; how long it takes is asked of `really_hashed` alone."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._NOBODY = passwords._hasher.hash("nobody has this password")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("instance")
    url = new_database(folder, "suite_" + os.environ.get("PYTEST_XDIST_WORKER", "main"))
    made = create_app(settings.load({}, instance=folder, database_url=url, secret_key="tests", base_url="http://localhost"))
    made.testing = True
    db.migrate()
    db.database.close()
    return made


class Country:
    """The small country of the tests of pages, in a database of its own: making it anew takes longer than most of them."""

    def __init__(self, url: str) -> None:
        kept = db.database.obj
        self.database = db.use(url)
        db.migrate()
        with time_machine.travel(datetime.fromisoformat(MORNING), tick=False):
            self._made = pickle.dumps(World())
        db.database.close()
        db.database.initialize(kept)

    def world(self) -> World:
        """Its offices and closures by name, as they were made: whatever a test changes is its own."""
        found: World = pickle.loads(self._made)
        return found


@pytest.fixture(scope="session")
def country(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Country:
    return Country(new_database(tmp_path_factory.mktemp("country"), "country_" + os.environ.get("PYTEST_XDIST_WORKER", "main")))


@pytest.fixture
def database(app: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    """The suite's empty one, or the country's where the test lives in that; rolled back afterwards."""
    kept = db.database.obj
    if "country" in request.fixturenames:
        db.database.initialize(request.getfixturevalue("country").database)
    db.ready_connection()
    with app.app_context():
        limits.forget()
    with db.database.atomic() as transaction:
        yield
        transaction.rollback()
    db.database.initialize(kept)


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
