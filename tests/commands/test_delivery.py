"""The worker, with a real mail server at its other end."""

import threading
from datetime import timedelta

import pytest
from peewee import OperationalError

from portal import audit, clock, db, heartbeat, outbox, sealed
from portal.commands import delivery
from portal.outbox import FAILED, SENT, WAITS, Letter, Recipient
from portal.people.models import Attempt
from portal.services.models import ServiceRequest
from portal.views import mail
from tests import make
from tests.smtp_peer import Peer, running
from tests.trials import killing


def promise(number: int = 0, email: str = "", name: str = "reset", **facts: object) -> Letter:
    expires = clock.now() + timedelta(days=7)
    held = {"token": sealed.seal("rahasia", about=f"link {number}"), "link": number, "expires_at": expires.isoformat(), **facts}
    to = Recipient(f"Orang {number}", email or f"orang{number}@surat.example")
    return outbox.promise(name, to, held, key=f"k{number}", now=clock.now())


def states() -> dict[str, str]:
    return dict(Letter.select(Letter.key, Letter.state).tuples())


def test_one_round_delivers_every_letter_that_is_due_and_a_second_none(mailing, peer):
    with running(peer) as port, mailing(port) as flask:
        for number in range(12):
            promise(number)
        for _ in range(2):
            assert flask("deliver", "--once").exit_code == 0
    assert len(peer.accepted) == 12
    assert set(states().values()) == {SENT}
    assert peer.connections == 1


def test_a_run_that_is_longer_than_one_turn_is_worked_off_all_the_same(mailing, peer, monkeypatch):
    monkeypatch.setattr(delivery, "_RUN", 3)
    with running(peer) as port, mailing(port) as flask:
        for number in range(8):
            promise(number)
        flask("deliver", "--once")
    assert len(peer.accepted) == 8


def test_without_a_mail_server_letters_wait_untried(ready):
    promise()
    assert ready("deliver", "--once").exit_code == 0
    assert (Letter.get().state, Letter.get().tries) == (WAITS, 0)


def test_letters_that_cannot_be_written_or_are_refused_fail_visibly_and_hold_up_nobody(mailing, peer):
    peer.rejects["orang3@surat.example"] = "550 5.1.1 unknown"
    peer.rejects["orang4@surat.example"] = "450 4.2.0 later"
    with running(peer) as port, mailing(port) as flask:
        promise(0, name="ode")
        promise(1, expires_at="besok")
        promise(2, email="a@b\r\nBcc: c@d")
        for number in (3, 4, 5):
            promise(number)
        assert flask("deliver", "--once").exit_code == 0
    assert states() == {"k0": FAILED, "k1": FAILED, "k2": FAILED, "k3": FAILED, "k4": WAITS, "k5": SENT}
    problems = [letter.problem for letter in Letter.select().order_by(Letter.id)]
    assert problems == [mail.UNREADABLE, mail.UNREADABLE, mail.ADDRESS, mail.ADDRESS, mail.ADDRESS, ""]
    assert [taken.recipient for taken in peer.accepted] == ["orang5@surat.example"]


def test_a_server_that_is_down_is_asked_once_a_round_and_the_other_letters_keep_their_tries(mailing):
    with running(Peer()) as port:
        pass
    with mailing(port) as flask:
        for number in range(5):
            promise(number)
        assert flask("deliver", "--once").exit_code == 0
    assert sorted(letter.tries for letter in Letter.select()) == [0, 0, 0, 0, 1]
    assert set(states().values()) == {WAITS}


def test_letters_of_an_hour_without_a_server_all_go_out_once_it_is_back(mailing, peer, at):
    at("2020-09-22T09:00+07:00")
    with running(Peer()) as port:
        pass
    with mailing(port) as flask:
        for number in range(5):
            promise(number)
        for minute in range(60):
            at(f"2020-09-22T09:{minute:02}+07:00")
            flask("deliver", "--once")
    assert set(states().values()) == {WAITS}
    with running(peer) as port, mailing(port) as flask:
        for moment in ("2020-09-22T10:00+07:00", "2020-09-22T11:00+07:00", "2020-09-22T12:00+07:00"):
            at(moment)
            flask("deliver", "--once")
    assert set(states().values()) == {SENT}
    assert len(peer.accepted) == 5


def test_a_server_that_falls_silent_costs_one_time_limit_a_round(mailing, peer, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    peer.stalls_at = "data"
    with running(peer) as port, mailing(port) as flask:
        for number in range(5):
            promise(number)
        flask("deliver", "--once")
        assert peer.connections == 1
        peer.stalls_at = ""
        flask("deliver", "--once")
    assert len(peer.accepted) == 4
    assert sorted(states().values()) == [SENT] * 4 + [WAITS]


def test_no_transaction_is_open_while_a_letter_is_handed_over(mailing, peer, monkeypatch):
    seen, own = [], mail.Post.send

    def watched(self, letter):
        seen.append(db.database.in_transaction())
        own(self, letter)

    monkeypatch.setattr(mail.Post, "send", watched)
    with running(peer) as port, mailing(port) as flask:
        promise(0)
        promise(1)
        flask("deliver", "--once")
    assert seen == [False, False]


def test_a_long_run_of_letters_still_shows_that_the_worker_lives(mailing, peer, at):
    at("2020-09-22T09:00+07:00")

    def time_passes(taken) -> None:
        at("2020-09-22T09:05+07:00")

    peer.before_answer = time_passes
    with running(peer) as port, mailing(port) as flask:
        promise(0)
        promise(1)
        flask("deliver", "--once")
        assert heartbeat.is_alive(delivery.WORKER, now=clock.now())


def test_the_worker_seals_the_trail_and_forgets_old_tries_to_sign_in(ready, at):
    at("2020-09-22T09:00+07:00")
    audit.record("closed", "office", 1, by="kepala", now=clock.now())
    Attempt.create(subject="x", address="y", at=clock.now() - timedelta(days=60))
    at("2020-09-22T09:01+07:00")
    assert ready("deliver", "--once").exit_code == 0
    assert audit.AuditSeal.select().count() == 1
    assert not Attempt.select().exists()


def test_the_house_is_kept_every_few_minutes_and_not_at_every_round(ready, installation, at, monkeypatch):
    kept = []
    monkeypatch.setattr(delivery, "CHORES", (lambda now: kept.append(now.minute),))
    worker = delivery.Worker()
    with installation.app_context():
        for minute in range(12):
            at(f"2020-09-22T09:{minute:02}+07:00")
            worker.round()
    assert kept == [0, 5, 10]


def test_the_house_keeps_the_deadlines_of_requests_true(ready, installation, at):
    at("2020-09-22T09:00+07:00")
    request = make.request()
    due = request.due_on
    ServiceRequest.update(due_on=None).where(ServiceRequest.id == request.id).execute()
    with installation.app_context():
        delivery.Worker().round()
    assert due is not None and ServiceRequest.get_by_id(request.id).due_on == due


def test_a_database_that_fails_for_a_while_does_not_end_the_worker(ready, installation, monkeypatch, caplog):
    worker, rounds = delivery.Worker(), []

    def round_() -> bool:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("gone")
        worker.stopping.set()
        return False

    monkeypatch.setattr(worker, "round", round_)
    monkeypatch.setattr(heartbeat, "EVERY", timedelta(0))
    with installation.app_context():
        worker.work()
    assert len(rounds) == 2
    assert "the database failed the worker" in caplog.text


def test_a_worker_that_is_asked_to_stop_finishes_the_letter_in_hand_and_takes_no_other(mailing, installation, peer):
    worker = delivery.Worker()
    peer.before_answer = lambda taken: worker.stopping.set()
    with running(peer) as port, mailing(port), installation.app_context():
        promise(0)
        promise(1)
        worker.work()
    assert states() == {"k0": SENT, "k1": WAITS}
    assert Letter.get(Letter.key == "k1").tries == 0


def test_two_workers_at_once_send_each_letter_once(mailing, installation, peer, monkeypatch):
    both_have_one, own, mine = threading.Barrier(2), outbox.claim, threading.local()

    def claim(now):
        letter = own(now=now)
        if not hasattr(mine, "has_begun"):
            mine.has_begun = True
            both_have_one.wait(20)
        return letter

    def work() -> None:
        with installation.app_context():
            delivery.Worker().work_off()
            db.database.close()

    monkeypatch.setattr(outbox, "claim", claim)
    with running(peer) as port, mailing(port):
        for number in range(40):
            promise(number)
        db.database.close()
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        db.ready_connection()
    assert sorted(taken.recipient for taken in peer.accepted) == sorted(f"orang{number}@surat.example" for number in range(40))
    assert set(states().values()) == {SENT}
    assert peer.connections == 2


@pytest.mark.parametrize("how", [killing.one_worker, killing.two_workers])
def test_killed_workers_lose_no_letter_and_send_none_a_third_time(ready, installation, peer, how):
    with running(peer) as port:
        how(killing.Killing(installation, port, peer), letters=24, kills=3)
