from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.offices import board, closures
from portal.offices.closures import ACTIVE, ANNOUNCED, ENDED, WITHDRAWN, Detour, status
from portal.offices.models import Closure, ClosureEvent, ClosureMark, Diversion, Office
from tests import make
from tests.offices.refusing import declare, refused

pytestmark = pytest.mark.usefixtures("database")

BY = {"reason": "Atas arahan.", "by": "kepala kantor"}
DURING = make.local("2020-09-21T10:00")  # the second of the three days that make.closure() closes


def history(closure: Closure) -> list[tuple[str, str]]:
    return list(ClosureEvent.select(ClosureEvent.what, ClosureEvent.by).where(ClosureEvent.closure == closure).order_by(ClosureEvent.id).tuples())


def state(office: Office, at: str) -> str:
    moment = make.local(at, office.timezone)
    seen = board.paint([office.root_id], moment, moment)
    return seen.condition(seen.nodes[office.id], moment).state


def test_a_closure_is_announced_then_active_then_ended():
    closure = make.closure(first="2020-09-20", days=3)
    moments = ["2020-09-19T23:59", "2020-09-20T00:00", "2020-09-22T23:59", "2020-09-23T00:00"]
    assert [status(closure, make.local(at)) for at in moments] == [ANNOUNCED, ACTIVE, ACTIVE, ENDED]


def test_a_withdrawn_closure_is_withdrawn_at_every_moment_and_closes_nothing():
    office = make.office()
    closure = closures.withdraw(make.closure(office), now=DURING, **BY)
    assert {status(closure, make.local(at)) for at in ("2020-09-01T00:00", "2020-09-21T10:00", "2021-01-01T00:00")} == {WITHDRAWN}
    assert state(office, "2020-09-21T09:00") == "open"


def test_an_extension_keeps_the_first_promise_in_the_history():
    closure = make.closure()
    first = closure.ends_at
    longer = closures.extend(closure, first + timedelta(days=2), now=DURING, **BY)
    act = ClosureEvent.select().where(ClosureEvent.what == "extended").get()
    assert (act.ends_before, act.ends_after, act.reason, act.by) == (first, first + timedelta(days=2), "Atas arahan.", "kepala kantor")
    assert longer.ends_at == first + timedelta(days=2)
    assert history(closure) == [("announced", "kepala kantor"), ("extended", "kepala kantor")]


def test_an_extension_without_an_end_needs_a_day_of_review_that_is_still_to_come():
    closure = make.closure()
    for review in (None, date(2020, 9, 20), date(2020, 9, 21)):
        refused("review_on", closures.extend, closure, None, now=DURING, review_on=review, **BY)
    open_ended = closures.extend(closure, None, now=DURING, review_on=date(2020, 9, 30), **BY)
    assert (open_ended.ends_at, open_ended.review_on) == (None, date(2020, 9, 30))
    again = closures.extend(open_ended, None, now=DURING, review_on=date(2020, 10, 14), **BY)
    assert again.review_on == date(2020, 10, 14)


def test_an_open_end_gets_a_date_and_then_needs_no_review():
    closure = make.closure(days=None, is_review_presumed=True)
    ended = closures.extend(closure, make.local("2020-09-25T00:00"), now=DURING, **BY)
    assert (ended.ends_at, ended.review_on, ended.is_review_presumed) == (make.local("2020-09-25T00:00"), None, False)


def test_an_announced_open_end_cannot_get_a_date_before_it_begins():
    closure = make.closure(first="2020-10-10", days=None)
    refused("ends", closures.extend, closure, make.local("2020-10-01T00:00"), now=DURING, **BY)
    refused("review_on", closures.extend, closure, None, now=DURING, review_on=date(2020, 10, 2), **BY)


@pytest.mark.parametrize("end", ["2020-09-22T00:00", "2020-09-23T00:00"])
def test_an_extension_to_an_end_that_is_no_later_is_refused(end: str):
    refused("ends", closures.extend, make.closure(), make.local(end), now=DURING, **BY)


def test_a_closure_is_shortened_to_an_end_still_to_come():
    closure = make.closure(days=5)
    shorter = closures.shorten(closure, make.local("2020-09-22T12:00"), now=DURING, **BY)
    assert (shorter.ends_at, shorter.is_whole_days) == (make.local("2020-09-22T12:00"), False)
    for end in ("2020-09-22T12:00", "2020-09-30T00:00", "2020-09-21T10:00", "2020-09-20T00:00"):
        refused("ends", closures.shorten, closure, make.local(end), now=DURING, **BY)


def test_an_announced_closure_cannot_be_shortened_to_nothing():
    closure = make.closure(first="2020-10-10")
    refused("ends", closures.shorten, closure, make.local("2020-10-10T00:00"), now=DURING, **BY)
    refused("ends", closures.shorten, closure, make.local("2020-09-30T00:00"), now=DURING, **BY)


def test_reopening_ends_a_closure_at_that_moment():
    office = make.office()
    closure = make.closure(office, days=None)
    reopened = closures.reopen(closure, now=DURING, **BY)
    assert (reopened.ends_at, reopened.review_on, status(reopened, DURING)) == (DURING, None, ENDED)
    assert state(office, "2020-09-21T09:59") == "remote"
    assert state(office, "2020-09-21T10:00") == "open"


def test_a_closure_that_has_not_begun_is_withdrawn_not_reopened():
    closure = make.closure(first="2020-10-10")
    refused("", closures.reopen, closure, now=DURING, **BY)
    assert closures.withdraw(closure, now=DURING, **BY).withdrawn_at == DURING


ACTS = {
    "extend": lambda closure, now: closures.extend(closure, now + timedelta(days=40), now=now, **BY),
    "shorten": lambda closure, now: closures.shorten(closure, now + timedelta(minutes=1), now=now, **BY),
    "reopen": lambda closure, now: closures.reopen(closure, now=now, **BY),
    "withdraw": lambda closure, now: closures.withdraw(closure, now=now, **BY),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("over", ["ended by its date", "reopened", "withdrawn"])
def test_a_closure_that_is_over_takes_no_more_acts(act: str, over: str):
    closure = make.closure()
    now = make.local("2020-10-01T09:00") if over == "ended by its date" else DURING + timedelta(hours=1)
    if over != "ended by its date":
        ACTS["reopen" if over == "reopened" else "withdraw"](closure, DURING)
    refused("", ACTS[act], closure, now)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_needs_a_reason_that_can_be_kept(act: str, monkeypatch: pytest.MonkeyPatch):
    for wrong in ("", "  ", "bel\a", "x" * 2001, "hapus\x7f", "setengah \ud800"):
        monkeypatch.setitem(BY, "reason", wrong)
        refused("reason", ACTS[act], make.closure(days=5), DURING)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_raises_the_version_once_and_adds_one_row_of_history(act: str):
    closure = make.closure(days=5)
    version, rows = board.version(), len(history(closure))
    ACTS[act](closure, DURING)
    assert board.version() == version + 1
    assert len(history(closure)) == rows + 1


def test_an_act_on_a_stale_copy_sees_what_others_did_meanwhile():
    closure = make.closure()
    stale = Closure.get_by_id(closure.id)
    closures.extend(closure, make.local("2020-09-30T00:00"), now=DURING, **BY)
    refused("ends", closures.extend, stale, make.local("2020-09-25T00:00"), now=DURING, **BY)


def test_a_declaration_that_makes_no_sense_is_refused_at_the_field():
    office = make.office()
    good = make.plan(office)
    refused("reason", declare, replace(good, reason="malas"))
    refused("ends", declare, replace(good, ends_at=good.starts_at))
    refused("ends", declare, replace(good, ends_at=good.starts_at - timedelta(days=1)))
    refused("review_on", declare, replace(good, ends_at=None))
    refused("review_on", declare, replace(good, ends_at=None, review_on=date(2020, 9, 20)))
    refused("offices", declare, replace(good, offices=[]))
    refused("offices", declare, replace(good, offices=[office, make.office(timezone="Asia/Jayapura")]))


def test_only_parts_of_what_is_closed_can_be_excepted():
    office = make.office()
    posko, elsewhere = make.unit(office), make.office()
    refused("except", declare, make.plan(office, excepted=[elsewhere]))
    refused("except", declare, make.plan(office, posko, excepted=[posko]))
    refused("except", declare, make.plan(posko, excepted=[office]))
    assert declare(make.plan(office, excepted=[posko]))
    assert state(posko, "2020-09-21T09:00") == "open"
    assert state(office, "2020-09-21T09:00") == "limited"


def test_an_exception_within_an_exception_may_be_taken_again():
    office = make.office()
    block = make.unit(office)
    desk = make.unit(block)
    declare(make.plan(office, desk, excepted=[block]))
    assert [state(each, "2020-09-21T09:00") for each in (office, block, desk)] == ["limited", "limited", "remote"]


def test_an_office_named_twice_in_one_act_is_closed_once():
    office = make.office()
    closure = declare(make.plan(office, office))
    assert ClosureMark.select().where(ClosureMark.closure == closure).count() == 1


def test_what_closes_cannot_serve_instead_but_a_part_that_stays_open_can():
    office = make.office()
    posko = make.unit(office)
    desk = make.unit(posko)
    for closed in (office, make.unit(office)):
        refused("diversion", declare, make.plan(office, detours=[Detour(office=closed)]))
    closure = declare(make.plan(office, excepted=[posko], detours=[Detour(office=posko), Detour(office=desk), Detour(place="Tenda di halaman")]))
    assert Diversion.select().where(Diversion.closure == closure).count() == 3
    refused("diversion", declare, make.plan(office, desk, excepted=[posko], detours=[Detour(office=desk)]))


@pytest.mark.parametrize("field", ["note", "internal_note", "legal_basis", "override_reason"])
def test_texts_that_cannot_be_kept_are_refused_and_nothing_is_left(field: str):
    office = make.office()
    for wrong in ("a\0b", "bel\a", "x" * 3000, "a\x85b", "\ud83d"):
        refused(field, declare, make.plan(office, **{field: wrong}))


def test_notes_with_line_ends_quotes_and_pictures_are_kept_as_they_are():
    note = "Baris satu\nbaris dua 🏢🌊 «kutip» O'Brien \"; DROP TABLE closure; --"
    assert Closure.get_by_id(declare(make.plan(make.office(), note=f"  {note.replace(chr(10), chr(13) + chr(10))} ")).id).note == note


def test_a_failure_halfway_leaves_no_half_closure():
    office = make.office()
    refused("diversion", declare, make.plan(office, detours=[Detour(place="x" * 501)]))


def test_several_closures_at_once_hold_each_for_itself():
    office = make.office()
    flood, works = make.closure(office, days=3), make.closure(office, first="2020-09-21", days=4, reason="works", online=False)
    assert state(office, "2020-09-20T09:00") == "remote"
    assert state(office, "2020-09-21T09:00") == "suspended"
    closures.withdraw(works, now=DURING, **BY)
    assert state(office, "2020-09-21T09:00") == "remote"
    assert status(flood, DURING) == ACTIVE


def test_one_act_closes_eighteen_offices_with_one_row_of_history_and_one_step_of_the_version():
    offices = [make.office() for _ in range(18)]
    version = board.version()
    closure = make.closure(*offices, reason="unrest")
    assert board.version() == version + 1
    assert [each.id for each in closures.offices_of(closure)] == [each.id for each in sorted(offices, key=lambda each: each.name)]
    assert len(history(closure)) == 1
    assert {state(each, "2020-09-21T09:00") for each in offices} == {"remote"}


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_whole_days_are_days_of_the_offices_own_zone(zone: str):
    office = make.office(timezone=zone)
    closure = make.closure(office, days=1)
    assert closures.last_day(closure) == date(2020, 9, 20)
    assert closure.starts_at == make.local("2020-09-20T00:00", zone)
    assert [state(office, at) for at in ("2020-09-19T23:59", "2020-09-20T00:00", "2020-09-20T23:59", "2020-09-21T00:00")] == [
        "off_hours",
        "remote",
        "remote",
        "off_hours",
    ]


def test_an_office_of_another_zone_is_told_apart_before_anything_is_written():
    refused("offices", declare, make.plan(make.office(), make.office(timezone="Asia/Makassar")))
