"""Whatever happens to a request has its words, and a deadline tells how it was counted."""

import re
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import portal.services
from portal.offices.models import Closure
from portal.services import deadlines, handling
from portal.services.deadlines import CLOSED, COUNTS, DUE, OFF, START, WAITS, Count, CountedDay
from portal.services.models import CHANNELS, DOOR, MAIL, OPEN, PAPER, PHONE, WEB, RequestEvent
from portal.views import deadline_words, request_words
from portal.views.language import say
from tests import make

ZONE = ZoneInfo("Asia/Jakarta")
NOW = make.local("2020-09-18T10:12")
OFFICER = make.Actor("Sari", 1)
SLOT = {"starts_at": "2020-09-21T01:00:00+00:00", "was": "2020-09-22T02:00:00+00:00", "to": "online", "place": "Loket 3"}


@pytest.fixture(params=["id", "en"])
def page(app, database, request):
    with app.test_request_context(f"/?bahasa={request.param}"):
        yield request.param


@pytest.mark.parametrize("what", sorted(request_words._TOLD))
@pytest.mark.parametrize("facts", [{}, SLOT])
def test_each_event_has_words_with_facts_and_without(page, what, facts):
    said = say(request_words.told(RequestEvent(what=what, facts=facts), ZONE))
    assert said and "{" not in said and "None" not in said


def test_an_event_that_nobody_knows_is_told_all_the_same(page):
    assert say(request_words.told(RequestEvent(what="later", facts={}))) in {"Permohonan diperbarui", "The request was updated"}


def test_every_act_that_the_domain_writes_down_for_citizens_has_words():
    """Acts stand as small words in capitals at the top of the domain's modules."""
    sources = [Path(portal.services.__path__[0]) / name for name in ("requests.py", "following.py", "handling.py", "dropbox.py")]
    lines = [line for source in sources for line in re.findall(r'^[A-Z_, ]+ = ((?:"[a-z_]+"(?:, )?)+)$', source.read_text(encoding="utf-8"), re.M)]
    acts = {act for line in lines for act in re.findall(r"[a-z_]+", line)}
    assert len(acts) > 15
    assert acts - set(request_words._TOLD) == set()


def test_each_state_channel_and_origin_has_its_word():
    assert set(request_words.STATES) == {*OPEN, "done", "refused", "cancelled"} == set(request_words.STATES_TO_CITIZENS)
    assert set(request_words.CHANNELS) == set(CHANNELS) == set(request_words.CHANNEL_IN_SENTENCE)
    assert set(request_words.ORIGINS) == {WEB, PHONE, DOOR, PAPER, MAIL}


def days(*kinds, first="2020-09-28", **facts):
    start = date.fromisoformat(first)
    return Count(5, tuple(CountedDay(start + timedelta(days=number), kind, **facts) for number, kind in enumerate(kinds)), None, None)


def boxes(count):
    return [(step.weekday, step.days, step.month, step.look) for step in deadline_words.steps(count)]


def test_a_new_month_is_named_where_it_begins(app):
    with app.test_request_context("/"):
        assert boxes(days(START, COUNTS, COUNTS, COUNTS, DUE)) == [
            ("Senin", "28", "Sep", ""),
            ("Selasa", "29", "", "run"),
            ("Rabu", "30", "", "run"),
            ("Kamis", "1", "Okt", "run"),
            ("Jumat", "2", "", "due"),
        ]


def test_free_days_are_one_box_also_over_the_end_of_a_month(app):
    with app.test_request_context("/"):
        assert boxes(days(START, OFF, OFF, OFF, DUE, first="2020-10-30"))[1] == ("Sab–Sen", "31–2", "Okt–Nov", "")


def test_in_a_long_count_days_that_are_alike_are_told_together_and_pauses_too(app):
    with app.test_request_context("/"):
        told = deadline_words.steps(days(START, *[CLOSED] * 5, OFF, OFF, *[WAITS] * 4, *[COUNTS] * 5, DUE, closure=None))
    assert [step.what for step in told] == [
        "mulai dihitung",
        "jeda, kantor tutup",
        "libur",
        "jeda, menunggu pemohon",
        "hari ke-0 sampai ke-0",
        "hari ke-0, batas",
    ]


def test_a_holiday_is_named(app):
    with app.test_request_context("/"):
        assert deadline_words.steps(Count(1, (CountedDay(date(2020, 12, 25), OFF, why="Hari Raya Natal"),), None, None))[0].what == "Hari Raya Natal"


def test_a_deadline_is_explained_in_one_line_with_its_pauses_by_name(app, database):
    office = make.office()
    made = make.request(make.service(at=[office], working_days=5), office, now=NOW)
    with app.test_request_context("/"):
        count = deadlines.counted(made, now=NOW)
        assert say(deadline_words.explained(made, count, {})) == "5 hari kerja sejak 18 Sep"
        make.closure(office, first="2020-09-20", days=3)
        handling.ask(made, "Foto", by=OFFICER, now=NOW)
        count = deadlines.counted(made, now=NOW + timedelta(days=6))
        closures = deadline_words.closures_of(count)
        assert say(deadline_words.explained(made, count, closures)) == "5 hari kerja sejak 18 Sep, terjeda penutupan 20–22 Sep dan menunggu pemohon"
        assert [say(each) for each in deadline_words.pauses(count, closures, ZONE)] == [
            "Jeda 2 hari kerja: penutupan 20–22 Sep.", "Jeda 2 hari kerja: menunggu jawaban pemohon."]  # fmt: skip


def test_a_closure_without_an_end_is_named_by_its_beginning(app, database):
    office = make.office()
    made = make.request(make.service(at=[office], working_days=5), office, now=NOW)
    make.closure(office, first="2020-09-20", days=None)
    with app.test_request_context("/"):
        count = deadlines.counted(made, now=NOW)
        assert count.due_on is None
        assert (
            say(deadline_words.explained(made, count, {each.id: each for each in Closure.select()}))
            == "5 hari kerja sejak 18 Sep, terjeda penutupan sejak 20 Sep"
        )
