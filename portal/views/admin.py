"""Administration: what there is to settle, and the way to each screen."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.offices import postings
from portal.offices.models import Office
from portal.offices.staff import Correction
from portal.people.models import Person
from portal.refusals import Refused
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import zone_now

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@allow("administer")
def overview() -> str:
    counts = {"people": Person.select().count(), "offices": Office.select().count(), "corrections": _open().count()}
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
        postings.settle(correction, accept=sent["decision"] == "accept", answer=sent["answer"], day=zone_now(me().now).date(), by=me().actor, now=clock.now())
    except Refused as refusal:
        return _corrections({number: sent.refuse(refusal)}, 422)
    return redirect(url_for(".corrections"), 303)


def _open() -> Any:
    return Correction.select().where(Correction.settled_at.is_null())


def _corrections(forms: dict[int, Form], status: int = 200) -> Response:
    return Response(render_template("admin/corrections.html", rows=list(_open().order_by(Correction.id).limit(100)), forms=forms, empty=Form()), status)
