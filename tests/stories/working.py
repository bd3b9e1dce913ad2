"""People at work in a story: each opens pages, fills in the forms that stand there and sends them, without JavaScript, signed in anew each day."""

from typing import Any

from flask import Flask

from portal import clock
from portal.offices.models import Office
from portal.people import roles
from portal.people.models import Person
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person


class Someone:
    """A person with a browser."""

    def __init__(self, app: Flask, who: Person) -> None:
        self.app, self.person, self._days = app, who, dict[Any, Browser]()

    @property
    def browser(self) -> Browser:
        """One browser a day: sessions do not last over night."""
        return self._days.setdefault(clock.now().date(), Browser(self.app, self.person))

    def open(self, address: str) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.text)

    def read(self, address: str) -> str:
        """The words of a page."""
        return Reading(self.open(address)).words

    def fields(self, address: str, form: str) -> dict[str, list[str]]:
        return fields_of(self.open(address), form)

    def send(self, address: str, form: str, **typed: Any) -> Any:
        """Fill in a form of a page and send it to where it goes."""
        page = self.open(address)
        action = next(held.get("action", address) for tag, held in Reading(page).tags if tag == "form" and held.get("id") == form)
        return self.browser.post(action, {**fields_of(page, form), **typed})

    def does(self, address: str, form: str, **typed: Any) -> str:
        """The same, and it is done: the address of the page that follows."""
        answer = self.send(address, form, **typed)
        assert answer.status_code == 303, (address, answer.status_code, Reading(answer.text).words[:600])
        return str(answer.headers["Location"])

    def has_form(self, address: str, form: str) -> bool:
        return any(held.get("id") == form for tag, held in Reading(self.open(address)).tags if tag == "form")

    def writes(self, day: str, *lines: tuple[str, str, str], **typed: Any) -> None:
        """Lines of a day, one after the other: start, end, what."""
        for starts, ends, what in lines:
            self.does(f"/kinerja/{day}", "kegiatan", starts=starts, ends=ends, description=what, **{"quantity": "1", "unit": "berkas", **typed})

    def hands_in(self, day: str) -> str:
        self.does(f"/kinerja/{day}", "ajukan")
        return self.read(f"/kinerja/{day}")

    def waiting(self) -> list[str]:
        """The days that stand in the queue, as its boxes name them."""
        return [held["value"] for tag, held in Reading(self.open("/validasi")).tags if tag == "input" and held.get("name") == "day"]

    def decides(self, decision: str, *days: str, reason: str = "") -> None:
        self.does("/validasi", "validasi", day=list(days), entry=[], decision=decision, reason=reason)


class Workplace:
    """An office where Siti works under Pak Kasubbag, who works under Ibu Kabag; and an administrator."""

    def __init__(self, app: Flask, office: Office | None = None) -> None:
        make.work_rules()
        team = make.team(office)
        self.office, self.team = team.office, team
        self.siti, self.kasubbag, self.kabag, self.budi = (Someone(app, each) for each in (team.author, team.superior, team.upper, team.colleague))
        self.admin = Someone(app, person(roles.ADMIN, name="Admin"))
