"""The pages of validation: the queue with its flags and what each day holds, and one day in full."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from flask import render_template

from portal.kinerja import days, queue, routing, threads, validation
from portal.kinerja.flags import Flag, Flags
from portal.kinerja.models import SETTLED, SUBMITTED, WorkDay
from portal.kinerja.queue import Waiting
from portal.kinerja.routing import Seat
from portal.kinerja.validation import Outcome
from portal.people.models import Person
from portal.views import asked
from portal.views import threads as thread_views
from portal.views.access import me
from portal.views.forms import Form
from portal.views.language import day_words
from portal.views.validation_words import Told, Words, gaps
from portal.words import Sentence, later

PAGE = 30
FILTERS = {
    "": later("Semua"),
    "dilihat": later("Perlu dilihat"),
    "tanpa-tanda": later("Tanpa tanda"),
    "plt": later("Sebagai Plt atau Plh"),
    "naik": later("Naik dari bawahan"),
}
LOOKS = {"draft": "off", "submitted": "limited", "returned": "suspended", "approved": "open", "rejected": "suspended"}


@dataclass
class Line:
    """One day in the queue, with all that its row shows."""

    row: Waiting
    flags: list[Flag]
    load: int | None
    in_place_of: str
    is_risen: bool
    activities: list[Told] = field(default_factory=list)
    gaps: str = ""
    said: str = ""  # the day in words
    is_ticked: bool = False

    @property
    def value(self) -> str:
        """What its box sends: the day, and what of it was seen."""
        return f"{self.row.id}-{self.row.revision}"


def queue_page(form: Form, outcomes: list[Outcome] = ()) -> str:  # type: ignore[assignment]
    """What waits for me, so many days a page, with the filter that is chosen; what was typed and ticked stays."""
    who, name, number = me(), asked.text("saring"), asked.page("hal")
    held = routing.seats(who.person, who.today)
    lines = _lines(queue.lines(who.person, held, who.now), held)
    groups = {each: [line for line in lines if _is_in(line, each)] for each in FILTERS}
    name = name if name in FILTERS else ""
    number = min(number, max(1, -(-len(groups[name]) // PAGE)))
    shown = groups[name][(number - 1) * PAGE : number * PAGE]
    _fill(shown, form)
    people = [list(its) for _, its in groupby(shown, key=lambda line: line.row.person_id)]
    return render_template(
        "validation/queue.html", form=form, people=people, filters=FILTERS, counts={each: len(its) for each, its in groups.items()}, filter=name,
        page=number, has_more=len(groups[name]) > number * PAGE, shown=len(shown), total=len(lines), most=queue.MOST,
        entries=set(form.all("entry")), outcomes=told(outcomes, held), done=asked.page("selesai") if asked.text("selesai") else 0,
        decision=form["decision"] or asked.text("putusan"), canned=validation.CANNED, now=me().now)  # fmt: skip


def day_page(row: WorkDay, seat: Seat, form: Form, act: str = "") -> str:
    """One day in full for who has a seat at it: what it holds, what was done to it and said about it."""
    who = me()
    may_decide = row.state == SUBMITTED and routing.may_decide(row, seat, who.now)
    line = _lines([queue.line(row, who.person)], {row.upper_id if seat.is_upper else row.supervisor_id: seat.acting_for_id})[0]
    line.is_risen = seat.is_upper and may_decide
    _fill([line], form)
    said = threads.history(row)
    if line.row.unread:
        threads.mark_read(row, who.person, now=who.now)
    return render_template(
        "validation/show.html", line=line, work_day=row, form=form, act=act, empty=Form(), said=said, entries=set(form.all("entry")),
        may_decide=may_decide, may_unlock=routing.may_unlock(who.person, row, seat) and row.state in SETTLED, acts=threads.ACTS,
        thread=thread_views.panel(row, said, zone=line.row.zone), canned=validation.CANNED, looks=LOOKS, state_words=days.STATES, now=who.now)  # fmt: skip


def told(outcomes: list[Outcome], held: dict[int, int | None]) -> list[tuple[str, date, Sentence]]:
    """What was refused, by whose day; days at which one has no seat are not named."""
    refused = [(each, each.refusal) for each in outcomes if each.refusal]
    people = Person.select(Person.id, Person.name).where(Person.id.in_([each.work_day.person_id for each, _ in refused] or [0]))
    names = dict(people.tuples()) if refused else {}
    return [(names[each.work_day.person_id] if _has_seat(each, held) else "", each.work_day.day, why) for each, why in refused]


def is_stranger(outcomes: list[Outcome]) -> bool:
    """Whether one has no seat at any of these days."""
    held = routing.seats(me().person, me().today)
    return not any(_has_seat(each, held) for each in outcomes)


def _has_seat(outcome: Outcome, held: dict[int, int | None]) -> bool:
    row = outcome.work_day
    return row.person_id != me().person.id and (row.supervisor_id in held or row.upper_id in held)


def _lines(rows: list[Waiting], held: dict[int, int | None]) -> list[Line]:
    seen = Flags(rows, me().now)
    return [Line(row, seen.of(row), seen.load(row), row.in_place_of(held), row.risen(held)) for row in rows]


def _is_in(line: Line, name: str) -> bool:
    return {"": True, "dilihat": bool(line.flags), "tanpa-tanda": not line.flags, "plt": bool(line.in_place_of), "naik": line.is_risen}[name]


def _fill(shown: list[Line], form: Form) -> None:
    """What the days on the page hold, and which of them are ticked."""
    found = queue.activities(line.row.id for line in shown)
    words = Words(each for rows in found.values() for each in rows)
    ticked = {value.partition("-")[0] for value in form.all("day")}
    takes_all = asked.text("pilih") == "semua"
    for line in shown:
        rows = found.get(line.row.id, [])
        line.said, line.activities = day_words(line.row.day, me().now), [words.told(each) for each in rows]
        line.gaps = gaps(rows) if line.row.claimed < (line.load or 0) else ""  # a full day may have its lunch
        line.is_ticked = takes_all or str(line.row.id) in ticked
