"""A process that closes offices and is killed at any moment: afterwards all of it has happened, or nothing; and all letters follow."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from portal import continuity, db
from portal.audit import AuditEntry
from portal.offices import board
from portal.offices.models import Closure, ClosureEvent, Office
from portal.outbox import Letter
from portal.services.models import BOOKED, COUNTER, DISPLACED, Appointment, ClosureEffect, RequestEvent, ServiceRequest, SlotOffer
from tests import make
from tests.conftest import new_database
from tests.services.crowds import DAYS, HEAD, NOW, Crowded
from tests.smtp_peer import Peer, running
from tests.trials.killing import Killing

ROOT = Path(__file__).parents[2]
PATIENCE = 120
BEGUN, ENDED = b"begun\n", b"ended\n"


def press() -> Closure:
    """Close every office, as a head does who sends one form, once or again."""
    offices = list(Office.select().order_by(Office.id))
    return continuity.close(make.plan(*offices, first="2020-09-21", days=DAYS, import_key="formulir"), by=HEAD, now=NOW)


@dataclass
class Crashing:
    """An installation with many people whom one closure affects, and who kills the process that closes."""

    app: Flask
    people: int
    chance: random.Random = field(default_factory=lambda: random.Random(6))
    ended: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.url = self.app.config["SETTINGS"].database_url
        Crowded(self.people)
        self.version = board.version()
        self.booked = Appointment.select().count()
        db.database.close()
        folder, _, name = self.url.removeprefix("sqlite:///").removesuffix(".db").rpartition("/")
        self.folder, self.name = Path(folder), name
        self.pattern = new_database(self.folder, f"{name}_before", like=self.url)

    def crash(self, kills: int) -> None:
        """First let one close in peace, to know how long it takes; then kill one after the other, spread over that time and a little beyond."""
        lasts = self._run(None)
        self._look("everything")
        for number in range(kills):
            self._run((number + self.chance.random()) / kills * lasts * 1.1)
            self.ended[self._look()] += 1

    def _run(self, until: float | None) -> float:
        """The process from where it begins to close; killed so many seconds later, if any; how long it took."""
        own = {**os.environ, "PORTAL_DATABASE_URL": self.url}
        with subprocess.Popen([sys.executable, "-m", "tests.trials.crashing"], cwd=ROOT, env=own, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == BEGUN
            begun = time.monotonic()
            if until is None:
                assert process.stdout.readline() == ENDED
            lasted = time.monotonic() - begun
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE if until is None else until)
            process.send_signal(signal.SIGKILL)
            assert process.wait(PATIENCE) in (0, -signal.SIGKILL)
        self._wait_for_the_server()
        return lasted

    def _wait_for_the_server(self) -> None:
        """A server of databases notices only after a while that its client has died."""
        until = time.monotonic() + PATIENCE
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while db.is_postgres() and time.monotonic() < until and db.database.execute_sql(asked).fetchone()[0]:
            time.sleep(0.01)

    def _look(self, expected: str = "") -> str:
        """What a new process would find: everything or nothing. Where it is everything the next one begins anew."""
        db.ready_connection()
        happened = "everything" if Closure.select().exists() else "nothing"
        assert expected in ("", happened)
        self._assert_everything() if happened == "everything" else self._assert_nothing()
        db.database.close()
        if happened == "everything":
            new_database(self.folder, self.name, like=self.pattern)
        return happened

    def _assert_nothing(self) -> None:
        for table in (ClosureEvent, ClosureEffect, SlotOffer, RequestEvent, Letter):
            assert not table.select().exists(), table
        assert not AuditEntry.select().where(AuditEntry.act.in_(["closure_declared", "request_carried"])).exists()
        assert Appointment.select().where(Appointment.state == BOOKED, Appointment.seat.is_null(False)).count() == self.booked
        assert Appointment.select().count() == self.booked and board.version() == self.version
        assert not ServiceRequest.select().where(ServiceRequest.revision > 0).exists()

    def _assert_everything(self) -> None:
        """One of each for everybody: the effect, the line of history, the letter; a seat held for each that was given up."""
        everybody = Counter(id for (id,) in ServiceRequest.select(ServiceRequest.id).tuples())
        event = ClosureEvent.get()
        assert Counter(id for (id,) in ClosureEffect.select(ClosureEffect.request).tuples()) == everybody
        assert Counter(id for (id,) in RequestEvent.select(RequestEvent.request).tuples()) == everybody
        assert {key for (key,) in Letter.select(Letter.key).tuples()} == {f"request_closure {row.number} {event.id}" for row in ServiceRequest.select()}
        waits = {id for (id,) in ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.channel == COUNTER).tuples()}
        given_up, held = Appointment.state == DISPLACED, (Appointment.state == BOOKED) & Appointment.seat.is_null(False)
        for which in (given_up & Appointment.seat.is_null(), held):
            assert Counter(id for (id,) in Appointment.select(Appointment.request).where(which).tuples()) == Counter(waits)
        assert {offer.held_id for offer in SlotOffer.select()} == {row.id for row in Appointment.select().where(held)} and len(waits) == self.booked
        assert Closure.select().count() == 1 and board.version() == self.version + 1
        assert not ServiceRequest.select().where(ServiceRequest.revision != 1).exists()

    def verdict(self, peer: Peer, killing: Killing) -> str:
        """What came of it, in a line; fails where the form that is sent again does anything twice, or a letter does not follow."""
        db.ready_connection()
        assert press() == press() == Closure.get()
        self._assert_everything()
        killing.finish()
        mailed = {row.email for row in ServiceRequest.select().where(ServiceRequest.email != "")}
        assert Counter(letter.recipient for letter in peer.accepted) == Counter(mailed)
        engine = "PostgreSQL" if db.is_postgres() else "SQLite"
        return (f"{engine}: a closure over {self.people} people killed {sum(self.ended.values())} times: {self.ended['nothing']} times nothing had happened, "
                f"{self.ended['everything']} times everything, never a part; {len(mailed)} letters followed, each once")  # fmt: skip


def trial(app: Flask, people: int, kills: int) -> str:
    """All of it."""
    peer = Peer()
    with running(peer) as port:
        crashing = Crashing(app, people)
        crashing.crash(kills)
        return crashing.verdict(peer, Killing(app, port, peer))


def say(what: bytes) -> None:
    sys.stdout.buffer.write(what)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    db.use(os.environ["PORTAL_DATABASE_URL"])  # the portal without its pages, which take longer to begin than most closures
    db.ready_connection()
    say(BEGUN)
    press()
    say(ENDED)
