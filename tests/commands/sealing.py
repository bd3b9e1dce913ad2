"""A process beside the one that rotates the keys: it reads and writes meanwhile, or rotates and is killed: python -m tests.commands.sealing ACT."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from flask import Flask

from portal import create_app, db, sealed
from portal.commands import keys
from portal.people.models import Person

ROOT = Path(__file__).parents[2]
SECRET = "JBSWY3DP"


def started(app: Flask, *words: str) -> subprocess.Popen[str]:
    """This module as a process on the same installation."""
    settings = app.config["SETTINGS"]
    own = {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, "BASE_URL": settings.base_url}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return subprocess.Popen([sys.executable, "-m", "tests.commands.sealing", *words], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            env=kept | {f"PORTAL_{name}": value for name, value in own.items()})  # fmt: skip


def meet(person: Person) -> None:
    """Read a secret, and set it anew as somebody does who changes phones."""
    with db.transaction():
        held = db.locked(Person.select().where(Person.id == person.id)).get().totp_secret
        assert sealed.unseal(held, about=f"totp {person.id}") == SECRET
        Person.update(totp_secret=sealed.seal(SECRET, about=f"totp {person.id}")).where(Person.id == person.id).execute()


def go_on() -> None:
    """Meet everybody in turn until the other process says that it is enough; how many that were, and under how many keys."""
    enough, count, marks = threading.Event(), 0, set()
    threading.Thread(target=lambda: (sys.stdin.read(), enough.set()), daemon=True).start()
    print("ready", flush=True)  # noqa: T201
    while not enough.is_set():
        for person in list(Person.select(Person.id)):
            meet(person)
            count += 1
            enough.wait(0.005)  # SQLite's writers do not stand in a queue: one that never paused would keep the other out
        marks.add(sealed.ring()[-1].mark)
    print(count, len(marks))  # noqa: T201


def rotate_and_die(app: Flask, batches: int) -> None:
    """The command, killed by the operating system when so many batches are through and one more is written but not committed."""
    keys._BATCH, through, seal_rows = 5, [], keys._seal_rows

    def deadly(*arguments: object) -> None:
        seal_rows(*arguments)
        through.append(arguments)
        if len(through) > batches:
            os.kill(os.getpid(), signal.SIGKILL)

    keys._seal_rows = deadly
    app.test_cli_runner().invoke(args=["keys", "rotate"])


if __name__ == "__main__":
    made = create_app()
    db.ready_connection()
    go_on() if sys.argv[1] == "meet" else rotate_and_die(made, int(sys.argv[2]))
