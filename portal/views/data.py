"""For people who reuse what the portal publishes: all of it as tables, and a page that says how to get at everything."""

from flask import Blueprint, Response, abort, render_template, url_for

from portal import clock
from portal.offices.models import Office
from portal.views import history, open_tables
from portal.views.access import PUBLIC, allow, lasting
from portal.views.open_tables import TABLES
from portal.views.streams import streamed

bp = Blueprint("data", __name__)


@bp.get("/data")
@allow(PUBLIC)
@lasting
def reuse() -> str:
    some = Office.select(Office.slug, Office.region).where(Office.parent.is_null(), Office.region.is_null(False)).order_by(Office.id).dicts().first()
    slug, region = (some["slug"], some["region"][:5]) if some else ("", "")
    return render_template("data/reuse.html", tables=TABLES, history=history.COLUMNS, slug=slug, region=region, address=_address)


@bp.get("/data/<name>.csv")
@allow(PUBLIC)
def table(name: str) -> Response:
    found = next((each for each in TABLES if each.name == name), None) or abort(404)
    return streamed(open_tables.lines(found, clock.now()), "text/csv", name=f"{name}.csv")


def _address(endpoint: str, **values: str) -> str:
    """An address to copy into a program: whole, and without the reader's language."""
    return url_for(endpoint, _external=True, bahasa=None, **values)
