"""Tetap Melayani: keeps public services going when a government office closes."""

import gc
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import partial
from logging.handlers import WatchedFileHandler
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import db, files, sealed, settings
from portal.front import Front
from portal.settings import Settings


def create_app(given: Settings | None = None) -> Flask:
    """The application: settings, database, extensions, views, commands; nothing else."""
    from portal import commands
    from portal.views import wiring
    from portal.views.folding import Folded

    app = Flask(__name__, static_folder=None)
    app.jinja_environment = Folded
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


_FEW = frozenset({"wilayah", "status", "layanan", "hal", "bahasa", "kantor"})  # what may stand in an address that is kept; of others there is no end


def fronted(app: Flask) -> Flask:
    """The application with what is kept of public pages in front of it, as it is served."""
    chosen: Settings = app.config["SETTINGS"]
    log = chosen.access_log
    if log:
        lines = logging.getLogger("portal.access")
        lines.addHandler(logging.StreamHandler(sys.stdout) if log == "-" else WatchedFileHandler(log))
        lines.setLevel(logging.INFO)
        lines.propagate = False
    app.wsgi_app = Front(app.wsgi_app, lasts(app), partial(_noted, chosen.proxies) if log else None, _core() if chosen.one_core == "yes" else None)  # type: ignore[assignment,method-assign]
    return app


def settle() -> None:
    """Make this process one that answers for long: what it has read is looked through for garbage no more, and a thread at work lets others in sooner."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)


def _core() -> int | None:
    """The core of this process, another for each worker that a server has started; none where there is nothing to choose."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    number = next(iter(multiprocessing.current_process()._identity), os.getpid())
    return cores[number % len(cores)] if len(cores) > 1 else None


def lasts(app: Flask) -> Callable[[str, str], bool]:
    """Of a path and a query whether the answer is for everybody and follows from them, the version of the board and the moment."""
    routes = app.url_map.bind("")

    def is_for_all(path: str, query: str) -> bool:
        try:
            endpoint, _ = routes.match(path.encode("latin-1").decode("utf-8"), "GET")
            names = [name for name, _ in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))]
        except (HTTPException, ValueError):
            return False
        return getattr(app.view_functions[endpoint], "is_lasting", False) and set(names) <= _FEW and len(set(names)) == len(names)

    return is_for_all


def _noted(proxies: int, environ: dict[str, Any], status: str, size: int, seconds: float) -> None:
    """A line of the access log. Addresses of private pages open them: of these only the first part is written, and never a query."""
    path = environ["PATH_INFO"] if size >= 0 else "/" + environ["PATH_INFO"].lstrip("/").partition("/")[0]
    said = (_reader(environ, proxies), environ["REQUEST_METHOD"], path, status[:3], size, seconds * 1000, environ["portal.request_id"])
    logging.getLogger("portal.access").info("%s %s %s %s %d %.1fms %s", *said)


def _reader(environ: dict[str, Any], proxies: int) -> str:
    """Who asked: as the trusted proxies say it, also of what was answered before Flask could look."""
    told = [each.strip() for each in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    is_looked_at = "werkzeug.proxy_fix.orig" in environ
    return told[-proxies] if proxies and not is_looked_at and len(told) >= proxies and told[-proxies] else environ.get("REMOTE_ADDR", "-")
