"""The day of review of a closure without an end reminds heads and crisis desk, the day before and on the day; nothing reopens by itself."""

from datetime import timedelta

import pytest

from portal import continuity
from portal.offices import board, closures, postings, reviews
from portal.offices.models import Office
from portal.outbox import TO_CALL, Letter
from portal.people.models import Person
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, NOW, local
from tests.views import staff

pytestmark = pytest.mark.usefixtures("database")
REVIEW = local("2020-10-04T07:00")  # fourteen days after the first day
DAY = timedelta(days=1)


def head(office: Office | None, **facts: object) -> Person:
    return staff.person("head", office, email=facts.pop("email", f"kepala{Person.select().count()}@surat.example"), **facts)


def reminded(now) -> list[tuple[str, str]]:
    before = {id for (id,) in Letter.select(Letter.id).tuples()}
    reviews.remind(now=now)
    fresh = [letter for letter in Letter.select().where(Letter.name == reviews.LETTER).order_by(Letter.person_id) if letter.id not in before]
    return [(letter.recipient, letter.facts["occasion"]) for letter in fresh]


def test_heads_and_crisis_desk_are_reminded_the_day_before_and_on_the_day_each_once():
    above = make.office()
    office = make.unit(above)
    head(office, name="Kepala")
    head(above, name="Kepala gedung")
    head(make.office(), name="Kepala lain")
    staff.person("crisis", None, name="Tim", email="tim@surat.example")
    make.closure(office, days=None)
    assert reminded(REVIEW - 2 * DAY) == []
    assert reminded(REVIEW - DAY - timedelta(minutes=1)) == []
    for now, occasion in ((REVIEW - DAY, "before"), (REVIEW, "day")):
        assert reminded(now) == [("Kepala", occasion), ("Kepala gedung", occasion), ("Tim", occasion)]
        assert reminded(now + timedelta(hours=5)) == []
    assert reminded(REVIEW + 10 * DAY) == []


def test_who_stands_in_for_the_head_that_day_is_reminded_and_who_left_is_not():
    office = make.office()
    chief, deputy = head(office, name="Kepala"), staff.person(name="Plh", email="plh@surat.example")
    continuity.end_account(head(office, name="Pindah"), by="admin", now=NOW)
    postings.act_for(chief, deputy, kind="Plh", letter_number="1", first_day=REVIEW.date(), last_day=REVIEW.date(), **ACT)
    make.closure(office, days=None)
    assert reminded(REVIEW) == [("Kepala", "day"), ("Plh", "day")]


def test_a_new_day_of_review_is_reminded_anew_and_an_end_or_withdrawal_not_at_all():
    office = make.office()
    head(office, name="Kepala")
    closure = make.closure(office, days=None)
    assert len(reminded(REVIEW)) == 1
    later = REVIEW + 14 * DAY
    closures.extend(closure, None, reason="belum aman", by="kepala", now=REVIEW, review_on=later.date())
    assert reminded(REVIEW + timedelta(hours=1)) == []
    assert reminded(later - DAY) == [("Kepala", "before")]
    closures.extend(closure, later + DAY, reason="selesai", by="kepala", now=later - DAY)
    assert reminded(later) == []


def test_a_worker_that_slept_over_the_day_makes_up_for_it_and_the_office_stays_closed():
    office = make.office()
    head(office, name="Kepala")
    make.closure(office, days=None)
    late = REVIEW + 2 * DAY + timedelta(hours=2)
    assert reminded(late) == [("Kepala", "day")]
    picture = board.paint([office.root_id], late, late)
    assert picture.condition(picture.nodes[office.id], late).state == "remote"


def test_who_has_no_address_stands_on_the_call_list_of_the_office():
    office = make.office()
    head(office, name="Kepala", email="", phone="081234567890")
    make.closure(office, days=None)
    reviews.remind(now=REVIEW)
    letter = Letter.get(name=reviews.LETTER)
    assert (letter.state, letter.phone, letter.office_id) == (TO_CALL, "081234567890", office.id)


def test_many_closures_cost_as_many_questions_as_few():
    counts = []
    for _ in range(2):
        for _ in range(3):
            office = make.office()
            make.closure(office, days=None)
        reviews.remind(now=REVIEW)
        with counted() as asked:
            reviews.remind(now=REVIEW)
        counts.append(len(asked))
    assert counts[0] == counts[1]
