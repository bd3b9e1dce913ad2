"""By which way a service can be had: compared with a slow model, and told in words."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services import routing
from portal.services.routing import CONTACT, ELSEWHERE
from tests.offices import slowly
from tests.services import routed_slowly
from tests.services.routed_slowly import Case, cases

moments = st.tuples(st.integers(-1, 8), st.one_of(st.sampled_from([0, 479, 480, 600, 960]), st.integers(0, 1439)))


def moment_of(case: Case, drawn: tuple[int, int]) -> datetime:
    day, minute = drawn
    return datetime.combine(slowly.FIRST + timedelta(days=day), time(minute // 60, minute % 60), case.here.zone)


def told(option: routing.Option) -> routed_slowly.Told:
    return option.channel, (option.box or 0) if option.channel == "dropbox" else option.spot.id, option.works_now, option.next_at


@settings(max_examples=50)
@given(cases(), moments)
def test_the_ways_of_an_office_and_of_its_closures_are_those_of_the_slow_model(case: Case, drawn: tuple[int, int]):
    at = moment_of(case, drawn)
    asked = routed_slowly.situation(case)
    diverted = {to for its in case.diverted.values() for to, _ in its}
    alone = replace(asked, spots={id: spot for id, spot in asked.spots.items() if id == case.here.id or id in diverted})
    known = {told(each) for each in case_ways(alone, case, at) if each.channel != ELSEWHERE or "mengalihkan" in each.sentence.id}
    assert known == case.ways(at), at


def case_ways(asked: routing.Situation, case: Case, at: datetime) -> list[routing.Option]:
    return routing.options(asked, case.here.id, at)


@settings(max_examples=50)
@given(cases(), moments)
def test_where_nothing_works_the_nearest_that_serve_are_offered_or_those_that_serve_sooner(case: Case, drawn: tuple[int, int]):
    at = moment_of(case, drawn)
    found = case_ways(routed_slowly.situation(case), case, at)
    diverted = {id for channel, id, *_ in case.ways(at) if channel == ELSEWHERE}
    offered = [each for each in found if each.channel == ELSEWHERE and each.spot.id not in diverted]
    others = [(place, case.serves(place, at)) for place in case.near if place.id not in diverted]
    serving = [place.id for place, opens in others if opens == at]
    own = case.own(case.here, at)
    if any(is_now for *_, is_now, _ in own):
        assert offered == []
    elif serving:
        assert [each.spot.id for each in offered] == serving[:3]
    else:
        soonest = min((opens for *_, opens in own if opens), default=None)
        of = others if soonest is None else others[:3]
        sooner = sorted(opens for _, opens in of if opens is not None and (soonest is None or opens < soonest))
        assert [each.next_at for each in offered] == sooner[:3]


@settings(max_examples=50)
@given(cases(), moments)
def test_what_works_now_comes_first_and_nobody_is_sent_back_or_left_without_a_way(case: Case, drawn: tuple[int, int]):
    at = moment_of(case, drawn)
    found = case_ways(routed_slowly.situation(case), case, at)
    works = [each.works_now for each in found]
    assert works == sorted(works, reverse=True)
    dates = [each.next_at for each in found if each.next_at]
    assert dates == sorted(dates)
    assert all(each.spot.id != case.here.id for each in found if each.channel == ELSEWHERE)
    named = {(each.works_now, each.next_at): [] for each in found if each.channel == ELSEWHERE}  # type: dict[tuple[bool, datetime | None], list[bool]]
    for each in (each for each in found if each.channel == ELSEWHERE):
        named[each.works_now, each.next_at].append(each.is_diverted)
    assert all(those == sorted(those, reverse=True) for those in named.values()), "where a closure sends people stands before what is merely near"
    assert all(each.works_now is (each.next_at is None) for each in found if each.channel != CONTACT)
    assert bool(found) or all(case.serves(place, at) is None for place in case.world.places)
    opens = [case.serves(place, at) for place in case.world.places]
    assert bool(found) or not any(opens)
