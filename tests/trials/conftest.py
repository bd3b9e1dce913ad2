"""A fresh installation for each trial, as the commands' tests have."""

from tests.commands.conftest import flask, installation, pattern, ready

__all__ = ["flask", "installation", "pattern", "ready"]
