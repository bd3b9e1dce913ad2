"""The worker: letters that are due, and the house that wants keeping; several workers may run at once."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from peewee import PeeweeException

from portal import audit, clock, files, heartbeat, outbox
from portal.db import database, ready_connection
from portal.kinerja import outages, reminders, routing
from portal.offices import announcing, reviews, subscriptions
from portal.people import throttle
from portal.services import deadlines, drafts, offers, personal_data
from portal.views import admin_imports, mail

WORKER = "worker"
_RUN = 200  # letters in one go, then the house has its turn
_HOUSE_EVERY = timedelta(minutes=5)
CHORES: tuple[Callable[..., Any], ...] = (
    audit.seal,
    throttle.forget,
    admin_imports.sweep,
    files.sweep,
    drafts.sweep,
    personal_data.retain,
    routing.find_supervisors,
    reviews.remind,
    offers.name_unanswered,
    subscriptions.retain,
)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
@with_appcontext
def deliver(once: bool) -> None:
    """The worker: does in the background what is due, and shows that it lives."""
    worker = Worker()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: worker.stopping.set())
    if once:
        worker.work_off()
    else:
        worker.work()
    database.close()


class Worker:
    """Does what is due, round after round, until it is asked to stop; then it finishes the letter in hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._beaten: datetime | None = None
        self._kept: datetime | None = None
        self._watches = False
        self._mornings = reminders.Rounds()
        self._deadlines = deadlines.Keeper()

    def work(self) -> None:
        """Rounds without end; a database that fails for a while is waited for."""
        self._watches = True  # one who is called now and then, for what is due, is silent in between without any outage
        while not self.stopping.is_set():
            has_more = False
            try:
                has_more = self.round()
            except PeeweeException:
                current_app.logger.exception("the database failed the worker; it tries again")
                database.close()
            if not has_more:
                self.stopping.wait(heartbeat.EVERY.total_seconds())

    def work_off(self) -> None:
        """What is due now, and no more."""
        while self.round() and not self.stopping.is_set():
            pass

    def round(self) -> bool:
        """News for subscribers, one run of letters, then the house; whether more letters may be due."""
        ready_connection()
        self._beat()
        has_more = self._announce()
        has_more = self._letters() or has_more
        self._keep_house()
        return has_more

    def _letters(self) -> bool:
        """Hand over what is due; whether the run ended before the letters did."""
        if not mail.is_configured():
            return False
        with mail.Post() as post:
            for _ in range(_RUN):
                self._beat()
                letter = outbox.claim(now=clock.now()) if not self.stopping.is_set() else None
                if letter is None or not _handed_over(letter, post):
                    return False
        return True

    def _announce(self) -> bool:
        """Promise the letters of news that are due, with a beat after each thousand; whether there were any. Stopped in the middle it goes on later."""
        has_told = False
        for _ in announcing.go(now=clock.now()):
            has_told = True
            self._beat()
            if self.stopping.is_set():
                break
        return has_told

    def _beat(self) -> None:
        """Say that the worker lives, also in the middle of a long run."""
        now = clock.now()
        if self._beaten is None or now - self._beaten >= heartbeat.EVERY:
            self._notice_silence(now)
            heartbeat.beat(WORKER, now=now)
            self._beaten = now

    def _notice_silence(self, now: datetime) -> None:
        """Before the first beat, and after a long pause: if no worker lived meanwhile, the portal may have been out of use."""
        if self._watches and (self._beaten is None or now - self._beaten > outages.SILENCE):
            last = heartbeat.last(WORKER)
            if last is not None and now - last > outages.SILENCE:
                outages.propose(last, now=now)

    def _keep_house(self) -> None:
        """Now and then: seal the audit trail, forget what no longer counts."""
        now = clock.now()
        if self._kept is None or now - self._kept >= _HOUSE_EVERY:
            for chore in CHORES:
                chore(now=now)
            self._deadlines.look(now=now)
            self._remind(now)
            self._collect()
            self._kept = now

    def _remind(self, now: datetime) -> None:
        """The morning's letters, with a beat after each thousand people; stopped in the middle they are taken up again later."""
        for _ in self._mornings.go(now=now):
            self._beat()
            if self.stopping.is_set():
                break

    def _collect(self) -> None:
        """Letters that came by e-mail, last, so that a slow mailbox holds nothing up; a beat after each."""
        if not current_app.config["SETTINGS"].imap_server:
            return
        from portal.commands import inbound  # of the extra `mail`: only who reads a mailbox needs it

        for _ in inbound.collect():
            self._beat()
            if self.stopping.is_set():
                break


def _handed_over(letter: outbox.Letter, post: mail.Post) -> bool:
    """Send one letter and note what became of it; whether the mail server is fit for the next. No transaction is open while it is sent."""
    try:
        post.send(letter)
    except mail.Undelivered as error:
        outbox.postponed(letter, error.problem, error.detail, now=clock.now(), is_final=error.is_final)
        return not error.is_servers
    outbox.sent(letter, now=clock.now())
    return True


COMMANDS = (deliver,)
