"""The papers of a request: the receipt to keep, and the label for a letter in the drop box."""

from zoneinfo import ZoneInfo

import segno
from flask import render_template, url_for

from portal import clock
from portal.offices.models import DropBox
from portal.refusals import NotFound
from portal.services import appointments, catalogue, particulars, requests
from portal.services.models import COUNTER, DROPBOX, BoxService, ServiceRequest
from portal.views import limits
from portal.views.access import ANYONE, allow
from portal.views.drawing import qr_path
from portal.views.office_services import box_hours
from portal.views.opened import is_open
from portal.views.request_form_page import REQUIREMENT_FORMS, bp
from portal.views.request_words import CHANNELS
from portal.words import Sentence


@bp.get("/permohonan/<number>/bukti")
@allow(ANYONE)
def receipt(number: str) -> str:
    """What was asked, where and by which way, to print or to keep on the telephone."""
    found, now = _found(number), clock.now()
    held = appointments.of(found) if found.channel == COUNTER else None
    return render_template(
        "requests/receipt.html", request_=found, here=now.astimezone(ZoneInfo(found.office.timezone)), words=CHANNELS, held=held, is_open=is_open(found),
        requirements=catalogue.requirements([found.service]).get(found.service_id, []), forms=REQUIREMENT_FORMS, boxes=_boxes(found),
        masked=_masked(found), code=_code(found), address=_address(found))  # fmt: skip


@bp.get("/permohonan/<number>/label")
@allow(ANYONE)
def label(number: str) -> str:
    """What goes on the envelope: the number and where to, and nothing about the person."""
    found = _found(number)
    if found.channel != DROPBOX:
        raise NotFound(Sentence("Permohonan ini tidak lewat kotak surat, jadi tidak memerlukan label."))
    boxes = _boxes(found)
    hours = {box.id: box_hours(box.hours) for box in boxes}
    return render_template("requests/label.html", request_=found, boxes=boxes, hours=hours, code=_code(found), address=_address(found))


def _found(number: str) -> ServiceRequest:
    with limits.guesses():
        return requests.find(number)


def _boxes(request: ServiceRequest) -> list[DropBox]:
    """The boxes of the office that take letters of this service."""
    if request.channel != DROPBOX:
        return []
    its, others = BoxService.service == request.service_id, BoxService.service != request.service_id
    own, foreign = (BoxService.select(BoxService.box).where(which) for which in (its, others))
    takes = DropBox.id.in_(own) | DropBox.id.not_in(foreign)
    return list(DropBox.select().where(DropBox.office == request.office_id, DropBox.ended_at.is_null(), takes).order_by(DropBox.id))


def _masked(request: ServiceRequest) -> dict[str, str]:
    """Who asked, as the number alone shows it."""
    return {"name": particulars.masked_name(request.name), "phone": particulars.masked_phone(request.phone), "email": particulars.masked_email(request.email)}


def _address(request: ServiceRequest) -> str:
    """Where the request can be followed, as it is read from paper."""
    return url_for("requests.show", number=request.number, _external=True)


def _code(request: ServiceRequest) -> tuple[str, int]:
    return qr_path(segno.make(_address(request), error="m", micro=False))
