"""A fresh installation for each trial, as the commands' tests have."""

import pytest

from tests.commands.conftest import flask, installation, pattern, ready

__all__ = ["flask", "installation", "pattern", "ready"]


@pytest.fixture(scope="session", autouse=True)
def quickly_hashed() -> None:
    """In a trial passwords take the time that they take in production."""
