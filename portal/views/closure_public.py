"""One closure for everybody: its page, and its press note; in the words of its record and without persons."""

from typing import Any

from flask import Blueprint, abort, current_app, render_template, url_for

from portal import clock
from portal.offices import declared, listing, news, regions, wording
from portal.offices.closures import WITHDRAWN
from portal.offices.declared import Record
from portal.offices.models import Closure, Office
from portal.services import aftermath
from portal.views import closure_words
from portal.views.access import PUBLIC, allow
from portal.views.closure_words import names_of
from portal.views.language import day_words, gettext, say
from portal.views.offices import qr
from portal.words import Sentence

bp = Blueprint("closure_public", __name__, url_prefix="/pengumuman")
_MOST_PLACES = 100  # of a whole province's offices the first are named; the board has the others
_CONTACTS = 3


@bp.get("/<int:number>")
@allow(PUBLIC)
def show(number: int) -> str:
    record = _record(number)
    return render_template("closure_public/show.html", **_facts(record), state=_state(record), scope=wording.scope(record))


@bp.get("/<int:number>/siaran-pers")
@allow(PUBLIC)
def press(number: int) -> str:
    """A sheet for the press, and the same as plain text to copy."""
    record = _record(number)
    facts = {**_facts(record), "basis": closure_words.basis(record)}
    dated = ", ".join(filter(None, [_city(facts["places"]), day_words(record.changed_at.astimezone(record.zone).date())]))
    return render_template("closure_public/press.html", **facts, dated=dated, plain=_plain(dated, facts))


def _facts(record: Record) -> dict[str, Any]:
    """All that page and press note say; the same for both."""
    places, summary, again = _places(record), aftermath.summary(record.closure), _again(record)
    address = url_for(".show", number=record.closure.id, _external=True)
    holds = record.status != WITHDRAWN
    return {
        "record": record, "closure": record.closure, "here": clock.now().astimezone(record.zone), "headline": wording.headline(record, names_of(record)),
        "again": again, "opening": [*wording.basics(record), *again],
        "ways": wording.ways(record.meanwhile) if holds else [], "stopped": wording.stopped(record.meanwhile) if holds else [],
        "people": closure_words.people(summary), "kinds": closure_words.kinds(summary), "places": places,
        "contacts": [row for row in places if row["phone"] or row["email"]][:_CONTACTS],
        "data": closure_words.json_ld(record, places), "address": address, "code": qr(address)}  # fmt: skip


def _again(record: Record) -> list[Sentence]:
    """When the counters serve again, as far as one can say it of all at once."""
    opens = news.reopens(record, clock.now())
    return [Sentence("Loket melayani lagi {when}.", when=opens.astimezone(record.zone))] if opens else []


def _plain(dated: str, facts: dict[str, Any]) -> str:
    """The press note without any layout: paragraphs and a list."""
    owner, contact = current_app.config["SETTINGS"].owner or "Tetap Melayani", current_app.config["SETTINGS"].contact
    ways = [f"- {say(each.sentence)}" for each in facts["ways"]]
    contacts = [", ".join(filter(None, [row["name"], row["phone"], row["email"]])) for row in facts["contacts"]] or [", ".join(filter(None, [owner, contact]))]
    paragraphs = [
        gettext("Siaran pers").upper(), say(facts["headline"]), dated, _joined(facts["opening"]), facts["closure"].note,
        "\n".join([gettext("Selama penutupan:"), *ways]) if ways else "", _joined(facts["stopped"]), _joined(facts["people"]), _joined(facts["basis"]),
        "\n".join([gettext("Kontak:"), *contacts]), facts["address"]]  # fmt: skip
    return "\n\n".join(filter(None, paragraphs))


def _joined(sentences: list[Sentence]) -> str:
    return " ".join(map(say, sentences))


def _record(number: int) -> Record:
    closure = Closure.get_or_none(Closure.id == number) if number < 2**31 else None
    return declared.records([closure], clock.now())[0] if closure is not None else abort(404)


def _places(record: Record) -> list[dict[str, Any]]:
    slugs = [slug for slug, _ in record.taken[:_MOST_PLACES]]
    return list(listing.rows_of(Office.slug.in_(slugs or [""])).order_by(Office.name, Office.id).dicts())


def _city(places: list[dict[str, Any]]) -> str:
    """Where a note is dated: the city of the first office; the portal's owner where none is known."""
    code = next((row["region"][:5] for row in places if row["region"]), "")
    name = regions.named([code]).get(code) if code else None
    return regions.short(name) if name else str(current_app.config["SETTINGS"].owner or "")


def _state(record: Record) -> str:
    """The public state that a closure makes of what it takes, for its sign and colour."""
    return "limited" if record.services else "suspended" if record.is_total else "remote"
