"""Tetap Melayani: keeps public services going when a government office closes."""

from flask import Flask

from portal import db, settings
from portal.settings import Settings


def create_app(given: Settings | None = None) -> Flask:
    """The application: settings, database, extensions, views, commands; nothing else."""
    from portal import commands
    from portal.views import answers, api, assets, data, errors, feeds, health, language, macros, offices

    app = Flask(__name__, static_folder=None)
    chosen = given or settings.load()
    app.config.update(
        SETTINGS=chosen, SECRET_KEY=chosen.secret_key, TRUSTED_HOSTS=chosen.hosts, MAX_CONTENT_LENGTH=1_000_000, MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1000, PREFERRED_URL_SCHEME=chosen.base_url.partition(":")[0])  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    db.use(chosen.database_url)
    for part in (language, answers, assets, errors, macros):
        part.start(app)
    for blueprint in (offices.bp, feeds.bp, api.bp, data.bp, health.bp):
        app.register_blueprint(blueprint)
    commands.start(app)
    return app
