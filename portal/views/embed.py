"""The board in a frame on somebody else's page: one office, or a region in a few lines; without forms, every link in a window of its own."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from portal.offices import board as boards
from portal.offices import listing, regions, telling
from portal.offices.listing import Filters
from portal.offices.models import Office
from portal.views import asked
from portal.views.access import PUBLIC, allow, lasting
from portal.views.answers import SECURITY_HEADERS
from portal.views.language import zone_now
from portal.views.offices import office_row

bp = Blueprint("embed", __name__)
MOST = 5
POLICY = (SECURITY_HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
          .replace("form-action 'self'", "form-action 'none'").replace("script-src 'self'", "script-src 'none'"))  # fmt: skip


@bp.get("/sematan")
@allow(PUBLIC)
@lasting
def board() -> Response:
    slug = request.args.get("kantor", "")
    answer = make_response(_office(slug) if slug else _region(asked.region("wilayah")))
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _office(slug: str) -> str:
    row = office_row(slug)
    at = asked.now_or("pada", row["zone"])
    told = telling.Telling.of(boards.paint([row["root_id"]], at, at), at, [row["id"]]).tell(row)
    return render_template("embed/office.html", told=told, here=told.here)


def _region(code: str) -> str:
    at = asked.now_or("pada")
    names = regions.named([code])
    if request.args.get("wilayah") and code not in names:
        abort(404)
    overview = boards.overview(at)
    hurt = listing.disrupted(overview, code)
    count = listing.count(Filters(region=code, only=Office.parent.is_null())) if code else sum(overview.counts.values())
    return render_template("embed/board.html", here=zone_now(at), place=regions.short(names[code]) if code else "", code=code, count=count, hurt=len(hurt),
                           told=_told(overview, hurt[:MOST], at))  # fmt: skip


def _told(overview: boards.Overview, rows: list[dict[str, Any]], at: datetime) -> list[telling.Told]:
    teller = telling.Telling.of(overview.picture, at, [row["id"] for row in rows])
    return [teller.tell(row) for row in rows]
