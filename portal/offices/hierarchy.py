"""Who is above whom, over all people at once: circles are found in one pass."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from portal.offices.staff import Posting
from portal.people.models import Person

ONE_DAY = timedelta(days=1)
_MOST_NAMES = 12


def was_held() -> object:
    """The condition on a posting that another did not replace on its first day; such a one ends before it begins."""
    return Posting.last_day.is_null() | (Posting.last_day >= Posting.first_day)


def on_record(day: date, *, without_main: Collection[str]) -> dict[str, list[str]]:
    """The superiors of each person by their postings from a day on; the main postings of some people left out."""
    superior = Person.alias()
    rows = (
        Posting.select(Person.identifier, superior.identifier, Posting.is_main)
        .join(Person, on=(Posting.person == Person.id))
        .switch(Posting)
        .join(superior, on=(Posting.supervisor == superior.id))
        .where(was_held(), Posting.last_day.is_null() | (Posting.last_day >= day))
    )
    above: dict[str, list[str]] = {}
    for identifier, superior_identifier, is_main in rows.tuples().iterator():
        if not (is_main and identifier in without_main):
            above.setdefault(identifier, []).append(superior_identifier)
    return above


def circles(above: dict[str, list[str]]) -> Iterator[list[str]]:
    """The circles in it, each once, from each person up; every person is looked at once."""
    settled: set[str] = set()
    for start in above:
        way: list[str] = []
        places: dict[str, int] = {}
        waiting = [(start, False)]
        while waiting:
            each, is_over = waiting.pop()
            if is_over:
                settled.add(each)
                places.pop(way.pop())
            elif each in places:
                yield way[places[each] :]
            elif each not in settled:
                places[each] = len(way)
                way.append(each)
                waiting.append((each, True))
                waiting += [(superior, False) for superior in above.get(each, ())]


def told(circle: list[str], names: dict[str, str]) -> str:
    """A circle by names, from one person back to the same; the middle of a long one is left out."""
    said = [names.get(each, each) for each in (*circle, circle[0])]
    return " → ".join(said if len(said) <= _MOST_NAMES else [*said[: _MOST_NAMES // 2], "…", *said[-_MOST_NAMES // 2 :]])
