"""An employee says that the superior on record is the wrong one, and an administrator settles it."""

import pytest

from portal.offices import corrections, postings
from portal.offices.staff import Correction
from portal.people import accounts
from portal.people.models import Person
from portal.refusals import Refused
from tests import make
from tests.make import ACT, NOW
from tests.offices.staff import TODAY, YESTERDAY, acts, asked, days, last_act
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("database")


def test_an_accepted_superior_holds_from_the_day_on_and_what_was_stays_on_record():
    wrong, right, person = make.person(), make.person(), make.person()
    asked_for = asked(person, right, under=wrong)
    assert postings.main_posting(person, TODAY).supervisor == wrong
    corrections.settle(asked_for, accept=True, answer="", day=TODAY, **ACT)
    assert [postings.main_posting(person, day).supervisor for day in (YESTERDAY, TODAY)] == [wrong, right]
    assert days(person) == [("2020-01-01", "2020-09-18"), ("2020-09-19", None)]
    assert acts() == ["posted", "supervisor_proposed", "posted", "supervisor_settled"]
    assert (last_act().before, last_act().after) == ({"supervisor": wrong.identifier}, {"accepted": True, "supervisor": right.identifier})


def test_a_posting_that_begins_today_takes_the_accepted_superior_from_its_start():
    right, person = make.person(), make.person()
    make.posting(person, under=make.person(), first="2020-09-19")
    corrections.settle(asked(person, right), accept=True, answer="", day=TODAY, **ACT)
    assert postings.main_posting(person, TODAY).supervisor == right
    assert days(person) == [("2020-09-19", None)]


def test_an_end_that_was_known_stays_after_the_correction():
    right, person = make.person(), make.person()
    make.posting(person, last="2020-12-31")
    corrections.settle(asked(person, right), accept=True, answer="", day=TODAY, **ACT)
    assert days(person) == [("2020-01-01", "2020-09-18"), ("2020-09-19", "2020-12-31")]


def test_a_refused_proposal_needs_an_answer_and_changes_nothing():
    wrong, person = make.person(), make.person()
    asked_for = asked(person, make.person(), under=wrong)
    with pytest.raises(Refused) as refused:
        corrections.settle(asked_for, accept=False, answer=" ", day=TODAY, **ACT)
    assert refused.value.field == "answer"
    assert Correction.get_by_id(asked_for.id).settled_at is None
    corrections.settle(asked_for, accept=False, answer="Surat tugas Anda menyebut yang lama.", day=TODAY, **ACT)
    settled = Correction.get_by_id(asked_for.id)
    assert (settled.is_accepted, settled.settled_at, settled.answer) == (False, NOW, "Surat tugas Anda menyebut yang lama.")
    assert postings.main_posting(person, TODAY).supervisor == wrong
    assert days(person) == [("2020-01-01", None)]


def test_a_proposal_is_settled_once_and_then_another_may_be_made():
    person = make.person()
    asked_for = asked(person, make.person())
    with pytest.raises(Refused) as refused:
        asked(person, make.person())
    assert refused.value.field == "proposed"
    corrections.settle(asked_for, accept=False, answer="Tidak.", day=TODAY, **ACT)
    with pytest.raises(Refused):
        corrections.settle(asked_for, accept=True, answer="", day=TODAY, **ACT)
    assert asked(person, make.person()).settled_at is None


def test_oneself_the_same_superior_and_a_closed_account_are_not_proposed():
    wrong, person, gone = make.person(), make.person(), make.person()
    make.posting(person, under=wrong)
    accounts.end(gone, **ACT)
    for proposed in (person, wrong, Person.get_by_id(gone.id)):
        with pytest.raises(Refused) as refused:
            asked(person, proposed)
        assert refused.value.field == "proposed"
    assert not Correction.select().exists()


def test_a_proposal_that_would_close_a_circle_is_refused_and_still_waits():
    superior, person = make.person("Budi"), make.person("Siti")
    make.posting(superior, under=person)
    make.posting(person)
    asked_for = asked(person, superior)
    before = acts()
    with pytest.raises(Refused, match="Siti → Budi → Siti"):
        corrections.settle(asked_for, accept=True, answer="", day=TODAY, **ACT)
    assert Correction.get_by_id(asked_for.id).settled_at is None
    assert (acts(), days(person)) == (before, [("2020-01-01", None)])


def test_a_proposal_for_a_posting_that_has_ended_cannot_be_accepted():
    person = make.person()
    asked_for = asked(person, make.person())
    postings.end_posting(postings.main_posting(person, TODAY), YESTERDAY, **ACT)
    with pytest.raises(Refused):
        corrections.settle(asked_for, accept=True, answer="", day=TODAY, **ACT)
    assert days(person) == [("2020-01-01", "2020-09-18")]
    corrections.settle(asked_for, accept=False, answer="Sudah pindah.", day=TODAY, **ACT)


class TestAtOnce:
    """With real commits, on a database that threads share."""

    @pytest.fixture
    def database(self, shared: None) -> None:
        return None

    def test_a_proposal_made_several_times_at_once_waits_once(self):
        posting, superior = make.posting(make.person()), make.person()
        ended = at_once(*[lambda: corrections.propose(posting, superior, reason="Salah.", **ACT)] * 3)
        assert sorted(ended) == ["done", "refused", "refused"]

    def test_two_settlements_at_once_are_one(self):
        person, office = make.person(), make.office()
        make.posting(person, office)
        asked_for = asked(person, make.person())
        other = make.person()
        make.posting(other, office)
        second = asked(other, make.person())
        settle = [lambda each=each: corrections.settle(each, accept=True, answer="", day=TODAY, **ACT) for each in (asked_for, asked_for, second)]
        assert sorted(at_once(*settle)) == ["done", "done", "refused"]
        assert len(days(person)) == len(days(other)) == 2
