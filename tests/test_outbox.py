from datetime import timedelta
from itertools import pairwise

import pytest

from portal import db, outbox, sealed
from portal.audit import AuditEntry
from portal.outbox import BACK_OFF, CLAIM, FAILED, REACHED, SENT, TO_CALL, WAITS, Letter, Recipient
from portal.refusals import Refused
from tests import make

pytestmark = pytest.mark.usefixtures("database")
NOW = make.NOW
BUDI = Recipient("Budi", "budi@surat.example")
ANI = Recipient("Ani", phone="021 555", office_id=3)


def promised(key: str = "k", to: Recipient = BUDI, **facts: object) -> Letter:
    return outbox.promise("reset", to, facts, key=key, now=NOW)


def claimed(now=NOW) -> Letter:
    letter = outbox.claim(now=now)
    assert letter is not None
    return letter


def again(letter: Letter) -> Letter:
    return Letter.get_by_id(letter.id)


def test_the_same_promise_twice_is_owed_once_as_it_was_first_given():
    first = promised(told="pertama")
    assert promised(told="kedua").id == first.id
    assert [letter.facts for letter in Letter.select()] == [{"told": "pertama"}]


def test_a_promise_of_an_act_that_failed_is_owed_to_nobody():
    with pytest.raises(ZeroDivisionError), db.transaction():
        promised()
        raise ZeroDivisionError
    assert not Letter.select().exists()


def test_somebody_without_an_address_is_to_be_called_and_no_worker_takes_the_letter():
    assert promised(to=ANI).state == TO_CALL
    assert outbox.claim(now=NOW) is None


def test_letters_are_claimed_in_the_order_they_fell_due_each_by_one_worker():
    promised("second")
    early = outbox.promise("reset", BUDI, {}, key="first", now=NOW - timedelta(hours=1))
    assert claimed().id == early.id
    assert claimed().key == "second"
    assert outbox.claim(now=NOW) is None


def test_a_letter_is_not_claimed_before_it_is_due():
    outbox.promise("reset", BUDI, {}, key="k", now=NOW + timedelta(seconds=1))
    assert outbox.claim(now=NOW) is None
    assert outbox.claim(now=NOW + timedelta(seconds=1)) is not None


def test_what_a_killed_worker_held_is_free_when_its_claim_has_run_out():
    letter = promised()
    claimed()
    assert outbox.claim(now=NOW + CLAIM) is None
    retaken = claimed(NOW + CLAIM + timedelta(seconds=1))
    assert (retaken.id, retaken.tries) == (letter.id, 2)


def test_a_letter_that_was_sent_is_never_claimed_again_and_has_forgotten_its_secret():
    promised(token=sealed.seal("rahasia", about="link 7"), link=7, expires_at=NOW.isoformat())
    outbox.sent(claimed(), now=NOW)
    letter = Letter.get()
    assert (letter.state, letter.sent_at, letter.facts) == (SENT, NOW, {"link": 7, "expires_at": NOW.isoformat()})
    assert outbox.claim(now=NOW + timedelta(days=30)) is None


def test_the_tries_lie_further_and_further_apart_and_after_the_last_the_letter_has_failed_visibly():
    promised()
    moment, tried = NOW, []
    for _ in range(len(BACK_OFF) + 1):
        outbox.postponed(claimed(moment), "server", "tidak menjawab", now=moment)
        tried.append(moment)
        letter = Letter.get()
        moment = letter.due_at
    assert tuple(after - before for before, after in pairwise(tried)) == BACK_OFF
    assert (letter.state, letter.problem, letter.detail, letter.tries) == (FAILED, "server", "tidak menjawab", 8)
    assert outbox.claim(now=NOW + timedelta(days=30)) is None


def test_a_server_that_is_down_for_an_hour_costs_no_letter():
    promised()
    moment = NOW
    while moment < NOW + timedelta(hours=1):
        outbox.postponed(claimed(moment), "server", now=moment)
        moment = Letter.get().due_at
    assert Letter.get().state == WAITS
    assert claimed(moment).tries == 5


def test_a_refusal_that_no_retry_mends_fails_at_once():
    promised()
    outbox.postponed(claimed(), "address", "550 no such user", now=NOW, is_final=True)
    assert Letter.get().state == FAILED


@pytest.mark.parametrize("detail", ["550 a\x00b\r\nc\ud800d\x1b[31m", "x" * 100_000])
def test_whatever_a_server_says_can_be_kept_and_shown(detail):
    promised()
    outbox.postponed(claimed(), "server", detail, now=NOW)
    kept = Letter.get().detail
    assert kept.isprintable()
    assert 0 < len(kept) <= 500


def test_a_worker_slower_than_its_claim_does_not_undo_what_another_did_meanwhile():
    promised()
    slow = claimed()
    quick = claimed(NOW + CLAIM * 2)
    outbox.postponed(slow, "server", now=NOW + CLAIM * 2)
    assert outbox.claim(now=NOW + CLAIM * 2 + BACK_OFF[0]) is None
    outbox.sent(quick, now=NOW + CLAIM * 2)
    outbox.postponed(slow, "server", now=NOW + CLAIM * 3, is_final=True)
    assert Letter.get().state == SENT


def test_a_failed_letter_is_tried_again_from_the_beginning_and_the_trail_says_who_asked():
    promised()
    outbox.postponed(claimed(), "address", "550", now=NOW, is_final=True)
    outbox.resend(Letter.get(), by="Sari", now=NOW + timedelta(days=1))
    letter = Letter.get()
    assert (letter.state, letter.due_at, letter.tries, letter.problem, letter.detail) == (WAITS, NOW + timedelta(days=1), 0, "", "")
    assert [(entry.act, entry.actor, entry.object_id) for entry in AuditEntry.select()] == [("letter_resent", "Sari", str(letter.id))]


def test_sending_again_what_has_not_failed_changes_nothing_and_is_no_act():
    promised()
    outbox.sent(claimed(), now=NOW)
    before = Letter.select().dicts().get()
    outbox.resend(Letter.get(), by="Sari", now=NOW + timedelta(days=1))
    assert Letter.select().dicts().get() == before
    assert not AuditEntry.select().exists()


def test_a_letter_whose_link_has_run_out_is_not_sent_again():
    promised(token="x", link=7, expires_at=NOW.isoformat())
    outbox.postponed(claimed(), "address", now=NOW, is_final=True)
    with pytest.raises(Refused, match="kedaluwarsa"):
        outbox.resend(Letter.get(), by="Sari", now=NOW)
    assert Letter.get().state == FAILED


@pytest.mark.parametrize("expires_at", ["besok", ""])
def test_facts_that_cannot_be_read_do_not_hinder_a_resend(expires_at):
    letter = promised(token="x", expires_at=expires_at)
    assert not outbox.is_stale(letter, now=NOW)


def test_a_call_is_noted_once_with_who_and_what_and_its_secret_is_forgotten():
    letter = promised(to=ANI, token="x", link=7)
    outbox.reached(letter, note=" akan datang besok ", by="Sari", now=NOW)
    held = again(letter)
    assert (held.state, held.reached_by, held.reached_at, held.note, held.facts) == (REACHED, "Sari", NOW, "akan datang besok", {"link": 7})
    with pytest.raises(Refused, match=r"Ani sudah dicatat oleh Sari\."):
        outbox.reached(letter, note="lagi", by="Budi", now=NOW)
    assert [(entry.act, entry.actor) for entry in AuditEntry.select()] == [("letter_reached", "Sari")]


@pytest.mark.parametrize("note", ["x" * 501, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused_beside_its_field(note):
    letter = promised(to=ANI)
    with pytest.raises(Refused) as raised:
        outbox.reached(letter, note=note, by="Sari", now=NOW)
    assert raised.value.field == f"note-{letter.id}"
    assert again(letter).state == TO_CALL


def test_the_call_list_holds_the_offices_that_one_answers_for():
    here, there = promised(to=ANI), promised("other", Recipient("Cici", office_id=4))
    nowhere = promised("third", Recipient("Dedi"))
    promised("fourth")
    assert set(outbox.calls(None)) == {here, there, nowhere}
    assert list(outbox.calls({3})) == [here]
    assert list(outbox.calls(set())) == []
