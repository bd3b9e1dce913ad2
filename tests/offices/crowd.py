"""Many subscribers of one region, and what an act and its news cost them."""

import time
from datetime import timedelta
from typing import Any

from portal import continuity
from portal.db import transaction
from portal.offices import announcing, subscriptions
from portal.offices.models import Closure, Office, Subscriber, Subscription
from portal.outbox import Letter
from tests import make
from tests.make import NOW

_AT_ONCE = 5000


class Crowd:
    """A region with an office, and a number of people who want to be told of all that closes there."""

    def __init__(self) -> None:
        self.region = make.region("31.71")
        self.office = make.office(region=self.region)
        self.count = 0

    def grow(self, count: int) -> None:
        """So many more people, confirmed long ago."""
        since = NOW - timedelta(days=30)
        with transaction():
            for start in range(self.count, self.count + count, _AT_ONCE):
                numbers = range(start, min(start + _AT_ONCE, self.count + count))
                Subscriber.insert_many([{"email": f"warga{number}@surat.example", "language": "id"} for number in numbers]).execute()
            ids = [id for (id,) in Subscriber.select(Subscriber.id).order_by(Subscriber.id.desc()).limit(count).tuples()]
            rows: list[dict[str, Any]] = [{"subscriber": id, "region": self.region.code, "made_at": since, "confirmed_at": since} for id in ids]
            for start in range(0, count, _AT_ONCE):
                Subscription.insert_many(rows[start : start + _AT_ONCE]).execute()
        self.count += count

    def close(self, day: int, office: Office | None = None) -> Closure:
        """The act, on a day of its own."""
        return continuity.close(make.plan(office or self.office, first=f"2020-10-{day:02}", days=1), by="kepala", now=NOW)

    def seconds(self, acts: int = 15) -> float:
        """How long one act takes at an office that has never closed before: the median of several."""
        office, times = make.office(region=self.region), []
        for day in range(1, acts + 1):
            before = time.perf_counter()
            self.close(day, office)
            times.append(time.perf_counter() - before)
        return sorted(times)[acts // 2]

    def told(self) -> list[int]:
        """Tell them all; how many letters in each transaction."""
        return list(announcing.go(now=NOW + timedelta(minutes=11)))

    @staticmethod
    def letters() -> int:
        return Letter.select().where(Letter.name == subscriptions.NEWS).count()
