"""The demo's requests: a living inbox, on whatever day it is made."""

import re
from datetime import timedelta

from portal import clock, outbox
from portal.files import Attachment
from portal.offices import announcing, subscriptions
from portal.offices.models import NewsRound, Subscriber
from portal.outbox import Letter
from portal.services import catalogue, survey
from portal.services.models import CHANNELS, CLOSED, OPEN, Appointment, BoxPickup, CannedAnswer, RequestEvent, RequestFile, ServiceRequest
from tests import make

ORIGINS = {"web", "phone", "door", "paper", "mail"}


def requests() -> list[ServiceRequest]:
    return list(ServiceRequest.select())


def all_kinds() -> None:
    """Sixty requests of thirty days in all states, by all channels and ways in, and those of a closure."""
    now, made = clock.now(), requests()
    assert len(made) == 74
    assert {row.state for row in made} == {*OPEN, *CLOSED}
    assert {row.channel for row in made} == set(CHANNELS) and {row.origin for row in made} == ORIGINS
    assert now - timedelta(days=45) < min(row.created_at for row in made) < now - timedelta(days=25)
    assert max(row.created_at for row in made) > now - timedelta(hours=1)
    assert all(event.at <= now for event in RequestEvent.select())


def alive() -> None:
    """Some are late, some have news; few calls wait, and no letter about a request."""
    rows, now = requests(), clock.now()
    late = [row for row in rows if row.state in ("received", "in_progress") and row.due_on and row.due_on < now.astimezone(make.ZONE).date()]
    assert 5 <= len(late) <= 12
    assert any(row.assignee_id for row in late) and any(row.news_at for row in rows) and any(row.pickup_place for row in rows)
    assert {"handed_over", "channel_changed", "reopened", "note", "stayed_away", "rescheduled"} <= {event.what for event in RequestEvent.select()}
    about_requests = [letter for letter in Letter.select() if letter.name.startswith("request_")]
    assert outbox.WAITS not in {letter.state for letter in about_requests}
    assert 1 <= sum(letter.state == outbox.TO_CALL for letter in about_requests) <= 10


def around() -> None:
    """Seats are booked ahead, a box is partly matched, and an index shows."""
    now = clock.now()
    assert Appointment.select().where(Appointment.seat.is_null(False), Appointment.starts_at > now).count() >= 4
    pickups = {pickup.id: pickup.letters for pickup in BoxPickup.select()}
    assert len(pickups) == 3 and sum(pickups.values()) == 7
    assert survey.index() is not None
    assert survey.index(service=catalogue.find("surat-keterangan-domisili")) is not None
    assert CannedAnswer.select().count() >= 5 and RequestFile.select().where(RequestFile.is_result).count() >= 8


def people() -> None:
    """Plainly nobody."""
    for row in requests():
        assert re.fullmatch(r"Warga Contoh \d+", row.name)
        assert re.fullmatch(r"(0812000000\d\d)?", row.phone) and re.fullmatch(r"(warga\d\d@example\.org)?", row.email)


def test_the_demo_holds_a_living_inbox_of_plainly_invented_people(demo):
    all_kinds()
    alive()
    around()
    people()


def test_a_reset_takes_the_requests_along_with_their_files_and_whoever_follows_the_news(demo):
    before = {row.number for row in requests()}
    subscriptions.ask("warga@example.org", subscriptions.target(region="31"), language="id", now=clock.now())
    assert announcing.gather(now=clock.now()) is not None
    assert demo("demo", "--reset").exit_code == 0
    assert len(requests()) == 74 and not before & {row.number for row in requests()}
    assert not NewsRound.select().exists() and not Subscriber.select().exists()
    assert {file.id for file in Attachment.select()} == {file.attachment_id for file in RequestFile.select()}
