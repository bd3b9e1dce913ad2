"""Somebody's day sheet as tests of pages use it: one who works under a superior, on a Monday within the first closure of the seeds."""

from typing import Any

from portal.kinerja.models import ActivityType, Outage, Target
from portal.people.models import Person
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person

DAY = "2020-09-21"
EVENING = "2020-09-21T16:00+07:00"
SHEET = f"/kinerja/{DAY}"
TYPED = {"description": "Memeriksa 12 berkas", "starts": "08:00", "ends": "10:00", "quantity": "12", "unit": "berkas", "place": "wfh",
         "evidence_link": "https://example.org/berkas"}  # fmt: skip


class Desk:
    """An employee with a browser, the superior, the superior's superior, and a colleague, at one office."""

    def __init__(self, app: Any, **facts: Any) -> None:
        self.app = app
        self.office = make.office("Kantor Wali Kota Jakarta Pusat", **facts)
        self.upper, self.superior = person(name="Ibu Kabag"), person(name="Ratna Contoh")
        self.author: Person = person(name="Bima Contoh", email="bima@example.org")
        self.colleague = person(name="Budi")
        make.posting(self.superior, self.office, under=self.upper)
        for each in (self.author, self.colleague):
            make.posting(each, self.office, under=self.superior)
        make.work_rules()

    @property
    def browser(self) -> Browser:
        """The author's, signed in now, whenever that is."""
        return Browser(self.app, self.author)

    def page(self, address: str = SHEET) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def fields(self, form: str, address: str = SHEET) -> dict[str, Any]:
        """What a form would send as it stands."""
        return fields_of(self.page(address), form)

    def add(self, address: str = SHEET, **typed: Any) -> Any:
        """Type a line into the form of the page and send it."""
        return self.browser.post(address, {**self.fields("kegiatan", address), **TYPED, **typed})

    def submit(self, address: str = SHEET, **typed: Any) -> Any:
        return self.browser.post(f"{address}/ajukan", {**self.fields("ajukan", address), **typed})


def target(who: Person, title: str = "Layanan selesai tepat waktu", year: int = 2020) -> Target:
    return Target.create(person=who, year=year, title=title, state="agreed", entered_at=make.NOW, entered_by="tests")


def activity_type(name: str = "Verifikasi", **facts: Any) -> ActivityType:
    return ActivityType.create(**{"code": name, "name": name, "unit": "berkas", "minutes": 10, **facts})


def outage(starts: str, ends: str) -> Outage:
    return Outage.create(starts_at=make.local(starts), ends_at=make.local(ends), state="confirmed", entered_at=make.NOW, entered_by="tests")


def forms(page: str) -> set[str]:
    """The ids of the forms on a page."""
    return {held.get("id", "") for tag, held in Reading(page).tags if tag == "form"}
