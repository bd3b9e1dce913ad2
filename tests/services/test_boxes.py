"""Drop boxes: their hours, and the services whose letters they take."""

import pytest

from portal.audit import AuditEntry
from portal.offices import board, places
from portal.offices.models import DropBox
from portal.refusals import Refused
from portal.services import boxes
from tests import make


@pytest.fixture
def box(database):
    return places.add_drop_box(make.office(), "lobi", "Mo-Fr 08:00-12:00", **make.ACT)


def test_a_box_takes_the_letters_of_all_services_until_some_are_named(box):
    first, second = make.service("B"), make.service("A")
    assert boxes.services_of([box]) == {}
    boxes.change(box, "24/7", [first, second], **make.ACT)
    assert boxes.services_of([box]) == {box.id: [second, first]}
    assert DropBox.get().hours == "24/7"
    boxes.change(box, "", [], **make.ACT)
    assert boxes.services_of([box]) == {}
    assert DropBox.get().hours == ""


def test_each_change_is_in_the_trail_and_on_the_board_and_the_same_again_is_none(box):
    service, version = make.service(), board.version()
    for _ in range(2):
        boxes.change(box, "24/7", [service], **make.ACT)
    acts = [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)][-2:]
    assert acts == ["drop_box_hours_set", "drop_box_services_set"]
    assert board.version() == version + 2


def test_hours_that_cannot_be_read_change_nothing(box):
    with pytest.raises(Refused):
        boxes.change(box, "pagi", [make.service()], **make.ACT)
    assert (DropBox.get().hours, boxes.services_of([box])) == ("Mo-Fr 08:00-12:00", {})


def test_a_box_that_was_taken_down_is_not_changed(box):
    places.end_drop_box(box, **make.ACT)
    with pytest.raises(Refused):
        boxes.change(box, "24/7", [], **make.ACT)
    with pytest.raises(Refused):
        boxes.take_only(box, [], **make.ACT)
    assert boxes.of_offices([box.office_id]) == []
