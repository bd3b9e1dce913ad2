"""One closure, declared once, carried everywhere: page, feed, calendar and interface tell the same at every step."""

from datetime import timedelta

from icalendar import Calendar

from portal.offices import closures
from tests import make
from tests.views.reading import Reading


def told_everywhere(client, slug: str, moment: str) -> dict[str, object]:
    """What each way of asking says of the office."""
    page = Reading(client.get(f"/kantor/{slug}?pada={moment}").text).words
    fact = client.get(f"/api/v1/offices/{slug}?at={moment}").get_json()
    event = Calendar.from_ical(client.get(f"/kantor/{slug}/kalender.ics").data).walk("VEVENT")[0]
    return {
        "page": page,
        "state": fact["state"],
        "sentence": fact["sentence"],
        "sequence": int(event["sequence"]),
        "status": str(event["status"]),
        "feed": client.get("/umpan.atom").text,
    }


def test_an_office_closes_stays_closed_longer_and_reopens_and_all_say_the_same(client, at):
    at("2020-09-19T20:14+07:00")
    office = make.office("Kantor Kecamatan Gambir")
    closure = make.closure(office, online=True)
    at("2020-09-21T09:00+07:00")
    told = told_everywhere(client, office.slug, "2020-09-21T09:00")
    assert (told["state"], told["sequence"], told["status"]) == ("remote", 0, "CONFIRMED")
    assert told["sentence"] in told["page"]
    assert "Rabu, 23 September" in told["sentence"]

    closures.extend(closure, closure.ends_at + timedelta(days=2), reason="Belum aman.", by="kepala", now=make.local("2020-09-21T10:00"))
    told = told_everywhere(client, office.slug, "2020-09-23T09:00")
    assert (told["state"], told["sequence"]) == ("remote", 1)
    assert "Jumat, 25 September" in told["sentence"]
    assert told["sentence"] in told["page"]
    assert "Kamis, 24 September 2020" in told["feed"]

    closures.reopen(closure, reason="Sudah aman.", by="kepala", now=make.local("2020-09-23T11:00"))
    told = told_everywhere(client, office.slug, "2020-09-23T11:30")
    assert (told["state"], told["sequence"], told["status"]) == ("open", 2, "CONFIRMED")
    assert "Buka sampai pukul 16.00." in told["page"]
    history = client.get("/api/v1/closures").get_json()[0]["history"]
    assert [act["what"] for act in history] == ["announced", "extended", "reopened"]
