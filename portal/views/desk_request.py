"""One request on an officer's desk: all that is known of it, and every act."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from portal import clock
from portal.files import Attachment
from portal.refusals import Refused
from portal.services import canned, inbox, sight
from portal.services.models import CannedAnswer, RequestFile, ServiceRequest
from portal.views import asked, at_desk, attachments
from portal.views.access import allow, me
from portal.views.attachments import hold_files, takes_several_files
from portal.views.desk_acts import ACTS, Doing
from portal.views.desk_request_page import page, text_field
from portal.views.forms import Form
from portal.words import later

bp = Blueprint("desk_request", __name__, url_prefix="/loket")
_FILED = later("Permohonan dicatat. Sebutkan nomornya kepada warga, atau cetak buktinya.")
_DONE = {"baru": _FILED, "data-hapus": later("Data pribadi pemohon sudah dihapus."), **{name: act.done for name, act in ACTS.items()}}


@bp.get("/<number>")
@allow("serve_requests")
def show(number: str) -> Any:
    row = at_desk.on_desk(number)
    if row.number != number:
        return redirect(url_for(".show", number=row.number), 303)
    return page(row, done=_DONE.get(asked.text("sudah"), ""))


@bp.post("/<number>/<act>")
@allow("serve_requests")
@takes_several_files
def act(number: str, act: str) -> Any:
    """Do one thing with a request; refused, the page comes back with what was typed."""
    row, sent = at_desk.on_desk(number), Form.sent()
    if act not in ACTS:
        abort(404)
    if sent["sisip"]:
        return _with_canned(row, sent, act)
    try:
        after = ACTS[act].do(Doing(row, sent, clock.now()))
    except Refused as refusal:
        hold_files(f"files-{act}")
        return Response(page(row, sent.refuse(refusal), act), 422)
    if not inbox.is_on(at_desk.desk(), after):
        return redirect(url_for("desk.inbox", sudah=act, nomor=row.number), 303)
    return redirect(url_for(".show", number=row.number, sudah=act), 303)


@bp.post("/<number>/nik")
@allow("serve_requests")
def nik(number: str) -> str:
    """The identity number, this once; who has read it stands in the trail."""
    row = at_desk.on_desk(number)
    return page(row, nik=sight.nik(row, by=me().actor, now=clock.now()))


@bp.post("/<number>/isian")
@allow("serve_requests")
def answers(number: str) -> str:
    """The sealed answers, this once; likewise."""
    row = at_desk.on_desk(number)
    return page(row, opened=sight.answers(row, by=me().actor, now=clock.now()))


@bp.get("/<number>/berkas/<int:file>")
@allow("serve_requests")
def file(number: str, file: int) -> Response:
    row = at_desk.on_desk(number)
    files = RequestFile.select(RequestFile, Attachment).join(Attachment).where(RequestFile.request == row.id)
    found = files.where(RequestFile.id == file).first() if file < 2**31 else None
    return attachments.download(found.attachment) if found is not None else abort(404)


def _with_canned(row: ServiceRequest, sent: Form, act: str) -> str:
    """The form with a canned answer below what was typed; nothing is sent yet."""
    hold_files(f"files-{act}")
    chosen = _chosen(row, sent["canned"])
    if chosen is not None:
        sent.values["text"] = ["\n\n".join(filter(None, (sent["text"].rstrip(), canned.filled(chosen, row))))]
    if request.headers.get("HX-Request-Type") == "partial":
        return text_field(row, sent, act)
    return page(row, sent, act)


def _chosen(row: ServiceRequest, id: str) -> CannedAnswer | None:
    return next((each for each in canned.offered(row) if str(each.id) == id), None)
