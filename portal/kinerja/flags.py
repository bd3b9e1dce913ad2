"""What deserves a second look about submitted days: worked out for a whole list at once, for the superior to judge by."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.kinerja.queue import Waiting
from portal.kinerja.working_days import WorkingDays
from portal.offices.closed_days import ClosedDays
from portal.policies import VALIDATION_DEADLINE
from portal.words import Sentence

LIMITED, SUSPENDED, OFF = "limited", "suspended", "off"
_SHARE = 10  # a tenth of the day's load more or less is no news
_ONE = timedelta(days=1)
_FARTHEST = 60  # working days of waiting that are counted


@dataclass(frozen=True)
class Flag:
    """One reason to look closer, with the look of the state that is as urgent."""

    kind: str
    look: str
    sentence: Sentence


@dataclass
class Flags:
    """The flags of some days, and the minutes that each has by policy; four questions however many days."""

    rows: list[Waiting]
    now: datetime
    _found: dict[int, list[Flag]] = field(init=False)
    _waited: dict[tuple[int, date], int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Reads calendars, and closures where somebody worked at home."""
        days = [row.day for row in self.rows] or [self.now.date()]
        offices = {row.office_id for row in self.rows}
        self.calendar = WorkingDays.of(offices, min(days), max(self.now.date() + _ONE, *days), with_outages=False)
        at_home = any(row.effective_wfh for row in self.rows)
        chains = {id: (place.zone, place.offices) for id, place in self.calendar.places.items()}
        self.closed = ClosedDays(chains, min(days), max(days)) if at_home else None
        self._found = {row.id: list(filter(None, (self._waits(row), _late(row), *self._of_day(row), self._home(row), _bare(row)))) for row in self.rows}

    def of(self, row: Waiting) -> list[Flag]:
        """The flags of one of these days, the most urgent first."""
        return self._found[row.id]

    def load(self, row: Waiting) -> int | None:
        """The minutes of that day by policy, nothing where none says."""
        return self.calendar.load(row.office_id, row.day)

    def _waits(self, row: Waiting) -> Flag | None:
        """It has waited for as many working days as the superior has by policy, or more."""
        rule = self.calendar.rule(VALIDATION_DEADLINE, row.office_id, row.day)
        if rule is None or row.submitted_at is None or row.state != "submitted":
            return None
        waited = self._working_days_since(row.office_id, self.calendar.today(row.office_id, row.submitted_at))
        return Flag("waits", SUSPENDED, Sentence("{days} hari kerja menunggu", days=waited)) if waited >= max(1, rule["days"]) else None

    def _working_days_since(self, office: int, day: date) -> int:
        """How many working days have begun since a day, today included."""
        if (office, day) not in self._waited:
            today, count, at = self.calendar.today(office, self.now), 0, day
            while at < today and count < _FARTHEST:
                at += _ONE
                count += self.calendar.is_working(office, at)
            self._waited[office, day] = count
        return self._waited[office, day]

    def _of_day(self, row: Waiting) -> list[Flag]:
        """What the day is, and how its minutes compare with it."""
        found = [Flag("away", LIMITED, Sentence("Tercatat tidak bekerja hari itu"))] if row.is_away else []
        load, holiday = self.load(row), self.calendar.holiday(row.office_id, row.day)
        if holiday:
            return [*found, Flag("holiday", LIMITED, Sentence("Hari libur: {name}", name=holiday))]
        if load == 0:
            return [*found, Flag("holiday", LIMITED, Sentence("Bukan hari kerja"))]
        if load is None or abs(row.claimed - load) * _SHARE <= load:
            return found
        more, less = Sentence("Lebih {minutes} menit", minutes=row.claimed - load), Sentence("Kurang {minutes} menit", minutes=load - row.claimed)
        return [*found, Flag("minutes", LIMITED, more if row.claimed > load else less)]

    def _home(self, row: Waiting) -> Flag | None:
        is_open = row.effective_wfh > 0 and self.closed is not None and not self.closed.closures(row.office_id, row.day)
        return Flag("home", LIMITED, Sentence("Di rumah, padahal kantor tidak ditutup")) if is_open else None


def _late(row: Waiting) -> Flag | None:
    """First submitted after the deadline as that stands now."""
    if row.due_at is None or row.first_submitted_at is None or row.first_submitted_at < row.due_at:
        return None
    return Flag("late", OFF, Sentence("Terlambat {days} hari", days=(row.first_submitted_at - row.due_at) // _ONE + 1))


def _bare(row: Waiting) -> Flag | None:
    return Flag("unproven", LIMITED, Sentence("{count} kegiatan tanpa bukti", count=row.unproven)) if row.unproven else None
