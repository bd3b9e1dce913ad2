"""What the tests of postings ask about people, in a word each."""

from datetime import date

from portal.audit import AuditEntry
from portal.offices import corrections, postings
from portal.offices.staff import Acting, Correction, Posting
from portal.people.models import Person
from tests import make
from tests.make import ACT

TODAY = date(2020, 9, 19)
TOMORROW, YESTERDAY = date(2020, 9, 20), date(2020, 9, 18)


def held(person: Person, day: date = TODAY) -> frozenset[str]:
    return postings.standing(person, day).roles


def acts() -> list[str]:
    return [
        act
        for (act,) in AuditEntry.select(AuditEntry.act).where(AuditEntry.kind == "person", AuditEntry.act != "person_created").order_by(AuditEntry.id).tuples()
    ]


def last_act() -> AuditEntry:
    return AuditEntry.select().order_by(AuditEntry.id.desc()).get()


def days(person: Person) -> list[tuple[str, str | None]]:
    found = Posting.select().where(Posting.person == person).order_by(Posting.first_day, Posting.id)
    return [(str(each.first_day), str(each.last_day) if each.last_day else None) for each in found]


def stand_in(superior: Person, deputy: Person, *, first: date = TODAY, last: date = TODAY) -> Acting:
    return postings.act_for(superior, deputy, kind="Plh", letter_number="800/12/2020", first_day=first, last_day=last, **ACT)


def asked(person: Person, superior: Person, *, under: Person | None = None) -> Correction:
    posting = postings.main_posting(person, TODAY) or make.posting(person, under=under)
    return corrections.propose(posting, superior, reason="Saya pindah seksi.", **ACT)
