"""What a visitor has typed is kept for a day, sealed, for the browser in which it was typed."""

from datetime import timedelta

import pytest

from portal import sealed
from portal.refusals import Refused
from portal.services import drafts
from portal.services.drafts import Place
from portal.services.models import RequestDraft
from tests import make

NOW = make.NOW
PLACE = Place("rahasia peramban", "surat", "kantor")
pytestmark = pytest.mark.usefixtures("database")


def kept(place=PLACE, now=NOW):
    found = drafts.of(place, now=now)
    return found.typed if found else None


def test_what_is_typed_last_is_kept_with_its_time():
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    drafts.keep(PLACE, {"name": "Warga 🌺\0"}, now=NOW + timedelta(minutes=3))
    assert kept() == {"name": "Warga 🌺\0"}
    assert drafts.of(PLACE, now=NOW).saved_at == NOW + timedelta(minutes=3)
    assert RequestDraft.select().count() == 1


OTHERS = [
    Place("peramban lain", "surat", "kantor"),
    Place("rahasia peramban", "lain", "kantor"),
    Place("rahasia peramban", "surat", "lain"),
    Place("rahasia peramban", "surat kantor", ""),
]


@pytest.mark.parametrize("other", OTHERS)
def test_each_browser_service_and_office_has_its_own(other):
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    assert kept(other) is None


def test_nothing_of_it_can_be_read_in_the_database():
    drafts.keep(PLACE, {"name": "Warga Contoh", "nik": "3171234567890001"}, now=NOW)
    row = str(RequestDraft.select().dicts().get())
    assert not [secret for secret in ("Warga", "3171", "rahasia", "surat", "kantor") if secret in row]


def test_a_form_without_a_word_is_no_draft():
    assert drafts.keep(PLACE, {"name": "", "phone": ""}, now=NOW) is None
    assert not RequestDraft.select().exists()


def test_a_novel_is_refused():
    with pytest.raises(Refused, match="terlalu panjang"):
        drafts.keep(PLACE, {"description": "x" * 60_001}, now=NOW)


def test_what_was_sent_already_is_not_kept_again():
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    made = make.request(submission_key="kunci")
    drafts.sent(PLACE, made.number, now=NOW)
    assert drafts.keep(PLACE, {"name": "A"}, submission_key="kunci", now=NOW) is None
    assert (kept(), drafts.of(PLACE, now=NOW).number) == ({}, made.number)


def test_a_draft_lasts_a_day_and_then_is_swept():
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    late = NOW + drafts.KEPT_FOR
    assert drafts.sweep(now=late - timedelta(seconds=1)) == 0
    assert kept(now=late - timedelta(seconds=1)) == {"name": "A"}
    assert kept(now=late) is None
    assert drafts.sweep(now=late) == 1


def test_what_is_let_go_of_is_gone():
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    drafts.discard(PLACE)
    assert kept() is None
    assert not RequestDraft.select().exists()


def test_a_draft_that_no_key_opens_any_more_is_none():
    drafts.keep(PLACE, {"name": "A"}, now=NOW)
    RequestDraft.update(typed=sealed.seal("{}", about="draft of somebody else")).execute()
    assert kept() is None
