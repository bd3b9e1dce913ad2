"""Forty-eight people whom one closure touches, each with a browser and with letters that a real mail server took; and the people of the office."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from portal import policies
from portal.audit import Actor
from portal.commands.delivery import Worker
from portal.offices import places
from portal.people import roles
from portal.policies import APPOINTMENTS
from portal.services import dropbox, handling
from portal.services.models import ServiceRequest
from tests import make
from tests.smtp_peer import Accepted, Peer, running
from tests.stories.asking import Citizen, Officer
from tests.stories.working import Someone
from tests.views.reading import Reading
from tests.views.staff import fields_of, person

HALL = "kantor-wali-kota-jakarta-pusat"
PLACE = "Loket 3, lantai dasar"


class Touched(Citizen):
    """One of those whom the closure touches."""

    def __init__(self, app: Flask, key: str, *, has_mail: bool) -> None:
        self.key, self.is_mailed = key, has_mail
        super().__init__(app, f"Warga {key}", f"0812{sum(map(ord, key)):04}{int(key[1:]):04}", f"{key.lower()}@example.org" if has_mail else "")
        self.is_inside, self.link = False, ""

    def request(self, service: Any, office: Any, *, day: int, hour: str = "09:00", **facts: Any) -> ServiceRequest:
        """What was asked for on a day of September."""
        made = make.request(service, office, now=make.local(f"2020-09-{day:02}T{hour}"), **self.contact, **facts)
        self.number = made.number
        return made

    def enters(self, link: str) -> None:
        """The request is opened in this browser, once: by the link of the letter, which stays the same, or with the last digits of the telephone."""
        assert not self.link or link == self.link
        if link and not self.is_inside:
            parts = urlsplit(link)
            assert self.browser.get(f"{parts.path}?{parts.query}").status_code == 303
        elif not self.is_inside:
            self.does("buka", digits=self.contact["phone"][-4:])
        self.is_inside, self.link = True, link


class Hall:
    """The office of the seed with few seats, its people, and the forty-eight: J have an appointment, P a request in progress, H a result to fetch."""

    def __init__(self, app: Flask, peer: Peer) -> None:
        self.app, self.peer, self._read = app, peer, 0
        for code, name in (("31", "Daerah Khusus Ibukota Jakarta"), ("31.71", "Kota Administrasi Jakarta Pusat")):
            make.region(code, name)
        self.office = make.office("Kantor Wali Kota Jakarta Pusat", slug=HALL, kind="kantor wali kota", region="31.71", opening="Mo-Fr 08:00-16:00", desks=1,
                                  headcount=420, address="Jalan Tanah Abang I Nomor 1", phone="(021) 555 0101", email="surat@wali-kota.example")  # fmt: skip
        make.minimum()
        make.reduced_hours()
        policies.set_policy(APPOINTMENTS, {"minutes": 30, "days": 14, "share": 40}, name="Janji temu", legal_basis="SE", first_day=date(2020, 1, 1),
                            **make.ACT)  # fmt: skip
        self.box = places.add_drop_box(self.office, "lobi Blok A", "Mo-Fr 08:00-13:30", **make.ACT)
        self.service = make.service("Surat keterangan domisili", slug="surat-keterangan-domisili", at=[self.office])
        self.head = Someone(app, person(roles.HEAD, self.office, name="Kepala Kantor"))
        self.officer = Officer(app, person(roles.OFFICER, self.office, name="Laras"))
        self.by = Actor("Laras", self.officer.person.id)
        self.people: dict[str, Touched] = {}

    def books(self, key: str, day: int, hour: str, **facts: Any) -> None:
        slot = make.local(f"2020-09-{day}T{hour}")
        self._new(key, **facts).request(self.service, self.office, day=18, channel="counter", slot=slot)

    def asks(self, key: str, day: int, channel: str, **facts: Any) -> None:
        """A request in progress; a letter to the drop box was collected on its day."""
        row = self._new(key, **facts).request(self.service, self.office, day=day, channel=channel)
        if channel == "dropbox":
            at = make.local(f"2020-09-{day}T11:00")
            dropbox.match(dropbox.open_box(self.box, at, "Laras", "Bayu", 1, by=self.by, now=at), row.number, by=self.by, now=at)
        handling.claim(ServiceRequest.get_by_id(row.id), self.officer.person, by=self.by, now=make.local(f"2020-09-{day}T13:00"))

    def waits_to_be_fetched(self, key: str, **facts: Any) -> None:
        row = self._new(key, **facts).request(self.service, self.office, day=14, channel="online")
        handling.ready(row, PLACE, by=self.by, now=make.local("2020-09-17T10:00"))

    def _new(self, key: str, *, has_mail: bool = True) -> Touched:
        return self.people.setdefault(key, Touched(self.app, key, has_mail=has_mail))

    def works_off(self) -> dict[str, list[Accepted]]:
        """The worker does what is due; the letters that the mail server took this time, by whom they went to."""
        with self.app.app_context():
            Worker().work_off()
        fresh, self._read = self.peer.accepted[self._read :], len(self.peer.accepted)
        letters = defaultdict(list)
        for letter in fresh:
            letters[letter.recipient.partition("@")[0].upper()].append(letter)
        return letters

    def calls(self) -> dict[str, str]:
        """The call list: who, and all that is to be read out to them."""
        page = self.officer.open("/surat/telepon")
        rows = page.partition('<ul class="rows calls">')[2].partition("<nav")[0].split("<li>")[1:]
        said: dict[str, str] = {}
        for words in (Reading(row).words for row in rows):
            said[key] = said.get(key := words.split()[1], "") + words
        return said

    def has_called(self, key: str) -> None:
        """The officer has told somebody by telephone."""
        page = self.officer.open("/surat/telepon")
        row = next(row for row in page.split("<li>") if f"<b>Warga {key}</b>" in row)
        action = next(held["action"] for tag, held in Reading(row).tags if tag == "form")
        assert self.officer.browser.post(action).status_code == 303

    def previews(self, **typed: str) -> tuple[str, dict[str, Any]]:
        """The form of a closure, filled in and looked at: the words of the page, and what it would send."""
        empty = self.head.open("/penutupan/baru")
        typed = {"reason": "confirmed_case", "online": "yes", "dropbox": "yes", **typed}
        page = str(self.head.browser.post("/penutupan/baru", {**fields_of(empty, "penutupan"), **typed, "action": "preview"}).text)
        seen = next(held["value"] for tag, held in Reading(page).tags if held.get("name") == "seen")
        return Reading(page).words, {**fields_of(page, "penutupan"), **typed, "seen": seen}

    def acts(self, closure: str, act: str, **typed: str) -> None:
        self.head.does(closure, act, **typed)


def text_of(letter: Accepted) -> str:
    return " ".join(letter.part("plain").split())


def link_of(letter: Accepted) -> str:
    found = re.search(r"https?://\S+/permohonan/\S+kunci=\w+", letter.part("plain"))
    assert found is not None, letter.part("plain")
    return found[0]


@contextmanager
def mailed(app: Flask) -> Iterator[Peer]:
    """A mail server for the portal for a while."""
    peer, kept = Peer(), app.config["SETTINGS"]
    with running(peer) as port:
        app.config["SETTINGS"] = replace(kept, mail_server="localhost", mail_port=port, mail_security="none")
        yield peer
        app.config["SETTINGS"] = kept
