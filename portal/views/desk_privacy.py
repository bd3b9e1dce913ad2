"""The personal data of a request at the desk: handed to its citizen, or taken away as they asked."""

import json
from typing import Any

from flask import Blueprint, Response, redirect, url_for

from portal import clock
from portal.refusals import Refused
from portal.services import personal_data
from portal.views import at_desk
from portal.views.access import allow, me
from portal.views.desk_request_page import page
from portal.views.forms import Form

bp = Blueprint("desk_privacy", __name__, url_prefix="/loket")
ERASE = "data-hapus"


@bp.post("/<number>/data-salinan")
@allow("serve_requests")
def copy(number: str) -> Response:
    """All that is kept about the citizen, as a file for them; the trail says who handed it out."""
    row = at_desk.on_desk(number)
    held = personal_data.handed_out(row, by=me().actor, now=clock.now())
    name = f"attachment; filename=data-{row.number}.json"
    return Response(json.dumps(held, ensure_ascii=False, indent=2), mimetype="application/json", headers={"Content-Disposition": name})


@bp.post(f"/<number>/{ERASE}")
@allow("serve_requests")
def erase(number: str) -> Any:
    row, sent = at_desk.on_desk(number), Form.sent()
    try:
        personal_data.erase(row, sent["reason"], by=me().actor, now=clock.now())
    except Refused as refusal:
        return Response(page(row, sent.refuse(refusal), ERASE), 422)
    return redirect(url_for("desk_request.show", number=row.number, sudah=ERASE), 303)
