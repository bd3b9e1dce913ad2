"""Servers as real processes that are killed while people hand in their days, and people who press again where no answer came."""

import http.client
import os
import queue
import random
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from bench.crowd import Crowd
from portal import clock, db
from portal.audit import AuditEntry
from portal.commands import serving
from portal.kinerja.models import SUBMITTED, DayAct, WorkDay
from portal.outbox import Letter

ROOT = Path(__file__).parents[2]
PATIENCE = 120
CLIENTS = 8  # more than the server has threads
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Press:
    """One person's day: the request as the browser sends it, again and again until there is an answer."""

    address: str
    cookie: str
    body: str
    sent: list[datetime] = field(default_factory=list)
    status: int = 0
    led_to: str = ""


@dataclass
class Submitting:
    """A crowd before a server, and who kills the server when."""

    app: Flask
    people: int
    chance: random.Random = field(default_factory=lambda: random.Random(4))
    kills: int = 0

    def __post_init__(self) -> None:
        settings = self.app.config["SETTINGS"]
        self.app.secret_key = (settings.instance / "secret.key").read_text(encoding="ascii").strip()  # as the servers have it
        self.presses = self._presses()
        self.waiting: queue.SimpleQueue[Press | None] = queue.SimpleQueue()
        for press in self.presses:
            self.waiting.put(press)
        self.is_up, self.answered = threading.Event(), threading.Semaphore(0)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def _presses(self) -> list[Press]:
        """The days that are to be submitted, each as its page would send it."""
        path = self.app.config["SETTINGS"].instance / "requests"
        self.crowd = Crowd(self.app, self.people)
        self.crowd.settle_in()
        self.crowd.fill_days()
        self.crowd.submissions(path)
        return [Press(*line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()]

    @contextmanager
    def server(self) -> Iterator[int]:
        """The server that `flask serve` starts, in a group of its own, from when it answers; the group, to be killed."""
        settings = self.app.config["SETTINGS"]
        own = {"PORTAL_INSTANCE": str(settings.instance), "PORTAL_DATABASE_URL": settings.database_url, "PORT": str(self.port),
               "PORTAL_LIMIT_SUBMISSIONS": "10000"}  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        command = serving.server("127.0.0.1", self.port, threads=4)
        with (settings.instance / "server.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=kept | own, stdout=log, stderr=log, process_group=0)
        try:
            self._wait_for_answer(process)
            self.is_up.set()
            yield process.pid
            self.is_up.clear()
        finally:
            process.terminate()
            process.wait(PATIENCE)

    def burst(self, kills: int) -> None:
        """Everybody submits; the server is killed so many times, spread over the burst, each a moment of chance after an answer."""
        clients = [threading.Thread(target=self._press, daemon=True) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        between = max(1, self.people // (kills + 1))
        while self.kills < kills:
            with self.server() as group:
                self._wait_for_answers(between)
                time.sleep(self.chance.random() / 50)
                os.killpg(group, signal.SIGKILL)
                self.kills += 1
        with self.server():
            self._wait_for_answers(self.people - kills * between)
            for _ in clients:
                self.waiting.put(None)
            for client in clients:
                client.join(PATIENCE)

    def _press(self) -> None:
        """One client: presses for one after the other, over one connection while it holds."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while (press := self.waiting.get()) is not None:
            self.is_up.wait(PATIENCE)
            press.sent.append(clock.now())
            try:
                line.request("POST", press.address, press.body, {**FORM, "Cookie": press.cookie})
                answer = line.getresponse()
                answer.read()
                press.status, press.led_to = answer.status, answer.headers.get("Location", "")
                self.answered.release()
            except (http.client.HTTPException, OSError):
                line.close()
                self.waiting.put(press)
        line.close()

    def _wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", "/sehat")
                if asked.getresponse().status == 200:
                    asked.close()
                    return
            time.sleep(0.05)
        log = (self.app.config["SETTINGS"].instance / "server.log").read_text(encoding="utf-8")
        raise AssertionError(f"the server did not come up: {log[-2000:]}")

    def _wait_for_answers(self, count: int) -> None:
        for _ in range(count):
            assert self.answered.acquire(timeout=PATIENCE), "no answer came"

    def verdict(self) -> str:
        """What became of the burst, in a line; fails where an answered submission is not kept, or one is kept twice."""
        assert Counter(press.status for press in self.presses) == {303: self.people}
        rows = {row.person_id: row for row in WorkDay.select().where(WorkDay.day == self.crowd.day)}
        mine = [rows[person] for person in self.crowd.people]
        assert all(row.state == SUBMITTED and row.receipt for row in mine)
        assert len({row.receipt for row in mine}) == self.people
        self._assert_once(mine)
        repeated = [(press, row) for press, row in zip(self.presses, mine, strict=True) if len(press.sent) > 1]
        kept = sum(row.submitted_at < press.sent[-1] for press, row in repeated)
        engine = "PostgreSQL" if db.is_postgres() else "SQLite"
        return (f"{engine}: {self.people} days submitted by {CLIENTS} clients over {self.kills} kills: {self.people - len(repeated)} answered at once, "
                f"{len(repeated)} pressed again ({kept} of them had been kept before the answer was lost), 0 lost, 0 twice")  # fmt: skip

    def _assert_once(self, days: list[WorkDay]) -> None:
        """One act with the key that was sent, one line of the trail, one letter for each."""
        keys = dict(DayAct.select(DayAct.work_day, DayAct.submission_key).where(DayAct.act == "submitted").tuples())
        assert DayAct.select().where(DayAct.act == "submitted").count() == len(keys) == self.people
        assert all(f"submission_key={keys[row.id]}" in press.body for press, row in zip(self.presses, days, strict=True))
        trail = Counter(int(id) for (id,) in AuditEntry.select(AuditEntry.object_id).where(AuditEntry.act == "day_submitted").tuples())
        assert trail == Counter(row.id for row in days)
        letters = Counter(key for (key,) in Letter.select(Letter.key).tuples())
        assert letters == Counter(f"day_receipt-{row.receipt}" for row in days)
        if db.is_sqlite():
            assert db.database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
