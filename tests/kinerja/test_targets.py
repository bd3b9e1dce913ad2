"""Targets of the year: proposed, agreed, revised, and how far they have come."""

from datetime import timedelta

import pytest

from portal.audit import AuditEntry
from portal.kinerja import logs, targets, validation
from portal.kinerja.models import Target
from portal.kinerja.targets import AGREED, DRAFT, REVISED, WITHDRAWN, Wording
from portal.offices import postings
from portal.refusals import Refused
from tests import make
from tests.kinerja.refusing import refused
from tests.make import ACT, MONDAY, MONDAY_EVENING

pytestmark = pytest.mark.usefixtures("database")
FILES = Wording("Permohonan selesai tepat waktu", "Jumlah permohonan", "240", "berkas")
MORE = Wording("Permohonan selesai tepat waktu", "Jumlah permohonan", "300", "berkas")


@pytest.fixture
def team():
    make.work_rules()
    return make.team()


def proposed(who, wording=FILES, **facts):
    return targets.propose(who, 2020, wording, **ACT, **facts)


def agreed(team, wording=FILES, **facts):
    return targets.settle(proposed(team.author, wording, **facts), True, "", make.decider(team.superior))


def state(target):
    return Target.get_by_id(target.id).state


def test_a_proposed_line_waits_for_the_superior_alone(team):
    line = proposed(team.author)
    assert (line.state, line.amount, targets.is_waiting(line)) == (DRAFT, 240, True)
    assert [each.id for each in targets.waiting_for(team.superior, MONDAY)] == [line.id]
    for other in (team.author, team.colleague, team.upper, make.team().superior):
        assert targets.waiting_for(other, MONDAY) == []


def test_the_same_line_twice_is_one(team):
    assert proposed(team.author) == proposed(team.author)
    assert Target.select().count() == 1


def test_the_superior_agrees_and_the_line_does_not_change_any_more(team):
    line = agreed(team)
    assert (line.state, line.settled_by_id, line.settled_at) == (AGREED, team.superior.id, MONDAY_EVENING)
    refused("", targets.change, line, MORE, **ACT)
    refused("", targets.withdraw, line, **ACT)
    refused("", targets.settle, line, True, "", make.decider(team.superior))


def test_a_line_that_is_given_back_says_why_and_waits_again_once_it_is_changed(team):
    line = proposed(team.author)
    refused("note", targets.settle, line, False, " ", make.decider(team.superior))
    back = targets.settle(line, False, "Terlalu sedikit.", make.decider(team.superior))
    assert (back.state, back.note, targets.is_waiting(back)) == (DRAFT, "Terlalu sedikit.", False)
    assert targets.waiting_for(team.superior, MONDAY) == []
    again = targets.change(back, MORE, by="Siti", now=MONDAY_EVENING)
    assert (again.amount, again.note, targets.is_waiting(again)) == (300, "", True)


def test_a_line_that_nobody_agreed_to_can_be_withdrawn_and_stays_on_record(team):
    line = proposed(team.author)
    targets.withdraw(line, **ACT)
    assert state(line) == WITHDRAWN
    assert targets.waiting_for(team.superior, MONDAY) == []


def test_nobody_but_todays_superior_agrees_and_nobody_their_own(team):
    line, stranger = proposed(team.author), make.team().superior
    for other in (team.author, team.colleague, team.upper, stranger):
        refused("", targets.settle, line, True, "", make.decider(other))
    own = proposed(team.superior)
    refused("", targets.settle, own, True, "", make.decider(team.superior))
    assert targets.settle(own, True, "", make.decider(team.upper)).state == AGREED


def test_a_former_superior_and_a_deputy_outside_the_dates_may_not_agree(team):
    line, new, deputy = proposed(team.author), make.person("Atasan Baru"), make.person("Pengganti")
    make.posting(new, team.office)
    postings.act_for(new, deputy, kind="Plh", letter_number="1", first_day=MONDAY, last_day=MONDAY, **ACT)
    make.posting(team.author, team.office, under=new, first=str(MONDAY))
    refused("", targets.settle, line, True, "", make.decider(team.superior))
    refused("", targets.settle, line, True, "", make.decider(deputy, MONDAY_EVENING + timedelta(days=1)))
    assert [each.id for each in targets.waiting_for(deputy, MONDAY)] == [line.id]
    assert targets.settle(line, True, "", make.decider(deputy)).state == AGREED
    (act,) = AuditEntry.select().where(AuditEntry.act == "target_agreed")
    assert (act.actor_id, act.acting_for_id) == (deputy.id, new.id)


def test_what_changed_since_the_page_was_opened_is_not_agreed_unseen(team):
    line = proposed(team.author)
    seen = targets.mark(line)
    targets.change(line, MORE, by="Siti", now=MONDAY_EVENING)
    with pytest.raises(Refused, match="berubah"):
        targets.settle(line, True, "", make.decider(team.superior), seen=seen)
    assert targets.settle(line, True, "", make.decider(team.superior), seen=targets.mark(Target.get())).state == AGREED


def test_a_revision_leaves_the_line_in_force_until_it_is_agreed(team):
    old = agreed(team)
    new = proposed(team.author, MORE, revises=old)
    assert (state(old), state(new), new.origin_id) == (AGREED, DRAFT, old.id)
    refused("", targets.propose, team.author, 2020, Wording("Lain"), revises=old, **ACT)
    targets.settle(new, True, "", make.decider(team.superior))
    assert (state(old), state(new)) == (REVISED, AGREED)
    third = proposed(team.author, Wording("Ketiga"), revises=Target.get_by_id(new.id))
    assert targets.chain(third) == old.id


def test_only_an_agreed_line_of_ones_own_can_be_revised(team):
    line = proposed(team.author)
    refused("", targets.propose, team.author, 2020, MORE, revises=line, **ACT)
    refused("", targets.propose, team.colleague, 2020, MORE, revises=agreed(team, Wording("Lain")), **ACT)


def test_a_revision_that_is_withdrawn_makes_room_for_another(team):
    old = agreed(team)
    targets.withdraw(proposed(team.author, MORE, revises=old), **ACT)
    assert proposed(team.author, Wording("Lain"), revises=old).revises_id == old.id


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a" * 501}, "title"),
        ({"amount": "banyak"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1,234"}, "amount"),
        ({"unit": ""}, "unit"),
    ],
)
def test_a_line_says_what_can_be_kept(team, facts, field):
    refused(field, targets.propose, team.author, 2020, Wording(**{**vars(FILES), **facts}), **ACT)


def test_a_line_may_count_nothing_and_parts_of_a_unit(team):
    assert proposed(team.author, Wording("Tanpa angka")).amount is None
    assert proposed(team.author, Wording("Setengah", amount="1,5", unit="laporan")).amount == 1.5


def test_lines_are_for_the_years_around_this_one(team):
    refused("title", targets.propose, team.author, 2018, FILES, **ACT)
    assert targets.propose(team.author, 2021, FILES, **ACT).year == 2021


def test_a_year_has_room_for_so_many_lines(team, monkeypatch):
    monkeypatch.setattr(targets, "MOST_LINES", 2)
    for number in range(2):
        proposed(team.author, Wording(f"Rencana {number}"))
    refused("", targets.propose, team.author, 2020, FILES, **ACT)


def test_progress_is_what_was_approved_for_the_line_and_those_it_replaced_in_its_own_unit(team):
    old = agreed(team)
    make.entry(team.author, target=str(old.id), quantity="12", unit="Berkas")
    make.entry(team.author, "10:00", "11:00", target=str(old.id), quantity="3", unit="rapat")
    row = make.submitted(team.author)
    validation.decide([(row.id, None)], [], "approve", "", make.decider(team.superior))
    new = agreed(team, MORE, revises=old)
    tuesday, evening = MONDAY + timedelta(days=1), MONDAY_EVENING + timedelta(days=1)
    make.entry(team.author, day=tuesday, now=evening, target=str(new.id), quantity="5")
    gone = make.entry(team.author, "13:00", "14:00", day=tuesday, now=evening, target=str(new.id))
    logs.remove(gone, gone.revision, now=evening)
    make.entry(team.author, "15:00", "16:00", day=tuesday, now=evening)
    found = targets.progress([new])
    assert {old.id: (12, 180, 120)} == {chain: (each.quantity, each.minutes, each.waiting) for chain, each in found.items()}


def test_what_was_rejected_counts_for_nothing(team):
    line = agreed(team)
    make.entry(team.author, target=str(line.id))
    row = make.submitted(team.author)
    validation.decide([(row.id, None)], [], "reject", "Bukan pekerjaannya.", make.decider(team.superior))
    assert targets.progress([line])[line.id] == targets.Progress()
