"""Closures by hand: seen, declared after a preview, extended, shortened, reopened, withdrawn; usable from a phone at night."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock, continuity
from portal.offices import board, closures, declared, listing, rules, search, telling
from portal.offices.closures import BelowMinimum, Plan
from portal.offices.models import Closure, ClosureMark, Office
from portal.refusals import Refused
from portal.views import closure_form, closure_services
from portal.views.access import allow, me
from portal.views.closure_form import day, moment, plan_of
from portal.views.forms import Form
from portal.words import Sentence

bp = Blueprint("closures", __name__, url_prefix="/penutupan")
_SHOWN, _CANDIDATES, _PREVIEWED = 50, 60, 10
_LATELY = timedelta(days=30)
_CHOICES = {"search": "closures/_choice.html", "services": "closures/_service_choice.html"}  # what one looks for while filling in, and its part of the page
_GROUPS = ("active", "announced", "ended", "withdrawn")


@bp.get("")
@allow("see_closures")
def overview() -> str:
    """Running, announced, and lately ended closures; those on which one may act first."""
    now = clock.now()
    lately = Closure.ends_at.is_null() | (Closure.ends_at > now - _LATELY)
    found = Closure.select().where(lately, Closure.withdrawn_at.is_null() | (Closure.withdrawn_at > now - _LATELY))
    own = _own_closures()  # none for those who may close any office: to them nothing is told apart
    latest_first = found.order_by(Closure.starts_at.desc(), Closure.id.desc()).limit(500)
    records = sorted(declared.records(latest_first, now), key=lambda record: record.closure.id not in own)
    groups = [(status, [record for record in records if record.status == status][:_SHOWN]) for status in _GROUPS]
    return render_template("closures/overview.html", groups=groups, own=own, may_close=me().may("close_office"), now=now)


@bp.get("/baru")
@allow("close_office")
def new() -> Response:
    chosen = request.args.getlist("offices") or request.args.getlist("kantor")
    own = [] if chosen else _candidates("", set())
    chosen = chosen or [slug for slug, _ in own if len(own) == 1]
    return _page(Form.of(starts=me().now.astimezone(closure_form.zone_of(chosen)).date(), online="yes", offices=chosen, submission_key=secrets.token_hex(16)))


@bp.post("/baru")
@allow("close_office")
def declare() -> Any:
    sent = Form.sent()
    if sent["action"] == "hours":
        return _page(closure_form.with_hours(sent, closure_form.zone_of(sent.all("offices"))))
    if sent["action"] in _CHOICES or (sent["cari"] and not sent.all("offices")):
        return _page(sent)
    plan = preview = None
    try:
        plan = plan_of(sent)
        if sent["action"] == "declare":
            actor = me().actor_over(plan.offices)
            closure = continuity.close(plan, by=actor, now=clock.now(), may_override=me().may("override_minimum"))
            return redirect(url_for(".show", number=closure.id), 303)
        preview = _preview(plan)
    except BelowMinimum as refusal:
        sent.refuse(refusal)
        preview = _preview(plan)  # type: ignore[arg-type]  # only a plan can be too short
    except Refused as refusal:
        sent.refuse(refusal)
    return _page(sent, 422 if sent.errors else 200, plan=plan, preview=preview)


@bp.get("/<int:number>")
@allow("see_closures")
def show(number: int) -> Response:
    return _closure_page(_closure(number), "", Form())


@bp.post("/<int:number>/<act>")
@allow("close_office")
def act(number: int, act: str) -> Any:
    closure, sent = _closure(number), Form.sent()
    carry_out = _ACTS.get(act) or abort(404)
    if not me().may_close(*closures.offices_of(closure)):
        abort(403)
    try:
        facts = {"reason": sent["reason"], "by": me().actor_over(closures.offices_of(closure)), "now": clock.now()}
        carry_out(closure, sent, facts, {"override_reason": sent["override_reason"], "may_override": True})
    except Refused as refusal:
        is_below = isinstance(refusal, BelowMinimum)
        if is_below and act == "buka":  # there is no other date to give, only a reason
            refusal = Refused(refusal.sentence, field="override_reason")
        return _closure_page(closure, act, sent.refuse(refusal), 422, is_below=is_below)
    return redirect(url_for(".show", number=number), 303)


def _extend(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    ends = moment(sent["ends"], "ends", ZoneInfo(closure.timezone), is_end=True)
    continuity.extend(closure, ends, review_on=day(sent["review_on"], "review_on"), **facts, **override)


def _shorten(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    ends = moment(sent["ends"], "ends", ZoneInfo(closure.timezone), is_end=True)
    if ends is None:
        raise Refused(Sentence("Isi tanggal selesai yang baru."), field="ends")
    continuity.shorten(closure, ends, **facts, **override)


def _reopen(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    continuity.reopen(closure, **facts, **override)


def _withdraw(closure: Closure, sent: Form, facts: dict[str, Any], override: dict[str, Any]) -> None:
    continuity.withdraw(closure, **facts)


_ACTS = {"perpanjang": _extend, "persingkat": _shorten, "buka": _reopen, "tarik": _withdraw}


def _closure(number: int) -> Closure:
    found = Closure.get_or_none(Closure.id == number) if number < 2**31 else None
    return found if found is not None else abort(404)


def _own_closures() -> set[int]:
    """Ids of closures with an office that one heads."""
    marks = ClosureMark.select(ClosureMark.closure).where(~ClosureMark.is_excepted, ClosureMark.office.in_(list(me().closable or [0])))
    return {id for (id,) in marks.tuples()}


def _preview(plan: Plan) -> Any:
    shown = [office.id for office in plan.offices[:_PREVIEWED]]
    told, broken = continuity.preview(plan, now=clock.now(), rows=list(listing.rows_of(Office.id.in_(shown)).order_by(Office.name).dicts()))
    return [_seen_today(each) for each in told], broken


def _seen_today(told: telling.Told) -> telling.Told:
    """The same words for a reader of today: a coming day is not «hari ini»."""
    return replace(told, outlook=replace(told.outlook, at=clock.now()))


def _page(form: Form, status: int = 200, *, preview: Any = None, plan: Plan | None = None) -> Response:
    """The form with what the public would read; to htmx only the part that follows from what was typed, which is never an error yet."""
    needs_override = bool(preview and preview[1]) or bool(form["override_reason"])
    facts = {**_around(form), "form": form, "preview": preview, "plan": plan, "needs_override": needs_override}
    if request.headers.get("HX-Request-Type") == "partial":
        return Response(render_template(_CHOICES.get(form["action"], "closures/_changed.html"), **facts))
    return Response(render_template("closures/new.html", **facts), status)


def _around(form: Form) -> dict[str, Any]:
    """What stands around the fields as they are filled in: offices chosen and to choose from, their parts, dates in words."""
    slugs = form.all("offices")
    zone = closure_form.zone_of(slugs)
    here = me().now.astimezone(zone)
    known = Office.slug.in_([slug for slug in slugs if "\0" not in slug] or [""])
    found = {id: (slug, name) for id, slug, name in Office.select(Office.id, Office.slug, Office.name).where(known).order_by(Office.name).tuples()}
    chosen = list(found.values())
    names = {slug for slug, _ in chosen}
    said = {name: closure_form.said(form, name, zone) for name in ("starts", "ends", "review_on")}
    return {"reasons": rules.offered_reasons(here.date()), "chosen": chosen, "candidates": _candidates(form["cari"][:200], names), "parts": _parts(names),
            "services": closure_services.choice(form, found.keys()), "said": said, "here": here,
            "are_parts_new": sorted(names) != form["parts_of"].split(), "input_type": closure_form.input_type}  # fmt: skip


def _candidates(searched: str, chosen: set[str]) -> list[tuple[str, str]]:
    """Offices one may close and might mean: those searched for, else one's own."""
    own = me().closable
    where = Office.id.is_null(False) if own is None else Office.id.in_(list(own) or [0])
    if searched.strip():
        found = search.matching(searched)
        if found is None:
            return []
        where = where & found
    elif own is None:
        return []
    order = search.best_first(searched) if searched.strip() else [Office.parent.is_null(False), Office.name]
    rows = Office.select(Office.slug, Office.name).where(where).order_by(*order).limit(_CANDIDATES).tuples()
    return [(slug, name) for slug, name in rows if slug not in chosen]


def _parts(chosen: set[str]) -> list[tuple[str, str]]:
    """What lies below the chosen offices and may stay open inside, by name."""
    roots = Office.select(Office.root_id).where(Office.slug.in_(list(chosen) or [""]))
    rows = list(Office.select(Office.id, Office.parent, Office.slug, Office.name).where(Office.root_id.in_(roots)).order_by(Office.name).tuples())
    parents = {id: parent for id, parent, _, _ in rows}
    tops = {id for id, _, slug, _ in rows if slug in chosen}
    return [(slug, name) for id, _, slug, name in rows if id not in tops and _is_below(id, tops, parents)]


def _is_below(id: int, tops: set[int], parents: dict[int, int | None]) -> bool:
    above = parents[id]
    while above is not None and above not in tops:
        above = parents.get(above)
    return above is not None


def _closure_page(closure: Closure, act: str, form: Form, status: int = 200, *, is_below: bool = False) -> Response:
    """A closure with what the public reads of its first office, its history, and what one may do to it."""
    now, closure = clock.now(), Closure.get_by_id(closure.id)
    record = declared.records([closure], now)[0]
    may_act = record.status in ("active", "announced") and me().may_close(*closures.offices_of(closure))
    told = _told(record.taken[0][0], max(now, closure.starts_at)) if record.taken else None
    body = render_template("closures/show.html", record=record, closure=closure, act=act, form=form, empty=Form(), may_act=may_act, now=now, told=told,
                           needs_override=is_below, zone=ZoneInfo(closure.timezone), input_type=closure_form.input_type)  # fmt: skip
    return Response(body, status)


def _told(slug: str, at: datetime) -> telling.Told:
    row = listing.rows_of(Office.slug == slug).dicts().get()
    picture = board.paint([row["root_id"]], at, at)
    return _seen_today(telling.Telling.of(picture, at, [row["id"]]).tell(row))
