"""A night in November: the river comes in, and the head closes the office from a phone, without JavaScript, with a session that ends in between."""

from datetime import timedelta

from portal import clock
from portal.people import roles, sessions
from portal.people.models import Session
from tests import make
from tests.views.reading import Reading
from tests.views.staff import PASSWORD, Browser, fields_of, person

CHOSEN = {"reason": "flood", "note": "Air setinggi lutut.", "dropbox": "no"}


class Phone:
    """The head's phone: pages are opened, forms are filled in and sent as they stand."""

    def __init__(self, app, head) -> None:
        self.client, self.head = Browser(app).client, head

    def send(self, page: str, form: str, address: str, **typed):
        return self.client.post(address, data={**fields_of(page, form), **typed})

    def sign_in(self, page: str):
        return self.send(page, "masuk", "/masuk", identifier=self.head.identifier, password=PASSWORD)

    def open(self, address: str) -> str:
        """A page, after signing in where that is asked."""
        answer = self.client.get(address)
        while answer.status_code == 303:
            asked = self.client.get(answer.headers["Location"])
            answer = self.client.get(self.sign_in(asked.text).headers["Location"])
        return answer.text


def declare(phone: Phone, **chosen) -> str:
    """Preview, a session that ends meanwhile, the last press twice; the closure's address."""
    page = phone.open("/penutupan/baru")
    assert fields_of(page, "penutupan")["starts"] == ["2026-11-23"]
    previewed = phone.send(page, "penutupan", "/penutupan/baru", action="preview", **CHOSEN, **chosen).text
    assert "Selasa, 24 November 2026" in Reading(previewed).words
    Session.update(seen_at=clock.now() - sessions.IDLE - timedelta(minutes=1)).execute()
    asked = phone.send(previewed, "penutupan", "/penutupan/baru", action="declare", **CHOSEN, **chosen)
    assert asked.status_code == 401
    resumed = phone.sign_in(asked.text).text
    addresses = [phone.send(resumed, "lanjut", "/penutupan/baru").headers["Location"] for _ in range(2)]
    assert addresses[0] == addresses[1]
    return addresses[0]


def test_the_head_closes_at_night_stays_closed_and_reopens_and_the_public_reads_it_at_once(app, client, at):
    at("2026-11-23T22:40+08:00")
    office = make.office("Kantor Kecamatan Denpasar Barat", timezone="Asia/Makassar")
    post = make.unit(office, "Kantor Kecamatan Denpasar Barat: Posko")
    phone = Phone(app, person(roles.HEAD, office, password=PASSWORD, name="Made"))
    address = declare(phone, offices=[office.slug], starts="2026-11-24", ends="2026-11-25", **{"except": [post.slug]})

    def public(moment: str) -> str:
        return Reading(client.get(f"/kantor/{office.slug}?pada={moment}").text).words

    assert "Posko" in public("2026-11-24T09:00") and "Rabu, 25 November" in public("2026-11-24T09:00")
    longer = phone.send(phone.open(address), "perpanjang", f"{address}/perpanjang", ends="2026-11-26", reason="Air belum surut.")
    assert longer.status_code == 303
    assert "Kamis, 26 November" in public("2026-11-26T09:00")

    at("2026-11-26T12:00+08:00")  # a session does not last for days: one signs in again on the way
    assert phone.send(phone.open(address), "buka", f"{address}/buka", reason="Sudah bersih.").status_code == 303
    assert "Buka sampai pukul" in public("2026-11-26T12:30")
    history = [act["what"] for act in client.get("/api/v1/closures").get_json()[0]["history"]]
    assert history == ["announced", "extended", "reopened"]
