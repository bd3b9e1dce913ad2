"""An office with requests and the people who serve them, for tests of the desk."""

from datetime import timedelta
from typing import Any

from flask import Flask

from portal import clock
from portal.audit import Actor
from portal.offices import places
from portal.offices.models import Office
from portal.people import roles
from portal.people.models import Person
from portal.services import handling
from portal.services.models import Service, ServiceRequest
from tests import make
from tests.views.reading import Reading
from tests.views.staff import Browser, person

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Desk:
    """One office that gives a service, a unit below it, another office that gives it too, and an officer of each."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.office = make.office(
            "Kantor Uji Pelayanan", region="31.71", lat=-6.17, lon=106.82, address="Jalan Uji 1", phone="021555", email="uji@kantor.example"
        )
        self.unit = make.unit(self.office, "Kantor Uji Pelayanan: Loket 2", region="31.71")
        self.other = make.office("Kantor Tetangga", region="31.71", lat=-6.18, lon=106.83)
        for place in (self.office, self.unit):
            places.add_drop_box(place, "lobi", "Mo-Fr 08:00-15:00", **make.ACT)
        self.service = make.service("Surat keterangan domisili", at=[self.office, self.unit, self.other], complaints="Inspektorat, telepon 1500",
                                    asks_nik=True, particulars=[{"label": "Alamat tujuan"}, {"label": "Nama ibu", "is_sensitive": True}])  # fmt: skip
        self.officer = person(roles.OFFICER, self.office, name="Laras")
        self.colleague = person(roles.OFFICER, self.office, name="Bayu")
        self.stranger = person(roles.OFFICER, self.other, name="Orang Lain")
        self.browser = Browser(app, self.officer)

    def of(self, who: Person) -> Browser:
        return Browser(self.app, who)

    def request(self, at: Office | None = None, of: Service | None = None, *, days_ago: int = 0, **facts: Any) -> ServiceRequest:
        return make.request(of or self.service, at or self.office, now=clock.now() - timedelta(days=days_ago), **facts)

    def by(self, who: Person | None = None) -> dict[str, Any]:
        """Who acts, and when, as verbs take it."""
        it = who or self.officer
        return {"by": Actor(it.name, it.id), "now": clock.now()}

    def claimed(self, **facts: Any) -> ServiceRequest:
        return handling.claim(self.request(**facts), self.officer, **self.by())

    def act(self, request: ServiceRequest, act: str, browser: Browser | None = None, **fields: Any) -> Any:
        """What a form of the request's page sends, with the revision that it showed."""
        return (browser or self.browser).post(f"/loket/{request.number}/{act}", {"revision": now(request).revision, **fields})


def now(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.get_by_id(request.id)


def words(answer: Any) -> str:
    """What is read on a page that came."""
    assert answer.status_code == 200
    return Reading(answer.text).words
