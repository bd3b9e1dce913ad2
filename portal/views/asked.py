"""What a reader asks for in an address: a moment, a page, days; unreadable ones are the reader's error."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, request

from portal import clock
from portal.clock import midnight
from portal.refusals import Refused
from portal.words import Sentence

_YEARS = range(1945, 2200)


def moment(field: str, zone: ZoneInfo | None = None) -> datetime | None:
    """The moment of a query field, in UTC: ISO, local to the zone (the portal's) unless it has an offset; none if it is not asked for."""
    text = request.args.get(field, "").strip().replace(" ", "+")  # a plus that nobody encoded
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", text):
            raise ValueError
        found = datetime.fromisoformat(text)
        if found.year not in _YEARS:
            raise ValueError
    except ValueError:
        raise Refused(Sentence("Waktu {text} tidak dapat dibaca. Contoh: 2020-09-22T09:00.", text=text[:40]), field=field) from None
    local = found if found.tzinfo else found.replace(tzinfo=zone or current_app.config["SETTINGS"].zone)
    return local.astimezone(clock.UTC)


def now_or(field: str, zone: ZoneInfo | None = None) -> datetime:
    """The moment asked for, else this one; to the second it would be before an act of this very second, and the page would not show that."""
    return moment(field, zone) or clock.now()


def page(field: str) -> int:
    """A page number; what cannot be one is the first."""
    text = request.args.get(field, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def number(field: str) -> int:
    """A page number as programs ask for it: what cannot be one is refused."""
    text = request.args.get(field, "1")
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise Refused(Sentence("Halaman {text} tidak dapat dibaca. Contoh: 2.", text=text[:40]), field=field)
    return int(text)


def text(field: str, most: int = 200) -> str:
    """A text as typed, without control characters, cut at `most` letters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in request.args.get(field, "")[:4000]).split())[:most]


def region(field: str) -> str:
    """A region code, or nothing."""
    code = request.args.get(field, "")
    return code if re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", code) else ""


def known_region(field: str) -> str:
    """A region code as programs ask for it: what cannot be one is refused."""
    code = request.args.get(field, "")
    if code and not region(field):
        raise Refused(Sentence("Kode {code} tidak dapat dibaca. Contoh: 31.71.01.1001.", code=code[:40]), field=field)
    return code


def days(zone: ZoneInfo, *, default: tuple[date, date], most: timedelta | None = None) -> tuple[datetime, datetime]:
    """`from` and `to` as days of a zone, both included, as moments; a missing one is counted from the other. At most so long."""
    span, since, until = default[1] - default[0], _day("from"), _day("to")
    first = since or (until - span if until else default[0])
    last = until or (since + span if since else default[1])
    if last < first:
        raise Refused(Sentence("Tanggal akhir mendahului tanggal awal."), field="to")
    if most and last - first > most:
        raise Refused(Sentence("Rentang paling panjang {days} hari.", days=most.days), field="to")
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def _day(field: str) -> date | None:
    text = request.args.get(field, "")
    try:
        day = date.fromisoformat(text) if text else None
        if (day and day.year not in _YEARS) or (text and not re.fullmatch(r"\d{4}-\d\d-\d\d", text)):
            raise ValueError
        return day
    except ValueError:
        raise Refused(Sentence("Tanggal {text} tidak dapat dibaca. Contoh: 2020-09-22.", text=text[:40]), field=field) from None
