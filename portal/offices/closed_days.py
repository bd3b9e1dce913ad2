"""On which days offices are closed by a closure: what a day at home follows from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.clock import midnight
from portal.offices.models import Closure, ClosureMark, Office

Chains = Mapping[int, tuple[ZoneInfo, Sequence[int]]]  # by office: its zone, and the nodes from it upwards


class ClosedDays:
    """The closures over some offices between two days."""

    def __init__(self, offices: Iterable[int], first: date, last: date, chains: Chains | None = None) -> None:
        """Reads them: two questions however many offices and days, one where it is known what lies above the offices."""
        self._chains = chains if chains is not None else _chains(set(offices))
        nodes = {node for _, chain in self._chains.values() for node in chain}
        since = midnight(first, ZoneInfo("Asia/Jayapura")) - timedelta(hours=1)
        until = midnight(last + timedelta(days=1), ZoneInfo("Asia/Jakarta"))
        runs = (Closure.starts_at < until) & (Closure.ends_at.is_null() | (Closure.ends_at > since)) & Closure.withdrawn_at.is_null()
        columns = (Closure.id, Closure.starts_at, Closure.ends_at, ClosureMark.office, ClosureMark.is_excepted)
        rows = ClosureMark.select(*columns).join(Closure).where(ClosureMark.office.in_(list(nodes) or [0]), runs).order_by(Closure.starts_at, Closure.id)
        self._windows: dict[tuple[int, datetime, datetime | None], dict[int, bool]] = defaultdict(dict)
        for id, starts_at, ends_at, office, is_excepted in rows.tuples():
            self._windows[id, starts_at, ends_at][office] = not is_excepted

    def closures(self, office: int, day: date) -> list[int]:
        """Ids of the closures that take an office on some part of a local day."""
        if office not in self._chains:
            return []
        zone, chain = self._chains[office]
        begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
        running = ((id, marks) for (id, since, until), marks in self._windows.items() if since < ends and (until is None or until > begins))
        return [id for id, marks in running if _takes(marks, chain)]


def reasons(ids: Iterable[int]) -> dict[int, str]:
    """The cause of each of these closures."""
    return dict(Closure.select(Closure.id, Closure.reason).where(Closure.id.in_(list(ids) or [0])).tuples())


def _takes(marks: dict[int, bool], chain: Sequence[int]) -> bool:
    """The nearest mark from the office upwards decides; without one the closure is of others."""
    return next((marks[node] for node in chain if node in marks), False)


def _chains(offices: set[int]) -> Chains:
    roots = Office.select(Office.root_id).where(Office.id.in_(list(offices) or [0]))
    rows = {id: (parent, zone) for id, parent, zone in Office.select(Office.id, Office.parent, Office.timezone).where(Office.root_id.in_(roots)).tuples()}
    found = {}
    for office in offices & rows.keys():
        chain, node = [], office
        while node is not None and node in rows:
            chain.append(node)
            node = rows[node][0]
        found[office] = ZoneInfo(rows[office][1]), chain
    return found
