"""People of the staff side for tests of pages: made in a line, signed in without a password, with forms that carry their token."""

import itertools
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

from portal import clock
from portal.offices import postings
from portal.offices.models import Office
from portal.people import accounts, roles, sessions
from portal.people.models import Person, Session
from tests import make
from tests.views.reading import Reading

_count = itertools.count(1)
PASSWORD = "kuda baterai staples benar"


def person(role: str = "", office: Office | None = None, *, password: str = "", **facts: Any) -> Person:
    """Somebody with one role alone: granted over an office or everywhere, or had by a posting."""
    facts.setdefault("name", f"Pegawai {role or 'baru'}")
    made = accounts.create(f"P-{next(_count):05}", by="tests", now=clock.now(), **facts)
    if password:
        accounts.set_password(made, password, by="tests", now=clock.now())
    if role in roles.GRANTED:
        postings.grant(made, role, office, by="tests", now=clock.now())
    elif role == roles.EMPLOYEE:
        post(made, office or make.office())
    elif role == roles.SUPERVISOR:
        post(person(), office or make.office(), supervisor=made)
    return made


def post(who: Person, office: Office, supervisor: Person | None = None) -> Any:
    return postings.post(who, office, position="Analis", supervisor=supervisor, first_day=make.NOW.date(), by="tests", now=clock.now())


def session_of(who: Person) -> Session:
    """A running session, as signing in makes it."""
    return sessions._begin(who, address="127.0.0.1", device="tests", now=clock.now())


class Browser:
    """A browser of one person, or of nobody."""

    def __init__(self, app: Flask, who: Person | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.session = session_of(who) if who else None
        with app.test_request_context():
            self.token = generate_csrf()
            raw = session["csrf_token"]
        with self.client.session_transaction() as held:
            held["csrf_token"] = raw
            if self.session:
                held["_user_id"] = self.session.token

    def get(self, address: str, **facts: Any) -> Any:
        return self.client.get(address, **facts)

    def post(self, address: str, fields: dict[str, Any] | None = None, *, has_token: bool = True, **facts: Any) -> Any:
        """A form as it is sent, with the token that its page held."""
        token = {"csrf_token": self.token} if has_token else {}
        return self.client.post(address, data={**(fields or {}), **token}, **facts)


def fields_of(page: str, form: str) -> dict[str, list[str]]:
    """What a form would send as it stands: its inputs, texts and choices."""
    values: dict[str, list[str]] = {}
    inside, choice = False, ""
    for tag, held in Reading(page).tags:
        if tag == "form":
            inside = held.get("id") == form
        if not inside or not (held.get("name") or tag == "option"):
            continue
        if tag == "select":
            choice = held["name"]
        elif tag == "option" and "selected" in held:
            values[choice] = [held.get("value", "")]
        elif tag == "input" and (held.get("type") not in {"checkbox", "radio"} or "checked" in held):
            values.setdefault(held["name"], []).append(held.get("value", ""))
    return values
