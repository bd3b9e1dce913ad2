"""Citizens in a story: a browser without JavaScript and without an account, their letters, and the officer who serves them."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from portal import clock, outbox
from portal.offices import places
from portal.offices.models import Office
from portal.outbox import Letter
from portal.people import roles
from portal.services.models import Service, ServiceRequest
from portal.views import mail
from tests import make
from tests.stories.working import Someone
from tests.views.reading import Reading
from tests.views.staff import Browser, fields_of, person

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Citizen:
    """Somebody who asks: what they leave of themselves, one browser, and the number that they were given."""

    def __init__(self, app: Flask, name: str = "Warga Contoh", phone: str = "0812 0000 0077", email: str = "") -> None:
        self.app, self.contact, self.number = app, {"name": name, "phone": phone, "email": email}, ""
        self.browser = Browser(app)

    def takes_another_device(self) -> None:
        self.browser = Browser(self.app)

    def open(self, address: str) -> str:
        answer = self.browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.text)

    def read(self, rest: str = "") -> str:
        """The words of the request's page, or of one beside it."""
        return Reading(self.open(f"/permohonan/{self.number}{rest}")).words

    def form(self, service: Service, office: Office) -> str:
        return f"/permohonan/baru?layanan={service.slug}&kantor={office.slug}"

    def sends(self, address: str, form: str, **typed: Any) -> Any:
        """Fill in a form of a page and send it to where it goes."""
        page = self.open(address)
        action = next(held["action"] for tag, held in Reading(page).tags if tag == "form" and held.get("id") == form)
        return self.browser.post(action, {**fields_of(page, form), **typed})

    def asks(self, service: Service, office: Office, channel: str = "online", **typed: Any) -> str:
        """A request by the form, and its number."""
        answer = self.sends(self.form(service, office), "permohonan", channel=channel, description="Untuk sekolah anak.", **self.contact, **typed)
        assert answer.status_code == 303, Reading(answer.text).words[:800]
        self.number = answer.headers["Location"].rpartition("/")[2]
        return self.number

    def does(self, form: str, rest: str = "", **typed: Any) -> None:
        """Something on the request's page that is done."""
        answer = self.sends(f"/permohonan/{self.number}{rest}", form, **typed)
        assert answer.status_code == 303, Reading(answer.text).words[:800]

    def letters(self) -> list[str]:
        """The names of the letters that went to this citizen's address, in order."""
        return [letter.name for letter in Letter.select().where(Letter.email == self.contact["email"]).order_by(Letter.id)]

    def latest(self) -> str:
        """What the latest letter says."""
        letter = Letter.select().where(Letter.email == self.contact["email"]).order_by(Letter.id.desc()).get()
        with self.app.app_context():
            return str(mail.written(letter, shows_secrets=True).text)

    def follows_the_link(self) -> str:
        """Opens the link of the latest letter on another device: the words of the page."""
        self.takes_another_device()
        found = re.search(r"https?://\S+/permohonan/\S+kunci=\w+", self.latest())
        assert found is not None, self.latest()
        parts = urlsplit(found[0])
        return Reading(self.open(f"{parts.path}?{parts.query}")).words

    def slots(self, service: Service, office: Office) -> list[str]:
        """The times that the form offers."""
        held = Reading(self.open(self.form(service, office))).tags
        return [each["value"] for tag, each in held if tag in {"option", "input"} and re.match(r"\d{4}-\d\d-\d\dT", each.get("value", ""))]

    def downloads(self) -> Any:
        """The result, by the link of the page."""
        links = [link for link in Reading(self.open(f"/permohonan/{self.number}")).links if "/berkas/" in link]
        return self.browser.get(links[-1])


class Officer(Someone):
    """Who serves requests at an office."""

    def acts(self, number: str, act: str, **typed: Any) -> None:
        self.does(f"/loket/{number}", f"f-{act}", **typed)

    def finds(self, number: str) -> bool:
        return number in self.open("/loket")

    def calls(self) -> str:
        """The words of the list of those who are to be called."""
        return self.read("/surat/telepon")


class Town:
    """An office with a drop box, a second one nearby, a service that both give, and an officer of each."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.office = make.office("Kantor Wali Kota", desks=2, lat=-6.17, lon=106.82, address="Jalan Uji 1", email="surat@kantor.example")
        self.other = make.office("Kantor Tetangga", desks=2, lat=-6.18, lon=106.83, address="Jalan Uji 2")
        self.box = places.add_drop_box(self.office, "lobi Blok A", "24/7", by="tests", now=clock.now())
        self.service = make.service(
            "Surat keterangan domisili", slug="surat-keterangan-domisili", at=[self.office, self.other], complaints="Inspektorat, telepon 1500"
        )
        self.officer = Officer(app, person(roles.OFFICER, self.office, name="Laras"))
        self.neighbour = Officer(app, person(roles.OFFICER, self.other, name="Bayu"))

    def citizen(self, **contact: str) -> Citizen:
        return Citizen(self.app, **contact)

    def row(self, citizen: Citizen) -> ServiceRequest:
        return ServiceRequest.get(ServiceRequest.number == citizen.number)


def to_call() -> list[str]:
    """The letters that somebody has to read out on the telephone."""
    return [letter.name for letter in Letter.select().where(Letter.state == outbox.TO_CALL).order_by(Letter.id)]
