from datetime import timedelta

import pytest

from portal.offices import board, closures
from portal.offices.models import Office
from tests import make

pytestmark = pytest.mark.usefixtures("database")


def outlook(office: Office, at: str):
    moment = make.local(at, office.timezone)
    picture = board.paint([office.root_id], moment, moment)
    return picture.outlook(picture.nodes[office.id], moment)


def test_an_office_reopens_on_the_morning_after_its_last_closed_day():
    office = make.office()
    make.closure(office, first="2020-09-20", days=3)
    told = outlook(office, "2020-09-22T06:21")
    assert told.state == "remote"
    assert told.until == make.local("2020-09-23T00:00")
    assert told.reopens_at == make.local("2020-09-23T08:00")


def test_declaring_and_ending_a_closure_raises_the_version_each_time():
    versions = [board.version()]
    closure = make.closure()
    versions.append(board.version())
    closures.reopen(closure, reason="Aman.", by="kepala", now=closure.starts_at + timedelta(hours=80) - timedelta(hours=20))
    versions.append(board.version())
    assert versions == sorted(set(versions))
