"""Puts Sentences, days and moments into the reader's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, current_app, g, request
from flask_babel import Babel, force_locale, get_locale

from portal import clock
from portal.offices.partly import Listing
from portal.settings import LOCALES
from portal.words import Brief, Sentence

_DAY = {"id": "EEEE, d MMMM", "en": "EEEE, d MMMM"}
_MOST_ADDRESSES = 4000
_CATALOGUES: dict[str, Any] = {}
_TIME = {"id": "HH.mm", "en": "HH:mm"}


def start(app: Flask) -> None:
    """Choose the language by the address alone, and give templates the words."""
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.root_path) + "/translations"
    Babel(app, locale_selector=chosen)
    _CATALOGUES.update({code: Translations.load(app.config["BABEL_TRANSLATION_DIRECTORIES"], [code]) for code in LOCALES})
    pages: Any = app.jinja_env
    pages.install_gettext_callables(
        gettext=gettext,
        ngettext=lambda one, many, count: _CATALOGUES[language()].ngettext(one, many, count),
        pgettext=lambda context, text: _CATALOGUES[language()].pgettext(context, text),
        newstyle=True,
    )
    pages.speak(_CATALOGUES, language)
    pages.globals.update(locale=language, say=say, day_words=day_words, moment_words=moment_words, number=number, range_words=range_words,
                                 hours_words=hours_words)  # fmt: skip
    pages.filters.update(say=say)
    pages.globals["url_for"] = _remembered(app)
    app.url_defaults(_keep_language)


def chosen() -> str:
    """The language of the address: `bahasa`; else on staff pages the person's own, and on public ones, which are the same for all, the installation's."""
    wanted = request.args.get("bahasa", "")
    return wanted if wanted in LOCALES else _usual()


def _usual(is_public: bool = False) -> str:
    """The language of a page whose address names none."""
    visitor = g.get("visitor")
    return visitor.person.language if visitor and not is_public else current_app.config["SETTINGS"].locale


def language() -> str:
    """The language of this request."""
    settled: str | None = g.get("language")
    if settled is None:
        settled = g.language = str(get_locale() or "id")[:2]
    return settled


def gettext(text: str) -> str:
    """A sentence in the language of this request; which it is, is settled once, and not looked up for every word of a page."""
    said: str = _CATALOGUES[language()].gettext(text)
    return said


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Whatever the request's language, this one for a while."""
    before = g.get("language")
    with force_locale(code):
        g.language = code
        try:
            yield
        finally:
            g.language = before


def in_indonesian(sentence: Sentence | str, at: datetime) -> str:
    """The sentence as interfaces for programs give it, whatever the reader's language."""
    with spoken("id"):
        return say(sentence, at)


def say(what: Any, at: datetime | None = None) -> str:
    """A sentence, day, moment, time, number or word in the reader's language; `at` is the reader's now and makes «hari ini» possible."""
    match what:
        case Sentence():
            facts = {name: say(fact, at) for name, fact in what.facts}
            text = gettext(what.id)
            return _capital(text.format(**facts) if facts else text)
        case Brief():
            return _brief(what.when, at)
        case Listing():
            return format_list(list(what.names), locale=language()) if what.names else ""
        case datetime():
            return moment_words(what, at)
        case date():
            return day_words(what, at)
        case time():
            return gettext("pukul {time}").format(time=timed(what))
        case bool():
            return gettext("ya") if what else gettext("tidak")
        case int() | float():
            return number(what)
    return gettext(what) if what else ""


def day_words(day: date, at: datetime | None = None) -> str:
    """«hari ini, Selasa, 22 September»; the year stands where it is not the reader's."""
    pattern = _DAY[language()] + ("" if at and day.year == at.year else " y")
    said = dated(day, pattern)
    return ", ".join(filter(None, (_near(day, at), said)))


def moment_words(moment: datetime, at: datetime | None = None) -> str:
    """«besok, Rabu, 23 September pukul 08.00 WIB»."""
    local_at = at.astimezone(moment.tzinfo) if at else None
    told = timed(moment.time())
    return gettext("{day} pukul {time} {zone}").format(day=day_words(moment.date(), local_at), time=told, zone=clock.zone_name(moment))


def dated(day: date, pattern: str) -> str:
    """A day in the reader's language, by a pattern of CLDR."""
    return _dated(day, pattern, language())


def timed(moment: time) -> str:
    """A time of day as the reader's language writes it."""
    return _timed(moment, language())


def range_words(first: date, last: date, at: datetime | None = None) -> str:
    """«Minggu, 20 sampai Selasa, 22 September»."""
    if first == last:
        return day_words(first, at)
    lean = "EEEE, d" if (first.year, first.month) == (last.year, last.month) else _DAY[language()] if first.year == last.year else _DAY[language()] + " y"
    begin = dated(first, lean)
    end = dated(last, _DAY[language()] + ("" if at and last.year == at.year else " y"))
    return gettext("{first} sampai {last}").format(first=begin, last=end)


def hours_words(text: str) -> str:
    """Hours of a day, kept as «08.00–12.00, 13.00–16.00», with the sign that the reader's language puts between hour and minute."""
    return text if language() == "id" else text.replace(".", ":")


def number(value: float) -> str:
    if abs(value) < 1000 and value == int(value):
        return str(int(value))  # the same in every language of the portal; Babel takes a hundred times as long
    return str(format_decimal(value, locale=language()))


def zone_now(at: datetime) -> datetime:
    """A moment in the portal's zone."""
    return at.astimezone(current_app.config["SETTINGS"].zone)


@lru_cache(4000)
def _dated(day: date, pattern: str, code: str) -> str:
    return format_date(day, pattern, locale=code)  # for one day Babel takes as long as a page may take for all of them


@lru_cache(2000)
def _timed(moment: time, code: str) -> str:
    return format_time(moment, _TIME[code], locale=code)


def _brief(when: date | datetime, at: datetime | None) -> str:
    day = when.date() if isinstance(when, datetime) else when
    reader = at.astimezone(when.tzinfo) if at and isinstance(when, datetime) else at
    told = gettext("pukul {time}").format(time=timed(when.time())) if isinstance(when, datetime) else ""
    near = _near(day, reader)
    if told and near == gettext("hari ini"):
        return told
    if not near:
        close = reader is not None and timedelta(0) <= day - reader.date() < timedelta(days=7)
        near = dated(day, "EEEE" if close else "d MMMM" if reader and reader.year == day.year else "d MMMM y")
    return " ".join(filter(None, (near, told)))


def _near(day: date, at: datetime | None) -> str:
    if at is None:
        return ""
    return {0: gettext("hari ini"), 1: gettext("besok")}.get((day - at.date()).days, "")


def _capital(text: str) -> str:
    """A sentence that begins with a filled place («hari ini …») begins with a capital all the same, if it ends as a sentence."""
    return text[:1].upper() + text[1:] if text.endswith(".") else text


def _remembered(app: Flask) -> Callable[..., str]:
    """Flask's url_for for templates, which ask for the same few addresses on every page."""

    @lru_cache(_MOST_ADDRESSES)
    def made(endpoint: str, around: tuple[str, ...], values: tuple[tuple[str, Any], ...]) -> str:
        return app.url_for(endpoint, **dict(values))

    def address(endpoint: str, **values: Any) -> str:
        if not request or "_external" in values or endpoint.startswith("."):
            return app.url_for(endpoint, **values)
        return made(endpoint, (language(), _usual(), request.root_path), tuple(values.items()))

    return address


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the reader's language."""
    if "bahasa" in values or endpoint.startswith(("assets.", "api.")) or not request:
        return
    is_public = "public" in getattr(current_app.view_functions.get(endpoint), "allowed", ())
    if language() != _usual(is_public):
        values["bahasa"] = language()
