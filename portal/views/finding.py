"""What a search on the board finds, as one types: no more is read than is shown, however many offices there are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import request

from portal.offices import board as boards
from portal.offices import listing, regions
from portal.offices.listing import Filters, Page
from portal.services import catalogue
from portal.services.models import Service
from portal.views import asked
from portal.views.answers import show
from portal.views.language import zone_now
from portal.words import Sentence

PAGE, SERVICES, MOST = 12, 5, 1000


def page(filters: Filters, service: Service | None, unknown: list[Sentence], at: datetime, link: Callable[..., str]) -> str:
    """The page of a search on the board, or its results alone."""
    found, is_elsewhere = _found(filters, at)
    states = boards.states(found.rows, at)
    names = regions.named([*(row["region"] for row in found.rows), filters.region])
    rows = [{**row, "state": states[row["id"]], "place": regions.around(row["region"], names)} for row in found.rows]
    return show("offices/search.html", "offices/_found.html", at=at, here=zone_now(at), is_now=not request.args.get("pada"), filters=filters,
                unknown=unknown, page=found, rows=rows, names=names, service=service, link=link, is_elsewhere=is_elsewhere, is_more=found.count == MOST,
                services=catalogue.matching(filters.text)[:SERVICES])  # fmt: skip


def _found(filters: Filters, at: datetime) -> tuple[Page, bool]:
    """The offices found, and whether they lie outside the region that was asked for, which has none of that name."""
    overview = boards.overview(at) if filters.state else None
    asks: dict[str, Any] = {"at": at, "number": asked.page("hal"), "size": PAGE, "overview": overview, "most": MOST}
    inside = listing.found(filters, **asks)
    if not filters.region or (inside.count and not inside.is_guess):
        return inside, False
    outside = listing.found(replace(filters, region="", near=filters.region), **asks)
    is_better = outside.count and (not outside.is_guess or not inside.count)
    return (outside, True) if is_better else (inside, False)
