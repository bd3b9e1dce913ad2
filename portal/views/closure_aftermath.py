"""What became of those whom a closure affected: who knows, who answered, who is still to be called; how quickly the news spread."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for

from portal import clock
from portal.offices import declared
from portal.offices.models import Closure, ClosureEvent, ClosureMark
from portal.services import aftermath, sight
from portal.services.aftermath import Act, Affected, Coverage
from portal.services.deadlines import zone_of
from portal.views import asked, at_desk, effect_words, sheets
from portal.views.access import allow, me
from portal.views.closure_words import ANSWERS, REACHES, names_of, reached_words, since_words
from portal.views.drawing import spread
from portal.views.language import say, spoken

bp = Blueprint("closure_aftermath", __name__, url_prefix="/penutupan")
PAGE = 50
_Own = Collection[int] | None
_HEAD = ["act", "act_at", "number", "name", "service", "office", "changes", "reach", "reached_at", "reached_by", "answer", "answered_at"]
_MARKS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))


@bp.get("/<int:number>/dampak")
@allow("see_closures")
def show(number: int) -> str:
    closure, now = _closure(number), clock.now()
    acts, page, reach = aftermath.acts(closure), asked.page("hal"), asked.text("kabar")
    act = next((each for each in acts if str(each.event.id) == request.args.get("tindakan")), None)
    event = act.event.id if act else None
    rows, own = aftermath.listed(closure, event, reach, number=page, size=PAGE), _own(closure)
    found, record = aftermath.coverage(closure, event, now=now), declared.records([closure], now)[0]
    return render_template(
        "closure_aftermath/show.html", record=record, closure=closure, zone=record.zone, here=now.astimezone(record.zone), name=names_of(record),
        acts=acts, act=act, reach=reach if reach in REACHES else "", counts=_counts(acts, act), people=aftermath.people(closure),
        calls=aftermath.news(closure)[1], answers=_answers(closure),
        rows=[_row(each, own) for each in rows[:PAGE]], page=page, has_more=len(rows) > PAGE, curve=spread(found), table=_table(found),
        reaches=REACHES, since_words=since_words, link=_link, may_call=me().may("call_people"))  # fmt: skip


@bp.get("/<int:number>/dampak.csv")
@allow("see_closures")
def table(number: int) -> Response:
    """All of them for a spreadsheet; names and numbers of those on one's own desk only, and the trail keeps that they were taken along."""
    closure = _closure(number)
    own = _own(closure)
    numbers = aftermath.numbers(closure, own)
    if numbers:
        sight.taken_along(numbers, by=me().actor, now=clock.now())
    headers = {"Content-Disposition": f"attachment; filename=dampak-{closure.id}.csv"}
    return Response(stream_with_context(_lines(closure, own)), mimetype="text/csv", headers=headers, direct_passthrough=True)


def _lines(closure: Closure, own: _Own) -> Iterator[bytes]:
    events = {act.event.id: act.event for act in aftermath.acts(closure)}
    yield sheets.line(_HEAD)
    for each in aftermath.every(closure):
        with spoken("id"):  # as programs read it, whatever the reader's language
            yield sheets.line(_cells(each, events[each.effect.event_id], own))


def _cells(each: Affected, event: ClosureEvent, own: _Own) -> list[str]:
    zone = zone_of(each.request)
    seen = [each.request.number, each.request.name] if _is_seen(each, own) else ["", ""]
    changes = " ".join(say(change, event.at) for change in effect_words.changes(each.effect.facts, zone))
    answer = [each.offer.answer or "waits", _local(each.offer.answered_at, zone)] if each.offer else ["", ""]
    return [event.what, _local(event.at, zone), *seen, each.request.service.name, each.request.office.name, changes, each.reach,
            _local(each.reached_at, zone), each.by, *answer]  # fmt: skip


def _row(each: Affected, own: _Own) -> dict[str, Any]:
    """One person as the page shows them; to others than their own office without name and number."""
    zone = zone_of(each.request)
    reached = each.reached_at.astimezone(zone) if each.reached_at else None
    answered = each.offer.answered_at.astimezone(zone) if each.offer and each.offer.answered_at else None
    return {"is_seen": _is_seen(each, own), "number": each.request.number, "name": each.request.name, "service": each.request.service.name,
            "office": each.request.office.name, "changes": effect_words.changes(each.effect.facts, zone), "reach": each.reach,
            "reached": reached_words(each.reach, reached, each.by), "answer": ANSWERS[each.offer.answer] if each.offer else "", "answered": answered,
            "note": each.letter.note if each.letter else ""}  # fmt: skip


def _own(closure: Closure) -> _Own:
    """At which offices one may see who they are: everywhere, where every office that the closure takes is one's own; else at one's own."""
    own = at_desk.desk().offices
    taken = {office for (office,) in ClosureMark.select(ClosureMark.office).where(ClosureMark.closure == closure, ~ClosureMark.is_excepted).tuples()}
    return None if own is None or (taken and taken.issubset(own)) else own


def _is_seen(each: Affected, own: _Own) -> bool:
    return own is None or each.request.office_id in own


def _counts(acts: list[Act], act: Act | None) -> dict[str, int]:
    """How far the news of an act, or of all, has come; without what there is none of."""
    chosen = [act] if act else acts
    sums = {reach: sum(each.counts.get(reach, 0) for each in chosen) for reach in REACHES}
    return {reach: count for reach, count in sums.items() if count}


def _answers(closure: Closure) -> list[tuple[str, int]]:
    found = aftermath.answers(closure)
    return [(ANSWERS[answer], found[answer]) for answer in ANSWERS if found.get(answer)]


def _table(found: Coverage) -> list[tuple[str, int, int]]:
    """After how long so many were reached, and which share that is; up to now."""
    marks = [mark for mark in _MARKS if mark < found.lasted]
    rows = [(say(since_words(mark)), found.after(mark)) for mark in marks] + [(say(since_words(None)), len(found.reached))]
    return [(said, count, round(100 * count / found.affected)) for said, count in rows] if found.affected else []


def _link(**changes: Any) -> str:
    """The address of this page with its filters, some of them changed; a change starts at the first page."""
    held = {"tindakan": request.args.get("tindakan"), "kabar": request.args.get("kabar")}
    wanted = {field: value for field, value in {**held, **changes}.items() if value not in (None, "")}
    return url_for(".show", **(request.view_args or {}), **wanted)


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def _closure(number: int) -> Closure:
    found = Closure.get_or_none(Closure.id == number) if number < 2**31 else None
    return found if found is not None else abort(404)
