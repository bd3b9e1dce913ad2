"""Several people who act at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from portal import db
from portal.refusals import Refused


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Begins all acts together; how each ended."""
    ended, ready = [""] * len(acts), threading.Barrier(len(acts))

    def run(number: int) -> None:
        try:
            db.ready_connection()
            ready.wait()
            acts[number]()
            ended[number] = "done"
        except Refused:
            ended[number] = "refused"
        except Exception as error:
            ended[number] = repr(error)
        finally:
            db.database.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended
