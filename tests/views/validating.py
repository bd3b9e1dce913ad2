"""A superior with people whose days wait, for the tests of validation's pages."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from portal.kinerja.models import WorkDay
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser

TUESDAY_MORNING = make.local("2020-09-22T09:00")


class Desk:
    """A team with the browsers of superior, superior's superior and author."""

    def __init__(self, app: Flask, office: Any = None) -> None:
        make.work_rules()
        self.app, self.team = app, make.team(office)
        self.superior, self.upper, self.author = (Browser(app, who) for who in (self.team.superior, self.team.upper, self.team.author))

    def day(self, day: date = make.MONDAY, who: Any = None, **facts: Any) -> WorkDay:
        """A submitted day with one activity."""
        make.entry(who or self.team.author, day=day, **facts)
        return make.submitted(who or self.team.author, day=day)

    def days(self, count: int) -> list[WorkDay]:
        """So many submitted days of September, those of the colleague after the author's."""
        pairs = [(who, back) for who in (self.team.author, self.team.colleague) for back in range(20)]
        return [self.day(make.MONDAY - timedelta(days=back), who) for who, back in pairs[:count]]


def value(row: WorkDay) -> str:
    return f"{row.id}-{WorkDay.get_by_id(row.id).revision}"


def words(answer: Any) -> str:
    return Reading(answer.text).words


def state(row: WorkDay) -> str:
    return str(WorkDay.get_by_id(row.id).state)
