"""Somebody in a role at the screens of administration: signed in, with the token that every form needs."""

import re
from typing import Any

from flask.testing import FlaskClient

from portal import clock
from portal.offices import postings
from portal.people import roles
from portal.people.models import Person
from tests import make


class Desk:
    """A browser in which one person is signed in."""

    def __init__(self, client: FlaskClient, role: str = roles.ADMIN) -> None:
        self.client = client
        self.person: Person = make.person(f"Orang {role}", password=make.PASSWORD)
        if role in roles.GRANTED:
            postings.grant(self.person, role, None if role in roles.EVERYWHERE else make.office(), **make.ACT)
        self.sign_in()

    def sign_in(self) -> None:
        with self.client.session_transaction() as held:
            held.clear()
            held["_user_id"] = make.signed_in(self.person, now=clock.now()).token

    def get(self, address: str, **facts: Any) -> Any:
        return self.client.get(address, **facts)

    def post(self, address: str, **fields: Any) -> Any:
        """Send a form with its token."""
        return self.client.post(address, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/akun").text)
        assert found
        return found[1]
