"""When what is due, over weekends, holidays, leave and outages, in three zones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import policies
from portal.kinerja.models import Outage
from portal.kinerja.working_days import CONFIRMED, LONGEST_PAUSE, WorkingDays
from portal.offices import calendars
from portal.offices.calendars import Found
from portal.offices.models import Holiday, Office
from portal.policies import LOG_DEADLINE, WORK_WEEK
from tests import make
from tests.house.test_queries import counted

pytestmark = pytest.mark.usefixtures("database")

OCTOBER_2020 = (("2020-10-28", "Cuti Bersama Maulid", True), ("2020-10-29", "Maulid Nabi", False), ("2020-10-30", "Cuti Bersama Maulid", True))


def day(text: str) -> date:
    return date.fromisoformat(text)


def holidays(*found: tuple[str, str, bool]) -> None:
    calendars.add_national([Found(day(each), name, is_joint_leave=is_joint) for each, name, is_joint in found], **make.ACT)


def rule(kind: str, value: dict[str, object], first: str = "2020-01-01", **scope: object) -> policies.Policy:
    return policies.set_policy(kind, value, name="Aturan setempat", legal_basis="SE 1", first_day=day(first), **{**make.ACT, **scope})


def outage(starts: str, ends: str, state: str = CONFIRMED, zone: str = "Asia/Jakarta") -> None:
    """A time in which nobody could use the portal, on the clocks of a zone."""
    Outage.create(starts_at=make.local(starts, zone), ends_at=make.local(ends, zone), state=state, entered_at=make.NOW, entered_by="admin")


def calendar(office: Office, first: str, last: str = "") -> WorkingDays:
    return WorkingDays.of([office.id], day(first), day(last or first))


def due(office: Office, text: str, away: set[date] = frozenset()) -> str:
    """The moment on the office's own clocks before which a day is on time."""
    return said(calendar(office, text).due(office.id, day(text), away)[0], office)


def said(moment: datetime | None, office: Office) -> str:
    assert moment is not None
    return moment.astimezone(ZoneInfo(office.timezone)).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def office() -> Office:
    make.work_rules()
    return make.office()


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("2020-09-21", "2020-09-23 00:00"),  # Monday: until Tuesday is over
        ("2020-09-25", "2020-09-29 00:00"),  # Friday: until Monday is over
        ("2020-09-26", "2020-09-29 00:00"),  # somebody worked on a Saturday
        ("2020-09-27", "2020-09-29 00:00"),
        ("2020-12-31", "2021-01-02 00:00"),  # Thursday; no holiday is known here
    ],
)
def test_a_day_is_on_time_until_the_next_working_day_is_over(office, written, until):
    assert due(office, written) == until


def test_a_deadline_skips_holidays_and_joint_leave(office):
    holidays(*OCTOBER_2020)
    assert due(office, "2020-10-27") == "2020-11-03 00:00"  # Tuesday before three free days and a weekend: Monday 2 November
    assert due(office, "2020-10-28") == "2020-11-03 00:00"


def test_a_deadline_runs_into_the_new_year(office):
    holidays(("2020-12-31", "Cuti Bersama", True), ("2021-01-01", "Tahun Baru", False))
    assert due(office, "2020-12-30") == "2021-01-05 00:00"


def test_a_cancelled_holiday_is_a_working_day_again(office):
    holidays(("2020-09-22", "Hari Uji", False))
    assert due(office, "2020-09-21") == "2020-09-24 00:00"
    calendars.cancel(Holiday.get(), **make.ACT)
    assert due(office, "2020-09-21") == "2020-09-23 00:00"


def test_a_regional_holiday_moves_deadlines_in_its_region_and_nowhere_else(office):
    bali = make.region("51")
    denpasar = make.office(region=make.region("51.71").code, timezone="Asia/Makassar")
    calendars.add_regional(day("2020-09-25"), "Hari Jadi", bali, **make.ACT)
    assert due(denpasar, "2020-09-24") == "2020-09-29 00:00"
    assert due(office, "2020-09-24") == "2020-09-26 00:00"
    assert calendar(denpasar, "2020-09-25").holiday(denpasar.id, day("2020-09-25")) == "Hari Jadi"
    assert calendar(office, "2020-09-25").holiday(office.id, day("2020-09-25")) == ""


def test_days_of_leave_do_not_count_against_the_deadline(office):
    away = {day("2020-09-22"), day("2020-09-23")}
    assert due(office, "2020-09-21", away) == "2020-09-25 00:00"


@pytest.mark.parametrize(("zone", "utc"), [("Asia/Jakarta", "17:00"), ("Asia/Makassar", "16:00"), ("Asia/Jayapura", "15:00")])
def test_a_day_ends_on_the_clocks_of_its_office(office, zone, utc):
    there = make.office(timezone=zone)
    moment = calendar(there, "2020-09-21").due(there.id, day("2020-09-21"))[0]
    assert moment is not None
    assert moment.strftime("%Y-%m-%d %H:%M") == f"2020-09-22 {utc}"


def test_it_is_another_day_already_in_the_east(office):
    east = make.office(timezone="Asia/Jayapura")
    both = WorkingDays.of([office.id, east.id], day("2020-09-21"), day("2020-09-21"))
    late = make.local("2020-09-21T22:30")
    assert both.today(office.id, late) == day("2020-09-21")
    assert both.today(east.id, late) == day("2020-09-22")


def test_where_no_rule_holds_nothing_is_due_and_nobody_is_late():
    office = make.office()
    empty = calendar(office, "2020-09-21")
    assert empty.due(office.id, day("2020-09-21")) == (None, None)
    assert empty.escalation(office.id, day("2020-09-21")) is None
    assert empty.month_end(office.id, day("2020-09-21")) is None
    assert empty.objection_end(office.id, day("2020-09-21")) is None
    assert empty.load(office.id, day("2020-09-21")) is None
    assert not empty.is_working(office.id, day("2020-09-21"))


def test_a_week_without_working_days_ends_the_search_rather_than_going_on_for_ever(office):
    rule(WORK_WEEK, {"minutes": 450, "days": []}, office_id=office.id)
    assert due(office, "2020-09-21") == said(make.local("2020-09-22T00:00") + LONGEST_PAUSE, office)


def test_a_working_day_has_its_load_and_a_free_day_none(office):
    holidays(("2020-09-22", "Hari Uji", False))
    known = calendar(office, "2020-09-21")
    assert [known.load(office.id, day(f"2020-09-{each}")) for each in (21, 22, 26)] == [450, 0, 0]


def test_the_rule_of_an_office_holds_before_its_regions_and_that_before_everybodys(office):
    make.region("31")
    region = make.region("31.71")
    here, below, beside = make.office(region="31.71"), make.office(region="31.71"), make.office()
    rule(LOG_DEADLINE, {"days": 2}, region_code=region.code)
    rule(LOG_DEADLINE, {"days": 3}, office_id=here.id)
    known = WorkingDays.of([here.id, below.id, beside.id], day("2020-09-21"), day("2020-09-21"))
    found = [known.rule(LOG_DEADLINE, each.id, day("2020-09-21")) for each in (here, below, beside)]
    assert found == [{"days": 3}, {"days": 2}, {"days": 1}]


def test_the_rule_of_a_building_holds_on_its_floors_unless_they_have_their_own(office):
    first, second = make.unit(office), make.unit(office)
    rule(WORK_WEEK, {"minutes": 330, "days": ["Mo", "Tu", "We", "Th", "Fr", "Sa"]}, office_id=office.id)
    rule(WORK_WEEK, {"minutes": 420, "days": ["Mo"]}, office_id=second.id)
    known = WorkingDays.of([first.id, second.id], day("2020-09-21"), day("2020-09-27"))
    assert [known.load(first.id, day(f"2020-09-{each}")) for each in (21, 26, 27)] == [330, 330, 0]
    assert [known.load(second.id, day(f"2020-09-{each}")) for each in (21, 22)] == [420, 0]


def test_a_rule_holds_from_its_first_day_to_its_last_and_the_one_before_holds_again_after_it(office):
    rule(LOG_DEADLINE, {"days": 3}, "2020-09-22", last_day=day("2020-09-23"))
    assert [due(office, f"2020-09-{each}") for each in (21, 22, 23, 24)] == ["2020-09-23 00:00", "2020-09-26 00:00", "2020-09-29 00:00", "2020-09-26 00:00"]


def test_of_two_rules_for_the_same_place_the_later_one_holds(office):
    rule(LOG_DEADLINE, {"days": 0}, "2020-09-01")
    assert due(office, "2020-09-21") == "2020-09-22 00:00"  # until the day itself is over


def test_the_superiors_superior_may_decide_after_three_working_days(office):
    found = calendar(office, "2020-09-24").escalation(office.id, day("2020-09-24"))
    assert said(found, office) == "2020-09-30 00:00"  # Friday, Monday, Tuesday


def test_a_month_closes_after_five_working_days_of_the_next(office):
    for written in ("2020-09-01", "2020-09-30"):
        assert said(calendar(office, written).month_end(office.id, day(written)), office) == "2020-10-08 00:00"


def test_december_closes_in_january(office):
    holidays(("2021-01-01", "Tahun Baru", False))
    assert said(calendar(office, "2020-12-01").month_end(office.id, day("2020-12-01")), office) == "2021-01-09 00:00"


def test_an_outage_over_the_deadline_moves_it_to_the_end_of_the_next_working_day_and_says_from_when(office):
    outage("2020-09-22T20:00", "2020-09-23T06:00")
    found, before = calendar(office, "2020-09-21").due(office.id, day("2020-09-21"))
    assert (said(found, office), said(before, office)) == ("2020-09-25 00:00", "2020-09-23 00:00")


def test_an_outage_until_the_last_minute_of_the_day_is_one_until_midnight(office):
    outage("2020-09-22T20:00", "2020-09-22T23:59")
    assert due(office, "2020-09-21") > "2020-09-23 00:00"


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        ("2020-09-22T08:00", "2020-09-22T16:00", "confirmed"),  # over well before the deadline
        ("2020-09-23T00:01", "2020-09-23T09:00", "confirmed"),  # began after it
        ("2020-09-22T20:00", "2020-09-23T06:00", "proposed"),
        ("2020-09-22T20:00", "2020-09-23T06:00", "dismissed"),
        ("2020-09-22T20:00", "2020-09-23T06:00", "withdrawn"),
    ],
)
def test_an_outage_beside_the_deadline_or_one_that_nobody_confirmed_moves_nothing(office, starts, ends, state):
    outage(starts, ends, state)
    assert calendar(office, "2020-09-21").due(office.id, day("2020-09-21"))[1] is None
    assert due(office, "2020-09-21") == "2020-09-23 00:00"


def test_an_outage_that_ends_on_a_friday_evening_moves_the_deadline_to_monday(office):
    outage("2020-09-24T18:00", "2020-09-25T21:00")
    assert due(office, "2020-09-23") == "2020-09-29 00:00"


def test_an_outage_before_free_days_moves_the_deadline_beyond_them(office):
    holidays(*OCTOBER_2020)
    outage("2020-10-27T22:00", "2020-10-28T03:00")
    assert due(office, "2020-10-26") == "2020-11-03 00:00"


def test_a_chain_of_outages_moves_a_deadline_again_and_again_and_the_first_one_is_remembered(office):
    outage("2020-09-22T20:00", "2020-09-23T06:00")  # moves it to the end of Thursday
    outage("2020-09-24T23:00", "2020-09-25T01:00")  # to the end of Monday
    outage("2020-09-28T10:00", "2020-09-29T10:00")  # to the end of Wednesday
    found, before = calendar(office, "2020-09-21").due(office.id, day("2020-09-21"))
    assert (said(found, office), said(before, office)) == ("2020-10-01 00:00", "2020-09-23 00:00")


def test_outages_that_overlap_move_a_deadline_beyond_the_last_of_them(office):
    outage("2020-09-22T18:00", "2020-09-23T02:00")
    outage("2020-09-22T20:00", "2020-09-24T06:00")
    outage("2020-09-22T21:00", "2020-09-22T22:00")
    assert due(office, "2020-09-21") >= "2020-09-25 00:00"


def test_one_outage_is_over_the_deadline_in_one_zone_and_not_in_another(office):
    east = make.office(timezone="Asia/Jayapura")
    outage("2020-09-22T21:30", "2020-09-22T22:30")  # 23.30 to 00.30 in Papua
    assert due(office, "2020-09-21") == "2020-09-23 00:00"
    assert due(east, "2020-09-21") == "2020-09-25 00:00"


def test_an_outage_moves_the_closing_of_the_month_and_the_escalation_too(office):
    outage("2020-10-07T12:00", "2020-10-08T12:00")
    assert said(calendar(office, "2020-09-01").month_end(office.id, day("2020-09-30")), office) == "2020-10-10 00:00"
    outage("2020-09-29T23:00", "2020-09-30T01:00")
    assert said(calendar(office, "2020-09-24").escalation(office.id, day("2020-09-24")), office) == "2020-10-02 00:00"


def test_a_calendar_asks_five_questions_however_many_offices(office):
    several = [make.office(region=make.region("31").code) for _ in range(12)]
    with counted() as asked:
        known = WorkingDays.of([each.id for each in several], day("2020-09-01"), day("2020-09-30"))
        for each in several:
            known.due(each.id, day("2020-09-21"))
            known.month_end(each.id, day("2020-09-21"))
    assert len(asked) <= 5


def test_an_unknown_office_is_left_out(office):
    assert WorkingDays.of([office.id, 999_999], day("2020-09-21"), day("2020-09-21")).places.keys() == {office.id}


def test_the_longest_pause_is_within_what_a_calendar_reads():
    assert timedelta(days=120) > LONGEST_PAUSE
