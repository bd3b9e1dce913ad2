"""Administration: what there is to settle, and the way to each screen."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from peewee import JOIN

from portal import clock, continuity
from portal.kinerja.models import Outage
from portal.kinerja.outages import PROPOSED
from portal.offices import postings
from portal.offices.models import Holiday, Office
from portal.offices.staff import Correction, Posting
from portal.outbox import FAILED, Letter
from portal.people.models import Person
from portal.policies import Policy
from portal.refusals import Refused
from portal.services.models import Service
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@allow("administer")
def overview() -> str:
    today = zone_now(me().now).date()
    without = Person.select().where(Person.ended_at.is_null(), Person.id.not_in(Posting.select(Posting.person).where(postings.on(Posting, today))))
    counts = {
        "corrections": _open().count(),
        "failed": Letter.select().where(Letter.state == FAILED).count(),
        "unposted": without.count(),
        "outages": Outage.select().where(Outage.state == PROPOSED).count(),
        "people": Person.select().where(Person.ended_at.is_null()).count(),
        "offices": Office.select().count(),
        "services": Service.select().where(Service.ended_at.is_null()).count(),
        "holidays": Holiday.select().where(Holiday.day.between(date(today.year, 1, 1), date(today.year, 12, 31)), ~Holiday.is_cancelled).count(),
        "policies": Policy.select().where(Policy.first_day <= today, Policy.last_day.is_null() | (Policy.last_day >= today)).count(),
    }
    return render_template("admin/overview.html", counts=counts)


@bp.get("/atasan")
@allow("administer")
def corrections() -> Response:
    return _corrections({})


@bp.post("/atasan/<int:number>")
@allow("administer")
def settle(number: int) -> Any:
    correction = Correction.get_or_none(Correction.id == number) if number < 2**31 else None
    if correction is None:
        abort(404)
    sent = Form.sent()
    try:
        continuity.settle_supervisor(
            correction, accept=sent["decision"] == "accept", answer=sent["answer"], day=zone_now(me().now).date(), by=me().actor, now=clock.now()
        )
    except Refused as refusal:
        return _corrections({number: sent.refuse(refusal)}, 422)
    return redirect(url_for(".corrections"), 303)


def _open() -> Any:
    return Correction.select().where(Correction.settled_at.is_null())


def _corrections(forms: dict[int, Form], status: int = 200) -> Response:
    person, proposed, superior = Person.alias(), Person.alias(), Person.alias()
    rows = (
        Correction.select(Correction, Posting, person, Office, superior, proposed)
        .join(Posting)
        .join(person, on=Posting.person)
        .switch(Posting)
        .join(Office)
        .switch(Posting)
    )
    rows = rows.join(superior, JOIN.LEFT_OUTER, on=Posting.supervisor).switch(Correction).join(proposed, on=Correction.proposed)
    waiting = list(rows.where(Correction.settled_at.is_null()).order_by(Correction.id).limit(100))
    return Response(render_template("admin/corrections.html", rows=waiting, forms=forms, empty=Form()), status)
