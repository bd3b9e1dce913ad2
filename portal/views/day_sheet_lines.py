"""The lines of a day: changed, taken out, brought back, made routine, copied from another day; and the evidence of each."""

from typing import Any

from flask import Response, abort, redirect, url_for

from portal.kinerja import days, drafts, logs, routines, routing, sheet
from portal.kinerja.models import Entry, Routine, WorkDay
from portal.kinerja.sheet import Sheet
from portal.refusals import Refused
from portal.views import attachments, day_sheet_page
from portal.views.access import allow, me
from portal.views.answers import show
from portal.views.attachments import sent_file, takes_files
from portal.views.day_sheet_page import activity, around_of, bp, day_of, number_of, page, proposed, sheet_of, typed_of
from portal.views.forms import Form


@bp.get("/<day>/<int:number>")
@allow("log_work")
def line(day: str, number: int) -> Response:
    """A line to be changed, with what was typed about it and not sent."""
    shown, entry = _line(day, number)
    if not shown.is_open or entry.state is not None:
        return redirect(url_for(".show", day=day, _anchor=f"k{number}"), 303)  # type: ignore[return-value]
    kept = drafts.find(shown.person, shown.day, number)
    typed = {**typed_of(entry), **drafts.of(kept)}
    form = Form.of(**typed, seen=entry.revision, submission_key=day_sheet_page.new_key(), seen_typing=kept.revision if kept else 0)
    return _line_page(shown, entry, form, kept_at=kept.at.astimezone(shown.zone) if kept is not None and drafts.of(kept) else None)


@bp.post("/<day>/<int:number>")
@allow("log_work")
@takes_files
def change(day: str, number: int) -> Any:
    (shown, entry), sent = _line(day, number, also_removed=True), Form.sent()
    seen = number_of(sent["seen"])
    try:
        logs.change(entry, activity(sent, sent_file("evidence")), seen, now=me().now)
    except Refused as refusal:
        return _still(day, number, sent.refuse(refusal), is_new=entry.revision != seen)
    drafts.clear(shown.person, shown.day, page=sent["submission_key"], seen=number_of(sent["seen_typing"]), entry=number, now=me().now)
    return redirect(url_for(".show", day=day, baru=number), 303)


@bp.post("/<day>/<int:number>/hapus")
@allow("log_work")
def remove(day: str, number: int) -> Any:
    """Take a line out; the next page offers to bring it back."""
    (_, entry), sent = _line(day, number, also_removed=True), Form.sent()
    try:
        logs.remove(entry, number_of(sent["seen"]), now=me().now)
    except Refused as refusal:
        return _still(day, number, Form.of(**typed_of(entry)).refuse(refusal), is_new=True)
    return redirect(url_for(".show", day=day, dihapus=number), 303)


@bp.post("/<day>/<int:number>/pulihkan")
@allow("log_work")
def restore(day: str, number: int) -> Any:
    """Bring back what was taken out."""
    shown = sheet_of(day)
    mine = (Entry.id == number) & (WorkDay.person == shown.person) & (WorkDay.day == shown.day)
    entry = Entry.select(Entry, WorkDay).join(WorkDay).where(mine).first() if number < 2**31 else None
    if entry is None:
        abort(404)
    try:
        logs.restore(entry, now=me().now)
    except Refused as refusal:
        return page(shown, status=422, submission=Form().refuse(refusal))
    return redirect(url_for(".show", day=day, baru=number), 303)


@bp.post("/<day>/<int:number>/rutin")
@allow("log_work")
def make_routine(day: str, number: int) -> Any:
    """Let a line return on days of the week."""
    (_, entry), sent = _line(day, number), Form.sent()
    try:
        routines.remember(entry, sent.all("weekdays"), now=me().now)
    except Refused as refusal:
        return _still(day, number, Form.of(**typed_of(entry)).refuse(refusal), is_new=False)
    return redirect(url_for(".show", day=day, rutin=number), 303)


@bp.post("/rutin/<int:number>/akhiri")
@allow("log_work")
def end_routine(number: int) -> Any:
    """A routine of one's own returns no more."""
    routine = Routine.get_or_none(Routine.id == number, Routine.person == me().person) if number < 2**31 else None
    if routine is None:
        abort(404)
    routines.end(routine, now=me().now)
    return redirect(url_for(".show", day=day_of(Form.sent()["day"]).isoformat()), 303)


@bp.post("/<day>/rutin")
@allow("log_work")
def fill(day: str) -> Any:
    """Write the routines of the day that have room."""
    shown = sheet_of(day)
    try:
        written = routines.fill(shown.person, shown.day, proposed(shown).place, now=me().now)
    except Refused as refusal:
        return page(shown, status=422, submission=Form().refuse(refusal))
    return redirect(url_for(".show", day=day, ditulis=written), 303)


@bp.post("/<day>/salin")
@allow("log_work")
def copy(day: str) -> Any:
    """Write the activities of an earlier day once more: of the one that is named, else of the last with activities."""
    shown, sent = sheet_of(day), Form.sent()
    try:
        source = days.find(shown.person, day_of(sent["source"])) if sent["source"] else None
        if source is None or not source.entries:
            raise Refused(logs.NOTHING_TO_COPY, field="source")
        written, left = logs.copy_day(shown.person, source, shown.day, now=me().now)
    except Refused as refusal:
        return page(shown, status=422, submission=sent.refuse(refusal))
    return redirect(url_for(".show", day=day, ditulis=written, tanpa=left), 303)


@bp.get("/<day>/bukti/<int:number>")
@allow("log_work", "validate_work")
def evidence(day: str, number: int) -> Response:
    """The file of an activity, for who wrote it and for those who vouch for the day."""
    at = (Entry.id == number) & (WorkDay.day == day_of(day)) & Entry.evidence.is_null(False) & Entry.removed_at.is_null()
    entry = Entry.select(Entry, WorkDay).join(WorkDay).where(at).first() if number < 2**31 else None
    if entry is None or (entry.work_day.person_id != me().person.id and routing.seat(me().person, entry.work_day, me().today) is None):
        abort(404)
    return attachments.download(entry.evidence, is_shown=True)


def _line(day: str, number: int, *, also_removed: bool = False) -> tuple[Sheet, Entry]:
    """One's own sheet and the line of it; 404 where it is another's, or gone. What was typed about one that is gone is still refused with its words."""
    shown = sheet_of(day)
    entry = sheet.own_entry(shown.person, number, shown.day, also_removed=also_removed) if number < 2**31 else None
    return (shown, entry) if entry is not None else abort(404)


def _still(day: str, number: int, form: Form, *, is_new: bool) -> Any:
    """The line once more after a refusal: as it is now beside what was typed where it has changed meanwhile."""
    shown = sheet_of(day)
    entry = sheet.own_entry(shown.person, number, shown.day)
    if entry is None or not shown.is_open:
        return page(shown, status=422, submission=Form(errors={"": next(iter(form.errors.values()))}), lost=form)
    form.values["seen"] = [str(entry.revision)]
    return _line_page(shown, entry, form, 422, now_is=entry if is_new else None)


def _line_page(shown: Sheet, entry: Entry, form: Form, status: int = 200, **more: Any) -> Response:
    around = around_of(shown)
    if entry.target_id is not None:
        around.targets.setdefault(str(entry.target_id), entry.target.title)  # one that was replaced since stays with what was done for it
    facts = {"sheet": shown, "entry": entry, "form": form, "around": around, "now_is": None, "kept_at": None, "elsewhere": None, **more}
    return Response(show("kinerja/line.html", "kinerja/_line.html", **facts), status)
