"""Behind a proxy that ends TLS, as deploy/nginx.conf sets it up."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.views.answers import under_scheme
from tests import make


def test_feeds_carry_https_though_the_proxy_asks_by_http(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make.office()
    make.closure(office)
    monkeypatch.setattr(app, "wsgi_app", under_scheme(Flask.wsgi_app.__get__(app), "https"))
    assert f'href="https://localhost/kantor/{office.slug}"' in client.get("/umpan.atom", base_url="http://localhost").text
