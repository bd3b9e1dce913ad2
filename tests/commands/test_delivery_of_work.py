"""What the worker does for e-kinerja: it notices its own silence, reminds in the morning, and finds superiors for what waits."""

from datetime import timedelta

from portal import clock, heartbeat
from portal.commands import delivery
from portal.kinerja.models import Outage, WorkDay
from tests import make
from tests.smtp_peer import running


class Round(delivery.Worker):
    """A worker that lives for one round."""

    def round(self) -> bool:
        self.stopping.set()
        return super().round()


def live(installation) -> None:
    with installation.app_context():
        Round().work()


def test_a_worker_that_finds_no_life_for_some_minutes_proposes_an_outage_once(ready, installation, at):
    at("2020-09-22T09:00+07:00")
    live(installation)  # the very first one has nothing to compare with
    at("2020-09-22T09:04+07:00")
    live(installation)  # a restart is no outage
    assert not Outage.select().exists()
    at("2020-09-22T09:30+07:00")
    for _ in range(2):
        live(installation)
    (outage,) = Outage.select()
    assert (outage.state, outage.ends_at - outage.starts_at, outage.note) == ("proposed", timedelta(minutes=26), "")


def test_two_workers_that_wake_together_propose_one_outage(ready, installation, at):
    heartbeat.beat(delivery.WORKER, now=at("2020-09-22T09:00+07:00"))
    at("2020-09-22T10:00+07:00")
    workers = delivery.Worker(), delivery.Worker()
    for worker in workers:
        worker._watches = True
        worker._notice_silence(clock.now())
    assert Outage.select().count() == 1


def test_one_who_is_called_now_and_then_notices_no_silence(ready, at):
    for hour in (9, 12):
        at(f"2020-09-22T{hour:02}:00+07:00")
        assert ready("deliver", "--once").exit_code == 0
    assert not Outage.select().exists()


def test_the_worker_sends_the_mornings_digest_once_and_finds_superiors_for_what_waits(mailing, peer, at):
    at("2020-09-23T08:00+07:00")
    make.work_rules()
    team = make.team()
    for number, each in enumerate((team.author, team.superior)):
        each.email = f"orang{number}@kota.example"
        each.save()
    row = make.submitted(team.author)
    WorkDay.update(supervisor=None, upper=None).where(WorkDay.id == row.id).execute()
    with running(peer) as port, mailing(port) as flask:
        for _ in range(2):
            flask("deliver", "--once")
        at("2020-09-23T12:00+07:00")
        flask("deliver", "--once")
    assert WorkDay.get_by_id(row.id).supervisor_id == team.superior.id
    assert sorted(taken.recipient for taken in peer.accepted) == ["orang0@kota.example", "orang1@kota.example", "orang1@kota.example"]
