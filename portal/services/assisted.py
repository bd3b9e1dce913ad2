"""An officer files a request for somebody who telephones or stands at the door: same number, same tracking, and how it came in is kept."""

from dataclasses import replace
from datetime import datetime

from portal.audit import Actor
from portal.db import transaction
from portal.people.models import Person
from portal.refusals import Refused
from portal.services import handling, requests
from portal.services.models import COUNTER, DOOR, PHONE, ServiceRequest
from portal.services.requests import Asked, Unfit
from portal.words import Sentence

ORIGINS = (PHONE, DOOR)


def file(asked: Asked, officer: Person, *, by: Actor, now: datetime) -> ServiceRequest:
    """Take a request in that an officer has written down; who stands at the counter has come, so that the working days begin. The same key is one request."""
    if (known := requests.of_key(asked.submission_key)) is not None:
        return known
    _check(asked)
    with transaction():
        made = requests.submit(replace(asked, filed_by=officer), by=by, now=now)
        if asked.origin == DOOR and made.channel == COUNTER and asked.slot is None and made.clock_from is None:
            made = handling.came(made, by=by, now=now)
    return made


def _check(asked: Asked) -> None:
    """What the form of the public cannot send: how it came in, and a channel that the service does not have."""
    wrong: list[Refused] = []
    if asked.origin not in ORIGINS:
        wrong.append(Refused(Sentence("Pilih bagaimana warga menghubungi kantor."), field="origin"))
    if asked.channel not in asked.service.channels:
        wrong.append(Refused(Sentence("Layanan ini tidak diberikan lewat kanal itu."), field="channel"))
    if asked.channel == COUNTER and asked.slot is None and asked.origin == PHONE:
        wrong.append(Refused(Sentence("Pilih hari dan jam kedatangan."), field="slot"))
    if wrong:
        raise Unfit(wrong)
