from collections import Counter
from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from portal.offices import board, calendars, closures, listing, places
from portal.offices.models import Office
from portal.offices.state import STATES
from tests import make

pytestmark = pytest.mark.usefixtures("database")


def outlook(office: Office, at: str):
    moment = make.local(at, office.timezone)
    picture = board.paint([office.root_id], moment, moment)
    return picture.outlook(picture.nodes[office.id], moment)


def test_an_office_reopens_on_the_morning_after_its_last_closed_day():
    office = make.office()
    make.closure(office, first="2020-09-20", days=3)
    told = outlook(office, "2020-09-22T06:21")
    assert told.state == "remote"
    assert told.until == make.local("2020-09-23T00:00")
    assert told.reopens_at == make.local("2020-09-23T08:00")


def test_declaring_and_ending_a_closure_raises_the_version_each_time():
    versions = [board.version()]
    closure = make.closure()
    versions.append(board.version())
    closures.reopen(closure, reason="Aman.", by="kepala", now=closure.starts_at + timedelta(hours=80) - timedelta(hours=20))
    versions.append(board.version())
    assert versions == sorted(set(versions))


@pytest.fixture
def world(database: None) -> None:
    """Offices of every sort in four regions and three zones: holidays, policies and special hours of regions and of single offices, units, closures."""
    for code in ("31", "31.71", "31.74", "32", "73", "94"):
        make.region(code)
    usual = {code: [make.office(f"Kantor {code} {count}", region=code, timezone=zone) for count in range(4)] for code, zone in
             (("31.71", "Asia/Jakarta"), ("31.74", "Asia/Jakarta"), ("32", "Asia/Jakarta"), ("73", "Asia/Makassar"), ("94", "Asia/Jayapura"))}  # fmt: skip
    make.office("Kantor Siaga", region="31.71", opening="24/7")
    make.office("Kantor Tanpa Wilayah", opening="Mo-Su 06:00-22:00; PH 08:00-12:00")
    for code in ("31.71", "73"):
        top = usual[code][0]
        floor = make.unit(top)
        make.unit(floor)
        make.unit(top, opening="Mo-Su 00:00-12:00")
    calendars.add_regional(date(2020, 9, 22), "Hari jadi", make.region("31.71"), **make.ACT)
    calendars.add_regional(date(2020, 9, 23), "Libur provinsi", make.region("94"), **make.ACT)
    calendars.add_national([calendars.Found(date(2021, 1, 1), "Tahun Baru Masehi")], **make.ACT)
    make.reduced_hours(region_code="31")
    make.reduced_hours("09:00-10:00", first=date(2020, 9, 21), office_id=usual["31.74"][1].id)
    make.reduced_hours("10:00-15:00", first=date(2020, 12, 20), last=None, region_code="73")
    calendars.set_special_hours(usual["32"][2], date(2020, 9, 20), date(2020, 9, 30), "", **make.ACT)
    calendars.set_special_hours(usual["73"][0], date(2020, 9, 22), date(2020, 9, 22), "18:00-24:00", **make.ACT)
    places.add_drop_box(usual["94"][0], "lobi", **make.ACT)
    make.closure(usual["31.74"][0], first="2020-09-20", days=3)
    make.closure(usual["94"][0], usual["94"][1], first="2020-09-22", days=None, online=False)
    make.closure(Office.get(Office.parent == usual["73"][0].id), first="2020-09-21", days=9)
    make.closure(usual["31.71"][0], first="2020-12-31", days=2, excepted=[Office.get(Office.parent == usual["31.71"][0].id)])
    make.closure(usual["32"][0], first="2020-09-21", days=2, online=False)


MOMENTS = ("2020-09-21T09:30", "2020-09-22T05:59", "2020-09-22T09:30", "2020-09-22T13:45", "2020-09-22T18:30", "2020-09-23T09:00", "2020-09-24T00:00",
           "2020-12-31T13:00", "2020-12-31T23:59", "2021-01-01T08:30", "2021-01-02T12:00")  # fmt: skip


@pytest.mark.parametrize("at", MOMENTS)
@pytest.mark.usefixtures("world")
def test_the_board_says_of_all_offices_what_each_would_say_for_itself(at: str):
    moment = make.local(at)
    seen = board.overview(moment)
    picture = board.paint([root for (root,) in Office.select(Office.root_id).distinct().tuples()], moment, moment)
    single = {id: picture.condition(node, moment).state for id, node in picture.nodes.items()}
    tops = Counter(single[office.id] for office in Office.select().where(Office.parent.is_null()))
    assert seen.counts == {state: tops.get(state, 0) for state in STATES}
    for state in STATES:
        picked = {id for (id,) in Office.select(Office.id).where(seen.has_state(state)).tuples()}
        assert picked == {id for id, its in single.items() if its == state}, state


@pytest.mark.usefixtures("world")
def test_the_worlds_moments_show_every_state():
    shown = {state for at in MOMENTS for state, count in board.overview(make.local(at)).counts.items() if count}
    assert shown == set(STATES)


def test_what_is_disrupted_is_every_top_with_an_active_closure_in_it():
    whole, part, quiet, coming = (make.office() for _ in range(4))
    make.closure(whole, make.unit(part))
    make.closure(coming, first="2020-09-25")
    seen = board.overview(make.local("2020-09-21T09:00"))
    assert seen.disrupted == {whole.id: "remote", part.id: "limited"}
    assert quiet.id not in seen.touched


def test_a_unit_without_hours_of_its_own_keeps_the_special_hours_and_policies_of_what_it_is_part_of():
    office = make.office()
    unit = make.unit(office)
    calendars.set_special_hours(office, date(2020, 9, 22), date(2020, 9, 22), "18:00-20:00", **make.ACT)
    make.reduced_hours("08:00-09:00", office_id=office.id)
    assert outlook(unit, "2020-09-22T18:30").state == "open"
    assert outlook(unit, "2020-09-23T08:30").state == "limited"
    assert outlook(unit, "2020-09-23T09:30").state == "off_hours"
    calendars.set_special_hours(unit, date(2020, 9, 22), date(2020, 9, 22), "", **make.ACT)
    assert outlook(unit, "2020-09-22T18:30").state == "off_hours"


def test_the_latest_special_hours_of_a_day_hold():
    office = make.office()
    for opening in ("", "18:00-20:00"):
        calendars.set_special_hours(office, date(2020, 9, 22), date(2020, 9, 22), opening, **make.ACT)
    assert outlook(office, "2020-09-22T18:30").state == "open"


def test_a_regional_holiday_closes_offices_there_and_below_and_no_others():
    for code in ("31", "31.7", "31.71", "31.71.01", "31.74"):
        make.region(code, level="wilayah")
    offices = {code: make.office(region=code) for code in ("31", "31.71", "31.71.01", "31.74")}
    calendars.add_regional(date(2020, 9, 22), "Hari jadi kota", make.region("31.71"), **make.ACT)
    calendars.add_regional(date(2020, 9, 23), "Bukan wilayah ini", make.region("31.7"), **make.ACT)
    assert {code: outlook(office, "2020-09-22T09:00").state for code, office in offices.items()} == {
        "31": "open", "31.71": "off_hours", "31.71.01": "off_hours", "31.74": "open"}  # fmt: skip
    assert {outlook(office, "2020-09-23T09:00").state for office in offices.values()} == {"open"}
    seen = board.overview(make.local("2020-09-23T09:00"))
    assert seen.counts["open"] == 4


def test_a_unit_lies_in_the_region_of_what_it_is_part_of():
    office = make.office(region=make.region("31").code)
    unit = make.unit(office)
    calendars.add_regional(date(2020, 9, 22), "Libur", make.region("31"), **make.ACT)
    assert outlook(unit, "2020-09-22T09:00").state == "off_hours"


def test_the_number_of_queries_does_not_grow_with_offices_or_closures():
    moment = make.local("2020-09-21T09:00")
    acts = {
        "overview": lambda seen: board.overview(moment),
        "paint": lambda seen: board.paint([id for (id,) in Office.select(Office.root_id).tuples()], moment, moment),
        "page": lambda seen: listing.page(seen, listing.Filters(), number=1, size=50, tops_only=False),
        "disrupted": listing.disrupted,
        "coming": lambda seen: listing.coming(moment),
        "by region": lambda seen: listing.by_region(seen, "", 5),
    }

    def queries() -> dict[str, int]:
        seen, counts = board.overview(moment), {}
        for name, act in acts.items():
            with count_queries() as counted:
                act(seen)
            counts[name] = counted.count
        return counts

    def grow(count: int) -> None:
        for number in range(count):
            office = make.office(region=make.region("31").code, opening=f"Mo-Fr 0{number % 9}:00-16:00")
            make.closure(office, excepted=[make.unit(office)], detours=[closures.Detour(place="Tenda")])
            make.closure(office, first="2020-09-25")
            calendars.set_special_hours(office, date(2020, 9, 22), date(2020, 9, 22), "08:00-09:00", **make.ACT)

    grow(2)
    few = queries()
    grow(12)
    assert queries() == few


def test_an_office_keeps_the_holidays_of_its_province_beside_those_of_its_city():
    office = make.office(region=make.region("31.71").code)
    calendars.add_regional(date(2020, 9, 22), "Hari jadi kota", make.region("31.71"), **make.ACT)
    calendars.add_regional(date(2020, 9, 23), "Hari jadi provinsi", make.region("31"), **make.ACT)
    calendars.add_national([calendars.Found(date(2020, 9, 24), "Libur nasional")], **make.ACT)
    assert [outlook(office, f"2020-09-{day}T09:00").state for day in (21, 22, 23, 24, 25)] == ["open", "off_hours", "off_hours", "off_hours", "open"]
