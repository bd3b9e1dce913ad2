"""What citizens thought of it: nine elements from 1 to 4, asked once a request, shown as an index of many and never as one answer (PermenPANRB 14/2017)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from portal.db import transaction
from portal.offices import board
from portal.offices.models import Office
from portal.refusals import Refused
from portal.services import requests
from portal.services.models import DONE, ELEMENTS, REFUSED, Opinion, Service, ServiceRequest
from portal.services.requests import Unfit
from portal.words import Sentence

LOWEST, HIGHEST = 1, 4
FEWEST = 5  # answers; of fewer nothing is published, for one could be told from the others
BANDS = (("A", 88.31), ("B", 76.61), ("C", 65.0), ("D", 25.0))  # from here on, in hundredths as they are published
_ASKED = (DONE, REFUSED)


@dataclass(frozen=True)
class Index:
    """The index of so many answers: the mean of each element, from 1 to 4."""

    count: int
    means: tuple[float, ...]

    @property
    def ikm(self) -> float:
        """From 25 to 100: 25 times the mean of the nine element means, in hundredths."""
        return round(25 * sum(self.means) / len(self.means), 2)

    @property
    def grade(self) -> str:
        return next(grade for grade, least in BANDS if self.ikm >= least)


@dataclass(frozen=True)
class Row:
    """One office with all below it, or one service everywhere, and its index."""

    slug: str
    name: str
    index: Index


def may_answer(request: ServiceRequest) -> bool:
    """Whether the citizen of a request may be asked: it is settled, and they have not said it yet."""
    return request.state in _ASKED and request.surveyed_at is None


def answer(request: ServiceRequest, marks: Mapping[str, str], *, now: datetime) -> None:
    """Take the nine marks in; once a request. Neither the opinion nor the request keeps the moment, so that the two cannot be brought together again."""
    values = _read(marks)
    with transaction():
        board.raise_version()  # the public sees the index; before the request is held, as closing an office does: who waits for whom goes one way
        row = requests.held(request)
        if row.state not in _ASKED:
            raise Refused(Sentence("Penilaian dibuka sesudah permohonan ini selesai."))
        if row.surveyed_at is not None:
            raise Refused(Sentence("Anda sudah menilai layanan ini. Terima kasih."))
        month = now.astimezone(ZoneInfo(row.office.timezone)).date().replace(day=1)
        Opinion.create(office=row.office_id, service=row.service_id, month=month, **values)
        ServiceRequest.update(surveyed_at=datetime(month.year, month.month, 1, tzinfo=UTC)).where(ServiceRequest.id == row.id).execute()


def index(office_ids: Collection[int] | None = None, service: Service | None = None, *, since: date | None = None) -> Index | None:
    """The index of some offices (none: all) and a service (none: all), of the months from a day on; nothing below five answers."""
    where = [Opinion.id.is_null(False)]
    where += [Opinion.office.in_(list(office_ids) or [0])] if office_ids is not None else []
    where += [Opinion.service == service] if service is not None else []
    where += [Opinion.month >= since] if since is not None else []
    found = Opinion.select(*_sums()).where(*where).tuples().first()
    return of_sums(found)


def by_office(service: Service | None = None) -> list[Row]:
    """Every office with five answers or more, those of all below it counted in, by name; three questions however many offices."""
    sums: dict[int, list[int]] = {}
    of = Opinion.select(Opinion.office, *_sums()).where(Opinion.service == service) if service else Opinion.select(Opinion.office, *_sums())
    for office, *its in of.group_by(Opinion.office).tuples():
        sums[office] = its
    roots = Office.select(Office.root_id).where(Office.id.in_(list(sums) or [0]))
    offices = {id: (parent, slug, name) for id, parent, slug, name in
               Office.select(Office.id, Office.parent, Office.slug, Office.name).where(Office.root_id.in_(roots)).tuples()}  # fmt: skip
    totals: dict[int, list[int]] = defaultdict(lambda: [0] * (len(ELEMENTS) + 1))
    for office, its in sums.items():
        above: int | None = office
        while above is not None:
            totals[above] = [one + other for one, other in zip(totals[above], its, strict=True)]
            above = offices[above][0]
    shown = _told({id: its[0] for id, its in totals.items()}, {id: offices[id][0] for id in totals})
    return _rows((offices[id][1:], its) for id, its in totals.items() if id in shown)


def by_service(office_ids: Collection[int] | None = None) -> list[Row]:
    """Every service with five answers or more, at some offices or everywhere, by name."""
    found = Opinion.select(Service.slug, Service.name, *_sums()).join(Service)
    if office_ids is not None:
        found = found.where(Opinion.office.in_(list(office_ids) or [0]))
    sums = {(slug, name): its for slug, name, *its in found.group_by(Service.id, Service.slug, Service.name).tuples()}
    shown = _told({each: its[0] for each, its in sums.items()}, dict.fromkeys(sums))
    return _rows((each, its) for each, its in sums.items() if each in shown)


def with_all_below(office: int) -> set[int]:
    """Ids of an office and of all below it."""
    root = Office.select(Office.root_id).where(Office.id == office)
    parents = dict(Office.select(Office.id, Office.parent).where(Office.root_id.in_(root)).order_by(Office.id).tuples())
    found, before = {office}, 0
    while len(found) > before:
        before = len(found)
        found |= {id for id, parent in parents.items() if parent in found}
    return found


def of_sums(found: Any) -> Index | None:
    """The index of a count and nine sums; nothing of fewer than five."""
    count, *sums = found or (0,)
    return Index(count, tuple(float(each) / count for each in sums)) if count >= FEWEST else None


def _read(marks: Mapping[str, str]) -> dict[str, int]:
    wrong = [Refused(Sentence("Pilih satu jawaban."), field=each) for each in ELEMENTS if marks.get(each, "") not in _MARKS]
    if wrong:
        raise Unfit(wrong)
    return {each: int(marks[each]) for each in ELEMENTS}


_MARKS = tuple(str(mark) for mark in range(LOWEST, HIGHEST + 1))


def _sums() -> list[Any]:
    return [fn.COUNT(Opinion.id), *(fn.SUM(getattr(Opinion, each)) for each in ELEMENTS)]


def _told(counts: Mapping[Any, int], above: Mapping[Any, Any]) -> set[Any]:
    """Of some parts those whose index may stand beside that of the whole: where what is left of a whole would be few, the smallest part is held back too."""
    shown = {part for part, count in counts.items() if count >= FEWEST}
    for whole in {above[part] for part in counts}:
        parts = [part for part in counts if above[part] == whole]
        total = counts[whole] if whole is not None else sum(counts[part] for part in parts)
        left = total - sum(counts[part] for part in parts if part in shown)
        if 0 < left < FEWEST and (seen := [part for part in parts if part in shown]):
            shown.discard(min(seen, key=lambda part: (counts[part], str(part))))
    return shown


def _rows(found: Iterable[tuple[tuple[str, str], Any]]) -> list[Row]:
    rows = [Row(slug, name, index) for (slug, name), sums in found if (index := of_sums(sums)) is not None]
    return sorted(rows, key=lambda row: (row.name, row.slug))
