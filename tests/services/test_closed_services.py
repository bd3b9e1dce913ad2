"""The ways to get a service that a closure takes singly, while its office serves all others."""

import pytest

from portal.offices import places
from portal.offices.closures import Detour
from portal.services import situations
from tests import make

pytestmark = pytest.mark.usefixtures("database")
AT = make.local("2020-09-21T10:00")  # a Monday, within a closure of three days from Sunday on


@pytest.fixture
def office():
    made = make.office(email="surat@kantor.example")
    places.add_drop_box(made, "lobi", "Mo-Fr 08:00-16:00", **make.ACT)
    return made


def channels(service, office) -> set[str]:
    """Those that work now."""
    return {each.channel for each in situations.ways(service, office, AT) if each.works_now}


def test_its_counter_is_closed_until_the_end_and_the_other_channels_go_on(office):
    ktp, other = make.service(at=[office]), make.service(at=[office])
    make.closure(office, services=(ktp.slug,))
    counter = next(each for each in situations.ways(ktp, office, AT) if each.channel == "counter")
    assert (counter.works_now, counter.next_at) == (False, make.local("2020-09-23T08:00"))
    assert channels(ktp, office) == {"online", "dropbox", "email"}
    assert channels(other, office) == {"counter", "online", "dropbox", "email"}


@pytest.mark.parametrize(("facts", "left"), [({"online": False}, {"dropbox"}), ({"dropbox": False}, {"online", "email"})])
def test_a_channel_that_the_closure_takes_is_taken_from_this_service_alone(office, facts, left):
    ktp, other = make.service(at=[office]), make.service(at=[office])
    make.closure(office, services=(ktp.slug,), **facts)
    assert channels(ktp, office) == left
    assert channels(other, office) == {"counter", "online", "dropbox", "email"}


def test_its_diversion_is_for_nobody_else(office):
    instead = make.office()
    ktp, other = (make.service(at=[office, instead]) for _ in range(2))
    make.closure(office, services=(ktp.slug,), detours=[Detour(instead)])
    assert [each.spot.id for each in situations.ways(ktp, office, AT) if each.channel == "elsewhere"] == [instead.id]
    assert [each.spot.id for each in situations.ways(other, office, AT) if each.channel == "elsewhere"] == []
