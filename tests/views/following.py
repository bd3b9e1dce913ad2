"""A citizen who follows a request in a browser, for tests of its page."""

import re
from typing import Any

import pytest
from flask import Flask

from portal import files
from portal.files import Stored
from portal.offices.models import Office
from portal.services.models import ServiceRequest
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser

OFFICER = make.Actor("Sari Petugas", 1)
NOW = make.local("2020-09-18T10:12")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPED = "Rumah saya di RT 03."
DIGITS = {"digits": "0000"}


@pytest.fixture(autouse=True)
def still(at: Any) -> None:
    at("2020-09-18T10:12+07:00")


@pytest.fixture
def citizen(app: Flask, database: None) -> Browser:
    return Browser(app)


@pytest.fixture
def office(database: None) -> Office:
    return make.office("Kantor Wali Kota", desks=2)


@pytest.fixture
def request_made(office: Office) -> ServiceRequest:
    return make.request(at=office, now=NOW)


def address(request: ServiceRequest, rest: str = "") -> str:
    return f"/permohonan/{request.number}{rest}"


def words(browser: Browser, request: ServiceRequest, rest: str = "") -> str:
    """What the page of a request says."""
    answer = browser.get(address(request, rest))
    assert answer.status_code == 200
    return Reading(answer.text).words


def opened(browser: Browser, request: ServiceRequest) -> Browser:
    """The browser, after it said the digits of this request."""
    assert browser.post(address(request, "/buka"), DIGITS).status_code == 303
    return browser


def heading(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.S)
    assert found is not None
    return found[1].strip()


def a_file(name: str) -> Stored:
    return files.take(PDF, name, now=NOW)


def again(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.get_by_id(request.id)
