"""Nine marks, once a request, become an index that names nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.offices import board
from portal.refusals import Refused
from portal.services import handling, survey
from portal.services.models import ELEMENTS, Opinion, ServiceRequest
from portal.services.requests import Unfit
from tests import make
from tests.together import at_once

NOW = make.NOW
FOURS = dict.fromkeys(ELEMENTS, "4")
OFFICER = make.Actor("Sari", 1)


def settled(office=None, service=None):
    request = make.request(service, office, now=NOW)
    return handling.finish(request, by=OFFICER, now=NOW)


def opinions(office, service, *marks):
    for mark in marks:
        Opinion.create(office=office, service=service, month=NOW.date().replace(day=1), **dict.fromkeys(ELEMENTS, mark))


def sums(answers):
    return [len(answers), *(sum(answer[number] for answer in answers) for number in range(9))]


ANSWER = st.lists(st.integers(1, 4), min_size=9, max_size=9)


@given(st.integers(5, 500), st.integers(1, 4))
def test_one_mark_everywhere_is_its_share_of_a_hundred(count, mark):
    assert survey.of_sums(sums([[mark] * 9] * count)).ikm == 25 * mark


@given(st.lists(ANSWER, min_size=5, max_size=30))
def test_an_index_lies_between_25_and_100_in_the_band_of_its_grade(answers):
    index = survey.of_sums(sums(answers))
    assert 25 <= index.ikm <= 100
    bounds = {"A": (88.31, 100), "B": (76.61, 88.30), "C": (65.0, 76.60), "D": (25.0, 64.99)}[index.grade]
    assert bounds[0] <= index.ikm <= bounds[1]


@given(st.lists(ANSWER, min_size=5, max_size=30), st.integers(0, 8))
def test_a_better_mark_never_lowers_an_index(answers, element):
    better = [[min(4, mark + 1) if number == element else mark for number, mark in enumerate(answer)] for answer in answers]
    assert survey.of_sums(sums(better)).ikm >= survey.of_sums(sums(answers)).ikm


@given(st.lists(ANSWER, max_size=4))
def test_fewer_than_five_answers_are_no_index(answers):
    assert survey.of_sums(sums(answers)) is None


@pytest.mark.parametrize(("total", "grade"), [(8831, "A"), (8830, "B"), (7661, "B"), (7660, "C"), (6500, "C"), (6499, "D"), (2500, "D")])
def test_the_bands_begin_where_the_regulation_says(total, grade):
    assert survey.Index(100, (total / 2500,) * 9).grade == grade


def test_an_answer_is_kept_without_its_request_and_its_moment(database):
    request = settled()
    version = board.version()
    survey.answer(request, FOURS, now=NOW)
    (opinion,) = Opinion.select()
    assert ServiceRequest not in {field.rel_model for field in Opinion._meta.refs}
    assert (opinion.month.day, opinion.office_id, opinion.service_id) == (1, request.office_id, request.service_id)
    assert ServiceRequest.get_by_id(request.id).surveyed_at.isoformat() == "2020-09-01T00:00:00+00:00"
    assert board.version() > version


def test_a_request_is_answered_once(database):
    request = settled()
    survey.answer(request, FOURS, now=NOW)
    with pytest.raises(Refused, match="sudah menilai"):
        survey.answer(request, FOURS, now=NOW)
    assert Opinion.select().count() == 1


def test_only_what_is_settled_is_asked_about(database):
    request = make.request(now=NOW)
    assert not survey.may_answer(request)
    with pytest.raises(Refused, match="sesudah permohonan ini selesai"):
        survey.answer(request, FOURS, now=NOW)
    refused = handling.refuse(request, "Di luar wilayah", by=OFFICER, now=NOW)
    assert survey.may_answer(refused)


@pytest.mark.parametrize("mark", ["", "0", "5", "4.0", "-1", "empat", "４", " 4"])
def test_every_mark_that_is_missing_or_none_is_named(database, mark):
    with pytest.raises(Unfit) as unfit:
        survey.answer(settled(), {**FOURS, "time": mark, "cost": mark}, now=NOW)
    assert [refusal.field for refusal in unfit.value.refusals] == ["time", "cost"]
    assert Opinion.select().count() == 0


def test_an_office_is_counted_with_all_below_it(database):
    top = make.office("Kota")
    unit = make.unit(top, "Loket")
    service = make.service("Surat")
    opinions(top, service, 4, 4)
    opinions(unit, service, 2, 2, 2)
    (row,) = survey.by_office()
    assert (row.slug, row.index.count, row.index.ikm) == (top.slug, 5, 70.0)
    assert survey.with_all_below(top.id) == {top.id, unit.id}
    assert survey.index(survey.with_all_below(top.id)).ikm == 70.0
    assert survey.index({unit.id}) is None


def test_few_answers_are_not_to_be_had_by_subtraction_either(database):
    service, rare = make.service("Surat"), make.service("Akta")
    big, middle, small = (make.office(name) for name in ("Besar", "Sedang", "Kecil"))
    opinions(big, service, *[4] * 9)
    opinions(middle, service, *[3] * 6)
    assert [row.name for row in survey.by_office()] == ["Besar", "Sedang"]
    opinions(small, service, 1)
    assert [row.name for row in survey.by_office()] == ["Besar"]
    opinions(small, rare, 1, 1, 1)
    assert survey.by_service() == []


def test_few_answers_of_one_part_of_an_office_are_not_what_the_whole_has_beyond_its_other_part(database):
    top, service = make.office("Kota"), make.service("Surat")
    unit = make.unit(top, "Loket")
    opinions(top, service, 1, 1)
    opinions(unit, service, *[4] * 6)
    assert [(row.name, row.index.count) for row in survey.by_office()] == [("Kota", 8)]


def test_a_service_is_counted_everywhere_or_at_some_offices(database):
    here, there = make.office(), make.office()
    one, other = make.service("Surat"), make.service("Akta")
    opinions(here, one, *[4] * 5)
    opinions(there, one, *[2] * 5)
    assert [(row.name, row.index.count, row.index.ikm) for row in survey.by_service()] == [("Surat", 10, 75.0)]
    assert survey.by_service({here.id})[0].index.ikm == 100
    assert survey.index({here.id}, one).ikm == 100
    opinions(there, other, 1)
    assert survey.index(service=other) is None
    assert survey.index().count == 11
    assert survey.index(since=NOW.date()) is None


def test_the_same_survey_sent_twice_at_the_same_moment_is_one_answer(shared):
    request = settled()
    assert sorted(at_once(*[lambda: survey.answer(request, FOURS, now=NOW)] * 3)) == ["done", "refused", "refused"]
    assert Opinion.select().count() == 1


def test_the_board_is_held_before_the_request_as_when_an_office_closes_so_that_neither_waits_for_the_other(database, monkeypatch):
    row, held, own = settled(), [], (survey.board.raise_version, survey.requests.held)
    monkeypatch.setattr(survey.board, "raise_version", lambda: held.append("board") or own[0]())
    monkeypatch.setattr(survey.requests, "held", lambda request: held.append("request") or own[1](request))
    survey.answer(row, dict.fromkeys(ELEMENTS, "4"), now=make.NOW)
    assert held == ["board", "request"]
