"""Whom the worker has called about a held time, and when: not while the mail of the same day is hardly out."""

import pytest

from portal.services import offers
from tests import make


@pytest.mark.parametrize(("held", "named"), [("2020-09-23T09:00", [0, 1]), ("2020-09-22T09:00", [1, 0])])
def test_on_the_day_of_the_mail_nobody_is_called_but_who_is_to_come_the_next_working_day(database, held, named):
    office = make.office(desks=2)
    request = make.request(make.service(at=[office]), office, channel="counter", slot=make.local("2020-09-22T10:00"), now=make.local("2020-09-18T09:00"))
    make.offer(request, make.local(held), now=make.local("2020-09-21T08:00"))
    assert [offers.name_unanswered(now=make.local(at)) for at in ("2020-09-21T08:05", "2020-09-22T00:05")] == named
