"""A region's map with its table: where its offices lie, and how each stands."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from portal.offices import board as boards
from portal.offices import extracts, listing, regions
from portal.offices.listing import Filters
from portal.offices.models import Office, Region
from portal.offices.state import STATES
from portal.views import asked, charts
from portal.views.access import PUBLIC, allow, lasting
from portal.views.history import region_of
from portal.views.language import zone_now

bp = Blueprint("region_map", __name__)
PAGE, HURT = 24, 40


@bp.get("/wilayah/<code>/peta")
@allow(PUBLIC)
@lasting
def show(code: str) -> str:
    region, at = region_of(code), asked.now_or("pada")
    overview = boards.overview(at)
    count = listing.count(Filters(region=code, only=Office.parent.is_null()))
    spots, hurt = extracts.spots(overview, code), listing.disrupted(overview, code)
    is_many = count > charts.MOST
    page = None if is_many else listing.page(overview, Filters(region=code), number=asked.page("hal"), size=PAGE, tops_only=True)
    return render_template(
        "region_map/page.html", region=region, name=regions.short(region.name), crumbs=_above(code), here=zone_now(at), is_now=not request.args.get("pada"),
        count=count, chart=charts.chart(spots, _names(code)), without_place=count - len(spots), hurt=hurt, states=STATES,
        guessed=sum(spot.is_about for spot in spots), counts={state: sum(spot.state == state for spot in spots) for state in STATES},
        most=HURT, page=page, rows=_stated(page, overview, at),
        parts=listing.by_region(overview, code, listing.level(code)) if is_many or len(code) < 8 else [], link=_link,
        signs=[(row, overview.disrupted[row["id"]]) for row in hurt[:HURT]])  # fmt: skip


def _stated(page: listing.Page | None, overview: boards.Overview, at: Any) -> list[tuple[dict[str, Any], str]]:
    """The offices of a page, each with its state."""
    if page is None:
        return []
    picture = boards.paint({row["root_id"] for row in page.rows}, at, at, overview.rules)
    return [(row, picture.condition(picture.nodes[row["id"]], at).state) for row in page.rows]


def _names(code: str) -> list[tuple[str, float, float]]:
    """The names of the regions within one, and where they lie."""
    rows = Region.select(Region.name, Region.lat, Region.lon).where(Region.parent_code == code, Region.lat.is_null(False)).order_by(Region.code)
    return [(regions.short(name), lat, lon) for name, lat, lon in rows.tuples()]


def _above(code: str) -> list[tuple[str, str]]:
    names = regions.named([code])
    return [(each, regions.short(names[each])) for each in reversed(regions.ancestry(code)) if each in names]


def _link(**changes: Any) -> str:
    """This page's address, some of its query changed."""
    held = {field: request.args[field] for field in ("pada", "hal") if request.args.get(field)}
    return url_for(".show", **(request.view_args or {}), **{field: value for field, value in {**held, **changes}.items() if value})
