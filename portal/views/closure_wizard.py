"""Declaring a closure: offices, reason, dates, channels and words in one form; what would follow is seen before it is declared, also from a phone at night."""

import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for

from portal import clock, continuity
from portal.offices import closures, declared, listing, overlaps, rules, telling
from portal.offices.closures import BelowMinimum, Plan
from portal.offices.declared import Record
from portal.offices.models import Office
from portal.refusals import Refused
from portal.views import closure_affected, closure_diversions, closure_form, closure_offices, closure_proposals, closure_services
from portal.views.access import allow, me
from portal.views.closure_affected import Affected
from portal.views.closure_form import plan_of
from portal.views.closures import seen_today
from portal.views.forms import Form
from portal.words import Sentence

bp = Blueprint("closure_wizard", __name__, url_prefix="/penutupan/baru")
_PREVIEWED, _NAMED = 10, 60  # offices whose sentence is looked at, and those that are only named
_PARTS = {"search": "closures/_found.html", "services": "closures/_service_choice.html", "rows": "closures/_diversions.html"}  # asked for while filling in


@dataclass(frozen=True)
class Shown:
    """What a plan would do: what the public reads, the rule that it breaks, who is touched, other closures in these days, and what one knows of them."""

    told: list[telling.Told]  # each of another wording
    alike: list[Office]  # the other offices
    broken: Refused | None
    affected: Affected
    others: list[Record]
    unseen: frozenset[int]  # ids of others that were declared or changed since one looked
    seen: str


@bp.get("")
@allow("close_office")
def new() -> Response:
    chosen = request.args.getlist("offices") or request.args.getlist("kantor")
    own = [] if chosen else closure_offices.own()
    chosen = chosen or [slug for slug, _ in own if len(own) == 1]
    today = me().now.astimezone(closure_form.zone_of(chosen)).date()
    return _page(Form.of(starts=today, online="yes", proposed_online="yes", offices=chosen, submission_key=secrets.token_hex(16)))


@bp.post("")
@allow("close_office")
def declare() -> Any:
    sent = Form.sent()
    if _is_part() and sent["action"] == "preview":
        sent.values["changed"] = sorted(closure_proposals.filled(sent))
    if sent["area"] or sent["action"] in _STEPS or sent["action"] in _PARTS or (sent["cari"] and not sent.all("offices")):
        return _stepped(sent)
    plan = shown = None
    try:
        plan = plan_of(sent)
        if sent["action"] == "declare":
            return _declared(plan, sent)
        shown = _shown(plan, sent)
    except BelowMinimum as refusal:
        sent.refuse(refusal)
        shown = _shown(plan, sent)  # type: ignore[arg-type]  # only a plan can be too short
    except Unseen as refusal:
        sent.refuse(refusal)
        shown = _shown(plan, sent)  # type: ignore[arg-type]  # only a plan can overlap
    except Refused as refusal:
        sent.refuse(refusal)
    return _page(sent, 422 if sent.errors else 200, plan=plan, shown=shown)


class Unseen(Refused):
    """Another closure of these offices and days was declared or changed since this form was looked at."""


def _stepped(sent: Form) -> Response:
    """The form one step further: with the offices of a region, with times beside the days, with what the reason proposes, or with what was searched."""
    try:
        if sent["area"]:
            closure_offices.with_area(sent, sent["area"])
        elif sent["action"] in _STEPS:
            _STEPS[sent["action"]](sent)
    except Refused as refusal:
        return _page(sent.refuse(refusal), 422)
    return _page(sent)


_STEPS: dict[str, Any] = {
    "hours": lambda sent: closure_form.with_hours(sent, closure_form.zone_of(sent.all("offices"))),
    "template": closure_proposals.filled,
}


def _declared(plan: Plan, sent: Form) -> Any:
    """Declare, unless others declared or changed what this form has not shown yet; pressed again, both hold beside each other."""
    known = _acts_of(sent["seen"])
    if known is not None and closures.of_key(plan.import_key) is None and not _latest_acts(plan) <= known:
        raise Unseen(Sentence("Ada penutupan lain pada kantor dan hari ini yang belum Anda lihat. Periksa, lalu umumkan sekali lagi bila tetap perlu."),
                     field="others")  # fmt: skip
    actor = me().actor_over(plan.offices)
    closure = continuity.close(plan, by=actor, now=clock.now(), may_override=me().may("override_minimum"))
    return redirect(url_for("closures.show", number=closure.id), 303)


def _shown(plan: Plan, sent: Form) -> Shown:
    now = clock.now()
    first = [office.id for office in plan.offices[:_PREVIEWED]]
    found = continuity.preview(plan, now=now, rows=list(listing.rows_of(Office.id.in_(first)).order_by(Office.name).dicts()))
    others, known = declared.records(found.others, now), _acts_of(sent["seen"])
    latest = {record.closure.id: str(record.events[-1].id) for record in others if record.events}
    unseen = frozenset(id for id, event in latest.items() if known is not None and event not in known)
    affected = closure_affected.affected(found.effects, found.subscribers, ZoneInfo(plan.offices[0].timezone))
    told = _different([seen_today(each) for each in found.told])
    alike = [office for office in plan.offices if office.id not in {each.office["id"] for each in told}]
    return Shown(told, alike, found.broken, affected, others, unseen, " ".join(["0", *latest.values()]))


def _different(told: list[telling.Told]) -> list[telling.Told]:
    """Of offices that read the same only the first."""
    first: dict[Any, telling.Told] = {}
    for each in told:
        first.setdefault((each.state, each.sentence, tuple(each.reasons), tuple(each.notes)), each)
    return list(first.values())


def _latest_acts(plan: Plan) -> set[str]:
    return {str(event) for event in overlaps.latest_acts(overlaps.overlapping(plan))}


def _acts_of(seen: str) -> set[str] | None:
    """What the form knew of other closures: ids of what was done to them; none where it was never looked at."""
    return set(seen.split()) or None


def _is_part() -> bool:
    """Whether only a part of the page is asked for."""
    return request.headers.get("HX-Request-Type") == "partial"


def _page(form: Form, status: int = 200, *, shown: Shown | None = None, plan: Plan | None = None) -> Response:
    """The form with what would follow; to htmx only the part that follows from what was typed, which is never an error yet."""
    facts = {**_around(form), "form": form, "shown": shown, "plan": plan}
    facts["needs_override"] = bool(shown and shown.broken) or bool(form["override_reason"])
    if _is_part():
        return Response(render_template(_PARTS.get(form["action"], "closures/_changed.html"), **facts))
    return Response(render_template("closures/new.html", **facts), status)


def _around(form: Form) -> dict[str, Any]:
    """What stands around the fields as they are filled in: offices chosen and to choose from, their parts and services, dates in words."""
    zone = closure_form.zone_of(form.all("offices"))
    here = me().now.astimezone(zone)
    offices = closure_offices.choice(form, is_list_kept=_is_part() and form["action"] != "search")
    given = closure_services.given_at(offices.chosen)
    chosen = " ".join(sorted(slug for slug, _ in offices.names))
    said = {name: closure_form.said(form, name, zone) for name in ("starts", "ends", "review_on")}
    return {"reasons": rules.offered_reasons(here.date()), "offices": offices, "services": closure_services.choice(form, given),
            "diversions": closure_diversions.choice(form, given, offices.chosen), "said": said, "here": here, "services_of": chosen,
            "are_services_new": chosen != form["services_of"], "are_parts_new": offices.mark != form["parts_of"], "is_list_new": not _is_part(),
            "changed": form.values.get("changed", []), "input_type": closure_form.input_type, "most": closure_offices.MOST, "named": _NAMED}  # fmt: skip
