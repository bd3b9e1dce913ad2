"""What is typed and not sent yet: kept, found again, and never overwritten unseen from another page."""

from datetime import date, timedelta

import pytest

from portal.kinerja import drafts
from portal.kinerja.drafts import Elsewhere
from portal.kinerja.models import Unsent
from portal.refusals import NotFound, Refused
from tests import make
from tests.make import MONDAY, MONDAY_EVENING


@pytest.fixture
def author(database):
    return make.team().author


def keep(author, text="Rapat", *, page="satu", seen=0, day=MONDAY, now=MONDAY_EVENING, **facts):
    return drafts.keep(author, day, {"description": text}, page=page, seen=seen, now=now, **facts)


def kept(author):
    return drafts.of(drafts.find(author, MONDAY)).get("description")


def test_a_page_goes_on_where_it_left_off_even_where_an_answer_was_lost(author):
    keep(author, "R")
    keep(author, "Ra")  # the answer with the new revision never arrived
    assert kept(author) == "Ra"
    assert Unsent.select().count() == 1


def test_another_page_overwrites_only_what_it_has_seen(author):
    row = keep(author, "Di ponsel")
    with pytest.raises(Elsewhere) as refusal:
        keep(author, "Di komputer", page="dua")
    assert drafts.of(refusal.value.kept)["description"] == "Di ponsel"
    assert kept(author) == "Di ponsel"
    keep(author, "Di komputer", page="dua", seen=row.revision)
    assert kept(author) == "Di komputer"
    with pytest.raises(Elsewhere):
        keep(author, "Di ponsel lagi", page="satu", seen=row.revision)


def test_the_same_words_on_two_pages_are_no_quarrel(author):
    keep(author, "Sama")
    keep(author, "Sama", page="dua")
    assert kept(author) == "Sama"


def test_what_the_form_began_with_is_not_worth_keeping(author):
    drafts.keep(author, MONDAY, {"starts": "08.00", "unit": "berkas", "place": "wfo"}, page="satu", seen=0, now=MONDAY_EVENING)
    assert drafts.of(drafts.find(author, MONDAY)) == {}


def test_saving_forgets_ones_own_typing_and_not_that_of_another_page(author):
    row = keep(author)
    drafts.clear(author, MONDAY, page="dua", seen=0, now=MONDAY_EVENING)
    assert kept(author) == "Rapat"
    drafts.clear(author, MONDAY, page="dua", seen=row.revision, now=MONDAY_EVENING)  # it was restored there, and saved
    assert kept(author) is None
    keep(author, "Baru", page="dua")
    drafts.clear(author, MONDAY, page="dua", seen=0, now=MONDAY_EVENING)
    assert kept(author) is None


def test_a_page_that_stood_open_since_before_the_saving_takes_nothing_from_anybody(author):
    keep(author)
    drafts.clear(author, MONDAY, page="satu", seen=0, now=MONDAY_EVENING)
    keep(author, "Dari halaman lain", page="dua", seen=0)
    assert kept(author) == "Dari halaman lain"


@pytest.mark.parametrize("day", [MONDAY + timedelta(days=2), MONDAY - timedelta(days=500), date(2999, 1, 1)])
def test_typing_belongs_to_a_day_that_one_may_write(author, day):
    with pytest.raises(NotFound):
        keep(author, day=day)
    assert Unsent.select().count() == 0


def test_nobody_types_about_the_activity_of_another(author):
    other = make.team().author
    line = make.entry(other)
    with pytest.raises(NotFound):
        keep(author, entry=line.id)
    keep(other, entry=line.id)
    assert drafts.of(drafts.find(other, MONDAY, line.id)) == {"description": "Rapat"}


def test_what_is_kept_is_bounded_and_storable(author):
    with pytest.raises(Refused):
        keep(author, "a" * 5001)
    keep(author, "a" * 3000 + "\x00\u202e🎉")
    assert kept(author) == "a" * 3000 + "🎉"
