import pytest

from portal.offices import board, hours, places
from portal.offices.models import DropBox, Office
from portal.refusals import Refused
from tests import make

pytestmark = pytest.mark.usefixtures("database")


def opening(office: Office) -> str:
    return Office.get_by_id(office.id).hours


def test_hours_pass_on_to_all_below_that_follow_and_stop_at_those_with_their_own():
    top = make.office(opening="Mo 08:00-09:00")
    floor, own = make.unit(top), make.unit(top, opening="Tu 08:00-09:00")
    desk, below_own, beside = make.unit(floor), make.unit(own), make.office()
    assert opening(desk) == "Mo 08:00-09:00"
    places.set_hours(top, "We 08:00-09:00", **make.ACT)
    assert [opening(each) for each in (top, floor, desk)] == ["We 08:00-09:00"] * 3
    assert [opening(each) for each in (own, below_own)] == ["Tu 08:00-09:00"] * 2
    assert opening(beside) == hours.DEFAULT


def test_a_unit_that_gives_up_its_own_hours_follows_again_with_all_below():
    top = make.office(opening="Mo 08:00-09:00")
    own = make.unit(top, opening="Tu 08:00-09:00")
    desk = make.unit(own)
    places.set_hours(own, None, **make.ACT)
    assert [opening(own), opening(desk)] == ["Mo 08:00-09:00"] * 2
    places.set_hours(top, None, **make.ACT)
    assert opening(desk) == hours.DEFAULT


def test_setting_hours_from_a_stale_copy_keeps_what_others_changed():
    office = make.office("Nama Lama")
    stale = Office.get_by_id(office.id)
    Office.update(name="Nama Baru").where(Office.id == office.id).execute()
    places.set_hours(stale, "Mo 08:00-09:00", **make.ACT)
    assert Office.get_by_id(office.id).name == "Nama Baru"


def test_an_office_that_cannot_be_is_refused_and_nothing_is_left():
    for facts in ({"name": " "}, {"name": "x" * 301}, {"name": "a\0b"}, {"name": "A", "timezone": "Asia/Tegal"}, {"name": "A", "opening": "pagi"}):
        version = board.version()
        with pytest.raises(Refused):
            places.add(**{"timezone": "Asia/Jakarta", **facts}, **make.ACT)
        assert (Office.select().count(), board.version()) == (0, version)


def test_a_drop_box_is_a_channel_of_its_office_alone():
    office = make.office()
    unit = make.unit(office)
    places.add_drop_box(office, " lobi ", "24/7", **make.ACT)
    assert DropBox.get().place == "lobi"
    at = make.local("2020-09-22T09:00")
    picture = board.paint([office.id], at, at)
    assert [picture.condition(picture.nodes[each.id], at).channels.dropbox for each in (office, unit)] == [True, False]
    for place, times in (("", ""), ("lobi", "selalu")):
        with pytest.raises(Refused):
            places.add_drop_box(office, place, times, **make.ACT)
