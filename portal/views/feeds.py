"""Closures for calendars, feed readers and other sites: iCalendar, Atom, a badge. The same record as everywhere."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, render_template, url_for

from portal import clock
from portal.offices import board as boards
from portal.offices import declared, listing, regions, telling, wording
from portal.offices.declared import Record
from portal.offices.models import Region
from portal.offices.telling import STATE_WORDS
from portal.views import asked
from portal.views.access import PUBLIC, allow, lasting
from portal.views.closure_words import names_of, texts_of
from portal.views.language import gettext, say
from portal.views.offices import office_row

bp = Blueprint("feeds", __name__)
_LONG_AGO, _FAR = datetime(1945, 1, 1, tzinfo=clock.UTC), datetime(2200, 1, 1, tzinfo=clock.UTC)
_MOST = 500


@bp.get("/umpan.atom")
@allow(PUBLIC)
@lasting
def everything() -> Response:
    return _atom(listing.closures_between(_LONG_AGO, _FAR), gettext("Semua penutupan"), url_for(".everything", _external=True))


@bp.get("/umpan/<code>.atom")
@allow(PUBLIC)
@lasting
def region(code: str) -> Response:
    found = Region.get_or_none(Region.code == code) if "\0" not in code else None
    if found is None:
        abort(404)
    title = gettext("Penutupan di {region}").format(region=regions.short(found.name))
    return _atom(listing.closures_between(_LONG_AGO, _FAR, region=code), title, url_for(".region", code=code, _external=True))


@bp.get("/kantor/<slug>/umpan.atom")
@allow(PUBLIC)
@lasting
def office(slug: str) -> Response:
    row = office_row(slug)
    return _atom(listing.closures_between(_LONG_AGO, _FAR, office=row), row["name"], url_for(".office", slug=slug, _external=True))


@bp.get("/kantor/<slug>/kalender.ics")
@allow(PUBLIC)
@lasting
def calendar(slug: str) -> Response:
    row = office_row(slug)
    from icalendar import Calendar  # only where it is used: a server that needs it seldom starts faster and smaller without

    made = Calendar()
    made.add("prodid", "-//Tetap Melayani//ID")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", row["name"])
    for record in declared.records(listing.closures_between(_LONG_AGO, _FAR, office=row), clock.now()):
        made.add_component(_event(record))
    return Response(made.to_ical(), mimetype="text/calendar")


@bp.get("/kantor/<slug>/lencana.svg")
@allow(PUBLIC)
@lasting
def badge(slug: str) -> Response:
    row = office_row(slug)
    at = asked.now_or("pada", row["zone"])
    picture = boards.paint([row["root_id"]], at, at)
    state = picture.condition(picture.nodes[row["id"]], at).state
    answer = Response(render_template("offices/badge.svg", office=row, state=state, word=gettext(STATE_WORDS[state])), mimetype="image/svg+xml")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _event(record: Record) -> Any:
    """A closure as an event: one UID for ever, a SEQUENCE that grows with its history, CANCELLED once it is withdrawn."""
    from icalendar import Event

    closure, zone = record.closure, ZoneInfo(record.closure.timezone)
    event = Event()
    event.add("uid", f"closure-{closure.id}@{_authority()}")
    event.add("sequence", len(record.events) - 1)
    event.add("dtstamp", record.changed_at)
    event.add("status", "CANCELLED" if record.status == "withdrawn" else "CONFIRMED")
    event.add("summary", say(wording.headline(record, names_of(record))))
    event.add("description", " ".join(texts_of(record)))
    event.add("url", url_for("closure_public.show", number=closure.id, _external=True))
    event.add("transp", "TRANSPARENT")
    starts, ends = closure.starts_at.astimezone(zone), _shown_end(closure)
    if closure.is_whole_days:
        event.add("dtstart", starts.date())
        event.add("dtend", (ends - timedelta(microseconds=1)).astimezone(zone).date() + timedelta(days=1))
    else:
        event.add("dtstart", closure.starts_at)
        event.add("dtend", ends)
    return event


def _authority() -> str:
    """The name under which this portal's identifiers are unique."""
    return str(current_app.config["SETTINGS"].hosts[0])


def _shown_end(closure: telling.Closure) -> datetime:
    """The end, or for an open one the end of the day of review, once that has passed of today: a calendar needs some end."""
    if closure.ends_at:
        return closure.ends_at
    zone = ZoneInfo(closure.timezone)
    return clock.midnight(max(closure.review_on, clock.now().astimezone(zone).date()) + timedelta(days=1), zone)


def _atom(closures: list[telling.Closure], title: str, address: str) -> Response:
    records = sorted(declared.records(closures, clock.now()), key=lambda record: (record.changed_at, record.closure.id), reverse=True)[:_MOST]
    body = render_template("offices/feed.atom", records=records, title=title, address=address, host=_authority(), names=names_of, texts=texts_of,
                           updated=max((record.changed_at for record in records), default=_LONG_AGO))  # fmt: skip
    return Response(body, mimetype="application/atom+xml")
