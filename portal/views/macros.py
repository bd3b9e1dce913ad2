"""What every template can say: the words of states and acts, the portal's own names, the page in the other language."""

from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, url_for

from portal.clock import zone_name
from portal.offices.models import Closure
from portal.offices.partly import last_of, listing
from portal.offices.regions import short
from portal.offices.telling import STATE_WORDS, window_of
from portal.settings import LOCALES, Settings
from portal.views.language import dated, gettext, language, say
from portal.words import Sentence, later

_KEPT = ("q", "wilayah", "status", "pada", "hal", "layanan", "kantor", "cari", "dari", "tahun")
CLASSES = {"off_hours": "off"}
EVENTS = {
    "announced": later("Penutupan diumumkan"),
    "recorded": later("Penutupan dicatat di portal"),
    "extended": later("Penutupan diperpanjang"),
    "shortened": later("Penutupan dipersingkat"),
    "reopened": later("Dibuka lagi lebih awal"),
    "withdrawn": later("Pengumuman ditarik"),
}
HEIGHTS = {"limited": (6, 6), "remote": (2, 10), "suspended": (0, 12)}


def start(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    app.jinja_env.globals.update(
        owner=settings.owner, contact=settings.contact, is_demo=settings.demo == "yes", base_url=settings.base_url,
        state_class=lambda state: CLASSES.get(state, state), state_word=lambda state: gettext(STATE_WORDS[state]),
        strip_box=lambda state: HEIGHTS[state], other_language=other_language,
        event_word=lambda what: gettext(EVENTS[what]), end_words=lambda end, zone, at: say(last_of(end, zone), at), window_words=window_words,
        service_words=service_words, short_day=short_day, month_words=month_words, weekday_words=weekday_words, zone_name=zone_name)  # fmt: skip
    app.jinja_env.filters.update(
        short_region=short, without=lambda text, part: text.replace(part, ""), groupby_region=by_city, page_numbers=page_numbers,
        reason_options=reason_options)  # fmt: skip


def other_language() -> tuple[str, str, str]:
    """The language one may switch to: its code, its own name, the address of this page in it."""
    other = next(code for code in LOCALES if code != language())
    name = {"id": "Indonesia", "en": "English"}[other]
    arguments: dict[str, Any] = {**{field: request.args[field] for field in _KEPT if field in request.args}, **(request.view_args or {}), "bahasa": other}
    if not request.endpoint or not current_app.create_url_adapter(request).test(request.path, "GET"):  # type: ignore[union-attr]
        return other, name, url_for("offices.board", bahasa=other)
    return other, name, url_for(request.endpoint, **arguments)


def window_words(closure: Closure, at: datetime) -> str:
    """From when to when a closure holds, told to a reader on the clocks of its offices."""
    return say(window_of(closure, at), at.astimezone(ZoneInfo(closure.timezone)))


def service_words(services: dict[str, str]) -> str:
    """The services that a closure takes, by slug: «Layanan KTP dan akta lahir»."""
    return say(Sentence("Layanan {services}", services=listing(services.values())))


def short_day(day: date) -> str:
    """25 Juni."""
    return dated(day, "d MMMM")


def month_words(day: date) -> str:
    """September 2020."""
    return dated(day, "MMMM y")


def weekday_words(day: date) -> str:
    """Senin 21."""
    return dated(day, "EEEE d")


def by_city(rows: list[dict[str, Any]], grouped: bool) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """Rows in runs of the same city, by its code; ungrouped they are one run without a code."""
    if not grouped:
        return [(None, rows)] if rows else []
    return [(code, list(run)) for code, run in groupby(rows, key=lambda row: (row["region"] or "")[:5])]


def page_numbers(page: Any) -> list[int | None]:
    """The numbers of a pager: first, last and those around this one; None stands for a gap."""
    shown = sorted({1, page.pages, *range(max(1, page.number - 1), min(page.pages, page.number + 1) + 1)})
    return [each for number, before in zip(shown, [0, *shown], strict=False) for each in ([None] if number - before > 1 else []) + [number]]


def reason_options(reasons: dict[str, str]) -> list[tuple[str, str]]:
    """Reasons of closures for a field to choose from, in the reader's language."""
    return [(code, gettext(word)) for code, word in reasons.items()]
