"""What is said about a day, and who has read it."""

from datetime import date, timedelta

import pytest

from portal.audit import AuditEntry
from portal.kinerja import threads, validation
from portal.kinerja.models import DayMessage
from portal.offices import postings
from portal.refusals import NotFound, Refused
from tests import make
from tests.make import ACT, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2020, 9, 22)


@pytest.fixture
def team(database):
    make.work_rules()
    return make.team()


def at(minute: int):
    return MONDAY_EVENING + timedelta(minutes=minute)


def say(row, who, text="Mohon dilihat.", key="", minute=1, today=TODAY):
    return threads.say(row, who, text, key=key, today=today, by=make.decider(who).actor, now=at(minute))


def test_messages_and_acts_with_a_reason_stand_in_order_with_who_said_them(team):
    row = make.submitted(team.author)
    say(row, team.author, "Berkasnya besar.", minute=1)
    validation.decide([(row.id, None)], [], "return", "Lengkapi bukti.", make.decider(team.superior, at(2)))
    say(row, team.author, "Sudah.", minute=3)
    told = [(each.name, each.act, each.text) for each in threads.thread(threads.history(row))]
    assert told == [("Siti", "", "Berkasnya besar."), ("Pak Kasubbag", "returned", "Lengkapi bukti."), ("Siti", "", "Sudah.")]
    assert [each.act for each in threads.history(row)] == ["submitted", "", "returned", ""]


def test_a_day_may_be_spoken_about_in_every_state(team):
    row = make.submitted(team.author)
    validation.decide([(row.id, None)], [], "approve", "", make.decider(team.superior))
    say(row, team.superior, "Bagus.")
    say(row, team.upper, "Setuju.")
    assert DayMessage.select().count() == 2


def test_who_stands_in_speaks_in_the_place_of_the_superior(team):
    row, deputy = make.submitted(team.author), make.person("Pengganti")
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="800/1", first_day=TODAY, last_day=TODAY, **ACT)
    say(row, deputy)
    (said,) = threads.thread(threads.history(row))
    assert (said.name, said.acting_for) == ("Pengganti", "Pak Kasubbag")
    assert AuditEntry.get(AuditEntry.act == "day_message").acting_for_id == team.superior.id


def test_nobody_else_may_speak_and_for_them_there_is_no_such_day(team):
    row, deputy = make.submitted(team.author), make.person()
    postings.act_for(team.superior, deputy, kind="Plh", letter_number="800/1", first_day=TODAY, last_day=TODAY, **ACT)
    for who, day in ((team.colleague, TODAY), (make.person(), TODAY), (deputy, TODAY + timedelta(days=1))):
        assert not threads.may_speak(who, row, day)
        with pytest.raises(NotFound):
            say(row, who, today=day)
    assert DayMessage.select().count() == 0


def test_the_same_form_twice_is_one_message_and_two_forms_are_two(team):
    row = make.submitted(team.author)
    assert say(row, team.author, key="a").id == say(row, team.author, "Lain", key="a").id
    say(row, team.author, key="b")
    say(row, team.author)
    say(row, team.author)
    assert DayMessage.select().count() == 4


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 2001, "a\x00b"])
def test_an_empty_overlong_or_unstorable_message_is_refused_beside_its_field(team, text):
    row = make.submitted(team.author)
    with pytest.raises(Refused) as refusal:
        say(row, team.author, text)
    assert refusal.value.field == "text"


def test_two_thousand_letters_are_kept_whole(team):
    row = make.submitted(team.author)
    assert say(row, team.author, "é" * 2000).text == "é" * 2000


def test_a_message_is_unread_for_the_others_until_they_have_read_it_and_never_for_its_author(team):
    row = make.submitted(team.author)
    say(row, team.author, minute=1)
    say(row, team.author, minute=2)
    assert [threads.unread(who, [row.id]) for who in (team.superior, team.upper, team.author)] == [{row.id: 2}, {row.id: 2}, {}]
    threads.mark_read(row, team.superior, now=at(3))
    assert threads.unread(team.superior, [row.id]) == {}
    assert threads.unread(team.upper, [row.id]) == {row.id: 2}
    say(row, team.author, minute=4)
    assert threads.unread(team.superior, [row.id]) == {row.id: 1}


def test_who_answers_has_read_what_was_said_before(team):
    row = make.submitted(team.author)
    say(row, team.author, minute=1)
    say(row, team.superior, minute=2)
    assert threads.unread(team.superior, [row.id]) == {}
    assert threads.unread(team.author, [row.id]) == {row.id: 1}


def test_days_with_unread_messages_are_counted_for_author_and_superior_only(team):
    rows = [make.submitted(who) for who in (team.author, team.colleague)]
    for row in rows:
        say(row, row.person)
    say(rows[0], team.upper, minute=2)
    counts = {who.name: len(threads.days_unread(who, TODAY)) for who in (team.superior, team.author, team.colleague, team.upper)}
    assert counts == {"Pak Kasubbag": 2, "Siti": 1, "Budi": 0, "Ibu Kabag": 0}


def test_what_nobody_read_for_two_months_is_no_news(team):
    row = make.submitted(team.author)
    say(row, team.author)
    days = [row.day + timedelta(days=62), row.day + timedelta(days=63)]
    assert [len(threads.days_unread(team.superior, day)) for day in days] == [1, 0]


def test_the_audit_trail_says_that_a_message_was_written_but_not_what(team):
    row = make.submitted(team.author)
    say(row, team.author, "rahasia kantor")
    entry = AuditEntry.select().where(AuditEntry.act == "day_message").get()
    assert entry.object_id == str(row.id)
    assert "rahasia" not in str(entry.after)
