"""The table of who may open what is the portal's own: written from its routes, and true of every role at every address."""

import logging
import re

import pytest

from portal.people import roles
from tests.house import matrix
from tests.views.staff import Browser, person

SAMPLES = {"slug": "tidak-ada", "token": "tidak-ada", "code": "99", "mark": "x", "name": "tidak-ada", "act": "perpanjang", "kind": "tidak-ada", "path": "x"}


def address(rule: str) -> str:
    """An address of a route, of something that does not exist."""
    return re.sub(r"<(?:(\w+)(?:\('([^']*)[^)]*\))?:)?(\w+)>", lambda found: "999999" if found[1] == "int" else found[2] or SAMPLES.get(found[3], "x"), rule)


def test_the_table_in_the_repository_is_the_one_that_the_routes_say(app):
    assert matrix.FILE.read_text(encoding="utf-8") == matrix.table(app), "run python -m tests.house.matrix"


@pytest.mark.parametrize("role", matrix.COLUMNS)
def test_every_address_answers_a_role_as_the_table_says(app, database, role, caplog):
    caplog.set_level(logging.CRITICAL)
    who = person(role) if role != matrix.NOBODY else None
    wrong = []
    for rule, method, allowed in matrix.routes(app):
        browser = Browser(app, who)
        answer = browser.get(address(rule)) if method == "GET" else browser.post(address(rule))
        met = met_at(answer)
        if met != matrix.answer(allowed, role) or (answer.status_code >= 500 and rule != "/siap"):
            wrong.append(f"{method} {rule}: {answer.status_code} {met}")
    assert wrong == []


def met_at(answer) -> str:
    """What the answer was, in the words of the table."""
    if answer.status_code == 403:
        return matrix.REFUSED
    is_sent = answer.status_code == 303 and answer.headers["Location"].startswith("/masuk?next=")
    if is_sent or (answer.status_code == 401 and "Sesi Anda sudah berakhir" in answer.text):
        return matrix.SIGN_IN
    return matrix.ALLOWED


def test_each_role_is_granted_had_by_a_posting_or_had_by_people_below(app, database):
    for role in roles.ROLES:
        assert Browser(app, person(role)).get("/beranda").status_code == 200
    assert set(roles.ROLES) == {*roles.GRANTED, roles.EMPLOYEE, roles.SUPERVISOR}


def test_a_role_that_was_revoked_opens_nothing_more(app, database):
    from portal import clock
    from portal.offices import postings
    from portal.offices.staff import Grant

    admin = person(roles.ADMIN)
    browser = Browser(app, admin)
    assert browser.get("/admin").status_code == 200
    postings.revoke(Grant.get(Grant.person == admin), by="tests", now=clock.now())
    assert browser.get("/admin").status_code == 403
