"""The day sheet: what an employee writes about a day, until it is submitted, and what became of it."""

from typing import Any

from flask import Response, abort, redirect, render_template, url_for

from portal.kinerja import days, drafts, logs, sheet, submission
from portal.refusals import Refused
from portal.views import day_sheet_lines, day_sheet_typing
from portal.views.access import allow, me
from portal.views.attachments import sent_file, takes_files
from portal.views.day_sheet_page import activity, bp, day_of, number_of, page, sheet_of
from portal.views.forms import Form

__all__ = ["bp", "day_sheet_lines", "day_sheet_typing"]  # the parts hang their addresses on the same blueprint


@bp.get("")
@allow("log_work")
def today() -> Any:
    """The sheet of today where one works; a plain page where nobody knows where that is."""
    who = me()
    shown = sheet.read_today(who.person, who.today, now=who.now)
    return page(shown) if shown is not None else render_template("kinerja/nowhere.html")


@bp.get("/<day>")
@allow("log_work")
def show(day: str) -> Response:
    return page(sheet_of(day))


@bp.post("/<day>")
@allow("log_work")
@takes_files
def add(day: str) -> Any:
    """One more activity; the page that follows is ready for the next."""
    shown, sent = sheet_of(day), Form.sent()
    try:
        made = logs.add(shown.person, shown.day, activity(sent, sent_file("evidence")), now=me().now)
    except Refused as refusal:
        return page(sheet_of(day), sent.refuse(refusal), 422)
    drafts.clear(shown.person, shown.day, page=sent["submission_key"], seen=number_of(sent["seen_typing"]), now=me().now)
    return redirect(url_for(".show", day=day, baru=made.id), 303)


@bp.post("/<day>/ajukan")
@allow("log_work")
def submit(day: str) -> Any:
    """Hand the day in as the page has shown it. At the day's end all do so at once: nothing is read that is not needed."""
    row, sent = days.find(me().person, day_of(day)), Form.sent()
    if row is None:
        return redirect(url_for(".show", day=day), 303)
    seen = number_of(sent["seen"]) if sent["seen"] else None
    try:
        submission.submit(row, key=sent["submission_key"], seen=seen, by=me().actor, now=me().now, wants_letter=bool(sent["letter"]))
    except Refused as refusal:
        return page(sheet_of(day), status=422, submission=sent.refuse(refusal))
    return redirect(url_for(".show", day=day), 303)


@bp.get("/<day>/tanda-terima")
@allow("log_work")
def receipt(day: str) -> str:
    """What was submitted, with its number and the server's time, as one sheet of paper."""
    shown = sheet_of(day)
    if shown.row is None or shown.row.receipt is None:
        abort(404)
    return render_template("kinerja/receipt.html", sheet=shown, row=shown.row)
