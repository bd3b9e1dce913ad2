"""The words of e-kinerja's pages: places, weekdays, months, times."""

from datetime import date, datetime

from babel.dates import get_day_names

from portal.kinerja.logs import PLACES
from portal.offices.closures import REASONS
from portal.views.language import dated, gettext, hours_words, language, say


def clock_words(minute: int) -> str:
    """08.30, from minutes since the start of the day."""
    return f"{minute // 60:02}.{minute % 60:02}"


def kept_words(moment: datetime) -> str:
    """14.02, of a moment on the reader's clocks."""
    return hours_words(moment.strftime("%H.%M"))


def quantity_words(quantity: float) -> str:
    """A quantity as one types it: 12 or 1,5."""
    return f"{quantity:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def place_words(place: str) -> str:
    return gettext(PLACES[place])


def cause_words(cause: str) -> str:
    """Why an office is closed, within a sentence."""
    return say(REASONS[cause])


def short_weekday(day: date) -> str:
    """Jumat 18."""
    return dated(day, "EEEE d")


def month_name(day: date) -> str:
    """September."""
    return dated(day, "MMMM")


def weekday_options() -> list[tuple[str, str]]:
    """The days of a week by the number that a routine keeps."""
    return [(str(number), get_day_names(locale=language())[number]) for number in range(7)]


def weekday_list(weekdays: str) -> str:
    """Senin, Rabu."""
    return ", ".join(name for number, name in weekday_options() if number in weekdays)


GLOBALS = (kept_words, place_words, cause_words, short_weekday, month_name, weekday_options, weekday_list)
