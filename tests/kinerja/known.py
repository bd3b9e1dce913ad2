"""What a slow and obvious observer knows about a day: every accepted edit and decision, to be compared with the rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.kinerja.models import APPROVED, FIELD, REJECTED, WFH, DayAct, Entry, WorkDay
from portal.offices.staff import Acting
from portal.people.models import Person

Content = tuple[int, int, int, str, str]  # day, start, end, description, place
AFTER = {
    "submitted": {"submitted"}, "returned": {"returned"}, "unlocked": {"returned"}, "approved": {"approved"}, "rejected": {"rejected", "approved"},
    "entry_approved": {"submitted", "approved"}, "entry_rejected": {"submitted", "approved", "rejected"},
}  # fmt: skip
DECISIONS = AFTER.keys() - {"submitted"}


@dataclass
class Line:
    """An activity as it was last accepted."""

    content: Content
    is_removed: bool = False
    state: str | None = None


@dataclass
class Page:
    """What a screen shows of a day since it was opened."""

    day: int
    revision: int
    lines: dict[int, tuple[int, Content]]  # by number: revision and content

    @property
    def shown(self) -> dict[int, Content]:
        return {id: content for id, (_, content) in self.lines.items()}


@dataclass
class Known:
    """All lines of all days, and which states and acts each day went through."""

    lines: dict[int, Line] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    acts: dict[int, int] = field(default_factory=dict)

    def live(self, day: int) -> dict[int, Content]:
        return {id: line.content for id, line in self.lines.items() if line.content[0] == day and not line.is_removed}

    def decide(self, day: int, state: str, among: list[int] | None) -> None:
        for id in self.live(day):
            if self.lines[id].state is None and (among is None or id in among):
                self.lines[id].state = state

    def unlock(self, day: int) -> None:
        for id in self.live(day):
            if self.lines[id].state == APPROVED:
                self.lines[id].state = None

    def compare_lines(self) -> None:
        """Nothing that was accepted is lost, nothing that was decided has changed, and no row came from nowhere."""
        rows = {each.id: Line(content(each), each.removed_at is not None, each.state) for each in Entry.select()}
        assert rows == self.lines

    def compare_states(self) -> None:
        """A state changes only with an act, and is the one that the last act means."""
        told: dict[int, list[str]] = defaultdict(list)
        for day, act in DayAct.select(DayAct.work_day, DayAct.act).where(DayAct.act.not_in(["rerouted", "opened"])).order_by(DayAct.id).tuples():
            told[day].append(act)
        for row in WorkDay.select():
            assert row.state in (AFTER[told[row.id][-1]] if told[row.id] else {"draft"})
            assert row.state == self.states.get(row.id, "draft") or len(told[row.id]) > self.acts.get(row.id, 0)
            self.states[row.id], self.acts[row.id] = row.state, len(told[row.id])


def content(entry: Entry) -> Content:
    return entry.work_day_id, entry.starts, entry.ends, entry.description, entry.place


def sums(entries: list[Entry]) -> dict[str, int]:
    """What the sums of a day must be, counted by hand."""
    kept = [each for each in entries if each.state != REJECTED]
    return {
        "entries": len(entries),
        "claimed": sum(each.ends - each.starts for each in entries),
        "effective": sum(each.effective for each in kept),
        "approved": sum(each.effective for each in entries if each.state == APPROVED),
        "effective_wfh": sum(each.effective for each in kept if each.place == WFH),
        "effective_field": sum(each.effective for each in kept if each.place == FIELD),
    }


def may_decide(person: Person, row: WorkDay, today: date, now: datetime) -> bool:
    """Said the slow way: the superior or who stands in, once it is time the one above or who stands in, never the author."""
    stood = Acting.select(Acting.superior).where(Acting.deputy == person, Acting.ended_at.is_null(), Acting.first_day <= today, Acting.last_day >= today)
    faces = {person.id, *(id for (id,) in stood.tuples())}
    is_time = row.escalates_at is not None and row.escalates_at <= now
    return person.id != row.person_id and (row.supervisor_id in faces or (is_time and row.upper_id in faces))


def compare_receipts() -> None:
    """Every submission has a receipt of its own, and no key counts twice."""
    acts = list(DayAct.select().where(DayAct.act == "submitted"))
    assert all(each.receipt for each in acts) and len({each.receipt for each in acts}) == len(acts)
    keyed = [(each.work_day_id, each.submission_key) for each in acts if each.submission_key]
    assert len(set(keyed)) == len(keyed)


def everything() -> list[Any]:
    return [list(table.select().order_by(table.id).tuples()) for table in (WorkDay, Entry, DayAct)]
