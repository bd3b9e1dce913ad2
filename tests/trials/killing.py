"""Workers as real processes that are killed in the middle of their letters, with a real mail server that counts what it took."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask

from portal import clock, outbox, sealed
from portal.outbox import Letter, Recipient
from tests.smtp_peer import Peer

ROOT = Path(__file__).parents[2]
FLASK = str(Path(sys.executable).parent / "flask")
PATIENCE = 120


def promise(count: int) -> None:
    """So many letters, each to somebody else, due now."""
    now = clock.now()
    for number in range(count):
        facts = {"token": sealed.seal("rahasia", about=f"link {number}"), "link": number, "expires_at": (now + timedelta(days=7)).isoformat()}
        outbox.promise("reset", Recipient(f"Orang {number}", f"orang{number}@surat.example"), facts, key=f"k{number}", now=now)


@dataclass
class Killing:
    """Workers on an installation, and who kills them when."""

    app: Flask
    port: int
    peer: Peer
    chance: random.Random = field(default_factory=lambda: random.Random(3))
    kills: int = 0

    def __post_init__(self) -> None:
        """What is sealed here must open in the workers: with the key that `flask init` has made."""
        settings = self.app.config["SETTINGS"]
        sealed.use((settings.instance / "secret.key").read_text(encoding="ascii").strip(), settings.ring)

    @contextmanager
    def worker(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """`flask deliver` as a process of its own, killed at the latest at the end."""
        settings = self.app.config["SETTINGS"]
        own = {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, "BASE_URL": settings.base_url,
               "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(self.port), "MAIL_SECURITY": "none"}  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        process = subprocess.Popen([FLASK, "deliver", *words], cwd=ROOT, env=kept | {f"PORTAL_{name}": value for name, value in own.items()})
        try:
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE)

    def kill_in_the_middle(self, process: subprocess.Popen[bytes], after: int, *, before_the_answer: bool) -> None:
        """Kill a worker when the server has taken so many more letters: before it has answered, or a moment of chance later."""
        target = len(self.peer.accepted) + after
        if before_the_answer:
            self.peer.before_answer = lambda letter: process.kill() if len(self.peer.accepted) == target else None
        self.peer.wait_for(target)
        if before_the_answer:
            process.wait(PATIENCE)
        else:
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.chance.random() / 50)
            process.kill()
        self.kills += 1

    def finish(self) -> None:
        """When the claims of the dead have run out, one more worker does the rest."""
        self.let_claims_run_out()
        with self.worker("--once") as process:
            assert process.wait(PATIENCE) == 0

    def let_claims_run_out(self) -> None:
        Letter.update(claimed_until=clock.now() - timedelta(seconds=1)).where(Letter.claimed_until.is_null(False)).execute()

    def verdict(self) -> str:
        """What the server took, in a line; fails where a letter was lost, or came more than once but as the same one at most twice."""
        ids: dict[str, set[str]] = {}
        for letter in self.peer.accepted:
            ids.setdefault(letter.recipient, set()).add(letter.message_id)
        times = Counter(letter.recipient for letter in self.peer.accepted)
        promised = {letter.email for letter in Letter.select(Letter.email)}
        assert set(times) == promised, f"lost: {sorted(promised - set(times))[:5]}"
        assert max(times.values()) <= 2, times.most_common(3)
        assert all(len(each) == 1 for each in ids.values()), "a letter changed its Message-ID"
        assert len({next(iter(each)) for each in ids.values()}) == len(promised), "two letters share a Message-ID"
        assert {letter.state for letter in Letter.select(Letter.state).distinct()} == {outbox.SENT}
        twice = sum(count == 2 for count in times.values())
        assert twice <= self.kills
        return f"{len(promised)} letters, {self.kills} kills: {len(promised) - twice} accepted once, {twice} twice with the same Message-ID, 0 lost"


def one_worker(killing: Killing, letters: int, kills: int) -> str:
    """One worker after the other, every second one killed between acceptance and record."""
    promise(letters)
    for number in range(kills):
        killing.let_claims_run_out()
        with killing.worker() as process:
            killing.kill_in_the_middle(process, max(2, letters // (kills + 1)), before_the_answer=number % 2 == 0)
    killing.finish()
    return killing.verdict()


def two_workers(killing: Killing, letters: int, kills: int) -> str:
    """Two workers at once; now one, now the other is killed and another takes its place; at the end both."""
    promise(letters)
    with ExitStack() as stack:
        alive = [stack.enter_context(killing.worker()) for _ in range(2)]
        for number in range(kills - 2):
            killing.kill_in_the_middle(alive[number % 2], max(2, letters // (kills + 1)), before_the_answer=False)
            alive[number % 2] = stack.enter_context(killing.worker())
        killing.peer.wait_for(len(killing.peer.accepted) + 1)
    killing.kills += 2
    killing.finish()
    return killing.verdict()
