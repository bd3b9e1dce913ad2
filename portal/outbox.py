"""Letters: promised as a row in the transaction that owes them, delivered afterwards; those without e-mail go to the call list."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import IntegerField, JSONField, TextField, chunked, fn

from portal import audit
from portal.audit import By
from portal.db import Moment, Question, Table, among, is_postgres, slot, transaction
from portal.refusals import Refused, plain
from portal.words import Sentence

WAITS, SENT, FAILED, TO_CALL, REACHED = "waits", "sent", "failed", "to_call", "reached"
OVERTAKEN = "overtaken"  # a call that nobody need make any more: newer news stands in its place
SOON, IN_TURN = 0, 1  # ranks: a letter to one person about their own matter goes before news for many, however many those are
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))  # after the last one it has failed
CLAIM = timedelta(minutes=10)  # longer than the slowest mail server may take for one letter
SECRET = "token"  # a fact of this name is a sealed secret; it leaves the row with the letter
_MOST_SAID = 500
_AT_ONCE = 1000


@dataclass(frozen=True)
class Recipient:
    """To whom a letter goes; without an e-mail address the person is called."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "id"
    person_id: int | None = None
    office_id: int | None = None  # whose call list it stands on, where there is no address


class Letter(Table):
    """One letter promised to one person: what it is, the facts it tells, and what became of it."""

    name = TextField(index=True)
    recipient = TextField()
    email = TextField(default="")
    phone = TextField(default="")
    person_id = IntegerField(null=True)
    office_id = IntegerField(null=True)
    language = TextField(default="id")
    facts = JSONField()
    key = TextField(unique=True)
    state = TextField(default=WAITS)
    created_at = Moment()
    due_at = Moment()
    rank = IntegerField(default=SOON)
    claimed_until = Moment(null=True)
    tries = IntegerField(default=0)
    sent_at = Moment(null=True)
    problem = TextField(default="")
    detail = TextField(default="")
    reached_at = Moment(null=True)
    reached_by = TextField(default="")
    note = TextField(default="")

    class Meta:
        indexes = ((("state", "rank", "due_at"), False),)


_PROMISED = ("name", "recipient", "email", "phone", "person_id", "office_id", "language", "facts", "key", "state", "created_at", "due_at", "rank")
_PROMISE = Question(lambda: Letter.insert({
    **{getattr(Letter, name): slot(name) for name in _PROMISED}, Letter.tries: 0, Letter.problem: "", Letter.detail: "",
    Letter.reached_by: "", Letter.note: ""}).on_conflict_ignore())  # fmt: skip
_COUNTED = Letter.select(fn.COUNT(Letter.id)).where(Letter.state == TO_CALL)
_CALLS = Question(lambda: _COUNTED)
_OWN_CALLS = Question(lambda: _COUNTED.where(among(Letter.office_id, "offices")))
_OF_KEY = Question(lambda: Letter.select().where(Letter.key == slot("key")))


def promise(name: str, to: Recipient, facts: dict[str, Any], *, key: str, now: datetime) -> Letter:
    """Owe somebody a letter; the same key owes it once. Called inside the transaction that gives the reason."""
    values = {"name": name, "recipient": to.name, "email": to.email, "phone": to.phone, "person_id": to.person_id, "office_id": to.office_id,
              "language": to.language, "facts": facts, "key": key, "state": WAITS if to.email else TO_CALL, "created_at": now, "due_at": now,
              "rank": SOON}  # fmt: skip
    _PROMISE.run(**values)
    return _OF_KEY.found(Letter, key=key)[0]


def promise_all(name: str, letters: Iterable[tuple[Recipient, dict[str, Any], str]], *, now: datetime, rank: int = SOON) -> None:
    """Owe many people a letter of one kind: (to, facts, key). Whoever has no address is called."""
    common = {"name": name, "created_at": now, "due_at": now, "rank": rank}
    _PROMISE.run_all({**common, "recipient": to.name, "email": to.email, "phone": to.phone, "person_id": to.person_id, "office_id": to.office_id,
                      "language": to.language, "facts": facts, "key": key, "state": WAITS if to.email else TO_CALL}
                     for to, facts, key in letters)  # fmt: skip


def claim(*, now: datetime) -> Letter | None:
    """The next letter that is due, the lowest rank first, held for this worker alone until it is settled or the claim runs out; none where nothing is due."""
    free = Letter.claimed_until.is_null() | (Letter.claimed_until < now)
    with transaction():
        due = Letter.select().where(Letter.state == WAITS, Letter.due_at <= now, free).order_by(Letter.rank, Letter.due_at, Letter.id).limit(1)
        # Workers pass over what another holds just now; SQLite's one writer lets them in one after the other anyway.
        letter = (due.for_update("FOR UPDATE SKIP LOCKED") if is_postgres() else due).first()
        if letter is not None:
            letter.claimed_until, letter.tries = now + CLAIM, letter.tries + 1
            Letter.update(claimed_until=letter.claimed_until, tries=letter.tries).where(Letter.id == letter.id).execute()
    return letter


def sent(letter: Letter, *, now: datetime) -> None:
    """The mail server took it; the secret that it carried is forgotten."""
    with transaction():
        Letter.update(state=SENT, sent_at=now, claimed_until=None, problem="", detail="", facts=_open_facts(letter)).where(Letter.id == letter.id).execute()


def postponed(letter: Letter, problem: str, detail: str = "", *, now: datetime, is_final: bool = False) -> None:
    """It did not go out: tried again later, and after the last try failed for all to see. A refusal that no retry mends fails at once."""
    is_over = is_final or letter.tries > len(BACK_OFF)
    values = {"state": FAILED} if is_over else {"due_at": now + BACK_OFF[letter.tries - 1]}
    said = "".join(sign if sign.isprintable() else " " for sign in detail)[:_MOST_SAID]
    with transaction():
        # A worker that was slower than its claim must not undo what another has done with the letter meanwhile.
        is_still_mine = (Letter.id == letter.id) & (Letter.state == WAITS) & (Letter.tries == letter.tries)
        Letter.update(**values, problem=problem, detail=said, claimed_until=None).where(is_still_mine).execute()


def resend(letter: Letter, *, by: By, now: datetime) -> None:
    """Try a failed letter again from the beginning; one that waits or is sent stays as it is."""
    if is_stale(letter, now=now):
        raise Refused(Sentence("Tautan dalam surat ini sudah kedaluwarsa. Undang orang ini sekali lagi, atau minta dia meminta tautan baru."))
    with transaction():
        fresh = {"state": WAITS, "due_at": now, "tries": 0, "problem": "", "detail": "", "claimed_until": None}
        if Letter.update(fresh).where(Letter.id == letter.id, Letter.state == FAILED).execute():
            audit.record("letter_resent", "letter", letter.id, by=by, now=now, label=_label(letter), after={"letter": letter.name})


def reached(letter: Letter, *, note: str, by: By, now: datetime) -> None:
    """Somebody without e-mail was told by telephone, or could not be: the note says. Refused where a colleague has noted it already."""
    note = plain(note, field=f"note-{letter.id}", limit=_MOST_SAID)
    with transaction():
        done = {"state": REACHED, "reached_at": now, "reached_by": str(by), "note": note, "facts": _open_facts(letter)}
        if not Letter.update(done).where(Letter.id == letter.id, Letter.state == TO_CALL).execute():
            raise _missed(Letter.get_by_id(letter.id))
        audit.record("letter_reached", "letter", letter.id, by=by, now=now, label=_label(letter), after={"letter": letter.name})


def _missed(letter: Letter) -> Refused:
    """Why a call cannot be noted any more."""
    if letter.state == OVERTAKEN:
        return Refused(Sentence("Kabar untuk {name} baru saja berubah. Telepon ini belum dicatat: lihat kabar terbarunya di daftar.", name=letter.recipient))
    return Refused(Sentence("{name} sudah dicatat oleh {colleague}.", name=letter.recipient, colleague=letter.reached_by))


def overtake(keys: Iterable[str]) -> None:
    """Nobody is called any more about what is no longer so; the rows stay. Called inside the transaction that changed it."""
    for some in chunked(keys, _AT_ONCE):
        Letter.update(state=OVERTAKEN).where(Letter.key.in_(some), Letter.state == TO_CALL).execute()


def calls(offices: set[int] | None) -> Any:
    """Whom somebody has to call who answers for these offices; None is everywhere, and people of no office too."""
    found = Letter.select().where(Letter.state == TO_CALL)
    return found if offices is None else found.where(Letter.office_id.in_(list(offices) or [0]))


def calls_left(offices: set[int] | None) -> int:
    """How many people those still have to call who answer for these offices."""
    ((count,),) = _CALLS.rows() if offices is None else _OWN_CALLS.rows(offices=sorted(offices))
    return int(count)


def is_stale(letter: Letter, *, now: datetime) -> bool:
    """Whether the link that a letter carries has run out, so that nobody is helped by receiving it."""
    with suppress(ValueError):  # unreadable facts are found when the letter is written
        return SECRET in letter.facts and datetime.fromisoformat(letter.facts.get("expires_at", "")).astimezone(UTC) <= now
    return False


def _label(letter: Letter) -> str:
    """What the trail calls a letter: a citizen's by its number, since the trail outlives what may be kept of a citizen."""
    return str(letter.facts.get("number") or letter.recipient)


def _open_facts(letter: Letter) -> dict[str, Any]:
    return {name: fact for name, fact in letter.facts.items() if name != SECRET}
