"""Hangs everything that answers over HTTP on the application."""

from flask import Flask

from portal.views import (
    access,
    account,
    admin,
    admin_calendar,
    admin_imports,
    admin_offices,
    admin_people,
    admin_policies,
    admin_postings,
    answers,
    api,
    assets,
    audit,
    closures,
    data,
    errors,
    feeds,
    health,
    home,
    language,
    letters,
    macros,
    mail,
    offices,
    sign_in,
)

_PARTS = (language, answers, assets, errors, access, macros, mail)
_VIEWS = (
    offices,
    feeds,
    api,
    data,
    health,
    sign_in,
    account,
    home,
    closures,
    letters,
    audit,
    admin,
    admin_people,
    admin_postings,
    admin_offices,
    admin_calendar,
    admin_policies,
    admin_imports,
)


def start(app: Flask) -> None:
    """Extensions first, then each domain's addresses."""
    for part in _PARTS:
        part.start(app)
    for views in _VIEWS:
        app.register_blueprint(views.bp)
