"""The addresses that offices, closures and regions have, in parts of bounded size, each with when it last changed."""

from collections.abc import Iterator
from datetime import datetime

from peewee import SQL, fn

from portal.offices.models import Closure, ClosureEvent, ClosureMark, Office

Found = tuple[str, datetime | None]


def office_parts(size: int) -> list[int]:
    """The numbers of the parts that offices fall into by their ids: what is added later moves none of them."""
    return _parts(Office, size)


def closure_parts(size: int) -> list[int]:
    return _parts(Closure, size)


def offices(part: int, size: int) -> Iterator[Found]:
    """The slugs of one part, each with the last act on a closure that marks it; none where no closure ever did."""
    within = Office.id.between(part * size, (part + 1) * size - 1)
    acts = ClosureMark.select(ClosureMark.office, fn.MAX(ClosureEvent.at)).join(ClosureEvent, on=(ClosureEvent.closure == ClosureMark.closure))
    marked = acts.where(ClosureMark.office.between(part * size, (part + 1) * size - 1)).group_by(ClosureMark.office)
    changed = dict(marked.tuples())
    for id, slug in Office.select(Office.id, Office.slug).where(within).order_by(Office.id).tuples():
        yield slug, changed.get(id)


def closures(part: int, size: int) -> Iterator[tuple[int, datetime | None]]:
    """The numbers of one part, each with its last act."""
    within = Closure.id.between(part * size, (part + 1) * size - 1)
    acts = Closure.select(Closure.id, fn.MAX(ClosureEvent.at)).join(ClosureEvent, on=(ClosureEvent.closure == Closure.id))
    yield from acts.where(within).group_by(Closure.id).order_by(Closure.id).tuples()


def regions() -> list[str]:
    """The codes of the provinces, cities and kabupaten in which offices lie."""
    code = fn.SUBSTR(Office.region, 1, 5).alias("area")
    found = {code for (code,) in Office.select(code).where(Office.region.is_null(False)).group_by(SQL("area")).tuples()}
    return sorted(found | {code[:2] for code in found})


def _parts(table: type[Office] | type[Closure], size: int) -> list[int]:
    part = (table.id / size).alias("part")
    return [number for (number,) in table.select(part).group_by(SQL("part")).order_by(SQL("part")).tuples()]
