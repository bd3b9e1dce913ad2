from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.offices.hours import Special, Timetable, parse
from portal.offices.state import Node, Picture
from tests.offices.slowly import FIRST, Place, Shut, World, picture, worlds

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def quick(seen: Picture, place: Place, at: datetime):
    """A condition in the words of the slow model."""
    return said(seen.condition(seen.nodes[place.id], at))


def said(condition):
    channels = condition.channels
    return condition.state, (channels.counter, channels.online, channels.dropbox, channels.email), frozenset(condition.closures)


@given(worlds(), st.data())
def test_a_condition_is_what_the_words_of_the_contract_say_at_every_edge_and_beside_it(world: World, data: st.DataObject):
    seen, place = picture(world), data.draw(st.sampled_from(world.places))
    some = data.draw(st.lists(st.integers(0, 9 * 1440), max_size=10))
    start = datetime.combine(FIRST - DAY, time(), place.zone)
    edges = [edge for edge in world.edges(9) if start <= edge < start + 10 * DAY]
    every = max(1, len(edges) // 150)
    for at in [near for edge in edges[::every] for near in (edge - MINUTE, edge, edge + MINUTE)] + [start + minute * MINUTE for minute in some]:
        assert quick(seen, place, at) == world.said(place, at), at


@given(worlds(), st.data())
def test_a_timeline_has_no_gaps_and_no_overlaps_and_each_interval_holds_from_first_to_last_second(world: World, data: st.DataObject):
    seen, place = picture(world), data.draw(st.sampled_from(world.places))
    start = datetime.combine(FIRST, time(), place.zone) + data.draw(st.integers(-600, 2000)) * MINUTE
    end = start + data.draw(st.integers(1, 5 * 1440)) * MINUTE
    line = seen.timeline(seen.nodes[place.id], start, end)
    assert (line[0][0], line[-1][1]) == (start, end)
    assert all(before[1] == after[0] and before[2] != after[2] for before, after in pairwise(line))
    for begins, ends, condition in line:
        assert begins < ends
        for at in (begins, begins + (ends - begins) / 2, ends - SECOND):
            assert said(condition) == world.said(place, at), at
    starts = [begins for begins, *_ in line]
    for edge in (edge for edge in world.edges(9) if start <= edge < end):
        assert said(line[bisect_right(starts, edge) - 1][2]) == world.said(place, edge), edge


@given(worlds(), st.data())
def test_an_outlook_says_how_long_a_state_lasts_and_when_the_counter_serves_next(world: World, data: st.DataObject):
    seen, place = picture(world), data.draw(st.sampled_from(world.places))
    at = datetime.combine(FIRST, time(), place.zone) + data.draw(st.integers(-1000, 5 * 1440)) * MINUTE
    told = seen.outlook(seen.nodes[place.id], at)
    now = world.said(place, at)
    ahead = [edge for edge in world.edges(21) if edge > at]
    assert told.state == now[0]
    assert told.until == next((edge for edge in ahead if world.said(place, edge)[0] != now[0]), None)
    assert told.reopens_at == (None if now[1][0] else next((edge for edge in ahead if world.counter(place, edge)), None))


@given(worlds(), st.data())
def test_the_services_that_are_closed_singly_are_those_that_the_words_of_the_contract_name(world: World, data: st.DataObject):
    seen, place = picture(world), data.draw(st.sampled_from(world.places))
    start = datetime.combine(FIRST - DAY, time(), place.zone)
    edges = {moment for shut in world.shuts for moment in (shut.starts, shut.ends) if moment}
    for at in [near for edge in edges for near in (edge - SECOND, edge)] + [start + data.draw(st.integers(0, 9 * 1440)) * MINUTE]:
        found = seen.closed_services(seen.nodes[place.id], at)
        assert {name: (each.ends_at, each.online is not False, each.dropbox) for name, each in found.items()} == world.services(place, at), at


@given(worlds(), st.data())
def test_closures_of_single_services_take_no_channel_from_anybody(world: World, data: st.DataObject):
    place = data.draw(st.sampled_from(world.places))
    at = datetime.combine(FIRST, time(), place.zone) + data.draw(st.integers(0, 5 * 1440)) * MINUTE
    everything = {each.id: True for each in world.places if each.above is None}
    before = quick(picture(world), place, at)
    world.shuts.append(Shut(99, at, None, everything, False, False, [], frozenset({"ktp"})))
    state, channels, concerned = quick(picture(world), place, at)
    assert (state, channels, concerned) == ("limited" if before[0] == "open" else before[0], before[1], before[2] | {99})


@given(worlds(), st.data())
def test_a_closure_of_everything_without_exceptions_closes_everything_whatever_other_closures_except(world: World, data: st.DataObject):
    top = world.places[0]
    starts = datetime.combine(FIRST, time(), top.zone)
    everything = {place.id: True for place in world.places if place.above is None}
    world.shuts.append(Shut(99, starts, None, everything, data.draw(st.sampled_from([None, False])), None, []))
    seen, at = picture(world), starts + data.draw(st.integers(0, 5 * 1440)) * MINUTE
    for node in seen.nodes.values():
        condition = seen.condition(node, at)
        assert condition.state in {"remote", "suspended"}
        assert not condition.channels.counter
        assert 99 in condition.closures


@pytest.mark.parametrize(("zone", "utc_hour"), [("Asia/Jakarta", 1), ("Asia/Makassar", 0), ("Asia/Jayapura", 23)])
def test_eight_oclock_is_a_different_moment_in_each_zone(zone: str, utc_hour: int):
    node = Node(1, Timetable(parse("Mo-Su 08:00-16:00"), ZoneInfo(zone)))
    opens, seen = datetime(2020, 9, 22, utc_hour, tzinfo=UTC), Picture({1: node})
    assert seen.condition(node, opens - SECOND).state == "off_hours"
    assert seen.condition(node, opens).state == "open"


def test_an_office_closed_for_a_season_by_special_hours_still_says_when_it_opens():
    jakarta = ZoneInfo("Asia/Jakarta")
    season = Special(date(2020, 10, 1), date(2020, 12, 31), (), "Renovasi")
    node = Node(1, Timetable(parse("Mo-Su 08:00-16:00"), jakarta, specials=(season,)))
    told = Picture({1: node}).outlook(node, datetime(2020, 10, 2, 9, tzinfo=jakarta))
    assert told.reopens_at == told.until == datetime(2021, 1, 1, 8, tzinfo=jakarta)


def test_an_office_that_is_always_open_knows_no_end_of_it():
    node = Node(1, Timetable(parse("24/7"), ZoneInfo("Asia/Jakarta"), {date(2021, 1, 1): "Tahun Baru"}))
    told = Picture({1: node}).outlook(node, datetime(2020, 12, 31, 9, tzinfo=UTC))
    assert (told.state, told.until, told.reopens_at) == ("open", None, None)


def test_an_office_open_day_and_night_but_for_holidays_is_open_until_the_next_one_however_far():
    jakarta = ZoneInfo("Asia/Jakarta")
    node = Node(1, Timetable(parse("Mo-Su 00:00-24:00"), jakarta, {date(2021, 1, 1): "Tahun Baru"}))
    assert Picture({1: node}).outlook(node, datetime(2020, 9, 1, tzinfo=jakarta)).until == datetime(2021, 1, 1, tzinfo=jakarta)


def test_the_days_of_a_diversion_divide_a_closure_into_stretches():
    place = Place(1, None, ZoneInfo("Asia/Jakarta"), [[(480, 960)]] * 7, [], set(), [], [], has_box=False)
    days = [datetime(2021, 1, day, tzinfo=place.zone) for day in (1, 2, 4, 6)]
    world = World([place], [Shut(1, days[0], days[3], {1: True}, False, None, [(days[1], days[2])])])
    line = picture(world).timeline(picture(world).nodes[1], days[0], days[3])
    assert [(begins, ends, condition.state) for begins, ends, condition in line] == [
        (days[0], days[1], "suspended"),
        (days[1], days[2], "remote"),
        (days[2], days[3], "suspended"),
    ]
    assert picture(world).outlook(picture(world).nodes[1], days[0]).until == days[1]
