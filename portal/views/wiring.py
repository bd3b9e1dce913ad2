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
    admin_work,
    answers,
    api,
    assets,
    attachments,
    audit,
    closures,
    data,
    day_sheet,
    errors,
    feeds,
    health,
    home,
    language,
    letters,
    macros,
    mail,
    objections,
    offices,
    recap,
    recap_closing,
    recap_people,
    recap_unit,
    sign_in,
    targets,
    threads,
    validation,
)

_PARTS = (language, answers, assets, attachments, errors, access, macros, mail)
_VIEWS = (
    offices,
    feeds,
    api,
    data,
    health,
    sign_in,
    account,
    home,
    recap,
    recap_people,
    recap_unit,
    recap_closing,
    objections,
    targets,
    day_sheet,
    threads,
    validation,
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
    admin_work,
)


def start(app: Flask) -> None:
    """Extensions first, then each domain's addresses."""
    for part in _PARTS:
        part.start(app)
    for views in _VIEWS:
        app.register_blueprint(views.bp)
