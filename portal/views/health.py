"""Whether the process lives, and whether the portal can serve."""

from flask import Blueprint, Response, jsonify
from peewee import PeeweeException

from portal import clock, db, heartbeat
from portal.views.access import PUBLIC, allow

bp = Blueprint("health", __name__)


@bp.get("/sehat")
@allow(PUBLIC)
def lives() -> Response:
    return _plain({"status": "ok"}, 200)


@bp.get("/siap")
@allow(PUBLIC)
def ready() -> Response:
    """200, or 503 with the reasons."""
    reasons = _reasons()
    return _plain({"status": "unavailable" if reasons else "ok", "reasons": reasons}, 503 if reasons else 200)


def _reasons() -> list[str]:
    try:
        db.ready_connection()
        if db.pending_migrations():
            return ["migrations are pending: run flask init"]
        return [] if heartbeat.is_alive("worker", now=clock.now()) else ["the worker is silent: run flask deliver"]
    except PeeweeException as error:
        return [f"the database does not answer: {type(error).__name__}"]


def _plain(body: dict[str, object], status: int) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer
