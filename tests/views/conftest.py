from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.people import roles
from tests.conftest import Country
from tests.views import asking as before_the_form
from tests.views.staff import Browser, person
from tests.views.world import MORNING, World


@pytest.fixture
def world(country: Country, client: FlaskClient, at: Callable[[str], Any]) -> World:
    """The small country, with the clock stopped on the morning of 22 September 2020."""
    at(MORNING)
    return country.world()


@pytest.fixture
def head(app, world):
    return Browser(app, person(roles.HEAD, world.hall, name="Kepala Hall"))


@pytest.fixture
def admin(app, world):
    return Browser(app, person(roles.ADMIN, name="Admin"))


@pytest.fixture
def asking(app, database, at):
    """A citizen before the form of a request, with the clock stopped on a Thursday morning."""
    at(before_the_form.MORNING)
    return before_the_form.Asking(app)
