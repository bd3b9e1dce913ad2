"""What happens while one types: what stands in the form is kept, and what may be meant is offered."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, render_template, request, url_for

from portal.kinerja import drafts, sheet, suggestions
from portal.kinerja.drafts import Elsewhere
from portal.refusals import Refused
from portal.views import asked
from portal.views.access import allow, me
from portal.views.attachments import takes_files
from portal.views.day_sheet_page import bp, day_of, number_of, page, sheet_of
from portal.views.forms import Form


@bp.post("/<day>/ketikan")
@allow("log_work")
@takes_files
def keep(day: str) -> Any:
    """Keep what stands in a form; where another page has kept something else, both are shown to choose from."""
    sent, entry = Form.sent(), number_of(request.form.get("entry", ""))
    seen = number_of(sent["mine"]) or number_of(sent["seen_typing"])
    typed = {name: sent[name] for name in drafts.FIELDS}
    kept = elsewhere = None
    try:
        kept = drafts.keep(me().person, day_of(day), typed, page=sent["submission_key"], seen=seen, entry=entry, now=me().now)
    except Elsewhere as other:
        elsewhere = other.kept
    except Refused as refusal:
        sent.refuse(refusal)
    if request.headers.get("HX-Request-Type") == "partial":
        at = kept.at.astimezone(_zone(day)) if kept is not None else None
        facts = {"kept": at, "elsewhere": elsewhere, "revision": kept.revision if kept else seen, "form": sent, "is_fragment": True}
        return render_template("kinerja/_kept.html", day=day, entry=entry, **facts)
    if kept is not None:
        return redirect(url_for(".line", day=day, number=entry) if entry else url_for(".show", day=day), 303)
    return page(sheet_of(day), sent, 422, elsewhere=elsewhere)


@bp.get("/<day>/saran")
@allow("log_work")
def suggest(day: str) -> Response:
    """What one may mean: of one's own and of one's unit, as the options of the field."""
    who, text = me(), asked.text("description")
    works = sheet.workplace(who.person, day_of(day))
    upto = day_of(day) + timedelta(days=1)
    found = suggestions.own(who.person, upto)
    found += suggestions.of_unit(who.person, works[0], text, upto) if works is not None else []
    once = {each.description: each for each in reversed(found)}
    return Response(render_template("kinerja/_suggestions.html", suggestions=list(reversed(once.values()))))


def _zone(day: str) -> ZoneInfo:
    """The clocks of where one works."""
    works = sheet.workplace(me().person, day_of(day))
    return ZoneInfo(works[0].timezone) if works is not None else current_app.config["SETTINGS"].zone
