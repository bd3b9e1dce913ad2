"""A fresh installation for each trial, as the commands' tests have."""

from tests.commands.conftest import flask, installation, ready

__all__ = ["flask", "installation", "ready"]
