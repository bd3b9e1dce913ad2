from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.people import roles
from tests.views.staff import Browser, person
from tests.views.world import MORNING, World


@pytest.fixture
def world(client: FlaskClient, at: Callable[[str], Any]) -> World:
    """The small country, with the clock stopped on the morning of 22 September 2020."""
    at(MORNING)
    return World()


@pytest.fixture
def head(app, world):
    return Browser(app, person(roles.HEAD, world.hall, name="Kepala Hall"))


@pytest.fixture
def admin(app, world):
    return Browser(app, person(roles.ADMIN, name="Admin"))
