"""Which days people work at an office, how long, and when what is due: from policies, holidays and outages, read once for many offices."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import Value

from portal.clock import midnight
from portal.db import Moment, Question, among, slot
from portal.kinerja.models import Outage
from portal.offices.hours import DAYS
from portal.offices.models import Holiday, Office
from portal.offices.regions import ancestry
from portal.policies import LOG_DEADLINE, MONTH_CLOSING, OBJECTION_DEADLINE, OF_WORK, VALIDATION_DEADLINE, WORK_WEEK, Policy, holding

CONFIRMED = "confirmed"
LAST_MINUTE = timedelta(minutes=1)  # an outage "until 23.59" lasts until midnight: that is how people write it
_ONE = timedelta(days=1)
_AHEAD = timedelta(days=120)  # the latest deadline of a day: a month's closing after long holidays and an outage
LONGEST_PAUSE = timedelta(days=60)  # without a working day; after it a calendar is taken to be wrong rather than searched on


@dataclass(frozen=True)
class Place:
    """An office as rules see it: its zone, the nodes from it upwards, the regions from its own upwards."""

    zone: ZoneInfo
    offices: tuple[int, ...]
    regions: tuple[str, ...]


@dataclass
class WorkingDays:
    """The calendar of some offices over a span of days."""

    places: dict[int, Place]
    rules: list[Policy]
    holidays: dict[str, dict[date, str]]  # by region code; "" holds everywhere
    outages: list[tuple[datetime, datetime]]
    _held: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, offices: Iterable[int], first: date, last: date, *, with_outages: bool = True) -> "WorkingDays":
        """For offices by id, from a day to another and as far ahead as deadlines of these days reach; two questions however many offices."""
        since = datetime.combine(first if with_outages else date.max, time(), UTC)
        rows = _CALENDAR.rows(offices=list(set(offices)), first=first, last=last + _AHEAD, since=since)
        return cls(_places(set(offices), rows), _RULES.found(Policy), _holidays(rows), _outages(rows))

    def rule(self, kind: str, office: int, day: date) -> dict[str, Any] | None:
        """What a kind of policy sets at an office on a day; nothing where none holds."""
        key = (kind, office, day)
        if key not in self._held:
            place = self.places[office]
            found = holding((each for each in self.rules if each.kind == kind), office_ids=place.offices, region_codes=place.regions, day=day)
            self._held[key] = found[0].value if found else None
        return self._held[key]

    def holiday(self, office: int, day: date) -> str:
        """The holiday that a day is at an office, or nothing."""
        return next((self.holidays[code][day] for code in (*self.places[office].regions, "") if day in self.holidays.get(code, {})), "")

    def is_working(self, office: int, day: date) -> bool:
        """Whether people work there on a day; nobody works where no policy names the days."""
        week = self.rule(WORK_WEEK, office, day)
        return week is not None and DAYS[day.weekday()] in week["days"] and not self.holiday(office, day)

    def load(self, office: int, day: date) -> int | None:
        """The minutes that a working day has there; 0 on other days, nothing where no policy says."""
        week = self.rule(WORK_WEEK, office, day)
        return None if week is None else week["minutes"] if self.is_working(office, day) else 0

    def after(self, office: int, day: date, count: int, away: Collection[date] = ()) -> date:
        """The count-th working day after a day, days of absence not counted."""
        found, idle = day, 0
        while count and idle < LONGEST_PAUSE.days:
            found += _ONE
            is_counted = self.is_working(office, found) and found not in away
            count, idle = count - is_counted, 0 if is_counted else idle + 1
        return found

    def due(self, office: int, day: date, away: Collection[date] = ()) -> tuple[datetime | None, datetime | None]:
        """Until when a day is to be submitted, and the deadline that stood before an outage moved it, if one did."""
        return self.moved(office, self._end_of(LOG_DEADLINE, office, day, day, away))

    def escalation(self, office: int, submitted_on: date) -> datetime | None:
        """From when on the superior's superior may decide about what was submitted on a day."""
        return self.moved(office, self._end_of(VALIDATION_DEADLINE, office, submitted_on, submitted_on))[0]

    def month_end(self, office: int, month: date) -> datetime | None:
        """The moment at which a month (its first day) closes by policy."""
        last = (month.replace(day=1) + timedelta(days=32)).replace(day=1) - _ONE
        return self.moved(office, self._end_of(MONTH_CLOSING, office, last, last))[0]

    def objection_end(self, office: int, decided_on: date) -> datetime | None:
        """Until when one may object to what was decided on a day."""
        return self.moved(office, self._end_of(OBJECTION_DEADLINE, office, decided_on, decided_on))[0]

    def today(self, office: int, now: datetime) -> date:
        """The day that it is there."""
        return now.astimezone(self.places[office].zone).date()

    def _end_of(self, kind: str, office: int, day: date, since: date, away: Collection[date] = ()) -> datetime | None:
        rule = self.rule(kind, office, day)
        return None if rule is None else midnight(self.after(office, since, rule["days"], away) + _ONE, self.places[office].zone)

    def moved(self, office: int, deadline: datetime | None) -> tuple[datetime | None, datetime | None]:
        """A deadline inside an outage moves to the end of the next working day after the outage."""
        before = deadline
        for starts, ends in self.outages:
            if deadline is not None and starts <= deadline <= ends + LAST_MINUTE:
                zone = self.places[office].zone
                deadline = midnight(self.after(office, ends.astimezone(zone).date(), 1) + _ONE, zone)
        return deadline, before if deadline != before else None


def _calendar() -> Any:
    """Trees of offices, holidays and outages in one question, since every page of a day asks it: what it is, and five texts."""
    none, roots = _text(Value(None)), Office.select(Office.root_id).where(among(Office.id, "offices"))
    trees = Office.select(Value("office"), _text(Office.id), _text(Office.parent), Office.region, Office.timezone, none).where(Office.root_id.in_(roots))
    place, number = _text(Holiday.is_joint_leave.cast("integer")), _text(Holiday.id)
    holidays = Holiday.select(Value("holiday"), _text(Holiday.day), Holiday.name, Holiday.region, place, number)
    holidays = holidays.where(Holiday.day.between(slot("first"), slot("last")), ~Holiday.is_cancelled)
    outages = Outage.select(Value("outage"), _text(Outage.starts_at), _text(Outage.ends_at), none, none, none)
    return trees.union_all(holidays).union_all(outages.where(Outage.state == CONFIRMED, Outage.ends_at >= slot("since")))


def _text(column: Any) -> Any:
    return column.cast("text")


_CALENDAR = Question(_calendar)
_RULES = Question(lambda: Policy.select().where(Policy.kind.in_(OF_WORK)).order_by(Policy.first_day.desc(), Policy.id.desc()))


Row = tuple[Any, ...]


def _of(kind: str, rows: list[Row]) -> list[Row]:
    return [facts for what, *facts in rows if what == kind]  # type: ignore[misc]


def _holidays(rows: list[Row]) -> dict[str, dict[date, str]]:
    """Holidays by region; the name of a joint leave gives way to that of a holiday on the same day, an earlier entry to a later one."""
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for day, name, region, _, _ in sorted(_of("holiday", rows), key=lambda row: (-int(row[3]), int(row[4]))):
        found[region or ""][date.fromisoformat(day)] = name
    return found


def _outages(rows: list[Row]) -> list[tuple[datetime, datetime]]:
    return sorted((Moment().python_value(starts), Moment().python_value(ends)) for starts, ends, *_ in _of("outage", rows))  # type: ignore[misc]


def _places(offices: set[int], rows: list[Row]) -> dict[int, Place]:
    known = {int(id): (int(parent) if parent else None, region, zone) for id, parent, region, zone, _ in _of("office", rows)}
    found = {}
    for office in offices & known.keys():
        chain: list[int] = []
        node: int | None = office
        while node is not None and node in known:
            chain.append(node)
            node = known[node][0]
        found[office] = Place(ZoneInfo(known[office][2]), tuple(chain), tuple(ancestry(known[office][1])))
    return found
