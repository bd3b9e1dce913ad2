"""Tetap Melayani: keeps public services going when a government office closes."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import db, files, sealed, settings
from portal.settings import Settings


def create_app(given: Settings | None = None) -> Flask:
    """The application: settings, database, extensions, views, commands; nothing else."""
    from portal import commands
    from portal.views import wiring

    app = Flask(__name__, static_folder=None)
    chosen = given or settings.load()
    app.config.update(
        SETTINGS=chosen, SECRET_KEY=chosen.secret_key, TRUSTED_HOSTS=chosen.hosts, MAX_CONTENT_LENGTH=1_000_000, MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1000, PREFERRED_URL_SCHEME=chosen.base_url.partition(":")[0])  # fmt: skip
    if chosen.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=chosen.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    db.use(chosen.database_url)
    sealed.use(chosen.secret_key, chosen.ring)
    files.use(chosen.uploads, limit=chosen.upload_limit, count=chosen.upload_count, clamd=chosen.clamd)
    wiring.start(app)
    commands.start(app)
    return app
