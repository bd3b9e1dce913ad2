"""An office closes under ten, a hundred, a thousand, ten thousand people, by the form that a head sends; and how the public fares meanwhile."""

import http.client
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bench import sizes
from bench.crowd import Crowd
from bench.found import Found
from bench.load import BROWSER, Measured, Running, press, pressing
from portal import clock, db
from portal.offices import board
from portal.offices.models import Office
from portal.people import roles
from portal.services import appointments
from portal.services.models import ClosureEffect
from tests.services.crowds import DAYS, Crowded

_WATCHED = 1000  # from so many on the closing lasts long enough to watch the public


@dataclass
class Affected(Crowded):
    """People whom a closure of the next whole week touches, reckoned from today."""

    def __post_init__(self) -> None:
        today = clock.midnight(clock.now().date(), clock.ZoneInfo("Asia/Jakarta"))
        self.first: datetime = today + timedelta(days=7 - today.weekday())
        super().__post_init__()

    def _request(self, number: int) -> dict[str, Any]:
        made = super()._request(number)
        now = clock.now()
        dated = {"clock_from": now, "due_on": self.first.date() + timedelta(days=1)} if made["clock_from"] else {}
        return {**made, "created_at": now, **dated}

    def _seats(self, office: Office) -> Iterator[tuple[datetime, datetime, int]]:
        until = self.first + timedelta(days=DAYS)
        picture = board.paint([office.root_id], self.first, until)
        slots = list(appointments.times(self.service.slug, office, picture, self.first, until, timedelta(minutes=15)))
        return ((starts, ends, seat) for seat in range(1, office.desks + 1) for starts, ends in slots)


def measure(found: Found, crowd: Crowd, running: Running) -> None:
    """Time of each size, how it grows, and the speed of the board while the largest closes."""
    found.hello()
    spent: dict[int, float] = {}
    for people in sizes.AFFECTED:
        affected = _settled(crowd, people)
        still, meanwhile, spent[people] = _watched(crowd, running, affected)
        touched = ClosureEffect.select().count()
        db.database.close()
        found.tell(
            f"close an office with {people} affected", f"{spent[people]:.2f} s", beside=f"{spent[people] / people * 1000:.1f} ms each; {touched} effects so far"
        )
        if people == max(sizes.AFFECTED):
            _tell_meanwhile(found, still, meanwhile, people)
    few, many = max(each for each in spent if each < max(spent)), max(spent)
    growth = (spent[many] / many) / (spent[few] / few)
    found.tell(f"growth from {few} to {many} affected", f"{growth:.2f} × the time of each", "at most linear: ≤ 1.1 ×", growth <= 1.1)


def _tell_meanwhile(found: Found, still: Measured, meanwhile: Measured, people: int) -> None:
    found.failed += meanwhile.failed
    share = meanwhile.rate / still.rate
    figures = f"{meanwhile.rate:.0f}/s, p99 {meanwhile.p99:.1f} ms, {meanwhile.failed} failed; before {still.rate:.0f}/s, p99 {still.p99:.1f} ms"
    is_met = share >= 0.7 and not meanwhile.failed
    found.tell(f"board while {people} are affected", f"{share:.2f} × its speed", "≥ 0.7 ×", is_met, f"{figures}; one process does both")


def _settled(crowd: Crowd, people: int) -> Affected:
    """The office with its people, and a head who may close it."""
    with db.transaction():
        affected = Affected(people, places=1)
        crowd.grant(0, roles.HEAD, affected.offices[0])
    return affected


def _watched(crowd: Crowd, running: Running, affected: Affected) -> tuple[Measured, Measured, float]:
    """The board's speed before and while an office closes, and the seconds that the closing took by itself."""
    cookie, token = crowd.ways_in(0)
    form = {"csrf_token": token, "offices": affected.offices[0].slug, "reason": "flood", "starts": str(affected.first.date()), "online": "yes",
            "ends": str((affected.first + timedelta(days=DAYS - 1)).date()), "action": "declare", "submission_key": secrets.token_hex(16)}  # fmt: skip
    db.database.close()
    if affected.people < _WATCHED:
        nothing = Measured(0, 0, 0, 0)
        return nothing, nothing, _sent(running, cookie, form)
    still = press(running.address + "/", seconds=sizes.SECONDS, headers=BROWSER)
    with pressing(running.address + "/", headers=BROWSER) as meanwhile:
        spent = _sent(running, cookie, form)
    return still, meanwhile.measured, spent


def _sent(running: Running, cookie: str, form: dict[str, str]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=900)
    begun = time.monotonic()
    connection.request("POST", "/penutupan/baru", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie})
    answer = connection.getresponse()
    said = answer.read().decode()
    if answer.status != 303:
        raise SystemExit(f"closing answers {answer.status}: {said[:3000]}")
    return time.monotonic() - begun
