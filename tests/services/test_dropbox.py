"""A letter in a drop box goes through known hands: opened by two, counted, matched, at rest until its quarantine ends."""

from datetime import timedelta

import pytest

from portal import policies
from portal.audit import AuditEntry
from portal.offices import places
from portal.offices.models import DropBox
from portal.outbox import Letter
from portal.refusals import NotFound, Refused
from portal.services import dropbox, handling, pickups
from portal.services.models import BoxItem, BoxPickup, RequestEvent, ServiceRequest
from tests import make
from tests.together import at_once

NOW = make.local("2020-09-18T10:00")  # a Friday
LATER = NOW + timedelta(hours=25)


class Setting:
    """An office with a box that gives a service, and who opens the box."""

    def __init__(self):
        self.office = make.office()
        places.add_drop_box(self.office, "lobi", "", **make.ACT)
        self.box, self.service = DropBox.get(), make.service(at=[self.office], particulars=[{"is_required": True}])
        self.by = make.Actor("Sari", make.person().id)

    def open(self, letters=3, at=NOW, **facts):
        return dropbox.open_box(**{"box": self.box, "at": at, "first": "Sari", "second": "Budi", "letters": letters, "by": self.by, "now": NOW, **facts})

    def request(self, at=None, **facts):
        asked = make.asked(self.service, at or self.office, **{"channel": "dropbox", "is_brief": True, "origin": "paper", **facts})
        return make.requests.submit(asked, now=NOW - timedelta(days=1))

    def match(self, pickup, request, **facts):
        return dropbox.match(pickup, getattr(request, "number", request), **{"by": self.by, "now": NOW, **facts})

    def register(self, pickup, key="k", **facts):
        asked = make.asked(self.service, self.office, **{"phone": "", "email": "", "submission_key": key, **facts})
        return dropbox.register(pickup, asked, by=self.by, now=NOW)


@pytest.fixture
def it(database):
    return Setting()


@pytest.fixture
def rested(it):
    """Letters rest 24 hours here."""
    policies.set_policy(
        policies.LETTER_QUARANTINE, {"hours": 24}, name="Karantina", legal_basis="SE 1", first_day=NOW.date(), office_id=it.office.id, **make.ACT
    )
    return it


def happened(request):
    return [event.what for event in RequestEvent.select().where(RequestEvent.request == request.id).order_by(RequestEvent.id)]


def now(request):
    return ServiceRequest.get_by_id(request.id)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"second": "sari "}, "second"), ({"second": "SARI"}, "second"), ({"first": ""}, "first"), ({"second": ""}, "second"), ({"letters": -1}, "letters"),
     ({"letters": 2001}, "letters"), ({"at": NOW + timedelta(minutes=1)}, "at"), ({"first": "a\0"}, "first")],
)  # fmt: skip
def test_a_box_is_opened_by_two_who_count_and_not_in_the_future(it, facts, field):
    with pytest.raises(Refused) as refused:
        it.open(**facts)
    assert refused.value.field == field
    assert BoxPickup.select().count() == 0


def test_an_opening_is_recorded_once(it):
    it.open()
    with pytest.raises(Refused, match="sudah tercatat"):
        it.open(second="Tono")
    assert AuditEntry.select().where(AuditEntry.act == "box_opened").count() == 1


def test_a_matched_letter_starts_the_working_days_at_its_collection_and_its_sender_is_told(it):
    request = it.request(email="siti@example.org")
    assert request.clock_from is None
    item = it.match(it.open(at=NOW - timedelta(hours=2)), request)
    row = now(request)
    assert (row.clock_from, row.due_on.isoformat(), item.was_announced) == (NOW - timedelta(hours=2), "2020-09-23", True)
    assert happened(request) == ["submitted", "collected"]
    event = RequestEvent.get(RequestEvent.what == "collected")
    assert event.facts == {"at": (NOW - timedelta(hours=2)).isoformat(), "place": "lobi", "quarantined_until": None}
    assert Letter.select().where(Letter.name == "request_collected").count() == 1


@pytest.mark.parametrize("typed", ["{0}", "{1}", "  {2} ", "https://portal.example/permohonan/{0}", "https://portal.example/permohonan/{0}?bahasa=en",
                                   "http://x/permohonan/{0}/label#a"])  # fmt: skip
def test_a_number_is_matched_however_it_is_typed_or_scanned(it, typed):
    request = it.request()
    written = typed.format(request.number, request.number.replace("-", "").lower(), request.number.replace("-", " "))
    assert it.match(it.open(), written).request == request


def test_a_mistyped_number_and_an_unknown_one_are_told_apart(it):
    pickup = it.open()
    with pytest.raises(NotFound, match="salah ketik"):
        it.match(pickup, "7KQ4-M2XT-9BC")
    with pytest.raises(NotFound):
        it.match(pickup, "https://portal.example/lacak")
    assert BoxItem.select().count() == 0


def test_a_letter_is_matched_once_in_a_pickup_and_a_second_one_comes_in_another(it):
    request, first = it.request(), it.open()
    it.match(first, request)
    with pytest.raises(Refused, match="sudah tercatat"):
        it.match(first, request)
    handling.ask(request, "Mohon salinan KK.", by=it.by, now=NOW)
    it.match(it.open(at=NOW - timedelta(hours=1)), request)
    assert now(request).news_at == NOW
    assert happened(request).count("collected") == 2


def test_a_letter_of_a_closed_request_is_told(it):
    request = it.request()
    handling.refuse(request, "Tidak lengkap.", by=it.by, now=NOW)
    with pytest.raises(Refused, match="sudah ditutup"):
        it.match(it.open(), request)


def test_a_paper_for_a_request_by_another_channel_is_shown_to_its_officer_and_moves_nothing(it):
    request = it.request(channel="online", origin="web", is_brief=True)
    it.match(it.open(), request)
    assert (now(request).channel, now(request).news_at, now(request).clock_from) == ("online", NOW, request.clock_from)


def test_no_more_letters_are_recorded_than_were_counted_until_the_count_is_corrected(it):
    pickup = it.open(letters=1)
    it.match(pickup, it.request())
    with pytest.raises(Refused, match="Semua 1 surat"):
        it.register(pickup)
    assert ServiceRequest.select().count() == 1
    dropbox.correct_count(pickup, 2, by=it.by, now=NOW)
    it.register(pickup)
    with pytest.raises(Refused, match="Sudah 2 surat"):
        dropbox.correct_count(pickup, 1, by=it.by, now=NOW)
    assert AuditEntry.get(AuditEntry.act == "box_counted_again").after == {"letters": 2}


def test_a_letter_without_a_number_becomes_a_request_with_its_name_alone(it):
    item = it.register(it.open())
    row = item.request
    assert (row.channel, row.origin, row.phone, row.email, item.was_announced) == ("dropbox", "paper", "", "", False)
    assert now(row).clock_from == NOW
    assert Letter.select().count() == 0


def test_a_letter_registered_twice_by_the_same_form_is_one(it):
    pickup = it.open(letters=1)
    assert it.register(pickup) == it.register(pickup)
    assert ServiceRequest.select().count() == BoxItem.select().count() == 1


def test_a_letter_of_another_offices_request_is_told_and_forwarded_with_its_trace(it):
    other = make.office("Kantor Lain")
    make.ServiceOffice.create(service=it.service, office=other)
    request, pickup = it.request(other), it.open(letters=1)
    with pytest.raises(dropbox.Elsewhere, match="Kantor Lain"):
        it.match(pickup, request, own={it.office.id})
    assert happened(request) == ["submitted"]
    item = it.match(pickup, request, own={it.office.id}, forwards=True)
    assert happened(request) == ["submitted", "collected", "forwarded"]
    assert (now(request).office_id, now(request).news_at, item.handled_at) == (other.id, NOW, NOW)
    assert pickups.unfinished({it.office.id}) == []


def test_letters_rest_as_long_as_the_policy_of_the_place_says(rested):
    pickup = rested.open(at=NOW - timedelta(hours=1))
    assert pickup.quarantined_until == NOW + timedelta(hours=23)
    item = rested.match(pickup, rested.request())
    with pytest.raises(Refused, match="masih dikarantina"):
        dropbox.unseal([item], by=rested.by, now=NOW + timedelta(hours=22, minutes=59))
    assert dropbox.unseal([item], by=rested.by, now=NOW + timedelta(hours=23)) == 1
    assert dropbox.quarantine(make.office(), NOW) is None


def test_of_letters_that_are_opened_together_none_is_where_one_still_rests(rested):
    old, new = rested.open(at=NOW - timedelta(days=2)), rested.open()
    items = [rested.match(old, rested.request()), rested.match(new, rested.request())]
    with pytest.raises(Refused):
        dropbox.unseal(items, by=rested.by, now=NOW)
    assert BoxItem.select().where(BoxItem.handled_at.is_null(False)).count() == 0


def test_an_opened_letter_is_in_work_and_is_opened_once(it):
    request = it.request()
    item = it.match(it.open(), request)
    assert [dropbox.unseal([BoxItem.get_by_id(item.id)], by=it.by, now=NOW) for _ in range(2)] == [1, 0]
    assert now(request).state == "in_progress"
    assert happened(request) == ["submitted", "collected", "unsealed"]


def test_a_citizen_says_once_that_the_letter_lies_in_the_box_while_it_is_awaited(it):
    request = it.request(origin="web", is_brief=True, filed_by=make.person())
    for _ in range(2):
        dropbox.deposit(request, now=NOW)
    assert happened(request) == ["submitted", "deposited"]
    it.match(it.open(), request)
    for each in (request, it.request(channel="online")):
        with pytest.raises(Refused, match="tidak menunggu surat"):
            dropbox.deposit(each, now=NOW)


def test_boxes_pickups_and_awaited_letters_are_those_of_the_own_offices(it):
    other = make.office("Kantor Lain")
    make.ServiceOffice.create(service=it.service, office=other)
    places.add_drop_box(other, "pagar", "", **make.ACT)
    mine, theirs = it.request(), it.request(other)
    pickup = it.open(letters=2)
    for own, seen in (({it.office.id}, [mine]), ({other.id}, [theirs]), (None, [mine, theirs]), (set(), [])):
        assert pickups.awaited(own) == seen
        assert pickups.waiting_at(own) == {each.office_id: 1 for each in seen}
    assert [each.place for each in pickups.boxes({it.office.id})] == ["lobi"]
    assert {each.place for each in pickups.boxes(None)} == {"lobi", "pagar"}
    it.match(pickup, mine)
    [found] = pickups.unfinished({it.office.id})
    assert (found.pickup, found.matched, found.opened, found.is_finished) == (pickup, 1, 0, False)
    assert pickups.unfinished({other.id}) == pickups.awaited({it.office.id}) == []
    dropbox.unseal([it.register(pickup), *pickups.items(pickup)], by=it.by, now=NOW)
    assert pickups.unfinished(None) == []
    assert pickups.latest(it.box)[0].is_finished


def test_two_officers_who_record_the_last_letter_at_once_record_one(shared):
    it = Setting()
    pickup, pair = it.open(letters=1), (it.request(), it.request())
    assert sorted(at_once(*[lambda each=each: it.match(pickup, each) for each in pair])) == ["done", "refused"]
    assert BoxItem.select().count() == 1


def test_one_letter_recorded_by_eight_at_once_is_one(shared):
    it = Setting()
    pickup, request = it.open(letters=8), it.request()
    assert sorted(at_once(*[lambda: it.match(pickup, request)] * 8)) == ["done"] + ["refused"] * 7
    assert at_once(*[lambda: it.register(pickup, key="sama")] * 4) == ["done"] * 4
    assert BoxItem.select().count() == ServiceRequest.select().count() == 2
