"""Whose work one vouches for: the superior of a day, the superior's superior, and who stands in for whom."""

from collections.abc import Collection, Iterable
from datetime import date

from portal.db import Question, among, slot
from portal.offices.postings import on
from portal.offices.staff import Acting, Correction, Posting
from portal.people.models import Person

_MAIN = Question(lambda: Posting.select().where(among(Posting.person, "people"), on(Posting, slot("day"))).order_by(Posting.is_main, Posting.id.desc()))
_CORRECTED = Question(
    lambda: (
        Correction.select(Correction.posting, Correction.proposed)
        .where(Correction.is_accepted, among(Correction.posting, "postings"))
        .order_by(Correction.settled_at)
    )
)


def main_postings(people: Iterable[int], day: date) -> dict[int, Posting]:
    """The main posting of each of these people on a day; an accepted correction of the superior holds for the posting that it corrected too."""
    found = {posting.person_id: posting for posting in _MAIN.found(Posting, people=list(people), day=day)}
    _correct(found.values())
    return found


def superiors(people: Iterable[int | None], day: date) -> dict[int, int]:
    """The superior of each of these people on a day, where they have one."""
    known = main_postings([each for each in people if each is not None], day)
    return {person: posting.supervisor_id for person, posting in known.items() if posting.supervisor_id is not None}


def stands_for(person: Person, day: date) -> dict[int, str]:
    """In whose place somebody stands on a day, with Plt or Plh."""
    rows = Acting.select(Acting.superior, Acting.kind).where(Acting.deputy == person, on(Acting, day), Acting.ended_at.is_null())
    return dict(rows.order_by(Acting.id).tuples())


def under(superior_ids: Iterable[int], first: date, last: date) -> list[Posting]:
    """The postings under any of these superiors on some day of a span, as corrections have put them right."""
    ids = set(superior_ids) or {0}
    put_right = Correction.select(Correction.posting).where(Correction.is_accepted, Correction.proposed.in_(ids))
    runs = (Posting.first_day <= last) & (Posting.last_day.is_null() | ((Posting.last_day >= first) & (Posting.last_day >= Posting.first_day)))
    rows = Posting.select().where(Posting.supervisor.in_(ids) | Posting.id.in_(put_right), runs).order_by(Posting.person, Posting.first_day)
    return [posting for posting in _correct(list(rows)) if posting.supervisor_id in ids]


def _correct(postings: Collection[Posting]) -> Collection[Posting]:
    """Postings with the superior that the last accepted correction of each has named."""
    corrected = dict(_CORRECTED.rows(postings=[posting.id for posting in postings])) if postings else {}
    for posting in postings:
        posting.supervisor_id = corrected.get(posting.id, posting.supervisor_id)
    return postings
