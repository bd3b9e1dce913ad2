"""Leave from CSV: all or nothing, every error with its place, twice the same as once."""

from datetime import datetime

from portal.attendance import leave
from portal.attendance.models import Leave
from portal.audit import By
from portal.offices.imports import Outcome, Progress
from portal.people import accounts
from portal.people.models import Person
from portal.refusals import Refused
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

COLUMNS = ("nip", "kind", "first_day", "last_day")


def take_leave(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """Days on which people are away, by NIP; the same days of the same kind are known already, other leave on them is an error."""
    people = {person.identifier: person for person in Person.select()}
    known = set(Leave.select(Leave.person, Leave.kind, Leave.first_day, Leave.last_day).where(Leave.withdrawn_at.is_null()).tuples())
    problems: list[Problem] = []
    outcome = Outcome()
    for done, line in enumerate(lines):
        try:
            is_new = _enter(line, people, known, by=by, now=now)
            outcome.added += is_new
            outcome.same += not is_new
        except Problems as found:
            problems += found.problems
        except Refused as refusal:
            problems.append(line.problem("nip" if refusal.field == "identifier" else refusal.field, refusal.sentence))
        progress(done, len(lines))
    if problems:
        raise Problems(problems)
    return outcome


def _enter(line: Line, people: dict[str, Person], known: set[tuple[object, ...]], *, by: By, now: datetime) -> bool:
    """Whether the line said something new."""
    wrong: list[Problem] = []
    first, last = line.day("first_day", wrong), line.day("last_day", wrong)
    person = people.get(accounts.checked_identifier(line["nip"]))
    if person is None:
        wrong.append(line.problem("nip", Sentence("Tidak ada pegawai dengan NIP itu.")))
    if wrong or person is None or first is None or last is None:
        raise Problems(wrong)
    if (person.id, line["kind"], first, last) in known:
        return False
    leave.enter(person, line["kind"], first, last, by=by, now=now)
    return True
