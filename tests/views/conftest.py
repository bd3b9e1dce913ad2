from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.views.world import MORNING, World


@pytest.fixture
def world(client: FlaskClient, at: Callable[[str], Any]) -> World:
    """The small country, with the clock stopped on the morning of 22 September 2020."""
    at(MORNING)
    return World()
