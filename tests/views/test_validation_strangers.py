"""Nobody without a seat at a day sees it, decides about it, opens it or speaks about it."""

from datetime import timedelta

import pytest

from portal.kinerja.models import DayMessage, Entry
from portal.offices import postings
from portal.people import roles
from tests import make
from tests.make import ACT, MONDAY
from tests.views.staff import Browser, person
from tests.views.validating import Desk, state, value, words

WHO = ["colleague", "author", "superior elsewhere", "superior since then", "superior before", "deputy before the dates", "deputy after the dates", "auditor",
       "administrator", "head of the office", "nobody in particular"]  # fmt: skip


@pytest.fixture
def desk(app, world):
    return Desk(app, world.hall)


def stranger(desk: Desk, who: str):
    """Somebody who has people of their own where that helps to come in, but no seat at the author's Monday."""
    team, leads = desk.team, make.person(who)
    if who in {"colleague", "author"}:
        leads = getattr(team, who)
    if who == "superior since then":
        make.posting(team.author, team.office, under=leads, first="2020-09-22")
    elif who == "superior before":
        make.posting(team.author, team.office, under=leads, first="2020-01-02", last="2020-09-20")
    elif who.startswith("deputy"):
        first = MONDAY - timedelta(days=9) if "after" in who else MONDAY + timedelta(days=9)
        postings.act_for(team.superior, leads, kind="Plh", letter_number="1", first_day=first, last_day=first + timedelta(days=1), **ACT)
    elif who in {"auditor", "administrator", "head of the office"}:
        role = {"auditor": roles.AUDITOR, "administrator": roles.ADMIN}.get(who, roles.HEAD)
        leads = person(role, None if role in roles.EVERYWHERE else team.office)
    return leads


def opens(desk: Desk, who: str, *, has_people: bool):
    leads = stranger(desk, who)
    if has_people:
        make.posting(make.person(), make.office(), under=leads)
    return Browser(desk.app, leads)


@pytest.mark.parametrize("has_people", [False, True])
@pytest.mark.parametrize("who", WHO)
def test_whoever_has_no_seat_meets_a_closed_door(desk, who, has_people):
    row = desk.day()
    browser, entry = opens(desk, who, has_people=has_people), Entry.get(Entry.work_day == row)
    answers = [browser.get(f"/validasi/{row.id}")]
    answers += [browser.post(f"/validasi/{row.id}", {"day": value(row), "decision": "approve"})]
    answers += [browser.post(f"/validasi/{row.id}/{what}", {"reason": "x", "text": "x", "submission_key": "1"}) for what in ("buka", "pesan")]
    for name, box in (("day", value(row)), ("entry", f"{entry.id}-{row.revision}")):
        answers.append(browser.post("/validasi", {name: box, "decision": "approve"}))
    assert {answer.status_code for answer in answers} <= {403, 404}
    if has_people:
        assert {answer.status_code for answer in answers} == {404}
    assert not any("Memeriksa" in answer.text for answer in (*answers, browser.get("/validasi")))
    assert (state(row), DayMessage.select().count()) == ("submitted", 0)


def test_a_strangers_day_among_ones_own_is_refused_without_its_name(desk):
    own = desk.day()
    other = Desk(desk.app).day()
    answer = desk.superior.post("/validasi", {"day": [value(own), value(other)], "decision": "approve"})
    assert "1 disetujui, 1 tidak" in words(answer)
    refused = words(answer).partition("1 disetujui, 1 tidak")[2]
    assert "Anda tidak memvalidasi log pegawai ini." in refused
    assert "Siti" not in refused
    assert "21 September" not in refused
    assert (state(own), state(other)) == ("approved", "submitted")


def test_nobody_speaks_about_the_day_of_another_under_ones_own_address(desk):
    desk.day()
    assert Browser(desk.app, desk.team.colleague).post("/kinerja/2020-09-21/pesan", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("address", ["/validasi", "/validasi/1"])
def test_who_has_not_signed_in_is_sent_there(client, address):
    assert client.get(address).headers["Location"].startswith("/masuk")


@pytest.mark.parametrize("number", ["0", "99999", "99999999999999"])
def test_a_day_that_is_not_there_is_not_found(desk, number):
    assert desk.superior.get(f"/validasi/{number}").status_code == 404
    for what in ("", "/buka", "/pesan"):
        assert desk.superior.post(f"/validasi/{number}{what}", {"text": "x"}).status_code == 404
