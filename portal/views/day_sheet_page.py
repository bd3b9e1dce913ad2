"""How a day sheet looks: what stands in its form to begin with, and what its page says about the day."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from portal.kinerja import drafts, logs, places, routines, sheet, suggestions, threads
from portal.kinerja.logs import Activity
from portal.kinerja.models import DRAFT, FIELD, REJECTED, Entry, Routine
from portal.kinerja.places import Proposal
from portal.kinerja.sheet import Sheet
from portal.kinerja.suggestions import Suggestion
from portal.views import objections
from portal.views import threads as thread_pages
from portal.views.access import me
from portal.views.answers import show
from portal.views.day_sheet_words import GLOBALS, clock_words, quantity_words
from portal.views.forms import Form
from portal.views.language import gettext

bp = Blueprint("kinerja", __name__, url_prefix="/kinerja")
for words in GLOBALS:
    bp.add_app_template_global(words)
_YEARS = range(1945, 2200)
_UNUSUAL = 12 * 60  # minutes in a day that one is asked to look at again
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)

Option = tuple[str, str, str]  # value, words, and the unit that goes with it


@dataclass
class Around:
    """What the form of a day offers to choose from."""

    proposal: Proposal
    targets: dict[str, str]  # titles by number
    types: list[tuple[int, str, str]]  # number, name, unit
    own: list[Suggestion]
    routines: list[Routine]
    due: list[Routine] = field(default_factory=list)

    @property
    def units(self) -> list[str]:
        """The units that one may mean, without doubles."""
        return list(dict.fromkeys([*(each.unit for each in self.own), *(unit for _, _, unit in self.types)]))[:30]

    @property
    def place_options(self) -> list[Option]:
        return [(place, gettext(word), "") for place, word in logs.PLACES.items()]

    @property
    def target_options(self) -> list[Option]:
        return [("", gettext("Tugas tambahan"), ""), *((number, title, "") for number, title in self.targets.items())]

    @property
    def type_options(self) -> list[Option]:
        return [("", gettext("Tanpa jenis"), ""), *((str(number), name, unit) for number, name, unit in self.types)]


def day_of(text: str) -> date:
    """The day of an address; 404 where no calendar has it."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        day = None
    return day if day is not None and day.year in _YEARS else abort(404)


def number_of(text: str) -> int:
    """A number that a page sends back to us; 0 where it is none."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def sheet_of(day: str) -> Sheet:
    """One's own sheet of a day."""
    return sheet.read(me().person, day_of(day), now=me().now, removed=number_of(request.args.get("dihapus", "")))


def page(shown: Sheet, form: Form | None = None, status: int = 200, **more: Any) -> Response:
    """The sheet with its form as it is filled in, or as a new line begins."""
    around = around_of(shown) if shown.is_open else None
    filled = form if form is not None else beginning(shown, around) if around else Form()
    unsent = shown.around.unsent
    kept_at = unsent.at.astimezone(shown.zone) if form is None and around and unsent is not None and drafts.of(unsent) else None
    objection = objections.facts_of(shown.row, shown.entries, shown.calendar)
    facts = {"sheet": shown, "row": shown.row, "form": filled, "around": around, "key": new_key(), "notes": notes(shown), "ways": ways(shown),
             "here": me().now.astimezone(shown.zone), "last_minute": last_minute, "submission": Form(), "elsewhere": None, "added": added(shown),
             "is_unproven": is_unproven, "kept_at": kept_at, "thread": _thread(shown), "objection": objection,
             "lost": form if around is None else None}  # fmt: skip
    return Response(show("kinerja/sheet.html", **{**facts, **more}), status)


def beginning(shown: Sheet, around: Around) -> Form:
    """What the form holds when the page opens: what was typed and not sent, else a line copied from another, else a new line."""
    fresh = new_line(shown, around)
    copied = _copied(shown)
    typed = drafts.of(shown.around.unsent)
    if copied:
        fresh.values.update({name: [value] for name, value in copied.items() if name != "target" or value in around.targets})
    elif typed:
        fresh.values.update({name: [typed.get(name, "")] for name in drafts.FIELDS})
    fresh.values["seen_typing"] = [str(shown.around.unsent.revision if shown.around.unsent is not None and not copied else 0)]
    return fresh


def new_line(shown: Sheet, around: Around) -> Form:
    """A new line: it begins where the last one ended, and serves the same target at the same place; the first of a day begins as the last day did."""
    last = shown.entries[-1] if shown.entries else max(around.own, key=lambda each: each.written, default=None)
    starts = _first_start(around) if not shown.entries else shown.entries[-1].ends
    target = str(last.target_id) if last is not None and str(last.target_id) in around.targets else ""
    return Form.of(starts=clock_words(starts) if starts is not None and starts < logs.MIDNIGHT else "", target=target, place=around.proposal.place,
                   unit=last.unit if last is not None else "", submission_key=new_key())  # fmt: skip


def activity(sent: Form, evidence: Any = None) -> Activity:
    """What was typed about an activity."""
    typed = {name: sent[name] for name in drafts.FIELDS}
    return Activity(**typed, evidence=evidence, drops_evidence=bool(sent["drop_evidence"]), submission_key=sent["submission_key"])


def around_of(shown: Sheet) -> Around:
    """What one may choose from on this day: at most four questions. Where a line stands already the next one follows it, so its place is not proposed."""
    own = suggestions.own(shown.person, shown.day)
    used = {each.type_id for each in own if each.type_id} | {each.activity_type_id for each in shown.entries if each.activity_type_id}
    proposal = Proposal(shown.entries[-1].place) if shown.entries else proposed(shown)
    targets, types = sheet.choices(shown.person, shown.day.year, sorted(used))
    running = routines.running(shown.person) if shown.state == DRAFT else []
    return Around(proposal, {str(number): title for number, title in targets}, types, own, running, routines.due(running, shown.day, shown.entries))


def proposed(shown: Sheet) -> Proposal:
    """Where one works on this day, as far as the portal knows."""
    return places.proposed(shown.nodes, shown.day, shown.zone, is_on_duty=shown.around.absence == FIELD)


def notes(shown: Sheet) -> dict[str, Any]:
    """What is particular about a day: its load, what is missing or too much, and whether its deadline has passed."""
    claimed, effective = sum(each.ends - each.starts for each in shown.entries), sum(each.effective for each in shown.entries if each.state != REJECTED)
    load = shown.load
    return {"claimed": claimed, "effective": effective, "load": load, "missing": max(0, (load or 0) - effective),
            "share": min(100, round(100 * effective / load)) if load else 0, "is_unusual": claimed > _UNUSUAL, "gaps": shown.gaps,
            "marked": [each for each in shown.entries if each.remark and each.state is None]}  # fmt: skip


def ways(shown: Sheet) -> tuple[date, date | None]:
    """The day before and the day after, as one goes through a log: days of work, days with activities, and today."""
    calendar, office = shown.calendar, shown.office.id
    worked = (shown.day - _DAY * back for back in range(1, 15) if calendar.is_working(office, shown.day - _DAY * back))
    before = max(next(worked, shown.day - _DAY), shown.around.last_day or date.min)
    ahead = (shown.day + _DAY * on for on in range(1, 15) if calendar.is_working(office, shown.day + _DAY * on))
    return before, min(next(ahead, shown.today), shown.today) if shown.day < shown.today else None


def added(shown: Sheet) -> Entry | None:
    """The activity that was saved just now."""
    number = number_of(request.args.get("baru", ""))
    return next((each for each in shown.entries if each.id == number), None)


def is_unproven(entry: Entry) -> bool:
    """Whether an activity lacks the evidence that its type needs."""
    kind = entry.activity_type
    return kind is not None and kind.needs_evidence and not entry.evidence_link and entry.evidence_id is None


def last_minute(deadline: datetime, shown: Sheet) -> datetime:
    """A deadline as people say it: the last minute before it, on the clocks of the office."""
    return (deadline - _MINUTE).astimezone(shown.zone)


def new_key() -> str:
    """What tells one sending of a form from another."""
    return secrets.token_hex(16)


def typed_of(entry: Entry) -> dict[str, str]:
    """An activity as it would be typed."""
    return {"description": entry.description, "starts": clock_words(entry.starts), "ends": clock_words(entry.ends), "quantity": quantity_words(entry.quantity),
            "unit": entry.unit, "target": str(entry.target_id or ""), "activity_type": str(entry.activity_type_id or ""), "place": entry.place,
            "evidence_link": entry.evidence_link}  # fmt: skip


def _copied(shown: Sheet) -> dict[str, str]:
    """A line of one's own that is to be written once more: all but its times and its evidence."""
    number = number_of(request.args.get("salin", ""))
    here = next((each for each in shown.entries if each.id == number), None)
    found = here or (sheet.own_entry(shown.person, number) if number else None)
    return {name: value for name, value in typed_of(found).items() if name not in {"starts", "ends", "evidence_link"}} if found else {}


def _first_start(around: Around) -> int | None:
    """When one usually begins: as early as the activities that one does most often."""
    return min((each.starts for each in around.own), default=None)


def _thread(shown: Sheet) -> Any:
    """What was said about a day that was handed in once; shown, it is read."""
    if shown.row is None or shown.row.first_submitted_at is None:
        return None
    shown.row.office = shown.office
    panel = thread_pages.panel(shown.row)
    if shown.around.unread:
        threads.mark_read(shown.row, shown.person, now=shown.now)
    return panel
