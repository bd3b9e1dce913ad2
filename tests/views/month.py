"""A month of work for tests: an employee, a superior, the superior's superior, and days as they write and decide them."""

from datetime import date, timedelta
from typing import Any

from portal import policies
from portal.audit import Actor
from portal.clock import at_minute
from portal.kinerja import logs, rules, submission, validation
from portal.kinerja.logs import Activity
from portal.kinerja.models import WorkDay
from portal.kinerja.validation import Decider
from portal.offices.models import Office
from portal.people.models import Person
from tests import make

FIRST = date(2020, 9, 1)
NOON = 12 * 60


class Team:
    """Three people above each other at one office, and a stranger beside them, with the usual rules."""

    def __init__(self, office: Office | None = None) -> None:
        policies.set_usual(rules.USUAL, **make.ACT)
        self.office = office or make.office("Kantor Uji")
        self.upper, self.superior, self.employee = make.person("Ratna Atas"), make.person("Budi Atasan"), make.person("Ani Pegawai")
        self.colleague = make.person("Tono Rekan")
        make.posting(self.upper, self.office)
        make.posting(self.superior, self.office, under=self.upper)
        for each in (self.employee, self.colleague):
            make.posting(each, self.office, under=self.superior)

    def write(self, day: str, *, who: Person | None = None, submits: bool = True, later_by: int = 0, **facts: Any) -> WorkDay:
        """A day with one activity of two hours, submitted at noon, or so many days later."""
        who, on = who or self.employee, date.fromisoformat(day)
        at = at_minute(on + timedelta(days=later_by), NOON, make.ZONE)
        entry = logs.add(who, on, Activity(**{"description": "Memeriksa berkas", "starts": "08:00", "ends": "10:00", "unit": "berkas", **facts}), now=at)
        row = WorkDay.get_by_id(entry.work_day_id)
        return submission.submit(row, key="", seen=None, by=actor(who), now=at) if submits else row

    def decide(self, row: WorkDay, decision: str = "approve", reason: str = "", *, who: Person | None = None, entries: Any = (), after: int = 1) -> WorkDay:
        """The superior decides about a day at noon, so many days after its submission."""
        by = who or self.superior
        row = WorkDay.get_by_id(row.id)
        on = row.submitted_at.astimezone(make.ZONE).date() + timedelta(days=after)
        outcomes = validation.decide([] if entries else [(row.id, None)], [(each, None) for each in entries], decision, reason, decider(by, on))
        assert [each.refusal for each in outcomes] == [None] * len(outcomes)
        return WorkDay.get_by_id(row.id)


def actor(who: Person) -> Actor:
    return Actor(who.name, who.id)


def decider(who: Person, on: date) -> Decider:
    return Decider(who, actor(who), on, at_minute(on, NOON, make.ZONE))
