"""The morning's letters: what somebody has not submitted or got back, and what waits for a superior."""

from datetime import date, timedelta

import pytest

from portal import policies
from portal.attendance import leave
from portal.kinerja import reminders, routing, rules, validation
from portal.kinerja.models import MonthClosing, WorkDay
from portal.offices import calendars, postings
from portal.outbox import Letter
from portal.people import accounts
from tests import make
from tests.house.test_queries import counted
from tests.make import ACT, MONDAY, MONDAY_EVENING, local

pytestmark = pytest.mark.usefixtures("database")
WEDNESDAY = date(2020, 9, 23)
MORNING = local("2020-09-23T07:30")  # Wednesday


class Crew(make.Team):
    """A team whose people have addresses."""

    def __init__(self):
        super().__init__()
        for number, each in enumerate((self.upper, self.superior, self.author, self.colleague)):
            each.email = f"orang{number}@kota.example"
            each.save()


@pytest.fixture
def team():
    make.work_rules()
    crew = Crew()
    make.entry(crew.colleague, day=MONDAY - timedelta(days=7), now=MONDAY_EVENING - timedelta(days=7))  # from that day on there is e-kinerja here
    return crew


def go(now=MORNING, rounds=None):
    return sum((rounds or reminders.Rounds()).go(now=now))


def told(who, name="work_digest"):
    """The facts of somebody's letters of a kind."""
    return [letter.facts for letter in Letter.select().where(Letter.person_id == who.id, Letter.name == name).order_by(Letter.id)]


def log_all(who, *but, last=MONDAY + timedelta(days=1)):
    day = MONDAY - timedelta(days=7)
    while day <= last:
        if day.weekday() < 5 and day not in but:
            make.submitted(who, day=day, now=local(f"{day}T16:00"))
        day += timedelta(days=1)


def test_who_has_not_submitted_is_told_which_of_the_last_working_days_and_until_when(team):
    log_all(team.author, MONDAY - timedelta(days=3), MONDAY + timedelta(days=1))
    go()
    (facts,) = told(team.author)
    assert facts["missing"] == ["2020-09-18", "2020-09-22"]
    assert (facts["returned"], facts["due"]) == ([], "2020-09-23T17:00:00+00:00")


def test_a_day_that_is_only_written_is_not_submitted(team):
    log_all(team.author, MONDAY)
    make.entry(team.author)
    go()
    assert told(team.author)[0]["missing"] == ["2020-09-21"]


def test_who_has_submitted_everything_gets_nothing(team):
    log_all(team.author)
    go()
    assert told(team.author) == []


def test_a_returned_day_is_told_until_it_is_submitted_again(team):
    log_all(team.author)
    row = WorkDay.get(WorkDay.person == team.author, WorkDay.day == MONDAY)
    validation.decide([(row.id, None)], [], "return", "Lengkapi.", make.decider(team.superior))
    go()
    (facts,) = told(team.author)
    assert (facts["returned"], facts["missing"]) == (["2020-09-21"], [])
    make.submitted(team.author, now=MORNING)
    go(MORNING + timedelta(days=1))
    assert [letter["returned"] for letter in told(team.author)[1:]] == [[]]


def test_everybody_gets_one_letter_a_day_however_often_a_worker_goes_round(team):
    for _ in range(2):
        go()
    assert Letter.select().where(Letter.name == "work_digest").count() == len(set(Letter.select(Letter.person_id).where(Letter.name == "work_digest").tuples()))
    assert len(told(team.author)) == 1
    go(MORNING + timedelta(days=1))
    assert len(told(team.author)) == 2


def test_one_who_was_killed_in_the_middle_goes_on_where_letters_are_missing(team, monkeypatch):
    monkeypatch.setattr(reminders, "_AT_ONCE", 1)
    walk = reminders.Rounds().go(now=MORNING)
    next(walk)
    walk.close()
    some = Letter.select().count()
    go()
    assert 0 < some < Letter.select().count()
    assert {name for (name,) in Letter.select(Letter.recipient).where(Letter.name == "work_digest").tuples()} == {"Siti", "Budi", "Pak Kasubbag", "Ibu Kabag"}


def test_a_round_that_is_done_is_not_gone_again_that_day(team):
    rounds = reminders.Rounds()
    go(rounds=rounds)
    Letter.delete().execute()
    assert go(MORNING + timedelta(hours=1), rounds) == 0
    assert go(MORNING + timedelta(days=1), rounds) > 0


@pytest.mark.parametrize("hour", ["06:59", "17:00", "23:30"])
def test_nobody_is_written_to_at_night(team, hour):
    assert go(local(f"2020-09-23T{hour}")) == 0


def test_it_is_morning_where_one_works(team):
    eastern = Crew()
    eastern.office.timezone = "Asia/Jayapura"
    eastern.office.save()
    go(local("2020-09-23T05:30"))
    assert len(told(eastern.author)) == 1
    assert told(team.author) == []


def test_who_is_on_leave_gets_nothing_and_days_of_leave_are_not_missing(team):
    leave.enter(team.author, "annual", WEDNESDAY, WEDNESDAY, **ACT)
    leave.enter(team.colleague, "sick", MONDAY, MONDAY, **ACT)
    leave.enter(team.superior, "field", MONDAY, WEDNESDAY, **ACT)
    go()
    assert told(team.author) == []
    assert "2020-09-21" not in told(team.colleague)[0]["missing"]
    assert "2020-09-21" in told(team.superior)[0]["missing"]


def test_on_a_holiday_and_at_the_weekend_nobody_gets_anything_and_holidays_are_not_missing(team):
    make.region("31")
    team.office.region = "31"
    team.office.save()
    calendars.add_regional(WEDNESDAY, "Hari Jadi", make.region("31"), **ACT)
    go()
    assert Letter.select().count() == 0
    go(local("2020-09-26T09:00"))
    assert Letter.select().count() == 0
    go(local("2020-09-24T09:00"))
    assert "2020-09-23" not in told(team.author)[0]["missing"]


def test_who_has_no_address_or_no_account_any_more_is_not_written_to_and_on_no_call_list(team):
    team.author.email = ""
    team.author.save()
    accounts.end(team.colleague, **ACT)
    go()
    assert not Letter.select().where(Letter.person_id.in_([team.author.id, team.colleague.id])).exists()
    assert not Letter.select().where(Letter.state == "to_call").exists()


def test_days_before_somebody_came_and_before_there_was_e_kinerja_are_not_missing(team):
    new = make.person("Baru", email="baru@kota.example")
    make.posting(new, team.office, under=team.superior, first="2020-09-22")
    go()
    assert told(new)[0]["missing"] == ["2020-09-22"]
    assert min(told(team.author)[0]["missing"]) >= "2020-09-14"


def test_days_of_a_closed_month_are_not_missing(team):
    MonthClosing.create(office=team.office, month=date(2020, 9, 1), closed_at=make.NOW, closed_by=team.upper)
    go()
    assert told(team.author) == []


def test_where_no_policy_names_working_days_nobody_is_reminded():
    crew = Crew()
    make.submitted(crew.colleague)
    go()
    assert Letter.select().count() == 0
    policies.set_usual(rules.USUAL, **ACT)


def test_a_superior_is_told_how_many_days_wait_since_when_and_how_many_go_up_soon(team):
    log_all(team.author)
    go()
    (facts,) = told(team.superior, "validation_digest")
    assert (facts["waiting"], facts["oldest"], facts["escalated"]) == (7, "2020-09-14", 0)
    assert facts["soon"] == 2  # submitted on Friday and Monday, they go up when today and tomorrow end
    assert told(team.colleague, "validation_digest") == []


def test_the_superiors_superior_is_told_what_has_come_up(team):
    log_all(team.author)
    go()
    (facts,) = told(team.upper, "validation_digest")
    assert (facts["waiting"], facts["escalated"]) == (0, 4)


def test_who_stands_in_today_is_told_whose_people_wait_and_the_one_on_leave_is_not(team):
    deputy = make.person("Pengganti", email="pengganti@kota.example")
    make.posting(deputy, team.office)
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="1", first_day=WEDNESDAY, last_day=WEDNESDAY, **ACT)
    leave.enter(team.superior, "annual", WEDNESDAY, WEDNESDAY, **ACT)
    make.submitted(team.author)
    go()
    go(MORNING + timedelta(days=1))
    (facts,) = told(deputy, "validation_digest")
    assert [(each["name"], each["kind"], each["waiting"]) for each in facts["acting"]] == [("Pak Kasubbag", "Plh", 1)]
    assert [letter["today"] for letter in told(team.superior, "validation_digest")] == ["2020-09-24"]


def test_the_number_of_questions_does_not_grow_with_people(team):
    with counted() as few:
        go()
    for _ in range(20):
        who = make.person(email="x@kota.example")
        make.posting(who, make.office(), under=team.superior)
    with counted() as many:
        go(MORNING + timedelta(days=1))
    assert len(many) <= len(few) + 2


def test_a_superior_whose_people_have_gone_is_not_sent_to_a_queue_that_is_closed_and_the_one_above_is(team):
    make.submitted(team.author)
    for each in (team.author, team.colleague):
        make.posting(each, team.office, under=team.upper, first="2020-09-22")
    routing.find_supervisors(now=MORNING)
    go()
    assert told(team.superior, "validation_digest") == []
    assert [facts["escalated"] for facts in told(team.upper, "validation_digest")] == [1]
