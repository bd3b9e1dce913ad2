"""How a deadline was counted, in words: day by day as boxes, its pauses by name, and the whole in one sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from portal.offices.models import Closure
from portal.offices.partly import Listing, last_of
from portal.services.deadlines import CLOSED, COUNTS, DUE, OFF, START, WAITS, Count, CountedDay
from portal.services.models import ServiceRequest
from portal.views.language import dated, say
from portal.words import Sentence, later

_LOOKS = {CLOSED: "stop", WAITS: "stop", COUNTS: "run", DUE: "due"}
_TELL_EACH = 12  # days; of more the ones alike are told together
_ALIKE = 3


@dataclass(frozen=True)
class Step:
    """One box: a day, or days that are alike."""

    weekday: str
    days: str
    month: str  # where it is the first one told, or another than before
    what: str
    look: str


def closures_of(count: Count | None) -> dict[int, Closure]:
    """The closures that pause a count, by id; one question."""
    ids = {day.closure for day in count.days if day.closure is not None} if count else set()
    return {closure.id: closure for closure in Closure.select().where(Closure.id.in_(ids))} if ids else {}


def steps(count: Count) -> list[Step]:
    """The days of a count as boxes, weekends and long runs each as one."""
    found, month = [], 0
    for run in _runs(count):
        found.append(_step(run, shows_month=run[0].day.month != month))
        month = run[-1].day.month
    return found


def pauses(count: Count, closures: Mapping[int, Closure], zone: ZoneInfo) -> list[Sentence]:
    """Each closure that took working days, with how many, and how long the citizen was waited for."""
    taken = Counter(day.closure for day in count.days if day.kind == CLOSED)
    told = [Sentence("Jeda {days} hari kerja: {closure}.", days=taken[id], closure=_named(closures[id], zone)) for id in closures if taken[id]]
    waited = sum(day.kind == WAITS for day in count.days)
    return [*told, Sentence("Jeda {days} hari kerja: menunggu jawaban pemohon.", days=waited)] if waited else told


def explained(request: ServiceRequest, count: Count, closures: Mapping[int, Closure]) -> Sentence:
    """«5 hari kerja sejak 18 Sep, terjeda penutupan 20–22 Sep», as one line for those who know the rest."""
    zone, start = ZoneInfo(request.office.timezone), count.days[0].day
    stops = [say(_named(closure, zone)) for closure in closures.values()]
    stops += [say(Sentence("menunggu pemohon"))] if any(day.kind == WAITS for day in count.days) else []
    facts = {"days": count.working_days, "start": short_days(start, start)}
    if not stops:
        return Sentence("{days} hari kerja sejak {start}", **facts)
    return Sentence("{days} hari kerja sejak {start}, terjeda {stops}", **facts, stops=Listing(tuple(stops)))


def short_days(first: date, last: date) -> str:
    """20–22 Sep."""
    end = dated(last, "d MMM")
    if first == last:
        return end
    return dated(first, "d" if (first.year, first.month) == (last.year, last.month) else "d MMM") + "–" + end


def _runs(count: Count) -> Iterator[list[CountedDay]]:
    """Days that are told together: those without work always, others where there are many."""
    for kind, group in groupby(count.days, key=lambda day: (day.kind, day.why, day.closure)):
        run = list(group)
        if kind[0] == OFF or (len(count.days) > _TELL_EACH and len(run) > _ALIKE):
            yield run
        else:
            yield from ([day] for day in run)


def _step(run: list[CountedDay], *, shows_month: bool) -> Step:
    first, last = run[0], run[-1]
    ends = [first.day] if first is last else [first.day, last.day]
    weekday = "–".join(dated(day, "EEEE" if len(ends) == 1 else "EEE") for day in ends)
    months = list(dict.fromkeys(dated(day, "MMM") for day in ends))
    month = "–".join(months) if shows_month or len(months) > 1 else ""
    return Step(weekday, "–".join(str(day.day) for day in ends), month, first.why or say(_what(first, last)), _LOOKS.get(first.kind, ""))


def _what(first: CountedDay, last: CountedDay) -> Sentence:
    if first.kind == COUNTS and first is not last:
        return Sentence("hari ke-{first} sampai ke-{last}", first=first.number, last=last.number)
    if first.kind in (COUNTS, DUE):
        return Sentence(later("hari ke-{number}, batas") if first.kind == DUE else later("hari ke-{number}"), number=first.number)
    return Sentence(_WHAT[first.kind])


_WHAT = {START: later("mulai dihitung"), OFF: later("libur"), CLOSED: later("jeda, kantor tutup"), WAITS: later("jeda, menunggu pemohon")}


def _named(closure: Closure, zone: ZoneInfo) -> Sentence:
    """Penutupan 20–22 Sep, within a sentence."""
    first = closure.starts_at.astimezone(zone).date()
    if closure.ends_at is None:
        return Sentence("penutupan sejak {day}", day=short_days(first, first))
    last = last_of(closure.ends_at, zone)
    return Sentence("penutupan {days}", days=short_days(first, last.date() if isinstance(last, datetime) else last))
