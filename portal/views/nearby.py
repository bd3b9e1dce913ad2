"""Offices near oneself: one says which kelurahan one lives in, or lets the browser say about where one is; neither is kept."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.offices import nearby, regions, search
from portal.offices.models import Office, Region
from portal.offices.spelling import read
from portal.services import catalogue
from portal.services.models import Service
from portal.views import asked
from portal.views.access import ANYONE, PUBLIC, allow, changing_nothing, lasting
from portal.views.answers import show
from portal.views.language import zone_now

bp = Blueprint("nearby", __name__)
_MOST = 12
PERMISSIONS = "geolocation=(self), camera=(), microphone=()"


@bp.get("/dekat")
@allow(PUBLIC)
@lasting
def choose() -> ResponseReturnValue:
    """One's region is chosen here, then the offices near it are shown."""
    at, text, code = clock.now(), asked.text("cari"), asked.region("dari")
    names = regions.named([code])
    if not names.get(code):
        return _page(name="", text=text, found=_regions(text, at) if text else [], is_lost="posisi" in request.args)
    service, kind = catalogue.known(request.args.get("layanan", "")), asked.text("jenis", 80)
    near = nearby.from_region(code, _only(service, kind), at, service=service.slug if service else "")
    around = regions.named([each.office["region"] for each in near])
    places = {each.office["id"]: regions.around(each.office["region"], around) for each in near}
    return _page(code=code, here=zone_now(at), name=names[code], around=regions.around(code, names) if len(code) > 5 else "", near=near, places=places,
                 kinds=nearby.kinds_around(code), kind=kind, services=catalogue.listed(), service=service)  # fmt: skip


@bp.post("/dekat")
@allow(ANYONE)
@changing_nothing
def from_position() -> ResponseReturnValue:
    """The position that the browser sent on request becomes the region around it, and is forgotten: no address, no log and no table holds it."""
    code = nearby.region_at(*place) if (place := _position()) else ""
    held: dict[str, Any] = {field: request.form[field][:200] for field in ("jenis", "layanan", "bahasa") if request.form.get(field)}
    return redirect(url_for(".choose", dari=code or None, posisi=None if code else "tidak-dikenal", **held), 303)


def _page(**facts: Any) -> ResponseReturnValue:
    answer = current_app.make_response(show("nearby/page.html", "nearby/_regions.html", **facts))
    answer.headers["Permissions-Policy"] = PERMISSIONS
    return answer


def _position() -> tuple[float, float] | None:
    try:
        lat, lon = float(request.form.get("lat", "")), float(request.form.get("lon", ""))
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def _only(service: Service | None, kind: str) -> Any:
    only = catalogue.giving(service) if service else nearby.TOP
    return only & (Office.kind == kind) if kind else only


def _regions(text: str, at: datetime) -> list[tuple[str, str, str]]:
    """The regions that a text may name (code, name, where), those with an office of their own first."""
    hits = search.find(text, Office.region.is_null(False), at=at)
    codes = [row.region for row in hits.rows if row.region] if hits else []
    codes += _named_so(text) if len(codes) < _MOST else []
    chosen = list(dict.fromkeys(codes))[:_MOST]
    names = regions.named(chosen)
    return [(code, names[code], regions.around(code, names) if len(code) > 5 else "") for code in chosen if code in names]


def _named_so(text: str) -> list[str]:
    typed = read(text)
    words = [word for part in typed.parts if not part.is_kind for word in part.likeliest] if typed else []
    if not words:
        return []
    named = Region.select(Region.code).where(*(Region.name.contains(word) for word in words), Region.level.not_in(("provinsi",)))
    return [code for (code,) in named.order_by(Region.code).limit(_MOST).tuples()]
